"""Teams, nested and secret ones, with members and maintainers."""

from collections.abc import Iterator

from connectors.base import Capability, Client, Cursor, Group, Membership, Page, snapshot
from connectors.github import mapping
from connectors.github.budget import CORE
from connectors.github.ownership import need_whole_view
from connectors.github.reading import organisation_path, rows
from connectors.github.scopes import READ_MEMBERS, READ_ORG
from connectors.github.walking import Entries, Part, walk


@snapshot(
    Group,
    Membership,
    title="Teams",
    serves=(Capability.GROUPS,),
    permissions=(READ_ORG, READ_MEMBERS),
    limits=(CORE,),
)
def teams(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Who is no owner gets the list without other people's secret teams, which would be taken for gone."""
    if cursor is None:
        need_whole_view(client)
    members = Part(
        "members",
        lambda team: organisation_path(client, f"/teams/{team[1]}/members"),
        lambda answer: rows(answer, "id"),
        lambda team, row: (mapping.team_member(team[0], row),),
    )
    yield from walk(client, cursor, TEAMS, (members,))


TEAMS = Entries(
    "/teams",
    lambda answer: rows(answer, "id", "slug"),
    lambda row: [str(row["id"]), str(row["slug"])],
    lambda row: (mapping.team(row),),
)
