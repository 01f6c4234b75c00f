"""Who are we connected to, and what may we do there? Asked at connecting, at Test now and before scans."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    Action,
    ActionKind,
    Capability,
    Client,
    Feed,
    MissingPermission,
    PermissionMissing,
    Tenant,
)
from connectors.dropbox import admin, mapping
from connectors.dropbox.reading import ask, document, rows_of
from connectors.dropbox.refusals import GRANT

SERVICE_WORDS = ("svc", "service", "bot", "admin", "automation", "integration", "gatehouse", "connector")
FILE_EVENTS = "has_team_file_events"
NO_FILE_EVENTS = (
    "The plan of this team records no activity on files: what members open, download and change is not seen. Sign-ins, "
    "sharing and what admins do is."
)


def check(client: Client) -> Tenant:
    """Raises PermissionMissing for a consent without a team, and for one of somebody else than was wanted."""
    profile = admin.profile(client)
    email = mapping.text(profile.get("email"))
    _expect(client.config.get("admin_email", ""), email)
    team = document(ask(client, "team/get_info"), "team_id")
    granted = client.granted_scopes
    return Tenant(
        id=mapping.text(team["team_id"]),
        name=mapping.text(team.get("name")) or mapping.text(team["team_id"]),
        url="https://www.dropbox.com/team/admin/members",
        connected_as=email,
        granted=granted,
        missing=tuple(_missing(client, granted)),
        warnings=(*_personal(email), *_without_file_events(client)),
    )


def _expect(wanted: str, email: str) -> None:
    if wanted and wanted.casefold() != email.casefold():
        raise PermissionMissing(
            f"{email} consented, and not {wanted}.",
            why="Dropbox takes whoever is signed in in this browser.",
            remedy="Sign in to Dropbox as the wanted team admin and connect again, or choose Edit details.",
            permission="team admin",
        )


def _missing(client: Client, granted: tuple[str, ...]) -> Iterator[MissingPermission]:
    """Dropbox names the scopes with the consent."""
    for scope in client.setup.scopes():
        if scope not in granted:
            yield MissingPermission(scope, _closed_by(client, scope), GRANT)


def _closed_by(client: Client, scope: str) -> tuple[Capability | ActionKind, ...]:
    """What cannot be done without it, by what feeds and actions say that they need."""
    found: dict[Capability | ActionKind, None] = {}
    offers: tuple[Feed | Action, ...] = (*client.connector.feeds, *client.connector.actions)
    for each in offers:
        if scope in each.permissions:
            found |= dict.fromkeys(each.serves if isinstance(each, Feed) else (each.kind,))
    return tuple(found)


def _personal(email: str) -> Iterator[str]:
    if not any(word in email.lower() for word in SERVICE_WORDS):
        yield (
            f"The account {email} looks like a person's (nothing in its name says otherwise). When that person leaves, "
            "the connection ends: better connect with an account made for this purpose alone."
        )


def _without_file_events(client: Client) -> Iterator[str]:
    answer = ask(client, "team/features/get_values", {"features": [FILE_EVENTS]})
    values: list[Mapping[str, Any]] = rows_of(answer, "values", ".tag")
    told = [mapping.part(each, FILE_EVENTS) for each in values if each[".tag"] == FILE_EVENTS]
    if any(each.get("enabled") is False for each in told):
        yield NO_FILE_EVENTS
