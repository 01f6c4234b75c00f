"""Objects of the directory as Graph shows them."""

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.graph.kinds import APPLICATIONS, GROUPS, SERVICE_PRINCIPALS, USERS, Kind
from tests.sandbox.microsoft.moments import iso

KINDS: dict[str, Kind] = {
    "user": USERS,
    "group": GROUPS,
    "servicePrincipal": SERVICE_PRINCIPALS,
    "application": APPLICATIONS,
}
READERS = {
    "user": (
        "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
    ),
    "group": (
        "Group.ReadBasic.All", "Group.Read.All", "Group.ReadWrite.All", "GroupMember.ReadBasic.All",
        "GroupMember.Read.All", "GroupMember.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
    ),
    "servicePrincipal": (
        "Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
    ),
    "application": (
        "Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
    ),
}  # fmt: skip


def shape(found: DirectoryObject) -> dict[str, Json]:
    """All properties; those without a value are null or missing."""
    gone = {"deletedDateTime": iso(found.deleted_at) if found.deleted_at is not None else None}
    return {"id": found.id, **gone, **found.properties}


def typed(call: Call, found: DirectoryObject) -> dict[str, Json]:
    """With its type, among objects of several types. Of a type that the application may not read only the id comes,
    the rest is null."""
    kind = KINDS[found.kind]
    name = {"@odata.type": f"#microsoft.graph.{found.kind}"}
    if not call.may(*READERS[found.kind]):
        return {**name, **dict.fromkeys(kind.default), "id": found.id}
    return {**name, **shape(found)}


def brief(call: Call, found: DirectoryObject) -> dict[str, Json]:
    """`typed`, with no more than the default set."""
    held = typed(call, found)
    names = ("@odata.type", *KINDS[found.kind].default)
    return {name: held.get(name) for name in names}
