"""Actions on apps, their grants and their secrets."""

import pytest

from connectors.base import Credential, Gone, Grant, OAuthApp
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.office365 import (
    APP_ROLE,
    BANNED,
    FOR_ALL,
    GRANT,
    MEMBER,
    SECRET,
    SERVING,
    Bench,
)
from tests.connectors.office365.test_actions import action, order, sent
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.objects import APPLICATION, SERVICE_PRINCIPAL
from tests.sandbox.microsoft.seed_apps import SECRET_ID


def preview(bench: Bench, name: str, target_id: str, target: type[OAuthApp | Grant]) -> str:
    found = action(name).preview
    assert found
    return " ".join(found(bench.client(), order(bench, name, target_id, target)))


def grants_of(bench: Bench, app_id: str) -> list[Json]:
    return [each for each in bench.held.directory.grants.values() if each["clientId"] == app_id]


def test_a_banned_app_keeps_what_it_was_granted(bench: Bench) -> None:
    before = dict(bench.held.directory.app_roles)
    done = carry_out(action("ban_app"), order(bench, "ban_app", SERVING, OAuthApp), bench.client())
    assert sent(bench, "PATCH", f"/servicePrincipals/{SERVING}") == [{"accountEnabled": False}]
    assert bench.held.directory.app_roles == before
    (app,) = action("ban_app").read_back(bench.client(), done)
    assert isinstance(app, OAuthApp)
    assert app.is_banned
    take_back(action("ban_app"), done, bench.client())
    assert bench.held.directory.objects[SERVING].properties["accountEnabled"] is True


def test_neither_the_portals_own_app_nor_microsofts_are_banned(bench: Bench) -> None:
    refuse = action("ban_app").refuse
    assert refuse
    own = bench.held.principal.id
    assert "connected with" in refuse(bench.client(), order(bench, "ban_app", own, OAuthApp))
    graph = bench.held.directory.named(SERVICE_PRINCIPAL, "Microsoft Graph").id
    bench.held.directory.grants[GRANT]["clientId"] = graph
    assert "Microsoft's own" in refuse(bench.client(), order(bench, "ban_app", graph, OAuthApp))


def test_what_is_not_banned_is_not_unbanned(bench: Bench) -> None:
    refuse = action("unban_app").refuse
    assert refuse
    assert refuse(bench.client(), order(bench, "unban_app", BANNED, OAuthApp)) == ""
    assert "not banned" in refuse(bench.client(), order(bench, "unban_app", SERVING, OAuthApp))


def test_all_grants_of_an_app_are_taken_and_given_again(bench: Bench) -> None:
    before = sorted((each["consentType"], each["scope"]) for each in grants_of(bench, FOR_ALL))
    done = carry_out(action("revoke_app"), order(bench, "revoke_app", FOR_ALL, OAuthApp), bench.client())
    assert grants_of(bench, FOR_ALL) == []
    app, *gone = list(action("revoke_app").read_back(bench.client(), done))
    assert isinstance(app, OAuthApp)
    assert app.scopes == ()
    assert len(gone) == len(before)
    assert all(isinstance(each, Gone) and each.kind is Grant for each in gone)
    take_back(action("revoke_app"), done, bench.client())
    assert sorted((each["consentType"], each["scope"]) for each in grants_of(bench, FOR_ALL)) == before


def test_a_persons_grant_is_revoked_with_a_warning_of_what_an_admin_granted_for_everybody(bench: Bench) -> None:
    mine = next(each["id"] for each in grants_of(bench, FOR_ALL) if each["principalId"] == MEMBER)
    told = preview(bench, "revoke_grant", mine, Grant)
    assert "for this person: Mail.Read." in told
    assert "An admin granted the app for everybody: Calendars.ReadWrite" in told


def test_one_persons_grant_leaves_those_of_others(bench: Bench) -> None:
    app_id = bench.held.directory.grants[GRANT]["clientId"]
    others = [each for each in grants_of(bench, app_id) if each["principalId"] != MEMBER]
    done = carry_out(action("revoke_grant"), order(bench, "revoke_grant", GRANT, Grant), bench.client())
    assert grants_of(bench, app_id) == others
    take_back(action("revoke_grant"), done, bench.client())
    (again,) = [each for each in grants_of(bench, app_id) if each["principalId"] == MEMBER]
    assert again["scope"].split() == ["Mail.ReadWrite", "Mail.Send", "offline_access"]
    told = list(action("revoke_grant").read_back(bench.client(), done))
    assert {each.id for each in told if isinstance(each, Grant)} == {again["id"]}
    assert Gone(Grant, GRANT) in told


def test_one_scope_is_dropped_and_the_others_stay(bench: Bench) -> None:
    asked = order(bench, "drop_scope", GRANT, Grant, scope="Mail.Send")
    done = carry_out(action("drop_scope"), asked, bench.client())
    assert sent(bench, "PATCH", f"/oauth2PermissionGrants/{GRANT}") == [{"scope": "Mail.ReadWrite offline_access"}]
    take_back(action("drop_scope"), done, bench.client())
    assert bench.held.directory.grants[GRANT]["scope"].split() == ["Mail.ReadWrite", "Mail.Send", "offline_access"]


@pytest.mark.parametrize(("scope", "words"), [("Calendars.Read", "does not have"), ("Mail.Send", "only scope")])
def test_a_scope_that_is_missing_or_the_last_one_is_not_dropped(bench: Bench, scope: str, words: str) -> None:
    bench.held.directory.grants[GRANT]["scope"] = " Mail.Send"
    refuse = action("drop_scope").refuse
    assert refuse
    assert words in refuse(bench.client(), order(bench, "drop_scope", GRANT, Grant, scope=scope))


def test_a_permission_of_an_app_is_removed_at_the_api_and_assigned_again(bench: Bench) -> None:
    directory = bench.held.directory
    resource = directory.app_roles[APP_ROLE]["resourceId"]
    name = "remove_app_permission"
    done = carry_out(action(name), order(bench, name, APP_ROLE, Grant), bench.client())
    paths = [each.path for each in bench.sandbox.requests if each.method == "DELETE"]
    assert paths == [f"/v1.0/servicePrincipals/{resource}/appRoleAssignedTo/{APP_ROLE}"]
    assert APP_ROLE not in directory.app_roles
    take_back(action(name), done, bench.client())
    assert len([each for each in directory.app_roles_of(SERVING) if each["resourceId"] == resource]) == 3


def test_each_grant_is_offered_what_fits_it() -> None:
    people = {"scopes": ("Mail.Read", "openid")}
    by_itself = {"scopes": ("Mail.Read (application)",)}
    offered = {name: action(name).applies for name in ("revoke_grant", "drop_scope", "remove_app_permission")}
    told = {name: (applies(people), applies(by_itself)) for name, applies in offered.items() if applies}
    assert told == {
        "revoke_grant": (True, False), "drop_scope": (True, False), "remove_app_permission": (False, True),
    }  # fmt: skip


def test_an_expired_secret_is_removed_by_its_id(bench: Bench) -> None:
    done = carry_out(action("remove_secret"), order(bench, "remove_secret", SECRET, Credential), bench.client())
    application, _, key = SECRET.partition("/")
    assert sent(bench, "POST", f"/applications/{application}/removePassword") == [{"keyId": key}]
    assert list(action("remove_secret").read_back(bench.client(), done)) == [Gone(Credential, SECRET)]
    left = bench.held.directory.named(APPLICATION, "Contoso HR Sync").properties
    assert (len(left["passwordCredentials"]), len(left["keyCredentials"])) == (1, 1)


def test_the_secret_of_the_connection_itself_stays_and_certificates_are_not_offered(bench: Bench) -> None:
    refuse, applies = action("remove_secret").refuse, action("remove_secret").applies
    assert refuse
    assert applies
    application = bench.held.directory.application_of(bench.held.client_id)
    assert application
    own = f"{application.id}/{SECRET_ID}"
    assert "signs in with" in refuse(bench.client(), order(bench, "remove_secret", own, Credential))
    assert not applies({"kind": "certificate"})
