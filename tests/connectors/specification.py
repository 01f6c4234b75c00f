"""Holds recorded exchanges against the vendors' own machine-readable descriptions.

The descriptions lie outside the project, in the folder that the environment variable GATEHOUSE_SPECS names: one folder
an app, and in it beside the descriptions a file relax.json with the corrections they need, if they need any.
"""

import functools
import json
import os
import re
from collections.abc import Iterable
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

from tests.connectors.vendor_descriptions import KNOWLEDGE, Knowledge
from tests.counts import count
from tests.sandbox.exchange import Exchange

Json = Any
SERVER = "https://vendor.example"


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
