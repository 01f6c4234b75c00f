"""Makes the tenant big, for load tests."""

import random

from tests.sandbox.company import DOMAIN
from tests.sandbox.microsoft.directory.objects import GROUP, USER
from tests.sandbox.microsoft.seed_history import sign_in
from tests.sandbox.microsoft.seed_people import DAY, LICENCE, account, activity
from tests.sandbox.microsoft.state import State

PER_GROUP = 50


def add_users(state: State, users: int) -> None:
    """So many employees more, named after a number; deltas that began before do not tell of them."""
    values = {"assignedLicenses": [LICENCE], "signInActivity": activity(state.now() - 3600)}
    alike = account(state, "", "", **values)
    first = sum(1 for each in state.directory.users() if str(each.properties["userPrincipalName"]).startswith("grown-"))
    for number in range(first, first + users):
        login = f"grown-{number:06d}@{DOMAIN}"
        own = {"userPrincipalName": login, "mail": login, "displayName": f"Grown User {number}"}
        state.directory.add(USER, {**alike, **own, "department": f"Department {number % 40}"})


def add_sign_ins(state: State, sign_ins: int, days: int = 6) -> None:
    """So many more, evenly over the last days, of the employees by turns."""
    chance, now = random.Random("20261204/growth"), state.now()
    people = [each for each in state.directory.users() if each.properties["signInActivity"]]
    for number in range(sign_ins):
        at = now - days * DAY * (sign_ins - number) / (sign_ins + 1)
        state.audits.add_sign_in(at, sign_in(state, chance, people[number % len(people)], at, number))


def add_groups(state: State, groups: int, members: int = PER_GROUP) -> None:
    """So many security groups more, each of so many of the users by turns."""
    everybody = [each.id for each in state.directory.users()]
    for number in range(groups):
        group = state.directory.add(
            GROUP,
            {
                "displayName": f"Grown Group {number}",
                "groupTypes": [],
                "mailEnabled": False,
                "mailNickname": f"grown-group-{number}",
                "securityEnabled": True,
            },
        )
        places = range(number * members, (number + 1) * members)
        state.directory.members[group.id] = {everybody[each % len(everybody)]: None for each in places}
