"""Contoso's OneDrives and sites, with what is awkward in them."""

from tests.sandbox import company
from tests.sandbox.microsoft.directory.objects import GROUP, SERVICE_PRINCIPAL, DirectoryObject
from tests.sandbox.microsoft.files import identity
from tests.sandbox.microsoft.files.identity import SITE_GROUP, Identity
from tests.sandbox.microsoft.files.items import PACKAGE, SECOND_STAGE, Drive, Item, Link, Permission
from tests.sandbox.microsoft.files.people import known
from tests.sandbox.microsoft.files.store import Files
from tests.sandbox.microsoft.state import State

DAY = 86_400
STRANGER = "buyer@proseware.example"
SITES = {
    "Contoso": "",
    "Finance": "/sites/Finance",
    "Sales": "/sites/Sales",
    "Engineering": "/sites/Engineering",
}
WITHOUT_DRIVE = frozenset({"cho-s", "aabubakar"})
"""Employees who never opened their OneDrive."""


class Planter:
    def __init__(self, state: State) -> None:
        self.state = state
        self.files: Files = state.files
        self.now = state.now()

    @property
    def long_ago(self) -> float:
        return self.now - 200 * DAY

    def who(self, handle: str) -> Identity:
        return known(self.state.directory.user(handle))

    def site(self, path: str, name: str) -> Drive:
        site = self.files.add_site(f"{self.state.tenant.sharepoint}.sharepoint.com", path, name, self.long_ago)
        groups = (("Owners", "owner"), ("Members", "write"), ("Visitors", "read"))
        access = [
            Permission(self.files.guid(), [role], granted_to=Identity(SITE_GROUP, str(number), f"{name} {group}"))
            for number, (group, role) in enumerate(groups, 3)
        ]
        return self.files.add_drive(site, "Documents", "Shared Documents", self.long_ago, access)

    def one_drive(self, user: DirectoryObject) -> Drive:
        who = known(user)
        path = "/personal/" + who.email.replace("@", "_").replace(".", "_")
        host = f"{self.state.tenant.sharepoint}-my.sharepoint.com"
        site = self.files.add_site(host, path, user.name, self.long_ago, user.id)
        own = [Permission(self.files.guid(), ["owner"], granted_to=who)]
        return self.files.add_drive(site, "OneDrive", "Documents", self.long_ago, own)

    def folder(self, parent: Item, name: str, author: Identity) -> Item:
        return self.files.add(parent, name, "folder", author, self.long_ago)

    def file(self, parent: Item, name: str, author: Identity, text: str | None = None) -> Item:
        data = (f"{name} of {author.name}\n" if text is None else text).encode()
        return self.files.add_file(parent, name, data, author, self.long_ago + len(name) * 3600)

    def link(
        self, item: Item, kind: str, scope: str, *, ends: float | None = None, password: str | None = None
    ) -> Permission:
        host = self.files.site_of(item).host
        url = f"https://{host}/:u:/g/{self.files.text()[:40]}"
        role = "write" if kind == "edit" else "read"
        made = Permission(self.files.guid(), [role], Link(kind, scope, url), password, ends)
        return self._give(item, made)

    def grant(self, item: Item, who: Identity, role: str = "read") -> Permission:
        return self._give(item, Permission(self.files.guid(), [role], granted_to=who))

    def invite(self, item: Item, email: str, by: Identity) -> Permission:
        made = Permission(self.files.guid(), ["read"], granted_to=identity.stranger(email), invited_by=by)
        made.invited = email
        return self._give(item, made)

    def _give(self, item: Item, made: Permission) -> Permission:
        item.permissions.append(made)
        self.files.touch(item, self.long_ago, is_sharing=True)
        return made


def plant(state: State) -> None:
    plants = Planter(state)
    drives = {name: plants.site(path, name) for name, path in SITES.items()}
    _finance(plants, plants.files.root(drives["Finance"]))
    _sales(plants, plants.files.root(drives["Sales"]))
    _engineering(plants, plants.files.root(drives["Engineering"]))
    archived = plants.site("/sites/Archive", "Archive")
    plants.file(plants.files.root(archived), "Old plans.docx", plants.who("rpatel"))
    plants.files.sites[archived.site_id].is_locked = True
    for person in company.people_in("office365"):
        if person.kind is company.Kind.EMPLOYEE and person.handle not in WITHOUT_DRIVE:
            _own(plants, state.directory.user(person.handle))


def _own(plants: Planter, user: DirectoryObject) -> None:
    who, root = known(user), plants.files.root(plants.one_drive(user))
    documents = plants.folder(root, "Documents", who)
    documents.special = "documents"
    plants.file(documents, "Notes.txt", who)
    plants.file(root, "Erste Schritte mit OneDrive.pdf", who)


def _finance(plants: Planter, root: Item) -> None:
    author, helper = plants.who("ipetrova"), plants.who("kchen")
    budget = plants.folder(root, "Budget", author)
    plan = plants.file(budget, "Budget 2026.xlsx", author, "first draft\n")
    for text in ("second draft\n", "final\n"):
        plants.files.write(plan, text.encode(), helper, plants.now - 20 * DAY)
    salaries = plants.file(budget, "Gehälter.xlsx", author)
    salaries.is_unique = True
    plants.grant(salaries, author, "write")
    plants.file(budget, "見積書 2026.pdf", author)
    plants.link(plants.file(budget, "Rechnungen.pdf", author), "view", "organization")
    ended = plants.file(budget, "Quartalsbericht.docx", author)
    plants.link(ended, "view", "anonymous", ends=plants.now - 3 * DAY)
    plants.files.add(budget, "Notebook", PACKAGE, author, plants.long_ago)
    trashed = plants.file(budget, "Draft.docx", author, "a draft\n")
    plants.files.recycle(trashed, author, plants.now - 5 * DAY)
    plants.file(budget, "Draft.docx", author, "the same name again\n")
    gone = plants.file(root, "Old ledger.csv", author)
    plants.files.recycle(gone, helper, plants.now - 40 * DAY)
    gone.stage = SECOND_STAGE


def _sales(plants: Planter, root: Item) -> None:
    author = plants.who("eandersson")
    customers = plants.folder(root, "Customers", author)
    fabrikam = plants.folder(customers, "Fabrikam", author)
    plants.grant(fabrikam, plants.who("fab-omar"), "write")
    plants.file(fabrikam, "NDA.pdf", author)
    plants.file(fabrikam, "Prices.xlsx", plants.who("fab-omar"))
    plants.link(plants.file(customers, "Brochure.pdf", author), "view", "anonymous")
    plants.link(plants.file(customers, "Upload here.txt", author), "edit", "anonymous", password="Sommer-2026")
    ends_soon = plants.file(customers, "Angebot – Entwurf.docx", author)
    plants.link(ends_soon, "edit", "anonymous", ends=plants.now + 14 * DAY)
    plants.invite(plants.file(customers, "Contract.docx", author), STRANGER, author)
    named = plants.link(plants.file(customers, "Pipeline.xlsx", author), "edit", "users")
    named.identities = [plants.who("fmartin"), identity.stranger(STRANGER)]
    was = plants.file(customers, "Was shared.txt", author)
    was.was_shared = True
    plants.file(customers, "x" * 240 + ".txt", author)


def _engineering(plants: Planter, root: Item) -> None:
    author = plants.who("dokafor")
    plants.grant(plants.folder(root, "Handbook", author), identity.EVERYONE_INSIDE)
    runbooks = plants.folder(root, "Runbooks", author)
    plants.grant(runbooks, known(plants.state.directory.named(GROUP, "Engineering")), "write")
    backup = plants.state.directory.named(SERVICE_PRINCIPAL, "Backup for Microsoft 365")
    plants.grant(runbooks, identity.application(str(backup.properties["appId"]), backup.name))
    plants.file(runbooks, "Restore a backup.md", author)
    plants.file(root, "deploy.sh", author, "#!/bin/sh\necho deployed\n")
    plants.file(root, "invoice.zip", author, "not really a virus\n").malware = "EICAR_Test_File"
    plants.file(root, "open in Word.docx", author).is_locked = True
    nobody = plants.file(root, "Of a former colleague.txt", author)
    nobody.author = nobody.editor = None
    plants.file(root, "empty.bin", author, "")
