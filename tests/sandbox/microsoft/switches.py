"""The buttons of the demo's start page: plans, policies, and what may go wrong."""

from tests.sandbox.microsoft.directory.objects import SERVICE_PRINCIPAL
from tests.sandbox.microsoft.directory.roles import PRIVILEGED_AUTHENTICATION_ADMINISTRATOR
from tests.sandbox.microsoft.graph import notifications
from tests.sandbox.microsoft.limits import Limit
from tests.sandbox.microsoft.moments import iso, seconds
from tests.sandbox.microsoft.service_switches import service_switches
from tests.sandbox.microsoft.state import State
from tests.sandbox.simulator import Switch

FEW = Limit(5, 10.0)
DAY = 86_400
OWN_ROLE = "role of the portal"
BLOCKED = 53003


def all_switches(state: State) -> list[Switch]:
    return [*_of_the_service(state), *_of_the_application(state)]


def _of_the_service(state: State) -> list[Switch]:
    def outage(is_on: bool) -> None:
        state.is_down = is_on

    def limit(is_on: bool) -> None:
        state.limits.pop("graph", None)
        if is_on:
            state.limits["graph"] = Limit(FEW.calls, FEW.seconds)

    def downgrade(is_on: bool) -> None:
        state.has_premium = not is_on

    def empty(is_on: bool) -> None:
        state.empty_pages = is_on

    def forget(is_on: bool) -> None:
        state.delta_era += 1

    def confuse(is_on: bool) -> None:
        state.has_odd_deltas = is_on

    return [
        Switch("outage", "Outage: every call answers 503", state.is_down, outage),
        Switch("rate-limit", "Rate limit: five calls in ten seconds", "graph" in state.limits, limit),
        Switch("free", "No Entra P1: no sign-ins, audits of a week", not state.has_premium, downgrade),
        Switch("empty-pages", "Pages come empty now and then", state.empty_pages, empty),
        Switch("forget", "Forget all tokens for changes", False, forget),
        Switch("odd-deltas", "Changes are told twice", state.has_odd_deltas, confuse),
        *service_switches(state),
    ]


def _of_the_application(state: State) -> list[Switch]:
    principal = state.directory.service_principal_of(state.client_id)
    is_elevated = OWN_ROLE in state.directory.role_assignments

    def withdraw(is_on: bool) -> None:
        for row in state.directory.app_roles_of(principal.id) if principal else []:
            del state.directory.app_roles[row["id"]]

    def remove(is_on: bool) -> None:
        """Consent makes it anew."""
        for each in state.directory.service_principals():
            if each.properties["appId"] == state.client_id:
                state.directory.delete(each, state.now())

    def block(is_on: bool) -> None:
        state.login.refuses = BLOCKED if is_on else 0

    def elevate(is_on: bool) -> None:
        state.directory.role_assignments.pop(OWN_ROLE, None)
        if is_on and principal:
            state.directory.role_assignments[OWN_ROLE] = {
                "id": OWN_ROLE,
                "principalId": principal.id,
                "roleDefinitionId": PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
                "directoryScopeId": "/",
                "condition": None,
            }

    def ask_again(is_on: bool) -> None:
        notifications.ask_for_reauthorization(state)

    def end_subscriptions(is_on: bool) -> None:
        for name in list(state.subscriptions):
            notifications.remove(state, name)

    return [
        Switch("withdrawn", "Take back what was consented to", False, withdraw),
        Switch("removed", "Remove the enterprise application", principal is None, remove),
        Switch("expired", "The client secret has expired", _has_expired(state), lambda is_on: _expire(state, is_on)),
        Switch("blocked", "Conditional Access blocks the application", state.login.refuses == BLOCKED, block),
        Switch(
            "assignment",
            "Graph requires an assignment",
            _requires_assignment(state),
            lambda is_on: _require_assignment(state, is_on),
        ),
        Switch("elevated", "The application reaches administrators", is_elevated, elevate),
        Switch("reauthorize", "Ask to reauthorize the subscriptions", False, ask_again),
        Switch("unsubscribed", "End all subscriptions", False, end_subscriptions),
    ]


def _has_expired(state: State) -> bool:
    return any(seconds(each["endDateTime"]) <= state.now() for each in _secrets(state))


def _expire(state: State, is_on: bool) -> None:
    for each in _secrets(state):
        each["endDateTime"] = iso(state.now() - DAY if is_on else state.now() + 180 * DAY)


def _secrets(state: State) -> list[dict[str, str]]:
    application = state.directory.application_of(state.client_id)
    return application.properties["passwordCredentials"] if application else []


def _graph(state: State) -> dict[str, object]:
    return state.directory.named(SERVICE_PRINCIPAL, "Microsoft Graph").properties


def _requires_assignment(state: State) -> bool:
    return bool(_graph(state)["appRoleAssignmentRequired"])


def _require_assignment(state: State, is_on: bool) -> None:
    _graph(state)["appRoleAssignmentRequired"] = is_on
