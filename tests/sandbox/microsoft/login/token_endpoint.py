"""POST /{tenant}/oauth2/v2.0/token: an application signs in as itself, or brings the code of somebody who signed in."""

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.login import sign_in
from tests.sandbox.microsoft.login.aadsts import Aadsts
from tests.sandbox.microsoft.login.issuing import issue_token
from tests.sandbox.microsoft.login.proving import is_proved_by_certificate
from tests.sandbox.microsoft.login.tokens import LIFETIME
from tests.sandbox.microsoft.state import State

DEFAULT = "/.default"


def answer(state: State, request: Request, tenant: str) -> Answer:
    """The checks in the order in which the service seems to make them."""
    form, now = request.form(), state.now()
    if not state.tenant.knows(tenant):
        raise Aadsts(90002, now)
    if form.get("grant_type") not in ("client_credentials", "authorization_code"):
        raise Aadsts(70003, now)
    application = state.directory.application_of(form.get("client_id", ""))
    if application is None:
        raise Aadsts(700016, now)
    is_by_certificate = is_proved_by_certificate(state, request, application, form)
    if form["grant_type"] == "authorization_code":
        return sign_in.exchanged(state, application, form)
    audience = _audience(state, form.get("scope", ""))
    principal = state.directory.service_principal_of(application.properties["appId"])
    if principal is None:
        raise Aadsts(7000229, now)
    _check_policies(state, principal, audience)
    token = issue_token(
        state, audience, client_id=application.properties["appId"], is_by_certificate=is_by_certificate
    )
    lives = {"expires_in": LIFETIME, "ext_expires_in": LIFETIME}
    return Answer.of_json(
        {"token_type": "Bearer", **lives, "access_token": token}, headers={"Cache-Control": "no-store, no-cache"}
    )


def _audience(state: State, scope: str) -> str:
    """One service for each token, with all that was granted there."""
    if not scope.endswith(DEFAULT) or " " in scope:
        raise Aadsts(70011, state.now())
    audience = scope.removesuffix(DEFAULT).rstrip("/")
    app_id = state.tenant.resources.get(audience)
    if app_id is None or state.directory.service_principal_of(app_id) is None:
        raise Aadsts(500011, state.now(), f"The resource was named {audience}.")
    return audience


def _check_policies(state: State, principal: DirectoryObject, audience: str) -> None:
    if state.login.refuses:
        raise Aadsts(state.login.refuses, state.now())
    resource = state.directory.service_principal_of(state.tenant.resources[audience])
    assert resource is not None
    held = state.directory.app_roles_of(principal.id)
    if resource.properties["appRoleAssignmentRequired"] and not any(e["resourceId"] == resource.id for e in held):
        raise Aadsts(501051, state.now())
