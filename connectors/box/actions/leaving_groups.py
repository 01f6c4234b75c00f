"""Taking an account out of its groups."""

from collections.abc import Iterator

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Gone,
    Membership,
    Order,
    Privilege,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.box import mapping
from connectors.box.actions import accounts
from connectors.box.reading import Row, offset_page
from connectors.box.scopes import GROUPS, USERS

MANAGED = "managed_group"


def remember(client: Client, order: Order) -> StepResult:
    """{groups: [{id of the group, name, role}]}: those that somebody keeps. All users are in the group of all users."""
    held = [
        {"id": mapping.id_of(row["group"]["id"]), "name": mapping.text(row["group"].get("name")), "role": row["role"]}
        for row in _managed(client, order)
    ]
    if not held:
        raise TargetGone(f"{order.target.name} is in no group that could be left.")
    return {"groups": held}


def leave(client: Client, order: Order) -> StepResult:
    for row in _managed(client, order):
        client.delete(f"/group_memberships/{row['id']}", expect=(404,))
    return {}


def has_left(client: Client, order: Order) -> bool:
    return not list(_managed(client, order))


def join_again(client: Client, order: Order) -> StepResult:
    """Each of the remembered groups that is still there; who is in one already stays (409)."""
    joined = []
    for group in order.results["remember"]["groups"]:
        body = {"user": {"id": order.target.id}, "group": {"id": group["id"]}, "role": group["role"]}
        answer = client.post("/group_memberships", json=body, expect=(404, 409))
        joined += [group["name"]] if answer.status != 404 else []
    return {"groups": joined}


def refuse(client: Client, order: Order) -> str:
    return "" if list(_managed(client, order)) else "This account is in no group that could be left."


def preview(client: Client, order: Order) -> tuple[str, ...]:
    names = ", ".join(str(group["name"]) for group in remember(client, order)["groups"])
    return (
        f"The account leaves: {names}.",
        "It loses what these groups open. Where an identity provider feeds a group, it may add the account again.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    yield from accounts.read_back(client, order)
    held = {mapping.id_of(row["group"]["id"]): row for row in _memberships(client, order)}
    for group_id, row in held.items():
        told = {**row, "user": {**mapping.part(row, "user"), "id": order.target.id}}
        yield mapping.membership(group_id, told)
        right = mapping.group_privilege(group_id, told)
        yield from (right,) if right else ()
    for group in order.results.get("remember", {}).get("groups", ()):
        if group["id"] not in held:
            yield Gone(Membership, Membership(group_id=group["id"], member_id=order.target.id).id)
            right = mapping.group_privilege(
                group["id"], {"role": group["role"], "user": {"id": order.target.id}, "group": group}
            )
            yield from (Gone(Privilege, right.id),) if right else ()


def _managed(client: Client, order: Order) -> Iterator[Row]:
    return (row for row in _memberships(client, order) if row["group"].get("group_type", MANAGED) == MANAGED)


def _memberships(client: Client, order: Order) -> Iterator[Row]:
    offset: int | None = 0
    while offset is not None:
        page = offset_page(client, f"/users/{order.target.id}/memberships", offset, {}, "id", "group")
        yield from page.rows
        offset = page.next


remove_from_groups = steps_action(
    ActionKind.REMOVE_FROM_GROUP,
    Account,
    name="remove_from_groups",
    label="Remove from all groups",
    effect="{name} leaves all groups of the Box enterprise {tenant} and loses what they open.",
    undo_effect="Undo puts {name} into the same groups with the same roles again.",
    steps=(
        Step("remember", "Remember the groups", remember),
        Step("leave", "Leave the groups", leave, has_left, join_again, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(GROUPS, USERS),
    applies=accounts.is_no_service,
)
