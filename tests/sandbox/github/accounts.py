"""The API's root, the caller, any user, the organisation itself, limits, and an OAuth App looking after its tokens."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import shapes
from tests.sandbox.github.call import Call, no_content
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal, invalid, not_found
from tests.sandbox.github.router import ANY, Route, Router, application_of, route
from tests.sandbox.github.site import SERVER_VERSION
from tests.sandbox.github.tokens import InstallationToken, Token

META = {
    "verifiable_password_authentication": False,
    "hooks": ["192.0.2.0/28", "2001:db8:1::/48"],
    "web": ["198.51.100.0/28"],
    "api": ["198.51.100.16/28"],
    "git": ["198.51.100.32/28"],
}


def root(call: Call) -> Answer:
    return Answer.of_json(
        {
            "current_user_url": call.request.url("/user"),
            "organization_url": call.request.url("/orgs/{org}"),
            "organization_teams_url": call.request.url("/orgs/{org}/teams"),
            "rate_limit_url": call.request.url("/rate_limit"),
            "user_url": call.request.url("/users/{user}"),
        }
    )


def meta(call: Call) -> Answer:
    """A server says its version."""
    return Answer.of_json(META | ({"installed_version": SERVER_VERSION} if call.state.site.is_server else {}))


def get_me(call: Call) -> Answer:
    shape = shapes.private_user if call.allows("read:user") else shapes.public_user
    return Answer.of_json(shape(call.request, call.user))


def get_user(call: Call) -> Answer:
    """The address of the public profile shows to signed-in callers only, a suspension to those who run the server."""
    user = call.target()
    shape = shapes.public_user(call.request, user)
    if call.state.site.is_server and call.token is not None and call.user.is_site_admin:
        shape["suspended_at"] = iso(user.suspended_at) if user.suspended_at else None
    return Answer.of_json(shape if call.token else shape | {"email": None})


def get_user_by_id(call: Call) -> Answer:
    number = call.parameters["account_id"]
    user = call.state.users.get(int(number)) if number.isdigit() else None
    if user is None:
        raise not_found()
    return Answer.of_json(shapes.public_user(call.request, user))


def get_organisation(call: Call) -> Answer:
    shape = shapes.full_organisation(call.request, call.organisation)
    token = call.installation_token
    if token is None and call.is_member and call.is_owner and call.allows("admin:org"):
        shape |= shapes.owner_members(call.organisation)
    if token is not None and call.is_installed:
        shape |= _members_for_app(call.organisation, token)
    return Answer.of_json(shape)


def _members_for_app(organisation: Organisation, token: InstallationToken) -> dict[str, Json]:
    """The plan with one permission, the settings with another."""
    members = shapes.owner_members(organisation)
    plan = members.pop("plan")
    shown = members if token.permits("organization_administration=read") else {}
    return shown | ({"plan": plan} if token.permits("organization_plan=read") else {})


def check_token(call: Call) -> Answer:
    return Answer.of_json(shapes.authorization(call.request, _named_token(call)))


def delete_token(call: Call) -> Answer:
    del call.state.tokens[_named_token(call).text]
    return no_content()


def delete_grant(call: Call) -> Answer:
    token = _named_token(call)
    call.state.revoke_grant(token.application, token.user)
    return no_content()


def _named_token(call: Call) -> Token:
    """The token in the body, if it is one of the calling OAuth App's."""
    application = application_of(call)
    text = call.body().get("access_token")
    if not isinstance(text, str):
        raise invalid("OauthAccess", "access_token", "access_token is missing", "missing_field")
    token = call.state.tokens.get(text)
    if token is None or token.application is not application:
        if call.request.method == "POST":
            raise not_found()
        raise Refusal(422, "Validation Failed", errors=[{"resource": "OauthAccess", "code": "invalid"}])
    return token


def routes(router: Router) -> list[Route]:
    def rate_limit(call: Call) -> Answer:
        if not router.has_limits:
            raise Refusal(404, "Rate limiting is not enabled.")
        resources = router.limits(call.token)
        unused = resources["core"] | {"limit": 30, "used": 0, "remaining": 30}
        return Answer.of_json({"resources": {**resources, "search": unused}, "rate": resources["core"]})

    return [
        route("GET", "/", root, is_open=True, permissions=ANY),
        route("GET", "/meta", meta, is_open=True, permissions=ANY),
        route("GET", "/rate_limit", rate_limit, is_open=True, is_free=True, permissions=ANY),
        route("GET", "/user", get_me),
        route("GET", "/user/{account_id}", get_user_by_id, permissions=ANY),
        route("GET", "/users/{username}", get_user, is_open=True, permissions=ANY),
        route("GET", "/orgs/{org}", get_organisation, "read:org", is_open=True, is_soft=True, permissions=ANY),
        route("POST", "/applications/{client_id}/token", check_token, is_open=True),
        route("DELETE", "/applications/{client_id}/token", delete_token, is_open=True),
        route("DELETE", "/applications/{client_id}/grant", delete_grant, is_open=True),
    ]
