"""Taking a member out of their groups. They leave at once; what a group opened closes a little later."""

from collections.abc import Iterator, Mapping

from connectors.base import (
    Account,
    ActionKind,
    Client,
    Gone,
    Membership,
    Order,
    Record,
    Step,
    StepResult,
    TargetGone,
    steps_action,
)
from connectors.dropbox import mapping
from connectors.dropbox.actions import accounts
from connectors.dropbox.group_lists import GROUP_LIST, PEOPLE_LIST
from connectors.dropbox.reading import Row, ask_unless
from connectors.dropbox.scopes import GROUPS, GROUPS_WRITE, MEMBERS

SYSTEM = "system_managed"
"""Such as the group of everybody, which Dropbox keeps by itself."""
OUT_ALREADY = frozenset({"member_not_in_group", "group_not_found"})
IN_ALREADY = frozenset({"duplicate_user", "group_not_found"})
NO_GROUP = "This account is in no group that could be left."


def remember(client: Client, order: Order) -> StepResult:
    """{groups: [{id, name, role: member or owner}]}: those that somebody keeps."""
    held = [
        {"id": row["group_id"], "name": mapping.text(row.get("group_name")), "role": role}
        for row in _kept_groups(client, order)
        if (role := _role(client, order, row["group_id"]))
    ]
    if not held:
        raise TargetGone(f"{order.target.name} is in no group that could be left.")
    return {"groups": held}


def leave(client: Client, order: Order) -> StepResult:
    for group in order.results["remember"]["groups"]:
        asked = {"group": _group(group["id"]), "users": [accounts.selector(order)], "return_members": False}
        ask_unless(client, "team/groups/members/remove", asked, OUT_ALREADY)
    return {}


def has_left(client: Client, order: Order) -> bool:
    return not _remembered_now(client, order)


def join_again(client: Client, order: Order) -> StepResult:
    """Those of the groups that are still there, with the same roles."""
    for group in order.results["remember"]["groups"]:
        member = {"user": accounts.selector(order), "access_type": group["role"]}
        asked = {"group": _group(group["id"]), "members": [member], "return_members": False}
        ask_unless(client, "team/groups/members/add", asked, IN_ALREADY)
    return {}


def refuse(client: Client, order: Order) -> str:
    return "" if _kept_groups(client, order) else NO_GROUP


def preview(client: Client, order: Order) -> tuple[str, ...]:
    names = ", ".join(str(group["name"]) for group in remember(client, order)["groups"])
    return (
        f"The account leaves: {names}.",
        "It loses the folders and files that these groups open. Where a directory feeds a group, it may add the "
        "account again.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """The account, and of the groups that were left whether it is in them."""
    yield from accounts.read_back(client, order)
    for group in order.results.get("remember", {}).get("groups", ()):
        role = _role(client, order, group["id"])
        if role:
            yield Membership(group_id=group["id"], member_id=order.target.id, role=role)
        else:
            yield Gone(Membership, Membership(group_id=group["id"], member_id=order.target.id).id)


def _kept_groups(client: Client, order: Order) -> list[Row]:
    held = set(accounts.member_now(client, order)["profile"].get("groups") or ())
    listed = GROUP_LIST.rows(client, {"limit": 1000})
    return [
        row for row in listed if row["group_id"] in held and mapping.tag(row.get("group_management_type")) != SYSTEM
    ]


def _remembered_now(client: Client, order: Order) -> set[str]:
    held = set(accounts.member_now(client, order)["profile"].get("groups") or ())
    return held & {group["id"] for group in order.results["remember"]["groups"]}


def _role(client: Client, order: Order, group_id: str) -> str:
    """Of the account in a group; '' where it is in it no more, or the group is gone."""
    try:
        for row in PEOPLE_LIST.rows(client, {"group": _group(group_id), "limit": 1000}):
            if row["profile"].get("team_member_id") == order.target.id:
                return mapping.tag(row.get("access_type")) or "member"
    except TargetGone:
        return ""
    return ""


def _group(group_id: str) -> Mapping[str, str]:
    return {".tag": "group_id", "group_id": group_id}


remove_from_groups = steps_action(
    ActionKind.REMOVE_FROM_GROUP,
    Account,
    name="remove_from_groups",
    label="Remove from all groups",
    effect="{name} leaves all groups of the Dropbox team {tenant} and loses what they open, which may take Dropbox a "
    "moment.",
    undo_effect="Undo puts {name} into the same groups with the same roles again.",
    steps=(
        Step("remember", "Remember the groups", remember),
        Step("leave", "Leave the groups", leave, has_left, join_again, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse,
    preview=preview,
    permissions=(MEMBERS, GROUPS, GROUPS_WRITE),
)
