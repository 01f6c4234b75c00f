"""Makes an organisation big without holding what can be computed: people and events by their number."""

import re
from dataclasses import dataclass

from tests.sandbox.github.audit import Computed, Event, document_id
from tests.sandbox.github.lengthened import Lengthened
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Membership, User

FIRST_ID = 5_000_000_000
MOST = 10_000_000
LOGIN = re.compile(r"grown-(\d{6,8})(?:-(\d+))?")
ACTIONS = (
    "repo.access",
    "pull_request.merge",
    "team.add_member",
    "workflows.completed_workflow_run",
    "hook.create",
    "git.push",
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The grown people of one organisation: `first` is the id of number 0. Called with an id, it makes the user."""

    first: int
    suffix: str

    def __contains__(self, user_id: int) -> bool:
        return self.first <= user_id < self.first + MOST

    def __call__(self, user_id: int) -> User:
        number = user_id - self.first
        login = f"grown-{number:06d}{self.suffix}"
        return User(user_id, login, f"Grown Person {number}", work_email=f"grown{number}@contoso.example")


def member(user_id: int) -> Membership:
    return Membership("member")


def crowd_of(organisation: Organisation) -> Crowd:
    """Only the first organisation's people need no suffix."""
    place = organisation.id % 1000
    return Crowd(FIRST_ID + place * MOST, "" if place == 311 else f"-{place}")


def add_members(organisation: Organisation, users: Lengthened[User], wanted: int) -> None:
    """Brings the organisation up to `wanted` members with grown-000000 and so on."""
    crowd = crowd_of(organisation)
    others = sum(1 for user_id, _ in organisation.members.stored() if user_id not in crowd)
    count = max(0, wanted - others)
    users.lengthen(crowd.first, count, crowd)
    organisation.members.lengthen(crowd.first, count, member)


def id_of(login: str, crowds: list[Crowd]) -> int | None:
    """The id behind the login of a grown person."""
    match = LOGIN.fullmatch(login)
    suffix = f"-{match[2]}" if match and match[2] else ""
    crowd = next((each for each in crowds if each.suffix == suffix), None)
    return crowd.first + int(match[1]) if match and crowd else None


@dataclass(frozen=True, slots=True)
class Story:
    """Makes the grown events of one organisation; every sixth is a git event.

    `people`: (id, login, country) of those who were there, `grown`: how many of the crowd. They stay the actors
    whatever becomes of them, so that an event is the same at every read.
    """

    identity: Event
    people: tuple[tuple[int, str, str], ...]
    crowd: Crowd
    grown: int

    def __call__(self, number: int, at_ms: int) -> Event:
        user_id, login, country = self._actor(number % (len(self.people) + self.grown))
        organisation = self.identity["org"]
        return {
            "@timestamp": at_ms,
            "_document_id": document_id(f"grown/{self.identity['org_id']}/{number}"),
            "action": ACTIONS[number % len(ACTIONS)],
            "actor": login,
            "actor_id": user_id,
            "actor_ip": f"198.51.{number % 100}.{number % 250}",
            "actor_location": {"country_code": country},
            "created_at": at_ms,
            "operation_type": "modify",
            "repo": f"{organisation}/repository-{number % 500}",
            "user_agent": "Mozilla/5.0",
            **self.identity,
        }

    def _actor(self, place: int) -> tuple[int, str, str]:
        if place < len(self.people):
            return self.people[place]
        user = self.crowd(self.crowd.first + place - len(self.people))
        return user.id, user.login, user.country


def add_events(organisation: Organisation, count: int, days: int) -> None:
    """Events that are made when they are read, so that a million cost nothing."""
    if not count:
        return
    crowd = crowd_of(organisation)
    ids = [user_id for user_id, _ in organisation.members.stored() if user_id not in crowd]
    people = tuple((each.id, each.login, each.country) for each in (organisation.users[user_id] for user_id in ids))
    story = Story(dict(organisation.audit.identity), people, crowd, max(0, len(organisation.members) - len(people)))
    now_ms = int(organisation.clock.now() * 1000)
    step_ms = max(1, days * 86_400_000 // count)
    organisation.audit.computed.append(Computed(count, now_ms - count * step_ms, step_ms, story))
