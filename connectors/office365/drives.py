"""Sites of the tenant, everybody's OneDrive among them, and the drives in each: where files lie.

A feed reads a site at a time, as all sites are told by one list, while drives are told by each site alone.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from connectors.base import Answer, Client, NotAvailable, Partition, TargetGone
from connectors.office365.errors import error_of
from connectors.office365.mapping.values import Row, part, text
from connectors.office365.reading import Listing, document, listed

SITES = Listing("/sites/getAllSites", {"$select": "id,displayName,name,webUrl,isPersonalSite"})
DRIVE_FIELDS = "id,name,driveType,owner,webUrl"
ONE_DRIVE = "business"
LOCKED = 423
PERSONAL = "/personal/"
"""In the address of a OneDrive, and in no other site's."""


@dataclass(frozen=True, slots=True)
class Drive:
    """`site_id`: as Graph takes it. `owner_id`: of a OneDrive; '' for a library, which is nobody's."""

    id: str
    name: str
    site_id: str
    site_name: str
    site_url: str
    owner_id: str = ""
    owner_name: str = ""
    url: str = ""

    @property
    def is_personal(self) -> bool:
        return bool(self.owner_id)

    @property
    def prefix(self) -> str:
        """What paths begin with."""
        return "" if self.is_personal else f"/{self.site_name}/{self.name}"

    def kept(self) -> dict[str, Any]:
        """For cursors and records; Drive(**kept) is the same again."""
        return asdict(self)


def sites(client: Client) -> Iterator[Partition]:
    for row in SITES.rows(client):
        name = _site_name(row)
        yield Partition(text(row["id"]), f"OneDrive: {name}" if row.get("isPersonalSite") is True else f"Site: {name}")


def drives_of(client: Client, site_id: str) -> list[Drive]:
    """Those of a site; none of a OneDrive that nobody ever opened, for which Graph has several answers. Raises
    NotAvailable for a site that is locked or closed to us: what is in it must not be taken for gone."""
    answer = client.get(f"/sites/{site_id}", params={"$select": "id,displayName,name,webUrl"}, expect=(404, LOCKED))
    site = document(check_open(answer), "id") if answer.status != 404 else {}
    link, rows = f"/sites/{site_id}/drives", list[Row]()
    while link and site:
        answer = client.get(link, params=None if rows else {"$select": DRIVE_FIELDS}, expect=(403, 404, LOCKED))
        if answer.status == 404 or _is_nobodys(answer, site):
            return []
        page = listed(check_open(answer), "id")
        rows, link = rows + page.rows, page.next
    return [_drive(row, site_id, site) for row in rows]


def drive_of(known: Row) -> Drive:
    """The drive that a record was read from, as the record's `raw` names it. Raises TargetGone."""
    try:
        return Drive(**part(known, "drive"))
    except TypeError:
        raise TargetGone("Where this item lies is not known any more.", remedy="Have the files read again.") from None


def check_open(answer: Answer) -> Answer:
    """The answer. Raises NotAvailable where the site is locked."""
    if answer.status == LOCKED:
        raise locked()
    return answer


def locked() -> NotAvailable:
    return NotAvailable(
        "This site is locked or archived, so what is in it cannot be read.",
        remedy="Unlock it in the SharePoint admin center. It is looked at again every day.",
    )


def _is_nobodys(answer: Answer, site: Row) -> bool:
    """A 403 without a word: the OneDrive of somebody without a licence."""
    if answer.status != 403:
        return False
    if text(error_of(answer).get("message")).strip() or PERSONAL not in text(site.get("webUrl")):
        raise NotAvailable(
            "Office 365 does not let the app into this site.",
            why="SharePoint may limit which apps or which networks get to it.",
            remedy="Look at the site in the SharePoint admin center. It is tried again every day.",
        )
    return True


def _drive(row: Row, site_id: str, site: Row) -> Drive:
    owner = part(part(row, "owner"), "user") if row.get("driveType") == ONE_DRIVE else {}
    return Drive(
        text(row["id"]),
        text(row.get("name")),
        site_id,
        _site_name(site),
        text(site.get("webUrl")),
        text(owner.get("id")),
        text(owner.get("displayName")),
        text(row.get("webUrl")),
    )


def _site_name(row: Row) -> str:
    return text(row.get("displayName")) or text(row.get("name")) or text(row.get("webUrl"))
