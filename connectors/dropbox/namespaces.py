"""Where files lie: members' homes, and the shared, team and app folders, each a namespace of its own.

A home is named by its owner's id, as pushes name members; every other namespace by its kind, its number and, where it
has one, its owner.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from connectors.base import Client, Partition, TargetGone
from connectors.dropbox import admin, mapping
from connectors.dropbox.reading import Listing, Row, ask, document, having, rows_of

NAMESPACE_LIST = Listing(
    "team/namespaces/list", "team/namespaces/list/continue", "namespaces", ("namespace_id", "namespace_type")
)
HOME, SHARED, TEAM, APP, ROOT = "team_member_folder", "shared_folder", "team_folder", "app_folder", "team_member_root"
EDITOR = "editor"
MOST_ASKED = 50
"""Of the people who may edit a folder, when one is wanted who is active."""
LABELS = {HOME: "Home", SHARED: "Shared folder", TEAM: "Team folder", APP: "Folder of an app", ROOT: "Root"}


@dataclass(frozen=True, slots=True)
class Namespace:
    """`owner_id`: of the member to whom it belongs; '' for a team folder, and for one of another team.
    `actor_id`: the member in whose name it can be changed: its owner, or where that one is not active somebody else of
    the team who may edit a shared folder; '' where there is nobody. `is_foreign`: another team's."""

    id: str
    kind: str
    name: str = ""
    owner_id: str = ""
    owner_name: str = ""
    actor_id: str = ""
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
    owner = partition if is_home else member
    profile = next(iter(_profiles(client, (owner,))), None)
    if profile is None:
        raise TargetGone("The owner of these files is not in the Dropbox team any more.")
    return Namespace(
        mapping.text(profile.get("member_folder_id")) if is_home else number,
        HOME if is_home else kind,
        owner_id=owner,
        owner_name=mapping.text(mapping.part(profile, "name").get("display_name")),
        actor_id=owner if _is_active(profile) else "",
    )


def of_row(client: Client, row: Mapping[str, Any]) -> Namespace:
    """The namespace that a record's `raw` names. Raises TargetGone."""
    return opened(client, partition_id(row))


def _shared(client: Client, kind: str, number: str) -> Namespace:
    reading = admin.reading(client)
    answer = ask(reading, "sharing/get_folder_metadata", {"shared_folder_id": number})
    found = document(answer, "name")
    owner, editors = ({}, []) if kind == TEAM else _writers(client, number)
    active = (mapping.text(each["team_member_id"]) for each in _profiles(client, editors) if _is_active(each))
    return Namespace(
        number,
        kind,
        mapping.text(found["name"]),
        owner_id=mapping.text(owner.get("team_member_id")),
        owner_name=mapping.text(owner.get("display_name")) or mapping.text(owner.get("email")),
        actor_id=next(active, ""),
        is_foreign=mapping.text(mapping.part(found, "owner_team").get("id")) != admin.team_id(client),
    )


def _writers(client: Client, number: str) -> tuple[Row, list[str]]:
    """The owner, and the ids of the team's people who may edit, the owner's first. Dropbox tells owners first."""
    asked = {"shared_folder_id": number, "limit": 1000}
    answer = ask(admin.reading(client), "sharing/list_folder_members", asked)
    people = [(mapping.tag(each.get("access_type")), each["user"]) for each in rows_of(answer, "users", "user")]
    owner: Row = next((user for access, user in people if access == mapping.OWNER), {})
    writers = [user for access, user in people if access in (mapping.OWNER, EDITOR)]
    ids = (mapping.text(user.get("team_member_id")) for user in sorted(writers, key=lambda user: user is not owner))
    return owner, [each for each in ids if each][:MOST_ASKED]


def _profiles(client: Client, member_ids: Sequence[str]) -> list[Row]:
    """Of those of the members who are in the team, in their order."""
    if not member_ids:
        return []
    asked = {"members": [{".tag": "team_member_id", "team_member_id": each} for each in member_ids]}
    answer = ask(client.acting_as(""), "team/members/get_info_v2", asked)
    found = (each for each in rows_of(answer, "members_info", ".tag") if each[".tag"] == "member_info")
    return [having(answer, having(answer, each, "profile")["profile"], "team_member_id") for each in found]


def _is_active(profile: Row) -> bool:
    return mapping.tag(profile.get("status")) == mapping.ACTIVE
