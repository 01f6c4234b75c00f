"""Tells an organisation's webhooks what has happened in it."""

from collections.abc import Callable, Iterable

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github import webhook_payloads
from tests.sandbox.github.announcement import Announcement
from tests.sandbox.github.hook import Delivery, Hook, guid
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.site import SERVER_VERSION, Site

# URL, headers, body -> the status that came back, 0 when none did.
Deliver = Callable[[str, dict[str, str], bytes], int]


class Announcer:
    """Payloads are made when something happens; `waiting` holds them until they are sent, oldest first.

    `request`: a call at the vendor's API host, for the addresses that stand in payloads.
    """

    def __init__(self, clock: Clock, site: Site) -> None:
        self.clock = clock
        self.site = site
        prefix = "/api/v3" if site.is_server else ""
        self.request = Request("GET", site.api_host, "/", [], {}, b"", prefix=prefix)
        self.waiting: list[tuple[Hook, Delivery]] = []

    def collect(self, organisations: Iterable[Organisation]) -> None:
        """What happened since the last time -> deliveries."""
        for organisation in organisations:
            for announcement in organisation.announcements:
                if organisation.hooks or announcement.subject.hook:
                    self._announce(organisation, announcement)
            organisation.announcements.clear()

    def _announce(self, organisation: Organisation, announcement: Announcement) -> None:
        only, old = announcement.subject.hook, announcement.subject.delivery
        if only and old:
            self._queue(organisation, only, old.event, old.payload, old.guid)
            return
        hooks = [only] if only else list(organisation.hooks.values())
        for event, payload in webhook_payloads.payloads(self.request, organisation, announcement):
            for hook in hooks:
                if hook.wants(event):
                    self._queue(organisation, hook, event, payload)

    def _queue(self, organisation: Organisation, hook: Hook, event: str, payload: Json, name: str = "") -> None:
        number = organisation.next_id()
        delivery = Delivery(number, name or guid(str(number)), event, payload, {}, self.clock.now())
        delivery.is_redelivery = bool(name)
        delivery.repository_id = payload.get("repository", {}).get("id")
        target = {
            "X-GitHub-Hook-Installation-Target-Type": "organization",
            "X-GitHub-Hook-Installation-Target-ID": str(organisation.id),
        }
        if self.site.is_server:
            target |= {"X-GitHub-Enterprise-Host": self.site.web_host, "X-GitHub-Enterprise-Version": SERVER_VERSION}
        hook.prepare(delivery, target)
        self.waiting.append((hook, delivery))

    def send(self, deliver: Deliver) -> None:
        """Everything that waits; no second attempt is made, as with the vendor."""
        while self.waiting:
            hook, delivery = self.waiting.pop(0)
            started = self.clock.now()
            delivery.status_code = deliver(hook.url, delivery.headers, hook.body_of(delivery))
            delivery.duration = round(self.clock.now() - started, 2)
            delivery.is_sent = True
