"""The team admin who consented."""

from collections.abc import Mapping
from typing import Any

from connectors.base import Client
from connectors.dropbox.reading import ask, document, having
from connectors.dropbox.signing_in import ADMIN

OWN = "the team admin who consented"
TEAM = "the team's id"


def profile(client: Client) -> Mapping[str, Any]:
    """{team_member_id, email, ...}, asked for once by each client."""
    kept = client.setup.memory.values
    if OWN not in kept:
        answer = ask(client.acting_as(""), "team/token/get_authenticated_admin")
        found = document(answer, "admin_profile")["admin_profile"]
        kept[OWN] = having(answer, found, "team_member_id")
    known: Mapping[str, Any] = kept[OWN]
    return known


def reading(client: Client) -> Client:
    """A client that reads what any member of the team has, and governs what belongs to the team as a whole."""
    return client.acting_as(ADMIN + str(profile(client)["team_member_id"]))


def team_id(client: Client) -> str:
    """Asked for once by each client."""
    kept = client.setup.memory.values
    if TEAM not in kept:
        kept[TEAM] = str(document(ask(client.acting_as(""), "team/get_info"), "team_id")["team_id"])
    return str(kept[TEAM])


def team_space(client: Client) -> str:
    """The namespace that holds the whole team's content; '' for a team whose members have homes alone."""
    told = profile(client)
    root = str(told.get("root_folder_id") or "")
    return root if root != str(told.get("member_folder_id") or "") else ""
