"""What calls of files cost, in resource units a minute."""

from dataclasses import dataclass, field

MINUTE = 60
SHOWN_FROM = 0.8
"""From this share of the limit on, answers tell what is left."""


@dataclass(slots=True)
class Units:
    """`a_minute`: of one application in this tenant. `spent`: since `since`, by client id."""

    a_minute: int = 1250
    since: dict[str, float] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)

    def spend(self, client_id: str, units: int, now: float) -> tuple[bool, dict[str, str]]:
        """Whether the call is let through, and the headers of its answer. What is refused counts, too."""
        if now - self.since.get(client_id, -MINUTE) >= MINUTE:
            self.since[client_id], self.spent[client_id] = now, 0
        self.spent[client_id] += units
        spent, reset = self.spent[client_id], max(1, int(self.since[client_id] + MINUTE - now + 0.999))
        if spent < SHOWN_FROM * self.a_minute:
            return True, {}
        left = max(0, self.a_minute - spent)
        headers = {
            "RateLimit-Limit": str(self.a_minute),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(reset),
        }
        if spent > self.a_minute:
            return False, {**headers, "Retry-After": str(reset)}
        return True, headers
