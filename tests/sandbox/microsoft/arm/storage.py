"""Storage accounts and their containers, and whether anybody may read what is in them."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.arm import scopes
from tests.sandbox.microsoft.arm.asking import Asked, arm, listed
from tests.sandbox.microsoft.arm.refusals import locked, missing

VERSIONS = ("2023-01-01", "2021-09-01", "2019-04-01")
ACTION = "Microsoft.Storage/storageAccounts"
CHANGEABLE = ("allowBlobPublicAccess", "minimumTlsVersion", "publicNetworkAccess", "supportsHttpsTrafficOnly")


def all_listed(asked: Asked) -> Answer:
    held = asked.azure.storage.values()
    return listed(asked, [each for each in held if scopes.is_below(str(each["id"]), asked.scope)])


def _named(asked: Asked) -> dict[str, Json]:
    name = asked.call.parameters["name"]
    found = asked.azure.storage.get(f"{asked.scope}/providers/{ACTION}/{name}".lower())
    if found is None:
        raise missing(f"{ACTION}/{name}")
    return found


def shown(asked: Asked) -> Answer:
    return Answer.of_json(_named(asked))


def changed(asked: Asked) -> Answer:
    """Some of its properties; a lock ReadOnly forbids it."""
    found, body = _named(asked), asked.body()
    for lock in asked.azure.locks_on(str(found["id"])):
        if lock["properties"]["level"] == "ReadOnly":
            raise locked(str(found["id"]), str(lock["id"]))
    found["properties"] |= {name: value for name, value in body.items() if name in CHANGEABLE}
    asked.record(f"{ACTION}/write", str(found["id"]))
    return Answer.of_json(found)


def containers(asked: Asked) -> Answer:
    """With what each would let everybody do, whether or not the account allows that now."""
    account = str(_named(asked)["id"]).lower()
    held = [each for key, each in asked.azure.containers.items() if key.startswith(f"{account}/")]
    return listed(asked, list(held))


LIST = "/subscriptions/{subscription_id}/providers/Microsoft.Storage/storageAccounts"
ITEM = "/{scope*}/providers/Microsoft.Storage/storageAccounts/{name}"
ROUTES = [
    arm("GET", LIST, all_listed, f"{ACTION}/read", *VERSIONS),
    arm("GET", ITEM, shown, f"{ACTION}/read", *VERSIONS),
    arm("PATCH", ITEM, changed, f"{ACTION}/write", *VERSIONS),
    arm(
        "GET",
        f"{ITEM}/blobServices/default/containers",
        containers,
        f"{ACTION}/blobServices/containers/read",
        *VERSIONS,
    ),
]
