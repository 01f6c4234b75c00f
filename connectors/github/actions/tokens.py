"""Fine-grained personal access tokens: ending one's access to the organisation, and denying one that is asked for.

GitHub lets only a GitHub App see and change them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import ActionKind, Client, Credential, Facts, Gone, Order, Record, StepResult, action, link_pages
from connectors.github import ids, mapping
from connectors.github.reading import PER_PAGE, organisation_path, rows

TOKENS, REQUESTS = "personal-access-tokens", "personal-access-token-requests"


def listed(client: Client, kind: str) -> Iterator[Mapping[str, Any]]:
    """Grants or requests: {id, owner, token_name, permissions, ...}."""
    for answer in link_pages(client, organisation_path(client, f"/{kind}"), PER_PAGE):
        yield from rows(answer, "id")


# --- tokens ---------------------------------------------------------------------------------------------------------


def is_token(facts: Facts) -> bool:
    return ids.is_fine_grained_token(facts["id"])


def is_revoked(client: Client, order: Order) -> bool:
    return _row_now(client, order, TOKENS) is None


def read_back_token(client: Client, order: Order) -> Iterator[Record]:
    row = _row_now(client, order, TOKENS)
    yield mapping.fine_grained_token(row) if row else Gone(Credential, order.target.id)


def preview_revoking(client: Client, order: Order) -> tuple[str, ...]:
    return (
        f"The token {_name(order)} of {_owner(order)} no longer reaches the organisation and its repositories.",
        "The token itself stays with its owner, who can ask for access again.",
    )


@action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    label="Revoke the token's access",
    effect="The fine-grained token {name} loses access to the GitHub organisation {tenant} at once.",
    undo_effect="It cannot be undone from here: the owner of {name} asks for access again, and an owner approves it.",
    read_back=read_back_token,
    is_done=is_revoked,
    preview=preview_revoking,
    permissions=("organization_personal_access_tokens:write",),
    applies=is_token,
)
def revoke_fine_grained_token(client: Client, order: Order) -> StepResult:
    """The id is that of the grant, never the token's own."""
    return _decide(client, order, TOKENS, {"action": "revoke"})


# --- requests -------------------------------------------------------------------------------------------------------


def is_request(facts: Facts) -> bool:
    return ids.is_token_request(facts["id"])


def is_denied(client: Client, order: Order) -> bool:
    return _row_now(client, order, REQUESTS) is None


def read_back_request(client: Client, order: Order) -> Iterator[Record]:
    row = _row_now(client, order, REQUESTS)
    yield mapping.token_request(row) if row else Gone(Credential, order.target.id)


def preview_denying(client: Client, order: Order) -> tuple[str, ...]:
    return (
        f"{_owner(order)} is told that the token {_name(order)} gets no access to the organisation.",
        "Until now it had none, or only to what is public.",
    )


@action(
    ActionKind.REVOKE_CREDENTIAL,
    Credential,
    label="Deny the request",
    effect="The request for access of the fine-grained token {name} to the GitHub organisation {tenant} is denied.",
    undo_effect="It cannot be undone from here: the owner of {name} asks again.",
    read_back=read_back_request,
    is_done=is_denied,
    preview=preview_denying,
    permissions=("organization_personal_access_token_requests:write",),
    applies=is_request,
)
def deny_token_request(client: Client, order: Order) -> StepResult:
    return _decide(client, order, REQUESTS, {"action": "deny", "reason": "Denied by the security team."})


# --- what they share ------------------------------------------------------------------------------------------------


def _decide(client: Client, order: Order, kind: str, body: Mapping[str, str]) -> StepResult:
    """One call; what is gone already answers 404, and that is as good."""
    (number,) = ids.numbers(order.target.id)
    answer = client.post(organisation_path(client, f"/{kind}/{number}"), json=body, expect=(404,))
    return {"was_there": answer.status != 404}


def _row_now(client: Client, order: Order, kind: str) -> Mapping[str, Any] | None:
    (number,) = ids.numbers(order.target.id)
    return next((row for row in listed(client, kind) if str(row["id"]) == number), None)


def _owner(order: Order) -> str:
    return str((order.target.raw.get("owner") or {}).get("login") or "its owner")


def _name(order: Order) -> str:
    return str(order.target.raw.get("token_name") or order.target.name)
