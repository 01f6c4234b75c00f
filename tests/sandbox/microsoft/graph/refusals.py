"""How Microsoft Graph says no."""

import time
import uuid

from tests.sandbox.clock import iso
from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.refusal import Refusal

INVALID_TOKEN = "InvalidAuthenticationToken"


class GraphRefusal(Refusal):
    """The date in the body is the answer's, by the real clock: nobody reckons with it."""

    def answer(self, request: Request) -> Answer:
        request_id = str(uuid.uuid4())
        client_id = request.headers.get("client-request-id", request_id)
        inner = {"date": iso(time.time()).removesuffix("Z"), "request-id": request_id, "client-request-id": client_id}
        body = {"error": {"code": self.code, "message": self.message, "innerError": inner}}
        return Answer.of_json(
            body, self.status, {"request-id": request_id, "client-request-id": client_id, **self.headers}
        )


class GraphDialect:
    def unauthorized(self, message: str) -> Refusal:
        return GraphRefusal(401, INVALID_TOKEN, message, headers={"WWW-Authenticate": "Bearer"})

    def forbidden(self) -> Refusal:
        return denied()

    def unknown(self, request: Request) -> Refusal:
        step = request.path.rstrip("/").rpartition("/")[2]
        return GraphRefusal(400, "BadRequest", f"Resource not found for the segment '{step}'.")

    def too_many(self, retry_after: int | None) -> Refusal:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return GraphRefusal(429, "TooManyRequests", "Too many requests.", headers=headers)


def denied() -> GraphRefusal:
    return GraphRefusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def missing(object_id: str) -> GraphRefusal:
    message = (
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present."
    )
    return GraphRefusal(404, "Request_ResourceNotFound", message)


def bad(message: str, code: str = "Request_BadRequest") -> GraphRefusal:
    return GraphRefusal(400, code, message)


def not_premium() -> GraphRefusal:
    """The tenant has no Entra P1."""
    return GraphRefusal(
        403,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    )
