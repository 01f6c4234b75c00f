"""Contoso's tenant in the sandbox, and the portal's app that an admin of it consented to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.base import Activity, Client, Cursor, MemorySecrets, Network
from connectors.catalogue import catalogue
from tests.sandbox import Sandbox
from tests.sandbox.exchange import Exchange
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.seed import CLIENT_ID, TENANT_ID
from tests.sandbox.microsoft.seed_apps import CLIENT_SECRET
from tests.sandbox.microsoft.state import State

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
CONFIG = {"tenant_id": TENANT_ID, "client_id": CLIENT_ID}


@dataclass
class Tenant:
    """Read by the connector as the portal would. `cursors`: where each feed and partition stands."""

    sandbox: Sandbox
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({"client_secret": CLIENT_SECRET}))
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return self.sandbox.microsoft.state

    def begin(self) -> None:
        self.sandbox.reset()
        self.sandbox.clock.freeze(NOON)
        consent(self.state)
        self.secrets, self.cursors = MemorySecrets({"client_secret": CLIENT_SECRET}), {}

    def client(self) -> Client:
        connector = catalogue()["office365"]
        return Client(
            connector,
            connector.method("client_secret"),
            config=CONFIG,
            secrets=self.secrets,
            network=Network(self.sandbox.overrides()),
            now=self.now,
        )

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now(), UTC)

    def read(self, feed: str, partition: str = "", most: int | None = None) -> list[Activity]:
        """Goes on where the feed stood, to its end or for some pages."""
        found: list[Activity] = []
        pages = catalogue()["office365"].feed(feed).pages(self.client(), self.cursors.get((feed, partition)), partition)
        for number, page in enumerate(pages, 1):
            found += [each for each in page.records if isinstance(each, Activity)]
            self.cursors[feed, partition] = page.cursor
            if number == most:
                break
        return found

    def asked(self, host: str, path: str = "") -> list[Exchange]:
        """What the host was asked for, with this in its path."""
        return [each for each in self.sandbox.requests if each.host == host and path in each.path]
