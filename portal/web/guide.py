"""A connector's set-up guide (its README.md), or a page of docs/, as blocks that templates write out, escaped like any
text.

Headings, paragraphs, lists and code are told apart; everything else stays as it was typed.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import connectors

FENCE = "```"
HEADING = re.compile(r"(#{1,6})\s+(.*)")
BULLET = re.compile(r"\s*(?:[-*]|\d+[.)])\s+(.*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `is_code` where it stood between backticks."""

    text: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: heading, paragraph, list or code. Code has one item, with its line breaks; a list one for each entry."""

    kind: str
    items: tuple[tuple[Span, ...], ...]


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
    if first.startswith((FENCE, "|")):
        return _verbatim(lines, is_fenced=first.startswith(FENCE))
    return _list(lines) if BULLET.match(first) else _paragraph(lines)


def _verbatim(lines: list[str], is_fenced: bool) -> tuple[int, Block]:
    """Fenced code, or a table, kept line by line."""
    start = 1 if is_fenced else 0
    end = start
    while end < len(lines) and (not lines[end].startswith(FENCE) if is_fenced else lines[end].startswith("|")):
        end += 1
    text = "\n".join(lines[start:end])
    return end + start, Block("code", ((Span(text, True),),))


def _list(lines: list[str]) -> tuple[int, Block]:
    entries: list[str] = []
    taken = 0
    while taken < len(lines) and lines[taken].strip():
        bullet = BULLET.match(lines[taken])
        if bullet:
            entries.append(bullet[1])
        else:
            entries[-1] += " " + lines[taken].strip()
        taken += 1
    return taken, Block("list", tuple(_spans(entry) for entry in entries))


def _paragraph(lines: list[str]) -> tuple[int, Block]:
    taken = 0
    while taken < len(lines) and lines[taken].strip() and not HEADING.match(lines[taken]):
        taken += 1
    return taken, Block("paragraph", (_spans(" ".join(line.strip() for line in lines[:taken])),))


def _spans(text: str) -> tuple[Span, ...]:
    pieces = text.replace("**", "").split("`")
    return tuple(Span(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)
