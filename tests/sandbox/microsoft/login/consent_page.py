"""The pages a browser sees on the simulated login host. They need no script and no file of another origin."""

from html import escape

from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.directory.roles import may_consent
from tests.sandbox.microsoft.state import State

STYLE = """
body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;margin:0;background:#f2f2f2;color:#1b1b1b}
main{max-width:32rem;margin:2rem auto;background:#fff;border:1px solid #c8c8c8;padding:1.75rem}
h1{font-size:1.4rem;font-weight:600;margin:0 0 1rem}form h1{margin-top:2.5rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.note{background:#fff8c5;border:1px solid #d4a72c;padding:.5rem .75rem;font-size:.9rem}
.row{display:flex;gap:.75rem;align-items:center}ul{list-style:none;margin:0;padding:0}code{font-size:.9rem}
button,select{font:inherit;padding:.35rem .9rem;border:1px solid #767676;background:#f2f2f2;color:inherit}
select{min-width:0;flex:1}button.main{background:#0067b8;border-color:#0067b8;color:#fff}
.foot{display:flex;gap:.75rem;justify-content:flex-end;margin-top:1.5rem}
"""


def page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>'
        "<p class=note>Sandbox: this page stands in for Microsoft.</p>"
        f"{body}</main></body></html>"
    )


def error(message: str) -> str:
    body = f"<h1>Sign in</h1><p>Sorry, but we’re having trouble signing you in.</p><p>{escape(message)}</p>"
    return page("Sign in to your account", body)


def needs_admin(name: str) -> str:
    body = (
        f"<h1>Need admin approval</h1><p>{escape(name)} needs permission to access resources in your organization that "
        "only an admin can grant.</p>"
    )
    return page("Need admin approval", body)


def consent(state: State, application: DirectoryObject, permissions: list[str], person: DirectoryObject) -> str:
    """The form posts to its own address, so that the question it answers stays in the query."""
    asked = "".join(f"<li><code>{escape(each)}</code></li>" for each in permissions)
    body = (
        f"<h1>Permissions requested: review for your organization</h1><p>{escape(application.name)}, an application of "
        f'{escape(state.tenant.name)}</p><form method="post">{_picker(state, person)}'
        f"<h2>This application would like to</h2><ul>{asked}</ul>"
        '<div class="foot"><button name="decision" value="cancel">Cancel</button>'
        '<button class="main" name="decision" value="accept">Accept</button></div></form>'
    )
    return page("Permissions requested", body)


def sign_in(state: State, application: DirectoryObject, person: DirectoryObject) -> str:
    body = (
        f"<h1>Sign in</h1><p>to continue to {escape(application.name)}</p>"
        f'<form method="post">{_picker(state, person)}'
        '<div class="foot"><button name="decision" value="cancel">Cancel</button>'
        '<button class="main" name="decision" value="accept">Continue</button></div></form>'
    )
    return page("Sign in to your account", body)


def _picker(state: State, person: DirectoryObject) -> str:
    """Those who may consent first."""
    people = [each for each in state.directory.users() if each.properties["accountEnabled"]]
    people.sort(key=lambda each: (not may_consent(state.directory, each), each.properties["userPrincipalName"]))
    options = "".join(_option(state, each, is_chosen=each is person) for each in people)
    return (
        f'<h2><label for="account">Signed in as</label></h2><div class="row"><select id="account" name="account">'
        f'{options}</select><button name="decision" value="switch">Switch</button></div>'
    )


def _option(state: State, each: DirectoryObject, is_chosen: bool) -> str:
    mark = " selected" if is_chosen else ""
    name = escape(each.properties["userPrincipalName"])
    role = " (administrator)" if may_consent(state.directory, each) else ""
    return f'<option value="{escape(each.id)}"{mark}>{name}{role}</option>'
