"""Giving a file back the permissions of its folder."""

from urllib.parse import unquote

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import Item, Site
from tests.sandbox.microsoft.graph import drive_records
from tests.sandbox.microsoft.router import route
from tests.sandbox.microsoft.sharepoint.asking import site
from tests.sandbox.microsoft.sharepoint.refusals import failed


def reset(call: Call) -> Answer:
    """All permissions of its own are gone."""
    found = _named(call, site(call))
    if found.is_locked:
        raise failed("The file is locked for shared use.", 423)
    found.permissions, found.is_unique, found.was_shared = [], False, True
    call.state.files.touch(found, call.state.now(), is_sharing=True)
    drive_records.told_sharing(call, "SharingInheritanceReset", found, "")
    return Answer.of_json({"odata.null": True})


def _named(call: Call, of: Site) -> Item:
    """By its way on the server, with quotes doubled."""
    files = call.state.files
    path = unquote(call.parameters["server_path"]).replace("''", "'")
    for drive_id in of.drive_ids:
        drive = files.drives[drive_id]
        base = f"{of.path}/{drive.folder}/"
        if path.lower().startswith(base.lower()):
            found = files.at_path(files.root(drive), path[len(base) :])
            if found is not None:
                return found
    raise failed("File Not Found.", 404)


END = "(DecodedUrl='{server_path*}')/ListItemAllFields/resetroleinheritance"
KINDS = ("GetFileByServerRelativePath", "GetFolderByServerRelativePath")
ROUTES = [
    route("POST", f"{way}/_api/web/{kind}{END}", reset, "Sites.FullControl.All")
    for way in ("", "/{site_path*}")
    for kind in KINDS
]
