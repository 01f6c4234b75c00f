"""Calls that are refused, in the vendor's words."""

from tests.sandbox.dropbox.unions import chain, nested, summary_of, tagged
from tests.sandbox.exchange import Answer, Json

TAILS = ("", ".", "..", "...")
"""What error_summary ends with, at random."""


class Refusal(Exception):
    """`error`: the union, {} for a text alone."""

    status = 409

    def __init__(self, error: Json, message: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(summary_of(error) or message)
        self.error = error
        self.message = message
        self.headers = headers or {}

    def answer(self, tail: str) -> Answer:
        body = {"error_summary": f"{summary_of(self.error)}/{tail}", "error": self.error}
        if self.message:
            body["user_message"] = {"locale": "en", "text": self.message}
        return Answer.of_json(body, self.status, {"Content-Type": "application/json", **self.headers})


class BadInput(Refusal):
    """400, plain text."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__({}, message)

    def answer(self, tail: str) -> Answer:
        return Answer.of_text(self.message, self.status)


class Unauthorized(Refusal):
    status = 401

    def __init__(self, error: Json) -> None:
        super().__init__(error, headers={"WWW-Authenticate": 'Bearer realm="Dropbox-API"'})


class Forbidden(Refusal):
    status = 403


class WrongRoot(Refusal):
    status = 422


class TooMany(Refusal):
    """`body`: json, text or empty; the vendor was seen with each."""

    status = 429

    def __init__(self, reason: str, retry_after: int, body: str = "json") -> None:
        super().__init__(
            {"reason": tagged(reason), "retry_after": retry_after}, headers={"Retry-After": str(retry_after)}
        )
        self.reason = reason
        self.body = body

    def answer(self, tail: str) -> Answer:
        headers = {"Content-Type": "application/json", **self.headers}
        if self.body == "text":
            return Answer(429, self.reason.encode(), {**headers, "Content-Type": "text/plain; charset=utf-8"})
        if self.body == "empty":
            return Answer(429, b"", headers)
        return Answer.of_json({"error_summary": f"{self.reason}/{tail}", "error": self.error}, 429, headers)


def refused(tags: str, message: str = "") -> Refusal:
    """409, by the tags of its error: "path/not_found"."""
    return Refusal(chain(tags), message)


def under(key: str, refusal: Refusal) -> Refusal:
    """The same error as a part of another: not_found under path_lookup."""
    return Refusal(nested(key, refusal.error), refusal.message)
