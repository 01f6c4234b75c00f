"""What is shared, and with whom: links of all kinds, collaborators inside and outside, invitations."""

from tests.sandbox.box.items import Collaboration, Item, SharedLink
from tests.sandbox.box.state import State

DAY = 86_400
OPEN_FILES = ("Price list.pdf", "brochure.pdf", "logo.ai", "handbook.pdf", "Runbook.md", "plan.xlsx")
PROTECTED = ("Offer Fabrikam.docx", "Offer Wide World.docx")
COMPANY_FILES = ("Architecture.pptx", "org chart.pptx", "policy.docx", "로드맵.pptx", "Übersicht.svg", "Skizze.png")
EXPIRED = ("renewals.xlsx", "2020.zip")
# Item, role, whom: a handle, "group:<name>", or an address that nobody at Box has.
ACCEPTED = (
    ("Platform", "editor", "asingh"),
    ("Platform", "viewer", "group:Engineering"),
    ("Platform", "co-owner", "rferreira"),
    ("Finanzen 2026", "editor", "kchen"),
    ("Sales", "viewer", "group:Vertrieb & 営業"),
    ("Customers", "previewer", "rpatel"),
    ("Fabrikam", "editor", "fab-lena"),
    ("contracts.pdf", "viewer", "wide-world"),
    ("Entwürfe", "viewer uploader", "wide-world"),
    ("Legal", "editor", "group:Legal hold reviewers"),
    ("Fabrikam joint project", "editor", "eandersson"),
    ("Fabrikam joint project", "viewer", "jmueller"),
    ("Joint plan.docx", "viewer", "hkim"),
)
INVITED = (
    ("Sales", "viewer", "buyer@wideworldimporters.example"),
    ("NDA.pdf", "viewer", "legal@fabrikam.example"),
    ("Launch", "editor", "agency@proseware.example"),
)


def plant(state: State) -> None:
    now = state.now()
    for name in OPEN_FILES:
        state.file(name).link = _link(state, "open")
    for name in PROTECTED:
        state.file(name).link = _link(state, "open", password="Secret-2026")
    for name in COMPANY_FILES:
        state.file(name).link = _link(state, "company")
    for name in EXPIRED:
        state.file(name).link = _link(state, "open", unshared_at=now - DAY)
    state.file("press.docx").link = _link(state, "open", unshared_at=now + 30 * DAY)
    state.folder("Marketing").link = _link(state, "open")
    state.folder("Diagramme").link = _link(state, "collaborators")
    state.file("backup-23.tar.gz").link = _link(state, "open", unshared_at=now + DAY)
    for name, role, whom in (*ACCEPTED, *INVITED):
        _share(state, _item(state, name), role, whom, now - 20 * DAY)
    _share(state, state.file("backup-23.tar.gz"), "viewer", "wide-world", now - 20 * DAY)


def _link(state: State, access: str, password: str | None = None, unshared_at: float | None = None) -> SharedLink:
    return SharedLink(state.text(32).lower(), access, password, unshared_at)


def _item(state: State, name: str) -> Item:
    return next(each for each in state.tree.items.values() if each.name == name)


def _share(state: State, item: Item, role: str, whom: str, then: float) -> None:
    creator = state.tree.owner_id(item)
    collaboration = Collaboration(state.next_id(), item.id, role, "accepted", creator, then, then, acknowledged_at=then)
    if whom.startswith("group:"):
        name = whom.removeprefix("group:")
        collaboration.group_id = next(each.id for each in state.groups.values() if each.name == name)
    elif "@" in whom:
        collaboration.invite_email, collaboration.status, collaboration.acknowledged_at = whom, "pending", None
    else:
        collaboration.user_id = state.person(whom).id
    state.collaborations[collaboration.id] = collaboration
