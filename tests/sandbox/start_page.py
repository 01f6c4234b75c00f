"""The sandbox's own pages: what it is, what to type in the wizard, what the vendors were asked, what may go wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.sandbox.exchange import Answer, Exchange, Request

if TYPE_CHECKING:
    from tests.sandbox.server import Sandbox
    from tests.sandbox.simulator import Simulator, Switch

SHOWN = 30
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1b1f24}
main{max-width:60rem;margin:0 auto;padding:1.5rem}section{background:#fff;border:1px solid #d5d9de;border-radius:6px;
padding:1rem 1.25rem;margin:1rem 0}h1{font-size:1.5rem}h2{font-size:1.15rem;margin:0 0 .5rem}
table+h2{margin-top:1.5rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #e6e8eb}
code{font-size:.9rem;user-select:all;overflow-wrap:anywhere;white-space:pre-wrap}form{display:inline}
button{font:inherit;padding:.3rem .8rem;border:1px solid #868d96;border-radius:6px;background:#f4f5f7;color:inherit}
button[aria-pressed=true]{background:#a40e26;border-color:#a40e26;color:#fff}.switches{display:flex;flex-wrap:wrap;gap:.5rem}
"""


def answer(sandbox: Sandbox, request: Request) -> Answer:
    """GET / shows the page; POST /switch and POST /reset act and lead back to it."""
    if request.method == "GET" and request.path == "/":
        return Answer.of_html(_page(sandbox))
    if request.method == "POST" and request.path == "/reset":
        sandbox.reset()
        return Answer(303, b"", {"Location": "/"})
    if request.method == "POST" and request.path == "/switch":
        return _turn(sandbox, request.form())
    return Answer.of_text("The sandbox has no such page; vendors live below /~/<vendor host>/.\n", 404)


def _turn(sandbox: Sandbox, form: dict[str, str]) -> Answer:
    simulator = sandbox.simulators.get(form.get("vendor", ""))
    switches = simulator.switches() if simulator else []
    switch = next((each for each in switches if each.id == form.get("switch")), None)
    if switch is None:
        return Answer.of_text("There is no such switch.\n", 404)
    switch.turn(not switch.is_on)
    return Answer(303, b"", {"Location": "/"})


def _page(sandbox: Sandbox) -> str:
    vendors = "".join(_vendor(name, simulator) for name, simulator in sandbox.simulators.items())
    recent = "".join(_row(each) for each in reversed(sandbox.requests[-SHOWN:]))
    table = (
        f"<table><tr><th>Host</th><th>Call</th><th>Answer</th></tr>{recent}</table>" if recent else "<p>None yet.</p>"
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sandbox of Contoso Ltd</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body><main>"
        "<h1>Sandbox of Contoso Ltd</h1><p>These are simulated cloud apps of an invented company. Nothing here leaves "
        "this computer, and no real account is touched. Connect the portal to them with the values below.</p>"
        f"{vendors}<section><h2>Recent calls</h2>{table}</section>"
        '<section><h2>Start over</h2><form method="post" action="/reset"><button>Reset everything</button></form>'
        "</section></main></body></html>"
    )


def _vendor(name: str, simulator: Simulator) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(label)}</th><td>{_value(value)}</td></tr>"
        for label, value in simulator.credentials()
    )
    buttons = "".join(_button(name, each) for each in simulator.switches())
    return (
        f"<section><h2>{escape(simulator.title)}: what to type in the wizard</h2><table>{rows}</table>"
        f'<h2>Plans, policies, and what may go wrong</h2><div class="switches">{buttons}</div></section>'
    )


def _value(value: str) -> str:
    """To copy, or a page of the vendor's to go to."""
    words = escape(value)
    return f'<a href="{words}">{words}</a>' if value.startswith("/~/") else f"<code>{words}</code>"


def _button(name: str, switch: Switch) -> str:
    return (
        f'<form method="post" action="/switch"><input type="hidden" name="vendor" value="{escape(name)}">'
        f'<input type="hidden" name="switch" value="{escape(switch.id)}">'
        f'<button aria-pressed="{str(switch.is_on).lower()}">{escape(switch.label)}</button></form>'
    )


def _row(each: Exchange) -> str:
    """The query is left out: it may hold a code."""
    fault = f" ({escape(each.fault)})" if each.fault else ""
    return (
        f"<tr><td>{escape(each.host)}</td><td>{escape(each.method)} {escape(each.path)}</td>"
        f"<td>{each.status}{fault}</td></tr>"
    )
