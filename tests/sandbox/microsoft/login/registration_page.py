"""The page of the portal's application in the admin center: where its certificate is uploaded and its permissions are
chosen. The vendor has a page for each."""

from html import escape

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.login import certificates, permissions_form
from tests.sandbox.microsoft.login.consent_page import page
from tests.sandbox.microsoft.state import State

HOST = "entra.microsoft.com"
TITLE = "App registration"


def answer(state: State, request: Request) -> Answer:
    application = state.directory.application_of(state.client_id)
    if application is None or request.path != "/" or request.method not in ("GET", "POST"):
        return Answer.of_html(page("404", "<h1>404 - Not found.</h1>"), 404)
    problem = ""
    if request.method == "POST":
        problem = _save(state, application, request)
    keys = "".join(_row(each) for each in application.properties["keyCredentials"])
    registered = application.properties["web"]["redirectUris"]
    addresses = "".join(f"<li><code>{escape(each)}</code></li>" for each in registered)
    body = (
        f"<h1>{escape(application.name)}</h1><h2>Redirect URIs (Web)</h2><ul>{addresses}</ul>"
        f"<h2>Certificates</h2><ul>{keys or '<li>None.</li>'}</ul>"
        f"{f'<p class=note role=alert>{escape(problem)}</p>' if problem else ''}"
        '<form method="post"><h2><label for="certificate">Upload a certificate (PEM)</label></h2>'
        '<textarea id="certificate" name="certificate" rows="8" cols="50" required></textarea>'
        '<div class="foot"><button class="main" name="part" value="certificate">Upload</button></div></form>'
        f"{permissions_form.form(application)}"
    )
    return Answer.of_html(page(TITLE, body), 400 if problem else 200)


def _save(state: State, application: DirectoryObject, request: Request) -> str:
    """Of one of the two forms; why it is refused, or ""."""
    form = request.form()
    if form.get("part") == "permissions":
        permissions_form.save(state, application, form)
        return ""
    return certificates.register(state, application, form.get("certificate", ""))


def _row(row: dict[str, object]) -> str:
    return f"<li><code>{escape(str(row['customKeyIdentifier']))}</code> until {escape(str(row['endDateTime']))}</li>"
