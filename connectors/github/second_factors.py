"""Who has no second factor, or one that can be intercepted: GitHub narrows its lists of people to those, for owners."""

from dataclasses import dataclass

from connectors.base import Client, link_pages
from connectors.github.reading import PER_PAGE, organisation_path, rows

MISSING, WEAK = "2fa_disabled", "2fa_insecure"
"""GitHub calls text messages insecure."""
MOST_PAGES = 10
"""A narrowed list is read again each time that a pass goes on; a longer one tells nothing."""


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Ids of those without a second factor and of those with a weak one; None where GitHub does not tell."""

    missing: frozenset[str] | None = None
    weak: frozenset[str] | None = None

    def has_mfa(self, account_id: str) -> bool | None:
        return None if self.missing is None else account_id not in self.missing

    def has_weak_mfa(self, account_id: str) -> bool | None:
        return None if self.weak is None else account_id in self.weak


def of_list(client: Client, path: str) -> SecondFactors:
    """Of the people in one of the organisation's lists."""
    return SecondFactors(narrowed(client, path, MISSING), narrowed(client, path, WEAK))


def narrowed(client: Client, path: str, to: str) -> frozenset[str] | None:
    """Ids; None where GitHub does not tell this connection, does not know the word, or lists too many."""
    found: set[str] = set()
    params = {**PER_PAGE, "filter": to}
    for number, answer in enumerate(link_pages(client, organisation_path(client, path), params, expect=(422,))):
        if answer.status == 422 or number >= MOST_PAGES:
            return None
        found |= {str(row["id"]) for row in rows(answer, "id")}
    return frozenset(found)
