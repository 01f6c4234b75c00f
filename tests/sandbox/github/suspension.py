"""Suspending people on GitHub Enterprise Server: for those who run it."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github.call import Call, no_content
from tests.sandbox.github.people import User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import Route, route


def suspend(call: Call) -> Answer:
    user = _target(call)
    if user.suspended_at is None:
        user.suspended_at = call.state.clock.now()
        _record(call, user, "user.suspend")
    return no_content()


def unsuspend(call: Call) -> Answer:
    user = _target(call)
    if user.suspended_at is not None:
        user.suspended_at = None
        _record(call, user, "user.unsuspend")
    return no_content()


def _target(call: Call) -> User:
    if not call.user.is_site_admin:
        raise Refusal(403, "Must be a site administrator.")
    user = call.target()
    if user is call.user:
        raise Refusal(403, "You cannot suspend yourself.")
    if user.id in call.state.directory_users:
        raise Refusal(403, "This user is managed by the directory that the server is synchronized with.")
    return user


def _record(call: Call, user: User, action: str) -> None:
    """In the log of each organisation they are in; the server has one of its own, too."""
    reason = call.body().get("reason")
    for organisation in call.state.organisations.values():
        if user.id in organisation.members:
            organisation.record(action, call.actor, user, operation_type="modify", explanation=reason)


PATH = "/users/{username}/suspended"
ROUTES: list[Route] = [
    route("PUT", PATH, suspend, "site_admin"),
    route("DELETE", PATH, unsuspend, "site_admin"),
]
