"""How shared links are written."""

from tests.sandbox.clock import iso
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import File
from tests.sandbox.dropbox.links import Link
from tests.sandbox.dropbox.places import Place
from tests.sandbox.dropbox.unions import tagged
from tests.sandbox.exchange import Json

VISIBILITIES = {"public": "public", "team": "team_only", "members": "shared_folder_only", "no_one": "no_one"}


def link_shape(call: Call, link: Link) -> Json:
    """The path is absent where the caller does not see the file; a file that was deleted keeps its name alone."""
    namespace = call.state.namespaces[link.namespace_id]
    entry = namespace.by_id(link.entry_id)
    shape: dict[str, Json] = {
        "url": link.url,
        "id": link.entry_id,
        "name": entry.path.rpartition("/")[2] if entry else "",
        "link_permissions": _permissions(call, link),
        "team_member_info": _team(call, link),
    }
    if entry and namespace.id == call.root_id:
        shape["path_lower"] = Place(namespace, entry.path).path.lower()
    if link.expires_at is not None:
        shape["expires"] = iso(link.expires_at)
    if not isinstance(entry, File):
        return tagged("folder", **shape)
    saved = entry.revision
    times = {"client_modified": iso(saved.client_modified), "server_modified": iso(saved.server_modified)}
    return tagged("file", **shape, **times, rev=saved.rev, size=len(saved.content))


def _permissions(call: Call, link: Link) -> Json:
    visibility = VISIBILITIES[link.audience]
    if link.password:
        visibility = "password" if link.audience == "public" else "team_and_password"
    may_revoke = call.is_admin or link.owner_id == call.actor.id
    shape: dict[str, Json] = {
        "resolved_visibility": tagged(visibility),
        "requested_visibility": tagged({"no_one": "team_only"}.get(visibility, visibility)),
        "can_revoke": may_revoke,
        "effective_audience": tagged(link.audience),
        "link_access_level": tagged(link.access_level),
        "visibility_policies": [],
        "can_set_expiry": True,
        "can_remove_expiry": True,
        "allow_download": link.allow_download,
        "can_allow_download": True,
        "can_disallow_download": True,
        "allow_comments": True,
        "team_restricts_comments": False,
        "can_set_password": True,
        "can_remove_password": True,
        "require_password": bool(link.password),
        "can_use_extended_sharing_controls": True,
    }
    return shape if may_revoke else {**shape, "revoke_failure_reason": tagged("owner_only")}


def _team(call: Call, link: Link) -> Json:
    owner = call.state.members[link.owner_id]
    return {
        "team_info": {"id": call.state.team_id, "name": call.state.team_name},
        "display_name": owner.display_name,
        "member_id": owner.id,
    }
