"""The pages a browser sees on the simulated github.com. They need no script and no file of another origin."""

import re
from html import escape

from tests.sandbox.exchange import Request
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.state import State
from tests.sandbox.github.tokens import Application, Token

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f6f8fa;color:#1f2328}
main{max-width:34rem;margin:2rem auto;background:#fff;border:1px solid #d1d9e0;border-radius:6px;padding:1.5rem}
h1{font-size:1.35rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.note{background:#fff8c5;border:1px solid #d4a72c;border-radius:6px;padding:.5rem .75rem;font-size:.9rem}
.row{display:flex;gap:.75rem;align-items:center;justify-content:space-between;border-top:1px solid #d1d9e0}
.row{padding:.5rem 0}
ul{list-style:none;margin:0;padding:0}li{padding:.15rem 0}code{font-size:.9rem}
button,select{font:inherit;padding:.35rem .9rem;border:1px solid #818b98;border-radius:6px}
button,select{background:#f6f8fa;color:inherit}select{min-width:0;flex:1}
button.main{background:#1f883d;border-color:#1a7f37;color:#fff;font-weight:600}
.foot{display:flex;gap:.75rem;margin-top:1.5rem}.small{color:#59636e;font-size:.9rem}
"""


def page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>'
        "<p class=note>Sandbox: this page stands in for GitHub.</p>"
        f"{body}</main></body></html>"
    )


def missing() -> str:
    return page("Page not found", "<h1>404: this is not the web page you are looking for.</h1>")


def consent(
    request: Request,
    state: State,
    application: Application,
    user: User,
    sessions: list[str],
    verb: str = "",
    login: str = "",
) -> str:
    """The form posts to its own address, so that the question it answers stays in the query."""
    requested = login if verb == "grant" and not state.organisation(login).is_owner(user) else ""
    own = [each for each in state.organisations.values() if user.id in each.members]
    rows = "".join(_organisation(each, application, user, sessions, requested) for each in own)
    body = (
        f"<h1>Authorize {escape(application.name)}</h1>"
        "<p class=small>by <strong>contoso-dev</strong>, wants to access the account of "
        f"<bdi>{escape(user.login)}</bdi>.</p>"
        f'<form method="post"><input type="hidden" name="sso" value="{escape(",".join(sessions))}">'
        f"{_person_picker(state, user)}"
        f"<h2>Permissions asked for</h2><ul>{_scopes(request)}</ul>"
        f"<h2>Organization access</h2>{rows or '<p class=small>This person is in no organization.</p>'}"
        '<div class="foot"><button class="main" name="decision" value="authorize">Authorize '
        f'{escape(application.name)}</button><button name="decision" value="cancel">Cancel</button></div></form>'
    )
    return page(f"Authorize {application.name}", body)


def _person_picker(state: State, user: User) -> str:
    """Owners first."""
    organisations = list(state.organisations.values())
    owners = {user_id for each in organisations for user_id in each.owners()}
    people = [
        state.users[user_id] for user_id in {user_id for each in organisations for user_id, _ in each.members.stored()}
    ]
    people.sort(key=lambda each: (each.id not in owners, each.login))
    options = "".join(_option(state, each, user) for each in people)
    return (
        f'<h2><label for="login">Signed in as</label></h2><div class="row"><select id="login" name="login">{options}'
        '</select><button name="decision" value="switch">Switch</button></div>'
    )


def _option(state: State, each: User, chosen: User) -> str:
    owned = [organisation.login for organisation in state.organisations.values() if organisation.is_owner(each)]
    mark = " selected" if each is chosen else ""
    role = f" (owner of {', '.join(owned)})" if owned else ""
    return f'<option value="{escape(each.login)}"{mark}>{escape(each.login)}{escape(role)}</option>'


def _scopes(request: Request) -> str:
    asked = [scope for scope in re.split(r"[ ,]+", request.parameter("scope").strip()) if scope]
    if not asked:
        return "<li>Public data only</li>"
    return "".join(
        f'<li><label><input type="checkbox" name="scope:{scope}" checked> <code>{scope}</code></label></li>'
        for scope in map(escape, asked)
    )


def _organisation(
    organisation: Organisation, application: Application, user: User, sessions: list[str], requested: str
) -> str:
    login = escape(organisation.login)
    if organisation.is_saml_enforced and organisation.login not in sessions:
        action = f'<button name="decision" value="sso:{login}">Sign in with SSO</button>'
    elif not organisation.has_application_restrictions or application.client_id in organisation.approved_applications:
        action = "<span>&#10003; Access granted</span>"
    elif organisation.login == requested:
        action = "<span>Access requested: an owner decides</span>"
    else:
        label = "Grant" if organisation.is_owner(user) else "Request"
        action = (
            f'<button name="decision" value="grant:{login}" aria-label="{label} access to {login}">{label}</button>'
        )
    return f'<div class="row"><strong>{login}</strong>{action}</div>'


def sign_on(organisation: Organisation, token: Token, is_done: bool) -> str:
    name = escape(organisation.login)
    if is_done:
        return page("Single sign-on", f"<h1>You are signed in to {name}</h1><p>The app may access it now.</p>")
    body = (
        f"<h1>Single sign-on to {name}</h1><p><bdi>{escape(token.user.login)}</bdi>, sign in at your identity provider "
        f"to let {escape(token.application.name)} access {name}.</p>"
        '<form method="post"><button class="main">Continue</button></form>'
    )
    return page(f"Single sign-on to {organisation.login}", body)
