"""Organisation roles: who holds which, and what happens when they change while they are read."""

import pytest

from connectors.base import HolderKind, NotAvailable, Page, PermissionMissing, Privilege
from connectors.github.feeds.roles import organisation_roles
from tests.connectors.conformance.github import Bench, tokens
from tests.sandbox.github import SERVICE_OWNER

RESPONSE_TEAM, SECURITY_MANAGER = "2150774102", 138


def held(pages: list[Page]) -> list[Privilege]:
    return [record for page in pages for record in page.records if isinstance(record, Privilege)]


def test_roles_are_held_by_people_and_teams(bench: Bench) -> None:
    found = held(list(organisation_roles.pages(bench.client(), None)))
    people = [each for each in found if each.holder_kind is HolderKind.ACCOUNT]
    assert {(bench.organisation.users[int(each.holder_id)].login, each.name, each.is_admin) for each in people} == {
        ("contoso-deploy-svc", "all_repo_admin", True),
        ("rferreira", "security_manager", False),
        ("mhartmann", "security_manager", False),
        ("mhartmann", "Audit log reader", False),
    }
    teams = [(each.holder_id, each.name) for each in found if each.holder_kind is HolderKind.GROUP]
    assert teams == [(RESPONSE_TEAM, "security_manager")]


def test_who_holds_a_role_through_a_team_is_listed_once(bench: Bench) -> None:
    bench.organisation.roles[SECURITY_MANAGER].users.clear()
    found = held(list(organisation_roles.pages(bench.client(), None)))
    managers = [each for each in found if each.name == "security_manager" and each.holder_kind is HolderKind.ACCOUNT]
    assert len(managers) == len(bench.organisation.teams[int(RESPONSE_TEAM)].members)
    assert {each.raw["holder"]["assignment"] for each in managers} == {"indirect"}


def test_a_role_deleted_while_it_is_read_loses_no_other(bench: Bench) -> None:
    first = next(iter(organisation_roles.pages(bench.client(), None)))
    assert first.cursor
    del bench.organisation.roles[int(first.cursor["role"])]
    resumed = held(list(organisation_roles.pages(bench.client(), first.cursor)))
    assert {each.id for each in resumed} == {
        each.id for each in held(list(organisation_roles.pages(bench.client(), None)))
    }


def test_an_ended_pass_is_over(bench: Bench) -> None:
    *_, last = organisation_roles.pages(bench.client(), None)
    assert list(organisation_roles.pages(bench.client(), last.cursor)) == []


def test_without_the_scope_the_feed_says_what_to_grant(bench: Bench) -> None:
    value = bench.sandbox.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    bench.secrets.write_tokens(tokens(value, ["read:org"]))
    with pytest.raises(PermissionMissing) as caught:
        list(organisation_roles.pages(bench.client(), None))
    assert caught.value.permission == "admin:org"


def test_an_organisation_that_is_not_shown_is_not_swept(bench: Bench) -> None:
    bench.organisation.login = "contoso-renamed"
    with pytest.raises(NotAvailable):
        list(organisation_roles.pages(bench.client(), None))
