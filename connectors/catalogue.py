"""Which connectors there are: folders beside this file, and installed packages of the group `gatehouse.connectors`."""

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType

import connectors
from connectors.base import Connector

GROUP = "gatehouse.connectors"


@dataclass(frozen=True, slots=True)
class Announced:
    """An app of the catalogue, whether its connector is there already or not."""

    id: str
    name: str
    summary: str


ANNOUNCED = (
    Announced("azure", "Microsoft Azure", "Who may do what in subscriptions, and the activity log."),
    Announced("aws", "Amazon Web Services", "IAM users and keys, CloudTrail, buckets."),
    Announced("box", "Box", "Users, files and sharing of an enterprise."),
    Announced("webex", "Cisco Webex", "People, spaces and files, admin audit."),
    Announced("dropbox", "Dropbox", "Members, files, sharing and linked apps of a team."),
    Announced("github", "GitHub", "Accounts, teams and the audit log of an organisation."),
    Announced("gcp", "Google Cloud Platform", "Principals, bindings, keys, audit logs, buckets."),
    Announced("google_workspace", "Google Workspace", "Users, Drive, tokens and activity of a domain."),
    Announced("office365", "Microsoft Office 365", "Users, sign-ins, apps, activities and files of a tenant."),
    Announced("okta", "Okta", "Users, groups, apps, tokens and the system log."),
    Announced("salesforce", "Salesforce", "Users, permissions, sign-ins, tokens and files."),
    Announced("servicenow", "ServiceNow", "Users, roles, sign-ins and attachments."),
    Announced("workday", "Workday", "Workers, accounts and sign-ons."),
)
"""The apps that the list of apps always shows."""


@cache
def catalogue() -> Mapping[str, Connector]:
    """Every connector there is, by its id, in the order of their names."""
    found = [*_in_folders(), *(point.load() for point in entry_points(group=GROUP))]
    return MappingProxyType({each.id: each for each in sorted(found, key=lambda each: each.name)})


@cache
def code_digest(app_id: str) -> str:
    """Changes with the code that reads this app: its folder and connectors.base, or the version of its package."""
    folder, digest = Path(__file__).parent, hashlib.sha256()
    for file in sorted([*(folder / "base").glob("*.py"), *(folder / app_id).rglob("*.py")]):
        digest.update(file.read_bytes())
    for point in entry_points(group=GROUP):
        digest.update(f"{point.value} {point.dist.version if point.dist else ''}".encode())
    return digest.hexdigest()


def _in_folders() -> Iterator[Connector]:
    for module in pkgutil.iter_modules(connectors.__path__):
        if module.ispkg and module.name != "base":
            yield importlib.import_module(f"connectors.{module.name}").connector
