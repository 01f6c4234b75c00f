"""How Box says no."""

import itertools

from tests.sandbox.exchange import Answer, Json

HELP = "https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/"
_numbers = itertools.count(1)


class Refusal(Exception):
    """An answer of 4xx or 5xx. `info` is the body's context_info."""

    def __init__(
        self, status: int, code: str, message: str, *, info: Json = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.info = info
        self.headers = headers or {}

    def answer(self) -> Answer:
        body: dict[str, Json] = {
            "type": "error",
            "status": self.status,
            "code": self.code,
            "context_info": self.info,
            "help_url": HELP,
            "message": self.message,
            "request_id": f"sbx{next(_numbers):013x}",
        }
        return Answer.of_json(body, self.status, self.headers)


class OAuthRefusal(Exception):
    """In the words of OAuth; always 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def answer(self) -> Answer:
        return Answer.of_json({"error": self.error, "error_description": self.description}, 400)


def not_found() -> Refusal:
    return Refusal(404, "not_found", "Not Found", info={"errors": [{"reason": "invalid_parameter"}]})


def trashed() -> Refusal:
    return Refusal(404, "trashed", "Item is trashed")


def not_trashed() -> Refusal:
    return Refusal(404, "not_trashed", "Item is not trashed")


def forbidden(message: str = "Access denied - insufficient permission") -> Refusal:
    return Refusal(403, "access_denied_insufficient_permissions", message)


def invalid(name: str, message: str) -> Refusal:
    errors = [{"reason": "invalid_parameter", "name": name, "message": message}]
    return Refusal(400, "bad_request", "Bad Request", info={"errors": errors})


def unauthorized() -> Refusal:
    message = "The access token provided is invalid."
    challenge = f'Bearer realm="Service", error="invalid_token", error_description="{message}"'
    return Refusal(401, "unauthorized", "Unauthorized", headers={"WWW-Authenticate": challenge})


def insufficient_scope() -> Refusal:
    message = "The request requires higher privileges than provided by the access token."
    challenge = f'Bearer realm="Service", error="insufficient_scope", error_description="{message}"'
    return Refusal(403, "insufficient_scope", message, headers={"WWW-Authenticate": challenge})


def rate_limited(seconds: int) -> Refusal:
    message = "Request rate limit exceeded, please try again later"
    return Refusal(429, "rate_limit_exceeded", message, headers={"Retry-After": str(seconds)})


def stale() -> Refusal:
    return Refusal(412, "precondition_failed", "The resource has been modified. Please retrieve the resource again.")
