"""Scopes of apps and credentials in words, with the harm each can do, as the app's connector explains them."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.base import Risk
from connectors.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Explained:
    """`words` is empty where the connector has none for it."""

    scope: str
    words: str
    risk: Risk


def explained(app_id: str, scopes: Iterable[str]) -> list[Explained]:
    """The highest risk first, then by name."""
    found = [_explained(app_id, scope) for scope in scopes]
    return sorted(found, key=lambda each: (-list(Risk).index(each.risk), each.scope))


def _explained(app_id: str, scope: str) -> Explained:
    connector = catalogue().get(app_id)
    if connector is None or connector.scope_meaning is None:
        return Explained(scope, "", Risk.UNKNOWN)
    meaning = connector.scope_meaning(scope)
    return Explained(scope, meaning.words if meaning.words != scope else "", meaning.risk)
