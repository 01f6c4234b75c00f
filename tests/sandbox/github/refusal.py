"""How GitHub says no."""

from tests.sandbox.exchange import Answer, Json

SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
DOCS = "https://docs.github.com/rest"


class Refusal(Exception):
    """An answer of 3xx or 4xx: status, the body's message, and what goes with it; `url` is where else to look."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
        docs: str = DOCS,
        url: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.errors = errors
        self.docs = docs
        self.url = url

    def answer(self) -> Answer:
        body: dict[str, Json] = {"message": self.message, "documentation_url": self.docs, "status": str(self.status)}
        if self.errors is not None:
            body["errors"] = self.errors
        if self.url is not None:
            body["url"] = self.url
        return Answer.of_json(body, self.status, self.headers)

    def scim_answer(self) -> Answer:
        body = {
            "schemas": [SCIM_ERROR],
            "detail": self.message,
            "message": self.message,
            "documentation_url": self.docs,
        }
        return Answer.of_json(body, self.status, self.headers)


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def moved(method: str, url: str) -> Refusal:
    """What is looked for has another address; a call that changes something is to be repeated there as it is."""
    is_read = method in ("GET", "HEAD")
    message = "Moved Permanently" if is_read else "Temporary Redirect"
    return Refusal(301 if is_read else 307, message, headers={"Location": url}, url=url)


def invalid(resource: str, field: str, message: str, code: str = "invalid") -> Refusal:
    error = {"resource": resource, "field": field, "code": code, "message": message}
    return Refusal(422, "Validation Failed", errors=[error])
