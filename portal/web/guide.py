"""A connector's set-up guide (its README.md), or a page of docs/, as blocks that templates write out, escaped like any
text.

Headings, paragraphs, lists, tables and code are told apart; of emphasis the stars are left out, and everything else
stays as it was typed.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import connectors

FENCE = "```"
HEADING = re.compile(r"(#{1,6})\s+(.*)")
BULLET = re.compile(r"\s*(?:[-*]|(\d+)[.)])\s+(.*)")
EMPHASIS = re.compile(r"\*\*|\*(?=\S)|(?<=\S)\*")
RULE = re.compile(r"[|:\s-]+")
"""The line below a table's head."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `is_code` where it stood between backticks."""

    text: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: heading, paragraph, list, steps (a numbered list), table or code. Code has one item, with its line
    breaks; a list one for each entry, a table one for each cell of its head, and `rows` of as many cells."""

    kind: str
    items: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()


def guide(app_id: str) -> list[Block]:
    """The blocks of the guide in this connector's folder, without its title; empty where there is none."""
    return document(Path(connectors.__path__[0]) / app_id / "README.md")


def document(file: Path) -> list[Block]:
    """The blocks of a text, without its title; empty where there is none."""
    if not file.is_file():
        return []
    blocks = _blocks(file.read_text(encoding="utf-8").splitlines())
    return blocks[1:] if blocks and blocks[0].kind == "heading" else blocks


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    rest = lines
    while rest:
        taken, block = _next(rest)
        rest = rest[taken:]
        if block:
            blocks.append(block)
    return blocks


def _next(lines: list[str]) -> tuple[int, Block | None]:
    """The block the lines begin with, and how many lines it took."""
    first = lines[0]
    if not first.strip():
        return 1, None
    heading = HEADING.match(first)
    if heading:
        return 1, Block("heading", (_spans(heading[2]),))
    if first.startswith(FENCE):
        return _code(lines)
    if first.startswith("|"):
        return _table(lines)
    return _list(lines) if BULLET.match(first) and not first.startswith(" ") else _paragraph(lines)


def _code(lines: list[str]) -> tuple[int, Block]:
    """Fenced, kept line by line."""
    end = 1
    while end < len(lines) and not lines[end].startswith(FENCE):
        end += 1
    return end + 1, Block("code", ((Span("\n".join(lines[1:end]), True),),))


def _table(lines: list[str]) -> tuple[int, Block]:
    end = 1
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    head, *rows = (_cells(line) for line in lines[:end] if not RULE.fullmatch(line))
    return end, Block("table", head, tuple(rows))


def _cells(line: str) -> tuple[tuple[Span, ...], ...]:
    return tuple(_spans(cell.strip()) for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))


def _list(lines: list[str]) -> tuple[int, Block]:
    entries: list[str] = []
    taken = 0
    while taken < len(lines) and lines[taken].strip():
        bullet = BULLET.match(lines[taken])
        if bullet and lines[taken].startswith(" "):
            entries[-1] += f"\n– {bullet[2]}"  # a list within: each on a line of its entry
        elif bullet:
            entries.append(bullet[2])
        else:
            entries[-1] += " " + lines[taken].strip()
        taken += 1
    first = BULLET.match(lines[0])
    kind = "steps" if first and first[1] else "list"
    return taken, Block(kind, tuple(_spans(entry) for entry in entries))


def _paragraph(lines: list[str]) -> tuple[int, Block]:
    taken = 0
    while taken < len(lines) and lines[taken].strip() and not HEADING.match(lines[taken]):
        taken += 1
    return taken, Block("paragraph", (_spans(" ".join(line.strip() for line in lines[:taken])),))


def _spans(text: str) -> tuple[Span, ...]:
    pieces = ((piece, number % 2 == 1) for number, piece in enumerate(text.split("`")))
    return tuple(Span(piece if is_code else EMPHASIS.sub("", piece), is_code) for piece, is_code in pieces if piece)
