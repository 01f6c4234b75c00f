"""Makes an organisation big without holding what can be computed."""

from tests.sandbox.github.audit import Computed, Event, document_id
from tests.sandbox.github.organisation import Membership, Organisation, User
from tests.sandbox.github.state import State

FIRST_ID = 5_000_000_000
ACTIONS = (
    "repo.access",
    "pull_request.merge",
    "team.add_member",
    "workflows.completed_workflow_run",
    "hook.create",
    "git.push",
)


def grow(state: State, members: int = 0, events: int = 0, organisation: str = "contoso-dev", days: int = 30) -> None:
    """Bring an organisation up to `members` members and give it `events` more events, spread over the last `days` days.

    Members are the logins grown-000000 and so on. Events are made when they are read: a million costs nothing here.
    """
    grown = state.organisation(organisation)
    for number in range(max(0, members - len(grown.members))):
        user_id = FIRST_ID + grown.id % 1000 * 10_000_000 + number
        user = User(
            user_id, f"grown-{number:06d}", f"Grown Person {number}", work_email=f"grown{number}@contoso.example"
        )
        state.add_user(user)
        grown.members[user_id] = Membership("member")
    if events:
        grown.audit.computed.append(_events(state, grown, events, days))


def _events(state: State, organisation: Organisation, count: int, days: int) -> Computed:
    now_ms = int(state.clock.now() * 1000)
    step_ms = max(1, days * 86_400_000 // count)
    people = [state.users[user_id] for user_id in organisation.members]

    def make(number: int, at_ms: int) -> Event:
        user = people[number % len(people)]
        return {
            "@timestamp": at_ms,
            "_document_id": document_id(f"grown/{organisation.id}/{number}"),
            "action": ACTIONS[number % len(ACTIONS)],
            "actor": user.login,
            "actor_id": user.id,
            "actor_ip": f"198.51.{number % 100}.{number % 250}",
            "actor_location": {"country_code": user.country},
            "created_at": at_ms,
            "operation_type": "modify",
            "repo": f"{organisation.login}/repository-{number % 500}",
            "user_agent": "Mozilla/5.0",
            **organisation.audit.identity,
        }

    return Computed(count, now_ms - count * step_ms, step_ms, make)
