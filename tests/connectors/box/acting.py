"""What the tests of actions have in common."""

from connectors.base import Action, File, Listed, Order, Step
from connectors.box import connector
from tests.connectors.conformance.bench import Trial
from tests.connectors.conformance.box import Bench
from tests.sandbox.box.items import File as BoxFile


def action(name: str) -> Action:
    return connector.action(name)


def order(bench: Bench, name: str, target_id: str, target: type[Listed] = File, **params: str) -> Order:
    """As the portal would write it; what was asked of Box so far is forgotten."""
    made = bench.order(Trial(name, target, target_id, params))
    bench.sandbox.requests.clear()
    return made


def changes(bench: Bench) -> list[tuple[str, str, str | None]]:
    """What was asked that changes something: method, path, and in whose name."""
    return [
        (each.method, each.path, each.headers.get("as-user"))
        for each in bench.sandbox.requests
        if each.method != "GET"
    ]


def step(name: str, of: str) -> Step:
    return next(each for each in action(of).steps if each.name == name)


def refusal(bench: Bench, name: str, asked: Order) -> str:
    refuse = action(name).refuse
    assert refuse
    return refuse(bench.client(), asked)


def bytes_of(bench: Bench, number: str) -> str:
    """The SHA-1 of what a file holds."""
    item = bench.held.tree.items[number]
    assert isinstance(item, BoxFile)
    return item.current.sha1


def names_in(bench: Bench, folder_id: str) -> set[str]:
    return {each.name for each in bench.held.tree.children(bench.held.tree.folder(folder_id))}
