"""Walks through every endpoint of the simulated GitHub, by subject."""

from tests.connectors.github_walks import apps, hooks, identities, people, products, repositories
from tests.connectors.github_walks.walk import Step, Walk

WALKS: tuple[Walk, ...] = (people.WALK, repositories.WALK, hooks.WALK, *apps.WALKS, *identities.WALKS, *products.WALKS)
__all__ = ["WALKS", "Step", "Walk"]
