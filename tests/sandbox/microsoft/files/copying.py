"""Copies, which go on behind an address that tells how far they are."""

from dataclasses import dataclass


@dataclass(slots=True)
class CopyJob:
    """`polls_left`: how often it still says that it goes on. `item_id`: of the copy, "" for a failed one; then
    `error` says why."""

    id: str
    polls_left: int
    item_id: str = ""
    error: str = ""
