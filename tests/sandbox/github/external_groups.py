"""Groups of the identity provider, seen from an organisation whose enterprise manages its users."""

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer
from tests.sandbox.github.call import Call
from tests.sandbox.github.enterprise import Enterprise, ExternalGroup
from tests.sandbox.github.refusal import Refusal, not_found
from tests.sandbox.github.router import Route, route

PAGE_MARK = "3"


def list_groups(call: Call) -> Answer:
    """`page` is a token that only the Link header knows."""
    enterprise = _managing(call)
    part = call.request.parameter("display_name").lower()
    after, size = _after(call), call.per_page()
    rest = [each for each in enterprise.groups.values() if each.id > after and part in each.name.lower()]
    rest.sort(key=lambda each: each.id)
    shown = rest[:size]
    links = [call.link({"page": f"{shown[-1].id}{PAGE_MARK}"}, "next")] if len(rest) > size else []
    rows = [{"group_id": each.id, "group_name": each.name, "updated_at": iso(each.updated_at)} for each in shown]
    return Answer.of_json({"groups": rows}, headers={"Link": links[0]} if links else {})


def get_group(call: Call) -> Answer:
    group = _named(call)
    organisation = call.organisation
    members, headers = call.page([call.state.users[user_id] for user_id in group.members])
    shape = {
        "group_id": group.id,
        "group_name": group.name,
        "updated_at": iso(group.updated_at),
        "teams": [{"team_id": number, "team_name": organisation.teams[number].name} for number in group.teams],
        "members": [
            {
                "member_id": user.id,
                "member_login": user.login,
                "member_name": user.name or "",
                "member_email": user.work_email,
            }
            for user in members
        ],
    }
    return Answer.of_json(shape, headers=headers)


def _named(call: Call) -> ExternalGroup:
    number = call.parameters["group_id"]
    found = _managing(call).groups.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    return found


def _managing(call: Call) -> Enterprise:
    organisation = call.organisation
    call.need_owner()
    if not organisation.is_enterprise_managed:
        raise Refusal(400, "This organization is not part of externally managed enterprise.")
    return next(each for each in call.state.enterprises.values() if organisation in each.organisations)


def _after(call: Call) -> int:
    text = call.request.parameter("page") or PAGE_MARK
    if not text.isdigit() or not text.endswith(PAGE_MARK):
        raise Refusal(400, "Invalid page token.")
    return int(text.removesuffix(PAGE_MARK) or 0)


ROUTES: list[Route] = [
    route("GET", "/orgs/{org}/external-groups", list_groups, "read:org", permissions="members=read"),
    route("GET", "/orgs/{org}/external-group/{group_id}", get_group, "read:org", permissions="members=read"),
]
