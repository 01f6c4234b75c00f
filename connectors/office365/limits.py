"""What Microsoft's documents allow and its answers do not count, of one app in one tenant."""

from connectors.base import Limit

REPORTS = Limit(calls=5, seconds=10, name="reports")
"""All of Graph's reports together: directory audits and sign-ins."""
ACTIVITY = Limit(calls=2000, seconds=60, name="activity")
"""The Management Activity API; larger plans have twice as much."""
FILES = "files"
"""SharePoint's limit, in units that a call costs one to five of. Answers count it, once four fifths are used."""
