"""A stored secret is never sent to an address that somebody typed after it."""

import pytest

from connectors.base import AuthMethod, Connector, Field, StaticToken, Tenant
from connectors.catalogue import catalogue
from portal.instances import clients, connecting, service, staging
from portal.instances.models import AppInstance, StagedDetails, State
from portal.instances.problems import ConnectProblem, Problem
from portal.instances.vault import InstanceVault
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.web.visitor import person

pytestmark = pytest.mark.django_db

STORED = "stored-for-another-host"
MOVED = "was stored for another address"


def typed_hosts() -> list[tuple[str, str, str]]:
    """(app, method, field) of every field that decides where calls go."""
    found = []
    for connector in catalogue().values():
        for method in connector.methods:
            examples = {field.name: field.clean(field.example) for field in method.fields if not field.is_secret}
            for name in examples:
                without = connector.destinations(method, {**examples, name: ""})
                if without != connector.destinations(method, examples):
                    found.append((connector.id, method.id, name))
    return found


TYPED_HOSTS = typed_hosts()


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


def stored(app_id: str, method_id: str, state: State, host_field: str) -> tuple[AppInstance, AuthMethod]:
    method = catalogue()[app_id].method(method_id)
    config = {field.name: field.clean(field.example) for field in method.fields if not field.is_secret}
    instance = AppInstance.objects.create(
        app_id=app_id, name="Contoso", method_id=method_id, state=state, config={**config, host_field: ""}
    )
    InstanceVault(instance.pk).write_fields({field.name: STORED for field in method.fields if field.is_secret})
    return instance, method


@pytest.mark.parametrize("state", [State.CONNECTING, State.CONNECTED])
@pytest.mark.parametrize(("app_id", "method_id", "host_field"), TYPED_HOSTS)
def test_another_host_asks_for_every_secret_again(
    admin: User, app_id: str, method_id: str, host_field: str, state: State
) -> None:
    instance, method = stored(app_id, method_id, state, host_field)
    before = InstanceVault(instance.pk).read()
    values = {**instance.config, host_field: next(f.example for f in method.fields if f.name == host_field)}
    problems = staging.save(admin, instance, values)
    needed = {field.name for field in method.fields if field.is_secret and field.is_required}
    assert needed
    assert needed <= problems.keys()
    assert all(MOVED in problems[name] for name in needed)
    instance.refresh_from_db()
    assert instance.config[host_field] == ""
    assert InstanceVault(instance.pk).read() == before
    assert not StagedDetails.objects.exists()


def test_github_s_base_url_is_such_a_field() -> None:
    assert {("github", "oauth_app", "base_url"), ("github", "github_app", "base_url")} <= set(TYPED_HOSTS)


HOST, TOKEN = Field("host", "Host", "The host."), Field("token", "Token", "The token.", is_secret=True)
EXTRA = Field("extra", "Extra key", "Another.", is_secret=True, is_required=False)
PASTED = AuthMethod("pasted", "Token", "A token.", (HOST, TOKEN, EXTRA), (), StaticToken())


def check(client: object) -> Tenant:
    raise AssertionError("nothing may be asked")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app whose host is typed."""
    made = Connector(
        id="elsewhere", name="Elsewhere", summary="An app.", base_url=lambda config: f"https://{config['host']}",
        hosts=lambda config: (config["host"],), methods=(PASTED,), check=check, feeds=(), classify=lambda answer: None,
    )
    for module in (clients, service):
        monkeypatch.setattr(module, "catalogue", lambda: {"elsewhere": made})


@pytest.fixture
def instance(elsewhere: None) -> AppInstance:
    made = AppInstance.objects.create(
        app_id="elsewhere", name="Contoso", method_id="pasted", state=State.CONNECTED, config={"host": "one.example"}
    )
    vault = InstanceVault(made.pk)
    vault.write_fields({"token": STORED, "extra": STORED})
    vault.write_tokens({"refresh_token": STORED})
    return made


def test_what_is_tried_at_another_host_holds_only_what_was_typed_for_it(admin: User, instance: AppInstance) -> None:
    assert staging.save(admin, instance, {"host": "evil.example", "token": "typed-for-evil", "extra": ""}) == {}
    tried = staging.trial(instance)
    assert tried.config == {"host": "evil.example"}
    assert tried.secrets.read() == {"fields": {"token": "typed-for-evil"}, "tokens": {}}


def test_a_secret_that_waits_for_one_host_is_not_kept_for_a_second(admin: User, instance: AppInstance) -> None:
    assert staging.save(admin, instance, {"host": "two.example", "token": "typed-for-two", "extra": "also"}) == {}
    assert MOVED in staging.save(admin, instance, {"host": "evil.example"})["token"]
    assert staging.save(admin, instance, {"host": "one.example"}) == {}
    assert not StagedDetails.objects.exists()


def test_a_draft_that_moves_forgets_what_it_had(admin: User, instance: AppInstance) -> None:
    AppInstance.objects.update(state=State.CONNECTING)
    instance.refresh_from_db()
    assert staging.save(admin, instance, {"host": "evil.example", "token": "typed-for-evil"}) == {}
    assert InstanceVault(instance.pk).read() == {"fields": {"token": "typed-for-evil"}, "tokens": {}}


def test_the_same_host_keeps_them(admin: User, instance: AppInstance) -> None:
    assert staging.save(admin, instance, {"host": "one.example", "token": "new"}) == {}
    assert staging.trial(instance).secrets.read()["fields"] == {"token": "new", "extra": STORED}


@pytest.mark.parametrize("state", [State.DISCONNECTING, State.DISCONNECTED])
def test_an_app_disconnected_meanwhile_takes_no_secrets(admin: User, instance: AppInstance, state: State) -> None:
    """The page was opened, and the instance read, before somebody disconnected it."""
    InstanceVault(instance.pk).clear()
    for believed in (State.CONNECTED, State.CONNECTING):
        AppInstance.objects.update(state=state)
        instance.state = believed
        with pytest.raises((ConnectProblem, Problem)):
            staging.save(admin, instance, {"host": "one.example", "token": "typed", "extra": "typed"})
    assert InstanceVault(instance.pk).read() == {"fields": {}, "tokens": {}}
    assert not StagedDetails.objects.exists()
    with pytest.raises(ConnectProblem):
        connecting.connect(admin, AppInstance.objects.get(pk=instance.pk))
