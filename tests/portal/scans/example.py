"""A small app of our own: a vendor on 127.0.0.1 that can be told to misbehave, and a connector that reads it.

It has what no single real app has: a snapshot, a snapshot in partitions, changes, and changes that start full.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import (
    Account,
    Activity,
    ActivityCategory,
    Answer,
    AuthMethod,
    Capability,
    Client,
    Conflict,
    Connector,
    ConnectorError,
    Cursor,
    CursorExpired,
    Field,
    Gone,
    Group,
    Membership,
    NotAvailable,
    Page,
    Partition,
    Privilege,
    Setup,
    StaticToken,
    Tenant,
    Unavailable,
    changes,
    conditional_page,
    snapshot,
)
from tests.connectors.base.vendor import Says, Seen, Vendor, says

HOST = "api.example.com"
TOKEN = "tok-S3CRET-of-the-example"
PAGE_SIZE = 2
FIRST_EVENT = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=20)
"""Never so long ago that it is no longer kept."""


@dataclass
class ExampleVendor:
    """What is in the app; `labels` is a list that only grows: "-red" says that red is gone."""

    accounts: list[str]
    regions: dict[str, list[str]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    events: int = 0
    server: Vendor = field(default_factory=Vendor)
    before_answer: Callable[[str], None] = lambda path: None
    has_etags: bool = True
    _troubles: dict[str, list[Says]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.answer = self.answer

    @property
    def calls(self) -> list[str]:
        """Path and page of each request, oldest first."""
        return [f"{each.path}?{each.query.get('page', '')}" for each in self.server.seen]

    def trouble(self, path: str, *answers: Says) -> None:
        """The next calls of this path (with `?page` for one page) are answered so."""
        self._troubles.setdefault(path, []).extend(answers)

    def answer(self, request: Seen) -> Says:
        page = int(request.query.get("page", 0))
        self.before_answer(request.path)
        for where in (f"{request.path}?{page}", request.path):
            if self._troubles.get(where):
                return self._troubles[where].pop(0)
        if request.path == "/revoke":
            return says({})
        if request.path == "/regions":
            return says(list(self.regions))
        return self._tagged(request, self._page(request.path, page))

    def _items(self, path: str) -> list[Any]:
        if path.startswith("/regions/"):
            return self.regions[path.removeprefix("/regions/")]
        if path == "/events":
            return list(range(self.events))
        if path == "/labels":
            return self.labels
        return self.accounts

    def _page(self, path: str, page: int) -> Says:
        items = self._items(path)
        start = page * PAGE_SIZE
        more = start + PAGE_SIZE < len(items)
        found = items[start : start + PAGE_SIZE]
        said = says({"items": found, "next": page + 1 if more else None, "count": len(items)})
        if more:
            said.headers["Link"] = f'<https://{HOST}{path}?page={page + 1}>; rel="next"'
        return said

    def _tagged(self, request: Seen, said: Says) -> Says:
        """With the ETag of the items alone: neither what follows them nor how many there are changes it."""
        if not self.has_etags:
            return said
        etag = f'"{hashlib.sha256(json.dumps(json.loads(said.body)["items"]).encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Says(304, headers={"ETag": etag})
        said.headers["ETag"] = etag
        return said


def _pages(client: Client, path: str, cursor: Cursor) -> Iterator[tuple[list[Any], Cursor, int]]:
    """The pages after the cursor: {"page": n} reads page n next, {"page": None} has read them all."""
    page = cursor["page"] if cursor else 0
    while page is not None:
        document = client.get(path, params={"page": page}).json()
        page = document["next"]
        yield document["items"], {"page": page}, document["count"]


@snapshot(Account, Privilege, title="Accounts", serves=(Capability.ACCOUNTS,))
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    for items, after, count in _pages(client, "/accounts", cursor):
        people = [Account(id=f"u{name}", name=name, email=f"{name}@contoso.example", raw={"n": name}) for name in items]
        yield Page([*people, *(Privilege(holder_id=each.id, name="member") for each in people)], after, count)


@snapshot(Account, Privilege, title="People", serves=(Capability.ACCOUNTS,))
def people(client: Client, cursor: Cursor) -> Iterator[Page]:
    """The same accounts, asked for by ETag."""
    url = cursor["next"] if cursor else "/accounts"
    while url:
        found = conditional_page(client, url)
        items = found.answer.json()["items"] if found.answer else []
        listed = [Account(id=f"u{name}", name=name, email=f"{name}@contoso.example", raw={"n": name}) for name in items]
        privileges = [Privilege(holder_id=each.id, name="member") for each in listed]
        url = found.next
        yield found.page([*listed, *privileges], {"next": url}, is_full=len(items) == PAGE_SIZE)


def _regions(client: Client) -> Iterator[Partition]:
    for name in client.get("/regions").json():
        yield Partition(name, f"Region {name}")


@snapshot(Group, Membership, title="Teams", serves=(Capability.GROUPS,), partitions=_regions)
def teams(client: Client, cursor: Cursor, partition: str) -> Iterator[Page]:
    for items, after, _ in _pages(client, f"/regions/{partition}", cursor):
        groups = [Group(id=f"{partition}-{name}", name=name) for name in items]
        yield Page([*groups, *(Membership(group_id=each.id, member_id="uada") for each in groups)], after)


def _since(client: Client, path: str, cursor: Cursor) -> Iterator[tuple[list[Any], Cursor]]:
    """What was added to a list that only grows, page by page: {"seen": n} has read the first n."""
    seen = cursor["seen"] if cursor else 0
    while True:
        document = client.get(path, params={"page": seen // PAGE_SIZE}).json()
        fresh = document["items"][seen % PAGE_SIZE :]
        if not fresh:
            return
        seen += len(fresh)
        yield fresh, {"seen": seen}


@changes(
    Activity, title="Audit log", every=timedelta(minutes=5), serves=(Capability.ADMIN_ACTIVITY,), needs=("accounts",)
)
def events(client: Client, cursor: Cursor) -> Iterator[Page]:
    for numbers, after in _since(client, "/events", cursor):
        yield Page([_event(number) for number in numbers], after)


def _event(number: int) -> Activity:
    return Activity(
        id=f"e{number}", occurred_at=FIRST_EVENT + timedelta(minutes=number), action="door.opened",
        category=ActivityCategory.USER, actor_id="uada", raw={"number": number},
    )


@changes(Group, title="Labels", every=timedelta(minutes=5), serves=(Capability.GROUPS,), starts_full=True)
def labels(client: Client, cursor: Cursor) -> Iterator[Page]:
    for names, after in _since(client, "/labels", cursor):
        yield Page(
            [Gone(Group, name[1:]) if name.startswith("-") else Group(id=name, name=name) for name in names], after
        )


def classify(answer: Answer) -> ConnectorError | None:
    named: dict[int, ConnectorError] = {
        402: NotAvailable("The plan of Contoso does not offer this.", remedy="Upgrade the plan."),
        410: CursorExpired("The app does not know the place any more where reading ended."),
        423: Conflict("The list is locked at this moment."),
    }
    return named.get(answer.status)


def _revoke(setup: Setup) -> None:
    answer = setup.post_form(f"https://{HOST}/revoke", {"name": "gatehouse"})
    if answer.status != 200:
        raise Unavailable(f"The app did not revoke the token (status {answer.status}).")


METHOD = AuthMethod(
    "token", "Token", "", (Field("token", "Token", "", is_secret=True),), (), StaticToken(revoke=_revoke)
)


def connector(**declared: Any) -> Connector:
    values: dict[str, Any] = {
        "id": "example",
        "name": "Example",
        "summary": "",
        "base_url": lambda config: f"https://{HOST}",
        "hosts": lambda config: (HOST,),
        "methods": (METHOD,),
        "check": lambda client: Tenant(client.config["tenant"], "Contoso"),
        "feeds": (accounts, teams, events, labels),
        "classify": classify,
    }
    return Connector(**{**values, **declared})
