"""How the services say no: each in a form of its own."""

from typing import Protocol

from tests.sandbox.exchange import Answer, Request


class Refusal(Exception):
    """An answer of 4xx or 5xx; each service has a subclass that words it."""

    def __init__(self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def answer(self, request: Request) -> Answer:
        raise TypeError(f"{type(self).__name__} has no form of its own")


class Dialect(Protocol):
    """What the router has to say in a service's own words."""

    def unauthorized(self, message: str) -> Refusal: ...

    def forbidden(self) -> Refusal: ...

    def unknown(self, request: Request) -> Refusal:
        """No such address."""
        ...

    def too_many(self, retry_after: int | None) -> Refusal:
        """`retry_after` in seconds, None where the service does not tell."""
        ...
