"""Groups of every sort, and who is in them; directory roles, those that can be activated among them."""

from tests.sandbox.company import DOMAIN, people_in
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory import roles
from tests.sandbox.microsoft.directory.objects import GROUP, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.seed_people import DAY, LEFT, user_id
from tests.sandbox.microsoft.state import State

UNIFIED = "Unified"
DYNAMIC = "DynamicMembership"
# Microsoft 365 groups, by department.
TEAMS = {"Engineering": "Private", "Sales": "Private", "Product": "Public"}
SECURITY = {"Finance staff": "Finance", "Legal staff": "Legal", "People staff": "People"}
VPN = ("dokafor", "asingh", "rferreira", "fab-omar")
TIER_ZERO = "Tier 0 administrators"
DIRECTORY_ROLES = {
    "mhartmann": roles.GLOBAL_ADMINISTRATOR,
    "dokafor": roles.GLOBAL_ADMINISTRATOR,
    "rferreira": roles.SECURITY_ADMINISTRATOR,
    "psmith": roles.USER_ADMINISTRATOR,
    "gcohen": roles.GLOBAL_READER,
}
ELIGIBLE = {"asingh": roles.GLOBAL_ADMINISTRATOR, "aabubakar": roles.GLOBAL_READER}
AUTOMATION = "Contoso Identity Automation"
UNIT = "/administrativeUnits/6c2f4b8e-3d17-4c0f-9a51-0b7d2e9f8a33"


def plant(state: State) -> None:
    everybody = [each for each in people_in("office365") if each.handle != LEFT]
    for name, visibility in TEAMS.items():
        _team(state, name, visibility, [each.handle for each in everybody if each.department == name])
    _team(state, "All Company", "Public", [each.handle for each in everybody])
    for name, department in SECURITY.items():
        _fill(state, _group(state, name), [each.handle for each in everybody if each.department == department])
    office = _group(state, "Office staff", description="The departments that are no engineers.")
    state.directory.members[office.id] = {state.directory.named(GROUP, name).id: None for name in SECURITY}
    rule = '(user.userType -eq "Member") and (user.accountEnabled -eq true)'
    dynamic = _group(
        state, "All members", groupTypes=[DYNAMIC], membershipRule=rule, membershipRuleProcessingState="On"
    )
    _fill(state, dynamic, [each.handle for each in everybody if each.department != "Fabrikam"])
    _fill(state, _group(state, "VPN users", onPremisesSyncEnabled=True), list(VPN))
    _fill(state, _group(state, TIER_ZERO, isAssignableToRole=True, visibility="Private"), ["bschmidt"])
    announcements = _group(
        state, "Announcements", mail=f"announcements@{DOMAIN}", mailEnabled=True, securityEnabled=False
    )
    _fill(state, announcements, ["dwilson", "rpatel"])


def _group(state: State, name: str, **values: Json) -> DirectoryObject:
    plain: dict[str, Json] = {
        "displayName": name,
        "description": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": name.lower().replace(" ", "-"),
        "securityEnabled": True,
        "groupTypes": [],
        "visibility": None,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "isAssignableToRole": None,
        "onPremisesSyncEnabled": None,
        "createdDateTime": iso(state.now() - 400 * DAY),
        "renewedDateTime": iso(state.now() - 400 * DAY),
        "proxyAddresses": [],
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
    }
    return state.directory.add(GROUP, {**plain, **values}, user_id(f"group {name}"))


def _team(state: State, name: str, visibility: str, handles: list[str]) -> None:
    mail = f"{name.lower().replace(' ', '-')}@{DOMAIN}"
    group = _group(
        state,
        name,
        mail=mail,
        mailEnabled=True,
        securityEnabled=False,
        groupTypes=[UNIFIED],
        visibility=visibility,
        proxyAddresses=[f"SMTP:{mail}"],
        resourceProvisioningOptions=["Team"],
    )
    _fill(state, group, handles)
    state.directory.owners[group.id] = {state.directory.user(handles[0]).id: None}


def _fill(state: State, group: DirectoryObject, handles: list[str]) -> None:
    state.directory.members[group.id] = {state.directory.user(each).id: None for each in handles}


# -- roles


def plant_roles(state: State) -> None:
    """Three hold the highest role, one of them a service principal; one role is for a part of the tenant."""
    directory = state.directory
    directory.role_definitions = {each: roles.definition(each) for each in roles.BUILT_IN}
    for handle, role in DIRECTORY_ROLES.items():
        _assign(state, directory.user(handle).id, role)
    _assign(state, directory.named(SERVICE_PRINCIPAL, AUTOMATION).id, roles.GLOBAL_ADMINISTRATOR)
    tier_zero = directory.named(GROUP, TIER_ZERO).id
    _assign(state, tier_zero, roles.PRIVILEGED_ROLE_ADMINISTRATOR)
    _assign(state, directory.user("abrown").id, roles.HELPDESK_ADMINISTRATOR, UNIT)
    for handle, role in ELIGIBLE.items():
        _make_eligible(state, directory.user(handle).id, role)


def _assign(state: State, principal_id: str, role_id: str, scope: str = "/") -> None:
    row: dict[str, Json] = {
        "id": state.login.text(46),
        "principalId": principal_id,
        "roleDefinitionId": role_id,
        "directoryScopeId": scope,
        "condition": None,
    }
    state.directory.role_assignments[row["id"]] = row


def _make_eligible(state: State, principal_id: str, role_id: str) -> None:
    row: dict[str, Json] = {
        "id": state.login.text(46),
        "principalId": principal_id,
        "roleDefinitionId": role_id,
        "directoryScopeId": "/",
        "appScopeId": None,
        "startDateTime": iso(state.now() - 30 * DAY),
        "endDateTime": iso(state.now() + 150 * DAY),
        "memberType": "Direct",
        "roleEligibilityScheduleId": user_id(f"schedule {principal_id}"),
    }
    state.directory.eligibilities[row["id"]] = row
