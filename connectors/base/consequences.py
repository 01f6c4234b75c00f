"""What a kind of action means in an app beside what it does: for earlier versions, and whom the vendor tells of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consequence:
    """One sentence each, shown before an admin confirms. `versions` is empty where the content stays as it is."""

    told: str
    versions: str = ""
