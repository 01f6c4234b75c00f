"""A tenant that remembers what it is told: role assignments, activations, locks and storage accounts."""

import json
from typing import Any

from connectors.azure import connector
from connectors.base import Account, ActionTarget, Client, File, Listed, Order
from tests.connectors.azure.vendor import (
    ADA,
    BO,
    DEFINITIONS,
    GROUP,
    ONE,
    READER_ID,
    ROLES,
    Json,
    Talk,
    assignment,
    listed,
    person,
    refused,
)
from tests.connectors.base.vendor import Says, Seen, says

AT = f"/subscriptions/{ONE}"
WEB = f"{AT}/resourceGroups/web"
STORE = f"{WEB}/providers/Microsoft.Storage/storageAccounts/store"
CONDITION = "((@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'x'))"


class Tenant:
    """Ada is Owner of a subscription and Reader of a resource group with a condition; Bo is Owner as well."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.assignments = self._kept(
            assignment(AT, ADA),
            assignment(WEB, ADA, READER_ID, condition=CONDITION, conditionVersion="2.0", description="Größe"),
            assignment(AT, BO),
        )
        self.activations: dict[str, Json] = {}
        self.locks: dict[str, Json] = {}
        self.is_public = True
        self.changes: list[tuple[str, str, Json]] = []
        self.people = [person(ADA, "Ada Lee"), person(BO, "Bo Ek")]
        talk.vendor.answer = self.answer

    def _kept(self, *rows: Json) -> dict[str, Json]:
        return {row["id"].lower(): row for row in rows}

    def answer(self, seen: Seen) -> Says:
        body = json.loads(seen.body) if seen.body and seen.path.startswith("/subscriptions") else {}
        if seen.method != "GET" and seen.path.startswith("/subscriptions"):
            self.changes.append((seen.method, seen.path, body))
        path, last = seen.path.lower(), seen.path.rpartition("/")[2]
        if "/roleassignments/" in path:
            return self._one(self.assignments, seen, body)
        if "/locks/" in path:
            return self._one(self.locks, seen, body)
        if "/roleassignmentschedulerequests/" in path:
            return self._request(body)
        if path == STORE.lower():
            return self._store(seen, body)
        if path == WEB.lower():
            return says({"id": WEB, "name": "web"})
        if path.endswith("/getbyids"):
            asked = json.loads(seen.body)["ids"]
            return says(listed(*(each for each in self.people if each["id"] in asked)))
        rows: dict[str, Any] = {
            "roleAssignments": self.assignments.values(), "locks": self.locks.values(), "roleDefinitions": DEFINITIONS,
            "roleAssignmentScheduleInstances": self.activations.values(), "containers": [self._container()],
        }  # fmt: skip
        if last in rows and (last == "roleDefinitions" or path.startswith(AT)):
            return says(listed(*rows[last]))
        return self.talk.answer(seen)

    def _one(self, kept: dict[str, Json], seen: Seen, body: Json) -> Says:
        name = seen.path.lower()
        if seen.method == "PUT":
            scope = seen.path.lower().partition("/providers/microsoft.authorization/")[0]
            kept[name] = {"id": seen.path, "name": name, "properties": {"scope": scope, **body["properties"]}}
            return says(kept[name], 201)
        if seen.method == "DELETE":
            return says(kept.pop(name)) if name in kept else Says(204, b"")
        return says(kept[name]) if name in kept else refused(404, "NotFound")

    def _request(self, body: Json) -> Says:
        self.activations = {
            name: row for name, row in self.activations.items()
            if row["properties"]["roleDefinitionId"] != body["properties"]["roleDefinitionId"]
        }  # fmt: skip
        return says({"properties": {"status": "Revoked"}}, 201)

    def _store(self, seen: Seen, body: Json) -> Says:
        if seen.method == "PATCH":
            self.is_public = body["properties"]["allowBlobPublicAccess"]
        return says({"id": STORE, "name": "store", "properties": {"allowBlobPublicAccess": self.is_public}})

    def _container(self) -> Json:
        return {
            "id": f"{STORE}/blobServices/default/containers/www", "name": "www", "properties": {"publicAccess": "Blob"},
        }  # fmt: skip

    def activate(self) -> None:
        """Ada activates a role: it has an assignment of its own meanwhile."""
        plain = assignment(AT, ADA, "b24988ac-6180-42a0-ab88-20f7382dd24c", name="acti-vated")
        self.assignments[plain["id"].lower()] = plain
        row = assignment(
            AT, ADA, "b24988ac-6180-42a0-ab88-20f7382dd24c", name="instance", assignmentType="Activated",
            originRoleAssignmentId=plain["id"], startDateTime="2026-11-24T08:00:00Z",
        )  # fmt: skip
        self.activations[row["id"]] = {
            **row, "id": f"{AT}{ROLES}/roleAssignmentScheduleInstances/instance",
        }  # fmt: skip

    @property
    def state(self) -> Json:
        held = {name: row["properties"] for name, row in self.assignments.items()}
        written = {name: {key: value for key, value in each.items() if key != "scope"} for name, each in held.items()}
        return {"assignments": written, "locks": sorted(self.locks), "is_public": self.is_public}


def order(target_id: str, kind: type[Listed] = Account, name: str = "Ada Lee", **params: str) -> Order:
    return Order(ActionTarget(kind, target_id, name, {"id": target_id}), params)


def file_order(path: str, name: str, **params: str) -> Order:
    return order(path.lower(), File, name, **params)


def done(name: str, client: Client, asked: Order) -> Order:
    """All steps of an action; the order comes back with their results, as they have been through the database."""
    for step in connector.action(name).steps:
        result = json.loads(json.dumps(dict(step.run(client, asked))))
        asked = Order(asked.target, asked.params, {**asked.results, step.name: result})
    return asked


def undone(name: str, client: Client, asked: Order) -> None:
    for step in reversed(connector.action(name).steps):
        if step.undo:
            step.undo(client, asked)
            assert step.undo_is_done
            assert step.undo_is_done(client, asked)


__all__ = ["ADA", "AT", "BO", "GROUP", "STORE", "WEB", "Tenant", "done", "file_order", "order", "undone"]
