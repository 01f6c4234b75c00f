"""How values become what a GraphQL query asked for: objects, lists, pages with cursors."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from tests.sandbox.exchange import Json
from tests.sandbox.github.graphql_reader import Field, GraphQLError

Path = tuple[str, ...]


def connection(
    each: Field,
    rows: Sequence[Any],
    edge: Callable[[list[Field], Any, str], Json],
    node: Callable[[list[Field], Any], Json],
    path: Path,
    largest: int,
) -> Json:
    first = each.arguments.get("first")
    if not isinstance(first, int):
        message = f"You must provide a `first` or `last` value to properly paginate the `{each.name}` connection."
        raise GraphQLError(message, "MISSING_PAGINATION_BOUNDARIES", path)
    if not 0 < first <= 100:
        message = (
            f"Requesting {first} records on the `{each.name}` connection exceeds the `first` limit of 100 records."
        )
        raise GraphQLError(message, "EXCESSIVE_PAGINATION", path)
    first = min(first, largest)
    start = _place(each.arguments.get("after"), path)
    shown = list(enumerate(rows[start : start + first], start))
    info = {
        "hasNextPage": start + first < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": _cursor(shown[0][0]) if shown else None,
        "endCursor": _cursor(shown[-1][0]) if shown else None,
    }
    return nested(
        each.fields,
        {"totalCount": len(rows)},
        "Connection",
        pageInfo=lambda below: scalars(below.fields, info),
        edges=lambda below: [edge(below.fields, row, _cursor(number)) for number, row in shown],
        nodes=lambda below: [node(below.fields, row) for _, row in shown],
    )


def _cursor(number: int) -> str:
    return base64.b64encode(f"cursor:v2:{number}".encode()).decode()


def _place(cursor: Json, path: Path) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(str(cursor)).decode().rpartition(":")[2]) + 1
    except ValueError:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphQLError(message, "INVALID_CURSOR_ARGUMENTS", path) from None


def nested(fields: list[Field], values: dict[str, Json], kind: str, **special: Callable[[Field], Json]) -> Json:
    return {
        each.key: special[each.name](each) if each.name in special else scalar(each, values, kind) for each in fields
    }


def scalars(fields: list[Field], values: dict[str, Json]) -> Json:
    return {each.key: scalar(each, values, "") for each in fields}


def scalar(each: Field, values: dict[str, Json], kind: str) -> Json:
    return kind if each.name == "__typename" else values[each.name]
