"""The team admin who consented."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Client
from connectors.dropbox.reading import ask, document, having

OWN = "the team admin who consented"


def profile(client: Client) -> Mapping[str, Any]:
    """{team_member_id, email, ...}, asked for once by each client."""
    kept = client.setup.memory.values
    if OWN not in kept:
        answer = ask(client, "team/token/get_authenticated_admin")
        found = document(answer, "admin_profile")["admin_profile"]
        kept[OWN] = having(answer, found, "team_member_id")
    known: Mapping[str, Any] = kept[OWN]
    return known
