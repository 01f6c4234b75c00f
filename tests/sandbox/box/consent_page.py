"""The pages a browser sees at account.box.com. They need no script and no file of another origin."""

from html import escape

from tests.sandbox.box.people import User
from tests.sandbox.box.state import State
from tests.sandbox.box.tokens import Application

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f4f4;color:#222}
main{max-width:30rem;margin:2rem auto;background:#fff;border:1px solid #d3d3d3;border-radius:6px;padding:1.5rem}
h1{font-size:1.35rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.note{background:#fff8c5;border:1px solid #d4a72c;border-radius:6px;padding:.5rem .75rem;font-size:.9rem}
ul{margin:0;padding:0 0 0 1.25rem}code{font-size:.9rem}
button,select{font:inherit;padding:.35rem .9rem;border:1px solid #767676;border-radius:6px;background:#f4f4f4}
button,select{color:inherit;max-width:100%}
button.main{background:#0053ba;border-color:#0053ba;color:#fff;font-weight:600}.foot{display:flex;gap:.75rem}
.foot{margin-top:1.5rem}
"""
LABELS = {
    "root_readonly": "Read all files and folders",
    "root_readwrite": "Write all files and folders",
    "manage_managed_users": "Manage users",
    "manage_app_users": "Manage app users",
    "manage_groups": "Manage groups",
    "manage_enterprise_properties": "Manage enterprise properties",
    "manage_webhook": "Manage webhooks",
}
ROLES = {"admin": "primary admin", "coadmin": "co-admin"}


def page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>'
        "<p class=note>Sandbox: this page stands in for Box.</p>"
        f"{body}</main></body></html>"
    )


def refused(error: str, message: str) -> str:
    """What Box shows in place of leading back."""
    return page("Error", f"<h1>Error</h1><p>{escape(message)}</p><p>error=<code>{escape(error)}</code></p>")


def consent(state: State, application: Application, user: User, scopes: tuple[str, ...]) -> str:
    """The form posts to its own address, so that the question it answers stays in the query."""
    listed = "".join(f"<li>{escape(LABELS.get(scope, scope))} <code>{escape(scope)}</code></li>" for scope in scopes)
    body = (
        f"<h1>{escape(application.name)} asks for access to Box</h1>"
        f'<form method="post"><h2><label for="login">Signed in as</label></h2>{_person_picker(state, user)}'
        f"<h2>It may then</h2><ul>{listed}</ul>"
        '<div class="foot"><button class="main" name="decision" value="grant">Grant access to Box</button>'
        '<button name="decision" value="deny">Deny access to Box</button></div></form>'
    )
    return page("Grant access", body)


def _person_picker(state: State, chosen: User) -> str:
    """Administrators first."""
    people = [each for each in state.users.values() if each.status != "inactive" and each.service_of is None]
    people.sort(key=lambda each: (list(ROLES).index(each.role) if each.role in ROLES else len(ROLES), each.login))
    options = "".join(_option(each, chosen) for each in people if not each.is_platform_access_only)
    return f'<select id="login" name="login">{options}</select>'


def _option(each: User, chosen: User) -> str:
    mark = " selected" if each is chosen else ""
    role = f" ({ROLES[each.role]})" if each.role in ROLES else ""
    return f'<option value="{escape(each.login)}"{mark}>{escape(each.login)}{role}</option>'
