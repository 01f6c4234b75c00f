"""A week of audit records, with the awkward ones among them."""

from collections.abc import Sequence

from tests.sandbox import company
from tests.sandbox.microsoft.activity_feed.feed import DAY, ECHOED, REPEATED, Feed
from tests.sandbox.microsoft.activity_feed.records.actor import person
from tests.sandbox.microsoft.activity_feed.stories import entra, exchange, general, sharepoint
from tests.sandbox.microsoft.activity_feed.stories.scene import Cast, Scene, Story, Told
from tests.sandbox.microsoft.state import State

STORIES: dict[str, Sequence[Story]] = {
    "Audit.AzureActiveDirectory": entra.STORIES,
    "Audit.Exchange": exchange.STORIES,
    "Audit.SharePoint": sharepoint.STORIES,
    "Audit.General": general.STORIES,
    "DLP.All": exchange.POLICY_STORIES,
}
DAYS = 7
BLOBS_A_DAY = 5
OLD = 5 * 3600
"""How long before its blob some records happened."""
LATE = 6 * 3600


def cast_of(state: State) -> Cast:
    """The employees who are in the directory."""
    people = {}
    for user in state.directory.users():
        name = str(user.properties["userPrincipalName"])
        found = company.BY_HANDLE.get(name.partition("@")[0])
        if found is not None and found.kind is company.Kind.EMPLOYEE:
            puid = f"1003{user.id.replace('-', '')[:12].upper()}"
            people[found.handle] = person(name, user.id, puid, found.address, found.name)
    return Cast(state.tenant.id, state.tenant.sharepoint, people)


def plant(feed: Feed, cast: Cast, now: float) -> None:
    """The last blob of each kind was made a quarter of an hour ago, the first one a little less than a week ago."""
    for content_type, stories in STORIES.items():
        count = DAYS * BLOBS_A_DAY if len(stories) > 1 else DAYS
        echo: list[tuple[Story, Scene]] = []
        for number in range(count):
            created = now - 900 - (count - 1 - number) * (DAYS * DAY - 7200) / count
            told = _told(content_type, stories, cast, created, number)
            again = [each for place, each in enumerate(told) if (number * len(stories) + place) % REPEATED == 0]
            records = Told([*echo, *told, *again])
            echo = told[-1:] if number % ECHOED == 0 else []
            late_by = LATE if number % 6 == 4 and number < count - 2 else 0.0
            is_lost = content_type == "Audit.General" and number == count // 2
            feed.put(content_type, records, created, late_by=late_by, is_lost=is_lost)


def _told(
    content_type: str, stories: Sequence[Story], cast: Cast, created: float, number: int
) -> list[tuple[Story, Scene]]:
    """As many as there are stories. Some happened hours before their blob was made."""
    found = []
    for place, story in enumerate(stories):
        ordinal = number * len(stories) + place
        age = OLD if ordinal % 10 == 9 else 120 + 7 * place
        found.append((story, Scene(cast, content_type, ordinal, created - age)))
    return found
