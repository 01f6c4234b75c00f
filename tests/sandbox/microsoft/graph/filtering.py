"""The part of $filter that callers of lists need: comparisons, joined by `and`, or by `or`."""

import re
from collections.abc import Callable, Mapping

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.graph.refusals import bad
from tests.sandbox.microsoft.moments import seconds

Test = Callable[[Json], bool]
COMPARISON = re.compile(r"^([\w/]+) (eq|ne|ge|le|gt|lt) (.+)$", re.IGNORECASE)
BEGINNING = re.compile(r"^startswith\(([\w/]+), ?('(?:[^']|'')*')\)$", re.IGNORECASE)
ANY = re.compile(r"^(\w+)/any\((\w+): ?\2(?:/(\w+))? eq ('(?:[^']|'')*')\)$", re.IGNORECASE)
ONE_OF = re.compile(r"^(\w+) in \((.+)\)$", re.IGNORECASE)
TEXT = r"'(?:[^']|'')*'"
JOINTS = {name: re.compile(rf"((?:{TEXT}|[^'])+?)(?: {name} |$)", re.IGNORECASE) for name in ("and", "or")}


def condition(text: str, operators: Mapping[str, str]) -> Test:
    """`operators`: property -> those that it takes, of eq ne ge le gt lt startswith any in. All else is refused."""
    if not text:
        return lambda row: True
    terms = JOINTS["and"].findall(text)
    if len(terms) > 1:
        tests = [_term(each, operators) for each in terms]
        return lambda row: all(test(row) for test in tests)
    tests = [_term(each, operators) for each in JOINTS["or"].findall(text)]
    return lambda row: any(test(row) for test in tests)


def _term(text: str, operators: Mapping[str, str]) -> Test:
    text = text.strip()
    if found := BEGINNING.match(text):
        _check(found[1], "startswith", operators)
        return _beginning(found[1], str(_literal(found[2])).lower())
    if found := ANY.match(text):
        _check(found[1], "any", operators)
        return _any(found[1], found[3], _literal(found[4]))
    if found := ONE_OF.match(text):
        _check(found[1], "in", operators)
        return _one_of(found[1], [_literal(each) for each in re.findall(TEXT, found[2])])
    if found := COMPARISON.match(text):
        return _comparison(found[1], found[2].lower(), found[3].strip(), operators)
    raise bad(f"Invalid filter clause: {text}", "BadRequest")


def _check(name: str, operator: str, operators: Mapping[str, str]) -> None:
    if operator not in operators.get(name, "").split():
        message = f"Unsupported or invalid query filter clause specified for property '{name}'."
        raise bad(message, "Request_UnsupportedQuery")


def _beginning(name: str, start: str) -> Test:
    return lambda row: str(_value(row, name) or "").lower().startswith(start)


def _any(name: str, part: str | None, wanted: Json) -> Test:
    return lambda row: wanted in [each.get(part) if part else each for each in row.get(name) or []]


def _one_of(name: str, wanted: list[Json]) -> Test:
    return lambda row: _value(row, name) in wanted


def _comparison(name: str, operator: str, text: str, operators: Mapping[str, str]) -> Test:
    _check(name, operator, operators)
    if operator in ("eq", "ne"):
        wanted = _literal(text)
        return lambda row: _same(_value(row, name), wanted) == (operator == "eq")
    limit = moment(text)
    checks: dict[str, Callable[[float], bool]] = {
        "ge": lambda at: at >= limit,
        "le": lambda at: at <= limit,
        "gt": lambda at: at > limit,
        "lt": lambda at: at < limit,
    }
    check = checks[operator]
    return lambda row: check(seconds(str(_value(row, name))))


def _literal(text: str) -> Json:
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    words: dict[str, Json] = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    return int(text) if text.lstrip("-").isdigit() else text


def moment(text: str) -> float:
    """Of a time in a filter."""
    try:
        return seconds(text)
    except ValueError:
        raise bad(f"Invalid filter clause: '{text}' is no time.", "BadRequest") from None


def _value(row: Json, name: str) -> Json:
    for step in name.split("/"):
        row = row.get(step) if isinstance(row, dict) else None
    return row


def _same(value: Json, wanted: Json) -> bool:
    """Texts are alike in any case of letters; times, too, in any number of digits."""
    if isinstance(value, str) and isinstance(wanted, str):
        return value.lower() == wanted.lower()
    return bool(value == wanted)
