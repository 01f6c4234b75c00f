"""GitHub Apps that are installed in the organisation, and the accounts they act with."""

from collections.abc import Iterator
from urllib.parse import quote

from connectors.base import Account, Answer, Capability, Client, Cursor, Grant, OAuthApp, Page, snapshot
from connectors.github import mapping
from connectors.github.budget import CORE
from connectors.github.reading import document, objects
from connectors.github.scopes import READ_ADMINISTRATION, READ_ORG
from connectors.github.walking import Entries, Part, Row, walk


def installations(answer: Answer) -> list[Row]:
    return objects(answer, document(answer, "installations")["installations"], "id", "app_id")


INSTALLATIONS = Entries(
    "/installations",
    installations,
    lambda row: [str(row["id"]), str(row.get("app_slug") or "")],
    lambda row: (mapping.app(row), mapping.installation(row)),
)
BOT = Part(
    "bot",
    lambda note: f"/users/{quote(f'{note[1]}[bot]', safe='')}",
    lambda answer: [document(answer, "id", "login")],
    lambda note, row: (mapping.bot(row),),
)


@snapshot(
    OAuthApp,
    Grant,
    Account,
    title="Installed apps",
    serves=(Capability.APP_PERMISSIONS, Capability.ACCOUNTS),
    permissions=(READ_ORG, READ_ADMINISTRATION),
    limits=(CORE,),
)
def app_permissions(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Suspended ones, too. Which OAuth Apps members have authorised, GitHub tells nobody."""
    yield from walk(client, cursor, INSTALLATIONS, (BOT,))
