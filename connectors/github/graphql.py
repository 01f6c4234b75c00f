"""The one GraphQL query, and GraphQL's errors, which come with status 200."""

from collections.abc import Mapping
from typing import Any

from connectors.base import BadResponse, Client, RateLimited
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


class QueryRefused(Exception):
    """GraphQL does not serve this query to this token; REST's lists may."""


def ask(client: Client, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """`data` of the answer; single fields that were refused are null in it.

    Raises QueryRefused, or one of the nine errors where REST would say the same.
    """
    found = document(client.post("/graphql", json={"query": query, "variables": dict(variables)}))
    data = found.get("data")
    if isinstance(data, Mapping) and _is_usable(data):
        if not _has_ids(data):
            raise QueryRefused("databaseId")
        return data
    errors = found.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], Mapping):
        raise _error(errors[0])
    raise BadResponse(
        "GitHub answered a GraphQL query without data.",
        remedy="It is tried again by itself. If it stays, report this as a fault of the connector.",
    )


def _is_usable(data: Mapping[str, Any]) -> bool:
    members = (data.get("organization") or {}).get("membersWithRole")
    return isinstance(members, Mapping) and isinstance(members.get("edges"), list) and "pageInfo" in members


def _has_ids(data: Mapping[str, Any]) -> bool:
    """Ids are 32-bit numbers in GraphQL, and null where they do not fit; REST always has them."""
    edges = data["organization"]["membersWithRole"]["edges"]
    return all(edge["node"].get("databaseId") for edge in edges if edge and edge.get("node"))


def _error(error: Mapping[str, Any]) -> Exception:
    if error.get("type") == "RATE_LIMITED":
        return RateLimited("GitHub asks for a pause (GraphQL).", retry_after=60)
    return of_message(str(error.get("message", ""))) or QueryRefused(str(error.get("type", "")))
