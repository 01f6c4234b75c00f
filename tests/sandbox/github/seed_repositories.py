"""The repositories at the start: twenty-two of contoso-dev, three of fabrikam-oss."""

import base64
import hashlib

from tests.sandbox.github.files import EXECUTABLE, SUBMODULE, SYMLINK, File
from tests.sandbox.github.hook import Hook
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import User
from tests.sandbox.github.repository import NOBODY, DeployKey, Repository, RepositoryInvitation
from tests.sandbox.github.state import State

DAY = 86_400
MEGABYTE = 1024 * 1024
CONTOSO_BOT_MAIL = "noreply@github.com"

# id, name, visibility, language, description, days since the last push
_CONTOSO = (
    (301_445_118, "docs", "public", "Markdown", "What we tell the world 📚", 0.4),
    (377_120_904, "contoso-sdk-js", "public", "TypeScript", "Client library of our public API", 3.0),
    (455_019_233, "design-tokens", "public", "CSS", None, 21.0),
    (310_774_020, "engineering-handbook", "internal", "Markdown", "How we work: Größen, Maße & Ähnliches", 1.5),
    (342_990_071, "platform-charts", "internal", "Smarty", "Helm charts", 0.9),
    (398_117_560, "shared-protos", "internal", "Protocol Buffer", "Messages between services", 6.0),
    (512_806_377, "onboarding-lab", "internal", "Python", "Exercises for new starters <script>alert(1)</script>", 40.0),
    (301_446_002, "storefront", "private", "Python", "The shop", 0.1),
    (301_446_815, "billing-api", "private", "Go", "Invoices and payments", 0.3),
    (318_220_499, "infra-live", "private", "HCL", "What runs where", 0.2),
    (420_553_177, "ml-pipelines", "private", "Python", "Training and scoring", 2.0),
    (333_017_886, "mobile-app", "private", "Kotlin", "日本語の説明もあります", 1.1),
    (466_208_340, "identity-gateway", "private", "Rust", None, 4.0),
    (489_770_112, "data-lake", "private", "Scala", "Raw zone and curated zone", 5.0),
    (350_116_094, "release-tools", "private", "Shell", "Signs and ships", 0.7),
    (402_335_718, "fraud-models", "private", "Jupyter Notebook", "Do not share", 11.0),
    (2_230_118_440, "partner-portal", "private", "TypeScript", "Built with Fabrikam", 0.6),
    (2_244_907_651, "payments-ledger", "private", "Java", None, 8.0),
    (2_261_330_009, "incident-notes", "private", None, "Post-mortems", 9.0),
    (160_774_330, "legacy-crm", "private", "PHP", "Kept for the auditors", 900.0),
    (140_220_981, "website-2019", "private", "JavaScript", None, 1500.0),
    (2_299_015_774, "brand-new-thing", "private", None, "Nothing in it yet", None),
)
_FABRIKAM = (
    (610_220_118, "toolkit", "public", "Go", "Small tools", 2.0),
    (610_338_905, "website", "public", "HTML", "fabrikam.example", 30.0),
    (2_280_447_616, "roadmap", "private", None, None, 12.0),
)
ARCHIVED = ("legacy-crm", "website-2019")
# Repository -> login -> role.
_COLLABORATORS = {
    "partner-portal": {"fab-lena": "write"},
    "mobile-app": {"fab-omar": "triage"},
    "billing-api": {"priya-freelance": "read", "obrien-c": "maintain"},
    "release-tools": {"zoe-builds": "admin"},
    "ml-pipelines": {"nguyenta": "release-manager"},
    "docs": {"fab-lena": "read"},
}
# Repository -> team -> role.
_TEAMS = {
    "storefront": {"engineering": "write"},
    "billing-api": {"engineering": "write", "site-reliability": "maintain"},
    "infra-live": {"platform": "admin"},
    "platform-charts": {"platform": "maintain"},
    "ml-pipelines": {"donnees-datenstrome": "write"},
    "data-lake": {"donnees-datenstrome": "maintain"},
    "incident-notes": {"incident-response": "admin"},
    "docs": {"engineering": "triage"},
}
# Repository, id, title, writable, added by, days since it was made, days since it was used, enabled.
_KEYS: tuple[tuple[str, int, str, bool, str | None, float, float | None, bool], ...] = (
    ("infra-live", 90_114_001, "argo-cd production", True, "contoso-deploy-svc", 400.0, 0.1, True),
    ("release-tools", 90_220_417, "signing box", True, "zoe-builds", 90.0, None, True),
    ("storefront", 88_017_334, "preview environments", False, "jmueller", 700.0, 1.0, True),
    ("docs", 2_160_334_118, "translation vendor 🌍", False, "dokafor", 20.0, 12.0, True),
    ("partner-portal", 2_171_004_992, "fabrikam-ci", False, "tvolkov", 300.0, 250.0, True),
    ("mobile-app", 85_500_610, "old build farm", False, None, 1200.0, 800.0, False),
)


def plant_contoso(state: State, organisation: Organisation) -> None:
    organisation.repository_roles = {"release-manager": "write"}
    _plant(state, organisation, _CONTOSO)
    for name, people in _COLLABORATORS.items():
        _named(organisation, name).collaborators = {state.person(login).id: role for login, role in people.items()}
    for name, teams in _TEAMS.items():
        slugs = {team.slug: team.id for team in organisation.teams.values()}
        _named(organisation, name).teams = {slugs[slug]: role for slug, role in teams.items()}
    _named(organisation, "docs").former_names = {"documentation"}
    _named(organisation, "docs").stars = 412
    _named(organisation, "release-tools").protected = {"main"}
    _keys(state, organisation)
    _pending(state, organisation)
    _hooks(state, organisation)
    _special_files(organisation)


def plant_fabrikam(state: State, organisation: Organisation) -> None:
    _plant(state, organisation, _FABRIKAM)
    _named(organisation, "website").collaborators = {state.person("priya-freelance").id: "write"}
    organisation.outside_collaborators.add(state.person("priya-freelance").id)
    team = next(iter(organisation.teams))
    _named(organisation, "toolkit").teams = {team: "maintain"}


def _plant(
    state: State,
    organisation: Organisation,
    rows: tuple[tuple[int, str, str, str | None, str | None, float | None], ...],
) -> None:
    now = state.clock.now()
    people = [state.users[user_id] for user_id in organisation.members]
    for number, name, visibility, language, description, days in rows:
        repository = Repository(number, name, organisation, visibility, description)
        organisation.repositories[number] = repository
        repository.language = language
        repository.created_at = now - (days or 2.5) * DAY - 300 * DAY
        repository.updated_at = now - (days or 2.5) * DAY
        repository.is_archived = name in ARCHIVED
        repository.topics = ("contoso", visibility)
        if days is not None:
            _fill(repository, people, now - days * DAY)


def _fill(repository: Repository, people: list[User], at: float) -> None:
    """A few files, and the pushes that brought them."""
    repository.pushed_at = at
    repository.size = 200 + repository.id % 9_000
    first, second = people[repository.id % len(people)], people[repository.id % 7 % len(people)]
    begun = _commit(repository, {"README.md": _text(f"# {repository.name}\n")}, "Begin", first, at - 30 * DAY)
    pushed = _commit(
        repository,
        {
            "src/main.txt": _text(f"The source of {repository.name}.\n"),
            "src/settings/defaults.env": _text("LEVEL=info\n"),
            ".github/workflows/ci.yml": _text("on: push\njobs: {}\n"),
        },
        "Add what it does ✨",
        second,
        at,
    )
    repository.note("branch_creation", "refs/heads/main", NOBODY, begun, first, at - 30 * DAY)
    repository.note("push", "refs/heads/main", begun, pushed, second, at)


def _commit(repository: Repository, files: dict[str, File | None], message: str, by: User, at: float) -> str:
    email = by.email or CONTOSO_BOT_MAIL
    return repository.history.commit(repository.default_branch, files, message, by.name or by.login, email, at).sha


def _special_files(organisation: Organisation) -> None:
    """Names, kinds and sizes that break a careless reader."""
    owner = organisation.users[organisation.owners()[0]]
    handbook, lake = _named(organisation, "engineering-handbook"), _named(organisation, "data-lake")
    strange: dict[str, File | None] = {
        "Größe & Maße/données #1.md": _text("# Données\n"),
        "start.sh": File(b"#!/bin/sh\n", EXECUTABLE),
        "latest": File(b"Gr\xc3\xb6\xc3\x9fe & Ma\xc3\x9fe", SYMLINK),
        "vendor/protos": File(b"https://github.com/contoso-dev/shared-protos.git", SUBMODULE),
    }
    _commit(handbook, strange, "Mehr Maße", owner, handbook.pushed_at or 0.0)
    dumps: dict[str, File | None] = {
        "dumps/customers.csv": File(b"name,mail\n", padding=2 * MEGABYTE),
        "dumps/everything.bin": File(b"\x00", padding=150 * MEGABYTE),
    }
    _commit(lake, dumps, "Keep the dumps", owner, lake.pushed_at or 0.0)


def _keys(state: State, organisation: Organisation) -> None:
    now = state.clock.now()
    for name, number, title, is_writable, added_by, made, used, is_enabled in _KEYS:
        used_at = now - used * DAY if used is not None else None
        key = DeployKey(number, title, public_key(title), not is_writable, added_by, now - made * DAY, used_at)
        key.is_enabled = is_enabled
        _named(organisation, name).keys[number] = key


def _pending(state: State, organisation: Organisation) -> None:
    invitee, inviter = state.person("fab-newhire"), state.person("jmueller")
    pending = RepositoryInvitation(270_118_553, invitee, inviter, "write", state.clock.now() - 2 * DAY)
    _named(organisation, "partner-portal").invitations[pending.id] = pending


def _hooks(state: State, organisation: Organisation) -> None:
    """Two of the organisation made on the web page, one of a repository that sends everything away."""
    now = state.clock.now()
    chat = Hook(501_113_202, "https://chat.contoso.example/hooks/github", ["push", "pull_request"], "x", "json")
    unknown = Hook(501_990_311, "http://203.0.113.99:8080/collect", ["*"], insecure_ssl="1")
    mirror = Hook(502_200_118, "https://mirror.fabrikam.example/in", ["push", "delete"], "y", "json")
    chat.created_at = chat.updated_at = now - 33 * DAY
    organisation.hooks = {chat.id: chat, unknown.id: unknown}
    _named(organisation, "billing-api").hooks[mirror.id] = mirror


def public_key(seed: str) -> str:
    """A key that looks like one; nobody has its private half."""
    blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + hashlib.sha256(seed.encode()).digest()
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def _text(text: str) -> File:
    return File(text.encode())


def _named(organisation: Organisation, name: str) -> Repository:
    found = organisation.repository(name)
    assert found is not None
    return found
