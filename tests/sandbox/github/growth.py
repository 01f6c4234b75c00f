"""Makes an organisation big without holding what can be computed."""

from tests.sandbox.github.audit import Computed, Event, document_id
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Membership, User

FIRST_ID = 5_000_000_000
ACTIONS = (
    "repo.access",
    "pull_request.merge",
    "team.add_member",
    "workflows.completed_workflow_run",
    "hook.create",
    "git.push",
)


def add_members(organisation: Organisation, wanted: int) -> list[User]:
    """Brings the organisation up to `wanted` members; returns the new ones, grown-000000 and so on."""
    first = FIRST_ID + organisation.id % 1000 * 10_000_000
    users = [_user(first + number, number) for number in range(max(0, wanted - len(organisation.members)))]
    for user in users:
        organisation.members[user.id] = Membership("member")
    return users


def _user(user_id: int, number: int) -> User:
    return User(user_id, f"grown-{number:06d}", f"Grown Person {number}", work_email=f"grown{number}@contoso.example")


def add_events(organisation: Organisation, count: int, days: int) -> None:
    """Events that are made when they are read, so that a million cost nothing; every sixth is a git event."""
    if not count:
        return
    now_ms = int(organisation.clock.now() * 1000)
    step_ms = max(1, days * 86_400_000 // count)
    people = [organisation.users[user_id] for user_id in organisation.members]

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

    organisation.audit.computed.append(Computed(count, now_ms - count * step_ms, step_ms, make))
