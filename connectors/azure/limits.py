"""What Microsoft's documents allow and its answers do not count, of one app in one tenant."""

from connectors.base import Limit

REPORTS = Limit(calls=5, seconds=10, name="reports")
"""All of Graph's reports together, sign-ins among them."""
