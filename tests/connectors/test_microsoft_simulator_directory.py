"""The simulated directory keeps the vendor's rules: pages, properties, changes, and what an application may not do."""

import pytest

from tests.connectors.microsoft_callers import code, graph, rows
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.microsoft import growth
from tests.sandbox.microsoft.directory.objects import APPLICATION, GROUP, SERVICE_PRINCIPAL
from tests.sandbox.microsoft.directory.roles import PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, SECURITY_ADMINISTRATOR
from tests.sandbox.microsoft.graph.delta import LIFETIME

READ = ("User.Read.All", "Group.Read.All", "Directory.Read.All", "AuditLog.Read.All")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def reader(sandbox: Sandbox) -> Caller:
    return graph(sandbox, *READ)


def newest(sandbox: Sandbox) -> Json:
    return sandbox.microsoft.state.audits.audits[-1][1]


# -- reading


def test_users_come_with_what_is_selected_and_pages_are_cut_not_refused(sandbox: Sandbox, reader: Caller) -> None:
    growth.add_users(sandbox.microsoft.state, 1200)
    plain = reader.get("/users").json()
    assert len(plain["value"]) == 100
    assert "accountEnabled" not in plain["value"][0]
    large = reader.get("/users?$select=id,accountEnabled&$top=5000").json()
    assert (len(large["value"]), set(large["value"][0])) == (999, {"id", "accountEnabled"})
    assert len(reader.get("/users?$select=id,signInActivity&$top=999").json()["value"]) == 500
    assert len(rows(reader, "/users?$select=id&$top=999")) == len(sandbox.microsoft.state.directory.users())


def test_a_page_may_be_empty_and_lead_on(sandbox: Sandbox, reader: Caller) -> None:
    sandbox.microsoft.state.empty_pages = True
    sandbox.microsoft.state.largest_page = 20
    first = reader.get("/users?$select=id").json()
    second = reader.get(first["@odata.nextLink"]).json()
    assert (second["value"], "@odata.nextLink" in second) == ([], True)
    assert len(rows(reader, "/users?$select=id")) == len(sandbox.microsoft.state.directory.users())


def test_whoever_goes_while_pages_are_read_hides_nobody_else(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    wanted = {each.id for each in state.directory.users()}
    first = reader.get("/users?$select=id&$top=20").json()
    state.directory.delete(state.directory.user("mhartmann"), state.now())
    rest = rows(reader, first["@odata.nextLink"])
    assert {each["id"] for each in (*first["value"], *rest)} == wanted


def test_a_link_to_the_next_page_must_not_be_changed(sandbox: Sandbox, reader: Caller) -> None:
    link = reader.get("/users?$top=5&$select=id").json()["@odata.nextLink"]
    assert code(reader.get(link.replace("$top=5", "$top=6")))[0] == 400


def test_options_and_properties_that_lists_do_not_have_are_refused(reader: Caller) -> None:
    assert code(reader.get("/users?$skip=5"))[0] == 400
    assert code(reader.get("/users?$count=true"))[0] == 400
    assert code(reader.get("/users?$orderby=jobTitle"))[0] == 400
    assert code(reader.get("/users?$select=aboutMe"))[0] == 501
    assert code(reader.get("/users?$select=shoeSize")) == (400, "BadRequest")
    assert code(reader.get("/users/nobody@contoso.example")) == (404, "Request_ResourceNotFound")
    assert code(reader.get("/shoes")) == (400, "BadRequest")


def test_lists_are_filtered_and_sorted(reader: Caller) -> None:
    guests = rows(reader, "/users?$filter=userType eq 'Guest' and accountEnabled eq true&$orderby=displayName desc")
    names = [each["displayName"] for each in guests]
    assert (len(names), names) == (5, sorted(names, reverse=True))
    assert len(rows(reader, "/groups?$filter=groupTypes/any(c:c eq 'Unified')")) == 4
    assert len(rows(reader, "/servicePrincipals?$filter=startswith(displayName,'Contoso ')")) == 5
    assert code(reader.get("/users?$filter=officeLocation eq '4'"))[0] == 400


def test_the_last_sign_in_needs_a_permission_and_a_licence(sandbox: Sandbox, reader: Caller) -> None:
    target = "/users?$select=id,signInActivity"
    assert code(graph(sandbox, "User.Read.All").get(target)) == (403, "Authorization_RequestDenied")
    sandbox.microsoft.state.has_premium = False
    assert code(reader.get(target)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


def test_members_of_a_type_that_may_not_be_read_come_with_their_id_alone(sandbox: Sandbox) -> None:
    group = sandbox.microsoft.state.directory.named(GROUP, "Office staff")
    call = graph(sandbox, "GroupMember.Read.All")
    assert {each["displayName"] for each in rows(call, f"/groups/{group.id}/members")} == {
        "Finance staff",
        "Legal staff",
        "People staff",
    }
    people = [each for each in rows(call, f"/groups/{group.id}/transitiveMembers") if "user" in each["@odata.type"]]
    assert people
    assert all(each["displayName"] is None and each["id"] for each in people)


# -- changes


def start(call: Caller, target: str) -> str:
    """The link with which the next round begins."""
    while True:
        page = call.get(target).json()
        if "@odata.deltaLink" in page:
            return str(page["@odata.deltaLink"])
        target = page["@odata.nextLink"]


def test_changes_are_told_after_a_first_round(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    link = start(reader, "/users/delta?$select=id,accountEnabled")
    assert reader.get(link).json()["value"] == []
    disabled, renamed, left = (state.directory.user(each) for each in ("kchen", "hkim", "wjones"))
    state.directory.update(disabled, {"accountEnabled": False})
    state.directory.update(renamed, {"jobTitle": "Chief Product Officer"})
    state.directory.delete(left, state.now())
    page = reader.get(link).json()
    assert page["value"] == [
        {"id": disabled.id, "accountEnabled": False},
        {"id": left.id, "@removed": {"reason": "changed"}},
    ]
    state.directory.purge(left)
    assert reader.get(page["@odata.deltaLink"]).json()["value"] == [{"id": left.id, "@removed": {"reason": "deleted"}}]


def test_a_round_from_now_on_and_one_of_changed_properties_alone(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    page = reader.get("/users/delta?$deltatoken=latest&$select=id,department,jobTitle").json()
    assert page["value"] == []
    state.directory.update(state.directory.user("kchen"), {"jobTitle": "Controller"})
    assert set(reader.get(page["@odata.deltaLink"]).json()["value"][0]) == {"id", "department", "jobTitle"}
    minimal = reader.get(page["@odata.deltaLink"], {"Prefer": "return=minimal"}).json()
    assert set(minimal["value"][0]) == {"id", "jobTitle"}


def test_what_changes_while_a_round_is_read_comes_in_the_next(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    state.delta_page = 10
    first = reader.get("/users/delta?$select=id,jobTitle").json()
    state.directory.update(state.directory.user("mhartmann"), {"jobTitle": "Chief Executive Officer"})
    link = start(reader, first["@odata.nextLink"])
    assert [each["jobTitle"] for each in reader.get(link).json()["value"]] == ["Chief Executive Officer"]


def test_whoever_goes_while_a_first_round_is_read_hides_nobody_else(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    state.delta_page = 10
    wanted = {each.id for each in state.directory.users()}
    first = reader.get("/users/delta?$select=id").json()
    state.directory.delete(state.directory.user("mhartmann"), state.now())
    told, target = first["value"], first["@odata.nextLink"]
    while target:
        page = reader.get(target).json()
        told, target = told + page["value"], page.get("@odata.nextLink", "")
    assert {each["id"] for each in told} == wanted


def test_tokens_for_changes_live_a_week(sandbox: Sandbox, reader: Caller) -> None:
    link = start(reader, "/users/delta?$select=id")
    sandbox.clock.advance(LIFETIME + 1)
    call = graph(sandbox, *READ)
    gone = call.get(link)
    assert gone.status == 410
    assert call.get(gone.headers["location"]).json()["value"]
    sandbox.microsoft.state.forgets_with = 400
    assert code(call.get(link)) == (400, "syncStateNotFound")


def test_rounds_take_neither_a_size_nor_the_last_sign_in(reader: Caller) -> None:
    assert code(reader.get("/users/delta?$top=5"))[0] == 400
    assert code(reader.get("/users/delta?$select=id,signInActivity"))[0] == 400
    assert code(reader.get("/users/delta?$filter=accountEnabled eq true"))[0] == 400


def test_a_round_may_repeat_itself_and_begin_with_what_is_gone(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    state.has_odd_deltas = True
    assert "@removed" in reader.get("/users/delta?$select=id").json()["value"][0]
    link = start(reader, "/users/delta?$select=id,jobTitle")
    state.directory.update(state.directory.user("kchen"), {"jobTitle": "Controller"})
    told = reader.get(link).json()["value"]
    assert told == [told[0], told[0]]


def test_members_who_came_and_went_are_told_with_their_group(sandbox: Sandbox, reader: Caller) -> None:
    state = sandbox.microsoft.state
    link = start(reader, "/groups/delta?$select=displayName,members")
    group, user = state.directory.named(GROUP, "Finance staff"), state.directory.user("kchen")
    state.directory.remove_member(group, user.id)
    told = reader.get(link).json()["value"][0]
    row = {"@odata.type": "#microsoft.graph.user", "id": user.id, "@removed": {"reason": "deleted"}}
    assert (told["id"], told["members@delta"]) == (group.id, [row])


# -- accounts


def test_suspending_needs_both_documented_permissions_and_is_written_down(sandbox: Sandbox) -> None:
    user = sandbox.microsoft.state.directory.user("kchen")
    off = {"accountEnabled": False}
    denied = graph(sandbox, "User.EnableDisableAccount.All")("PATCH", f"/users/{user.id}", off)
    assert code(denied) == (403, "Authorization_RequestDenied")
    call = graph(sandbox, "User.EnableDisableAccount.All", "User.Read.All")
    assert call("PATCH", f"/users/{user.id}", off).status == 204
    assert user.properties["accountEnabled"] is False
    activities = [each["activityDisplayName"] for _, each in sandbox.microsoft.state.audits.audits[-2:]]
    assert activities == ["Disable account", "Update user"]


@pytest.mark.parametrize("handle", ["mhartmann", "bschmidt"])
def test_administrators_and_members_of_role_assignable_groups_are_out_of_reach(sandbox: Sandbox, handle: str) -> None:
    state = sandbox.microsoft.state
    user, call = state.directory.user(handle), graph(sandbox, "User.ReadWrite.All")
    assert code(call("PATCH", f"/users/{user.id}", {"accountEnabled": False})) == (403, "Authorization_RequestDenied")
    row = {"principalId": state.principal.id, "directoryScopeId": "/"}
    role = {**row, "roleDefinitionId": PRIVILEGED_AUTHENTICATION_ADMINISTRATOR}
    assert graph(sandbox, "RoleManagement.ReadWrite.Directory")(
        "POST", "/roleManagement/directory/roleAssignments", role
    ).status == 201
    assert call("PATCH", f"/users/{user.id}", {"accountEnabled": False}).status == 204


def test_passwords_and_sessions(sandbox: Sandbox) -> None:
    state = sandbox.microsoft.state
    user, synced = state.directory.user("kchen"), state.directory.user("ipetrova")
    before = user.properties["signInSessionsValidFromDateTime"]
    reply = graph(sandbox, "User.RevokeSessions.All")("POST", f"/users/{user.id}/revokeSignInSessions")
    assert (reply.status, reply.json()["value"]) == (200, True)
    assert user.properties["signInSessionsValidFromDateTime"] > before
    call = graph(sandbox, "User-PasswordProfile.ReadWrite.All")
    profile = {"passwordProfile": {"password": "Xy7!qwertz-9", "forceChangePasswordNextSignIn": True}}
    assert call("PATCH", f"/users/{user.id}", profile).status == 204
    assert "Xy7!qwertz-9" not in str(user.properties)
    assert call("PATCH", f"/users/{synced.id}", profile).status == 400


def test_confirming_a_compromise_and_dismissing_it(sandbox: Sandbox) -> None:
    state = sandbox.microsoft.state
    user, call = state.directory.user("kchen"), graph(sandbox, "IdentityRiskyUser.ReadWrite.All")
    body = {"userIds": [user.id]}
    assert call("POST", "/identityProtection/riskyUsers/confirmCompromised", body).status == 204
    limited = call.get(f"/identityProtection/riskyUsers/{user.id}")
    assert (limited.status, "retry-after" in limited.headers) == (429, False)
    sandbox.clock.advance(2)
    shown = call.get(f"/identityProtection/riskyUsers/{user.id}").json()
    assert (shown["riskLevel"], shown["riskState"]) == ("high", "confirmedCompromised")
    sandbox.clock.advance(2)
    assert call("POST", "/identityProtection/riskyUsers/dismiss", body).status == 204
    assert state.risks[user.id].state == "dismissed"


def test_a_deleted_account_comes_back_to_its_groups(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    user, group = directory.user("kchen"), directory.named(GROUP, "Finance staff")
    call, item = graph(sandbox, "User.ReadWrite.All"), f"/directory/deletedItems/{user.id}"
    assert call("DELETE", f"/users/{user.id}").status == 204
    assert user not in directory.members_of(group.id)
    assert call("POST", f"{item}/restore").json()["id"] == user.id
    assert user in directory.members_of(group.id)
    assert call("DELETE", f"/users/{user.id}").status == 204
    sandbox.clock.advance(31 * 86_400)
    assert graph(sandbox, "User.ReadWrite.All").get(item).status == 404


# -- groups and roles


def test_removing_a_member_and_taking_it_back(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    group, user = directory.named(GROUP, "Finance staff"), directory.user("kchen")
    call, target = graph(sandbox, "GroupMember.ReadWrite.All"), f"/groups/{group.id}/members"
    assert call("DELETE", f"{target}/{user.id}/$ref").status == 204
    assert code(call("DELETE", f"{target}/{user.id}/$ref"))[0] == 404
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user.id}"}
    assert call("POST", f"{target}/$ref", reference).status == 204
    assert user in directory.members_of(group.id)
    assert newest(sandbox)["activityDisplayName"] == "Add member to group"


def test_without_ref_the_member_itself_is_deleted(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    group, user = directory.named(GROUP, "Finance staff"), directory.user("kchen")
    target = f"/groups/{group.id}/members/{user.id}"
    assert graph(sandbox, "GroupMember.ReadWrite.All")("DELETE", target).status == 403
    assert graph(sandbox, "GroupMember.ReadWrite.All", "User.ReadWrite.All")("DELETE", target).status == 204
    assert user.id in directory.deleted


def test_groups_that_a_rule_fills_or_that_carry_a_role_refuse(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    dynamic, tier = directory.named(GROUP, "All members"), directory.named(GROUP, "Tier 0 administrators")
    user, call = directory.user("bschmidt"), graph(sandbox, "GroupMember.ReadWrite.All")
    assert call("DELETE", f"/groups/{dynamic.id}/members/{user.id}/$ref").status == 400
    assert call("DELETE", f"/groups/{tier.id}/members/{user.id}/$ref").status == 403
    more = graph(sandbox, "GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory")
    assert more("DELETE", f"/groups/{tier.id}/members/{user.id}/$ref").status == 204


def test_taking_a_role_and_giving_it_back(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    call, target = graph(sandbox, "RoleManagement.ReadWrite.Directory"), "/roleManagement/directory/roleAssignments"
    row = next(each for each in rows(call, target) if each["roleDefinitionId"] == SECURITY_ADMINISTRATOR)
    assert call("DELETE", f"{target}/{row['id']}").status == 204
    body = {name: row[name] for name in ("principalId", "roleDefinitionId", "directoryScopeId")}
    assert call("POST", target, body).status == 201
    assert row["principalId"] in {each["principalId"] for each in directory.role_assignments.values()}
    expanded = graph(sandbox, *READ).get(f"{target}?$expand=principal").json()["value"]
    kinds = {each["principal"]["@odata.type"] for each in expanded}
    assert {"#microsoft.graph.user", "#microsoft.graph.servicePrincipal", "#microsoft.graph.group"} == kinds


# -- applications


def test_banning_an_app_and_taking_away_what_it_was_granted(sandbox: Sandbox) -> None:
    directory = sandbox.microsoft.state.directory
    app = directory.named(SERVICE_PRINCIPAL, "Mail Merge Assistant")
    call = graph(sandbox, "Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All")
    link = start(call, "/oauth2PermissionGrants/delta")
    assert call("PATCH", f"/servicePrincipals/{app.id}", {"accountEnabled": False}).status == 204
    grants = rows(call, f"/servicePrincipals/{app.id}/oauth2PermissionGrants")
    assert call("PATCH", f"/oauth2PermissionGrants/{grants[0]['id']}", {"scope": "Mail.Send"}).status == 204
    assert call("DELETE", f"/oauth2PermissionGrants/{grants[1]['id']}").status == 204
    told = {each["id"]: each for each in call.get(link).json()["value"]}
    assert told[grants[0]["id"]]["scope"] == "Mail.Send"
    assert told[grants[1]["id"]]["@removed"] == {"reason": "deleted"}
    again = {name: value for name, value in grants[1].items() if name != "id"}
    assert call("POST", "/oauth2PermissionGrants", again).status == 201


def test_an_app_permission_is_removed_at_the_resource_and_assigned_again(sandbox: Sandbox) -> None:
    app = sandbox.microsoft.state.directory.named(SERVICE_PRINCIPAL, "Backup for Microsoft 365")
    call = graph(sandbox, "Application.Read.All", "AppRoleAssignment.ReadWrite.All")
    row = rows(call, f"/servicePrincipals/{app.id}/appRoleAssignments")[0]
    target = f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo"
    assert call("DELETE", f"{target}/{row['id']}").status == 204
    body = {name: row[name] for name in ("principalId", "resourceId", "appRoleId")}
    assert call("POST", target, body).status == 201
    assert newest(sandbox)["activityDisplayName"] == "Add app role assignment to service principal"


def test_expired_credentials_are_removed_by_their_id(sandbox: Sandbox) -> None:
    app = sandbox.microsoft.state.directory.named(APPLICATION, "Contoso HR Sync")
    call, key_id = graph(sandbox, "Application.ReadWrite.All"), app.properties["passwordCredentials"][0]["keyId"]
    body = {"keyId": key_id}
    assert call("POST", f"/applications/{app.id}/removePassword", body).status == 204
    assert key_id not in [each["keyId"] for each in app.properties["passwordCredentials"]]
    assert call("POST", f"/applications/{app.id}/removePassword", body).status == 400


# -- logs


def test_logs_come_newest_first_and_take_borders_that_are_included(sandbox: Sandbox, reader: Caller) -> None:
    page = reader.get("/auditLogs/signIns?$top=50").json()
    times = [each["createdDateTime"] for each in page["value"]]
    assert times == sorted(times, reverse=True)
    window = f"createdDateTime ge {times[9]} and createdDateTime le {times[4]}"
    assert [each["createdDateTime"] for each in rows(reader, f"/auditLogs/signIns?$filter={window}")] == times[4:10]
    assert code(reader.get(f"/auditLogs/signIns?$filter=createdDateTime lt {times[4]}"))[0] == 400


def test_a_log_that_has_grown_is_read_in_pages_of_a_thousand(sandbox: Sandbox, reader: Caller) -> None:
    growth.add_sign_ins(sandbox.microsoft.state, 2500)
    first = reader.get("/auditLogs/signIns?$top=5000").json()
    assert (len(first["value"]), "@odata.nextLink" in first) == (1000, True)
    assert len(rows(reader, "/auditLogs/signIns")) == len(sandbox.microsoft.state.audits.sign_ins)
    sandbox.clock.advance(10)
    assert code(graph(sandbox, "Directory.Read.All").get("/auditLogs/signIns"))[0] == 403


def test_logs_are_asked_for_five_times_in_ten_seconds(sandbox: Sandbox, reader: Caller) -> None:
    for _ in range(5):
        assert reader.get("/auditLogs/directoryAudits?$top=1").status == 200
    limited = reader.get("/auditLogs/signIns?$top=1")
    assert (code(limited), limited.headers["retry-after"]) == ((429, "TooManyRequests"), "10")
    sandbox.clock.advance(10)
    assert reader.get("/auditLogs/signIns?$top=1").status == 200


def test_without_the_licence_there_are_no_sign_ins_and_a_week_of_audits(sandbox: Sandbox, reader: Caller) -> None:
    full = len(rows(reader, "/auditLogs/directoryAudits"))
    sandbox.microsoft.state.has_premium = False
    assert code(reader.get("/auditLogs/signIns")) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert 0 < len(rows(reader, "/auditLogs/directoryAudits")) < full


def test_second_factors_are_told_of_the_living_with_the_licence_alone(sandbox: Sandbox, reader: Caller) -> None:
    target = "/reports/authenticationMethods/userRegistrationDetails"
    found = {each["userPrincipalName"]: each for each in rows(reader, target)}
    assert len(found) == len(sandbox.microsoft.state.directory.users())
    by_app = next(each for each in found.values() if "fido2SecurityKey" in each["methodsRegistered"])
    assert (by_app["isMfaRegistered"], by_app["isPasswordlessCapable"]) == (True, True)
    assert {each["isMfaRegistered"] for each in found.values()} == {True, False}
    assert found["mhartmann@contoso.example"]["isAdmin"] is True
    assert code(graph(sandbox, "User.Read.All").get(target)) == (403, "Authorization_RequestDenied")
    sandbox.microsoft.state.has_premium = False
    assert code(reader.get(target)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
