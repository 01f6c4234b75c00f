"""What Contoso's people store at Box: about 120 files in about 25 folders."""

from tests.sandbox.box.items import File, Folder, WebLink
from tests.sandbox.box.people import User
from tests.sandbox.box.state import State

DAY = 86_400
HUGE = 5 * 1024**3
LONG = "Protokoll der Sitzung über die Überprüfung der Zugriffe " + "x" * 194 + ".docx"
# Owner -> folder -> names of files; a folder may lie in another one: "Above/Below".
TREES: dict[str, dict[str, tuple[str, ...]]] = {
    "dokafor": {
        "Platform": ("Runbook.md", "Architecture.pptx", "postmortem 2026-03.docx", "oncall.xlsx"),
        "Platform/Secrets (do not share)": ("prod.env", "id_rsa", "kubeconfig.yaml"),
        "Platform/Diagramme": ("Übersicht.svg", "図面.png", "diagram 🚀.drawio"),
        "Offboarding": ("checklist.xlsx", "returned-devices.csv"),
    },
    "ipetrova": {
        "Finanzen 2026": ("Budget.xlsx", "Gehälter.xlsx", "Отчёт.docx", "Rechnungen.pdf"),
        "Finanzen 2026/Quartal 1": ("Bilanz.xlsx", "Belege.zip", "Notizen.txt"),
        "Finanzen 2026/Quartal 2": ("Bilanz.xlsx", "Belege.zip"),
    },
    "eandersson": {
        "Sales": ("Pipeline.xlsx", "Price list.pdf", "Offer Fabrikam.docx", "Offer Wide World.docx"),
        "Sales/Customers": ("contacts.csv", "contracts.pdf", "renewals.xlsx"),
        "Sales/Customers/Fabrikam": ("NDA.pdf", "statement of work.docx", "invoice 0042.pdf"),
        "Marketing": ("logo.ai", "brochure.pdf"),
    },
    "abrown": {
        "People": ("handbook.pdf", "org chart.pptx", "benefits.docx"),
        "People/Applications": ("CV Núñez.pdf", "CV 佐藤.pdf", "CV O'Brien.pdf"),
        "People/Reviews": ("2025.xlsx", "2026.xlsx"),
    },
    "wjones": {"Legal": ("policy.docx", "terms.pdf", "DPA.pdf", LONG), "Legal/Archive": ("2019.zip", "2020.zip")},
    "hgreen": {"Harriet's things": ("leads.xlsx", "notes.txt")},
    "contoso-backup-svc": {"Backups": tuple(f"backup-{number:02d}.tar.gz" for number in range(1, 25))},
    "jmueller": {"Entwürfe": ("Konzept.docx", "Skizze.png"), "Entwürfe/alt": ("Konzept.docx",)},
    "hkim": {"제품": ("로드맵.pptx", "사양.docx"), "Launch": ("plan.xlsx", "press.docx")},
}
LOOSE = ("Welcome to Box.pdf", "todo.txt")


def plant(state: State) -> None:
    then = state.now() - 60 * DAY
    for handle, folders in TREES.items():
        _tree(state, state.person(handle), folders, then)
    for handle in ("asingh", "yhaddad", "sato-h", "kchen", "rpatel", "dwilson", "lmoreau", "aabubakar", "msuarez"):
        owner = state.person(handle)
        for name in LOOSE:
            _file(state, state.tree.root(owner.id), name, owner, then)
    _specials(state, then)
    _external(state, then)
    _trash(state)


def _tree(state: State, owner: User, folders: dict[str, tuple[str, ...]], then: float) -> None:
    root = state.tree.root(owner.id)
    made: dict[str, Folder] = {"": root}
    for number, (path, names) in enumerate(folders.items()):
        above, _, name = path.rpartition("/")
        folder = made[path] = state.add_folder(made[above], name, owner, then + number * 3600)
        for place, each in enumerate(names):
            _file(state, folder, each, owner, then + number * 3600 + place * 60)


def _file(state: State, folder: Folder, name: str, owner: User, at: float) -> File:
    text = f"{name}, written by {owner.name} of Contoso.\n"
    return state.add_file(folder, name, text.encode(), owner, at)


def _specials(state: State, then: float) -> None:
    """Former versions, a lock, a label, a file too big to keep, a web link, bytes that exist twice."""
    budget = state.file("Budget.xlsx")
    for number in (2, 3):
        budget.past.insert(0, budget.current)
        data = f"Budget, draft {number}\n".encode()
        budget.current = state.version(budget.name, data, budget.creator_id or "", then + number * DAY)
        budget.version_number = number
        budget.etag = number - 1
    huge = state.file("backup-01.tar.gz")
    huge.current.size, huge.current.data = HUGE, None
    state.file("Gehälter.xlsx").classification = "Confidential"
    owner = state.person("hkim")
    launch = state.folder("Launch")
    state.tree.add(
        WebLink(state.next_id(), "Roadmap page", launch.id, then, then, owner.id, owner.id, url="https://contoso.example/")
    )
    state.add_file(launch, "copy of press.docx", state.file("press.docx").current.data or b"", owner, then)


def _external(state: State, then: float) -> None:
    """Fabrikam's own folder, in which people of Contoso work."""
    owner = state.person("fab-lena")
    folder = state.add_folder(state.tree.root(owner.id), "Fabrikam joint project", owner, then)
    _file(state, folder, "Joint plan.docx", owner, then)
    _file(state, folder, "Fabrikam prices.xlsx", owner, then)


def _trash(state: State) -> None:
    """A dozen files, and a folder with what lies in it."""
    now = state.now()
    for number, name in enumerate(
        ("backup-20.tar.gz", "backup-21.tar.gz", "backup-22.tar.gz", "backup-23.tar.gz", "2019.zip", "oncall.xlsx")
    ):
        file = state.file(name)
        state.tree.trash(file, now - (6 - number) * DAY, state.tree.owner_id(file))
    inside = state.file("Belege.zip")
    state.tree.trash(inside, now - 5 * DAY, state.tree.owner_id(inside))
    folder = state.folder("Quartal 1")
    state.tree.trash(folder, now - 4 * DAY, state.tree.owner_id(folder))
