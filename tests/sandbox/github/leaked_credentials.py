"""POST /credentials/revoke: whoever finds a leaked token may have it revoked; for callers without a token only."""

from tests.sandbox.exchange import Answer
from tests.sandbox.github.call import Call
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.router import Route, route

MOST = 1000
AN_HOUR = 60


def revoke(call: Call) -> Answer:
    """Unknown ones are taken as gladly: the answer does not say which were good."""
    if call.token is not None or call.app is not None:
        raise Refusal(403, "This endpoint does not support authentication.")
    _count(call)
    credentials = call.body().get("credentials")
    if not isinstance(credentials, list) or not 0 < len(credentials) <= MOST:
        raise Refusal(422, f"credentials must hold between 1 and {MOST} credentials.")
    for text in credentials:
        call.state.tokens.pop(str(text), None)
    return Answer.of_json({}, 202)


def _count(call: Call) -> None:
    """Sixty calls an hour from one address."""
    now = call.state.clock.now()
    recent = [at for at in call.state.revocations.get(call.request.address, []) if at > now - 3600]
    if len(recent) >= AN_HOUR:
        headers = {"x-ratelimit-limit": str(AN_HOUR), "x-ratelimit-remaining": "0", "x-ratelimit-used": str(AN_HOUR)}
        raise Refusal(403, f"API rate limit exceeded for {call.request.address}.", headers=headers)
    call.state.revocations[call.request.address] = [*recent, now]


ROUTES: list[Route] = [route("POST", "/credentials/revoke", revoke, is_open=True)]
