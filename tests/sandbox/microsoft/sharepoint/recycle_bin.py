"""The recycle bin of a site: two stages, from which things come back to where they were or go for good."""

import re
from datetime import UTC, datetime

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.items import FIRST_STAGE, FOLDER, LIVE, SECOND_STAGE, Item, Site
from tests.sandbox.microsoft.files.store import NameTaken
from tests.sandbox.microsoft.graph import drive_records
from tests.sandbox.microsoft.router import route
from tests.sandbox.microsoft.sharepoint.asking import site
from tests.sandbox.microsoft.sharepoint.refusals import failed

MOST = 20
"""Ids in one call."""
FILTER = re.compile(r"\(?ItemState eq ([12])\)?")
FILE_TYPE, FOLDER_TYPE = 1, 5


def _held(call: Call, of: Site) -> list[Item]:
    drives = set(of.drive_ids)
    return [each for each in call.state.files.items.values() if each.drive_id in drives and each.stage != LIVE]


def listed(call: Call) -> Answer:
    of, text = site(call), call.request.parameter("$filter")
    match = FILTER.fullmatch(text)
    if text and match is None:
        raise failed("The filter is not understood.")
    stages = {int(match[1])} if match else {FIRST_STAGE, SECOND_STAGE}
    found = [each for each in _held(call, of) if each.stage in stages]
    return Answer.of_json({"value": [_shape(call, each) for each in found]})


def _shape(call: Call, found: Item) -> dict[str, Json]:
    """The size is a text."""
    files = call.state.files
    way = "/".join(each.name for each in files.ancestors(found) if not each.is_root)
    base = f"{files.site_of(found).path}/{files.drive_of(found).folder}".strip("/")
    return {
        "Id": found.bin_id,
        "Title": found.name,
        "LeafName": found.name,
        "DirName": f"{base}/{way}" if way else base,
        "Size": str(files.size(found)),
        "DeletedByName": _name(found.deleter),
        "DeletedByEmail": _email(found.deleter),
        "DeletedDate": datetime.fromtimestamp(found.deleted_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ItemState": found.stage,
        "ItemType": FOLDER_TYPE if found.kind == FOLDER else FILE_TYPE,
        "AuthorName": _name(found.author),
        "AuthorEmail": _email(found.author),
    }


def _name(who: Identity | None) -> str:
    return "" if who is None else who.name


def _email(who: Identity | None) -> str:
    return "" if who is None else who.email


def _named(call: Call) -> list[Item]:
    """All that the body names; nothing is done when one of them is not there."""
    of = site(call)
    try:
        ids = call.request.json().get("ids")
    except (ValueError, AttributeError):
        ids = None
    if not isinstance(ids, list) or not ids:
        raise failed("The parameter ids is missing.")
    if len(ids) > MOST:
        raise failed(f"At most {MOST} ids are taken in one call.")
    known = {each.bin_id: each for each in _held(call, of)}
    missing = [each for each in ids if each not in known]
    if missing:
        raise failed("The recycle bin item is not there any more.", 404)
    return [known[each] for each in ids]


def restored(call: Call) -> Answer:
    """To where each was: refused where something bears its name, or its folder is gone. What came before stays done."""
    files = call.state.files
    for each in _named(call):
        try:
            files.restore(each, call.state.now())
        except NameTaken:
            raise failed(f"A file or folder with the name {each.name} already exists.") from None
        except KeyError:
            raise failed(f"The folder that held {each.name} does not exist.") from None
        drive_records.told(call, "FileRestored", each)
    return Answer.of_json({"odata.null": True})


def deleted(call: Call) -> Answer:
    """For good."""
    for each in _named(call):
        stage = "First" if each.stage == FIRST_STAGE else "Second"
        if each.id in call.state.files.items:
            drive_records.told(call, f"FileDeleted{stage}StageRecycleBin", each)
            call.state.files.purge(each, call.state.now())
    return Answer.of_json({"odata.null": True})


def all_moved(call: Call) -> Answer:
    """The whole first stage goes to the second one."""
    for each in _held(call, site(call)):
        each.stage = SECOND_STAGE
    return Answer.of_json({"odata.null": True})


ROLE = "Sites.FullControl.All"
ROUTES = [
    *(
        made
        for way in ("", "/{site_path*}")
        for made in (
            route("GET", f"{way}/_api/site/RecycleBin", listed, ROLE),
            route("POST", f"{way}/_api/site/RecycleBin/RestoreByIds", restored, ROLE),
            route("POST", f"{way}/_api/site/RecycleBin/DeleteByIds", deleted, ROLE),
            route("POST", f"{way}/_api/web/recycleBin/MoveAllToSecondStage", all_moved, ROLE),
        )
    )
]
