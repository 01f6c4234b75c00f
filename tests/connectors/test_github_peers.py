"""Clients that we did not write drive the simulated GitHub: PyGithub, and githubkit, a strict judge of bodies."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox import Sandbox
from tests.sandbox.github import OWNER, SERVICE_OWNER

pytestmark = pytest.mark.peers

SCOPES = ["admin:org", "read:audit_log", "read:user"]
WITHOUT = "is not installed: pip install --require-hashes -r requirements-peers.txt"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def pygithub(sandbox: Sandbox) -> Any:
    github = pytest.importorskip("github", reason=f"PyGithub {WITHOUT}")
    token = sandbox.github.state.issue_token(SERVICE_OWNER, SCOPES)
    base_url = sandbox.overrides()["api.github.com"]
    return github.Github(
        base_url=base_url,
        auth=github.Auth.Token(token),
        per_page=5,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


@pytest.fixture
def githubkit(sandbox: Sandbox) -> Any:
    kit = pytest.importorskip("githubkit", reason=f"githubkit {WITHOUT}")
    token = sandbox.github.state.issue_token(SERVICE_OWNER, SCOPES)
    return kit.GitHub(token, base_url=sandbox.overrides()["api.github.com"], auto_retry=False, http_cache=False)


def rest(kit: Any) -> Any:
    """The one edition that requirements-peers.txt holds: github.com without Enterprise Cloud, so without audit log."""
    return kit.rest("2026-03-10")


# -- PyGithub


def test_pygithub_reads_the_organisation_and_the_caller(pygithub: Any) -> None:
    organisation = pygithub.get_organization("contoso-dev")
    assert (organisation.id, organisation.plan.name) == (148_205_311, "enterprise")
    assert pygithub.get_user().login == SERVICE_OWNER
    assert pygithub.get_user(OWNER).name == "Daniel Okafor"


def test_pygithub_follows_pages_of_members(pygithub: Any) -> None:
    organisation = pygithub.get_organization("contoso-dev")
    assert len({member.id for member in organisation.get_members()}) == 14
    assert {member.login for member in organisation.get_members(role="admin")} == {SERVICE_OWNER, OWNER}
    assert len(list(organisation.get_outside_collaborators())) == 3
    assert [invited.login for invited in organisation.invitations()] == ["tbaker", None]


def test_pygithub_walks_nested_teams(pygithub: Any) -> None:
    teams = {team.slug: team for team in pygithub.get_organization("contoso-dev").get_teams()}
    assert len(teams) == 5
    assert teams["site-reliability"].parent.slug == "platform"
    assert {member.login for member in teams["platform"].get_members(role="maintainer")} == {OWNER}
    assert teams["platform"].organization.login == "contoso-dev"
    person = pygithub.get_user("asingh")
    assert teams["platform"].get_team_membership(person).state == "active"


def test_pygithub_reads_the_audit_log_raw(pygithub: Any) -> None:
    headers, events = pygithub.requester.requestJsonAndCheck(
        "GET", "/orgs/contoso-dev/audit-log", parameters={"include": "all", "order": "asc", "per_page": 10}
    )
    assert len(events) == 10
    _, following = pygithub.requester.requestJsonAndCheck("GET", headers["link"].partition(">")[0].lstrip("<"))
    assert following[0] not in events


def test_pygithub_changes_people(sandbox: Sandbox, pygithub: Any) -> None:
    organisation, person = pygithub.get_organization("contoso-dev"), pygithub.get_user("asingh")
    organisation.add_to_members(person, "admin")
    assert person.get_organization_membership(organisation).role == "admin"
    team = organisation.get_team_by_slug("engineering")
    team.add_membership(person, "maintainer")
    team.remove_membership(person)
    organisation.convert_to_outside_collaborator(person)
    organisation.remove_outside_collaborator(person)
    assert not organisation.has_in_members(person)
    assert {each.status for each in sandbox.requests} <= {200, 204, 404}


def test_pygithub_understands_refusals(sandbox: Sandbox, pygithub: Any) -> None:
    github = pytest.importorskip("github", reason=f"PyGithub {WITHOUT}")
    with pytest.raises(github.UnknownObjectException):
        pygithub.get_organization("nobody-here")
    sandbox.faults.add("secondary-rate-limit")
    with pytest.raises(github.RateLimitExceededException):
        pygithub.get_organization("contoso-dev")
    sandbox.github.state.limits["core"] = 1
    with pytest.raises(github.RateLimitExceededException):
        pygithub.get_organization("contoso-dev")
    sandbox.faults.add("unauthorized")
    with pytest.raises(github.BadCredentialsException):
        pygithub.get_organization("contoso-dev")


# -- githubkit


def test_githubkit_accepts_people_and_organisations(githubkit: Any) -> None:
    api = rest(githubkit)
    assert api.orgs.get("contoso-dev").parsed_data.plan.name == "enterprise"
    assert api.users.get_authenticated().parsed_data.login == SERVICE_OWNER
    assert api.users.get_by_username("sato-h").parsed_data.name is None
    members = list(githubkit.rest.paginate(api.orgs.list_members, org="contoso-dev", per_page=4))
    assert len({member.id for member in members}) == 14
    assert api.orgs.get_membership_for_user("contoso-dev", "tbaker").parsed_data.state == "pending"
    assert api.orgs.get_membership_for_authenticated_user("contoso-dev").parsed_data.role == "admin"
    assert len(api.orgs.list_pending_invitations("contoso-dev").parsed_data) == 2
    assert len(api.orgs.list_failed_invitations("contoso-dev").parsed_data) == 1
    assert len(api.orgs.list_outside_collaborators("contoso-dev").parsed_data) == 3
    assert len(api.orgs.list_blocked_users("contoso-dev").parsed_data) == 1


def test_githubkit_accepts_teams_and_roles(githubkit: Any) -> None:
    api = rest(githubkit)
    assert len(api.teams.list("contoso-dev").parsed_data) == 5
    assert api.teams.get_by_name("contoso-dev", "site-reliability").parsed_data.parent.slug == "platform"
    assert len(api.teams.list_members_in_org("contoso-dev", "platform").parsed_data) == 4
    assert len(api.orgs.list_org_role_users("contoso-dev", 138).parsed_data) == 2
    assert len(api.orgs.list_org_role_teams("contoso-dev", 138).parsed_data) == 1


def test_githubkit_reads_the_audit_log_raw(githubkit: Any) -> None:
    parameters = {"include": "all", "order": "asc", "per_page": 100}
    events = githubkit.request("GET", "/orgs/contoso-dev/audit-log", params=parameters).json()
    assert len(events) == 100
    assert all(event["action"] for event in events)


def test_githubkit_reads_members_by_graphql(githubkit: Any) -> None:
    text = (
        "query($o:String!,$cursor:String){organization(login:$o){membersWithRole(first:6,after:$cursor){"
        "pageInfo{hasNextPage endCursor} edges{role node{login}}}}}"
    )
    pages = list(githubkit.graphql.paginate(text, variables={"o": "contoso-dev"}))
    edges = [edge for page in pages for edge in page["organization"]["membersWithRole"]["edges"]]
    assert len({edge["node"]["login"] for edge in edges}) == 14


def test_githubkit_understands_limits(sandbox: Sandbox, githubkit: Any) -> None:
    exception = pytest.importorskip("githubkit.exception", reason=f"githubkit {WITHOUT}")
    sandbox.faults.add("secondary-rate-limit", retry_after=9)
    with pytest.raises(exception.SecondaryRateLimitExceeded) as caught:
        rest(githubkit).orgs.get("contoso-dev")
    assert caught.value.retry_after.total_seconds() == 9
