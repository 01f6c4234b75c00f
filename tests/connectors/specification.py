"""Holds recorded exchanges against the vendors' own machine-readable descriptions.

The descriptions lie outside the project, in the folder that the environment variable GATEHOUSE_SPECS names: one folder
an app, and in it beside the descriptions a file relax.json with the corrections they need, if they need any.
"""

import functools
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.response.exceptions import ResponseValidationError
from openapi_schema_validator import OAS30ReadValidator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.counts import count
from tests.sandbox.exchange import Exchange

Json = Any
SERVER = "https://vendor.example"


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
    corrections=tuple(
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


def distinct(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Those asked and answered in the same words, but for the answer's date and the budget left, once."""
    said = {}
    for each in exchanges:
        asked = (each.method, each.host, each.path, str(each.query), str(each.headers), each.body)
        said[(*asked, each.status, each.response_headers.get("content-type"), each.response_body)] = each
    return list(said.values())


class Violation(AssertionError):
    """An exchange that is not as the vendor describes it."""


def folder(app: str) -> Path | None:
    """Where an app's descriptions lie, None when they are not at hand."""
    root = os.environ.get("GATEHOUSE_SPECS")
    found = Path(root) / app if root else None
    return found if found and found.is_dir() else None


class Specification:
    """One description, ready to judge exchanges."""

    def __init__(self, document: dict[str, Json], knowledge: Knowledge) -> None:
        # Whether the vendor's description is itself a good one is not asked: that takes longer than all exchanges.
        config = Config(
            spec_validator_cls=None, extra_media_type_deserializers={"application/scim+json": json.loads}
        )
        self._api = OpenAPI.from_dict({**document, "servers": [{"url": SERVER}]}, config=config)
        # The description itself is the vendor's affair: looking through all of it would take seconds.
        config = Config(
            spec_validator_cls=None,
            extra_media_type_deserializers={
                "application/scim+json": json.loads,
                "application/json-patch+json": json.loads,
            },
        )
        self._api = OpenAPI.from_dict(_on_one_server(document), config=config)
        self._registry: Registry[Json] = Registry().with_resource("urn:d", DRAFT4.create_resource(document))
        self._knowledge = knowledge

    @classmethod
    @functools.cache
    def load(cls, app: str, file: str) -> "Specification":
        """Raises FileNotFoundError when GATEHOUSE_SPECS does not hold the app."""
        found = folder(app)
        if found is None:
            raise FileNotFoundError(f"GATEHOUSE_SPECS names no folder with {app}/{file}")
        document = json.loads((found / file).read_text())
        knowledge = KNOWLEDGE[app]
        relaxed = found / "relax.json"
        known = json.loads(relaxed.read_text()) if relaxed.exists() else []
        for correction in (*known, *knowledge.corrections):
            if correction["file"] == file:
                _correct(document, correction)
        return cls(document, knowledge)

    def describes(self, exchange: Exchange) -> bool:
        return not any(
            each.host == exchange.host and re.search(each.path, exchange.path) for each in self._knowledge.undescribed
        )

    def has(self, exchange: Exchange) -> bool:
        """Does the product that is described have this call at all?"""
        try:
            self._api.validate_request(self._request(exchange))
        except PathError:
            return False
        except OpenAPIError:
            return True
        return True

    def validate(self, exchange: Exchange) -> None:
        """Raises Violation when the request or the answer is not as described."""
        self.validate_request(exchange)
        self.validate_response(exchange)

    def validate_request(self, exchange: Exchange) -> None:
        try:
            self._api.validate_request(self._request(exchange))
        except Exception as error:
            raise _violation(exchange, "request", error) from None

    def validate_response(self, exchange: Exchange) -> None:
        count("specs")
        if exchange.status in (204, 304) and exchange.response_body:
            raise Violation(f"{exchange.method} {exchange.path}: {exchange.status} with a body")
        media = exchange.response_headers.get("content-type", "").partition(";")[0]
        if exchange.status == 304 or media in self._knowledge.undescribed_media:
            return
        response = MockResponse(exchange.response_body, exchange.status, content_type=media or "application/json")
        try:
            self._api.validate_response(self._request(exchange), response)
        except (ResponseNotFound, MediaTypeNotFound) as error:
            self._validate_error(exchange, error)
        except ResponseValidationError as error:
            if isinstance(error.__cause__, ResponseNotFound):
                self._validate_error(exchange, error)
            else:
                raise _violation(exchange, "answer", error) from None

    def _validate_error(self, exchange: Exchange, error: Exception) -> None:
        name = dict(self._knowledge.errors).get(exchange.status)
        if name is None:
            raise _violation(exchange, "answer", error) from None
        schema = {"$ref": f"urn:d#/components/schemas/{name}"}
        validator = OAS30ReadValidator(schema, registry=self._registry)
        for fault in validator.iter_errors(exchange.response_json()):
            raise Violation(f"answer of {exchange.method} {exchange.path} ({exchange.status}): {_place(fault)}")

    def _request(self, exchange: Exchange) -> MockRequest:
        path = exchange.path
        for pattern, replacement in self._knowledge.aliases:
            path = re.sub(pattern, replacement, path)
        return MockRequest(
            SERVER,
            exchange.method.lower(),
            path,
            # Vendors' own links to following pages carry empty parameters (GitHub: before=).
            args={name: value for name, value in exchange.query if value},
            headers=dict(exchange.headers),
            data=exchange.body or None,
            content_type=_media_type(exchange.headers.get("content-type", "application/json")),
        )


class Deliveries:
    """What a vendor describes of the bodies that its webhooks send."""

    def __init__(self, document: dict[str, Json]) -> None:
        self._names = document["x-webhooks"].keys()
        self._registry: Registry[Json] = Registry().with_resource("urn:d", DRAFT4.create_resource(document))

    @classmethod
    @functools.cache
    def load(cls, app: str, file: str) -> "Deliveries":
        """Raises FileNotFoundError when GATEHOUSE_SPECS does not hold the app."""
        found = folder(app)
        if found is None:
            raise FileNotFoundError(f"GATEHOUSE_SPECS names no folder with {app}/{file}")
        return cls(json.loads((found / file).read_text()))

    def validate(self, event: str, payload: Json) -> None:
        """Raises Violation when the body is not as described for this event and its action."""
        count("specs")
        name = "-".join([event, payload["action"]] if "action" in payload else [event]).replace("_", "-")
        if name not in self._names:
            raise Violation(f"{name} is not described")
        pointer = f"urn:d#/x-webhooks/{name}/post/requestBody/content/application~1json/schema"
        faults = OAS30ReadValidator({"$ref": pointer}, registry=self._registry).iter_errors(payload)
        said = "; ".join(_place(fault) for fault in faults)
        if said:
            raise Violation(f"{name}: {said}")


def _media_type(header: str) -> str:
    """Without parameters, except where the body cannot be read without them."""
    return header if header.startswith("multipart/") else header.partition(";")[0]


def _violation(exchange: Exchange, part: str, error: BaseException) -> Violation:
    faults: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        faults += [_place(fault) for fault in getattr(cause, "schema_errors", None) or ()]
        cause = cause.__cause__
    said = "; ".join(faults) or f"{type(error).__name__}: {error}"
    return Violation(f"{part} of {exchange.method} {exchange.path} ({exchange.status}): {said}")


def _place(fault: Any) -> str:
    """Where in the body, and what is wrong there; `fault` is a ValidationError of jsonschema."""
    return f"{'/'.join(str(step) for step in fault.absolute_path)}: {fault.message[:200]}"


def _on_one_server(document: dict[str, Json]) -> dict[str, Json]:
    """Without the servers that single operations have of their own: which host was called is looked at elsewhere."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop("servers", None)
    return {**document, "servers": [{"url": SERVER}]}


def _correct(document: dict[str, Json], correction: dict[str, Json]) -> None:
    """Applies one entry of relax.json; `at` is a JSON pointer."""
    *way, last = [key.replace("~1", "/").replace("~0", "~") for key in correction["at"][1:].split("/")]
    holder: Json = document
    for key in way:
        holder = holder[int(key) if isinstance(holder, list) else key]
    operation = correction["op"]
    if operation == "set":
        holder[last] = correction["value"]
    elif operation == "remove":
        del holder[last]
    elif operation == "allow-null":
        holder[last] = {"anyOf": [{"enum": [None], "nullable": True}, holder[last]]}
    elif operation == "oneof-to-anyof":
        holder[last]["anyOf"] = holder[last].pop("oneOf")
        holder[last].pop("discriminator", None)
    else:
        raise ValueError(f"unknown correction {operation!r}")
