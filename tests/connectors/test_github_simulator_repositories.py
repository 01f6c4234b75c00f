"""The simulated repositories: who sees them, what changes them, with whom they are shared."""

import pytest

from tests.connectors.github_callers import ORG, anonymous, caller, logins, recorded
from tests.sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.exchange import Json
from tests.sandbox.github import OWNER, SERVICE_OWNER
from tests.sandbox.github.repository import Repository
from tests.sandbox.github.seed_repositories import public_key

REPO = "/repos/contoso-dev"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def owner(sandbox: Sandbox) -> Caller:
    return caller(sandbox, SERVICE_OWNER)


def named(sandbox: Sandbox, name: str) -> Repository:
    found = sandbox.github.organisation().repository(name)
    assert found is not None
    return found


def names(call: Caller, query: str = "") -> list[str]:
    return [row["name"] for reply in call.pages(f"{ORG}/repos{query}") for row in reply.json()]


# -- who sees what


def test_there_are_as_many_repositories_as_the_fact_sheet_says(owner: Caller) -> None:
    rows: list[Json] = [row for reply in owner.pages(f"{ORG}/repos?per_page=7") for row in reply.json()]
    visibilities = [row["visibility"] for row in rows]
    assert {each: visibilities.count(each) for each in visibilities} == {"public": 3, "internal": 4, "private": 15}
    assert [row["name"] for row in rows if row["archived"]] == ["legacy-crm", "website-2019"]
    assert [row["name"] for row in rows if row["pushed_at"] is None] == ["brand-new-thing"]
    assert any(row["id"] > 2**31 for row in rows)
    assert sum(len(owner.get(f"{REPO}/{row['name']}/keys").json()) for row in rows) == 6


def test_without_the_scope_repo_only_public_ones_exist(sandbox: Sandbox, owner: Caller) -> None:
    plain = caller(sandbox, SERVICE_OWNER, "admin:org")
    assert set(names(plain)) == {"docs", "contoso-sdk-js", "design-tokens"}
    assert plain.get(f"{REPO}/storefront").status == 404
    assert plain.get(f"{REPO}/docs").status == 200
    assert plain("PATCH", f"{REPO}/docs", {"description": "x"}).status == 404


def test_outsiders_see_what_is_shared_with_them(sandbox: Sandbox) -> None:
    lena = caller(sandbox, "fab-lena")
    assert set(names(lena)) == {"docs", "contoso-sdk-js", "design-tokens", "partner-portal"}
    assert lena.get(f"{REPO}/platform-charts").status == 404
    assert set(names(lena, "?type=member")) == {"docs", "partner-portal"}


@pytest.mark.parametrize(
    ("query", "count"),
    [("?type=internal", 4), ("?type=private", 19), ("?type=forks", 0), ("?type=sources", 22)],
)
def test_types_choose(owner: Caller, query: str, count: int) -> None:
    assert len(names(owner, query)) == count


def test_the_order_is_the_newest_first_unless_asked_otherwise(owner: Caller) -> None:
    assert names(owner, "?sort=pushed&direction=desc")[0] == "storefront"
    assert names(owner, "?sort=pushed&direction=desc")[-1] == "brand-new-thing"
    assert names(owner, "?sort=full_name") == sorted(names(owner))
    assert names(owner, "?sort=created&direction=asc") == names(owner, "?sort=created")[::-1]
    assert owner.get(f"{ORG}/repos?sort=size").status == 422


def test_security_settings_show_to_administrators_only(sandbox: Sandbox, owner: Caller) -> None:
    assert "security_and_analysis" in owner.get(f"{REPO}/docs").json()
    row = caller(sandbox, "mkowalczyk").get(f"{REPO}/docs").json()
    assert "security_and_analysis" not in row
    assert row["permissions"] == {"admin": False, "maintain": False, "push": False, "triage": True, "pull": True}
    assert "permissions" not in anonymous(sandbox).get(f"{REPO}/docs").json()


# -- changes


def test_making_a_repository_private_is_recorded_and_loses_stars(sandbox: Sandbox, owner: Caller) -> None:
    before = owner.get(f"{REPO}/docs").json()
    after = owner("PATCH", f"{REPO}/docs", {"visibility": "private"}).json()
    assert (before["stargazers_count"], after["stargazers_count"], after["private"]) == (412, 0, True)
    assert after["updated_at"] > before["updated_at"]
    [event] = recorded(sandbox)
    assert (event["action"], event["repo"]) == ("repo.access", "contoso-dev/docs")
    assert (event["visibility"], event["previous_visibility"]) == ("private", "public")
    again = owner("PATCH", f"{REPO}/docs", {"visibility": "private"})
    assert (again.status, again.json()["message"]) == (422, "Visibility is already private.")
    assert owner("PATCH", f"{REPO}/docs", {"private": True}).status == 200


def test_a_policy_may_freeze_or_forbid_a_visibility(sandbox: Sandbox, owner: Caller) -> None:
    named(sandbox, "docs").frozen_visibility = True
    assert owner("PATCH", f"{REPO}/docs", {"visibility": "private"}).status == 422
    sandbox.github.organisation().forbidden_visibilities = {"public"}
    assert owner("PATCH", f"{REPO}/storefront", {"visibility": "public"}).status == 422
    assert owner("PATCH", "/repos/fabrikam-oss/toolkit", {"visibility": "internal"}).status == 422


def test_an_archived_repository_refuses_everything_but_waking_up(sandbox: Sandbox, owner: Caller) -> None:
    changes: list[tuple[str, str, Json]] = [
        ("PATCH", "", {"visibility": "public"}),
        ("PUT", "/collaborators/fab-omar", {}),
        ("DELETE", "/collaborators/fab-omar", None),
        ("POST", "/keys", {"key": public_key("x")}),
        ("PUT", "/contents/x.md", {"message": "x", "content": ""}),
    ]
    for method, rest, body in changes:
        reply = owner(method, f"{REPO}/legacy-crm{rest}", body)
        assert (reply.status, reply.json()["message"]) == (403, "Repository was archived so is read-only.")
    assert owner("PATCH", f"{REPO}/legacy-crm", {"archived": False}).json()["archived"] is False
    assert recorded(sandbox)[0]["action"] == "repo.unarchived"
    assert owner("PATCH", f"{REPO}/legacy-crm", {"visibility": "internal", "archived": True}).json()["archived"]
    assert [each["action"] for each in recorded(sandbox, 2)] == ["repo.access", "repo.archived"]
    assert owner("PATCH", f"{REPO}/legacy-crm", {"archived": True}).status == 200
    assert recorded(sandbox)[0]["action"] == "repo.archived"


def test_only_an_administrator_changes_a_repository(sandbox: Sandbox) -> None:
    writer = caller(sandbox, "jmueller")
    refused = writer("PATCH", f"{REPO}/storefront", {"archived": True})
    assert (refused.status, refused.json()["message"]) == (403, "Must have admin rights to Repository.")
    assert caller(sandbox, "zoe-builds")("PATCH", f"{REPO}/release-tools", {"description": "x"}).status == 200
    assert caller(sandbox, "contoso-deploy-svc").get(f"{REPO}/storefront/keys").status == 200


def test_the_old_name_leads_to_the_new_one_with_everything_below_it(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("PATCH", f"{REPO}/storefront", {"name": "shop"}).json()["full_name"] == "contoso-dev/shop"
    assert recorded(sandbox)[0]["old_name"] == "storefront"
    moved = owner.get(f"{REPO}/storefront/keys?per_page=1")
    assert moved.status == 301
    assert moved.headers["location"] == "https://api.github.com/repositories/301446002/keys?per_page=1"
    assert moved.json()["url"] == moved.headers["location"]
    assert owner.get(moved.headers["location"]).json()[0]["title"] == "preview environments"
    assert owner("PATCH", f"{REPO}/storefront", {"archived": True}).status == 307
    assert not named(sandbox, "shop").is_archived
    assert caller(sandbox, "fab-omar").get(f"{REPO}/storefront").status == 404


def test_a_name_that_is_taken_is_refused(owner: Caller) -> None:
    assert owner("PATCH", f"{REPO}/storefront", {"name": "docs"}).status == 422
    assert owner("PATCH", f"{REPO}/storefront", {"name": "no spaces"}).status == 422


def test_deleting_needs_a_scope_of_its_own(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{REPO}/storefront").status == 403
    assert caller(sandbox, SERVICE_OWNER, "repo", "delete_repo")("DELETE", f"{REPO}/storefront").status == 204
    assert owner.get(f"{REPO}/storefront").status == 404
    assert recorded(sandbox)[0]["action"] == "repo.destroy"


# -- sharing


def test_affiliations_are_outside_by_name_and_everybody(owner: Caller) -> None:
    people = f"{REPO}/billing-api/collaborators"
    assert logins(owner, f"{people}?affiliation=outside") == ["priya-freelance"]
    assert set(logins(owner, f"{people}?affiliation=direct")) == {"priya-freelance", "obrien-c"}
    assert len(logins(owner, people)) == 15
    rows = {row["login"]: row for row in owner.get(people).json()}
    assert rows["obrien-c"]["role_name"] == "maintain"
    assert rows["jmueller"]["permissions"]["push"]
    assert rows["asingh"]["role_name"] == "maintain"
    assert rows["mhartmann"]["role_name"] == "read"
    assert rows["contoso-deploy-svc"]["role_name"] == "admin"
    assert set(logins(owner, f"{people}?permission=admin")) == {SERVICE_OWNER, OWNER, "contoso-deploy-svc"}


def test_a_custom_role_reaches_as_far_as_its_base(owner: Caller) -> None:
    rows = {row["login"]: row for row in owner.get(f"{REPO}/ml-pipelines/collaborators").json()}
    assert rows["nguyenta"]["role_name"] == "release-manager"
    assert (rows["nguyenta"]["permissions"]["push"], rows["nguyenta"]["permissions"]["maintain"]) == (True, False)
    assert owner.get(f"{REPO}/ml-pipelines/collaborators/nguyenta/permission").json()["permission"] == "write"


def test_readers_may_not_list_collaborators(sandbox: Sandbox) -> None:
    assert caller(sandbox, "mkowalczyk").get(f"{REPO}/docs/collaborators").status == 403


def test_an_outsider_is_invited_and_a_member_let_in_at_once(sandbox: Sandbox, owner: Caller) -> None:
    invited = owner("PUT", f"{REPO}/storefront/collaborators/fab-newhire", {"permission": "maintain"})
    assert (invited.status, invited.json()["permissions"]) == (201, "maintain")
    assert recorded(sandbox)[0]["action"] == "repository_invitation.create"
    assert len(owner.get(f"{REPO}/storefront/invitations").json()) == 1
    assert owner("PUT", f"{REPO}/storefront/collaborators/mkowalczyk", {"permission": "admin"}).status == 204
    assert recorded(sandbox)[0]["action"] == "repo.add_member"
    named(sandbox, "storefront").accept_invitation(sandbox.github.state.person("fab-newhire"))
    assert "fab-newhire" in logins(owner, f"{ORG}/outside_collaborators")
    assert owner.get(f"{REPO}/storefront/invitations").json() == []


def test_a_removed_collaborator_who_has_nothing_else_is_no_outsider_any_more(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{REPO}/partner-portal/collaborators/fab-lena").status == 204
    assert recorded(sandbox)[0]["action"] == "repo.remove_member"
    assert "fab-lena" in logins(owner, f"{ORG}/outside_collaborators")
    assert owner("DELETE", f"{REPO}/docs/collaborators/fab-lena").status == 204
    assert "fab-lena" not in logins(owner, f"{ORG}/outside_collaborators")
    assert owner("DELETE", f"{REPO}/docs/collaborators/fab-lena").status == 204


def test_removing_an_invited_person_cancels_the_invitation(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("DELETE", f"{REPO}/partner-portal/collaborators/fab-newhire").status == 204
    assert owner.get(f"{REPO}/partner-portal/invitations").json() == []
    assert recorded(sandbox)[0]["action"] == "repository_invitation.cancel"


def test_an_old_invitation_is_shown_as_expired(sandbox: Sandbox, owner: Caller) -> None:
    assert owner.get(f"{REPO}/partner-portal/invitations").json()[0]["expired"] is False
    sandbox.clock.advance(8 * 86_400)
    assert owner.get(f"{REPO}/partner-portal/invitations").json()[0]["expired"] is True


def test_enterprise_managed_organisations_and_blocks_keep_outsiders_out(sandbox: Sandbox, owner: Caller) -> None:
    assert owner("PUT", f"{REPO}/storefront/collaborators/crypto-faucet-9000").status == 422
    sandbox.github.organisation().is_enterprise_managed = True
    assert owner("PUT", f"{REPO}/storefront/collaborators/fab-omar").status == 422


def test_a_converted_member_keeps_what_the_teams_gave(sandbox: Sandbox, owner: Caller) -> None:
    owner("PUT", f"{ORG}/outside_collaborators/obrien-c", {"async": False})
    assert "obrien-c" in logins(owner, f"{REPO}/data-lake/collaborators?affiliation=outside")
    owner("DELETE", f"{ORG}/outside_collaborators/obrien-c")
    assert logins(owner, f"{REPO}/data-lake/collaborators?affiliation=outside") == []


def test_teams_of_a_repository_come_and_go(sandbox: Sandbox, owner: Caller) -> None:
    assert [row["permission"] for row in owner.get(f"{REPO}/billing-api/teams").json()] == ["push", "maintain"]
    target = f"{ORG}/teams/platform/repos/contoso-dev/billing-api"
    assert owner("PUT", target, {"permission": "admin"}).status == 204
    assert recorded(sandbox)[0]["action"] == "team.add_repository"
    assert "asingh" in logins(owner, f"{REPO}/billing-api/collaborators?permission=admin")
    assert owner("DELETE", target).status == 204
    assert recorded(sandbox)[0]["action"] == "team.remove_repository"
    hidden = caller(sandbox, "jmueller").get(f"{REPO}/incident-notes/teams").json()
    assert hidden == []


# -- deploy keys


def test_a_deleted_deploy_key_comes_back_with_another_id(sandbox: Sandbox, owner: Caller) -> None:
    saved = owner.get(f"{REPO}/infra-live/keys/90114001").json()
    assert saved["read_only"] is False
    assert owner("DELETE", f"{REPO}/infra-live/keys/90114001").status == 204
    assert recorded(sandbox)[0]["action"] == "public_key.delete"
    assert owner("DELETE", f"{REPO}/infra-live/keys/90114001").status == 404
    again = owner("POST", f"{REPO}/infra-live/keys", {name: saved[name] for name in ("title", "key", "read_only")})
    assert (again.status, again.json()["key"], again.json()["last_used"]) == (201, saved["key"], None)
    assert again.json()["id"] != saved["id"]
    assert again.json()["added_by"] == SERVICE_OWNER


def test_one_key_serves_one_repository(owner: Caller) -> None:
    key = owner.get(f"{REPO}/infra-live/keys").json()[0]["key"]
    refused = owner("POST", f"{REPO}/storefront/keys", {"key": key})
    assert refused.json()["errors"][0]["message"] == "key is already in use"


def test_deploy_keys_are_for_administrators(sandbox: Sandbox) -> None:
    assert caller(sandbox, "jmueller").get(f"{REPO}/storefront/keys").status == 403


# -- doors


def test_closed_doors_hold_for_repositories_but_not_for_public_ones(sandbox: Sandbox, owner: Caller) -> None:
    sandbox.github.organisation().is_saml_enforced = True
    refused = owner.get(f"{REPO}/storefront")
    assert refused.headers["x-github-sso"].startswith("required; url=https://github.com/orgs/contoso-dev/sso?")
    assert owner.get(f"{REPO}/docs").status == 200
    assert caller(sandbox, "fab-lena").get(f"{REPO}/partner-portal").status == 200


def test_a_renamed_organisation_keeps_its_id_and_leads_on_to_its_repositories_alone(
    sandbox: Sandbox, owner: Caller
) -> None:
    organisation = sandbox.github.organisation()
    organisation.rename("contoso-labs", sandbox.github.state.actor(OWNER))
    assert owner.get("/orgs/contoso-labs").json()["id"] == 148_205_311
    assert owner.get(ORG).status == 404
    moved = owner.get(f"{REPO}/storefront/keys")
    assert (moved.status, moved.headers["location"]) == (301, "https://api.github.com/repositories/301446002/keys")
    assert owner.get(moved.headers["location"]).status == 200
    assert owner.get("/repos/contoso-labs/storefront").status == 200
    event = sandbox.github.organisation("contoso-labs").audit.entries[-1].event
    assert (event["action"], event["org"]) == ("org.rename", "contoso-labs")
