"""Who may read and write a namespace."""

from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.namespace import Namespace

WRITERS = ("owner", "editor")


def may_read(call: Call, namespace: Namespace) -> bool:
    """An admin reaches what any member of the team reaches."""
    if namespace.status != "active":
        return False
    if not call.is_admin:
        return call.state.may_read(call.actor, namespace)
    return is_of_team(call, namespace) or any(
        call.state.may_read(member, namespace) for member in call.state.members.values()
    )


def may_write(call: Call, namespace: Namespace) -> bool:
    """An admin writes team-owned content alone: a home and what members share is theirs (strict reading)."""
    if call.is_admin:
        return namespace.kind == "team_folder" and is_of_team(call, namespace)
    if namespace.owner_id:
        return namespace.owner_id == call.actor.id
    given = [namespace.members.get(call.actor.account_id or "", "")]
    given += [namespace.groups.get(each.id, "") for each in call.state.groups_of(call.actor.id)]
    return any(each in WRITERS for each in given)


def is_of_team(call: Call, namespace: Namespace) -> bool:
    return namespace.team_id == call.state.team_id
