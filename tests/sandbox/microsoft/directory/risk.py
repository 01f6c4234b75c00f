"""How sure Identity Protection is that an account is in its owner's hands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Risk:
    """In the vendor's words; `at`: when it was last judged."""

    level: str
    state: str
    detail: str
    at: float
