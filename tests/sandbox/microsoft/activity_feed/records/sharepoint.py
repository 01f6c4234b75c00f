"""Files, sharing, pages and lists in SharePoint and OneDrive, which differ in their workload alone."""

from dataclasses import dataclass

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.activity_feed.records.record import Record


@dataclass(frozen=True, slots=True)
class Target:
    """A file or folder as records name it. `folder` is the way within the site, `site_url` ends in a slash."""

    site_url: str
    folder: str
    name: str
    site: str
    list_id: str
    unique_id: str
    is_folder: bool = False

    @property
    def workload(self) -> str:
        return "OneDrive" if "-my.sharepoint.com" in self.site_url else "SharePoint"

    @property
    def url(self) -> str:
        return f"{self.site_url}{self.folder}/{self.name}"


def _base(base: Record, address: str | None, agent: str) -> Record:
    return {
        **base,
        "ClientIP": address,
        "CorrelationId": base["Id"],
        "EventSource": "SharePoint",
        "UserAgent": agent,
    }


def file(base: Record, target: Target, address: str | None, agent: str, size: int | None = None) -> Record:
    return {
        **_base(base, address, agent),
        "ObjectId": target.url,
        "ItemType": "Folder" if target.is_folder else "File",
        "ListId": target.list_id,
        "ListItemUniqueId": target.unique_id,
        "Site": target.site,
        "WebId": target.site,
        "SourceFileExtension": "" if target.is_folder else target.name.rpartition(".")[2],
        "SiteUrl": target.site_url,
        "SourceFileName": target.name,
        "SourceRelativeUrl": target.folder,
        **({} if size is None else {"FileSizeBytes": size}),
    }


def moved(base: Record, source: Target, target: Target, address: str | None, agent: str) -> Record:
    return {
        **file(base, source, address, agent),
        "DestinationFileExtension": target.name.rpartition(".")[2],
        "DestinationFileName": target.name,
        "DestinationRelativeUrl": target.folder,
    }


def sharing(
    base: Record, target: Target, address: str | None, agent: str, *, data: str, whom: tuple[str, str] | None = None
) -> Record:
    """`data` is the small XML of EventData; `whom`: name and kind of who may read now."""
    return {
        **file(base, target, address, agent),
        "EventData": data,
        "UniqueSharingId": base["Id"],
        **({} if whom is None else {"TargetUserOrGroupName": whom[0], "TargetUserOrGroupType": whom[1]}),
    }


def page(base: Record, url: str, site: str, address: str | None, agent: str) -> Record:
    return {**_base(base, address, agent), "ObjectId": url, "ItemType": "Page", "Site": site, "CustomUniqueId": True}


def listing(base: Record, site_url: str, list_id: str, site: str, address: str | None) -> Record:
    """Numbers come as texts here, and truth values as both."""
    more: dict[str, Json] = {
        "ObjectId": f"{site_url}{list_id}",
        "ItemType": "List",
        "ListId": list_id,
        "Site": site,
        "DoNotDistributeEvent": "True",
        "FromApp": False,
        "IsDocLib": True,
        "ItemCount": 12,
        "ListBaseTemplateType": "101",
        "ListBaseType": "DocumentLibrary",
        "ListTitle": list_id,
    }
    return {**_base(base, address, "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"), **more}


def acted_for(base: Record, client_id: str, name: str) -> Record:
    """Which application did it for the user."""
    context: Json = {
        "AADSessionId": "0e042318-7c78-4acb-ae00-5ee74465bca3",
        "ClientAppId": client_id,
        "ClientAppName": name,
        "CorrelationId": base["Id"],
        "UniqueTokenId": "AAAAAAAAAAAAAAAAAAAAAA",
    }
    return {**base, "AppAccessContext": context, "ApplicationId": client_id}
