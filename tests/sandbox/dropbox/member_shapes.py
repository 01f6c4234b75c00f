"""How members and their groups are written."""

from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.state import State
from tests.sandbox.exchange import Json


def with_groups(state: State, member: Member) -> dict[str, Json]:
    """The profile as lists of members have it."""
    return {
        **member.profile(),
        "groups": [each.id for each in state.groups_of(member.id)],
        "member_folder_id": member.home_id,
        "root_folder_id": member.root_id,
    }


def with_roles(state: State, member: Member) -> Json:
    role = state.roles.get(member.role_id)
    shape: dict[str, Json] = {"profile": with_groups(state, member)}
    return {**shape, "roles": [role.shape()]} if role else shape
