"""Routes: shared links."""

import re

from tests.sandbox.dropbox import access, events
from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.cursors import page, read
from tests.sandbox.dropbox.entries import Entry, Folder
from tests.sandbox.dropbox.link_shapes import link_shape
from tests.sandbox.dropbox.links import Link
from tests.sandbox.dropbox.places import PATH, Place, existing
from tests.sandbox.dropbox.refusal import Refusal, refused, under
from tests.sandbox.dropbox.routes import Route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

PAGE = 5
AUDIENCES = ("public", "team", "no_one", "members")
OF_VISIBILITY = {"public": "public", "team_only": "team", "password": "public"}
SETTINGS = (
    "require_password", "link_password", "expires", "audience", "access", "requested_visibility", "allow_download"
)  # fmt: skip


def _list(call: Call) -> Json:
    """All of a member's, or those that lead to one path: its own and, unless direct_only, those of folders around."""
    if "path" in call.arguments.values:
        return {"links": [link_shape(call, each) for each in _leading_to(call)], "has_more": False}
    start = 0
    if cursor := call.arguments.text("cursor", ""):
        values = read("links", cursor)
        if values is None:
            raise refused("reset")
        start = values["start"]
    own = [link_shape(call, each) for each in _live(call) if each.owner_id == call.actor.id]
    links, cursor, has_more = page("links", own, start, PAGE)
    answer = {"links": links, "has_more": has_more}
    return {**answer, "cursor": cursor} if has_more else answer


def _live(call: Call) -> list[Link]:
    """The link of a deleted file is not listed; it works again after a restore."""
    return [each for each in call.state.links.values() if _entry(call, each) is not None]


def _entry(call: Call, link: Link) -> Entry | None:
    return call.state.namespaces[link.namespace_id].by_id(link.entry_id)


def _leading_to(call: Call) -> list[Link]:
    text = call.arguments.text("path", None, PATH)
    if re.fullmatch("ns:[0-9]+", text):
        return _to_whole(call, text[3:])
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        raise (under("path", refusal) if refusal.status == 409 else refusal) from None
    is_direct = call.arguments.flag("direct_only", False)
    ids = {entry.id} if is_direct else {entry.id, *_parents(place, entry)}
    return [each for each in _live(call) if each.entry_id in ids and each.namespace_id == place.namespace.id]


def _to_whole(call: Call, namespace_id: str) -> list[Link]:
    """Links to a shared folder lead to where somebody sees it. That it can be asked for by its number is unverified."""
    mounts = {
        entry.id
        for each in call.state.namespaces.values()
        for entry in each.entries.values()
        if isinstance(entry, Folder) and entry.mounts == namespace_id
    }
    return [each for each in _live(call) if each.entry_id in mounts]


def _parents(place: Place, entry: Entry) -> list[str]:
    steps = entry.path.split("/")[1:-1]
    folders = [place.namespace.get("/" + "/".join(steps[: number + 1])) for number in range(len(steps))]
    return [each.id for each in folders if each]


def _create(call: Call) -> Json:
    text = call.arguments.text("path", None, PATH)
    try:
        place, entry = existing(call, text)
    except Refusal as refusal:
        raise (under("path", refusal) if refusal.status == 409 else refusal) from None
    if not access.may_write(call, place.namespace):
        raise refused("access_denied")
    if not call.actor.is_email_verified:
        raise refused("email_not_verified")
    found = next((each for each in _live(call) if each.entry_id == entry.id and each.owner_id == call.actor.id), None)
    if found:
        metadata = nested("shared_link_already_exists", tagged("metadata", metadata=link_shape(call, found)))
        raise Refusal(metadata)
    secret = call.state.secret
    url = f"https://www.dropbox.com/scl/fi/{secret('', 21)}/{entry.id[3:9]}?rlkey={secret('', 25)}&dl=0"
    link = Link(url, place.namespace.id, entry.id, call.actor.id)
    _apply(call, link, call.arguments.optional("settings", SETTINGS))
    call.state.links[url] = link
    _record(call, "shared_link_create", link)
    return link_shape(call, link)


def _modify(call: Call) -> Json:
    link = _own(call)
    before = link.audience
    if call.arguments.flag("remove_expiration", False):
        link.expires_at = None
    _apply(call, link, call.arguments.struct("settings", SETTINGS))
    if link.audience != before:
        levels = {"previous_value": tagged(before), "new_value": tagged(link.audience)}
        details = {"shared_content_access_level": tagged(link.access_level), **levels}
        _record(call, "shared_link_settings_change_audience", link, details=details)
    return link_shape(call, link)


def _apply(call: Call, link: Link, settings: Arguments) -> None:
    """What fits is taken over as a whole or not at all."""
    asked = settings.values.get("audience")
    visibility = settings.tag("requested_visibility", tuple(OF_VISIBILITY), "public")
    audience = settings.tag("audience", AUDIENCES) if asked else link.audience
    if not asked and "requested_visibility" in settings.values:
        audience = OF_VISIBILITY[visibility]
    password, expires = settings.text("link_password", ""), settings.moment("expires")
    needs = settings.flag("require_password", bool(password or link.password))
    if (needs and not (password or link.password)) or (expires is not None and expires <= call.now):
        raise refused("settings_error/invalid_settings")
    link.audience = audience
    link.password = (password or link.password) if needs else ""
    link.expires_at = link.expires_at if expires is None else expires
    link.allow_download = settings.flag("allow_download", link.allow_download)


def _revoke(call: Call) -> None:
    link = _own(call)
    owner = events.user(call.state.members[link.owner_id])
    _record(call, "shared_link_disable", link, details={"shared_link_owner": owner})
    del call.state.links[link.url]


def _own(call: Call) -> Link:
    """A member's own link; an admin's reach is team-owned content."""
    url = call.arguments.text("url")
    if not url.startswith("https://www.dropbox.com/s"):
        is_revoked = call.arguments.route == "sharing/revoke_shared_link"
        raise refused("shared_link_malformed" if is_revoked else "shared_link_not_found")
    link = call.state.links.get(url)
    if link is None:
        raise refused("shared_link_not_found")
    namespace = call.state.namespaces[link.namespace_id]
    is_own = access.may_write(call, namespace) if call.is_admin else link.owner_id == call.actor.id
    if not is_own:
        raise refused("shared_link_access_denied")
    return link


def _record(call: Call, kind: str, link: Link, **values: Json) -> None:
    namespace, entry = call.state.namespaces[link.namespace_id], _entry(call, link)
    assets = [events.asset(namespace, entry)] if entry else []
    call.record(kind, assets=assets, **values)


ROUTES: list[Route] = [
    user_route("sharing/list_shared_links", _list, "sharing.read", "path cursor direct_only", admin="whole_team"),
    user_route(
        "sharing/create_shared_link_with_settings", _create, "sharing.write", "path settings", admin="team_admin"
    ),
    user_route("sharing/modify_shared_link_settings", _modify, "sharing.write", "url settings remove_expiration"),
    user_route("sharing/revoke_shared_link", _revoke, "sharing.write", "url", admin="team_admin"),
]
