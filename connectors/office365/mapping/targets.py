"""What a record of the unified audit log is about: each Office app has members of its own for it."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from connectors.base import Target
from connectors.office365.mapping.actors import NAME, OTHER, UPN, bare_guid, entry, tagged_object
from connectors.office365.mapping.pairs import named, readable
from connectors.office365.mapping.values import Row, number, part, rows, text

TENANT = Target(kind="organisation", name="the tenant")
"""Of a record that names nothing nearer."""
NOTHING = frozenset({"", "unknown", "not available", "<null>"})
LOGON, DIRECTORY = 15, 8
CHANGED = "ModifiedProperties"
MOST = 10
"""Of mails and members of one record; a record may list thousands."""
NAMED = (
    ("group", "TeamName", "TeamGuid"),
    ("channel", "ChannelName", "ChannelGuid"),
    ("chat", "ChatName", "ChatThreadId"),
    ("report", "ReportName", "ReportId"),
    ("dashboard", "DashboardName", "DashboardId"),
    ("dataset", "DatasetName", "DatasetId"),
    ("workspace", "WorkSpaceName", "WorkspaceId"),
    ("group", "GroupName", "YammerGroupId"),
    ("form", "FormName", "FormId"),
    ("flow", "FlowDetailsUrl", ""),
    ("entity", "EntityName", "EntityId"),
    ("alert", "Name", "AlertId"),
    ("investigation", "InvestigationName", "InvestigationId"),
    ("alert", "AlertDisplayName", "SystemAlertId"),
    ("label", "LabelName", "LabelId"),
    ("mail", "Subject", "InternetMessageId"),
)
"""Kind, member with its name, member with its id."""
KINDS = {"user": "account", "member": "account", "guest": "account", "partner": "account", "serviceprincipal": "app",
         "application": "app", "securitygroup": "group", "sharepointgroup": "group"}  # fmt: skip


def targets(row: Row) -> tuple[Target, ...]:
    """What it was done to, then whom it concerns."""
    found: dict[Target, None] = dict.fromkeys(_near(row))
    if not found:
        found = dict.fromkeys(_by_object_id(row))
    return tuple(found) or (TENANT,)


def shown(found: tuple[Target, ...]) -> str:
    """The first of them in a sentence, which says nothing of the tenant as a whole."""
    return "" if found[0] == TENANT else found[0].name or found[0].id


def kind_of(word: str) -> str:
    """The glossary's word, or Microsoft's own in small letters."""
    return KINDS.get(word.lower(), word.lower()) or "object"


def _near(row: Row) -> Iterator[Target]:
    record_type = number(row.get("RecordType"))
    if record_type == LOGON:
        yield from _signed_in_to(row)
    elif record_type == DIRECTORY:
        yield from _in_directory(row)
    yield from _file(row)
    yield from _mailbox(row)
    for kind, name, key in NAMED:
        if _says(row, name) or (kind != "mail" and _says(row, key)):
            yield Target(kind=kind, id=text(row.get(key)), name=text(row.get(name)).strip())
    for each in rows(row, "Members")[:MOST]:
        login = text(each.get("UPN")) or text(each.get("DisplayName"))
        if login:
            yield Target(kind="account", name=login)
    if _says(row, "TargetUserOrGroupName"):
        yield Target(
            kind=kind_of(text(row.get("TargetUserOrGroupType"))), name=text(row.get("TargetUserOrGroupName"))
        )


def _signed_in_to(row: Row) -> Iterator[Target]:
    app_id = bare_guid(row, "Target", 0) or text(row.get("ObjectId"))
    if app_id.lower() not in NOTHING:
        yield Target(kind="app", id=app_id)


def _in_directory(row: Row) -> Iterator[Target]:
    """By object id, with the name or login that stands beside it."""
    word, object_id = tagged_object(row, "Target")
    object_id = object_id or bare_guid(row, "Target", OTHER)
    name = entry(row, "Target", UPN) or entry(row, "Target", NAME) or text(row.get("ObjectId"))
    if object_id or name.lower() not in NOTHING:
        yield Target(kind=kind_of(word), id=object_id.lower(), name=name)
    for kind in ("Role", "Group"):
        changed = [named(row, CHANGED, f"{kind}.DisplayName", value=each) for each in ("NewValue", "OldValue")]
        ids = [named(row, CHANGED, f"{kind}.ObjectID", value=each) for each in ("NewValue", "OldValue")]
        if any(changed):
            yield Target(kind=kind.lower(), id=readable(ids[0] or ids[1]), name=readable(changed[0] or changed[1]))


def _file(row: Row) -> Iterator[Target]:
    """By the id that joins it to a file of a drive; a site or page by its address."""
    kind = text(row.get("ItemType")).lower()
    if not kind and not _says(row, "SourceFileName"):
        return
    address = text(row.get("ObjectId"))
    name = text(row.get("SourceFileName")) or text(row.get("ListTitle")) or last_part(address)
    file_id = text(row.get("ListItemUniqueId")) or address
    if name or file_id:
        yield Target(kind=kind or "file", id=file_id, name=name)
    if _says(row, "DestinationFileName"):
        where = text(row.get("DestinationRelativeUrl"))
        yield Target(kind=kind or "file", id=where, name=text(row.get("DestinationFileName")))


def _mailbox(row: Row) -> Iterator[Target]:
    if _says(row, "MailboxOwnerUPN"):
        yield Target(kind="mailbox", id=text(row.get("MailboxGuid")), name=text(row.get("MailboxOwnerUPN")))
    items = [part(row, "Item"), *rows(row, "AffectedItems")]
    for each in items[:MOST]:
        subject, place = text(each.get("Subject")), text(part(each, "ParentFolder").get("Path"))
        if subject or place.lower() not in NOTHING:
            yield Target(kind="mail", id=text(each.get("InternetMessageId")), name=subject or place)
    for each in (part(row, "Folder"), part(row, "DestFolder"), *rows(row, "Folders")[:MOST]):
        if _says(each, "Path"):
            yield Target(kind="folder", id=text(each.get("Id")), name=text(each.get("Path")))


def _by_object_id(row: Row) -> Iterator[Target]:
    if _says(row, "ObjectId"):
        written = text(row.get("ObjectId"))
        yield Target(kind="object", id=written, name=last_part(written) if "://" in written else written)


def last_part(address: str) -> str:
    """The last part of an address's path, as people read it."""
    try:
        path = urlsplit(address).path
    except ValueError:
        path = address
    return unquote(path.rstrip("/").rpartition("/")[2]) or address


def _says(row: Row, name: str) -> bool:
    return bool(name) and text(row.get(name)).strip().lower() not in NOTHING
