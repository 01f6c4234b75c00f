"""The teams of a person: found, left and joined again."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice
from typing import Any

from connectors.base import Client, Gone, Membership, NotAvailable, Record, link_pages
from connectors.github import mapping
from connectors.github.reading import PER_PAGE, document, organisation_path, rows

MOST_TEAMS = 300
"""A person's teams are found by asking team after team, GitHub has no list of them by person."""

Team = Mapping[str, Any]
"""{id, slug, name, role}; the id survives renaming, the slug does not."""


def teams_of(client: Client, login: str) -> tuple[list[Team], bool]:
    """Teams the person was put into, not those that only a child team brings along; and whether these are all."""
    found: list[tuple[Mapping[str, Any], str]] = []
    listed = list(islice(_every(client), MOST_TEAMS + 1))
    for team in listed[:MOST_TEAMS]:
        answer = client.get(_path(client, team["slug"], login), expect=(404,))
        if answer.status != 404:
            found.append((team, str(document(answer, "role")["role"])))
    parents = {(team.get("parent") or {}).get("id") for team, _ in found}
    teams: list[Team] = [
        {"id": str(team["id"]), "slug": team["slug"], "name": team["name"], "role": role}
        for team, role in found
        if team["id"] not in parents or _is_direct(client, team, login)
    ]
    return teams, len(listed) <= MOST_TEAMS


def leave(client: Client, teams: Sequence[Team], login: str) -> list[str]:
    """Takes the person out of these teams; the names of those that GitHub does not let anybody change."""
    slugs, kept = slugs_now(client, {team["id"] for team in teams}), []
    for team in teams:
        if team["id"] in slugs and not _left(client, slugs[team["id"]], login):
            kept.append(str(team["name"]))
    return kept


def join(client: Client, teams: Sequence[Team], login: str) -> list[str]:
    """Puts the person into these teams, each with its role; the names of those that are still there."""
    slugs = slugs_now(client, {team["id"] for team in teams})
    back = [team for team in teams if team["id"] in slugs]
    for team in back:
        client.put(_path(client, slugs[team["id"]], login), json={"role": team["role"]}, expect=(404,))
    return [str(team["name"]) for team in back]


def is_in_all(client: Client, teams: Sequence[Team], login: str) -> bool:
    """Whether the person is in each of these teams that is still there, or will be on accepting the invitation."""
    slugs = slugs_now(client, {team["id"] for team in teams}).values()
    return all(client.get(_path(client, slug, login), expect=(404,)).status != 404 for slug in slugs)


def memberships_now(client: Client, teams: Sequence[Team], account_id: str) -> Iterator[Record]:
    """Whether the person is in these teams, also through teams below them."""
    slugs = slugs_now(client, {team["id"] for team in teams})
    for team in teams:
        path = organisation_path(client, f"/teams/{slugs.get(team['id'], team['slug'])}/members")
        pages = link_pages(client, path, PER_PAGE, expect=(404,))
        listed = [row for answer in pages if answer.status != 404 for row in rows(answer, "id", "login")]
        row = next((each for each in listed if str(each["id"]) == account_id), None)
        if row is not None:
            yield mapping.team_member(str(team["id"]), row)
        else:
            yield not_in(team, account_id)


def not_in(team: Team, account_id: str) -> Gone:
    return Gone(Membership, Membership(group_id=str(team["id"]), member_id=account_id).id)


def counted(teams: Sequence[Team]) -> str:
    """"2 teams: Platform, Security", for a sentence."""
    names = [str(team["name"]) for team in teams]
    if not names:
        return "no team"
    return f"{len(names)} team{'s' if len(names) > 1 else ''}: {', '.join(names[:10])}"


def _every(client: Client) -> Iterator[Mapping[str, Any]]:
    for answer in link_pages(client, organisation_path(client, "/teams"), PER_PAGE):
        yield from rows(answer, "id", "slug", "name")


def slugs_now(client: Client, team_ids: Set[str]) -> dict[str, str]:
    """Id to slug of today, for those of the teams that are still there."""
    if not team_ids:
        return {}
    return {str(team["id"]): str(team["slug"]) for team in _every(client) if str(team["id"]) in team_ids}


def _is_direct(client: Client, team: Mapping[str, Any], login: str) -> bool:
    """Whether a member of a parent team is in it by itself; older servers do not tell."""
    path = organisation_path(client, f"/teams/{team['slug']}/members")
    people = (row for answer in link_pages(client, path, PER_PAGE) for row in rows(answer, "login"))
    return any(row["login"].lower() == login.lower() and row.get("inherited") is False for row in people)


def _left(client: Client, slug: str, login: str) -> bool:
    """False where the team's members come from an identity provider: GitHub then refuses every change."""
    try:
        client.delete(_path(client, slug, login), expect=(404,))
    except NotAvailable:
        return False
    return True


def _path(client: Client, slug: str, login: str) -> str:
    return organisation_path(client, f"/teams/{slug}/memberships/{login}")
