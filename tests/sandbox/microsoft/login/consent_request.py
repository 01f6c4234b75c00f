"""An administrator agrees for the whole tenant: /{tenant}/v2.0/adminconsent and the older /{tenant}/adminconsent."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.roles import may_consent
from tests.sandbox.microsoft.login import consent_page
from tests.sandbox.microsoft.login.aadsts import TEXTS
from tests.sandbox.microsoft.login.consenting import consent
from tests.sandbox.microsoft.state import State

DECLINED = "AADSTS65004: User declined to consent to access the app."
OLD_DECLINED = "The admin canceled the request"


def answer(state: State, request: Request, tenant: str) -> Answer:
    fault = _fault(state, request, tenant)
    application = state.directory.application_of(request.parameter("client_id"))
    if fault or application is None:
        return Answer.of_html(consent_page.error(f"AADSTS{fault}: {TEXTS[fault][2]}"), 400)
    form = request.form() if request.method == "POST" else {}
    person, decision = signed_in(state, form), form.get("decision", "")
    if decision == "cancel":
        return _back(request, _declined(request))
    if decision != "accept":
        return Answer.of_html(consent_page.consent(state, application, _asked(state, application), person))
    if not may_consent(state.directory, person):
        return Answer.of_html(consent_page.needs_admin(application.name), 403)
    consent(state, person)
    given = {"admin_consent": "True", "tenant": state.tenant.id}
    scope = request.parameter("scope")
    return _back(request, {**given, **({"scope": scope} if scope else {})})


def _fault(state: State, request: Request, tenant: str) -> int:
    """An AADSTS number, 0 when all is well."""
    application = state.directory.application_of(request.parameter("client_id"))
    if tenant != "organizations" and not state.tenant.knows(tenant):
        return 90002
    if application is None:
        return 700016
    if request.parameter("redirect_uri") not in application.properties["web"]["redirectUris"]:
        return 50011
    if _is_newer(request) and not request.parameter("scope"):
        return 70011
    return 0


def _is_newer(request: Request) -> bool:
    return "/v2.0/" in request.path


def signed_in(state: State, form: dict[str, str]) -> DirectoryObject:
    """Who was picked on the page, at first an administrator."""
    people = [each for each in state.directory.users() if each.properties["accountEnabled"]]
    picked = next((each for each in people if each.id == form.get("account")), None)
    return picked or next(each for each in people if may_consent(state.directory, each))


def _asked(state: State, application: DirectoryObject) -> list[str]:
    names = []
    for each in application.properties["requiredResourceAccess"]:
        resource = state.directory.service_principal_of(each["resourceAppId"])
        values = {role["id"]: role["value"] for role in resource.properties["appRoles"]} if resource else {}
        names += [values[access["id"]] for access in each["resourceAccess"] if access["id"] in values]
    return sorted(set(names))


def _declined(request: Request) -> dict[str, str]:
    """The newer form says admin_consent=True even then."""
    if _is_newer(request):
        return {"error": "consent_required", "error_description": DECLINED, "admin_consent": "True"}
    return {"error": "permission_denied", "error_description": OLD_DECLINED}


def _back(request: Request, parameters: dict[str, str]) -> Answer:
    parts = urlsplit(request.parameter("redirect_uri"))
    sent = {**parameters, "state": request.parameter("state")}
    query = urlencode([*parse_qsl(parts.query), *((key, value) for key, value in sent.items() if value)])
    return Answer.redirect(parts._replace(query=query).geturl())
