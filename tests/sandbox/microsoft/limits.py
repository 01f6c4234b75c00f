"""How many calls in how many seconds a service takes from one application."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Limit:
    """`tells`: whether a refusal says when to come back. `taken`: moments of the calls within the window, by client."""

    calls: int
    seconds: float
    tells: bool = True
    taken: dict[str, list[float]] = field(default_factory=dict)

    def take(self, client_id: str, now: float) -> int:
        """Count a call of this application: 0, or in how many seconds to come back when it is one too many."""
        taken = [each for each in self.taken.get(client_id, []) if each > now - self.seconds]
        if len(taken) >= self.calls:
            return max(1, int(taken[0] + self.seconds - now + 0.999))
        self.taken[client_id] = [*taken, now]
        return 0
