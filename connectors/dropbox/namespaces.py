"""Where files lie: members' homes, and the shared, team and app folders, each a namespace of its own.

A home is named by its owner's id, as pushes name members; every other namespace by its kind, its number and, where it
has one, its owner.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from connectors.base import Client, Partition, TargetGone
from connectors.dropbox import admin, mapping
from connectors.dropbox.reading import Listing, Row, ask, document, having, rows_of

NAMESPACE_LIST = Listing(
    "team/namespaces/list", "team/namespaces/list/continue", "namespaces", ("namespace_id", "namespace_type")
)
HOME, SHARED, TEAM, APP, ROOT = "team_member_folder", "shared_folder", "team_folder", "app_folder", "team_member_root"
LABELS = {HOME: "Home", SHARED: "Shared folder", TEAM: "Team folder", APP: "Folder of an app", ROOT: "Root"}


@dataclass(frozen=True, slots=True)
class Namespace:
    """`owner_id`: of the member to whom it belongs; '' for a team folder, and for one of another team.
    `owner_is_active`: whether Dropbox lets us act in the owner's name. `is_foreign`: another team's."""

    id: str
    kind: str
    name: str = ""
    owner_id: str = ""
    owner_name: str = ""
    owner_is_active: bool = False
    is_foreign: bool = False

    @property
    def is_shared(self) -> bool:
        return self.kind in (SHARED, TEAM)

    @property
    def row(self) -> dict[str, str]:
        """As Dropbox lists it."""
        return {
            "namespace_id": self.id, "namespace_type": self.kind, "team_member_id": self.owner_id, "name": self.name,
        }  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """For a cursor; Namespace(**kept) is the same again."""
        return asdict(self)


def partitions(client: Client) -> Iterator[Partition]:
    """Every namespace of the team. Dropbox may list one twice."""
    for row in NAMESPACE_LIST.rows(client, {"limit": 1000}):
        kind, name = mapping.tag(row["namespace_type"]), mapping.text(row.get("name"))
        yield Partition(partition_id(row), f"{LABELS.get(kind, kind)}: {name}")


def partition_id(row: Row) -> str:
    kind, member = mapping.tag(row["namespace_type"]), mapping.text(row.get("team_member_id"))
    if kind == HOME:
        return member
    parts = (kind, mapping.text(row["namespace_id"]), "" if kind in (SHARED, TEAM) else member)
    return ":".join(part for part in parts if part)


def opened(client: Client, partition: str) -> Namespace:
    """Asks what is to be known of it. Raises TargetGone."""
    kind, _, rest = partition.partition(":")
    if kind in (SHARED, TEAM):
        return _shared(client, kind, rest)
    number, _, member = rest.partition(":")
    is_home = kind not in LABELS
    profile = _profile(client, partition if is_home else member)
    return Namespace(
        mapping.text(profile.get("member_folder_id")) if is_home else number,
        HOME if is_home else kind,
        owner_id=partition if is_home else member,
        owner_name=mapping.text(mapping.part(profile, "name").get("display_name")),
        owner_is_active=mapping.tag(profile.get("status")) == mapping.ACTIVE,
    )


def of_row(client: Client, row: Mapping[str, Any]) -> Namespace:
    """The namespace that a record's `raw` names. Raises TargetGone."""
    return opened(client, partition_id(row))


def _shared(client: Client, kind: str, number: str) -> Namespace:
    reading = admin.reading(client)
    answer = ask(reading, "sharing/get_folder_metadata", {"shared_folder_id": number})
    found = document(answer, "name")
    is_foreign = mapping.text(mapping.part(found, "owner_team").get("id")) != admin.team_id(client)
    owner = {} if kind == TEAM else _owner(client, number)
    return Namespace(
        number,
        kind,
        mapping.text(found["name"]),
        owner_id=mapping.text(owner.get("team_member_id")),
        owner_name=mapping.text(owner.get("display_name")) or mapping.text(owner.get("email")),
        owner_is_active=bool(owner.get("team_member_id")),
        is_foreign=is_foreign,
    )


def _owner(client: Client, number: str) -> Row:
    """Dropbox tells owners first."""
    asked = {"shared_folder_id": number, "limit": 1000}
    answer = ask(admin.reading(client), "sharing/list_folder_members", asked)
    people = rows_of(answer, "users", "user")
    owners = (mapping.part(each, "user") for each in people if mapping.tag(each.get("access_type")) == mapping.OWNER)
    return next(owners, {})


def _profile(client: Client, member_id: str) -> Row:
    asked = {"members": [{".tag": "team_member_id", "team_member_id": member_id}]}
    answer = ask(client.acting_as(""), "team/members/get_info_v2", asked)
    found = next(iter(rows_of(answer, "members_info", ".tag")), {".tag": ""})
    if found[".tag"] != "member_info":
        raise TargetGone("The owner of these files is not in the Dropbox team any more.")
    return dict(having(answer, found, "profile")["profile"])
