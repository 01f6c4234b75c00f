"""Connecting, from the trip to the consent page to what is kept: each trip belongs to one browser and is made once."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.instances import connecting, service
from portal.instances.models import AppInstance, ConsentAttempt, State
from portal.instances.problems import ConnectProblem, Problem
from portal.instances.vault import InstanceVault
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.web.visitor import DETAILS, at_vendor, person
from tests.sandbox.github import FABRIKAM
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox")]

SESSION = "session-of-this-browser"


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


def draft(admin: User, name: str = "Contoso", **details: str) -> AppInstance:
    instance = service.start(admin, "github", name)
    assert service.save_fields(admin, instance, DETAILS | details) == {}
    return instance


def trip(admin: User, instance: AppInstance, decision: str = "authorize") -> Mapping[str, str]:
    """To the consent page and back: the query the browser comes back with."""
    address = at_vendor(connecting.consent_url(admin, instance, SESSION), decision)
    return dict(parse_qsl(urlsplit(address).query))


def connected(admin: User, name: str = "Contoso") -> AppInstance:
    return connecting.finish_consent(admin, SESSION, trip(admin, draft(admin, name)))


def test_after_consent_the_instance_knows_its_tenant_and_what_was_granted(admin: User) -> None:
    instance = connected(admin)
    assert instance.state == State.CONNECTED
    assert instance.tenant_name == "Contoso Engineering"
    assert "admin:org" in instance.granted
    assert instance.missing == []
    assert InstanceVault(instance.pk).read()["tokens"]
    assert AuditEntry.objects.filter(verb="instance.connected").count() == 1


def test_the_answer_is_good_only_in_the_browser_that_asked(admin: User) -> None:
    back = trip(admin, draft(admin))
    with pytest.raises(ConnectProblem, match="this browser"):
        connecting.finish_consent(admin, "another browser", back)


def test_the_answer_is_good_only_for_the_person_who_asked(admin: User) -> None:
    back = trip(admin, draft(admin))
    with pytest.raises(ConnectProblem, match="this browser"):
        connecting.finish_consent(person(Role.SECURITY_ADMIN), SESSION, back)


def test_the_answer_is_good_once(admin: User) -> None:
    back = trip(admin, draft(admin))
    connecting.finish_consent(admin, SESSION, back)
    with pytest.raises(ConnectProblem, match="this browser"):
        connecting.finish_consent(admin, SESSION, back)


def test_a_made_up_state_is_refused(admin: User) -> None:
    with pytest.raises(ConnectProblem, match="this browser"):
        connecting.finish_consent(admin, SESSION, {"state": "made up", "code": "x"})


def test_a_trip_that_took_too_long_is_refused_in_words(admin: User) -> None:
    back = trip(admin, draft(admin))
    ConsentAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ConnectProblem, match="15 minutes"):
        connecting.finish_consent(admin, SESSION, back)


def test_declining_keeps_the_draft(admin: User) -> None:
    instance = draft(admin)
    with pytest.raises(ConnectProblem) as refused:
        connecting.finish_consent(admin, SESSION, trip(admin, instance, "cancel"))
    assert refused.value.instance == instance
    instance.refresh_from_db()
    assert instance.state == State.CONNECTING
    assert instance.config["organization"] == "contoso-dev"


def test_a_moved_verifier_is_refused(admin: User) -> None:
    one, two = draft(admin, "one"), draft(admin, "two")
    back = trip(admin, one)
    trip(admin, two)
    memo = ConsentAttempt.objects.get(instance=two).memo
    attempt = ConsentAttempt.objects.get(instance=one)
    attempt.memo = memo
    attempt.save()
    with pytest.raises(ConnectProblem, match="belongs to another record"):
        connecting.finish_consent(admin, SESSION, back)


def test_one_tenant_is_connected_once(admin: User) -> None:
    connected(admin, "first")
    with pytest.raises(ConnectProblem, match="connected already, as first"):
        connected(admin, "second")


def test_two_organisations_are_two_instances(admin: User) -> None:
    one = connected(admin)
    other = draft(admin, "Fabrikam", organization=FABRIKAM)
    two = connecting.finish_consent(admin, SESSION, trip(admin, other))
    assert one.state == two.state == State.CONNECTED
    assert one.tenant_id != two.tenant_id
    assert "audit_log" in two.unavailable
    assert "audit_log" not in one.unavailable


def test_a_failed_reconnect_leaves_the_working_connection_as_it_was(admin: User, sandbox: Sandbox) -> None:
    instance = connected(admin)
    before = InstanceVault(instance.pk).read()["tokens"]
    organisation = sandbox.github.organisation()
    back = trip(admin, instance)
    organisation.id += 1  # GitHub now answers for another organisation of the same name
    with pytest.raises(ConnectProblem, match="is connected to"):
        connecting.finish_consent(admin, SESSION, back)
    assert InstanceVault(instance.pk).read()["tokens"] == before
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


def test_test_now_marks_what_is_broken_and_mends_it_again(admin: User, sandbox: Sandbox) -> None:
    instance = connected(admin)
    kept = dict(sandbox.github.state.tokens)
    sandbox.github.state.tokens.clear()
    with pytest.raises(ConnectProblem, match="does not accept the token"):
        connecting.test_now(admin, instance)
    instance.refresh_from_db()
    assert instance.state == State.ATTENTION
    assert "Reconnect" in instance.remedy
    sandbox.github.state.tokens.update(kept)
    connecting.test_now(admin, instance)
    instance.refresh_from_db()
    assert (instance.state, instance.problem) == (State.CONNECTED, "")


def test_a_check_that_breaks_leaves_the_connection_as_it_was(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = connected(admin)
    before, back = InstanceVault(instance.pk).read(), trip(admin, instance)

    def broken(instance: AppInstance, client: object) -> None:
        raise RecursionError

    monkeypatch.setattr(connecting, "_checked", broken)
    with pytest.raises(RecursionError):
        connecting.finish_consent(admin, SESSION, back)
    assert InstanceVault(instance.pk).read() == before
    instance.refresh_from_db()
    assert (instance.state, instance.problem) == (State.CONNECTED, "")


def test_a_vendor_that_is_down_does_not_mark_the_instance(admin: User, sandbox: Sandbox) -> None:
    instance = connected(admin)
    sandbox.github.state.is_down = True
    with pytest.raises(ConnectProblem):
        connecting.test_now(admin, instance)
    instance.refresh_from_db()
    assert instance.state == State.CONNECTED


@pytest.mark.parametrize(("name", "value"), [("client_id", "short"), ("organization", "-bad-"), ("client_secret", "")])
def test_a_field_that_cannot_be_right_is_named_and_nothing_is_kept(admin: User, name: str, value: str) -> None:
    instance = service.start(admin, "github", "Contoso")
    problems = service.save_fields(admin, instance, DETAILS | {name: value})
    assert list(problems) == [name]
    instance.refresh_from_db()
    assert instance.config == {}


def test_a_pasted_address_is_cut_to_the_login_name(admin: User) -> None:
    assert draft(admin, organization=" https://github.com/contoso-dev/ ").config["organization"] == "contoso-dev"


def test_a_blank_secret_keeps_the_stored_one_and_the_trail_never_holds_it(admin: User) -> None:
    instance = draft(admin)
    assert service.save_fields(admin, instance, DETAILS | {"client_secret": ""}) == {}
    assert InstanceVault(instance.pk).read()["fields"] == {"client_secret": DETAILS["client_secret"]}
    for entry in AuditEntry.objects.all():
        assert DETAILS["client_secret"] not in f"{entry.before}{entry.after}{entry.object_label}"


def test_names_are_unique_per_app_whatever_their_case(admin: User) -> None:
    draft(admin, "Contoso")
    with pytest.raises(Problem, match="already called"):
        service.start(admin, "github", " contoso ")


def test_cancel_leaves_nothing_behind(admin: User) -> None:
    instance = draft(admin)
    trip(admin, instance)
    service.cancel(admin, instance)
    assert not AppInstance.objects.exists()
    assert not ConsentAttempt.objects.exists()


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_OPERATOR, Role.SECURITY_READER, Role.SUPPORT])
def test_roles_without_the_right_cannot_connect(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        service.start(person(role), "github", "Contoso")
