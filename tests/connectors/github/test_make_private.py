"""Making a repository private, and archiving it."""

import pytest

from connectors.base import NotAvailable, TargetGone
from connectors.github.actions.visibility import archive_repository, make_private
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import Bench
from tests.connectors.github.acting import bodies, changes, order_for_repository, preview, refusal, repository
from tests.sandbox.github import SERVICE_OWNER


@pytest.mark.parametrize(("name", "before"), [("docs", "public"), ("shared-protos", "internal")])
def test_a_repository_becomes_private_and_as_visible_as_before(bench: Bench, name: str, before: str) -> None:
    done = carry_out(make_private, order_for_repository(bench, name), bench.client())
    assert changes(bench) == [("PATCH", f"/repos/contoso-dev/{name}")]
    assert bodies(bench) == [{"visibility": "private"}]
    assert repository(bench, name).visibility == "private"
    take_back(make_private, done, bench.client())
    assert repository(bench, name).visibility == before


def test_a_renamed_repository_is_found_by_its_id(bench: Bench) -> None:
    asked = order_for_repository(bench, "docs")
    repository(bench, "docs").rename("handbook", bench.sandbox.github.state.actor(SERVICE_OWNER))
    carry_out(make_private, asked, bench.client())
    assert changes(bench) == [("PATCH", "/repos/contoso-dev/handbook")]


def test_a_repository_deleted_meanwhile_is_told(bench: Bench) -> None:
    asked = order_for_repository(bench, "docs")
    del bench.organisation.repositories[repository(bench, "docs").id]
    with pytest.raises(TargetGone):
        carry_out(make_private, asked, bench.client())
    assert changes(bench) == []


def test_a_policy_against_it_is_told(bench: Bench) -> None:
    repository(bench, "docs").frozen_visibility = True
    with pytest.raises(NotAvailable, match="rule") as error:
        carry_out(make_private, order_for_repository(bench, "docs"), bench.client())
    assert "policies" in error.value.remedy


def test_what_is_private_or_archived_is_refused(bench: Bench) -> None:
    assert "private already" in refusal(bench, make_private, order_for_repository(bench, "storefront"))
    repository(bench, "docs").is_archived = True
    assert "archived" in refusal(bench, make_private, order_for_repository(bench, "docs"))
    assert refusal(bench, make_private, order_for_repository(bench, "design-tokens")) == ""


def test_the_preview_says_what_is_lost(bench: Bench) -> None:
    said = preview(bench, make_private, order_for_repository(bench, "docs"))
    assert "contoso-dev/docs is public" in said
    assert "Stars and watchers are dropped" in said
    assert "Stars" not in preview(bench, make_private, order_for_repository(bench, "shared-protos"))


def test_it_is_for_repositories_that_many_can_read() -> None:
    assert make_private.applies
    assert make_private.applies({"kind": "repository", "exposure": "public"})
    assert make_private.applies({"kind": "repository", "exposure": "internal"})
    assert make_private.applies({"kind": "repository", "exposure": "external"})
    assert not make_private.applies({"kind": "repository", "exposure": "private"})
    assert not make_private.applies({"kind": "file", "exposure": "public"})


def test_a_repository_is_archived_and_opened_again(bench: Bench) -> None:
    done = carry_out(archive_repository, order_for_repository(bench, "storefront"), bench.client())
    assert bodies(bench) == [{"archived": True}]
    assert repository(bench, "storefront").is_archived
    take_back(archive_repository, done, bench.client())
    assert not repository(bench, "storefront").is_archived


def test_what_is_archived_is_not_archived_again(bench: Bench) -> None:
    assert "already" in refusal(bench, archive_repository, order_for_repository(bench, "legacy-crm"))
    assert refusal(bench, archive_repository, order_for_repository(bench, "docs")) == ""
    assert "read-only" in preview(bench, archive_repository, order_for_repository(bench, "docs"))
