"""Endpoints of version 2025.0: the enterprise's settings, and throwing people from outside out everywhere."""

from tests.sandbox.box import sources
from tests.sandbox.box.call import Call
from tests.sandbox.box.people import MANAGE_USERS, SETTINGS
from tests.sandbox.box.refusal import forbidden, invalid
from tests.sandbox.box.router import route
from tests.sandbox.exchange import Answer, Json

CATEGORIES = ("security", "content_and_sharing", "user_settings", "shield")
DAY = 86_400
MOST = 100
TAKEN = 202


def configuration(call: Call) -> Answer:
    """Only the categories asked for; the others are null."""
    call.need(SETTINGS)
    if call.parameters["enterprise_id"] != call.state.enterprise.id:
        raise forbidden()
    wanted = [each.strip() for each in call.request.parameter("categories").split(",") if each.strip()]
    if not wanted or not set(wanted) <= set(CATEGORIES):
        raise invalid("categories", "Unknown or missing categories")
    settings = _settings(call)
    told = {name: settings[name] if name in wanted else None for name in CATEGORIES}
    return Answer.of_json({"id": call.state.enterprise.id, "type": "enterprise_configuration", **told})


def _settings(call: Call) -> dict[str, Json]:
    state = call.state
    seconds = state.trash_days * DAY if state.has_trash else 0
    return {
        "security": {
            "is_multi_factor_auth_required": _used(state.requires_second_factor),
            "password_min_length": _used(8),
            "password_min_uppercase_characters": _used(1),
            "is_managed_user_signup_enabled": _used(False),
        },
        "content_and_sharing": {
            "shared_link_access": _used("open" if state.allows_open_links else "company"),
            "shared_link_default_access": _used("company"),
            "trash_auto_clear_time": _used(seconds),
            "is_open_custom_urls_disabled": _used(False),
        },
        "user_settings": {"is_username_change_restricted": _used(True)},
        "shield": {"shield_rules": []},
    }


def _used(value: Json) -> dict[str, Json]:
    return {"is_used": True, "value": value}


def delete_job(call: Call) -> Answer:
    """In the background, as it says; here at once. Invitations that nobody accepted stay."""
    call.need(MANAGE_USERS)
    named = call.body().get("external_users")
    if not isinstance(named, list) or not 1 <= len(named) <= MOST:
        raise invalid("external_users", f"Between 1 and {MOST} users are needed")
    return Answer.of_json({"entries": [_thrown_out(call, str(each.get("id", ""))) for each in named]}, 207)


def _thrown_out(call: Call, user_id: str) -> dict[str, Json]:
    state = call.state
    user = state.users.get(user_id)
    if user is None or state.is_managed(user):
        return {"user_id": user_id, "status": 404, "detail": "The user is not an external collaborator"}
    for each in [each for each in state.collaborations.values() if each.user_id == user_id]:
        if each.status == "accepted" and state.is_managed(state.owner(state.tree.items[each.item_id])):
            call.record(
                "COLLABORATION_REMOVE",
                sources.collaboration(state, each),
                {"collab_id": each.id},
                sources.let_in(state, each),
            )
            del state.collaborations[each.id]
    return {"user_id": user_id, "status": TAKEN}


ROUTES = [
    route(
        "GET",
        "/enterprise_configurations/{enterprise_id}",
        configuration,
        "manage_enterprise_properties",
        is_newer=True,
    ),
    route("POST", "/external_users/submit_delete_job", delete_job, "manage_managed_users", is_newer=True),
]
