"""Whatever the connector asks and the simulated Dropbox answers, judged by the validators of the vendor's own client.

They are made from the vendor's description of its API: an argument or an answer with a field that is not there, one
missing or of another type is no word of it. Refusals are judged by the errors that their route knows.
"""

import importlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.connectors.conformance.acting import every_use
from tests.connectors.conformance.dropbox import Bench
from tests.sandbox.exchange import Exchange

pytestmark = pytest.mark.peers

WITHOUT = "dropbox is not installed: pip install --require-hashes -r requirements-peers.txt"
NAMESPACES = ("auth", "check", "common", "files", "sharing", "team", "team_log", "users")
PLANTED = frozenset(
    {"/2/team_log/get_events/continue: its answer: events.event_type: unknown tag 'quantum_vault_opened'"}
)
"""Dropbox adds kinds of events as it likes: the simulated log has one that nobody knows."""
REFUSED = 409
"""A refusal that is the route's own; the others look the same everywhere."""


@cache
def routes() -> dict[str, Any]:
    """By their path below /2/."""
    found: dict[str, Any] = {}
    for namespace in NAMESPACES:
        module = pytest.importorskip(f"dropbox.{namespace}", reason=WITHOUT)
        for route in module.ROUTES.values():
            version = f"_v{route.version}" if route.version > 1 else ""
            found[f"{namespace}/{route.name}{version}"] = route
    return found


def complaints(call: Exchange, route: Any) -> Iterator[str]:
    for what, validator, said in judged(call, route):
        serializers = importlib.import_module("stone.backends.python_rsrc.stone_serializers")
        validators = importlib.import_module("stone.backends.python_rsrc.stone_validators")
        try:
            serializers.json_compat_obj_decode(validator, said, strict=True)
        except validators.ValidationError as error:
            yield f"{call.path}: its {what}: {error}"


def judged(call: Exchange, route: Any) -> Iterator[tuple[str, Any, Any]]:
    """What of a call there is a validator for."""
    argument = call.headers.get("dropbox-api-arg") or (call.body.decode() if route.attrs["style"] == "rpc" else "")
    yield "argument", route.arg_type, json.loads(argument or "null")
    if call.status == 200:
        result = call.response_headers.get("dropbox-api-result") or call.response_body.decode()
        yield "answer", route.result_type, json.loads(result or "null")
    elif call.status == REFUSED:
        yield "refusal", route.error_type, json.loads(call.response_body)["error"]


def test_every_call_and_every_answer_are_words_of_the_vendors_client() -> None:
    known, bench = routes(), Bench()
    with bench.sandbox:
        bench.begin()
        calls = [call for call in every_use(bench) if call.path.startswith("/2/")]
    assert len({call.path for call in calls}) > 40
    assert {call.path.removeprefix("/2/") for call in calls} <= known.keys()
    found = {each for call in calls for each in complaints(call, known[call.path.removeprefix("/2/")])}
    assert found == PLANTED
