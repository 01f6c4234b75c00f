"""What the tests of actions have in common."""

import json
from collections.abc import Mapping
from typing import Any

from connectors.base import Account, Action, ActionTarget, File, Listed, Order
from connectors.github import ids
from tests.connectors.conformance.bench import Trial
from tests.connectors.conformance.github import Bench
from tests.sandbox.github.repository import Repository


def order(bench: Bench, action: Action, target_id: str, target: type[Listed] = Account, **params: Any) -> Order:
    """As the portal would write it; what was asked of GitHub so far is forgotten."""
    made = bench.order(Trial(action.name, target, target_id, params))
    bench.sandbox.requests.clear()
    return made


def repository(bench: Bench, name: str) -> Repository:
    found = bench.organisation.repository(name)
    assert found is not None
    return found


def order_for(bench: Bench, target: type[Listed], target_id: str, name: str, raw: Mapping[str, Any]) -> Order:
    """For a target with this vendor's record, whatever the feeds list."""
    bench.sandbox.requests.clear()
    return Order(ActionTarget(target, target_id, name, raw))


def order_for_repository(bench: Bench, name: str) -> Order:
    found = repository(bench, name)
    return order_for(bench, File, ids.repository(found.id), found.full_name, {"id": found.id})


def changes(bench: Bench) -> list[tuple[str, str]]:
    """What was asked of GitHub that changes something: method and path."""
    return [
        (each.method, each.path)
        for each in bench.sandbox.requests
        if each.method != "GET" and not each.path.endswith("/graphql")
    ]


def bodies(bench: Bench) -> list[Mapping[str, Any]]:
    """The bodies of those that have one."""
    return [
        json.loads(each.body)
        for each in bench.sandbox.requests
        if each.method != "GET" and each.body and not each.path.endswith("/graphql")
    ]


def refusal(bench: Bench, action: Action, asked: Order) -> str:
    assert action.refuse
    return action.refuse(bench.client(), asked)


def preview(bench: Bench, action: Action, asked: Order) -> str:
    """All sentences."""
    assert action.preview
    return " ".join(action.preview(bench.client(), asked))
