"""What an enterprise's owner sees of it: who takes a licence, and the audit log of all its organisations."""

from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import audit_log
from tests.sandbox.github.addresses import web
from tests.sandbox.github.call import Call
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.router import Route, route


def list_licences(call: Call) -> Answer:
    call.need_enterprise_owner()
    people: dict[int, list[str]] = {}
    for organisation in call.enterprise.organisations:
        for user_id in organisation.members:
            role = "Owner" if organisation.members[user_id].role == "admin" else "Member"
            people.setdefault(user_id, []).append(f"{organisation.login}:{role}")
        for user_id in sorted(organisation.outside_collaborators):
            people.setdefault(user_id, []).append(f"{organisation.login}:Outside collaborator")
    shown, headers = call.page([*people.items()])
    shape = {
        "total_seats_consumed": len(people),
        "total_seats_purchased": call.enterprise.seats,
        "users": [_licence(call, call.state.users[user_id], roles) for user_id, roles in shown],
    }
    return Answer.of_json(shape, headers=headers)


def _licence(call: Call, user: User, roles: list[str]) -> dict[str, Json]:
    enterprise = call.enterprise
    domains = {domain for organisation in enterprise.organisations for domain in organisation.verified_domains}
    is_verified = user.work_email.partition("@")[2] in domains
    return {
        "github_com_login": user.login,
        "github_com_name": user.name,
        "enterprise_server_user_ids": [],
        "github_com_user": True,
        "enterprise_server_user": False,
        "visual_studio_subscription_user": False,
        "license_type": "enterprise",
        "github_com_profile": web(call.request, f"/{user.login}"),
        "github_com_member_roles": roles,
        "github_com_enterprise_roles": ["Owner"] if enterprise.is_owner(user) else ["Member"],
        "github_com_verified_domain_emails": [user.work_email] if is_verified else [],
        "github_com_saml_name_id": _name_id(enterprise.organisations, user),
        "github_com_orgs_with_pending_invites": [],
        "github_com_two_factor_auth": user.has_two_factor,
        "enterprise_server_emails": [],
        "visual_studio_license_status": None,
        "visual_studio_subscription_email": None,
        "total_user_accounts": 1,
    }


def _name_id(organisations: list[Organisation], user: User) -> str | None:
    held = (each for organisation in organisations for each in organisation.identities)
    return next((each.name_id for each in held if each.user_id == user.id), None)


def read_audit_log(call: Call) -> Answer:
    call.need_enterprise_owner()
    return audit_log.answer(call, [each.audit for each in call.enterprise.organisations])


BASE = "/enterprises/{enterprise}"
ROUTES: list[Route] = [
    route("GET", f"{BASE}/consumed-licenses", list_licences, "read:enterprise"),
    route("GET", f"{BASE}/audit-log", read_audit_log, "read:audit_log", "admin:enterprise", resource="audit_log"),
]
