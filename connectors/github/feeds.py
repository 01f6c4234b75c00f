"""What is read from GitHub: accounts, teams, the audit log.

Addresses of next pages are followed as GitHub gives them, and kept in the cursor: a run goes on where it stopped.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import (
    Account,
    Activity,
    Answer,
    Capability,
    Client,
    Cursor,
    Group,
    Membership,
    Page,
    Privilege,
    Record,
    changes,
    next_page,
    snapshot,
)
from connectors.github import graphql, mapping
from connectors.github.graphql import QueryRefused
from connectors.github.ownership import need_all_members, need_whole_view
from connectors.github.reading import PER_PAGE, is_full, list_page, organisation_path, rows
from connectors.github.scopes import READ_ADMINISTRATION, READ_AUDIT_LOG, READ_MEMBERS, READ_ORG, READ_USER

BACK_FILL = timedelta(days=180)
"""How far GitHub keeps the audit log; git events are kept 7 days."""
OVERLAP = timedelta(minutes=10)
"""Events arrive late and out of order; what is read twice is stored once."""
PAGE_ADDRESS_LASTS = timedelta(hours=1)
"""How long the address of a next page is trusted; GitHub does not say how long it lives."""
POLL = timedelta(minutes=5)
END = "end"


# --- accounts -------------------------------------------------------------------------------------------------------


@snapshot(
    Account,
    Privilege,
    title="Accounts",
    serves=(Capability.ACCOUNTS, Capability.PRIVILEGES),
    permissions=(READ_ORG, READ_USER, READ_MEMBERS),
)
def accounts(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Members with owners, then outside collaborators, then pending invitations.

    Members come from GraphQL, which alone has names and two-factor state; where it refuses them, from REST's lists.
    """
    at = cursor or {"stage": "members", "next": ""}
    if at["stage"] == "members":
        try:
            yield from _members(client, at["next"])
        except QueryRefused:
            need_all_members(client)
            at = {"stage": "owners", "next": ""}
        else:
            at = {"stage": "outside", "next": ""}
    for stage, following in _LISTS.items():
        if at["stage"] != stage:
            continue
        yield from _listed(client, stage, at["next"], following)
        at = {"stage": following, "next": ""}


_LISTS = {"owners": "plain_members", "plain_members": "outside", "outside": "invitations", "invitations": END}
_ADDRESSES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "owners": ("/members", {"role": "admin"}),
    "plain_members": ("/members", {"role": "member"}),
    "outside": ("/outside_collaborators", {}),
    "invitations": ("/invitations", {}),
}


def _members(client: Client, after: str) -> Iterator[Page]:
    while True:
        connection = graphql.members(client, after)
        people = [mapping.member(edge) for edge in connection["edges"] if edge and edge.get("node")]
        after = connection["pageInfo"]["endCursor"] if connection["pageInfo"]["hasNextPage"] else ""
        place = {"stage": "members", "next": after} if after else {"stage": "outside", "next": ""}
        yield Page(_with_privileges(people), place)
        if not after:
            return


def _listed(client: Client, stage: str, url: str, following: str) -> Iterator[Page]:
    """One of REST's lists from the page at `url` on, or from its first."""
    while True:
        answer = _list_page(client, stage, url)
        found = [] if answer.status == 404 else [_account(stage, row) for row in rows(answer, "id")]
        url = next_page(answer)
        yield Page(_with_privileges(found), {"stage": stage if url else following, "next": url})
        if not url:
            return


def _list_page(client: Client, stage: str, url: str) -> Answer:
    # Invitations answer 404 in organisations whose people are managed by their enterprise: there are none.
    expect = (404,) if stage == "invitations" else ()
    if url:
        return client.get(url, expect=expect)
    path, params = _ADDRESSES[stage]
    return client.get(organisation_path(client, path), params={**PER_PAGE, **params}, expect=expect)


def _account(stage: str, row: Mapping[str, Any]) -> Account:
    if stage == "invitations":
        return mapping.invitation(row)
    return mapping.listed_user(row, is_admin=stage == "owners", is_external=stage == "outside")


def _with_privileges(found: list[Account]) -> list[Record]:
    owners = [each for each in found if each.is_admin and not each.id.startswith(mapping.INVITATION)]
    return [*found, *(mapping.owner_privilege(each) for each in owners)]


# --- teams ----------------------------------------------------------------------------------------------------------


@snapshot(
    Group,
    Membership,
    title="Teams",
    serves=(Capability.GROUPS,),
    permissions=(READ_ORG, READ_MEMBERS),
)
def teams(client: Client, cursor: Cursor) -> Iterator[Page]:
    """A page of teams, then the members of each of them, then the next page.

    Cursor: {"teams": address of the page of teams, "team": id of the team whose members come next, "members": address
    of their next page}. The page of teams is read again on resuming; a team that is gone by then is skipped.

    Who is no owner gets the list without other people's secret teams, which would be taken for gone.
    """
    if cursor is None:
        need_whole_view(client)
    at = cursor or {"teams": "", "team": "", "members": ""}
    while at["team"] != END:
        here = at["teams"]
        found = list_page(client, here, "/teams")
        listed = rows(found.answer, "id", "slug") if found.answer else []
        slugs = [[str(row["id"]), str(row["slug"])] for row in listed] if found.answer else found.note
        ids = [team_id for team_id, _ in slugs]
        if not at["team"]:
            after = _after_team(here, ids[0] if ids else "", found.next)
            yield found.page([mapping.team(row) for row in listed], after, is_full=is_full(listed), note=slugs)
        start = ids.index(at["team"]) if at["team"] in ids else 0
        for (team_id, slug), following in zip(slugs[start:], [*ids[start + 1 :], ""], strict=False):
            members = at["members"] if team_id == at["team"] else ""
            yield from _team_members(client, team_id, slug, members, here, _after_team(here, following, found.next))
        at = _after_team(here, "", found.next)


def _after_team(here: str, following: str, next_teams: str) -> dict[str, str]:
    """Where to go on once a team is read: at the next team of this page, else at the next page of teams."""
    if following:
        return {"teams": here, "team": following, "members": ""}
    return {"teams": next_teams, "team": "" if next_teams else END, "members": ""}


def _team_members(
    client: Client, team_id: str, slug: str, url: str, here: str, after: dict[str, str]
) -> Iterator[Page]:
    while True:
        # 404: the team was deleted or renamed since it was listed; the next pass sees it as it is then.
        found = list_page(client, url, f"/teams/{slug}/members", expect=(404,))
        listed = rows(found.answer, "id") if found.answer and found.answer.status == 200 else []
        url = found.next
        place = {"teams": here, "team": team_id, "members": url} if url else after
        yield found.page([mapping.team_member(team_id, row) for row in listed], place, is_full=is_full(listed))
        if not url:
            return


# --- the audit log --------------------------------------------------------------------------------------------------


@changes(
    Activity,
    title="Audit log",
    every=POLL,
    serves=(Capability.SIGN_IN_ACTIVITY, Capability.USER_ACTIVITY, Capability.ADMIN_ACTIVITY),
    permissions=(READ_AUDIT_LOG, READ_ADMINISTRATION),
)
def audit_log(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Web and git events, oldest first, from a little before the newest one seen.

    Cursor: {"newest": newest event seen, "next": address of the next page while a run goes on, "at": when that was
    given, "repeats": counters of the last page's events without an id, as equal ones follow each other}. The clock of
    the cursor is never moved past the newest event seen, since an empty answer may be followed by late events, and
    never past the present, for an event with a wrong date.
    """
    at: dict[str, Any] = dict(cursor or {})
    newest = mapping.moment(at.get("newest")) or client.now() - BACK_FILL
    repeats: dict[str, int] = dict(at.get("repeats") or {}) if at.get("next") else {}
    answer = _resumed(client, at) if at.get("next") else None
    if answer is None:
        repeats = {}
        answer = _first_events(client, newest - OVERLAP if cursor else newest)
    while True:
        counts = dict(repeats)
        events = [mapping.event(row, counts) for row in rows(answer)]
        repeats = {key: count for key, count in counts.items() if repeats.get(key) != count}
        newest = max([newest, *(each.occurred_at for each in events if each.occurred_at <= client.now())])
        url = next_page(answer)
        place: dict[str, Any] = {"newest": newest.isoformat(), "next": url}
        if url:
            place |= {"at": client.now().isoformat(), "repeats": repeats}
        yield Page(events, place)
        if not url:
            return
        answer = client.get(url)


def _first_events(client: Client, since: datetime) -> Answer:
    phrase = f"created:>={since.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    params = {**PER_PAGE, "phrase": phrase, "include": "all", "order": "asc"}
    return client.get(organisation_path(client, "/audit-log"), params=params)


def _resumed(client: Client, at: Mapping[str, Any]) -> Answer | None:
    """The next page of an interrupted run; None when its address is too old or refused, and the run starts anew."""
    given = mapping.moment(at.get("at"))
    if given is None or client.now() - given > PAGE_ADDRESS_LASTS:
        return None
    answer = client.get(at["next"], expect=(422,))
    return None if answer.status == 422 else answer
