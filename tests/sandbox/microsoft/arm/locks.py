"""Locks: what may not be deleted, or not be changed at all."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.azure import scope_of_lock
from tests.sandbox.microsoft.arm.refusals import ArmRefusal, bad

VERSIONS = ("2016-09-01", "2020-05-01")
LEVELS = ("CanNotDelete", "ReadOnly")
END = "/providers/Microsoft.Authorization/locks"
ACTION = "Microsoft.Authorization/locks"


def _id(asked: Asked) -> str:
    base = "" if asked.scope == scopes.ROOT else asked.scope
    return f"{base}{END}/{asked.call.parameters['name']}"


def all_listed(asked: Asked) -> Answer:
    """At the scope, above and below it."""
    azure = asked.azure
    rows: list[Json] = []
    for each in azure.locks.values():
        scope = scope_of_lock(each)
        if azure.is_at_or_above(scope, asked.scope) or azure.is_at_or_above(asked.scope, scope):
            rows.append(each)
    return listed(asked, rows)


def shown(asked: Asked) -> Answer:
    found = asked.azure.locks.get(_id(asked).lower())
    if found is None:
        raise ArmRefusal(404, "LockNotFound", f"The lock '{asked.call.parameters['name']}' could not be found.")
    return Answer.of_json(found)


def made(asked: Asked) -> Answer:
    body = asked.body()
    if body.get("level") not in LEVELS:
        raise bad("The lock level is not known.", "InvalidLockLevel")
    is_new = _id(asked).lower() not in asked.azure.locks
    row: dict[str, Json] = {
        "id": _id(asked),
        "type": "Microsoft.Authorization/locks",
        "name": asked.call.parameters["name"],
        "properties": {"level": body["level"], "notes": body.get("notes")},
    }
    asked.azure.locks[_id(asked).lower()] = row
    asked.record(f"{ACTION}/write", _id(asked))
    return Answer.of_json(row, 201 if is_new else 200)


def removed(asked: Asked) -> Answer:
    if asked.azure.locks.pop(_id(asked).lower(), None) is None:
        return Answer(204)
    asked.record(f"{ACTION}/delete", _id(asked))
    return Answer(200)


ROUTES = [
    each
    for way in ("", "/{scope*}")
    for each in (
        arm("GET", f"{way}{END}", all_listed, f"{ACTION}/read", *VERSIONS),
        arm("GET", f"{way}{END}/{{name}}", shown, f"{ACTION}/read", *VERSIONS),
        arm("PUT", f"{way}{END}/{{name}}", made, f"{ACTION}/write", *VERSIONS),
        arm("DELETE", f"{way}{END}/{{name}}", removed, f"{ACTION}/delete", *VERSIONS),
    )
]
