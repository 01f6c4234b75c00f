"""Taking an account out of a group, or out of all that can be left."""

from collections.abc import Iterator

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Field,
    Gone,
    Membership,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.office365.actions import accounts, last_admin
from connectors.office365.components import USERS_AND_GROUPS
from connectors.office365.mapping import groups
from connectors.office365.mapping.values import text
from connectors.office365.reading import Listing, Row
from connectors.office365.scopes import MEMBERS, MEMBERS_WRITE, ROLES_WRITE, is_granted

ONLY = Field(
    "group", "Only this group", "Its name or id. Left empty, the account leaves all groups.", is_required=False
)


def groups_now(client: Client, order: Order) -> list[Row]:
    """The groups that the account is in itself; of a nested one it is in the inner group alone."""
    listed = Listing(f"{accounts.path(order)}/memberOf", {"$select": groups.GROUP_FIELDS}).rows(client)
    return [row for row in listed if row.get("@odata.type") == groups.GROUP]


def can_be_left(client: Client, row: Row) -> bool:
    """Not where a rule says who is in it, nor where an Active Directory or Exchange does; and a role-assignable one
    only with the permission for roles."""
    is_exchange = bool(row.get("mailEnabled")) and groups.UNIFIED not in (row.get("groupTypes") or ())
    is_closed = bool(row.get("isAssignableToRole")) and not is_granted(ROLES_WRITE, client.granted_scopes)
    return not (groups.is_dynamic(row) or row.get("onPremisesSyncEnabled") or is_exchange or is_closed)


def leaving(client: Client, order: Order) -> list[Row]:
    only = order.params.get("group", "").strip().lower()
    named = (row for row in groups_now(client, order) if not only or only in _names(row))
    return [row for row in named if can_be_left(client, row)]


def remember(client: Client, order: Order) -> StepResult:
    """{groups: [{id, name}]}."""
    found = [{"id": text(row["id"]), "name": _name(row)} for row in leaving(client, order)]
    if not found:
        raise TargetGone(f"{order.target.name} is in no group that could be left.")
    return {"groups": found}


def leave(client: Client, order: Order) -> StepResult:
    """The address ends in $ref: without it Microsoft would delete the account itself."""
    for group in _remembered(order):
        client.delete(f"/groups/{group['id']}/members/{order.target.id}/$ref", expect=(404,))
    return {}


def has_left(client: Client, order: Order) -> bool:
    held = {text(row["id"]) for row in groups_now(client, order)}
    return not any(group["id"] in held for group in _remembered(order))


def join_again(client: Client, order: Order) -> StepResult:
    """The remembered groups that the account is not in; one that is gone meanwhile stays so."""
    held, joined = {text(row["id"]) for row in groups_now(client, order)}, list[str]()
    body = {"@odata.id": client.address(f"/directoryObjects/{order.target.id}")}
    for group in _remembered(order):
        if group["id"] not in held:
            answer = client.post(f"/groups/{group['id']}/members/$ref", json=body, expect=(404,))
            joined += [group["name"]] if answer.status != 404 else []
    return {"groups": joined}


def refuse(client: Client, order: Order) -> str:
    rows = leaving(client, order)
    if not rows:
        return "This account is in no such group that could be left."
    return last_admin.refuse(client, order.target.id) if any(row.get("isAssignableToRole") for row in rows) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    rows = leaving(client, order)
    stays = [_name(row) for row in groups_now(client, order) if not can_be_left(client, row)]
    kept = (
        (f"It stays in {', '.join(stays)}: a rule, an Active Directory or Exchange says who is in them, or they "
         f"bring roles and {ROLES_WRITE} is not granted.",)
        if stays and not order.params.get("group") else ()
    )  # fmt: skip
    return (
        f"The account leaves {', '.join(_name(row) for row in rows)} and loses what these groups open.",
        *kept,
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    yield from accounts.read_back(client, order)
    held = {text(row["id"]) for row in groups_now(client, order)}
    before = {group["id"] for group in _remembered(order)}
    yield from (Membership(group_id=group_id, member_id=order.target.id) for group_id in sorted(held))
    for group_id in sorted(before - held):
        yield Gone(Membership, Membership(group_id=group_id, member_id=order.target.id).id)


def _remembered(order: Order) -> list[dict[str, str]]:
    return list(order.results.get("remember", {}).get("groups", ()))


def _names(row: Row) -> tuple[str, str]:
    return text(row["id"]).lower(), text(row.get("displayName")).lower()


def _name(row: Row) -> str:
    return text(row.get("displayName")) or text(row["id"])


remove_from_groups = steps_action(
    ActionKind.REMOVE_FROM_GROUP,
    Account,
    name="remove_from_groups",
    label="Remove from groups",
    effect="{name} leaves groups of {tenant} and loses what they open.",
    undo_effect="Undo puts {name} into the same groups again.",
    steps=(
        Step("remember", "Remember the groups", remember),
        Step("leave", "Leave the groups", leave, has_left, join_again, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(*accounts.PERMISSIONS, MEMBERS, MEMBERS_WRITE),
    component=USERS_AND_GROUPS,
    applies=accounts.is_person,
    fields=(ONLY,),
)
