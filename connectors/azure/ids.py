"""Ids of ARM: paths, which differ in case from one answer to the next and mean the same."""

import re

ROOT = "/"
SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/"


def key(path: str) -> str:
    """A path as it is compared and kept."""
    return path.rstrip("/").lower() or ROOT


def last(path: str) -> str:
    """The last part of a path: a GUID, or a name."""
    return path.rstrip("/").rpartition("/")[2]


def subscription_of(path: str) -> str:
    """The id of the subscription that a path is in, '' where it is above all of them."""
    found = SUBSCRIPTION.match(path)
    return found.group(1).lower() if found else ""


def subscription(subscription_id: str) -> str:
    return f"/subscriptions/{subscription_id}"


def management_group(name: str) -> str:
    return f"{MANAGEMENT_GROUP}{name}"


def in_scope(scope: str, path: str) -> str:
    """The path of something in a scope; the root has no name of its own."""
    return f"{'' if scope == ROOT else scope}{path}"
