"""A stateful simulation of Box: its consent page and its API 2.0, for one enterprise and some people outside it.

Written from Box's documentation as collected in the project's fact sheet and from its OpenAPI description. Where both
are silent, the stricter reading was taken.

Not simulated:
- The feeds of single users (stream types all, changes, sync), their long poll, search, comments, tasks, collections,
  file requests, metadata besides the classification, retention, legal holds, Shield lists, archives, zip downloads.
- Making users and groups, e-mail aliases, invitations into the enterprise; group admins' own rights.
- Moving a web link, sharing it, its trash; notes; folder locks; upload e-mail addresses; cascading labels.
- Opening a shared link in a browser; its password is kept but never asked for.
- Items age only when asked: the trash is never emptied by time, nothing tells of an expired link or collaboration.
- Downscoped tokens (token exchange), Box Verified Enterprise's own host, the monthly quota of calls.
- Content of others without As-User: an administrator sees it only by acting for the owner.
- Whether As-User calls count against the other user's limit is not known; here they count against the caller's.
- Ending sessions happens at once, and ends the grants of applications, too (unverified); it is told as
  REMOVE_LOGIN_ACTIVITY_DEVICE (unverified). So does a job that removes people from outside.
- After a refresh token was used twice the whole grant is ended; there is no grace period.
- Restoring into a folder that is gone, without naming another one, is refused with 403 (unverified).
- A direct upload above the limit is refused with 413, deleting the current version with 403 (both unverified).
- A former version stays listed while it lies in the trash of versions (unverified).
- The trash's total_count is one more than what it lists: it can be too large.
- A webhook that fails is never removed. In the demo none arrives: Box calls https addresses alone, and what carries the
  sandbox's deliveries calls plain http on this machine alone.
- The check before an upload (OPTIONS). What a deleted person had in trash is gone even if the rest was handed over.
"""

import threading

from tests.sandbox.box import (
    collaborations,
    devices,
    downloads,
    events,
    files,
    folders,
    groups,
    growth,
    hooks,
    keys,
    labels,
    newer,
    seed,
    sessions,
    trashing,
    upload_sessions,
    uploads,
    users,
    versions,
)
from tests.sandbox.box.oauth import OAuth
from tests.sandbox.box.outbox import Deliver
from tests.sandbox.box.refusal import rate_limited, unauthorized
from tests.sandbox.box.router import API_HOST, UPLOAD_HOSTS, Route, Router
from tests.sandbox.box.state import State
from tests.sandbox.box.switches import all_switches
from tests.sandbox.box.webhook import Sent
from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.faults import HTML_PAGE, Fault, FaultKind
from tests.sandbox.simulator import Switch

WEB_HOST = "account.box.com"


class Box:
    """`state` is everything there is; tests may read and change it between calls.

    `deliver` takes what webhooks send, by default it is kept in `state.sent`. `sends_at_once`: webhooks are told at the
    end of each call; otherwise somebody calls `send` now and then.
    """

    title = "Box"
    hosts = (WEB_HOST, API_HOST, *UPLOAD_HOSTS, downloads.HOST)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._state: State | None = None
        self._lock = threading.RLock()
        self.deliver: Deliver = self._collect
        self.sends_at_once = True

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
            self._oauth = OAuth(state)
            self._router = Router(state, ROUTES)

    @property
    def routes(self) -> list[Route]:
        return ROUTES

    def answer(self, request: Request) -> Answer:
        with self._lock:
            answer = self._answer(request)
        if self.sends_at_once:
            self.send()
        return answer

    def _answer(self, request: Request) -> Answer:
        if self.state.is_down:
            return Answer.of_html(HTML_PAGE.format(title="503 Service Unavailable"), 503)
        if request.host == WEB_HOST:
            return self._oauth.page(request)
        if request.host == downloads.HOST:
            return downloads.fetched(self.state, request)
        if request.path == "/oauth2/token" and request.method == "POST":
            return self._oauth.token(request)
        if request.path == "/oauth2/revoke" and request.method == "POST":
            return self._oauth.revoke(request)
        return self._router.answer(request)

    def send(self) -> None:
        """Tell the webhooks what has happened. Whoever is told may call back: no lock is held meanwhile."""
        self.state.outbox.send(self.deliver, self.state.applications, self._clock.now())

    def _collect(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.state.sent.append(Sent(url, headers, body))
        return 200

    def grow(self, files: int, per_folder: int = 1000) -> None:
        """So many files more, of the backup robot, in folders of their own."""
        growth.grow(self.state, files, per_folder)

    def refuse(self, request: Request, fault: Fault) -> Answer:
        if fault.kind is FaultKind.UNAUTHORIZED:
            return unauthorized().answer()
        return rate_limited(fault.retry_after).answer()

    def credentials(self) -> list[tuple[str, str]]:
        server = self.state.applications[seed.SERVER_CLIENT_ID]
        return [
            ("Client ID", seed.CLIENT_ID),
            ("Client Secret", seed.CLIENT_SECRET),
            ("Primary signature key", self.state.applications[seed.CLIENT_ID].primary_key),
            ("Secondary signature key", self.state.applications[seed.CLIENT_ID].secondary_key),
            ("Client ID of the service app", seed.SERVER_CLIENT_ID),
            ("Client Secret of the service app", seed.SERVER_CLIENT_SECRET),
            ("Enterprise ID", seed.ENTERPRISE.id),
            ("JSON configuration of the service app", keys.configuration(server, seed.ENTERPRISE.id)),
        ]

    def switches(self) -> list[Switch]:
        return all_switches(self.state)


ROUTES: list[Route] = [
    *users.ROUTES,
    *sessions.ROUTES,
    *groups.ROUTES,
    *events.ROUTES,
    # The trash has a path of its own that looks like a folder's.
    *trashing.ROUTES,
    *folders.ROUTES,
    *upload_sessions.ROUTES,
    *uploads.ROUTES,
    *files.ROUTES,
    *downloads.ROUTES,
    *versions.ROUTES,
    *collaborations.ROUTES,
    *labels.ROUTES,
    *hooks.ROUTES,
    *devices.ROUTES,
    *newer.ROUTES,
]


def simulators(clock: Clock) -> dict[str, Box]:
    """What the sandbox starts with."""
    return {"box": Box(clock)}
