"""The simulated GitHub does what GitHub's documentation says: people, teams, roles, doors, limits."""

import pytest

from tests.sandbox import Sandbox, company
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import CLIENT_ID, OWNER, SERVICE_OWNER

ORG = "/orgs/contoso-dev"
SCOPES = ("admin:org", "read:audit_log", "read:user")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return caller(sandbox, SERVICE_OWNER)


def caller(sandbox: Sandbox, login: str, *scopes: str) -> Caller:
    token = sandbox.github.state.issue_token(login, list(scopes or SCOPES))
    sandbox.github.organisation().approved_applications.add(CLIENT_ID)
    return Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": f"Bearer {token}"})


def logins(call: Caller, target: str) -> list[str]:
    return [row["login"] for reply in call.pages(target) for row in reply.json()]


def newest(sandbox: Sandbox, action: str) -> Json:
    entries = sandbox.github.organisation().audit.entries
    return next(entry.event for entry in reversed(entries) if entry.event["action"] == action)


# -- the company


def test_people_have_ids_of_their_own_and_the_company_is_of_believable_size() -> None:
    assert len({person.id for person in company.PEOPLE}) == len(company.PEOPLE) == 40
    assert len(company.BY_HANDLE) == 40
    assert any(not person.name.isascii() for person in company.people_in("github"))


def test_the_small_tenant_is_as_large_as_the_fact_sheet_says(sandbox: Sandbox, owner: Caller) -> None:
    assert len(logins(owner, f"{ORG}/members")) == 14
    assert sorted(logins(owner, f"{ORG}/members?role=admin")) == [SERVICE_OWNER, OWNER]
    assert len(logins(owner, f"{ORG}/outside_collaborators")) == 3
    assert [row["login"] for row in owner.get(f"{ORG}/invitations").json()] == ["tbaker", None]
    teams = owner.get(f"{ORG}/teams").json()
    assert len(teams) == 5
    assert [team["slug"] for team in teams if team["parent"]] == ["site-reliability"]
    assert [team["slug"] for team in teams if team["privacy"] == "secret"] == ["incident-response"]
    assert any(user_id > 2**31 for user_id in sandbox.github.organisation().members)


# -- what one may see


def test_a_call_without_user_agent_is_forbidden(sandbox: Sandbox, owner: Caller) -> None:
    reply = owner.get("/user", {"User-Agent": ""})
    assert (reply.status, reply.headers["content-type"]) == (403, "text/plain; charset=utf-8")


def test_an_unknown_token_is_bad_credentials(sandbox: Sandbox) -> None:
    reply = Caller(sandbox, "api.github.com", {"User-Agent": "tests", "Authorization": "Bearer gho_x"}).get("/user")
    assert (reply.status, reply.json()["message"]) == (401, "Bad credentials")


def test_plan_and_two_factor_requirement_show_to_an_owner_with_admin_org_only(sandbox: Sandbox, owner: Caller) -> None:
    assert owner.get(ORG).json()["plan"]["name"] == "enterprise"
    assert "two_factor_requirement_enabled" in owner.get(ORG).json()
    assert "plan" not in caller(sandbox, SERVICE_OWNER, "read:org").get(ORG).json()
    assert "plan" not in caller(sandbox, "asingh").get(ORG).json()


def test_a_token_without_read_org_sees_public_members_only(sandbox: Sandbox) -> None:
    assert logins(caller(sandbox, SERVICE_OWNER, "read:user"), f"{ORG}/members") == [OWNER, "zoe-builds"]


def test_missing_scope_is_refused_and_the_headers_say_which_would_do(sandbox: Sandbox) -> None:
    reply = caller(sandbox, SERVICE_OWNER, "read:org").get(f"{ORG}/organization-roles")
    assert reply.status == 403
    assert reply.headers["x-oauth-scopes"] == "read:org"
    assert reply.headers["x-accepted-oauth-scopes"] == "admin:org"


def test_the_two_factor_filter_is_for_owners(sandbox: Sandbox, owner: Caller) -> None:
    assert logins(owner, f"{ORG}/members?filter=2fa_disabled") == ["obrien-c"]
    assert logins(owner, f"{ORG}/members?filter=2fa_insecure") == ["nguyenta"]
    assert caller(sandbox, "asingh").get(f"{ORG}/members?filter=2fa_disabled").status == 422


def test_a_secret_team_is_hidden_from_those_outside(sandbox: Sandbox) -> None:
    assert caller(sandbox, "asingh").get(f"{ORG}/teams/incident-response").status == 404
    assert caller(sandbox, "rferreira").get(f"{ORG}/teams/incident-response").status == 200


def test_members_of_child_teams_are_listed_as_inherited(owner: Caller) -> None:
    rows = {row["login"]: row for row in owner.get(f"{ORG}/teams/platform/members").json()}
    assert rows["zoe-builds"]["inherited"]
    assert not rows["asingh"]["inherited"]
    assert rows[OWNER]["role"] == "maintainer"


def test_role_holders_are_direct_or_through_a_team_or_both(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().roles[138].users.discard(sandbox.github.state.person("rferreira").id)
    rows = {row["login"]: row["assignment"] for row in owner.get(f"{ORG}/organization-roles/138/users").json()}
    assert rows == {"rferreira": "indirect", "mhartmann": "mixed"}


def test_an_enterprise_managed_organisation_has_no_invitations(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().is_enterprise_managed = True
    assert owner.get(f"{ORG}/invitations").status == 404
    assert owner.get(f"{ORG}/failed_invitations").status == 404


# -- doors


def test_an_app_not_approved_is_kept_out_until_an_owner_grants(sandbox: Sandbox) -> None:
    call = caller(sandbox, SERVICE_OWNER)
    sandbox.github.organisation().approved_applications.clear()
    reply = call.get(f"{ORG}/members")
    assert reply.status == 403
    assert "OAuth App access restrictions" in reply.json()["message"]
    assert call.get("/orgs/fabrikam-oss/members").status == 200


def test_saml_enforcement_names_a_page_that_authorises_the_token(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().is_saml_enforced = True
    refused = owner.get(f"{ORG}/members")
    required, _, url = refused.headers["x-github-sso"].partition("; url=")
    assert (refused.status, required) == (403, "required")
    browser = Caller(sandbox, "github.com")
    assert browser.get(url).status == 200
    assert browser("POST", url.removeprefix("https://github.com")).status == 200
    assert owner.get(f"{ORG}/members").status == 200


def test_an_ip_allow_list_refuses(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().forbids_addresses = True
    assert "IP allow list" in owner.get(ORG).json()["message"]
    sandbox.github.organisation().allowed_addresses.add("127.0.0.1")
    assert owner.get(ORG).status == 200


# -- limits, pages, conditional requests


def test_limit_headers_count_down_and_the_end_is_refused(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.limits["core"] = 2
    assert [owner.get("/user").headers["x-ratelimit-remaining"] for _ in range(2)] == ["1", "0"]
    refused = owner.get("/user")
    assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    sandbox.clock.advance(int(refused.headers["x-ratelimit-reset"]) - sandbox.clock.now() + 1)
    assert owner.get("/user").status == 200


def test_the_audit_log_has_a_limit_of_its_own(owner: Caller) -> None:
    headers = owner.get(f"{ORG}/audit-log?per_page=1").headers
    assert (headers["x-ratelimit-resource"], headers["x-ratelimit-limit"]) == ("audit_log", "1750")
    assert owner.get("/rate_limit").json()["resources"]["core"]["used"] == 0


def test_an_unchanged_answer_is_304_and_free(sandbox: Sandbox, owner: Caller) -> None:
    first = owner.get(f"{ORG}/members")
    again = owner.get(f"{ORG}/members", {"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"] == "1"
    owner("DELETE", f"{ORG}/memberships/asingh")
    assert owner.get(f"{ORG}/members", {"If-None-Match": first.headers["etag"]}).status == 200


def test_pages_follow_by_link_and_hold_a_hundred_at_most(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.grow(members=250)
    replies = owner.pages(f"{ORG}/members?per_page=500")
    assert [len(reply.json()) for reply in replies] == [100, 100, 50]
    assert len({row["id"] for reply in replies for row in reply.json()}) == 250


def test_exactly_a_hundred_members_are_one_page_without_link(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.state.grow(members=100)
    reply = owner.get(f"{ORG}/members?per_page=100")
    assert (len(reply.json()), "link" in reply.headers) == (100, False)


# -- what happens to people


def test_a_removed_member_leaves_teams_and_roles_and_an_event(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{ORG}/memberships/asingh").status == 204
    assert owner.get(f"{ORG}/members/asingh").status == 404
    assert "asingh" not in logins(owner, f"{ORG}/teams/platform/members")
    event = newest(sandbox, "org.remove_member")
    assert (event["user"], event["actor"], event["actor_ip"]) == ("asingh", SERVICE_OWNER, "203.0.113.250")
    assert event["programmatic_access_type"] == "OAuth access token"
    assert owner("DELETE", f"{ORG}/memberships/asingh").status == 404


def test_a_former_member_comes_back_by_invitation_only(sandbox: Sandbox, owner: Caller) -> None:
    owner("DELETE", f"{ORG}/memberships/asingh")
    reply = owner("PUT", f"{ORG}/memberships/asingh", {"role": "member"})
    assert (reply.status, reply.json()["state"]) == (200, "pending")
    organisation, user = sandbox.github.organisation(), sandbox.github.state.person("asingh")
    organisation.accept_invitation(user)
    assert owner.get(f"{ORG}/memberships/asingh").json()["state"] == "active"
    assert "asingh" not in logins(owner, f"{ORG}/teams/platform/members")


def test_removing_an_invited_person_cancels_the_invitation(owner: Caller) -> None:
    assert owner("DELETE", f"{ORG}/memberships/tbaker").status == 204
    assert [row["login"] for row in owner.get(f"{ORG}/invitations").json()] == [None]
    assert owner.get(f"{ORG}/teams/platform/memberships/tbaker").status == 404


def test_nobody_removes_themselves_or_the_last_owner(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{ORG}/memberships/{SERVICE_OWNER}").status == 403
    assert owner("PUT", f"{ORG}/memberships/{OWNER}", {"role": "member"}).json()["role"] == "member"
    refused = owner("PUT", f"{ORG}/memberships/{SERVICE_OWNER}", {"role": "member"})
    assert (refused.status, refused.json()["message"]) == (403, "Organizations must have at least one owner.")


def test_giving_the_same_role_again_changes_nothing(sandbox: Sandbox, owner: Caller) -> None:
    before = len(sandbox.github.organisation().audit.entries)
    for _ in range(2):
        assert owner("PUT", f"{ORG}/memberships/{OWNER}", {"role": "member"}).status == 200
    assert len(sandbox.github.organisation().audit.entries) == before + 1


def test_membership_through_an_enterprise_team_survives_removal(owner: Caller) -> None:
    assert owner("DELETE", f"{ORG}/memberships/nguyenta").status == 204
    left = owner.get(f"{ORG}/memberships/nguyenta").json()
    assert (left["state"], left["direct_membership"]) == ("active", False)


def test_a_member_may_not_remove_others(sandbox: Sandbox) -> None:
    assert caller(sandbox, "asingh")("DELETE", f"{ORG}/memberships/jmueller").status == 403


def test_converting_to_outside_collaborator_moves_the_person(owner: Caller) -> None:
    assert owner("PUT", f"{ORG}/outside_collaborators/asingh", {"async": False}).status == 204
    assert "asingh" in logins(owner, f"{ORG}/outside_collaborators")
    assert "asingh" not in logins(owner, f"{ORG}/members")
    assert owner("DELETE", f"{ORG}/outside_collaborators/asingh").status == 204
    assert "asingh" not in logins(owner, f"{ORG}/outside_collaborators")


def test_blocking_keeps_a_person_from_being_invited(owner: Caller) -> None:
    assert owner("PUT", f"{ORG}/blocks/tvolkov").status == 204
    assert owner("PUT", f"{ORG}/memberships/tvolkov").status == 422
    assert owner("DELETE", f"{ORG}/blocks/tvolkov").status == 204
    assert owner("PUT", f"{ORG}/memberships/tvolkov").status == 200


def test_a_member_cannot_be_blocked(owner: Caller) -> None:
    assert owner("PUT", f"{ORG}/blocks/asingh").status == 422


def test_putting_an_outsider_in_a_team_invites_them(sandbox: Sandbox, owner: Caller) -> None:
    reply = owner("PUT", f"{ORG}/teams/platform/memberships/tvolkov", {"role": "maintainer"})
    assert (reply.json()["state"], reply.json()["role"]) == ("pending", "maintainer")
    sandbox.github.organisation().accept_invitation(sandbox.github.state.person("tvolkov"))
    assert owner.get(f"{ORG}/teams/platform/memberships/tvolkov").json()["state"] == "active"


def test_leaving_a_team_is_repeated_with_404(owner: Caller) -> None:
    assert owner("DELETE", f"{ORG}/teams/platform/memberships/asingh").status == 204
    assert owner("DELETE", f"{ORG}/teams/platform/memberships/asingh").status == 404


def test_a_team_kept_by_the_identity_provider_refuses_changes(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().teams[9_120_411].is_synced = True
    assert owner("DELETE", f"{ORG}/teams/platform/memberships/asingh").status == 403


def test_a_renamed_person_keeps_the_id_and_loses_the_old_login(sandbox: Sandbox, owner: Caller) -> None:
    user = sandbox.github.state.person("asingh")
    sandbox.github.state.rename_user(user, "anjali-singh")
    assert owner.get("/users/anjali-singh").json()["id"] == user.id
    assert owner.get("/users/asingh").status == 404


def test_a_deleted_person_is_gone_and_so_are_the_tokens(sandbox: Sandbox, owner: Caller) -> None:
    gone = caller(sandbox, "asingh")
    sandbox.github.state.delete_user(sandbox.github.state.person("asingh"))
    assert gone.get("/user").status == 401
    assert "asingh" not in logins(owner, f"{ORG}/teams/platform/members")


def test_roles_are_given_and_taken(sandbox: Sandbox, owner: Caller) -> None:
    target = f"{ORG}/organization-roles/users/jmueller/8133"
    assert owner("PUT", target).status == 204
    assert logins(owner, f"{ORG}/organization-roles/8133/users") == ["jmueller"]
    assert owner("DELETE", target).status == 204
    assert logins(owner, f"{ORG}/organization-roles/8133/users") == []
    assert newest(sandbox, "organization_role.revoke")["user"] == "jmueller"


# -- GraphQL


MEMBERS = (
    "query($o:String!,$c:String,$n:Int){organization(login:$o){membersWithRole(first:$n,after:$c){"
    "pageInfo{hasNextPage endCursor} edges{role hasTwoFactorEnabled node{databaseId login name email createdAt}}}}}"
)
IDENTITIES = (
    'query{organization(login:"contoso-dev"){samlIdentityProvider{externalIdentities(first:100){edges{node{guid '
    "samlIdentity{nameId} scimIdentity{username emails{value primary}} user{login databaseId}}}}}}}"
)


def query(call: Caller, text: str, **variables: Json) -> Json:
    reply = call("POST", "/graphql", {"query": text, "variables": variables})
    assert reply.status == 200
    return reply.json()


def test_graphql_pages_through_members(owner: Caller) -> None:
    cursor, seen = None, []
    while True:
        found = query(owner, MEMBERS, o="contoso-dev", c=cursor, n=5)["data"]["organization"]["membersWithRole"]
        seen += found["edges"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        cursor = found["pageInfo"]["endCursor"]
    assert len({edge["node"]["databaseId"] for edge in seen}) == 14
    people = {edge["node"]["login"]: edge for edge in seen}
    assert people[OWNER]["role"] == "ADMIN"
    assert people["obrien-c"]["hasTwoFactorEnabled"] is False
    assert (people["sato-h"]["node"]["name"], people["sato-h"]["node"]["email"]) == (None, "")


def test_graphql_hides_two_factor_from_members(sandbox: Sandbox) -> None:
    found = query(caller(sandbox, "asingh"), MEMBERS, o="contoso-dev", n=100)
    edges = found["data"]["organization"]["membersWithRole"]["edges"]
    assert {edge["hasTwoFactorEnabled"] for edge in edges} == {None}


def test_graphql_knows_saml_identities(sandbox: Sandbox, owner: Caller) -> None:
    found = query(owner, IDENTITIES)["data"]["organization"]["samlIdentityProvider"]["externalIdentities"]["edges"]
    names = {edge["node"]["samlIdentity"]["nameId"]: edge["node"]["user"] for edge in found}
    assert names[f"asingh@{company.DOMAIN}"]["login"] == "asingh"
    assert names["new.starter@contoso.example"] is None
    assert query(caller(sandbox, "asingh"), IDENTITIES)["data"]["organization"]["samlIdentityProvider"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{organization(login:"nobody-here"){login}}', "Could not resolve to an Organization"),
        ('{organization(login:"contoso-dev"){nothing}}', "doesn't exist on type 'Organization'"),
        (IDENTITIES.replace("emails{value primary}", "emails"), "Field must have selections"),
        (MEMBERS.replace("first:$n", "first:101"), "exceeds the `first` limit of 100"),
        ("{organization", "Unexpected end of document"),
    ],
)
def test_graphql_errors_come_with_200(owner: Caller, text: str, said: str) -> None:
    assert said in query(owner, text, o="contoso-dev")["errors"][0]["message"]


def test_graphql_refuses_addresses_without_scope(sandbox: Sandbox) -> None:
    found = query(caller(sandbox, SERVICE_OWNER, "read:org"), MEMBERS, o="contoso-dev", n=1)
    assert found["errors"][0]["type"] == "INSUFFICIENT_SCOPES"


def test_graphql_respects_saml_enforcement(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().is_saml_enforced = True
    assert query(owner, IDENTITIES)["errors"][0]["type"] == "FORBIDDEN"
