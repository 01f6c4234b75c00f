"""Deleting a deploy key, and adding the same again."""

import pytest

from connectors.base import Credential, Order, TargetGone
from connectors.github import ids
from connectors.github.actions.deploy_keys import delete_deploy_key
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import Bench
from tests.connectors.github.acting import bodies, changes, order_for, preview, refusal, repository

NAME = "storefront"


def order(bench: Bench) -> Order:
    found = repository(bench, NAME)
    (key,) = found.keys.values()
    return order_for(bench, Credential, ids.deploy_key(found.id, key.id), key.title, {"id": key.id})


def test_a_key_is_deleted_and_the_same_is_added_again(bench: Bench) -> None:
    (before,) = repository(bench, NAME).keys.values()
    done = carry_out(delete_deploy_key, order(bench), bench.client())
    assert changes(bench) == [("DELETE", f"/repos/contoso-dev/{NAME}/keys/{before.id}")]
    take_back(delete_deploy_key, done, bench.client())
    assert bodies(bench) == [{"title": before.title, "key": before.key, "read_only": before.read_only}]
    take_back(delete_deploy_key, done, bench.client())
    assert len(repository(bench, NAME).keys) == 1


def test_a_key_deleted_meanwhile_is_told(bench: Bench) -> None:
    asked = order(bench)
    repository(bench, NAME).keys.clear()
    with pytest.raises(TargetGone):
        carry_out(delete_deploy_key, asked, bench.client())
    assert changes(bench) == []


def test_an_archived_repository_is_refused(bench: Bench) -> None:
    asked = order(bench)
    assert refusal(bench, delete_deploy_key, asked) == ""
    repository(bench, NAME).is_archived = True
    assert "archived" in refusal(bench, delete_deploy_key, asked)


def test_the_preview_says_what_it_opened(bench: Bench) -> None:
    assert "preview environments can read in contoso-dev/storefront" in preview(bench, delete_deploy_key, order(bench))


def test_it_is_for_deploy_keys() -> None:
    assert delete_deploy_key.applies
    assert delete_deploy_key.applies({"id": "deploy_key:1:2"})
    assert not delete_deploy_key.applies({"id": "webhook:1:2"})
