"""The buttons of the demo's start page: plans, policies, and what may go wrong."""

from tests.sandbox.github import managed_users, seed_apps
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, User
from tests.sandbox.github.seed import CONTOSO, IDS, OWNER, SERVICE_OWNER
from tests.sandbox.github.state import State
from tests.sandbox.simulator import Switch

FEW_POINTS = 60


class Buttons:
    """Of one product; what it does not have has no button."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Switch]:
        state, contoso = self._state, self._contoso
        is_exhausted = state.exhausted_until > state.clock.now()
        forbids = bool(contoso.forbidden_visibilities)
        return [
            Switch("rate-limit", "Rate limit: no calls left for a minute", is_exhausted, self._exhaust),
            Switch("points", "Secondary limit: few calls a minute", bool(state.points_per_minute), self._limit_points),
            Switch("revoked", "Revoked: all tokens of OAuth Apps so far", bool(state.revoked_tokens), self._revoke),
            Switch("outage", "Outage: every call answers 503", state.is_down, self._break),
            *(self._plans() if not state.site.is_server else []),
            *(self._sign_on() if not (state.site.is_server or contoso.is_enterprise_managed) else []),
            *([self._managed()] if state.site.id == "github" else []),
            Switch("addresses", f"IP allow list of {CONTOSO}", contoso.forbids_addresses, self._forbid_addresses),
            Switch("policy", "Policy: visibility of repositories is frozen", forbids, self._forbid_visibilities),
            Switch("owner", f"{self._consenting.login} is no owner any more", not self._is_owner, self._demote),
        ]

    def _plans(self) -> list[Switch]:
        plan = self._contoso.plan
        return [
            Switch("plan", f"{CONTOSO} on the Team plan, without audit log", plan == "team", self._take_team_plan),
            Switch("free-plan", f"{CONTOSO} on the Free plan", plan == "free", self._take_free_plan),
        ]

    def _sign_on(self) -> list[Switch]:
        contoso = self._contoso
        return [
            Switch("saml", f"SAML enforcement in {CONTOSO}", contoso.is_saml_enforced, self._enforce_saml),
            Switch("no-saml", f"No single sign-on in {CONTOSO}", not contoso.has_saml, self._remove_saml),
        ]

    def _managed(self) -> Switch:
        is_on = self._contoso.is_enterprise_managed
        return Switch("managed-users", f"{CONTOSO}'s users are managed by its enterprise", is_on, self._manage_users)

    # -- who is meant

    @property
    def _contoso(self) -> Organisation:
        return self._state.organisation(CONTOSO)

    @property
    def _consenting(self) -> User:
        return self._state.consented or self._state.users[IDS[SERVICE_OWNER]]

    @property
    def _is_owner(self) -> bool:
        return self._contoso.is_owner(self._consenting)

    def _at_browser(self, user_id: int) -> Actor:
        return self._state.actor(self._state.users[user_id].login)

    # -- what is turned

    def _exhaust(self, is_on: bool) -> None:
        self._state.exhausted_until = int(self._state.clock.now()) + 60 if is_on else 0

    def _limit_points(self, is_on: bool) -> None:
        self._state.points_per_minute = FEW_POINTS if is_on else None
        self._state.points.clear()

    def _revoke(self, is_on: bool) -> None:
        """What is issued from now on is good: whoever consents again is in."""
        taken, given = self._state.tokens, self._state.revoked_tokens
        if not is_on:
            taken, given = given, taken
        given.update(taken)
        taken.clear()

    def _break(self, is_on: bool) -> None:
        self._state.is_down = is_on

    def _take_team_plan(self, is_on: bool) -> None:
        self._contoso.plan = "team" if is_on else "enterprise"

    def _take_free_plan(self, is_on: bool) -> None:
        self._contoso.plan = "free" if is_on else "enterprise"

    def _enforce_saml(self, is_on: bool) -> None:
        self._contoso.is_saml_enforced = is_on
        action = "org.enable_saml" if is_on else "org.disable_saml"
        self._contoso.record(action, self._at_browser(IDS[OWNER]), operation_type="modify")

    def _remove_saml(self, is_on: bool) -> None:
        self._contoso.has_saml = not is_on
        self._enforce_saml(self._contoso.is_saml_enforced and not is_on)

    def _manage_users(self, is_on: bool) -> None:
        change = managed_users.begin if is_on else managed_users.end
        change(self._state, self._state.enterprises[seed_apps.ENTERPRISE])

    def _forbid_addresses(self, is_on: bool) -> None:
        self._contoso.forbids_addresses = is_on
        action = "ip_allow_list.enable" if is_on else "ip_allow_list.disable"
        self._contoso.record(action, self._at_browser(IDS[OWNER]), operation_type="modify")

    def _forbid_visibilities(self, is_on: bool) -> None:
        self._contoso.forbidden_visibilities = {"public", "internal", "private"} if is_on else set()

    def _demote(self, is_on: bool) -> None:
        """An outsider cannot lose what they do not have."""
        contoso, consenting = self._contoso, self._consenting
        if consenting.id not in contoso.members:
            return
        other = next(user_id for user_id in contoso.owners() if user_id != consenting.id)
        contoso.set_role(consenting, "member" if is_on else "admin", self._at_browser(other))
