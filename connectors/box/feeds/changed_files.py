"""Files that change, read again at once: the live stream of events says which."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from connectors.base import (
    Capability,
    Client,
    Collaborator,
    Cursor,
    File,
    Gone,
    Page,
    PermissionMissing,
    Record,
    changes,
)
from connectors.box import mapping, people
from connectors.box.event_stream import Plan, batches
from connectors.box.items import Folders, item_now
from connectors.box.reading import Row
from connectors.box.refusals import is_not_acting
from connectors.box.scopes import ENTERPRISE, READ, USERS

CHANGES = Plan(
    back_fill=timedelta(hours=1),
    types=(
        "UPLOAD", "EDIT", "ITEM_MODIFY", "COPY", "MOVE", "RENAME", "DELETE", "UNDELETE", "LOCK", "UNLOCK",
        "FILE_VERSION_RESTORE", "FILE_MARKED_MALICIOUS", "SHARE", "UNSHARE", "ITEM_SHARED_UPDATE", "SHARE_EXPIRATION",
        "UPDATE_SHARE_EXPIRATION", "COLLABORATION_INVITE", "COLLABORATION_ACCEPT", "COLLABORATION_REMOVE",
        "COLLABORATION_ROLE_CHANGE", "COLLABORATION_EXPIRATION", "CHANGE_FOLDER_PERMISSION",
    ),
    limit=25,
)  # fmt: skip
"""A first run looks an hour back, for what changed while the drives were read. Views and downloads change nothing.
A batch is small, as each of its items is read before it is stored."""
ENDINGS = ("COLLABORATION_REMOVE", "COLLABORATION_EXPIRATION")


@changes(
    File,
    Collaborator,
    title="Changed files",
    every=timedelta(minutes=1),
    serves=(Capability.DATA_SCAN, Capability.REAL_TIME),
    permissions=(ENTERPRISE, READ, USERS),
    needs=("files",),
)
def changed_files(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Each item once a batch, as it is now, and each folder above it once for all of them. What lies in a folder whose
    sharing changed is seen at the next full pass. Cursor: that of the event stream."""
    for rows, place in batches(client, cursor, CHANGES):
        changed, folders = dict(mapping.changed_item(row) for row in rows), Folders()
        read = [record for each in changed.items() if each[0] for record in _item(client, *each, folders)]
        yield Page([*read, *_ended(rows)], place)


def _item(client: Client, file_id: str, owner: str, folders: Folders) -> Iterable[Record]:
    """Nothing where Box does not let us act for the owner, such as another admin: who may be read the files say."""
    try:
        return item_now(people.as_user(client, owner), file_id, folders)
    except PermissionMissing as error:
        if not is_not_acting(error):
            raise
        return ()


def _ended(rows: list[Row]) -> Iterator[Record]:
    """Collaborations that the events say are over."""
    for row in rows:
        number = mapping.id_of(mapping.part(row, "additional_details").get("collab_id"))
        file_id, _ = mapping.changed_item(row)
        if number and file_id and row.get("event_type") in ENDINGS:
            yield Gone(Collaborator, Collaborator(file_id=file_id, vendor_id=number).id)
