"""Tells the webhooks of an organisation, and of the apps installed there, what has happened in it."""

from collections.abc import Callable, Iterable

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Json, Request
from tests.sandbox.github import webhook_payloads
from tests.sandbox.github.announcement import Announcement
from tests.sandbox.github.app import Installation
from tests.sandbox.github.hook import Delivery, Hook, guid
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.shapes import node_id
from tests.sandbox.github.site import SERVER_VERSION, Site

# What only the webhook of an app hears, and what it hears without asking.
APPS_ONLY = frozenset({"installation", "personal_access_token_request"})
ALWAYS = frozenset({"installation"})
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
                self._announce(organisation, announcement)
            organisation.announcements.clear()

    def _announce(self, organisation: Organisation, announcement: Announcement) -> None:
        only, old = announcement.subject.hook, announcement.subject.delivery
        if only and old:
            self._queue(organisation, only, old.event, old.payload, old)
            return
        hooks = [only] if only else list(organisation.hooks.values())
        installations = [] if only else self._installations(organisation, announcement)
        if not hooks and not installations:
            return
        for event, payload in webhook_payloads.payloads(self.request, organisation, announcement):
            for hook in hooks:
                if event not in APPS_ONLY and hook.wants(event):
                    self._queue(organisation, hook, event, payload)
            for installation in installations:
                if event in ALWAYS or event in installation.events:
                    self._tell_app(organisation, installation, event, payload)

    @staticmethod
    def _installations(organisation: Organisation, announcement: Announcement) -> list[Installation]:
        """Whose apps listen. An app that was thrown out hears of that, but of nothing after it."""
        only = announcement.subject.installation
        held = [only] if only else [each for each in organisation.installations.values() if not each.suspended_at]
        return [each for each in held if each.app.hook.url]

    def _tell_app(self, organisation: Organisation, installation: Installation, event: str, payload: Json) -> None:
        named = {"id": installation.id, "node_id": node_id("I", installation.id)}
        self._queue(organisation, installation.app.hook, event, {"installation": named, **payload})

    def _queue(
        self, organisation: Organisation, hook: Hook, event: str, payload: Json, old: Delivery | None = None
    ) -> None:
        number = organisation.next_id()
        name = old.guid if old else guid(str(number))
        delivery = Delivery(number, name, event, payload, {}, self.clock.now(), is_redelivery=old is not None)
        delivery.repository_id = payload.get("repository", {}).get("id")
        delivery.installation_id = payload.get("installation", {}).get("id")
        kind, target_id = ("integration", hook.app_id) if hook.app_id else ("organization", organisation.id)
        target = {
            "X-GitHub-Hook-Installation-Target-Type": kind,
            "X-GitHub-Hook-Installation-Target-ID": str(target_id),
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
