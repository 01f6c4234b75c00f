"""The App Console, as far as a webhook needs it: there is no API to register one."""

from html import escape

from tests.sandbox.dropbox.consent_page import page
from tests.sandbox.dropbox.state import State


def console(state: State, problem: str = "") -> str:
    listed = "".join(f"<li><code>{escape(each)}</code> Enabled</li>" for each in state.application.webhooks)
    told = f"<p role=alert>{escape(problem)}</p>" if problem else ""
    body = (
        f"<h1>{escape(state.application.name)}</h1><h2>Webhooks</h2>{told}<ul>{listed or '<li>None yet.</li>'}</ul>"
        '<form method="post" class="row"><label for="uri">Webhook URI</label>'
        '<input id="uri" name="uri" required><button class="main">Add</button></form>'
    )
    return page("App Console", body)
