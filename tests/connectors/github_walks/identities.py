"""SCIM, external groups, licences, the enterprise's audit log, teams and roles: with and without managed users."""

import uuid

from tests.connectors.github_walks.walk import ORG, Walk
from tests.sandbox.github.seed_apps import ENTERPRISE

USERS = "/scim/v2/organizations/contoso-dev/Users"
MANAGED = f"/scim/v2/enterprises/{ENTERPRISE}/Users"
JUERGEN = f"{USERS}/{uuid.uuid5(uuid.NAMESPACE_DNS, 'jmueller@contoso.example')}"
ZOE = f"{USERS}/{uuid.uuid5(uuid.NAMESPACE_DNS, 'zoe-builds@contoso.example')}"
ANJALI = f"{MANAGED}/{uuid.uuid5(uuid.NAMESPACE_OID, '90114072')}"
OFF = {"Operations": [{"op": "replace", "value": {"active": False}}]}
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PROVISIONED = Walk(
    reads=(
        f"{USERS}?startIndex=3&count=2",
        f"{USERS}?filter=userName%20eq%20%22nguyenta@contoso.example%22",
        JUERGEN,
        f"/enterprises/{ENTERPRISE}/consumed-licenses?per_page=5",
        f"/enterprises/{ENTERPRISE}/audit-log?per_page=50&include=all",
        f"/enterprises/{ENTERPRISE}/teams?per_page=1",
        f"/enterprises/{ENTERPRISE}/teams/ent:data-platform/memberships",
        f"/enterprises/{ENTERPRISE}/enterprise-roles",
        f"/enterprises/{ENTERPRISE}/enterprise-roles/9001/users?per_page=1",
        f"/enterprises/{ENTERPRISE}/enterprise-roles/9001/teams",
    ),
    refusals=(
        ("GET", f"{USERS}?filter=age%20gt%203", None, 400),
        ("GET", f"{USERS}/nothing", None, 404),
        ("GET", "/scim/v2/organizations/fabrikam-oss/Users", None, 404),
        ("PATCH", JUERGEN, {"Operations": []}, 400),
        ("GET", MANAGED, None, 404),
        ("GET", f"{ORG}/external-groups", None, 400),
        ("GET", "/enterprises/nothing/consumed-licenses", None, 404),
        ("GET", "/enterprises/nothing/teams", None, 404),
        ("GET", f"/enterprises/{ENTERPRISE}/teams/nothing/memberships", None, 404),
        ("GET", f"/enterprises/{ENTERPRISE}/enterprise-roles/1/users", None, 404),
    ),
    writes=(
        (
            "PATCH",
            JUERGEN,
            {"Operations": [{"op": "replace", "path": "userName", "value": "j.m@contoso.example"}]},
            200,
        ),
        ("PATCH", JUERGEN, OFF, 200),
        ("DELETE", ZOE, None, 204),
    ),
)
MANAGING = Walk(
    reads=(
        f"{MANAGED}?startIndex=1&count=5",
        f"{MANAGED}?filter=userName%20eq%20%22mhartmann@contoso.example%22",
        ANJALI,
        f"{ORG}/external-groups?per_page=1",
        f"{ORG}/external-groups?display_name=daten",
        f"{ORG}/external-group/4401",
    ),
    refusals=(
        ("GET", USERS, None, 404),
        ("GET", f"{ORG}/external-group/1", None, 404),
        ("GET", f"{MANAGED}/nothing", None, 404),
        ("PATCH", ANJALI, OFF, 400),
        ("GET", f"{ORG}/invitations", None, 404),
    ),
    writes=(
        ("PATCH", ANJALI, {"schemas": [PATCH], **OFF}, 200),
        (
            "PATCH",
            ANJALI,
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": True}]},
            200,
        ),
    ),
    by="managed_owner",
    switches=("managed-users",),
)
WALKS: tuple[Walk, ...] = (PROVISIONED, MANAGING)
