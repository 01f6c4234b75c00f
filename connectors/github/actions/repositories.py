"""A repository as it is now, whatever its name: what the actions on repositories and their sharing have in common."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Client, Facts, NotAvailable, Order
from connectors.github.reading import document

Repository = Mapping[str, Any]
"""As GitHub gives it: {id, full_name, visibility, archived, default_branch, forks_count, ...}."""

ADMINISTRATION = ("repo", "administration:write")
"""What changing a repository takes: the scope of an OAuth App, the permission of a GitHub App."""
ARCHIVED = "This repository is archived, and GitHub changes nothing in it. Unarchive it in GitHub first."


def is_repository(facts: Facts) -> bool:
    return bool(facts["kind"] == "repository")


def repository(client: Client, number: str) -> Repository:
    """By its id, which survives renaming. Raises TargetGone."""
    return document(client.get(f"/repositories/{number}"), "id", "full_name", "visibility")


def path_of(found: Repository, rest: str = "") -> str:
    return f"/repos/{found['full_name']}{rest}"


def change(client: Client, order: Order, **members: Any) -> Repository:
    """Changes members of the target that are not so yet: GitHub refuses a visibility that it has already.

    Raises NotAvailable where a rule forbids it.
    """
    found = repository(client, order.target.id)
    if all(found.get(name) == value for name, value in members.items()):
        return found
    answer = client.patch(path_of(found), json=members, expect=(422,))
    if answer.status == 422:
        raise NotAvailable(
            f"GitHub does not change {order.target.name} so.",
            why="A rule of the organisation or of its enterprise forbids it.",
            remedy="See Member privileges in the settings of the organisation, and the policies of the enterprise.",
        )
    return document(answer, "id", "full_name", "visibility")


def refuse_archived(client: Client, number: str) -> str:
    """GitHub refuses every change of an archived repository but its unarchiving."""
    return ARCHIVED if repository(client, number).get("archived") else ""
