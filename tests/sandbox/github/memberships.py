"""The organisations of the caller, over all doors: what a closed one hides is said in a header."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github import shapes
from tests.sandbox.github.call import Call
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.router import Route, route
from tests.sandbox.github.tokens import Token


def list_memberships(call: Call) -> Answer:
    wanted = call.chosen("state", ("", "active", "pending"), "", "Membership")
    rows = []
    shown, hidden = _organisations(call)
    for organisation in shown:
        shape = shapes.membership(call.request, organisation, call.user)
        if wanted in ("", shape["state"]):
            rows.append(shape)
    return _answer(call, rows, hidden)


def list_organisations(call: Call) -> Answer:
    shown, hidden = _organisations(call)
    active = [each for each in shown if call.user.id in each.members]
    return _answer(call, [shapes.simple_organisation(call.request, each) for each in active], hidden)


def _answer(call: Call, rows: list[dict[str, object]], hidden: list[Organisation]) -> Answer:
    page, headers = call.page(list(rows))
    if hidden:
        ids = ",".join(str(each.id) for each in hidden)
        headers = {**headers, "X-GitHub-SSO": f"partial-results; organizations={ids}"}
    return Answer.of_json(page, headers=headers)


def _organisations(call: Call) -> tuple[list[Organisation], list[Organisation]]:
    """Those that show, and those that single sign-on hides from this token."""
    token, now = call.token, call.state.clock.now()
    mine = [
        each
        for each in call.state.organisations.values()
        if call.user.id in each.members or each.invitation_of(call.user.login)
    ]
    hidden = [
        each
        for each in mine
        if each.is_saml_enforced and isinstance(token, Token) and not token.has_session(each.id, now)
    ]
    return [each for each in mine if each not in hidden], hidden


ROUTES: list[Route] = [
    route("GET", "/user/memberships/orgs", list_memberships, "read:org"),
    route("GET", "/user/orgs", list_organisations, "read:org"),
]
