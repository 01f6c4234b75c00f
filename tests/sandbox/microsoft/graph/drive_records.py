"""What the audit log says of calls that read or change files."""

from tests.sandbox.microsoft.activity_feed.records import sharepoint
from tests.sandbox.microsoft.activity_feed.records.actor import graph_application
from tests.sandbox.microsoft.activity_feed.records.record import record
from tests.sandbox.microsoft.activity_feed.records.sharepoint import Target
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import FILE, FOLDER, Item

FILE_RECORD, SHARING_RECORD = 6, 14
AGENT = "Microsoft Graph"
CONTENT_TYPE = "Audit.SharePoint"


def target(call: Call, found: Item) -> Target:
    files = call.state.files
    drive, site = files.drive_of(found), files.site_of(found)
    way = "/".join(each.name for each in files.ancestors(found) if not each.is_root)
    folder = f"{drive.folder}/{way}" if way else drive.folder
    return Target(f"{site.url}/", folder, found.name, site.id, drive.list_id, found.unique_id, found.kind == FOLDER)


def told(call: Call, operation: str, found: Item, moved_from: Target | None = None) -> None:
    """Of a file or folder; operations are named after files."""
    place = target(call, found)
    name = operation if found.kind == FILE else operation.replace("File", "Folder", 1)
    base = _base(call, FILE_RECORD, place.workload, name)
    size = found.current.size if found.kind == FILE else None
    if moved_from is None:
        _add(call, sharepoint.file(base, place, None, AGENT, size))
    else:
        _add(call, sharepoint.moved(base, moved_from, place, None, AGENT))


def told_sharing(call: Call, operation: str, found: Item, data: str, whom: tuple[str, str] | None = None) -> None:
    place = target(call, found)
    base = _base(call, SHARING_RECORD, place.workload, operation)
    _add(call, sharepoint.sharing(base, place, None, AGENT, data=data, whom=whom))


def _base(call: Call, record_type: int, workload: str, operation: str) -> dict[str, object]:
    state = call.state
    actor = graph_application(call.token.client_id, "")
    return record(state.feed.guid(), state.now(), state.tenant.id, actor, record_type, workload, operation)


def _add(call: Call, made: dict[str, object]) -> None:
    done = sharepoint.acted_for(made, call.token.client_id, call.token.client_id)
    call.state.feed.add(CONTENT_TYPE, done, call.state.now())
