"""Which credentials are authorised for an organisation with SAML single sign-on, and how they lose that."""

from collections.abc import Callable

from tests.sandbox.exchange import Answer
from tests.sandbox.github import app_shapes
from tests.sandbox.github.call import Call, no_content
from tests.sandbox.github.grants import KINDS, REVOCABLE, Authorisation
from tests.sandbox.github.people import User
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import Route, route
from tests.sandbox.github.tokens import Token

PAGE_MARK = "7"
ACTION = "org_credential_authorization.revoke"


def list_authorisations(call: Call) -> Answer:
    """`page` is a token that only the Link header knows."""
    _need_saml(call)
    login = call.request.parameter("login").lower()
    rows = [each for each in _held(call) if login in ("", each.user.login.lower())]
    size, after = call.per_page(), _after(call)
    rest = sorted((each for each in rows if each.id > after), key=lambda each: each.id)
    shown = rest[:size]
    links = [call.link({"page": f"{shown[-1].id}{PAGE_MARK}"}, "next")] if len(rest) > size else []
    headers = {"Link": links[0]} if links else {}
    return Answer.of_json([app_shapes.authorisation(each) for each in shown], headers=headers)


def remove(call: Call) -> Answer:
    _need_saml(call)
    wanted = call.parameters["credential_id"]
    found = next((each for each in _held(call) if str(each.id) == wanted), None)
    if found is None:
        raise not_found()
    _revoke(call, found, call.state.clock.now())
    return no_content()


def revoke_of_user(call: Call) -> Answer:
    user = _member(call)
    return _queue(call, lambda each: each.user is user)


def revoke_kind_of_user(call: Call) -> Answer:
    user = _member(call)
    kind = call.body().get("credential_type")
    if kind not in REVOCABLE:
        raise Refusal(422, f"credential_type must be one of {', '.join(REVOCABLE)}")
    return _queue(call, lambda each: each.user is user and KINDS[each.kind] == kind)


def revoke_all(call: Call) -> Answer:
    _need_saml(call)
    return _queue(call, lambda each: True)


def _queue(call: Call, is_meant: Callable[[Authorisation], bool]) -> Answer:
    """The answer comes at once, what it promises a little later."""
    at = call.state.clock.now() + call.state.revocation_delay
    for each in [each for each in _held(call) if is_meant(each)]:
        _revoke(call, each, at)
    return Answer.of_json({"message": "Credential authorization revocation has been queued."}, 202)


def _revoke(call: Call, held: Authorisation, at: float) -> None:
    """A token that lives here loses its session, too."""
    held.revoked_at = at
    organisation = call.organisation
    organisation.authorisations[held.id] = held
    for token in call.state.tokens.values():
        if token.id == held.credential_id and token.user is held.user:
            token.sso_ends[organisation.id] = at
    organisation.record(ACTION, call.actor, held.user, operation_type="remove", credential_type=held.kind)


def _held(call: Call) -> list[Authorisation]:
    """Those that were there at the start, and the tokens that were issued since with a session."""
    organisation, now = call.organisation, call.state.clock.now()
    kept = [each for each in organisation.authorisations.values() if each.revoked_at is None or each.revoked_at > now]
    known = {each.id for each in kept}
    issued = [_issued(each) for each in call.state.tokens.values() if each.has_session(organisation.id, now)]
    return kept + [each for each in issued if each.id not in known]


def _issued(token: Token) -> Authorisation:
    return Authorisation(
        token.id,
        token.user,
        "OAuth app token",
        token.created_at,
        None,
        token.id,
        note=token.application.name,
        last_eight=token.text[-8:],
        scopes=token.scopes,
    )


def _member(call: Call) -> User:
    _need_saml(call)
    user = call.target()
    if user.id not in call.organisation.members:
        raise not_found()
    return user


def _need_saml(call: Call) -> None:
    """Of the organisation itself: an enterprise that manages its users has no such list."""
    organisation = call.organisation
    if organisation.plan != "enterprise" or not organisation.has_saml or organisation.is_enterprise_managed:
        raise not_found()
    call.need_owner()


def _after(call: Call) -> int:
    """The id behind which the page begins. The token is a number, but no count of pages."""
    text = call.request.parameter("page") or PAGE_MARK
    if not text.isdigit() or not text.endswith(PAGE_MARK):
        raise Refusal(400, "Invalid page token.")
    return int(text.removesuffix(PAGE_MARK) or 0)


BASE = "/orgs/{org}/credential-authorizations"
WRITE = "organization_administration=write"
ROUTES: list[Route] = [
    route("GET", BASE, list_authorisations, "read:org", permissions="organization_administration=read"),
    route("DELETE", f"{BASE}/{{credential_id}}", remove, "admin:org", permissions=WRITE),
    route("POST", f"{BASE}/revoke-all", revoke_all, "admin:org", permissions=WRITE),
    route("POST", f"{BASE}/{{username}}/revoke", revoke_of_user, "admin:org", permissions=WRITE),
    route("POST", f"{BASE}/{{username}}/revoke-credential-type", revoke_kind_of_user, "admin:org", permissions=WRITE),
]
