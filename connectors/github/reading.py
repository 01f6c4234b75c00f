"""How GitHub's answers are read."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Answer, BadResponse, Client


def organisation_path(client: Client, rest: str = "") -> str:
    return f"/orgs/{client.config['organization']}{rest}"


def rows(answer: Answer) -> list[Mapping[str, Any]]:
    """A list of objects. Raises BadResponse for anything else."""
    found = answer.json()
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise BadResponse(
            f"GitHub answered something else than a list ({answer.where}).",
            remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
        )
    return found


def document(answer: Answer) -> Mapping[str, Any]:
    """An object. Raises BadResponse for anything else."""
    found = answer.json()
    if not isinstance(found, Mapping):
        raise BadResponse(
            f"GitHub answered something else than an object ({answer.where}).",
            remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
        )
    return found
