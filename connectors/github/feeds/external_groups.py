"""Groups of the identity provider, who is in them, and the teams that take their people from there."""

from collections.abc import Iterator

from connectors.base import (
    Answer,
    Capability,
    Client,
    Cursor,
    Group,
    Membership,
    NotAvailable,
    Page,
    TargetGone,
    snapshot,
)
from connectors.github import mapping
from connectors.github.availability import NO_EXTERNAL_GROUPS
from connectors.github.budget import CORE
from connectors.github.reading import document, objects, organisation_path
from connectors.github.scopes import READ_MEMBERS, READ_ORG
from connectors.github.walking import Entries, Part, Row, walk


@snapshot(
    Group,
    Membership,
    title="Groups of the identity provider",
    serves=(Capability.GROUPS,),
    permissions=(READ_ORG, READ_MEMBERS),
    limits=(CORE,),
)
def external_groups(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Only where an enterprise manages its users, or a server takes them from an identity provider."""
    content = Part(
        "content",
        lambda note: organisation_path(client, f"/external-group/{note[0]}"),
        _content,
        lambda note, row: mapping.of_external_group(note[0], row),
    )
    try:
        yield from walk(client, cursor, GROUPS, (content,))
    except TargetGone:
        raise NotAvailable(NO_EXTERNAL_GROUPS) from None


def _content(answer: Answer) -> list[Row]:
    """Its teams, which each page says again, and a page of its people."""
    found = document(answer, "group_id", "teams", "members")
    return [*objects(answer, found["teams"], "team_id"), *objects(answer, found["members"], "member_id")]


GROUPS = Entries(
    "/external-groups",
    lambda answer: objects(answer, document(answer, "groups")["groups"], "group_id"),
    lambda row: [str(row["group_id"])],
    lambda row: (mapping.external_group(row),),
)
