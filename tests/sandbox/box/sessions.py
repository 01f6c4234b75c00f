"""Ending people's sessions, all at once for users or for groups."""

from tests.sandbox.box.call import Call
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.people import MANAGE_USERS, User
from tests.sandbox.box.refusal import forbidden, invalid, not_found
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer, Json


def of_users(call: Call) -> Answer:
    """Both lists are needed, one of them may be empty."""
    call.need(MANAGE_USERS)
    body = call.body()
    ids, logins = _texts(body, "user_ids"), _texts(body, "user_logins")
    if not ids and not logins:
        raise invalid("user_ids", "Name at least one user")
    named = [call.state.users.get(each) for each in ids] + [call.state.user(each) for each in logins]
    return _ended(call, named)


def of_groups(call: Call) -> Answer:
    call.need(MANAGE_USERS)
    ids = _texts(call.body(), "group_ids")
    if not ids:
        raise invalid("group_ids", "Name at least one group")
    if any(each not in call.state.groups for each in ids):
        raise not_found()
    held = [each for each in call.state.memberships.values() if each.group_id in ids]
    return _ended(call, [call.state.users[each.user_id] for each in held])


def _ended(call: Call, named: list[User | None]) -> Answer:
    """Said to happen later; here it happens at once. Who names oneself is signed out, too."""
    users = [each for each in named if each is not None and call.state.is_managed(each)]
    if len(users) != len(named):
        raise not_found()
    for user in users:
        if user.is_administrator and user is not call.user and call.user.role != "admin":
            raise forbidden()
    for user in {each.id: each for each in users}.values():
        call.state.end_sessions(user)
        call.record("REMOVE_LOGIN_ACTIVITY_DEVICE", mini_user(user), {"type": "terminate_sessions"})
    return Answer.of_json({"message": "Request is successful, please check the admin events for the status"}, 202)


def _texts(body: dict[str, Json], name: str) -> list[str]:
    values = body.get(name)
    if not isinstance(values, list):
        raise invalid(name, f"'{name}' is missing or no list")
    return [str(each) for each in values]


ROUTES = [
    route("POST", "/users/terminate_sessions", of_users, "manage_managed_users"),
    route("POST", "/groups/terminate_sessions", of_groups, "manage_groups"),
]
