"""GitHub's recorded answers, and what they must become.

Some were changed by those who published them, which is undone here: panther's events carry fields of their own that
begin with p_, `@timestamp` is renamed, times are text, and events that were shortened have none; a team's list lacks
the slug.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.base import (
    Account,
    AccountStatus,
    Activity,
    BadResponse,
    Collaborator,
    ConnectorError,
    Credential,
    CredentialsRejected,
    Exposure,
    File,
    Grant,
    Group,
    Membership,
    OAuthApp,
    Outcome,
    PermissionMissing,
    RateLimited,
    TargetGone,
    Unavailable,
)
from tests.connectors.corpus import Recording, Refused, Row, Said, lines

Json = dict[str, Any]

SHORTENED = datetime(2022, 1, 1, tzinfo=UTC)
NO_GRAPHQL = Said("POST", "/graphql", {"errors": [{"type": "FORBIDDEN", "message": "not recorded"}]})
OWNER = Said("GET", "/user/memberships/orgs/[^/]+", {"state": "active", "role": "admin"})
EMPTY = Said("GET", "/orgs/[^/]+/(members|outside_collaborators|invitations|teams)", [])
ERRORS: dict[int, type[ConnectorError]] = {
    301: TargetGone,
    307: TargetGone,
    400: BadResponse,
    401: CredentialsRejected,
    403: PermissionMissing,
    404: TargetGone,
    422: BadResponse,
    502: Unavailable,
}


def recordings(folder: Path) -> Iterator[Recording]:
    examples = {each["operation"]: each["body"] for each in lines(folder / "openapi_examples.jsonl")}
    taken = lines(folder / "pygithub_recorded.jsonl")
    yield _events("panther", [_restored(each["event"]) for each in lines(folder / "panther_audit_events.ndjson")])
    yield _events("grove", json.loads((folder / "grove_git_events.json").read_text(encoding="utf-8")))
    yield _events("described events", examples["GET /orgs/{org}/audit-log"])
    members = [*_bodies(taken, "GET", "/orgs/BeaverSoftware/members"), examples["GET /orgs/{org}/members"]]
    yield _people("members", "members", [user for page in members for user in page], is_external=False)
    outside = _bodies(taken, "GET", "/orgs/BeaverSoftware/outside_collaborators")
    yield _people("outside collaborators", "outside_collaborators", outside[0], is_external=True)
    yield _invitations(taken, "invitations", AccountStatus.PENDING)
    yield _invitations(taken, "failed_invitations", AccountStatus.EXPIRED)
    teams = [*_bodies(taken, "GET", "/organizations/1234567/team/12345678/teams"), examples["GET /orgs/{org}/teams"]]
    people = _bodies(taken, "GET", "/organizations/1234567/team/12345678/members")
    yield _teams([_slugged(team) for page in teams for team in page], [user for page in people for user in page])
    yield _repositories(_bodies(taken, "GET", "/orgs/BeaverSoftware/repos")[0])
    yield _sharing(taken, lines(folder / "octokit_fixtures.jsonl"), examples)
    yield _installations(examples["GET /orgs/{org}/installations"])
    yield _authorizations(examples["GET /orgs/{org}/credential-authorizations"])
    yield _tokens(examples["GET /orgs/{org}/personal-access-tokens"])
    yield _organisation_hooks(_bodies(taken, "GET", "/orgs/BeaverSoftware/hooks")[0])
    yield _repository_hooks(_bodies(taken, "GET", "/repos/PyGithub/PyGithub/hooks")[0])


def refusals(folder: Path) -> Iterator[Refused]:
    for each in lines(folder / "pygithub_recorded.jsonl"):
        request, response = each["request"], each["response"]
        if response["status"] >= 400:
            yield _refused(each["source"], request["method"], urlsplit(request["url"]).path, response["status"],
                           response["headers"], response["body"])  # fmt: skip
    for each in lines(folder / "octokit_fixtures.jsonl"):
        if each["status"] in ERRORS:
            path = each["path"].partition("?")[0]
            yield _refused(each["scope"], each["method"].upper(), path, each["status"], each["headers"],
                           each["response"])  # fmt: skip


def _refused(source: str, method: str, path: str, status: int, headers: Json, body: Any) -> Refused:
    kept = {name: str(value) for name, value in headers.items() if name.lower() in KEPT or "ratelimit" in name.lower()}
    error = RateLimited if "abuse" in str(body) else ERRORS[status]
    return Refused(f"{source}: {method} {path} {status}", path, Said(method, ".*", body, status, kept), error)


KEPT = ("retry-after", "date", "location", "x-oauth-scopes", "x-accepted-oauth-scopes", "x-github-sso")


def _bodies(taken: list[Json], method: str, path: str) -> list[list[Json]]:
    found = [
        each["response"]["body"]
        for each in taken
        if each["request"]["method"] == method and urlsplit(each["request"]["url"]).path == path
    ]
    assert found, f"{method} {path} is not among the recordings"
    return found


# --- events ---------------------------------------------------------------------------------------------------------


def _events(name: str, events: list[Json]) -> Recording:
    said = Said("GET", "/orgs/[^/]+/audit-log", events)
    return Recording(name, "audit_log", (said,), tuple(_activity(event) for event in events))


def _activity(event: Json) -> Row:
    is_failure = event.get("conclusion") == "failure"
    milliseconds = event["@timestamp"] if "@timestamp" in event else event["created_at"]
    said = {
        "action": event["action"],
        "actor_name": event.get("actor", ""),
        "occurred_at": datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds),
        "outcome": Outcome.FAILURE if is_failure else Outcome.SUCCESS,
        "ip_address": event.get("actor_ip", ""),
        "raw": event,
    }
    return Row(Activity, said)


def _restored(event: Json) -> Json:
    """As GitHub sent it."""
    found = {name: value for name, value in event.items() if not name.startswith("p_")}
    if "at_sign_timestamp" in found:
        found["@timestamp"] = found.pop("at_sign_timestamp")
    for name in ("@timestamp", "created_at"):
        if isinstance(found.get(name), str):
            found[name] = _milliseconds(datetime.fromisoformat(found[name][:26]).replace(tzinfo=UTC))
    if not {"@timestamp", "created_at"} & found.keys():
        found["@timestamp"] = _milliseconds(SHORTENED)
    return found


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


# --- people and teams -----------------------------------------------------------------------------------------------


def _people(name: str, listed: str, users: list[Json], *, is_external: bool) -> Recording:
    query = {"role": "member"} if listed == "members" else {}
    # The lists of those without a second factor, or with a weak one, are not recorded: nobody is in them.
    narrowed = ({"filter": "2fa_disabled"}, {"filter": "2fa_insecure"})
    nobody = (Said("GET", f"/orgs/[^/]+/{listed}", [], query=each) for each in narrowed)
    said = (NO_GRAPHQL, *nobody, Said("GET", f"/orgs/[^/]+/{listed}", users, query=query), EMPTY)
    rows = (
        Row(
            Account,
            {
                "id": str(user["id"]),
                "username": user["login"],
                "is_external": is_external,
                "raw": {**user, "hasTwoFactorEnabled": True, "twoFactorInsecure": False},
            },
        )
        for user in users
    )
    return Recording(name, "accounts", said, tuple(rows))


def _invitations(taken: list[Json], listed_as: str, status: AccountStatus) -> Recording:
    """Of those that failed none was recorded: they are alike, with a time and a reason."""
    failure = {"failed_at": "2021-10-19T05:32:33Z", "failed_reason": "Invitation expired."}
    listed = _bodies(taken, "GET", "/orgs/TestOrganization2072/invitations")[-1]
    made = [
        each["response"]["body"]
        for each in taken
        if each["request"]["url"].endswith("/BeaverSoftware/invitations") and each["response"]["status"] == 201
    ]
    invited = [*listed, *made, *_bodies(taken, "GET", "/teams/2745783/invitations")[0]]
    if status is AccountStatus.EXPIRED:
        invited = [{**each, **failure} for each in invited]
    rows = (
        Row(
            Account,
            {
                "id": f"invitation:{each['id']}",
                "username": each["login"] or "",
                "email": each["email"] or "",
                "status": status,
                "created_at": datetime.fromisoformat(each["created_at"]).astimezone(UTC),
            },
        )
        for each in invited
    )
    said = (NO_GRAPHQL, Said("GET", f"/orgs/[^/]+/{listed_as}", invited), EMPTY)
    return Recording(listed_as.replace("_", " "), "accounts", said, tuple(rows))


def _slugged(team: Json) -> Json:
    return {"slug": team["name"].lower().replace(" ", "-"), **team}


def _teams(teams: list[Json], people: list[Json]) -> Recording:
    groups = (
        Row(
            Group,
            {
                "id": str(team["id"]),
                "name": team["name"],
                "parent_id": str(team["parent"]["id"]) if team["parent"] else "",
            },
        )
        for team in teams
    )
    members = (
        Row(Membership, {"group_id": str(team["id"]), "member_id": str(user["id"])})
        for team in teams
        for user in people
    )
    said = (OWNER, Said("GET", "/orgs/[^/]+/teams/[^/]+/members", people), Said("GET", "/orgs/[^/]+/teams", teams))
    return Recording("teams", "teams", said, (*groups, *members))


# --- repositories ---------------------------------------------------------------------------------------------------


def _repositories(repositories: list[Json]) -> Recording:
    rows = (
        Row(
            File,
            {
                "id": str(each["id"]),
                "name": each["name"],
                "kind": "repository",
                "path": f"{each['owner']['login']}/{each['name']}",
                "exposure": Exposure.PUBLIC,
                "size": each["size"] * 1024,
                "raw": each,
            },
        )
        for each in repositories
    )
    said = Said("GET", "/orgs/[^/]+/repos", repositories)
    return Recording("repositories", "repositories", (said,), tuple(rows))


def _sharing(taken: list[Json], scenarios: list[Json], examples: Json) -> Recording:
    """Of one repository, what was recorded of several."""
    shown = {each["path"].rpartition("/")[2]: each["response"] for each in scenarios if each["method"] == "get"}
    teams: list[Json] = examples["GET /orgs/{org}/teams"]
    people = [*shown["collaborators"], *examples["GET /repos/{owner}/{repo}/collaborators"]]
    people += _bodies(taken, "GET", "/repos/hegde5/PyGithub/collaborators")[0]
    invitations = [*shown["invitations"], *_bodies(taken, "GET", "/repos/PyGithub/PyGithub/invitations")[0]]
    keys: list[Any] = [_bodies(taken, "GET", f"/repos/lra/mackup/keys/{number}")[0] for number in (21870881, 98051552)]
    said = {"collaborators": people, "invitations": invitations, "keys": keys, "teams": teams}
    rows = [
        *(Row(Collaborator, {"account_id": str(each["id"]), "name": each["login"], "raw": each}) for each in people),
        *(
            Row(Collaborator, {"account_id": str(each["invitee"]["id"]), "is_pending": True, "raw": each})
            for each in invitations
        ),
        *(Row(Collaborator, {"name": each["title"], "role": "read", "raw": each}) for each in keys),
        *(Row(Collaborator, {"group_id": str(each["id"]), "role": each["permission"]}) for each in teams),
    ]
    repository = {"id": 7, "full_name": "octo-org/octo-repo"}
    lists = (Said("GET", f"/repositories/7/{name}", listed) for name, listed in said.items())
    return Recording("sharing", "sharing", (Said("GET", "/orgs/[^/]+/repos", [repository]), *lists), tuple(rows))


# --- app permissions ------------------------------------------------------------------------------------------------


def _installations(example: Json) -> Recording:
    rows = []
    for each in example["installations"]:
        scopes = tuple(sorted(f"{name}:{level}" for name, level in each["permissions"].items()))
        rows.append(Row(OAuthApp, {"id": str(each["app_id"]), "scopes": scopes}))
        rows.append(Row(Grant, {"id": f"installation:{each['id']}", "scopes": scopes, "is_active": True, "raw": each}))
    said = Said("GET", "/orgs/[^/]+/installations", example)
    return Recording("installations", "app_permissions", (said,), tuple(rows))


def _authorizations(example: list[Json]) -> Recording:
    rows = (
        Row(
            Credential,
            {
                "id": f"authorization:{each['credential_id']}",
                "kind": each["credential_type"],
                "account_name": each["login"],
                "scopes": tuple(each.get("scopes") or ()),
                "raw": each,
            },
        )
        for each in example
    )
    names = sorted({each["login"] for each in example})
    numbers = {f"user{number}": {"databaseId": number + 1} for number, _ in enumerate(names)}
    said = (
        Said("POST", "/graphql", {"data": numbers}),
        Said("GET", "/orgs/[^/]+/credential-authorizations", example),
    )
    return Recording("credential authorizations", "authorised_credentials", said, tuple(rows))


def _tokens(example: list[Json]) -> Recording:
    rows = (
        Row(
            Credential,
            {
                "id": f"fine_grained_token:{each['id']}",
                "name": each["token_name"],
                "account_id": str(each["owner"]["id"]),
                "is_active": not each["token_expired"],
                "raw": each,
            },
        )
        for each in example
    )
    said = Said("GET", "/orgs/[^/]+/personal-access-tokens", example)
    return Recording("fine-grained tokens", "fine_grained_tokens", (said,), tuple(rows))


def _organisation_hooks(hooks: list[Json]) -> Recording:
    rows = (Row(Credential, {"id": f"webhook:organisation:{each['id']}", "raw": each}) for each in hooks)
    said = Said("GET", "/orgs/[^/]+/hooks", hooks)
    return Recording("webhooks of an organisation", "organisation_webhooks", (said,), tuple(rows))


def _repository_hooks(hooks: list[Json]) -> Recording:
    rows = (Row(Credential, {"id": f"webhook:7:{each['id']}", "file_id": "7", "raw": each}) for each in hooks)
    said = (
        Said("GET", "/orgs/[^/]+/repos", [{"id": 7, "full_name": "octo-org/octo-repo"}]),
        Said("GET", "/repositories/7/hooks", hooks),
    )
    return Recording("webhooks of a repository", "repository_webhooks", said, tuple(rows))
