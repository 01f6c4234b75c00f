"""What Box says of an account now, as the actions on accounts need to know it."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    AccountKind,
    Client,
    Facts,
    Gone,
    NotAvailable,
    Order,
    Privilege,
    Record,
    StepResult,
)
from connectors.box import mapping, people
from connectors.box.reading import document
from connectors.box.refusals import gone
from connectors.box.scopes import USERS

PERMISSIONS = (USERS,)
SELF = "This is the account that Gatehouse is connected with. Reconnect with another account first."
PRIMARY = "This is the primary admin of the enterprise, whom Box lets nobody change by a call."
OTHER_ADMIN = "Box lets only the primary admin act on other admins. Reconnect as the primary admin."


def is_no_service(facts: Facts) -> bool:
    """Service accounts belong to an app: Box changes them with it."""
    return bool(facts["kind"] != AccountKind.SERVICE)


def user_now(client: Client, order: Order) -> Mapping[str, Any]:
    """{id, login, status, role, ...}. Raises TargetGone for somebody who is not in the enterprise any more."""
    answer = client.get(_path(order), params={"fields": mapping.USER_FIELDS}, expect=(404,))
    if answer.status == 404:
        raise gone(order.target.name)
    return document(answer, "id", "status", "role")


def change(client: Client, order: Order, **values: Any) -> Mapping[str, Any]:
    """The user as Box has it after the change."""
    answer = client.put(_path(order), json=values, params={"fields": mapping.USER_FIELDS})
    return document(answer, "id", "status", "role")


def remember(client: Client, order: Order) -> StepResult:
    """{login, status, role}."""
    user = user_now(client, order)
    return {"login": mapping.text(user.get("login")), "status": user["status"], "role": user["role"]}


def status_before(order: Order) -> str:
    """Raises NotAvailable where it is not known."""
    status = order.results.get("remember", {}).get("status")
    if not status:
        raise NotAvailable(
            "The status of the account before this action is not known.", remedy="Change it in the Admin Console."
        )
    return str(status)


def refuse(client: Client, order: Order) -> str:
    """A sentence where Box would not let us, or we would lock ourselves out."""
    if order.target.id == mapping.id_of(people.me(client)["id"]):
        return SELF
    role = user_now(client, order)["role"]
    if role == mapping.PRIMARY:
        return PRIMARY
    return OTHER_ADMIN if role == mapping.CO_ADMIN and not people.sees_admins(client) else ""


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """What the accounts feed would say of this one."""
    answer = client.get(_path(order), params={"fields": mapping.USER_FIELDS}, expect=(404,))
    if answer.status == 404:
        yield Gone(Account, order.target.id)
        held = None
    else:
        user = document(answer, "id")
        yield mapping.account(user)
        held = mapping.admin_privilege(user)
    if held:
        yield held
    others = (Privilege(holder_id=order.target.id, name=name) for name in mapping.ADMIN_ROLES.values())
    yield from (Gone(Privilege, each.id) for each in others if held is None or each.id != held.id)


def _path(order: Order) -> str:
    return f"/users/{order.target.id}"
