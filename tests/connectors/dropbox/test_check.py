"""What a connection may see at the simulated team, and who may make one."""

import pytest

from connectors.base import Capability, CredentialsRejected, MemorySecrets, PermissionMissing
from connectors.dropbox import connector
from connectors.dropbox.scopes import SCOPES
from tests.connectors.conformance.dropbox import Bench, tokens
from tests.sandbox.dropbox import ADMIN, APP_SECRET, SECOND_ADMIN
from tests.sandbox.dropbox.scopes import USER_SCOPES


def consent(bench: Bench, email: str, scopes: tuple[str, ...] = SCOPES) -> None:
    """Somebody else consented, or to other scopes."""
    token = bench.held.add_token(bench.held.issue_grant(email, scopes))
    bench.secrets = MemorySecrets({"client_secret": APP_SECRET}, tokens(token))


def test_a_team_admin_misses_nothing(bench: Bench) -> None:
    tenant = connector.check(bench.client())
    assert (tenant.id, tenant.name, tenant.connected_as) == (bench.held.team_id, "Contoso Ltd", ADMIN)
    assert (tenant.missing, tenant.warnings) == ((), ())
    assert set(tenant.granted) == set(SCOPES)


def test_a_scope_that_was_not_ticked_is_named_with_what_it_closes(bench: Bench) -> None:
    consent(bench, ADMIN, tuple(each for each in SCOPES if each != "events.read"))
    (missing,) = connector.check(bench.client()).missing
    assert missing.permission == "events.read"
    assert Capability.SIGN_IN_ACTIVITY in missing.closes
    assert "Permissions" in missing.remedy
    with pytest.raises(PermissionMissing, match=r"scope events\.read") as refused:
        list(connector.feed("team_log").pages(bench.client(), None))
    assert refused.value.permission == "events.read"


def test_scopes_are_known_after_the_token_was_renewed(bench: Bench) -> None:
    consent(bench, ADMIN, tuple(each for each in SCOPES if each != "groups.read"))
    bench.sandbox.clock.advance(14_401)
    with pytest.raises(Exception, match="before it did anything"):
        connector.check(bench.client())
    assert [each.permission for each in connector.check(bench.client()).missing] == ["groups.read"]


def test_a_plan_without_file_events_is_told(bench: Bench) -> None:
    bench.held.features["has_team_file_events"] = False
    (warning,) = connector.check(bench.client()).warnings
    assert "no activity on files" in warning


def test_an_account_that_looks_like_a_persons_is_told(bench: Bench) -> None:
    consent(bench, SECOND_ADMIN)
    (warning,) = connector.check(bench.client()).warnings
    assert SECOND_ADMIN in warning


def test_somebody_else_than_was_wanted_is_refused(bench: Bench) -> None:
    bench.config["admin_email"] = ADMIN.upper()
    assert connector.check(bench.client()).connected_as == ADMIN
    bench.config["admin_email"] = SECOND_ADMIN
    with pytest.raises(PermissionMissing, match=f"{ADMIN} consented, and not {SECOND_ADMIN}"):
        connector.check(bench.client())


def test_the_consent_of_one_person_for_itself_is_refused(bench: Bench) -> None:
    consent(bench, "wjones@contoso.example", tuple(USER_SCOPES))
    with pytest.raises(PermissionMissing, match="for itself alone and not for a team"):
        connector.check(bench.client())


def test_who_is_no_admin_any_more_has_to_be_replaced(bench: Bench) -> None:
    bench.held.member(ADMIN).role_id = ""
    with pytest.raises(CredentialsRejected, match="no active team admin"):
        connector.check(bench.client())
