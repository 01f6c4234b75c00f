"""One call of a service, let in by its token."""

from dataclasses import dataclass, field

from tests.sandbox.exchange import Json, Request
from tests.sandbox.microsoft import recording
from tests.sandbox.microsoft.login.tokens import AccessToken
from tests.sandbox.microsoft.outbox import Ask, Deliver
from tests.sandbox.microsoft.state import State


@dataclass(slots=True)
class Call:
    """`parameters`: of the path. `address`: the path without the version it begins with. `post`: asks a webhook for its
    consent while the call is answered; `ask`: comes back with all of its answer."""

    request: Request
    state: State
    token: AccessToken
    address: str
    post: Deliver
    ask: Ask
    parameters: dict[str, str] = field(default_factory=dict)

    def may(self, *roles: str) -> bool:
        """Does the token hold one of these?"""
        return not self.token.roles.isdisjoint(roles)

    def record(
        self, activity: str, category: str, operation: str, *targets: Json, service: str = recording.CORE
    ) -> None:
        """In the directory's audit log, as done by the application that calls."""
        agent = self.request.headers.get("user-agent", "")
        by = recording.principal_of(self.state, self.token.principal_id)
        recording.record(self.state, activity, category, operation, by, targets, service=service, agent=agent)

    def prefers(self, wish: str) -> bool:
        """Is this among what the header Prefer asks for?"""
        return wish in [each.strip() for each in self.request.headers.get("prefer", "").split(",")]
