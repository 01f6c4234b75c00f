"""A stateful simulation of GitHub: its pages (OAuth web flow) and its API (REST and a little GraphQL).

Three products, each with people and tokens of its own: github.com, ghe.com with data residency, a server of one's own.

Written from GitHub's documentation as collected in the project's fact sheet. Where that is silent, the stricter reading
was taken.

Not simulated:
- User tokens of GitHub Apps, personal access tokens as such (only the lists that an organisation sees), device flow.
- Installing a GitHub App, asking for more permissions.
- SCIM beyond listing people and changing one (no groups, nobody is provisioned by it); changing teams and roles of
  an enterprise, and in which of its organisations its teams are.
- GitHub Enterprise Server beyond what the fact sheet names: no site administration but suspending people, no LDAP.
- Webhooks of repositories: making them, their deliveries, changing more than whether they are active; events that no
  change here brings about (issues, pull requests, alerts).
- Repositories that belong to people; forks; making, transferring a repository; issues, pull requests, rulesets; branch
  protection beyond refusing commits; the names of trees and commits are not git's own (those of blobs are).
- Creating and deleting teams, organisations, custom roles; reinstating by an invitation; giving an organisation role to
  a team.
- API version 2026-03-10: it is accepted, its bodies are those of 2022-11-28.
- The consent page is always shown; github.com skips it for an app that the person authorised before.
- Between loopback hosts any callback matches by path alone; github.com frees only the port.
- Limits of ten tokens an hour for a user and app, of 50 invitations a day, of content creation and concurrency. The
  secondary limit strikes on demand only (`Sandbox.faults`); the anonymous limit of 60 is shown but not enforced.
- "async": true of a conversion to outside collaborator is done at once.
- The effect of a removal on forks; reinstating a former member with its old teams (the web page does it).
- An IP allow list sees one address, 127.0.0.1; events made through the API come from 203.0.113.250.
- Audit log: OR, wildcards besides `name.*`, and qualifiers that the fact sheet does not list are taken as text.
- GraphQL: named fragments, directives, mutations, `last`, `before`, fields not in graphql_schema.FIELDS.
"""

import threading

from tests.sandbox.clock import Clock
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.faults import HTML_PAGE, Fault, FaultKind
from tests.sandbox.github import (
    accounts,
    app_hook,
    app_sign_in,
    audit_log,
    contents,
    credential_authorizations,
    deploy_keys,
    enterprise_access,
    enterprises,
    external_groups,
    graphql,
    hooks,
    installations,
    leaked_credentials,
    members,
    memberships,
    personal_access_tokens,
    repositories,
    repository_activity,
    roles,
    scim,
    seed,
    seed_apps,
    sharing,
    suspension,
    teams,
)
from tests.sandbox.github.announcer import Announcer, Deliver
from tests.sandbox.github.hook import Sent
from tests.sandbox.github.oauth import OAuth
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import SECONDARY_LIMIT, Route, Router
from tests.sandbox.github.seed import CONTOSO, FABRIKAM, OWNER, SERVICE_OWNER
from tests.sandbox.github.site import CLOUD, RESIDENCY, SERVER, SITES, Site
from tests.sandbox.github.state import CLIENT_ID, CLIENT_SECRET, State
from tests.sandbox.github.switches import Buttons
from tests.sandbox.simulator import Switch

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "CONTOSO",
    "FABRIKAM",
    "OWNER",
    "RESIDENCY",
    "SERVER",
    "SERVICE_OWNER",
    "SITES",
    "GitHub",
]


class GitHub:
    """`state` is everything there is; tests may read and change it between calls.

    `deliver` takes what webhooks send, by default it is kept in `state.sent`. `sends_at_once`: webhooks are told at the
    end of each call; otherwise somebody calls `send` now and then.
    """

    def __init__(self, clock: Clock, site: Site = CLOUD) -> None:
        self.site = site
        self.title = site.title
        self.hosts = site.hosts
        self._clock = clock
        self._state: State | None = None
        self._lock = threading.RLock()
        self.deliver: Deliver = self._collect
        self.sends_at_once = True

    def reset(self) -> None:
        """The seed is planted when somebody looks: most tests need one of the products alone."""
        with self._lock:
            self._state = None

    @property
    def state(self) -> State:
        with self._lock:
            if self._state is None:
                self.adopt(seed.plant(self._clock, self.site))
            assert self._state is not None
            return self._state

    def adopt(self, state: State) -> None:
        with self._lock:
            self._state = state
            self._oauth = OAuth(state)
            self._announcer = Announcer(self._clock, self.site)
            self._router = Router(state, [])
            self._router.routes = [
                *memberships.ROUTES,
                *accounts.routes(self._router),
                *members.ROUTES,
                *teams.ROUTES,
                *roles.ROUTES,
                *audit_log.ROUTES,
                *repositories.ROUTES,
                *sharing.ROUTES,
                *deploy_keys.ROUTES,
                *contents.ROUTES,
                *hooks.ROUTES,
                *app_sign_in.ROUTES,
                *app_hook.ROUTES,
                *installations.ROUTES,
                *leaked_credentials.ROUTES,
                *credential_authorizations.ROUTES,
                *personal_access_tokens.ROUTES,
                *scim.ROUTES,
                *external_groups.ROUTES,
                *enterprises.ROUTES,
                *enterprise_access.ROUTES,
                *suspension.ROUTES,
                *repository_activity.ROUTES,
                *graphql.ROUTES,
            ]

    @property
    def routes(self) -> list[Route]:
        """Those of all products."""
        assert self.state
        return self._router.routes

    def organisation(self, login: str = CONTOSO) -> Organisation:
        return self.state.organisation(login)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            if self.state.is_down:
                return Answer.of_html(HTML_PAGE.format(title="503 Service Unavailable"), 503)
            call = self.site.api_call(request)
            answer = self._router.answer(call) if call else self._oauth.answer(request)
        if self.sends_at_once:
            self.send()
        return answer

    def send(self) -> None:
        """Tell the webhooks what has happened. Whoever is told may call back: no lock is held meanwhile."""
        with self._lock:
            if self._state is None:
                return  # nothing has
            announcer = self._announcer
            announcer.collect(self.state.organisations.values())
        announcer.send(self.deliver)

    def _collect(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.state.sent.append(Sent(url, headers, body))
        return 200

    def refuse(self, request: Request, fault: Fault) -> Answer:
        if fault.kind is FaultKind.UNAUTHORIZED:
            return Refusal(401, "Bad credentials").answer()
        now = int(self._clock.now())
        if fault.kind is FaultKind.SECONDARY_RATE_LIMIT:
            return Refusal(403, SECONDARY_LIMIT, headers={"retry-after": str(fault.retry_after)}).answer()
        headers = {
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-used": "5000",
            "x-ratelimit-reset": str(now + fault.retry_after),
            "x-ratelimit-resource": "core",
        }
        return Refusal(429, "API rate limit exceeded for user ID 2415900001.", headers=headers).answer()

    def credentials(self) -> list[tuple[str, str]]:
        return [
            *([] if self.site is CLOUD else [("GitHub base URL", f"https://{self.site.web_host}")]),
            ("Client ID", CLIENT_ID),
            ("Client Secret", CLIENT_SECRET),
            ("Organization Login Name", CONTOSO),
            ("Organization Login Name, free plan, no audit log", FABRIKAM),
            ("Enterprise slug", seed_apps.ENTERPRISE),
            ("GitHub App ID", str(seed_apps.APP_ID)),
            ("Private key of the GitHub App", self.state.apps[seed_apps.APP_ID].generate_key()),
        ]

    def switches(self) -> list[Switch]:
        return Buttons(self.state).all()


def simulators(clock: Clock) -> dict[str, GitHub]:
    """What the sandbox starts with, by connector and product."""
    return {site.id: GitHub(clock, site) for site in SITES}
