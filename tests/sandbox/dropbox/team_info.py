"""Routes: who is connected, what team, which features."""

from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.member_shapes import with_groups
from tests.sandbox.dropbox.refusal import refused
from tests.sandbox.dropbox.routes import Route, team_route, user_route
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

SHARING = {
    "shared_folder_member_policy": "anyone",
    "shared_folder_join_policy": "from_anyone",
    "shared_link_create_policy": "default_public",
    "group_creation_policy": "admins_only",
    "shared_folder_link_restriction_policy": "anyone",
    "enforce_link_password_policy": "optional",
    "default_link_expiration_days_policy": "none",
    "shared_link_default_permissions_policy": "default",
}
FEATURES = (
    "upload_api_rate_limit",
    "has_team_shared_dropbox",
    "has_team_file_events",
    "has_team_selective_sync",
    "has_distinct_member_homes",
)


def _info(call: Call) -> Json:
    state = call.state
    policies = {
        "sharing": {name: tagged(value) for name, value in SHARING.items()},
        "emm_state": tagged("disabled"),
        "office_addin": tagged("disabled"),
        "suggest_members_policy": tagged("enabled"),
        "top_level_content_policy": tagged("admin_only"),
    }
    return {
        "name": state.team_name,
        "team_id": state.team_id,
        "num_licensed_users": state.licences,
        "num_provisioned_users": state.used_licences(),
        "num_used_licenses": state.used_licences(),
        "policies": policies,
    }


def _admin(call: Call) -> Json:
    member = call.consenting
    if member.status != "active":
        raise refused("admin_not_active")
    if not call.state.is_admin(member):
        raise refused("mapping_not_found")
    return {"admin_profile": with_groups(call.state, member)}


def _features(call: Call) -> Json:
    asked = call.arguments.rows("features")
    if not asked:
        raise refused("empty_features_list")
    return {"values": [_feature(call, each) for each in asked]}


def _feature(call: Call, feature: Json) -> Json:
    """{"has_team_file_events": true} -> the feature, its own union within."""
    name = feature.get(".tag") if isinstance(feature, dict) else feature
    if name not in FEATURES:
        raise call.arguments.bad(f"unknown tag {name!r}", "features")
    value = call.state.features[name]
    if name == "upload_api_rate_limit":
        return nested(name, tagged("unlimited") if value is None else nested("limit", value))
    tag = "enabled" if name in ("has_team_file_events", "has_team_selective_sync") else name
    return nested(name, nested(tag, value))


def _account(call: Call) -> Json:
    member = call.actor
    profile = member.profile()
    is_shared_root = member.root_id == call.state.team_root_id
    root = {"root_namespace_id": member.root_id, "home_namespace_id": member.home_id}
    if is_shared_root:
        root["home_path"] = f"/{member.display_name}"
    return {
        **{name: profile[name] for name in ("account_id", "name", "email", "email_verified")},
        "disabled": False,
        "locale": "en",
        "referral_link": "https://www.dropbox.com/referrals/AAAA",
        "is_paired": False,
        "account_type": tagged("business"),
        "root_info": tagged("team" if is_shared_root else "user", **root),
        "team": {
            "id": call.state.team_id,
            "name": call.state.team_name,
            "sharing_policies": {name: tagged(value) for name, value in SHARING.items()},
            "office_addin_policy": tagged("disabled"),
            "top_level_content_policy": tagged("admin_only"),
        },
        "team_member_id": member.id,
    }


def _revoke(call: Call) -> None:
    """Whether Select-User's call ends a token of the team is unverified."""
    call.grant.is_revoked = True


ROUTES: list[Route] = [
    team_route("team/get_info", _info, "team_info.read"),
    team_route("team/token/get_authenticated_admin", _admin, "team_info.read"),
    team_route("team/features/get_values", _features, "team_info.read", "features"),
    user_route("users/get_current_account", _account, "account_info.read", admin="whole_team"),
    user_route("auth/token/revoke", _revoke, ""),
]
