"""The simulated identity provider's side: SCIM, managed users, external groups, licences, identities by GraphQL."""

import uuid

import pytest

from tests.connectors import github_callers as callers
from tests.connectors.github_callers import ORG, caller, logins, recorded, turn
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.github.seed_apps import ENTERPRISE
from tests.sandbox.github.shapes import node_id

USERS = "/scim/v2/organizations/contoso-dev/Users"
MANAGED = f"/scim/v2/enterprises/{ENTERPRISE}/Users"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
OFF = {"Operations": [{"op": "replace", "value": {"active": False}}]}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return callers.owner(sandbox)


def provisioned(address: str) -> str:
    return f"{USERS}/{uuid.uuid5(uuid.NAMESPACE_DNS, address)}"


# -- SCIM of an organisation


def test_scim_lists_from_one_and_says_how_many_there_are(owner: Caller) -> None:
    first = owner.get(f"{USERS}?startIndex=1&count=5").json()
    rest = owner.get(f"{USERS}?startIndex=6&count=100").json()
    assert (first["totalResults"], first["itemsPerPage"], first["startIndex"]) == (14, 5, 1)
    names = [row["userName"] for page in (first, rest) for row in page["Resources"]]
    assert len(set(names)) == 14
    assert "new.starter@contoso.example" in names
    assert owner.get(USERS).headers["content-type"] == "application/scim+json"


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "jmueller@contoso.example"',
        'externalId eq "C1004"',
        'emails[type eq "work"].value eq "jmueller@contoso.example"',
    ],
)
def test_scim_filters_by_equality(owner: Caller, text: str) -> None:
    found = owner.get(f"{USERS}?filter={text.replace(' ', '%20')}").json()
    assert [row["name"]["familyName"] for row in found["Resources"]] == ["Müller-Lüdenscheidt"]


def test_other_filters_are_refused_in_the_words_of_scim(owner: Caller) -> None:
    refused = owner.get(f"{USERS}?filter=userName%20co%20%22a%22")
    assert refused.status == 400
    assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_deactivating_removes_the_member_and_the_identity(sandbox: Sandbox, owner: Caller) -> None:
    target = provisioned("jmueller@contoso.example")
    reply = owner("PATCH", target, OFF)
    assert (reply.status, reply.json()["active"]) == (200, False)
    assert owner.get(target).status == 404
    assert owner("PATCH", target, OFF).status == 404
    assert "jmueller" not in logins(owner, f"{ORG}/members")
    assert [each["action"] for each in recorded(sandbox, 2)] == ["org.remove_member", "external_identity.deprovision"]


def test_deactivating_somebody_invited_cancels_the_invitation(owner: Caller) -> None:
    assert owner("DELETE", provisioned("new.starter@contoso.example")).status == 204
    assert [row["login"] for row in owner.get(f"{ORG}/invitations").json()] == ["tbaker"]


def test_nobody_deactivates_themselves(owner: Caller) -> None:
    assert owner("PATCH", provisioned(f"{SERVICE_OWNER}@contoso.example"), OFF).status == 403


def test_scim_is_for_owners_with_admin_org_and_own_single_sign_on(sandbox: Sandbox, owner: Caller) -> None:
    assert caller(sandbox, SERVICE_OWNER, "read:org").get(USERS).status == 403
    assert caller(sandbox, "asingh").get(USERS).status == 403
    sandbox.github.organisation().has_saml = False
    assert owner.get(USERS).status == 404


# -- managed users


@pytest.fixture
def managed(sandbox: Sandbox) -> Caller:
    turn(sandbox, ("managed-users",), True)
    return callers.managed_owner(sandbox)


def test_managed_users_are_named_with_the_short_code(managed: Caller) -> None:
    assert "asingh_ctso" in logins(managed, f"{ORG}/members")
    assert managed.get("/users/asingh").status == 404


def test_where_users_are_managed_the_organisations_own_doors_are_gone(managed: Caller) -> None:
    for target in (USERS, f"{ORG}/credential-authorizations", f"{ORG}/invitations", f"{ORG}/failed_invitations"):
        assert managed.get(target).status == 404
    text = '{organization(login:"contoso-dev"){samlIdentityProvider{id}}}'
    found = managed("POST", "/graphql", {"query": text}).json()
    assert found["data"]["organization"]["samlIdentityProvider"] is None


def managed_user(call: Caller, name: str) -> Json:
    found = call.get(f"{MANAGED}?filter=userName%20eq%20%22{name}@contoso.example%22").json()
    return found["Resources"][0]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
    ],
)
def test_a_managed_user_is_suspended_and_restored(sandbox: Sandbox, managed: Caller, operation: Json) -> None:
    user = managed_user(managed, "asingh")
    account = sandbox.github.state.person("asingh_ctso")
    target = f"{MANAGED}/{user['id']}"
    reply = managed("PATCH", target, {"schemas": [PATCH], "Operations": [operation]})
    assert (reply.status, reply.json()["active"]) == (200, False)
    assert "asingh" not in account.login
    assert reply.json()["emails"][0]["value"].endswith("@obfuscated.invalid")
    assert account.login not in logins(managed, f"{ORG}/members")
    on = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": True}]}
    assert managed("PATCH", target, on).json()["active"] is True
    assert "asingh_ctso" in logins(managed, f"{ORG}/members")
    assert "asingh_ctso" in logins(managed, f"{ORG}/teams/platform/members")


def test_the_schema_of_a_patch_is_required(managed: Caller) -> None:
    user = managed_user(managed, "asingh")
    assert managed("PATCH", f"{MANAGED}/{user['id']}", OFF).status == 400


def test_enterprise_scim_is_for_its_owners_with_their_scope(sandbox: Sandbox, managed: Caller) -> None:
    assert caller(sandbox, "asingh_ctso", "admin:enterprise").get(MANAGED).status == 404
    assert caller(sandbox, f"{SERVICE_OWNER}_ctso", "admin:org").get(MANAGED).status == 403
    assert caller(sandbox, f"{SERVICE_OWNER}_ctso", "scim:enterprise").get(MANAGED).status == 200


def test_external_groups_have_people_and_teams_that_follow_them(managed: Caller) -> None:
    replies = managed.pages(f"{ORG}/external-groups?per_page=2")
    groups = [row for reply in replies for row in reply.json()["groups"]]
    assert [row["group_name"] for row in groups] == ["Platform Engineers", "Datenströme", "Everyone"]
    assert "page=44173" in (replies[0].link("next") or "")
    group = managed.get(f"{ORG}/external-group/4401").json()
    assert [team["team_name"] for team in group["teams"]] == ["Platform"]
    assert {each["member_login"] for each in group["members"]} > {"asingh_ctso"}
    assert managed("DELETE", f"{ORG}/teams/platform/memberships/asingh_ctso").status == 403


def test_turning_managed_users_off_brings_everything_back(sandbox: Sandbox, managed: Caller) -> None:
    user = managed_user(managed, "asingh")
    managed("PATCH", f"{MANAGED}/{user['id']}", {"schemas": [PATCH], **OFF})
    turn(sandbox, ("managed-users",), False)
    plain = callers.owner(sandbox)
    assert len(logins(plain, f"{ORG}/members")) == 14
    assert "asingh" in logins(plain, f"{ORG}/teams/platform/members")
    assert plain.get(MANAGED).status == 404
    assert plain.get(USERS).status == 200


# -- the enterprise


def test_licences_are_for_the_enterprises_owners(sandbox: Sandbox, owner: Caller) -> None:
    target = f"/enterprises/{ENTERPRISE}/consumed-licenses"
    people = [row for reply in owner.pages(f"{target}?per_page=6") for row in reply.json()["users"]]
    assert len(people) == owner.get(target).json()["total_seats_consumed"] == 17
    by_login = {row["github_com_login"]: row for row in people}
    assert by_login["dokafor"]["github_com_enterprise_roles"] == ["Owner"]
    assert by_login["asingh"]["github_com_saml_name_id"] == "asingh@contoso.example"
    assert by_login["fab-omar"]["github_com_two_factor_auth"] is False
    assert caller(sandbox, SERVICE_OWNER, "read:enterprise").get(target).status == 200
    assert caller(sandbox, SERVICE_OWNER, "admin:org").get(target).status == 403
    assert caller(sandbox, "asingh", "read:enterprise").get(target).status == 404
    assert callers.installed(sandbox).get(target).status == 403


def test_the_enterprises_audit_log_holds_that_of_its_organisations(sandbox: Sandbox, owner: Caller) -> None:
    target = f"/enterprises/{ENTERPRISE}/audit-log"
    ours = [row for reply in owner.pages(f"{ORG}/audit-log?per_page=100") for row in reply.json()]
    theirs = [row for reply in owner.pages(f"{target}?per_page=100") for row in reply.json()]
    assert theirs == ours
    assert callers.installed(sandbox).get(target).status == 403


# -- identities by GraphQL


def query(call: Caller, text: str, **variables: Json) -> Json:
    return call("POST", "/graphql", {"query": text, "variables": variables}).json()


def identities(call: Caller, arguments: str) -> list[Json]:
    text = (
        '{organization(login:"contoso-dev"){samlIdentityProvider{externalIdentities(first:100' + arguments + "){"
        "nodes{guid samlIdentity{nameId} scimIdentity{username emails{value primary}} user{login databaseId}}}}}}"
    )
    rows: list[Json] = query(call, text)["data"]["organization"]["samlIdentityProvider"]["externalIdentities"]["nodes"]
    return rows


def test_identities_are_chosen_by_account_name_and_membership(owner: Caller) -> None:
    assert len(identities(owner, "")) == 15
    assert len(identities(owner, ",membersOnly:true")) == 13
    assert [row["user"]["login"] for row in identities(owner, ',login:"asingh"')] == ["asingh"]
    [named] = identities(owner, ',userName:"asingh@contoso.example"')
    assert named["scimIdentity"]["emails"] == [{"value": "asingh@contoso.example", "primary": True}]


def test_who_signed_on_without_scim_has_no_scim_identity(owner: Caller) -> None:
    without = [row for row in identities(owner, ",membersOnly:true") if row["scimIdentity"] is None]
    assert len(without) == 1


def test_nodes_come_in_the_order_asked_for_with_null_for_the_missing(owner: Caller) -> None:
    text = "query($ids:[ID!]!){people:nodes(ids:$ids){__typename id ... on User{login databaseId}}}"
    ids = [node_id("U", 102_334_871), "U_nothing", node_id("O", 148_205_311)]
    found = query(owner, text, ids=ids)
    assert found["data"]["people"][0] == {
        "__typename": "User",
        "id": ids[0],
        "login": "asingh",
        "databaseId": 102_334_871,
    }
    assert found["data"]["people"][1] is None
    assert found["data"]["people"][2] == {"__typename": "Organization", "id": ids[2]}
    assert found["errors"][0]["type"] == "NOT_FOUND"
    assert owner.get("/users/asingh").json()["node_id"] == ids[0]


def test_aliases_ask_for_several_people_at_once(owner: Caller) -> None:
    text = (
        'query($o:String!){a:user(login:"asingh"){...on User{organizationVerifiedDomainEmails(login:$o)}}'
        ' b:user(login:"fab-omar"){organizationVerifiedDomainEmails(login:$o)} c:user(login:"nobody-here"){login}}'
    )
    found = query(owner, text, o="contoso-dev")
    assert found["data"]["a"] == {"organizationVerifiedDomainEmails": ["asingh@contoso.example"]}
    assert found["data"]["b"] == {"organizationVerifiedDomainEmails": []}
    assert (found["data"]["c"], found["errors"][0]["type"]) == (None, "NOT_FOUND")


def test_more_than_a_hundred_nodes_are_refused(owner: Caller) -> None:
    text = "query($ids:[ID!]!){nodes(ids:$ids){id}}"
    assert query(owner, text, ids=["U_x"] * 101)["errors"][0]["type"] == "ARGUMENT_LIMIT"


# -- the enterprise by GraphQL

ADMINISTRATORS = (
    'query($o:String!){enterprise(slug:"contoso"){slug ownerInfo{admins(first:2){totalCount pageInfo{hasNextPage}'
    " edges{role node{login organization(login:$o){login}}}}}}}"
)


def test_an_enterprise_shows_its_administrators_to_owners_with_the_scope(sandbox: Sandbox, owner: Caller) -> None:
    admins = query(owner, ADMINISTRATORS, o="contoso-dev")["data"]["enterprise"]["ownerInfo"]["admins"]
    assert (admins["totalCount"], admins["pageInfo"]["hasNextPage"]) == (4, True)
    assert [(each["role"], each["node"]["login"]) for each in admins["edges"]] == [
        ("OWNER", "contoso-security-svc"), ("OWNER", "dokafor"),
    ]  # fmt: skip
    assert admins["edges"][1]["node"]["organization"] == {"login": "contoso-dev"}
    without = query(caller(sandbox, SERVICE_OWNER, "admin:org"), ADMINISTRATORS, o="contoso-dev")
    assert (without["data"]["enterprise"], without["errors"][0]["type"]) == (None, "INSUFFICIENT_SCOPES")
    other = query(caller(sandbox, "asingh", "read:enterprise"), ADMINISTRATORS, o="contoso-dev")
    assert other["data"]["enterprise"]["ownerInfo"] is None
    installed = query(callers.installed(sandbox), ADMINISTRATORS, o="contoso-dev")
    assert installed["errors"][0]["type"] == "NOT_FOUND"


PROVIDERS = (
    '{enterprise(slug:"contoso"){ownerInfo{'
    "samlIdentityProvider{issuer externalIdentities(first:100){nodes{samlIdentity{nameId} user{login}}}}"
    " oidcProvider{providerType tenantId externalIdentities(first:100){nodes{scimIdentity{username}}}}}}}"
)


def test_an_enterprise_shows_its_identity_provider_to_owners(sandbox: Sandbox, managed: Caller) -> None:
    info = query(managed, PROVIDERS)["data"]["enterprise"]["ownerInfo"]
    assert info["oidcProvider"] is None
    assert info["samlIdentityProvider"]["issuer"] == "https://sts.contoso.example/enterprise"
    nodes = info["samlIdentityProvider"]["externalIdentities"]["nodes"]
    assert {"samlIdentity": {"nameId": "asingh@contoso.example"}, "user": {"login": "asingh_ctso"}} in nodes
    sandbox.github.state.enterprises[ENTERPRISE].single_sign_on = "oidc"
    info = query(managed, PROVIDERS)["data"]["enterprise"]["ownerInfo"]
    assert (info["samlIdentityProvider"], info["oidcProvider"]["providerType"]) == (None, "AAD")
    other = query(caller(sandbox, "asingh_ctso", "read:enterprise"), PROVIDERS)
    assert other["data"]["enterprise"]["ownerInfo"] is None


def test_identities_that_nobody_claimed_have_no_user_and_maybe_an_invitation(owner: Caller) -> None:
    text = (
        "{organization(login:\"contoso-dev\"){samlIdentityProvider{externalIdentities(first:100){nodes{"
        "scimIdentity{username familyName} user{login} organizationInvitation{email}}}}}}"
    )
    found = query(owner, text)["data"]["organization"]["samlIdentityProvider"]["externalIdentities"]["nodes"]
    assert [each for each in found if each["user"] is None] == [
        {
            "scimIdentity": {"username": "new.starter@contoso.example", "familyName": None},
            "user": None,
            "organizationInvitation": {"email": "new.starter@contoso.example"},
        },
        {
            "scimIdentity": {"username": "late.joiner@contoso.example", "familyName": "Joiner"},
            "user": None,
            "organizationInvitation": None,
        },
    ]


# -- teams and roles of the enterprise


def test_teams_and_roles_of_an_enterprise_are_for_its_owners_with_the_scope(sandbox: Sandbox, owner: Caller) -> None:
    base = f"/enterprises/{ENTERPRISE}"
    assert [each["slug"] for each in owner.get(f"{base}/teams").json()] == ["ent:data-platform", "ent:sicherheit"]
    assert logins(owner, f"{base}/teams/8100204/memberships") == ["nguyenta", "hkim"]
    assert [each["name"] for each in owner.get(f"{base}/enterprise-roles").json()["roles"]] == [
        "security_manager", "Audit log reader",
    ]  # fmt: skip
    holders = owner.get(f"{base}/enterprise-roles/9001/users").json()
    assert {each["login"]: each["assignment"] for each in holders} == {"asingh": "direct", "mhartmann": "mixed"}
    assert [each["id"] for each in owner.get(f"{base}/enterprise-roles/9001/teams").json()] == [8_100_377]
    for path in (f"{base}/teams", f"{base}/enterprise-roles"):
        assert caller(sandbox, "asingh", "read:enterprise").get(path).status == 404
        assert caller(sandbox, SERVICE_OWNER, "admin:org").get(path).status == 403
        assert callers.installed(sandbox).get(path).status == 403
