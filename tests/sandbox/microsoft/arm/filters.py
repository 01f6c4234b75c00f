"""The filters that lists of roles take."""

import re
from collections.abc import Callable

from tests.sandbox.microsoft.arm import rights, scopes
from tests.sandbox.microsoft.arm.asking import Asked
from tests.sandbox.microsoft.arm.refusals import bad

PRINCIPAL = re.compile(r"principalId eq '?\{?([0-9a-fA-F-]{36})\}?'?")
ASSIGNED = re.compile(r"assignedTo\('\{?([0-9a-fA-F-]{36})\}?'\)")
Holds = Callable[[str, str], bool]


def chosen(asked: Asked) -> Holds:
    """From the scope and the principal of a row to whether it is wanted: what is at the scope, above or below it, less
    what the filter leaves out."""
    text = asked.call.request.parameter("$filter").strip()
    wants = [_clause(asked, each.strip()) for each in text.split(" and ")] if text else []
    return lambda scope, principal_id: _is_near(asked, scope) and all(each(scope, principal_id) for each in wants)


def _is_near(asked: Asked, scope: str) -> bool:
    azure = asked.azure
    return azure.is_at_or_above(scope, asked.scope) or azure.is_at_or_above(asked.scope, scope)


def _clause(asked: Asked, text: str) -> Holds:
    if text.lower() == "atscope()":
        return lambda scope, _: asked.azure.is_at_or_above(scope, asked.scope)
    if text.lower() == "astarget()":
        return lambda _, principal_id: principal_id in asked.whose
    match = PRINCIPAL.fullmatch(text)
    if match:
        wanted = match[1].lower()
        return lambda _, principal_id: principal_id == wanted
    match = ASSIGNED.fullmatch(text)
    if match:
        whose = rights.identities(asked.call.state.directory, match[1].lower())
        return lambda _, principal_id: principal_id in whose
    raise bad(f"The filter '{text}' is not supported.", "InvalidFilter")


def role_definition_id(asked: Asked, role_id: str) -> str:
    """With the subscription that was asked in front, where one was."""
    subscription_id = scopes.subscription_id(asked.scope)
    base = f"/subscriptions/{subscription_id}" if subscription_id else ""
    return f"{base}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"
