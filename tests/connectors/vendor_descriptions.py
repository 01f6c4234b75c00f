"""What one has to know to use the vendors' own descriptions: what they leave out, and where they are wrong."""

from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True)
class Undescribed:
    """Calls that the description leaves out: nothing to hold them against."""

    host: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one has to know to use an app's description.

    `aliases`: (pattern, replacement) for paths that the vendor uses but describes under another form. `errors`: schema
    of error bodies by status, for statuses that an operation does not list. `undescribed_media`: media types of answers
    that come from the vendor's front and not from the API. `corrections`: faults of the description, in the form of
    relax.json: file, at (JSON pointer), op, why.
    """

    aliases: tuple[tuple[str, str], ...] = ()
    errors: tuple[tuple[int, str], ...] = ()
    undescribed: tuple[Undescribed, ...] = ()
    undescribed_media: tuple[str, ...] = ()
    corrections: tuple[dict[str, Json], ...] = ()


CONTENTS = "/paths/~1repos~1{owner}~1{repo}~1contents~1{path}"
INSTALLATIONS = "/paths/~1app~1installations"
GITHUB = Knowledge(
    aliases=(
        (r"^/api/v3", ""),
        (r"^/organizations/\d+/team/\d+", "/orgs/by-id/teams/by-id"),
        (r"^/organizations/\d+", "/orgs/by-id"),
        (r"^/repositories/\d+", "/repos/by/id"),
        # A path in a repository has as many steps as it likes.
        (r"^(/repos/[^/]+/[^/]+/contents)(/.*)?$", r"\1/path"),
        (r"^(/repos/[^/]+/[^/]+/git/trees)/.*$", r"\1/sha"),
    ),
    errors=(
        (301, "basic-error"),
        (307, "basic-error"),
        (400, "basic-error"),
        (401, "basic-error"),
        (403, "basic-error"),
        (404, "basic-error"),
        (429, "basic-error"),
    ),
    undescribed=(
        Undescribed("github.com", r".*", "the web flow belongs to the site, not to the API"),
        Undescribed("contoso.ghe.com", r".*", "the web flow belongs to the site, not to the API"),
        Undescribed("github.contoso.example", r"^(?!/api/v3)", "pages and GraphQL, not the API"),
        Undescribed("api.contoso.ghe.com", r"^/graphql$", "GraphQL has a description of its own"),
        Undescribed("api.github.com", r"^/graphql$", "GraphQL has a description of its own"),
        Undescribed("api.github.com", r"^/$", "left out when the description was trimmed"),
        Undescribed("api.github.com", r"/public_members/", "left out when the description was trimmed"),
    ),
    undescribed_media=("text/plain", "text/html", "application/vnd.github.raw"),
    corrections=(
        {
            "file": "ghec.json",
            "at": "/components/schemas/organization-role/properties/base_role",
            "op": "allow-null",
            "why": "declared nullable, yet null is not in its list of values; a role without base role has it",
        },
        {
            "file": "ghes-3.19.json",
            "at": "/components/schemas/organization-role/properties/base_role",
            "op": "allow-null",
            "why": "as in ghec.json",
        },
        {
            "file": "ghes-3.19.json",
            "at": "/components/schemas/public-user/additionalProperties",
            "op": "set",
            "why": "suspended_at, which a site administrator sees, is not described",
            "value": True,
        },
        {
            "file": "ghec.json",
            "at": f"{INSTALLATIONS}/get/responses/200/content/application~1json/schema/items/properties/account",
            "op": "set",
            "why": "an account is a user or an enterprise, the description asks for the members of both",
            "value": {"type": "object"},
        },
        {
            "file": "ghec.json",
            "at": f"{CONTENTS}/put/responses/409/content/application~1json/schema",
            "op": "oneof-to-anyof",
            "why": "alternatives overlap: each error is valid under both",
        },
    ),
)
BOX = Knowledge(
    aliases=((r"^(/api)?/2\.0", ""),),
    undescribed=(
        Undescribed("account.box.com", r".*", "pages for a browser"),
        Undescribed("dl.boxcloud.com", r".*", "the bytes themselves"),
        Undescribed("api.box.com", r"^/2\.0/enterprise_configurations/", "described in box-2025.0.json"),
    ),
    corrections=(
        *(
            {
                "file": file,
                "at": "/components/schemas/ClientError/properties/code/enum",
                "op": "remove",
                "why": "lists few of the codes that the vendor's own guides name, not even rate_limit_exceeded",
            }
            for file in ("box-2024.0.json", "box-2025.0.json")
        ),
        {
            "file": "box-2024.0.json",
            "at": "/components/schemas/Event/properties/event_type/allOf/0/enum",
            "op": "remove",
            "why": "the vendor adds types at any time",
        },
        {
            "file": "box-2024.0.json",
            "at": "/components/schemas/File--Full/allOf/1/properties/lock/anyOf/1/allOf/0/properties/app_type",
            "op": "allow-null",
            "why": "declared nullable, yet null is not in its list of values",
        },
        *(
            {
                "file": "box-2024.0.json",
                "at": f"/components/schemas/{schema}/allOf/1/properties/shared_link/anyOf/1/allOf/0/required",
                "op": "set",
                "why": "asks for a member `accessed` that is described nowhere; `access` is meant",
                "value": ["url", "access", "effective_access", "effective_permission", "is_password_enabled"],
            }
            for schema in ("File", "Folder", "WebLink")
        ),
        *(
            {
                "file": "box-2024.0.json",
                "at": f"/components/schemas/{schema}/required",
                "op": "remove",
                "why": "the parameter `fields` leaves out what is not asked for",
            }
            for schema in ("TrashFile", "TrashFolder", "TrashFileRestored")
        ),
    ),
)
OFFICE365 = Knowledge(
    aliases=(
        (r"^/v1\.0", ""),
        (r"^/applications\(appId='[^']+'\)", "/applications/by-app"),
        # A way below an item stands for the item that it leads to.
        (r"^(/drives/[^/]+)/(?:root|items/[^/:]+):/[^:]+$", r"\1/items/by-way"),
        (r"^(/drives/[^/]+)/(?:root|items/[^/:]+):/[^:]+:(/\w+)$", r"\1/items/by-way\2"),
        (r"^(/drives/[^/]+)/items/root/delta", r"\1/root/delta"),
        (r"/microsoft\.graph\.(?=\w+\(\)$)", "/"),
    ),
    undescribed=(
        Undescribed("login.microsoftonline.com", r".*", "no description is published"),
        Undescribed("manage.office.com", r".*", "no description is published"),
        Undescribed("contoso.sharepoint.com", r".*", "no description is published"),
        Undescribed("contoso-my.sharepoint.com", r".*", "no description is published"),
        Undescribed("graph.microsoft.com", r"^/v1\.0/applications/[^/]+/removePassword$", "left out of the schema"),
        Undescribed("graph.microsoft.com", r"/versions/[^/]+/content$", "left out of the schema"),
        Undescribed("entra.microsoft.com", r".*", "a page for a browser"),
        Undescribed("graph.microsoft.com", r"^/v1\.0/applications\(", "left out when the schema was cut"),
        Undescribed("graph.microsoft.com", r"/remove(Password|Key)$", "left out when the schema was cut"),
        Undescribed("graph.microsoft.com", r"\(appId='[^']+'\)/appRoleAssignedTo$", "left out when the schema was cut"),
        Undescribed("graph.microsoft.com", r"/groups/[^/]+/members/[^/$]+$", "what nobody should call"),
    ),
    corrections=(
        *(
            {
                "file": "graph-v1-from-csdl.json",
                "at": f"/paths/{path}/{method}",
                "op": "set",
                "why": "left out when the schema was cut",
                "value": {"responses": {"204": {"description": "Done"}}},
            }
            for path, method in (
                ("~1applications~1{application-id}", "patch"),
                ("~1servicePrincipals(appId='{appId}')", "patch"),
                ("~1servicePrincipals(appId='{appId}')", "delete"),
            )
        ),
        {
            "file": "graph-v1-from-csdl.json",
            "at": "/paths/~1drives~1{drive-id}~1items~1{driveItem-id}~1copy/post/responses/202",
            "op": "set",
            "why": "a copy that was begun has no body yet, only the address that tells how far it is",
            "value": {"description": "Accepted"},
        },
    ),
)
AZURE = Knowledge(
    corrections=(
        *(
            {
                "file": "subscriptions-2022-12-01.json",
                "at": f"/components/schemas/{schema}/required",
                "op": "remove",
                "why": "the last page has no nextLink",
            }
            for schema in ("SubscriptionListResult", "TenantListResult")
        ),
        *(
            {
                "file": "authorization-2022-04-01.json",
                "at": f"/components/schemas/{schema}/properties/properties/properties/{member}",
                "op": "remove",
                "why": "comes as null where nothing is told",
            }
            for schema, members in (
                (
                    "RoleAssignment",
                    (
                        "createdBy",
                        "updatedBy",
                        "condition",
                        "conditionVersion",
                        "description",
                        "delegatedManagedIdentityResourceId",
                    ),
                ),
                ("RoleDefinition", ("createdBy", "updatedBy")),
            )
            for member in members
        ),
    ),
)
KNOWLEDGE = {"github": GITHUB, "box": BOX, "office365": OFFICE365, "azure": AZURE}
