"""What Box's documents allow; its answers do not count it."""

from connectors.base import Limit

CALLS = Limit(calls=1000, seconds=60)
"""Of one account; whether calls in another's name count for that one Box does not say."""
