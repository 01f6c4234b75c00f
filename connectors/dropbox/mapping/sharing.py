"""Who gets to files and folders: the people, groups and addresses that were given them, and shared links.

Dropbox answers {users, groups, invitees} alike for a file and for a shared folder; here each of them is a row, with
`is_inherited` where a folder around the file gives it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.base import Collaborator, Exposure
from connectors.dropbox.mapping.values import Row, moment, part, rows, tag, text

OWNER = "owner"
PUBLIC = frozenset({"public", "password"})
TEAM = frozenset({"team", "team_only", "team_and_password"})
WITH_PASSWORD = frozenset({"password", "team_and_password"})
RANKS = (Exposure.PRIVATE, Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)
ANYONE_INSIDE = "Anyone in the team with the link"


def highest(found: Iterable[Exposure]) -> Exposure:
    return max(found, key=RANKS.index, default=Exposure.PRIVATE)


# --- people -----------------------------------------------------------------------------------------------------------


def given(answer: Row) -> list[Row]:
    """Who beside the owner, of an answer {users, groups, invitees}."""
    listed = [each for name in ("users", "groups", "invitees") for each in rows(answer, name)]
    return [each for each in listed if tag(each.get("access_type")) != OWNER]


def is_outside(row: Row) -> bool | None:
    """None for an address that has no account: its domain tells."""
    who = part(row, "user") or part(row, "group")
    return who.get("same_team") is False if who else None


def person_id(row: Row) -> str:
    """As Dropbox wants to be told whom to remove: account, group, or address."""
    account, group = text(part(row, "user").get("account_id")), text(part(row, "group").get("group_id"))
    return account or group or address(row)


def address(row: Row) -> str:
    return text(part(row, "user").get("email")) or text(part(row, "invitee").get("email"))


def person_name(row: Row) -> str:
    user, group = part(row, "user"), part(row, "group")
    return text(user.get("display_name")) or text(group.get("group_name")) or address(row) or person_id(row)


def members_exposure(given_to: Iterable[Row]) -> Exposure:
    """Who was invited and has no account is judged by the organisation's domains, not here."""
    return highest(Exposure.EXTERNAL if is_outside(row) else Exposure.INTERNAL for row in given_to)


def collaborator(file_id: str, row: Row, namespace: Mapping[str, str]) -> Collaborator:
    user, group = part(row, "user"), part(row, "group")
    access = tag(row.get("access_type"))
    return Collaborator(
        file_id=file_id,
        account_id=text(user.get("team_member_id")),
        group_id=text(group.get("group_id")),
        email=address(row),
        name=person_name(row),
        role=f"{access}, by the folder" if row.get("is_inherited") is True else access,
        is_external=is_outside(row),
        is_pending=bool(part(row, "invitee")),
        vendor_id=text(user.get("account_id")),
        raw={**row, "namespace": dict(namespace)},
    )


# --- links ------------------------------------------------------------------------------------------------------------


def link_id(url: str) -> str:
    return f"link-{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def audience(link: Row) -> str:
    allowed = part(link, "link_permissions")
    return tag(allowed.get("effective_audience")) or tag(allowed.get("resolved_visibility"))


def has_password(link: Row) -> bool:
    allowed = part(link, "link_permissions")
    return allowed.get("require_password") is True or tag(allowed.get("resolved_visibility")) in WITH_PASSWORD


def link_exposure(link: Row, now: datetime) -> Exposure:
    """How far a link opens what it leads to. One for members alone opens nothing, nor does one that has ended."""
    ends = moment(link.get("expires"))
    if ends is not None and ends <= now:
        return Exposure.PRIVATE
    who = audience(link)
    return Exposure.PUBLIC if who in PUBLIC else Exposure.INTERNAL if who in TEAM else Exposure.PRIVATE


def link_collaborators(
    file_id: str, links: Iterable[Row], now: datetime, namespace: Mapping[str, str]
) -> Iterator[Collaborator]:
    """Whoever has one of the item's own links, where it lets in more than its members."""
    for link in links:
        exposure = link_exposure(link, now)
        if exposure is not Exposure.PRIVATE:
            is_public = exposure is Exposure.PUBLIC
            yield Collaborator(
                file_id=file_id,
                name="" if is_public else ANYONE_INSIDE,
                role=link_words(link),
                is_external=None if is_public else False,
                is_public=is_public,
                vendor_id=link_id(text(link.get("url"))),
                raw={**link, "namespace": dict(namespace)},
            )


def link_words(link: Row) -> str:
    """What it lets people do, and what it asks for."""
    allowed = part(link, "link_permissions")
    words = [
        tag(allowed.get("link_access_level")) or "viewer",
        "with password" if has_password(link) else "",
        "no download" if allowed.get("allow_download") is False else "",
        f"until {text(link['expires'])}" if link.get("expires") else "",
    ]
    return ", ".join(word for word in words if word)


def link_owner(link: Row) -> str:
    """The member who made it; '' for somebody of another team."""
    return text(part(link, "team_member_info").get("member_id"))


def link_summary(link: Row) -> dict[str, Any]:
    """What it takes to tell of it and to make it again."""
    allowed = part(link, "link_permissions")
    return {
        "id": link_id(text(link.get("url"))),
        "url": text(link.get("url")),
        "owner": link_owner(link),
        "owner_name": text(part(link, "team_member_info").get("display_name")),
        "audience": audience(link),
        "expires": link.get("expires"),
        "has_password": has_password(link),
        "can_download": allowed.get("allow_download") is not False,
        "level": tag(allowed.get("link_access_level")),
    }
