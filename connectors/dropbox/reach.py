"""Asking Dropbox who gets to files and folders: members, and shared links.

Links are listed by who made them: one list for each member who has a namespace tells of all its files. Whoever is
suspended cannot be asked, and yet their links go on working: what is in their homes is asked about file by file.
"""

from collections.abc import Iterable, Iterator, Sequence

from connectors.base import Answer, Client
from connectors.dropbox import admin, mapping
from connectors.dropbox.group_lists import PEOPLE_LIST
from connectors.dropbox.namespaces import Namespace
from connectors.dropbox.reading import Row, ask, ask_unless, document, having, list_of, rows_of
from connectors.dropbox.refusals import NotActing

LINKS = "sharing/list_shared_links"
FILES_AT_ONCE, MEMBERS_AT_ONCE = 100, 3000
"""What Dropbox takes and gives at most in one call about several files."""
NOBODY = frozenset({"not_found", "malformed_path"})

Links = dict[str, list[Row]]
"""By the id of the file or folder that they lead to."""


# --- people -----------------------------------------------------------------------------------------------------------


def folder_members(client: Client, namespace: Namespace) -> list[Row]:
    """Who beside the owner has a shared or team folder."""
    reading, found = admin.reading(client), list[Row]()
    answer = ask(reading, "sharing/list_folder_members", {"shared_folder_id": namespace.id, "limit": 1000})
    while True:
        page = document(answer, "users", "groups", "invitees")
        found += mapping.given(page)
        if not page.get("cursor"):
            return found
        answer = ask(reading, "sharing/list_folder_members/continue", {"cursor": page["cursor"]})


def files_members(client: Client, file_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Whom each of the files was given itself, by its id. What Dropbox does not tell us of is left out."""
    reading, found = admin.reading(client), dict[str, list[Row]]()
    for file_id, result, answer in _results(reading, file_ids):
        if mapping.tag(result) == "result":
            found[file_id] = _all_of(reading, file_id, having(answer, result, "members", "member_count"))
    return found


def alive(client: Client, file_ids: Iterable[str]) -> set[str]:
    """Those of the files that are there, wherever. Dropbox tells of a hundred at once whether there are such files;
    those of which it says something else (which, of a deleted one, is unverified) are asked for one by one."""
    reading, found = admin.reading(client), set[str]()
    for file_id, result, _ in _results(reading, file_ids):
        refusal = mapping.tag(mapping.part(result, "access_error"))
        if refusal != "invalid_file" and (not refusal or _is_there(reading, file_id)):
            found.add(file_id)
    return found


def _is_there(reading: Client, file_id: str) -> bool:
    return ask_unless(reading, "files/get_metadata", {"path": file_id}, NOBODY) is not None


def _results(reading: Client, file_ids: Iterable[str]) -> Iterator[tuple[str, Row, Answer]]:
    ids = list(dict.fromkeys(file_ids))
    for start in range(0, len(ids), FILES_AT_ONCE):
        asked = {"files": ids[start : start + FILES_AT_ONCE], "limit": MEMBERS_AT_ONCE}
        answer = ask(reading, "sharing/list_file_members/batch", asked)
        for row in list_of(answer, "file", "result"):
            yield str(row["file"]), having(answer, row["result"], ".tag"), answer


def _all_of(reading: Client, file_id: str, told: Row) -> list[Row]:
    """Of several files Dropbox tells some members each; where that is not all, the file is asked for alone."""
    members = mapping.part(told, "members")
    listed = sum(len(mapping.rows(members, name)) for name in ("users", "groups", "invitees"))
    if listed >= told["member_count"]:
        return mapping.given(members)
    found = list[Row]()
    answer = ask(reading, "sharing/list_file_members", {"file": file_id, "include_inherited": False, "limit": 300})
    while True:
        page = document(answer, "users", "groups", "invitees")
        found += mapping.given(page)
        if not page.get("cursor"):
            return found
        answer = ask(reading, "sharing/list_file_members/continue", {"cursor": page["cursor"]})


# --- links ------------------------------------------------------------------------------------------------------------


def links_of(client: Client, member_id: str) -> Iterator[Row]:
    """All links that a member made. None of who cannot be acted for."""
    as_member = client.acting_as(member_id)
    try:
        for root in ("", *filter(None, (admin.team_space(client),))):
            yield from _links_in(as_member, root)
    except NotActing:
        return


def _links_in(as_member: Client, root: str) -> Iterator[Row]:
    """Those to what lies in the member's home, or in the namespace `root`."""
    asked: dict[str, str] = {}
    while True:
        answer = ask(as_member, LINKS, asked, expect=(422,), root=root)
        if answer.status == 422:
            return  # this member does not see it
        page = document(answer, "has_more")
        yield from rows_of(answer, "links", "url", "id")
        if not page["has_more"]:
            return
        asked = {"cursor": str(page["cursor"])}


def links_to(client: Client, path: str, *, is_direct: bool) -> list[Row]:
    """Those that lead to a path: its own, and unless `is_direct` those of folders around it. None where it is gone."""
    asked = {"path": path, "direct_only": is_direct}
    answer = ask_unless(admin.reading(client), LINKS, asked, NOBODY)
    return rows_of(answer, "links", "url", "id") if answer else []


def by_target(links: Iterable[Row]) -> Links:
    """Each once, though it may be listed both of a home and of the team space."""
    found: Links = {}
    for link in {str(each["url"]): each for each in links}.values():
        found.setdefault(str(link["id"]), []).append(link)
    return found


def makers(client: Client, namespace: Namespace, members: Sequence[Row]) -> list[str]:
    """Whose links may lead into a namespace: its owner, and the team's people who have it, by groups, too."""
    found = [namespace.owner_id] if namespace.owner_id else []
    for row in members:
        person, group = mapping.part(row, "user"), mapping.part(row, "group")
        found += [mapping.text(person["team_member_id"])] if person.get("team_member_id") else []
        found += _active_in(client, mapping.text(group["group_id"])) if group.get("same_team") else []
    return list(dict.fromkeys(found))


def _active_in(client: Client, group_id: str) -> Iterator[str]:
    asked = {"group": {".tag": "group_id", "group_id": group_id}, "limit": 1000}
    for row in PEOPLE_LIST.rows(client.acting_as(""), asked):
        if mapping.is_status(row, mapping.ACTIVE) and row["profile"].get("team_member_id"):
            yield mapping.text(row["profile"]["team_member_id"])

