"""Makes the tenant big, for load tests."""

from tests.sandbox.company import DOMAIN
from tests.sandbox.microsoft.directory.objects import GROUP, USER
from tests.sandbox.microsoft.seed_people import LICENCE, account, activity
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
