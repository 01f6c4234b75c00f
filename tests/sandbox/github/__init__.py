"""A stateful simulation of GitHub: github.com (OAuth web flow) and api.github.com (REST and a little GraphQL).

Written from GitHub's documentation as collected in the project's fact sheet. Where that is silent, the stricter reading
was taken.

Not simulated:
- User tokens of GitHub Apps, personal access tokens as such (only the lists that an organisation sees), device flow.
- Installing a GitHub App, asking for more permissions, an app's own webhook.
- SCIM beyond listing people and changing one (no groups, nobody is provisioned by it); enterprise teams and roles.
- GitHub Enterprise Server.
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
    app_sign_in,
    audit_log,
    contents,
    credential_authorizations,
    deploy_keys,
    enterprises,
    external_groups,
    graphql,
    hooks,
    installations,
    managed_users,
    members,
    personal_access_tokens,
    repositories,
    repository_activity,
    roles,
    scim,
    seed,
    seed_apps,
    sharing,
    teams,
)
from tests.sandbox.github.announcer import Announcer, Deliver
from tests.sandbox.github.hook import Sent
from tests.sandbox.github.oauth import OAuth
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import Route, Router
from tests.sandbox.github.seed import CONTOSO, FABRIKAM, OWNER, SERVICE_OWNER
from tests.sandbox.github.state import CLIENT_ID, CLIENT_SECRET, State
from tests.sandbox.simulator import Switch

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "CONTOSO", "FABRIKAM", "OWNER", "SERVICE_OWNER", "GitHub"]

WEB_HOST = "github.com"
API_HOST = "api.github.com"


class GitHub:
    """`state` is everything there is; tests may read and change it between calls.

    `deliver` takes what webhooks send, by default it is kept in `state.sent`. `sends_at_once`: webhooks are told at the
    end of each call; otherwise somebody calls `send` now and then.
    """

    title = "GitHub"
    hosts: tuple[str, ...] = (API_HOST, WEB_HOST)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self.deliver: Deliver = self._collect
        self.sends_at_once = True
        self.reset()

    def reset(self) -> None:
        self.adopt(seed.plant(self._clock))

    def adopt(self, state: State) -> None:
        with self._lock:
            self.state: State = state
            self._oauth = OAuth(self.state)
            self._announcer = Announcer(self._clock, API_HOST)
            self._router = Router(self.state, [])
            self._router.routes = [
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
                *installations.ROUTES,
                *credential_authorizations.ROUTES,
                *personal_access_tokens.ROUTES,
                *scim.ROUTES,
                *external_groups.ROUTES,
                *enterprises.ROUTES,
                *repository_activity.ROUTES,
                *graphql.ROUTES,
            ]

    @property
    def routes(self) -> list[Route]:
        return self._router.routes

    def organisation(self, login: str = CONTOSO) -> Organisation:
        return self.state.organisation(login)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            if self.state.is_down:
                return Answer.of_html(HTML_PAGE.format(title="503 Service Unavailable"), 503)
            side = self._oauth if request.host == WEB_HOST else self._router
            answer = side.answer(request)
        if self.sends_at_once:
            self.send()
        return answer

    def send(self) -> None:
        """Tell the webhooks what has happened. Whoever is told may call back: no lock is held meanwhile."""
        with self._lock:
            self._announcer.collect(self.state.organisations.values())
        self._announcer.send(self.deliver)

    def _collect(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.state.sent.append(Sent(url, headers, body))
        return 200

    def refuse(self, request: Request, fault: Fault) -> Answer:
        if fault.kind is FaultKind.UNAUTHORIZED:
            return Refusal(401, "Bad credentials").answer()
        now = int(self._clock.now())
        if fault.kind is FaultKind.SECONDARY_RATE_LIMIT:
            message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            return Refusal(403, message, headers={"retry-after": str(fault.retry_after)}).answer()
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
            ("Client ID", CLIENT_ID),
            ("Client Secret", CLIENT_SECRET),
            ("Organization Login Name", CONTOSO),
            ("Organization Login Name, free plan, no audit log", FABRIKAM),
            ("Enterprise slug", seed_apps.ENTERPRISE),
            ("GitHub App ID", str(seed_apps.APP_ID)),
            ("Private key of the GitHub App", self.state.apps[seed_apps.APP_ID].generate_key()),
        ]

    def switches(self) -> list[Switch]:
        contoso = self.organisation()
        consenting = self.state.consented or self.state.person(SERVICE_OWNER)
        return [
            Switch(
                "rate-limit",
                "Rate limit: no calls left for a minute",
                self.state.exhausted_until > self._clock.now(),
                self._exhaust,
            ),
            Switch("outage", "Outage: every call answers 503", self.state.is_down, self._break),
            Switch("saml", f"SAML enforcement in {CONTOSO}", contoso.is_saml_enforced, self._enforce_saml),
            Switch("plan", f"{CONTOSO} on a plan without audit log", contoso.plan != "enterprise", self._change_plan),
            Switch(
                "managed-users",
                f"{CONTOSO}'s users are managed by its enterprise",
                contoso.is_enterprise_managed,
                self._manage_users,
            ),
            Switch("owner", f"{consenting.login} is no owner any more", not contoso.is_owner(consenting), self._demote),
        ]

    def _exhaust(self, is_on: bool) -> None:
        self.state.exhausted_until = int(self._clock.now()) + 60 if is_on else 0

    def _break(self, is_on: bool) -> None:
        self.state.is_down = is_on

    def _enforce_saml(self, is_on: bool) -> None:
        contoso = self.organisation()
        contoso.is_saml_enforced = is_on
        action = "org.enable_saml" if is_on else "org.disable_saml"
        contoso.record(action, self.state.actor(OWNER), operation_type="modify")

    def _change_plan(self, is_on: bool) -> None:
        self.organisation().plan = "team" if is_on else "enterprise"

    def _manage_users(self, is_on: bool) -> None:
        change = managed_users.begin if is_on else managed_users.end
        change(self.state, self.state.enterprises[seed_apps.ENTERPRISE])

    def _demote(self, is_on: bool) -> None:
        contoso = self.organisation()
        consenting = self.state.consented or self.state.person(SERVICE_OWNER)
        if consenting.id not in contoso.members:
            return
        other = next(user_id for user_id in contoso.owners() if user_id != consenting.id)
        by = self.state.actor(self.state.users[other].login)
        contoso.set_role(consenting, "member" if is_on else "admin", by)
