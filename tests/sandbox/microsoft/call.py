"""One call of a service, let in by its token."""

from dataclasses import dataclass, field

from tests.sandbox.exchange import Request
from tests.sandbox.microsoft.login.tokens import AccessToken
from tests.sandbox.microsoft.outbox import Deliver
from tests.sandbox.microsoft.state import State


@dataclass(slots=True)
class Call:
    """`parameters`: of the path. `address`: the path without the version it begins with. `post`: asks a webhook for its
    consent while the call is answered."""

    request: Request
    state: State
    token: AccessToken
    address: str
    post: Deliver
    parameters: dict[str, str] = field(default_factory=dict)

    def may(self, *roles: str) -> bool:
        """Does the token hold one of these?"""
        return not self.token.roles.isdisjoint(roles)

    def prefers(self, wish: str) -> bool:
        """Is this among what the header Prefer asks for?"""
        return wish in [each.strip() for each in self.request.headers.get("prefer", "").split(",")]
