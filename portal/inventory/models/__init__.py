"""Normalised rows of what is in the apps. Written by store.py alone, read through queries.py and its siblings alone.

All but activities are unique by (instance, vendor id). `feed`, `partition` and `pass_id` say which pass saw a row last:
a sweep marks gone what a complete pass of that feed and partition did not list.
"""

from portal.inventory.models.accounts import Account, Group, Membership, Privilege
from portal.inventory.models.activities import Activity, ActivityRaw, ActivityRollUp
from portal.inventory.models.days import ExposureDay
from portal.inventory.models.files import Collaborator, File
from portal.inventory.models.permissions import Credential, Grant, OAuthApp
from portal.inventory.models.recomputation import Recomputation
from portal.inventory.models.row import InventoryRow
from portal.inventory.models.sessions import Device, Session

__all__ = [
    "Account",
    "Activity",
    "ActivityRaw",
    "ActivityRollUp",
    "Collaborator",
    "Credential",
    "Device",
    "ExposureDay",
    "File",
    "Grant",
    "Group",
    "InventoryRow",
    "Membership",
    "OAuthApp",
    "Privilege",
    "Recomputation",
    "Session",
]
