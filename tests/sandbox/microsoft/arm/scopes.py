"""Where in the tree of management groups, subscriptions and resources something stands.

Ids are paths; their case does not matter.
"""

import re

ROOT = "/"
GROUPS = "/providers/Microsoft.Management/managementGroups/"
SUBSCRIPTION = re.compile(r"^/subscriptions/([^/]+)", re.IGNORECASE)


def normal(path: str) -> str:
    """With one slash before and none behind, in the case it came in."""
    return f"/{path.strip('/')}"


def key(path: str) -> str:
    return normal(path).lower()


def subscription_id(scope: str) -> str:
    """"" for what is not in a subscription."""
    match = SUBSCRIPTION.match(scope)
    return match[1].lower() if match else ""


def group_name(scope: str) -> str:
    """"" for what is no management group."""
    start = GROUPS.lower()
    name = key(scope).removeprefix(start)
    return name if key(scope).startswith(start) and "/" not in name else ""


def is_below(scope: str, other: str) -> bool:
    """By the paths alone: a resource in its group in its subscription."""
    return key(other) == ROOT or key(scope).startswith(f"{key(other)}/")
