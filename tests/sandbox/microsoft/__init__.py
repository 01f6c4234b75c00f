"""A stateful simulation of Microsoft's cloud for one tenant: its login host, Microsoft Graph, and more services.

Written from the vendor's documentation as collected in the project's fact sheet and from the vendor's schema of Graph.
Where both are silent, the stricter reading was taken.

Not simulated:
- Clouds other than Global, tenants other than Contoso's, tokens of users: applications sign in as themselves.
- The consent page is always shown, and whoever is picked there is signed in. A consent gives what the registration of
  the portal asks for, of all services at once, and takes nothing back.
- The ids of permissions are invented; callers must look them up. Of the directory roles nine are there. Which
  administrator outranks which is not told apart: two roles of an application reach every administrator, none other any.
- What a token holds is not checked again: a withdrawn permission, a removed application, a blocked sign-in show in the
  next token. A block by Conditional Access answers every call for a token, from wherever.
- Of $filter comparisons joined by `and` or by `or`, without parentheses; of $expand what assignments of roles have;
  of $orderby the display name; no $search, $count, $batch, which are refused. No beta.
- Dynamic groups hold whom the seed put there. What is added to a group with `members@odata.bind`, making users and
  groups, changing groups, administrative units, devices, policies, licences.
- Requests for roles that can be activated: only what is eligible is shown, and an assignment as active.
- The unified audit search of Graph, reports other than registrations of second factors.
- Resource units and the headers that tell of them. The general limit is off until a switch is turned.
- Subscriptions: rich notifications, sites; one that is not reauthorized lives on; slow endpoints are not slowed down;
  the vendor asks to reauthorize only when the switch is turned. Notifications reach https addresses alone, and in the
  demo none, as what carries them calls this machine alone over plain http.
- The proof that goes with removeKey is asked for and not looked at; of applications only keys and secrets can be
  removed, new ones come through the page of the registration.
"""

import threading
from urllib.parse import urlsplit

from tests.sandbox import postman
from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.faults import HTML_PAGE, Fault, FaultKind
from tests.sandbox.microsoft import seed, seed_apps, sharepoint
from tests.sandbox.microsoft.activity_feed import routes as feed_routes
from tests.sandbox.microsoft.activity_feed import webhook
from tests.sandbox.microsoft.activity_feed.growth import grow as grow_feed
from tests.sandbox.microsoft.activity_feed.refusals import FeedDialect
from tests.sandbox.microsoft.activity_feed.seed import cast_of
from tests.sandbox.microsoft.arm import event_grid
from tests.sandbox.microsoft.arm import routes as arm_routes
from tests.sandbox.microsoft.arm.refusals import ArmDialect
from tests.sandbox.microsoft.graph import notifications, routes
from tests.sandbox.microsoft.graph.refusals import GraphDialect
from tests.sandbox.microsoft.login import certificates, pages, registration_page
from tests.sandbox.microsoft.login.aadsts import Aadsts, busy
from tests.sandbox.microsoft.outbox import Ask, Deliver, Sent
from tests.sandbox.microsoft.router import Router, Surface
from tests.sandbox.microsoft.sharepoint.refusals import SharePointDialect
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.switches import all_switches
from tests.sandbox.postman import Got
from tests.sandbox.simulator import Switch

SHAREPOINT_HOSTS = ("contoso.sharepoint.com", "contoso-my.sharepoint.com")
SURFACES: list[Surface] = [
    Surface(
        ("graph.microsoft.com",), "https://graph.microsoft.com", ("/v1.0",), routes.ROUTES, GraphDialect(), "graph"
    ),
    Surface(
        (feed_routes.HOST,),
        "https://manage.office.com",
        feed_routes.PREFIXES,
        feed_routes.ROUTES,
        FeedDialect(),
        "activity feed",
    ),
    Surface((arm_routes.HOST,), "https://management.azure.com", ("",), arm_routes.ROUTES, ArmDialect()),
    Surface(SHAREPOINT_HOSTS, "", sharepoint.OPEN_PREFIXES, sharepoint.OPEN_ROUTES, GraphDialect()),
    *(
        Surface((host,), f"https://{host}", ("",), sharepoint.REST_ROUTES, SharePointDialect())
        for host in SHAREPOINT_HOSTS
    ),
]


class Microsoft:
    """`state` is everything there is; tests may read and change it between calls.

    `deliver` takes what webhooks send, by default it is kept in `state.sent`; `ask` fetches the answer to a handshake.
    `sends_at_once`: webhooks are told at the end of each call; otherwise somebody calls `send` now and then.
    """

    title = "Microsoft"
    hosts = (pages.HOST, registration_page.HOST, *(host for surface in SURFACES for host in surface.hosts))

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._state: State | None = None
        self._registered: list[str] = []
        self._lock = threading.RLock()
        self.deliver: Deliver = self._collect
        self.ask: Ask = postman.ask
        self.sends_at_once = True

    def register(self, portal: str) -> None:
        """The callback address of a portal at this address is entered in the registration, now and after a reset."""
        with self._lock:
            self._registered.append(f"{portal.rstrip('/')}{urlsplit(seed_apps.REDIRECT_URI).path}")
            if self._state is not None:
                self.adopt(self._state)

    def reset(self) -> None:
        """The seed is planted when somebody looks."""
        with self._lock:
            self._state = None

    @property
    def state(self) -> State:
        with self._lock:
            if self._state is None:
                self.adopt(seed.plant(self._clock))
            assert self._state is not None
            return self._state

    def adopt(self, state: State) -> None:
        with self._lock:
            self._state = state
            known = state.redirect_uris
            known += [each for each in self._registered if each not in known]
            self._router = Router(state, SURFACES, self._post, self._ask)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            answer = self._answer(request)
        if self.sends_at_once:
            self.send()
        return answer

    def _answer(self, request: Request) -> Answer:
        if self.state.is_down:
            return Answer.of_html(HTML_PAGE.format(title="503 Service Unavailable"), 503)
        if request.host == pages.HOST:
            return pages.answer(self.state, request)
        if request.host == registration_page.HOST:
            return registration_page.answer(self.state, request)
        return self._router.answer(request)

    def send(self) -> None:
        """Tell the webhooks what has happened. Whoever is told may call back: no lock is held meanwhile."""
        with self._lock:
            if self._state is None:
                return  # nothing has
            notifications.collect(self.state)
        webhook.tell(self.state, self.deliver)
        event_grid.tell(self.state, self.deliver)
        notifications.send(self.state, self.deliver)

    def grow(self, records: int) -> None:
        """So many audit records more, of files, spread over six days."""
        grow_feed(self.state.feed, cast_of(self.state), records, self._clock.now())

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        return self.deliver(url, headers, body)

    def _ask(self, url: str, headers: dict[str, str], body: bytes) -> Got:
        return self.ask(url, headers, body)

    def _collect(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.state.sent.append(Sent(url, headers, body))
        return 202

    def refuse(self, request: Request, fault: Fault) -> Answer:
        is_refused, now = fault.kind is FaultKind.UNAUTHORIZED, self._clock.now()
        if request.host in (pages.HOST, registration_page.HOST):
            return (Aadsts(7000215, now) if is_refused else busy(now, fault.retry_after)).answer(request)
        surface = Router(self.state, SURFACES, self._post, self._ask).surface(request)
        if is_refused:
            return surface.dialect.unauthorized("Access token has expired or is not yet valid.").answer(request)
        return surface.dialect.too_many(fault.retry_after).answer(request)

    def credentials(self) -> list[tuple[str, str]]:
        certificate, key = certificates.own(self.state)
        return [
            ("Directory (tenant) ID", seed.TENANT_ID),
            ("Application (client) ID", seed.CLIENT_ID),
            ("Client secret value", seed_apps.CLIENT_SECRET),
            ("Certificate", certificate),
            ("Private key of the certificate", key),
            ("Where another certificate is uploaded, and permissions are added", f"/~/{registration_page.HOST}/"),
        ]

    def switches(self) -> list[Switch]:
        return all_switches(self.state)


def simulators(clock: Clock) -> dict[str, Microsoft]:
    """What the sandbox starts with."""
    return {"microsoft": Microsoft(clock)}
