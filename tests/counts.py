"""How often the tests were held against what others wrote: a folder that is there proves nothing."""

from collections import Counter

COUNTS: Counter[str] = Counter()
"""By the name that GATEHOUSE_REQUIRE has for it. Workers of a parallel run hand theirs to the one that sums up."""

WORDS = {"specs": "exchanges and deliveries validated", "corpus": "recordings served"}


def count(name: str) -> None:
    """Once more."""
    COUNTS[name] += 1
