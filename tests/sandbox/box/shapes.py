"""People and groups as the API tells them."""

from tests.sandbox.box.minis import mini_enterprise, mini_group, mini_user
from tests.sandbox.box.moments import told
from tests.sandbox.box.people import DevicePin, Group, Membership, User
from tests.sandbox.box.state import State
from tests.sandbox.exchange import Json

BASE = ("type", "id", "etag")
USER_DEFAULT = (
    "name",
    "login",
    "created_at",
    "modified_at",
    "language",
    "timezone",
    "space_amount",
    "space_used",
    "max_upload_size",
    "status",
    "job_title",
    "phone",
    "address",
    "avatar_url",
    "notification_email",
)
GROUP_DEFAULT = ("name", "group_type", "created_at", "modified_at")
MAX_UPLOAD_SIZE = 2_147_483_648
ROLES = ["editor", "viewer", "previewer", "uploader", "previewer uploader", "viewer uploader", "co-owner"]


def picked(full: dict[str, Json], default: tuple[str, ...], asked: list[str] | None) -> dict[str, Json]:
    """Asked fields replace the default set; base fields always stay, unknown ones are left out without a word."""
    names = default if asked is None else asked
    return {name: full[name] for name in dict.fromkeys((*BASE, *names)) if name in full}


def named_user(state: State, user_id: str | None) -> Json:
    """None when the person is gone."""
    user = state.users.get(user_id or "")
    return mini_user(user) if user else None


def user_shape(state: State, user: User, asked: list[str] | None) -> dict[str, Json]:
    full = {
        **mini_user(user),
        "created_at": told(user.created_at),
        "modified_at": told(user.modified_at or user.created_at),
        "language": user.language,
        "timezone": user.timezone,
        "space_amount": user.space_amount,
        "space_used": _space_used(state, user) if asked is None or "space_used" in asked else 0,
        "max_upload_size": MAX_UPLOAD_SIZE,
        "status": user.status,
        "job_title": user.job_title,
        "phone": user.phone,
        "address": user.address,
        "avatar_url": f"https://contoso.app.box.com/api/avatar/large/{user.id}",
        "notification_email": None,
        "role": user.role,
        "tracking_codes": [],
        "can_see_managed_users": True,
        "is_sync_enabled": True,
        "is_external_collab_restricted": user.flags.get("is_external_collab_restricted", False),
        "is_exempt_from_device_limits": user.flags.get("is_exempt_from_device_limits", False),
        "is_exempt_from_login_verification": user.flags.get("is_exempt_from_login_verification", False),
        "enterprise": mini_enterprise(user.enterprise),
        "my_tags": [],
        "hostname": "https://contoso.app.box.com/",
        "is_platform_access_only": user.is_platform_access_only,
    }
    if user.external_app_user_id is not None:
        full["external_app_user_id"] = user.external_app_user_id
    return picked(full, USER_DEFAULT, asked)


def _space_used(state: State, user: User) -> int:
    return state.tree.size(state.tree.root(user.id))


def group_shape(group: Group, asked: list[str] | None) -> dict[str, Json]:
    full = {
        **mini_group(group),
        "created_at": told(group.created_at),
        "modified_at": told(group.modified_at),
        "description": group.description,
        "invitability_level": group.invitability_level,
        "member_viewability_level": group.member_viewability_level,
        "permissions": {"can_invite_as_collaborator": True},
    }
    for name in ("provenance", "external_sync_identifier"):
        value = getattr(group, name)
        if value is not None:
            full[name] = value
    return picked(full, GROUP_DEFAULT, asked)


def membership_shape(state: State, membership: Membership) -> dict[str, Json]:
    return {
        "type": "group_membership",
        "id": membership.id,
        "user": mini_user(state.users[membership.user_id]),
        "group": mini_group(state.groups[membership.group_id]),
        "role": membership.role,
        "created_at": told(membership.created_at),
        "modified_at": told(membership.modified_at),
    }


def pin_shape(state: State, pin: DevicePin) -> dict[str, Json]:
    owner = mini_user(state.users[pin.user_id])
    return {"type": "device_pinner", "id": pin.id, "owned_by": owner, "product_name": pin.product_name}
