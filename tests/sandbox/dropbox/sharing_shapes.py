"""How those who have a file or a folder are written."""

from collections.abc import Mapping

from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json


def users(call: Call, members: Mapping[str, str], is_inherited: bool = False) -> list[Json]:
    """Who has an account. `members`: account id or e-mail -> access."""
    return [
        {**_access(access, is_inherited), "user": _user(call, account)}
        for account, access in members.items()
        if account.startswith("dbid:")
    ]


def invitees(members: Mapping[str, str], is_inherited: bool = False) -> list[Json]:
    return [
        {**_access(access, is_inherited), "invitee": tagged("email", email=email)}
        for email, access in members.items()
        if "@" in email
    ]


def groups(call: Call, given: Mapping[str, str], is_inherited: bool = False) -> list[Json]:
    return [
        {**_access(access, is_inherited), "group": _group(call, group_id)} for group_id, access in given.items()
    ]


def _access(access: str, is_inherited: bool) -> dict[str, Json]:
    return {"access_type": tagged(access), "permissions": [], "is_inherited": is_inherited}


def _user(call: Call, account_id: str) -> Json:
    member = call.state.member_of_account(account_id)
    if member is None:
        email, shown = call.state.outsiders[account_id]
        return {"account_id": account_id, "same_team": False, "email": email, "display_name": shown}
    name = {"email": member.email, "display_name": member.display_name}
    return {"account_id": account_id, "same_team": True, "team_member_id": member.id, **name}


def _group(call: Call, group_id: str) -> Json:
    shape: dict[str, Json] = call.state.groups[group_id].shape()
    return {
        **shape,
        "group_type": tagged("team"),
        "is_member": call.actor.id in call.state.groups[group_id].members,
        "is_owner": False,
        "same_team": True,
    }
