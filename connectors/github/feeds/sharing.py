"""Who can reach each repository: people and teams that were given it, who is invited, and whoever holds a deploy key;
and the deploy keys themselves.

Access that owners, organisation roles and the organisation's base permission bring along is not listed for each
repository: it is the same everywhere.
"""

from collections.abc import Iterable, Iterator

from connectors.base import (
    Capability,
    Client,
    Collaborator,
    Credential,
    Cursor,
    HolderKind,
    Page,
    Privilege,
    Record,
    snapshot,
)
from connectors.github import mapping, repository_rows
from connectors.github.budget import CORE
from connectors.github.feeds.repositories import EVERY_ONE, PATH
from connectors.github.reading import rows
from connectors.github.scopes import READ_REPOSITORIES, REPO
from connectors.github.walking import Entries, Note, Part, Row, nothing, walk


def with_rights(note: Note, share: Collaborator, row: Row) -> Iterable[Record]:
    """A share, and the right it gives where that is an administrator's or the organisation made it."""
    yield share
    holder, kind = (share.group_id, HolderKind.GROUP) if share.group_id else (share.account_id, HolderKind.ACCOUNT)
    right = mapping.repository_right(note[1], holder, kind, row)
    if right:
        yield right


def person(note: Note, row: Row) -> Iterable[Record]:
    """Whether somebody is from outside, the account tells."""
    return with_rights(note, repository_rows.person(note[0], row, is_external=None), row)


def team(note: Note, row: Row) -> Iterable[Record]:
    return with_rights(note, repository_rows.team(note[0], row), row)


REPOSITORIES = Entries(
    PATH,
    lambda answer: rows(answer, "id", "full_name"),
    lambda row: [str(row["id"]), str(row["full_name"])],
    nothing,
    EVERY_ONE,
)
PARTS = (
    Part(
        "people",
        lambda note: f"/repositories/{note[0]}/collaborators",
        lambda answer: rows(answer, "id"),
        person,
        {"affiliation": "direct"},
    ),
    Part("teams", lambda note: f"/repositories/{note[0]}/teams", lambda answer: rows(answer, "id"), team),
    Part(
        "invitations",
        lambda note: f"/repositories/{note[0]}/invitations",
        lambda answer: rows(answer, "id"),
        lambda note, row: (repository_rows.invited(note[0], row),),
    ),
    Part(
        "keys",
        lambda note: f"/repositories/{note[0]}/keys",
        lambda answer: rows(answer, "id"),
        lambda note, row: (repository_rows.key_holder(note[0], row), mapping.deploy_key(note[0], note[1], row)),
    ),
)


@snapshot(
    Collaborator,
    Privilege,
    Credential,
    title="Access to repositories",
    serves=(Capability.DATA_SCAN, Capability.PRIVILEGES, Capability.APP_PERMISSIONS),
    permissions=(REPO, READ_REPOSITORIES),
    limits=(CORE,),
)
def sharing(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Repository after repository."""
    yield from walk(client, cursor, REPOSITORIES, PARTS)
