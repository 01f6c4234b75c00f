"""Namespaces and what is in them: homes, team folders, shared folders, app folders, links, members of files."""

from tests.sandbox.dropbox import idents
from tests.sandbox.dropbox.entries import File, Lock
from tests.sandbox.dropbox.links import Link
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.planting import plant_file, plant_folder
from tests.sandbox.dropbox.state import State

DAY = 86_400
OTHER_TEAM = idents.team_id("fabrikam")
OUTSIDER = "fab-lena@fabrikam.example"
OUTSIDER_ACCOUNT = idents.account_id("fab-lena")
FREELANCER = "priya.raman@freelance.example"
WRITERS = ("eandersson", "fmartin", "wjones", "rpatel", "lmoreau", "ipetrova", "kchen", "hkim", "cho-s", "zoe-builds")
NAMES = (
    "Angebot.docx",
    "Reports/2026/Q3 résumé.pdf",
    "Reports/2026/Q4 cafe\u0301 budget.xlsx",
    "会議/議事録.txt",
    "notes .txt",
    "Keys/id_rsa",
    "Pictures/logo.png",
    "passwords.csv",
    "Draft/contract <final>.docx",
    "data.json",
)


def plant(state: State) -> None:
    for member in state.members.values():
        _home(state, member)
    for handle in WRITERS:
        _files(state, state.member(handle))
    state.outsiders[OUTSIDER_ACCOUNT] = (OUTSIDER, "Lena Fischer")
    _team_root(state)
    _team_folders(state)
    _shared_folders(state)
    _app_folders(state)
    _links(state)
    _deleted(state)
    for namespace in state.namespaces.values():
        namespace.created_at = state.clock.now() - 300 * DAY


def _home(state: State, member: Member) -> None:
    home = state.add_namespace("team_member_folder", member.display_name, owner_id=member.id)
    member.home_id = member.root_id = home.id


def _files(state: State, member: Member) -> None:
    home, now = state.home_of(member), state.clock.now()
    for number, name in enumerate(NAMES):
        content = f"{name} of {member.email}\n".encode() * (number + 1)
        plant_file(state, home, f"/{name}", content, now - (20 + number) * DAY)
    plant_file(state, home, "/Angebot.docx", f"second draft of {member.email}\n".encode(), now - 6 * DAY)
    paper = plant_file(state, home, "/Ideas.paper", b"# Ideas\n", now - 8 * DAY)
    paper.export_as = "md"


def _team_root(state: State) -> None:
    """One member has a root apart from the home."""
    member = state.member("rpatel")
    root = state.add_namespace("team_member_root", f"{member.display_name} (root)", owner_id=member.id)
    plant_folder(state, root, f"/{member.display_name}", mounts=member.home_id)
    member.root_id = root.id


def _mount(state: State, namespace: Namespace, handles: tuple[str, ...], access: str = "editor") -> None:
    for handle in handles:
        member = state.member(handle)
        if member.account_id:
            namespace.members.setdefault(member.account_id, access)
        plant_folder(state, state.home_of(member), f"/{namespace.name}", mounts=namespace.id)


def _fill(state: State, namespace: Namespace, count: int, author: str) -> None:
    now, author_id = state.clock.now(), state.member(author).account_id or ""
    for number in range(count):
        content = f"{namespace.name} {number}\n".encode()
        plant_file(state, namespace, f"/Part {number % 3}/file {number:02}.txt", content, now - number * DAY, author_id)


def _team_folders(state: State) -> None:
    everyone = next(each.id for each in state.groups.values() if each.kind == "system_managed")
    for name, access in (("Company Handbook", "viewer"), ("Projects", "editor")):
        folder = state.add_namespace("team_folder", name, groups={everyone: access})
        _fill(state, folder, 12, "eandersson")
    locked = next(folder.files())
    holder = state.member("eandersson")
    locked.lock = Lock(holder.account_id or "", holder.display_name, state.clock.now() - DAY)


def _shared_folders(state: State) -> None:
    """The last is another team's."""
    deals = state.add_namespace("shared_folder", "Deals 2026", members={_account(state, "eandersson"): "owner"})
    _mount(state, deals, ("eandersson", "fmartin", "lmoreau"))
    deals.members |= {OUTSIDER_ACCOUNT: "editor", "bids@wide-world.example": "viewer"}
    _fill(state, deals, 9, "fmartin")
    product = state.add_namespace("shared_folder", "Design", members={_account(state, "cho-s"): "owner"})
    product.groups[_group(state, "Équipe produit")] = "editor"
    product.member_policy = "team"
    _mount(state, product, ("cho-s", "hkim"))
    _fill(state, product, 6, "cho-s")
    nested = state.add_namespace("shared_folder", "Icons", members={_account(state, "cho-s"): "owner"})
    nested.parent_id = product.id
    plant_folder(state, product, "/Icons", mounts=nested.id)
    nested.groups[_group(state, "Équipe produit")] = "viewer"
    _fill(state, nested, 3, "cho-s")
    foreign = state.add_namespace("shared_folder", "Fabrikam delivery", members={OUTSIDER_ACCOUNT: "owner"})
    foreign.team_id = OTHER_TEAM
    _mount(state, foreign, ("rpatel",), "viewer")
    _fill(state, foreign, 4, "rpatel")


def _account(state: State, handle: str) -> str:
    return state.member(handle).account_id or ""


def _group(state: State, name: str) -> str:
    return next(each.id for each in state.groups.values() if each.name == name)


def _app_folders(state: State) -> None:
    for handle, app in (("hkim", "Photo Backup"), ("cho-s", "Diagram Studio")):
        folder = state.add_namespace("app_folder", app, owner_id=state.member(handle).id)
        plant_file(state, folder, "/export.zip", b"PK\x05\x06" + bytes(18), state.clock.now() - 9 * DAY)


def _links(state: State) -> None:
    """Public ones, some with a password or expired; for the team; of a suspended member; of people on one file."""
    now = state.clock.now()
    for number, handle in enumerate(WRITERS):
        link = add_link(state, handle, "/Angebot.docx" if number % 2 else "/data.json")
        link.audience = "team" if number % 3 == 2 else "public"
        link.password = "sesame" if number == 3 else ""
        link.expires_at = {1: now - 5 * DAY, 4: now + 30 * DAY}.get(number)
    suspended = state.member("psmith2")
    plant_file(state, state.home_of(suspended), "/left behind.txt", b"still open\n", now - 40 * DAY)
    add_link(state, "psmith2", "/left behind.txt")
    add_link(state, "wjones", "/Keys")
    shared = state.home_of(state.member("wjones")).get("/passwords.csv")
    assert isinstance(shared, File)
    shared.members = {OUTSIDER_ACCOUNT: "viewer", FREELANCER: "viewer", _account(state, "kchen"): "editor"}


def add_link(state: State, email: str, path: str) -> Link:
    """A public link to something in a member's home."""
    member = state.member(email)
    entry = state.home_of(member).get(path)
    assert entry is not None
    url = f"https://www.dropbox.com/scl/fi/{state.secret('', 21)}/{entry.id[3:9]}?rlkey={state.secret('', 25)}&dl=0"
    link = Link(url, member.home_id, entry.id, member.id)
    state.links[url] = link
    return link


def _deleted(state: State) -> None:
    """Old versions, deleted files and a deleted folder; one of them is past recovery."""
    now = state.clock.now()
    for handle in WRITERS[:5]:
        home = state.home_of(state.member(handle))
        plant_file(state, home, "/Old/draft.txt", f"draft {handle}\n".encode(), now - 60 * DAY)
        plant_file(state, home, "/Old/list.csv", f"list {handle}\n".encode(), now - 61 * DAY)
        home.remove("/Old", now - 15 * DAY)
        plant_file(state, home, "/secret plan.txt", f"plan {handle}\n".encode(), now - 50 * DAY)
        home.remove("/secret plan.txt", now - 10 * DAY)
    home = state.home_of(state.member("wjones"))
    plant_file(state, home, "/ancient.txt", b"ancient\n", now - 400 * DAY)
    home.remove("/ancient.txt", now - 300 * DAY)
