"""Fine-grained tokens that reach an organisation, and those that ask to; for GitHub Apps only."""

from datetime import datetime

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import app_shapes, repository_shapes
from tests.sandbox.github.announcement import Subject
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.grants import TokenGrant
from tests.sandbox.github.refusal import Refusal, invalid, not_found
from tests.sandbox.github.router import Route, route


def list_grants(call: Call) -> Answer:
    _need_app(call)
    now, number = call.state.clock.now(), call.organisation.id
    chosen = _chosen(call, call.organisation.token_grants)
    return answer_list(call, [app_shapes.token_grant(call.request, number, each, now) for each in chosen])


def list_requests(call: Call) -> Answer:
    _need_app(call)
    now, number = call.state.clock.now(), call.organisation.id
    chosen = _chosen(call, call.organisation.token_requests)
    return answer_list(call, [app_shapes.token_request(call.request, number, each, now) for each in chosen])


def list_repositories(call: Call) -> Answer:
    _need_app(call)
    held = _named(call.organisation.token_grants, call.parameters["pat_id"])
    return _repositories(call, held)


def list_requested_repositories(call: Call) -> Answer:
    _need_app(call)
    held = _named(call.organisation.token_requests, call.parameters["pat_request_id"])
    return _repositories(call, held)


def _repositories(call: Call, held: TokenGrant) -> Answer:
    known = call.organisation.repositories
    chosen = list(known) if held.selection == "all" else [each for each in held.repositories if each in known]
    return answer_list(
        call, [repository_shapes.listed_repository(call.request, known[number], None) for number in chosen]
    )


def revoke(call: Call) -> Answer:
    _need_app(call)
    _asked(call, ("revoke",))
    _revoke(call, _named(call.organisation.token_grants, call.parameters["pat_id"]))
    return no_content()


def revoke_many(call: Call) -> Answer:
    """Ids of which nothing is known are passed over."""
    _need_app(call)
    _asked(call, ("revoke",))
    for number in _numbers(call, "pat_ids"):
        held = call.organisation.token_grants.get(number)
        if held is not None:
            _revoke(call, held)
    return Answer.of_json({}, 202)


def review(call: Call) -> Answer:
    _need_app(call)
    action = _asked(call, ("approve", "deny"))
    _review(call, _named(call.organisation.token_requests, call.parameters["pat_request_id"]), action)
    return no_content()


def review_many(call: Call) -> Answer:
    """All that wait when no ids are given."""
    _need_app(call)
    action = _asked(call, ("approve", "deny"))
    waiting = call.organisation.token_requests
    numbers = _numbers(call, "pat_request_ids") if "pat_request_ids" in call.body() else list(waiting)
    for held in [waiting[number] for number in numbers if number in waiting]:
        _review(call, held, action)
    return Answer.of_json({}, 202)


def _revoke(call: Call, held: TokenGrant) -> None:
    """The owner keeps the token; it only reaches this organisation no more."""
    del call.organisation.token_grants[held.id]
    action = "personal_access_token.access_revoked"
    call.organisation.record(action, call.actor, operation_type="remove", **held.details())


def _review(call: Call, held: TokenGrant, action: str) -> None:
    organisation = call.organisation
    del organisation.token_requests[held.id]
    name = "personal_access_token.request_denied"
    if action == "approve":
        name = "personal_access_token.access_granted"
        held.created_at = call.state.clock.now()
        organisation.token_grants[held.id] = held
    organisation.record(name, call.actor, subject=Subject(grant=held), operation_type="modify", **held.details())


def _chosen(call: Call, held: dict[int, TokenGrant]) -> list[TokenGrant]:
    """owner[] and token_id[] may stand several times; without brackets they are understood, too."""
    owners = {value.lower() for name, value in call.request.query if name in ("owner", "owner[]")}
    tokens = {value for name, value in call.request.query if name in ("token_id", "token_id[]")}
    before, after = _moment(call, "last_used_before"), _moment(call, "last_used_after")
    direction = call.chosen("direction", ("asc", "desc"), "desc", "PersonalAccessToken")
    chosen = [
        each
        for each in held.values()
        if (not owners or each.owner.login.lower() in owners)
        and (not tokens or str(each.token_id) in tokens)
        and (before is None or (each.used_at or 0.0) < before)
        and (after is None or (each.used_at or 0.0) > after)
    ]
    return sorted(chosen, key=lambda each: (each.created_at, each.id), reverse=direction == "desc")


def _moment(call: Call, name: str) -> float | None:
    text = call.request.parameter(name)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise invalid("PersonalAccessToken", name, f"{name} is not a time") from None


def _asked(call: Call, actions: tuple[str, ...]) -> str:
    action = call.body().get("action")
    if action not in actions:
        raise invalid("PersonalAccessToken", "action", f"action is not one of {', '.join(actions)}")
    return str(action)


def _numbers(call: Call, name: str) -> list[int]:
    numbers: Json = call.body().get(name)
    if not isinstance(numbers, list) or not 0 < len(numbers) <= 100:
        raise invalid("PersonalAccessToken", name, f"{name} must hold between 1 and 100 ids")
    return [number for number in numbers if isinstance(number, int)]


def _named(held: dict[int, TokenGrant], number: str) -> TokenGrant:
    found = held.get(int(number)) if number.isdigit() else None
    if found is None:
        raise not_found()
    return found


def _need_app(call: Call) -> None:
    if call.installation_token is None:
        raise Refusal(403, "You must authenticate with an installation access token to use this endpoint.")
    call.need_owner()


TOKENS = "/orgs/{org}/personal-access-tokens"
REQUESTS = "/orgs/{org}/personal-access-token-requests"
TOKEN = "organization_personal_access_tokens"
REQUEST = "organization_personal_access_token_requests"
ROUTES: list[Route] = [
    route("GET", TOKENS, list_grants, permissions=f"{TOKEN}=read"),
    route("POST", TOKENS, revoke_many, permissions=f"{TOKEN}=write"),
    route("POST", f"{TOKENS}/{{pat_id}}", revoke, permissions=f"{TOKEN}=write"),
    route("GET", f"{TOKENS}/{{pat_id}}/repositories", list_repositories, permissions=f"{TOKEN}=read"),
    route("GET", REQUESTS, list_requests, permissions=f"{REQUEST}=read"),
    route("POST", REQUESTS, review_many, permissions=f"{REQUEST}=write"),
    route("POST", f"{REQUESTS}/{{pat_request_id}}", review, permissions=f"{REQUEST}=write"),
    route(
        "GET",
        f"{REQUESTS}/{{pat_request_id}}/repositories",
        list_requested_repositories,
        permissions=f"{REQUEST}=read",
    ),
]
