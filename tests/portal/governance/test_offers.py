"""What may be asked for of which row: by kind, by what the inventory knows of it, by plan and state."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from connectors.base import (
    Account,
    Action,
    ActionKind,
    Client,
    Collaborator,
    Credential,
    Facts,
    File,
    Order,
    Record,
    StepResult,
    action,
)
from portal.governance import catalogue, service
from portal.governance.targets import KINDS, facts_of
from portal.instances.models import AppInstance, State
from portal.instances.problems import Problem
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import scope_of
from tests.portal.scans import example
from tests.portal.web import inventory_rows as rows

pytestmark = pytest.mark.django_db


def nothing(client: Client, order: Order) -> Iterable[Record]:
    return ()


def made(
    name: str, kind: ActionKind, target: Any, applies: Callable[[Facts], bool] | None = None,
    permissions: tuple[str, ...] = (),
) -> Action:
    def run(client: Client, order: Order) -> StepResult:
        return {}

    run.__name__ = name
    return action(
        kind, target, label=name, effect="", undo_effect="", read_back=nothing, applies=applies, permissions=permissions
    )(run)


ACTIONS = (
    made("block", ActionKind.BLOCK_ACCOUNT, Account, lambda facts: facts["status"] != "blocked"),
    made("cancel", ActionKind.REMOVE_ACCOUNT, Account, lambda facts: facts["status"] == "pending", ("admin:org",)),
    made("hide", ActionKind.MAKE_PRIVATE, File, lambda facts: facts["exposure"] == "public"),
    made("uninvite", ActionKind.REMOVE_COLLABORATOR, Collaborator, lambda facts: bool(facts["is_pending"])),
    made("revoke", ActionKind.REVOKE_CREDENTIAL, Credential, lambda facts: facts["kind"] == "deploy key"),
)


@pytest.fixture
def instance(declare: Callable[..., None]) -> AppInstance:
    declare(example.connector(actions=ACTIONS))
    return AppInstance.objects.create(app_id="example", name="Contoso", method_id="token", state=State.CONNECTED)


@pytest.fixture
def admin() -> User:
    user = User.objects.create_user("admin@contoso.example")
    RoleAssignment.objects.create(user=user, role=Role.GLOBAL_ADMIN)
    return user


def offered(admin: User, instance: AppInstance, row: Any) -> dict[str, str]:
    return {each.action.name: each.reason for each in catalogue.offers(scope_of(admin), instance, row)}


def test_every_kind_of_row_gives_the_facts_of_its_record(instance: AppInstance) -> None:
    for word, kind in KINDS.items():
        row = kind.model(vendor_id="7")
        assert facts_of(row)["id"] == "7", word
    assert facts_of(rows.file(instance, "site", exposure="public"))["exposure"] == "public"


def test_only_what_makes_sense_for_the_row_is_offered(instance: AppInstance, admin: User) -> None:
    assert offered(admin, instance, rows.account(instance, "Ada")) == {"block": ""}
    assert offered(admin, instance, rows.account(instance, "Bo", status="pending")) == {"block": "", "cancel": ""}
    public, private = rows.file(instance, "site", exposure="public"), rows.file(instance, "payroll")
    assert offered(admin, instance, public) == {"hide": ""}
    assert offered(admin, instance, private) == {}
    assert offered(admin, instance, rows.share(instance, public, email="e@x.example", is_pending=True)) == {
        "uninvite": ""
    }
    assert offered(admin, instance, rows.credential(instance, "hook", kind="webhook")) == {}
    assert offered(admin, instance, rows.credential(instance, "key")) == {"revoke": ""}


def test_what_makes_no_sense_is_refused_when_it_is_asked_for_all_the_same(
    instance: AppInstance, admin: User
) -> None:
    with pytest.raises(Problem, match="makes no sense for payroll as it is now"):
        service.request(admin, rows.file(instance, "payroll"), "hide", "because")


def test_what_needs_a_permission_that_was_not_granted_carries_that_as_its_reason_and_is_refused(
    instance: AppInstance, admin: User
) -> None:
    instance.missing = [{"permission": "admin:org", "closes": ["remove_account"], "remedy": "Reconnect and grant it."}]
    instance.save()
    person = rows.account(instance, "Ada", status="pending")
    words = "admin:org was not granted. Reconnect and grant it."
    assert offered(admin, instance, person) == {"block": "", "cancel": words}
    with pytest.raises(Problem, match="admin:org was not granted"):
        service.request(admin, person, "cancel", "Because")
    assert service.preview(admin, person, "cancel").problem == words


def test_what_the_plan_does_not_offer_carries_its_reason_and_is_refused(instance: AppInstance, admin: User) -> None:
    AppInstance.objects.update(unavailable={"block": "Only in the Enterprise plan."})
    instance.refresh_from_db()
    ada = rows.account(instance, "Ada")
    assert offered(admin, instance, ada) == {"block": "Only in the Enterprise plan."}
    with pytest.raises(Problem, match="Only in the Enterprise plan"):
        service.request(admin, ada, "block", "because")


@pytest.mark.parametrize(
    ("role", "names"),
    [(Role.COMPLIANCE_ADMIN, {"hide"}), (Role.SECURITY_ADMIN, {"hide"}), (Role.SECURITY_READER, set())],
)
def test_the_role_decides_by_the_family_of_the_action(instance: AppInstance, role: Role, names: set[str]) -> None:
    user = User.objects.create_user("other@contoso.example")
    RoleAssignment.objects.create(user=user, role=role)
    public = rows.file(instance, "site", exposure="public")
    assert set(offered(user, instance, public)) == names
    assert ("block" in offered(user, instance, rows.account(instance, "Ada"))) is (role is Role.SECURITY_ADMIN)
