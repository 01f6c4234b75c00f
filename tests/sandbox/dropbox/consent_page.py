"""The pages a browser sees on the simulated www.dropbox.com. They need no script and no file of another origin."""

from html import escape

from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.scopes import TEAM_SCOPES
from tests.sandbox.dropbox.state import State

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f7f5f2;color:#1e1919}
main{max-width:34rem;margin:2rem auto;background:#fff;border:1px solid #d0c8bd;border-radius:6px;padding:1.5rem}
h1{font-size:1.35rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.note{background:#fff8c5;border:1px solid #d4a72c;border-radius:6px;padding:.5rem .75rem;font-size:.9rem}
.row{display:flex;gap:.75rem;align-items:center}ul{list-style:none;margin:0;padding:0}code{font-size:.9rem}
button,select{font:inherit;padding:.35rem .9rem;border:1px solid #736c64;border-radius:6px;background:#f7f5f2}
button,select{color:inherit}select{min-width:0;flex:1}
button.main{background:#0061fe;border-color:#0061fe;color:#fff;font-weight:600}
.foot{display:flex;gap:.75rem;margin-top:1.5rem}
"""


def page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>'
        "<p class=note>Sandbox: this page stands in for Dropbox.</p>"
        f"{body}</main></body></html>"
    )


def error(text: str) -> str:
    body = f"<h1>Error (400)</h1><p>It seems the app has sent a bad request.</p><p>{escape(text)}</p>"
    return page("Error (400)", body)


def only_admins() -> str:
    return page("Not allowed", "<h1>This app asks for access to a team</h1><p>Only a team admin can allow that.</p>")


def consent(state: State, scopes: list[str], member: Member) -> str:
    """The form posts to its own address, so that the question it answers stays in the query."""
    name = escape(state.application.name)
    asked = "".join(f"<li><code>{escape(each)}</code></li>" for each in scopes)
    whose = f"the team {state.team_name}" if TEAM_SCOPES & set(scopes) else "your own Dropbox"
    body = (
        f"<h1>{name} would like access to {escape(whose)}</h1>"
        f'<form method="post">{_person_picker(state, member)}<h2>Permissions asked for</h2><ul>{asked}</ul>'
        '<div class="foot"><button class="main" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="cancel">Cancel</button></div></form>'
    )
    return page(f"{state.application.name}: API request authorization", body)


def _person_picker(state: State, chosen: Member) -> str:
    """Admins first."""
    people = [each for each in state.members.values() if each.status == "active"]
    people.sort(key=lambda each: (not state.is_admin(each), each.email))
    options = "".join(_option(state, each, chosen) for each in people)
    return (
        f'<h2><label for="email">Signed in as</label></h2><div class="row"><select id="email" name="email">{options}'
        '</select><button name="decision" value="switch">Switch</button></div>'
    )


def _option(state: State, each: Member, chosen: Member) -> str:
    mark = " selected" if each is chosen else ""
    role = " (team admin)" if state.is_admin(each) else ""
    return f'<option value="{escape(each.email)}"{mark}>{escape(each.email)}{role}</option>'
