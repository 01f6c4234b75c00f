"""The GraphQL queries, and GraphQL's errors, which come with status 200."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from connectors.base import BadResponse, Client, RateLimited
from connectors.github.budget import GRAPHQL
from connectors.github.products import graphql_url
from connectors.github.reading import document
from connectors.github.refusals import of_message

MEMBERS = """
query($organization: String!, $after: String) {
  organization(login: $organization) {
    membersWithRole(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { role hasTwoFactorEnabled node { databaseId login name email createdAt updatedAt url } }
    }
  }
}
"""
ADMINISTRATORS = """
query($enterprise: String!, $organization: String!, $after: String) {
  enterprise(slug: $enterprise) {
    ownerInfo {
      admins(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges {
          role
          node { databaseId login name createdAt url organization(login: $organization) { databaseId } }
        }
      }
    }
  }
}
"""


class QueryRefused(Exception):
    """GraphQL does not serve this query to this token; REST's lists may."""


def members(client: Client, after: str) -> Mapping[str, Any]:
    """A page of {pageInfo, edges}; edges may be null, and their nodes. Raises QueryRefused where ids are missing."""
    variables = {"organization": client.config["organization"], "after": after or None}
    found: Mapping[str, Any] = ask(client, MEMBERS, variables, _has_members)["organization"]["membersWithRole"]
    if not all(edge["node"].get("databaseId") for edge in found["edges"] if edge and edge.get("node")):
        # Ids are 32-bit numbers in GraphQL, and null where they do not fit; REST always has them.
        raise QueryRefused("databaseId")
    return found


def enterprise_administrators(client: Client, after: str) -> Mapping[str, Any]:
    """A page of {pageInfo, edges} of {role, node}; node.organization is null for who is not in the organisation. Raises
    QueryRefused where the enterprise does not show its administrators."""
    config = client.config
    variables = {"enterprise": config["enterprise"], "organization": config["organization"], "after": after or None}
    data = ask(client, ADMINISTRATORS, variables, _tells_of_administrators)
    if data["enterprise"]["ownerInfo"] is None:
        raise QueryRefused("ownerInfo")
    found: Mapping[str, Any] = data["enterprise"]["ownerInfo"]["admins"]
    nodes = [edge["node"] for edge in found["edges"] if edge and edge.get("node")]
    lacking = {node["login"]: node["databaseId"] for node in nodes if not node.get("databaseId")}
    numbers = _too_large(client, lacking)
    return {**found, "edges": [{**edge, "node": _numbered(edge["node"], numbers)} for edge in found["edges"] if edge]}


def _numbered(node: Mapping[str, Any] | None, numbers: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The node with its id; None where nobody has it."""
    if not node or node.get("databaseId"):
        return node
    return {**node, "databaseId": numbers[node["login"]]} if node["login"] in numbers else None


def numbers_of(client: Client, logins: Iterable[str]) -> dict[str, str]:
    """Login -> id, of those that GitHub knows; up to a hundred in one call."""
    named = aliases(logins)
    if not named:
        return {}
    fields = " ".join(f"{alias}: {user(login)} {{ databaseId }}" for alias, login in named.items())
    found = ask(client, f"query {{ {fields} }}", {}, lambda data: named.keys() <= data.keys())
    numbers = {login: (found[alias] or {}).get("databaseId") for alias, login in named.items() if found[alias]}
    return {login: str(number) for login, number in numbers.items() if number} | _too_large(client, numbers)


def profiles(client: Client, logins: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Login -> {name, email, createdAt} as people show themselves; up to a hundred in one call. Empty where GraphQL
    does not serve this token; those it does not know are missing."""
    named = aliases(logins)
    if not named:
        return {}
    fields = " ".join(f"{alias}: {user(login)} {{ name email createdAt }}" for alias, login in named.items())
    try:
        found = ask(client, f"query {{ {fields} }}", {}, bool)
    except QueryRefused:
        return {}
    return {login: found[alias] for alias, login in named.items() if found.get(alias)}


def aliases(logins: Iterable[str]) -> dict[str, str]:
    """Names for parts of a query, one for each login."""
    return {f"user{number}": login for number, login in enumerate(sorted(set(logins)))}


def user(login: str) -> str:
    """A login quoted as in JSON is a GraphQL text."""
    return f"user(login: {json.dumps(login)})"


def _too_large(client: Client, numbers: Mapping[str, Any]) -> dict[str, str]:
    """GraphQL's numbers have 32 bits; REST has all of them."""
    found = {}
    for login in (login for login, number in numbers.items() if not number):
        answer = client.get(f"/users/{quote(login, safe='')}", expect=(404,))
        if answer.status != 404:
            found[login] = str(document(answer, "id")["id"])
    return found


def ask(
    client: Client, query: str, variables: Mapping[str, Any], is_usable: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    """`data` of the answer, if it is usable; single fields that were refused are null in it.

    Raises QueryRefused, or one of the nine errors where REST would say the same.
    """
    data, errors = _answer(client, query, variables)
    if is_usable(data):
        return data
    raise _reason(errors)


def ask_whole(
    client: Client, query: str, variables: Mapping[str, Any], is_usable: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    """As `ask`, for queries in which null means that there is none: raises also where a single field was refused."""
    data, errors = _answer(client, query, variables)
    if is_usable(data) and not errors:
        return data
    raise _reason(errors)


def _answer(client: Client, query: str, variables: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Any]]:
    """`data` and `errors`, empty where they are missing."""
    found = document(client.post(graphql_url(client.config), json={"query": query, "variables": dict(variables)}))
    data, errors = found.get("data"), found.get("errors")
    return data if isinstance(data, Mapping) else {}, errors if isinstance(errors, list) else []


def _reason(errors: list[Any]) -> Exception:
    if errors and isinstance(errors[0], Mapping):
        return _error(errors[0])
    return BadResponse(
        "GitHub answered a GraphQL query without data.",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )


def _has_members(data: Mapping[str, Any]) -> bool:
    members = (data.get("organization") or {}).get("membersWithRole")
    return isinstance(members, Mapping) and isinstance(members.get("edges"), list) and "pageInfo" in members


def _tells_of_administrators(data: Mapping[str, Any]) -> bool:
    """To whoever is no owner of it, `ownerInfo` is null."""
    enterprise = data.get("enterprise") or {}
    if enterprise.get("ownerInfo", {}) is None:
        return True
    admins = enterprise.get("ownerInfo", {}).get("admins")
    return isinstance(admins, Mapping) and isinstance(admins.get("edges"), list) and "pageInfo" in admins


def _error(error: Mapping[str, Any]) -> Exception:
    if error.get("type") == "RATE_LIMITED":
        return RateLimited("GitHub asks for a pause (GraphQL).", retry_after=60, limit=GRAPHQL)
    return of_message(str(error.get("message", ""))) or QueryRefused(str(error.get("type", "")))
