"""What the vendor does later: the caller polls."""

from dataclasses import dataclass

from tests.sandbox.exchange import Json


@dataclass(slots=True)
class Job:
    """`kind`: of which poll route it is. `outcome`: what is answered in the end; `polls`: how often it is in progress
    before. The work itself is done when the job begins."""

    kind: str
    outcome: Json
    polls: int
