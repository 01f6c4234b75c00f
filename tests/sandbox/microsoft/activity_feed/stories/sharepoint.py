"""In SharePoint and OneDrive."""

from tests.sandbox.microsoft.activity_feed.records import sharepoint
from tests.sandbox.microsoft.activity_feed.records.actor import SHAREPOINT_APP, SHAREPOINT_ITSELF, Actor, in_sharepoint
from tests.sandbox.microsoft.activity_feed.records.record import Record
from tests.sandbox.microsoft.activity_feed.records.sharepoint import Target
from tests.sandbox.microsoft.activity_feed.stories.scene import Scene, Story

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
SYNC = "Microsoft SkyDriveSync 24.201.1006.0005 ship; Windows NT 10.0 (26100)"
SITE, LIST = "d11b30a8-a387-4022-b0fa-cb065b23ba93", "36cf4e3f-385f-4f40-80e9-ad067a0d0754"
NAMES = ("Budget 2026.xlsx", "Übersicht Kosten.docx", "見積書.pdf", "a  b.txt", "Plan.pptx")


def team_file(scene: Scene) -> Target:
    """Its address has a double slash in it."""
    site = f"https://{scene.cast.sharepoint}.sharepoint.com/sites/Finance/"
    return Target(site, "Shared Documents/", NAMES[scene.number % len(NAMES)], SITE, LIST, scene.guid("file"))


def own_file(scene: Scene) -> Target:
    name = scene.actor.user_id.replace("@", "_").replace(".", "_")
    site = f"https://{scene.cast.sharepoint}-my.sharepoint.com/personal/{name}/"
    return Target(site, "Documents/Privat", NAMES[scene.number % len(NAMES)], SITE, LIST, scene.guid("file"))


def _file(scene: Scene, target: Target, operation: str, *, agent: str = AGENT, actor: Actor | None = None) -> Record:
    base = scene.base(6, target.workload, operation, in_sharepoint(scene.actor) if actor is None else actor)
    return sharepoint.file(base, target, scene.address, agent, 4096 + scene.number)


def accessed(scene: Scene) -> Record:
    return _file(scene, team_file(scene), "FileAccessed")


def synchronised(scene: Scene) -> Record:
    return _file(scene, own_file(scene), "FileSyncDownloadedFull", agent=SYNC)


def uploaded(scene: Scene) -> Record:
    return _file(scene, own_file(scene), "FileUploaded")


def cleaned_up(scene: Scene) -> Record:
    return _file(scene, team_file(scene), "FileVersionsAllDeleted", actor=SHAREPOINT_ITSELF)


def downloaded_by_app(scene: Scene) -> Record:
    found = _file(scene, team_file(scene), "FileDownloaded", actor=SHAREPOINT_APP)
    return sharepoint.acted_for(found, "f482d5ab-3acd-4c27-9721-30b09a03a648", "Malware scanner")


def downloaded_by_guest(scene: Scene) -> Record:
    guest = Actor("urn:spo:guest#someone@proseware.example", "i:0h.f|membership|urn%3aspo%3aguest", 10)
    return _file(scene, own_file(scene), "FileDownloaded", actor=guest)


def link_made(scene: Scene) -> Record:
    target = own_file(scene)
    base = scene.base(14, target.workload, "AnonymousLinkCreated", in_sharepoint(scene.actor))
    return sharepoint.sharing(base, target, scene.address, AGENT, data="<Type>View</Type>")


def shared(scene: Scene) -> Record:
    """EventData has two roots, and a blank in the name of one."""
    target = own_file(scene)
    base = scene.base(14, target.workload, "SharingSet", in_sharepoint(scene.actor))
    data = (
        "<Permissions granted>System.LimitedEdit</Permissions granted>"
        "<MembersCanShareApplied>False</MembersCanShareApplied>"
    )
    whom = ("lena.fischer_fabrikam.example#EXT#@contoso.onmicrosoft.com", "Guest")
    return sharepoint.sharing(base, target, scene.address, AGENT, data=data, whom=whom)


def group_joined(scene: Scene) -> Record:
    target = team_file(scene)
    base = scene.base(14, target.workload, "AddedToGroup", in_sharepoint(scene.actor))
    data = "<Group>Finance Members</Group>"
    return sharepoint.sharing(base, target, scene.address, AGENT, data=data, whom=("Everyone", "SecurityGroup"))


def page_viewed(scene: Scene) -> Record:
    url = f"https://{scene.cast.sharepoint}.sharepoint.com/_layouts/15/sharepoint.aspx"
    base = scene.base(4, "SharePoint", "PageViewed", in_sharepoint(scene.actor))
    return sharepoint.page(base, url, SITE, scene.address, AGENT)


def list_viewed(scene: Scene) -> Record:
    base = scene.base(36, "SharePoint", "ListViewed", in_sharepoint(scene.actor))
    url = f"https://{scene.cast.sharepoint}.sharepoint.com/sites/Finance/"
    return sharepoint.listing(base, url, LIST, SITE, scene.address)


STORIES: list[Story] = [
    accessed,
    synchronised,
    uploaded,
    link_made,
    cleaned_up,
    shared,
    page_viewed,
    downloaded_by_app,
    group_joined,
    list_viewed,
    downloaded_by_guest,
]
