"""A stateful simulation of Dropbox for teams: its consent page and API v2 (api, content and notify hosts).

Written from the vendor's documentation as collected in the project's fact sheet. Where that is silent, the stricter
reading was taken: an admin (Select-Admin) writes and governs team folders alone, not what is in homes or what members
share; a route for members alone refuses Select-Admin with invalid_select_admin.

Not simulated:
- Routes other than those of the ROUTES in each module: copying, batches of uploads and moves, links' files, file
  requests, property groups, Paper beyond an exported document, legal holds, devices of one member, bulk suspension,
  making and changing groups, inviting members, archiving team folders, sharing a folder anew.
- The legacy token of the implicit flow; a refresh without secret for a consent that did not begin with PKCE is let in.
- The consent page is always shown, and whoever is picked there is signed in; include_granted_scopes, force_reapprove
  and require_role are ignored.
- Long polling answers at once. Limits of concurrent lists, of upload volume, of members in a call.
- A team space: `State.team_root_id` and features can be set, its content is a namespace like any other.
- Events: only what the routes here change is written to the log, by an actor that the sheet does not confirm for calls
  of an app; geographic places have no city.
- Search looks at names alone. Restoring a folder as a whole, rewinding, shared-folder invitations that wait for an
  answer, access inheritance, viewers without comments.
- Moves between namespaces keep ids; the vendor makes new ones for what changes hands.
- Webhooks: back-off and the end after ten minutes; the notification of changed memberships.
"""

import threading
from urllib.parse import urlsplit

from tests.sandbox import postman
from tests.sandbox.clock import Clock
from tests.sandbox.dropbox import (
    changing,
    consent_page,
    console_page,
    devices,
    file_members,
    governing,
    groups,
    growth,
    linked_apps,
    listing,
    locking,
    members,
    reading,
    seed,
    shared_folders,
    shared_links,
    team_content,
    team_info,
    team_log,
    uploading,
)
from tests.sandbox.dropbox.oauth import OAuth
from tests.sandbox.dropbox.refusal import TooMany, Unauthorized
from tests.sandbox.dropbox.router import Router
from tests.sandbox.dropbox.routes import Route
from tests.sandbox.dropbox.seed import ADMIN, APP_KEY, APP_SECRET, REDIRECT_URI, SECOND_ADMIN
from tests.sandbox.dropbox.state import Sent, State
from tests.sandbox.dropbox.switches import switches_of
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.dropbox.webhooks import Announcer, Ask, Deliver, verify
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.faults import HTML_PAGE, Fault, FaultKind
from tests.sandbox.simulator import Switch

__all__ = ["ADMIN", "APP_KEY", "APP_SECRET", "REDIRECT_URI", "SECOND_ADMIN", "Dropbox"]

WEB_HOST = "www.dropbox.com"
CONSOLE = "/developers/apps/info/gatehouse"
API_HOSTS = ("api.dropboxapi.com", "content.dropboxapi.com", "notify.dropboxapi.com")
MODULES = (
    team_info, members, groups, governing, devices, linked_apps, team_log, team_content, listing, reading, uploading,
    changing, locking, shared_links, file_members, shared_folders,
)  # fmt: skip
ROUTES: dict[str, Route] = {
    route.name: route
    for module in MODULES
    for route in module.ROUTES
}


class Dropbox:
    """`state` is everything there is; tests may read and change it between calls.

    `deliver` takes what webhooks send, by default it is kept in `state.sent`; `ask` fetches the answer to a challenge.
    `sends_at_once`: webhooks are told at the end of each call; otherwise somebody calls `send` now and then.
    """

    title = "Dropbox"
    hosts = (WEB_HOST, *API_HOSTS)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._state: State | None = None
        self._registered: list[str] = []
        self._lock = threading.RLock()
        self.deliver: Deliver = self._collect
        self.ask: Ask = postman.get
        self.sends_at_once = True

    def register(self, portal: str) -> None:
        """The callback address of a portal at this address is entered in the App Console, now and after a reset."""
        with self._lock:
            self._registered.append(f"{portal.rstrip('/')}{urlsplit(REDIRECT_URI).path}")
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
            known = state.application.redirect_uris
            known += [each for each in self._registered if each not in known]
            self._oauth = OAuth(state)
            self._router = Router(state, ROUTES)
            self._announcer = Announcer(state)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            if self.state.is_down:
                return Answer.of_html(HTML_PAGE.format(title="503 Service Unavailable"), 503)
            answer = self._answer(request)
        if self.sends_at_once:
            self.send()
        return answer

    def send(self) -> None:
        """Tell the webhooks what has happened. Whoever is told may call back: no lock is held meanwhile."""
        with self._lock:
            if self._state is None:
                return  # nothing has
            announcer = self._announcer
            announcer.collect()
        announcer.send(self.deliver)

    def _collect(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.state.sent.append(Sent(url, headers, body))
        return 200

    def grow(self, files: int) -> None:
        """That many more files, in the homes of active members."""
        with self._lock:
            growth.add_files(self.state, files)

    def add_webhook(self, url: str) -> str:
        """As by hand in the App Console: why it is refused, "" when it is added."""
        return verify(self.state, self.ask, url)

    def _answer(self, request: Request) -> Answer:
        if request.host == WEB_HOST:
            return self._page(request)
        if request.path == "/oauth2/token" and request.host == "api.dropboxapi.com":
            return self._oauth.token(request)
        return self._router.answer(request)

    def _page(self, request: Request) -> Answer:
        if request.path == "/oauth2/authorize" and request.method in ("GET", "POST"):
            return self._oauth.authorize(request)
        if request.path == CONSOLE and request.method in ("GET", "POST"):
            problem = self.add_webhook(request.form().get("uri", "")) if request.method == "POST" else ""
            return Answer.of_html(console_page.console(self.state, problem))
        return Answer.of_html(consent_page.page("Error (404)", "<h1>Error (404)</h1>"), 404)

    def refuse(self, request: Request, fault: Fault) -> Answer:
        if fault.kind is FaultKind.UNAUTHORIZED:
            return Unauthorized(tagged("invalid_access_token")).answer("")
        is_write = fault.kind is FaultKind.SECONDARY_RATE_LIMIT
        reason = "too_many_write_operations" if is_write else "too_many_requests"
        return TooMany(reason, fault.retry_after, self.state.limit_body).answer("..")

    def credentials(self) -> list[tuple[str, str]]:
        return [("App key", APP_KEY), ("App secret", APP_SECRET)]

    def switches(self) -> list[Switch]:
        return switches_of(self.state)


def simulators(clock: Clock) -> dict[str, Dropbox]:
    """What the sandbox starts with."""
    return {"dropbox": Dropbox(clock)}
