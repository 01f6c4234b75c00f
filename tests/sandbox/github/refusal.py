"""How GitHub says no."""

from tests.sandbox.exchange import Answer, Json

DOCS = "https://docs.github.com/rest"


class Refusal(Exception):
    """An answer of 4xx: status, the body's message, and what goes with it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
        docs: str = DOCS,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.errors = errors
        self.docs = docs

    def answer(self) -> Answer:
        body: dict[str, Json] = {"message": self.message, "documentation_url": self.docs, "status": str(self.status)}
        if self.errors is not None:
            body["errors"] = self.errors
        return Answer.of_json(body, self.status, self.headers)


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def invalid(resource: str, field: str, message: str, code: str = "invalid") -> Refusal:
    error = {"resource": resource, "field": field, "code": code, "message": message}
    return Refusal(422, "Validation Failed", errors=[error])
