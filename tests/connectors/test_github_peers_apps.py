"""Clients that we did not write drive the simulated repositories, hooks, keys, apps and products."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.github_callers import ALL_SCOPES
from tests.sandbox import Sandbox
from tests.sandbox.github import RESIDENCY, SERVER, SERVICE_OWNER, seed_apps
from tests.sandbox.github.seed_repositories import public_key

pytestmark = pytest.mark.peers

WITHOUT = "is not installed: pip install --require-hashes -r requirements-peers.txt"
EDITION = "2026-03-10"
HOOK = {"url": "https://portal.contoso.example/in", "content_type": "json", "secret": "s", "insecure_ssl": "0"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


def pygithub_at(sandbox: Sandbox, host: str, site_id: str, login: str = SERVICE_OWNER, prefix: str = "") -> Any:
    github = pytest.importorskip("github", reason=f"PyGithub {WITHOUT}")
    token = sandbox.github_at(site_id).state.issue_token(login, list(ALL_SCOPES))
    return github.Github(
        base_url=sandbox.overrides()[host] + prefix,
        auth=github.Auth.Token(token),
        per_page=5,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


@pytest.fixture
def pygithub(sandbox: Sandbox) -> Any:
    return pygithub_at(sandbox, "api.github.com", "github")


@pytest.fixture
def githubkit(sandbox: Sandbox) -> Any:
    kit = pytest.importorskip("githubkit", reason=f"githubkit {WITHOUT}")
    token = sandbox.github.state.issue_token(SERVICE_OWNER, list(ALL_SCOPES))
    return kit.GitHub(token, base_url=sandbox.overrides()["api.github.com"], auto_retry=False, http_cache=False)


@pytest.fixture
def installed_kit(sandbox: Sandbox) -> Any:
    """githubkit signs the assertion and asks for the installation token by itself."""
    kit = pytest.importorskip("githubkit", reason=f"githubkit {WITHOUT}")
    key = sandbox.github.state.apps[seed_apps.APP_ID].generate_key()
    auth = kit.AppInstallationAuthStrategy(seed_apps.APP_ID, key, 61_440_118)
    return kit.GitHub(auth, base_url=sandbox.overrides()["api.github.com"], auto_retry=False, http_cache=False)


# -- PyGithub


def test_pygithub_reads_repositories_and_who_shares_them(pygithub: Any) -> None:
    organisation = pygithub.get_organization("contoso-dev")
    repositories = {each.name: each for each in organisation.get_repos(type="all", sort="pushed")}
    assert len(repositories) == 22
    assert repositories["legacy-crm"].archived
    portal = repositories["partner-portal"]
    assert [each.login for each in portal.get_collaborators(affiliation="outside")] == ["fab-lena"]
    assert [each.invitee.login for each in portal.get_pending_invitations()] == ["fab-newhire"]
    assert {each.slug for each in repositories["billing-api"].get_teams()} == {"engineering", "site-reliability"}
    assert portal.get_collaborator_permission("fab-lena") == "write"
    tree = repositories["storefront"].get_git_tree("main", recursive=True)
    assert "src/settings/defaults.env" in [each.path for each in tree.tree]


def test_pygithub_changes_a_repository(sandbox: Sandbox, pygithub: Any) -> None:
    repository = pygithub.get_repo("contoso-dev/docs")
    repository.edit(visibility="private")
    repository.edit(archived=True)
    assert pygithub.get_repo("contoso-dev/docs").archived
    repository.edit(archived=False)
    repository.remove_from_collaborators("fab-lena")
    invitation = repository.add_to_collaborators("fab-omar", permission="pull")
    assert invitation.invitee.login == "fab-omar"
    repository.remove_invitation(invitation.id)
    repository.edit(name="handbook")
    assert pygithub.get_repo("contoso-dev/docs").full_name == "contoso-dev/handbook"


def test_pygithub_writes_files(pygithub: Any) -> None:
    repository = pygithub.get_repo("contoso-dev/storefront")
    readme = repository.get_contents("README.md")
    done = repository.update_file("README.md", "Change", "hidden away", readme.sha)
    assert repository.get_contents("README.md").decoded_content == b"hidden away"
    repository.delete_file("README.md", "Drop", done["content"].sha)
    assert repository.get_git_blob(readme.sha).sha == readme.sha


def test_pygithub_keeps_deploy_keys_and_hooks(pygithub: Any) -> None:
    repository = pygithub.get_repo("contoso-dev/storefront")
    assert [key.title for key in repository.get_keys()] == ["preview environments"]
    made = repository.create_key("again", public_key("again"), read_only=True)
    assert repository.get_key(made.id).read_only
    made.delete()
    organisation = pygithub.get_organization("contoso-dev")
    hook = organisation.create_hook("web", HOOK, ["member", "repository"], active=True)
    assert [each.id for each in organisation.get_hooks()] == [hook.id]
    hook.edit("web", HOOK, events=["member"])
    hook.ping()
    [newest, *_] = organisation.get_hook_deliveries(hook.id)
    assert (newest.event, newest.status) == ("ping", "OK")
    hook.delete()
    assert len(list(pygithub.get_repo("contoso-dev/billing-api").get_hooks())) == 1


def test_pygithub_lists_installations(pygithub: Any) -> None:
    found = {each.app_slug: each for each in pygithub.get_organization("contoso-dev").get_installations()}
    assert len(found) == 4
    assert found["old-ci"].suspended_at is not None


def test_pygithub_signs_in_as_an_app(sandbox: Sandbox) -> None:
    github = pytest.importorskip("github", reason=f"PyGithub {WITHOUT}")
    key = sandbox.github.state.apps[seed_apps.APP_ID].generate_key()
    base_url = sandbox.overrides()["api.github.com"]
    auth = github.Auth.AppAuth(seed_apps.APP_ID, key)
    integration = github.GithubIntegration(auth=auth, base_url=base_url, retry=None, seconds_between_requests=0)
    assert integration.get_app().slug == seed_apps.APP_SLUG
    installation = integration.get_org_installation("contoso-dev")
    token = integration.get_access_token(installation.id, permissions={"members": "read"})
    assert token.permissions == {"metadata": "read", "members": "read"}
    as_app = integration.get_github_for_installation(installation.id)
    assert len(list(as_app.get_organization("contoso-dev").get_members())) == 14


@pytest.mark.parametrize(
    ("host", "site_id", "login", "prefix"),
    [
        (RESIDENCY.api_host, RESIDENCY.id, f"{SERVICE_OWNER}_ctso", ""),
        (SERVER.api_host, SERVER.id, SERVICE_OWNER, "/api/v3"),
    ],
)
def test_pygithub_reads_the_other_products(sandbox: Sandbox, host: str, site_id: str, login: str, prefix: str) -> None:
    organisation = pygithub_at(sandbox, host, site_id, login, prefix).get_organization("contoso-dev")
    assert len({member.id for member in organisation.get_members()}) == 14
    assert len({each.id for each in organisation.get_repos()}) == 22


# -- githubkit


def test_githubkit_accepts_repositories_and_what_hangs_on_them(githubkit: Any) -> None:
    api = githubkit.rest(EDITION)
    rows = list(githubkit.rest.paginate(api.repos.list_for_org, org="contoso-dev", per_page=9))
    assert len({row.id for row in rows}) == 22
    assert api.repos.get("contoso-dev", "docs").parsed_data.visibility == "public"
    outside = api.repos.list_collaborators("contoso-dev", "partner-portal", affiliation="outside").parsed_data
    assert [row.role_name for row in outside] == ["write"]
    assert len(api.repos.list_invitations("contoso-dev", "partner-portal").parsed_data) == 1
    assert len(api.repos.list_teams("contoso-dev", "billing-api").parsed_data) == 2
    assert len(api.repos.list_deploy_keys("contoso-dev", "infra-live").parsed_data) == 1
    assert len(api.repos.list_webhooks("contoso-dev", "billing-api").parsed_data) == 1
    assert len(api.repos.list_activities("contoso-dev", "storefront").parsed_data) == 2
    assert api.git.get_tree("contoso-dev", "storefront", "main", recursive="1").parsed_data.truncated is False
    assert api.repos.get_content("contoso-dev", "storefront", "README.md").parsed_data.encoding == "base64"
    assert len(api.activity.list_public_org_events("contoso-dev").parsed_data) > 0


def test_githubkit_accepts_hooks_and_installations(githubkit: Any) -> None:
    api = githubkit.rest(EDITION)
    made = api.orgs.create_webhook("contoso-dev", data={"name": "web", "config": HOOK, "events": ["member"]})
    hook = made.parsed_data
    assert [row.id for row in api.orgs.list_webhooks("contoso-dev").parsed_data] == [hook.id]
    deliveries = api.orgs.list_webhook_deliveries("contoso-dev", hook.id).parsed_data
    assert [row.event for row in deliveries] == ["ping"]
    assert api.orgs.get_webhook_delivery("contoso-dev", hook.id, deliveries[0].id).parsed_data.status == "OK"
    assert api.orgs.delete_webhook("contoso-dev", hook.id).status_code == 204
    assert api.orgs.list_app_installations("contoso-dev").parsed_data.total_count == 4


def test_githubkit_signs_in_as_an_app(installed_kit: Any) -> None:
    api = installed_kit.rest(EDITION)
    assert len(api.orgs.list_members("contoso-dev").parsed_data) == 14
    assert len(api.orgs.list_pat_grants("contoso-dev").parsed_data) == 3
    assert len(api.orgs.list_pat_grant_requests("contoso-dev").parsed_data) == 2
    assert api.apps.list_repos_accessible_to_installation().parsed_data.total_count == 22
    as_app = installed_kit.with_auth(installed_kit.auth.as_app())
    api = as_app.rest(EDITION)
    assert api.apps.get_authenticated().parsed_data.slug == seed_apps.APP_SLUG
    assert api.apps.get_org_installation("contoso-dev").parsed_data.id == 61_440_118


def test_githubkit_reads_an_enterprise_server(sandbox: Sandbox) -> None:
    kit = pytest.importorskip("githubkit", reason=f"githubkit {WITHOUT}")
    token = sandbox.github_at(SERVER.id).state.issue_token(SERVICE_OWNER, list(ALL_SCOPES))
    base_url = sandbox.overrides()[SERVER.api_host] + "/api/v3"
    server = kit.GitHub(token, base_url=base_url, auto_retry=False, http_cache=False)
    api = server.rest(EDITION)
    assert len(api.orgs.list_members("contoso-dev").parsed_data) == 14
    assert len(api.repos.list_deploy_keys("contoso-dev", "infra-live").parsed_data) == 1
