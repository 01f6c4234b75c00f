"""What calls of files have to get right first: what they cost, what they name, whether it may be changed."""

from collections.abc import Callable

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files import identity
from tests.sandbox.microsoft.files.identity import Identity
from tests.sandbox.microsoft.files.items import FOLDER, Drive, Item, Site
from tests.sandbox.microsoft.graph.refusals import GraphRefusal

Handler = Callable[[Call], Answer]

READ = ("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All", "Sites.FullControl.All")
WRITE = ("Files.ReadWrite.All", "Sites.ReadWrite.All", "Sites.FullControl.All")
SINGLE, LISTING, SHARING = 1, 2, 5
"""Resource units: of one item or a delta with a token, of lists and changes, of anything about permissions."""


def charged(units: int | Callable[[Call], int], handler: Handler) -> Handler:
    """The same, once its price is paid."""

    def paid(call: Call) -> Answer:
        asks_sharing = "permissions" in call.request.parameter("$expand")
        price = SHARING if asks_sharing else units if isinstance(units, int) else units(call)
        is_let, headers = call.state.files.units.spend(call.token.client_id, price, call.state.now())
        if not is_let:
            raise GraphRefusal(429, "activityLimitReached", "The request has been throttled.", headers=headers)
        answer = handler(call)
        answer.headers |= headers
        return answer

    return paid


def not_found(message: str = "The resource could not be found.") -> GraphRefusal:
    return GraphRefusal(404, "itemNotFound", message)


def invalid(message: str) -> GraphRefusal:
    return GraphRefusal(400, "invalidRequest", message)


def taken() -> GraphRefusal:
    return GraphRefusal(409, "nameAlreadyExists", "An item with the same name already exists under the parent")


def locked() -> GraphRefusal:
    return GraphRefusal(423, "resourceLocked", "The resource you are attempting to access is locked")


def site(call: Call, name: str) -> Site:
    """By the three parts of its id or by the middle one; `root` is the tenant's first."""
    wanted = name.split(",")[1] if "," in name else name
    sites = call.state.files.sites
    found = next(iter(sites.values()), None) if wanted == "root" else sites.get(wanted)
    if found is None:
        raise not_found("Requested site could not be found")
    return opened(found)


def opened(found: Site) -> Site:
    if found.is_locked:
        raise locked()
    return found


def drive(call: Call) -> Drive:
    found = call.state.files.drives.get(call.parameters["drive_id"])
    if found is None:
        raise not_found()
    opened(call.state.files.sites[found.site_id])
    return found


def item(call: Call) -> Item:
    """Of the path: by its id, or by a way below another one. What lies in the recycle bin is not there."""
    files, held = call.state.files, drive(call)
    name = call.parameters.get("item_id", "root")
    found: Item | None = files.root(held) if name == "root" else files.items.get(name)
    if found is not None and "path" in call.parameters:
        found = files.at_path(found, call.parameters["path"])
    if found is None or found.drive_id != held.id or not files.is_live(found):
        raise not_found()
    return found


def folder(call: Call, reference: Json) -> Item:
    """Whom a parentReference names; a root goes by its real id."""
    wanted = str(reference.get("id", "")) if isinstance(reference, dict) else ""
    found = call.state.files.items.get(wanted)
    if found is None or not call.state.files.is_live(found):
        raise not_found("The parent could not be found.")
    if found.kind != FOLDER:
        raise invalid("The parent is no folder.")
    opened(call.state.files.site_of(found))
    return found


def check_free(found: Item) -> None:
    if found.is_locked:
        raise locked()


def check_match(call: Call, found: Item) -> None:
    """If-Match: 412 when somebody has changed it meanwhile."""
    wanted = call.request.headers.get("if-match", "*")
    if wanted not in ("*", tag(found)):
        raise GraphRefusal(412, "resourceModified", "ETag does not match current item's value")


def tag(found: Item) -> str:
    return f'"{{{found.unique_id.upper()}}},{found.tag}"'


def caller(call: Call) -> Identity:
    """The application that calls."""
    principal = call.state.directory.objects.get(call.token.principal_id)
    return identity.application(call.token.client_id, principal.name if principal else call.token.client_id)


def body(call: Call) -> dict[str, Json]:
    try:
        found = call.request.json()
    except ValueError:
        raise invalid("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise invalid("The body is no object.")
    return found


def conflict(call: Call, sent: Json = None) -> str:
    """What to do about a name that is taken: fail, replace or rename."""
    name = "@microsoft.graph.conflictBehavior"
    asked = call.request.parameter(name) or (sent.get(name) if isinstance(sent, dict) else None) or "fail"
    if asked not in ("fail", "replace", "rename"):
        raise invalid(f"conflictBehavior {asked!r} is not known.")
    return str(asked)


def free_name(call: Call, parent: Item, name: str) -> str:
    """The name with a number that makes it free."""
    stem, dot, extension = name.rpartition(".")
    base, end = (stem, f".{extension}") if dot else (name, "")
    number = 1
    while call.state.files.child(parent, f"{base} {number}{end}") is not None:
        number += 1
    return f"{base} {number}{end}"


