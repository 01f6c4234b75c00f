"""Shared links of files and folders: made, changed, removed by PUT of the item."""

import re

from tests.sandbox.box import moments, sources
from tests.sandbox.box.call import Call
from tests.sandbox.box.item_shapes import live_link
from tests.sandbox.box.items import Item, SharedLink
from tests.sandbox.box.refusal import Refusal, forbidden, invalid
from tests.sandbox.exchange import Json

LEVELS = ("open", "company", "collaborators")
# At least 8 characters with a digit, an upper-case letter or a symbol.
STRONG = re.compile(r"(?=.*[0-9A-Z\W_]).{8,}")


def planned(call: Call, item: Item, wanted: Json) -> SharedLink | None:
    """The link as it is wanted; null in the body removes it. Refuses what Box refuses, and changes nothing yet."""
    if wanted is None:
        return None
    if not isinstance(wanted, dict):
        raise invalid("shared_link", "'shared_link' is no object")
    return _changed(call, live_link(call.state, item), wanted)


def change(call: Call, item: Item, wanted: SharedLink | None) -> None:
    old = live_link(call.state, item)
    item.link = wanted
    if wanted is not None:
        details = {"shared_link_id": wanted.token, "access": wanted.access}
        call.record("ITEM_SHARED_UPDATE" if old else "SHARE", sources.item(call.state, item), details)
    elif old is not None:
        call.record("UNSHARE", sources.item(call.state, item))


def _changed(call: Call, link: SharedLink | None, wanted: dict[str, Json]) -> SharedLink:
    """What is not said stays; a new link has another address."""
    access = wanted.get("access", link.access if link else "company")
    if access not in LEVELS:
        raise invalid("access", f"Invalid value '{access}'.")
    if access == "open" and not call.state.allows_open_links:
        raise forbidden("Open links are not allowed in this enterprise")
    changed = SharedLink(link.token if link else call.state.text(32).lower(), access)
    if link is not None:
        changed.can_edit, changed.vanity_name = link.can_edit, link.vanity_name
        changed.download_count, changed.preview_count = link.download_count, link.preview_count
    changed.vanity_name = wanted.get("vanity_name", changed.vanity_name)
    changed.unshared_at = _ends(call, link, wanted)
    changed.password = _password(link, wanted, access)
    changed.can_download = _can_download(link, wanted, access)
    return changed


def _ends(call: Call, link: SharedLink | None, wanted: dict[str, Json]) -> float | None:
    if "unshared_at" not in wanted:
        return link.unshared_at if link else None
    if wanted["unshared_at"] is None:
        return None
    try:
        ends = moments.read(str(wanted["unshared_at"]))
    except ValueError:
        raise invalid("unshared_at", "Invalid moment.") from None
    if ends <= call.state.now():
        raise invalid("unshared_at", "The moment must lie ahead.")
    return ends


def _password(link: SharedLink | None, wanted: dict[str, Json], access: str) -> str | None:
    """Only for open links; a link that becomes narrower loses it."""
    if "password" not in wanted:
        return link.password if link and access == "open" else None
    password = wanted["password"]
    if password is None:
        return None
    if access != "open":
        raise invalid("password", "A password is for open links.")
    if not STRONG.fullmatch(str(password)):
        raise Refusal(400, "password_does_not_meet_requirements", "The password is too weak")
    return str(password)


def _can_download(link: SharedLink | None, wanted: dict[str, Json], access: str) -> bool:
    asked = (wanted.get("permissions") or {}).get("can_download")
    if asked is None:
        return link.can_download if link else True
    if access == "collaborators":
        raise invalid("permissions", "Permissions are for open and company links.")
    return bool(asked)
