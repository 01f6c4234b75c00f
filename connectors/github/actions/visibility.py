"""Making a repository private, or read-only."""

from collections.abc import Iterable

from connectors.base import ActionKind, Client, Exposure, Facts, File, Order, Record, Step, StepResult, steps_action
from connectors.github.actions.reading_back import repository_now
from connectors.github.actions.repositories import (
    ADMINISTRATION,
    Repository,
    change,
    is_repository,
    refuse_archived,
    repository,
)


def is_shared_widely(facts: Facts) -> bool:
    """An internal repository shared with outsiders counts as external."""
    return is_repository(facts) and facts["exposure"] in (Exposure.PUBLIC, Exposure.INTERNAL, Exposure.EXTERNAL)


def remember(client: Client, order: Order) -> StepResult:
    """{visibility, archived}."""
    found = repository(client, order.target.id)
    return {"visibility": found["visibility"], "archived": bool(found.get("archived"))}


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """The repository, and who can reach it."""
    return repository_now(client, order.target.id)


# --- private --------------------------------------------------------------------------------------------------------


def hide(client: Client, order: Order) -> StepResult:
    return {"visibility": change(client, order, visibility="private")["visibility"]}


def is_hidden(client: Client, order: Order) -> bool:
    return bool(repository(client, order.target.id)["visibility"] == "private")


def show_again(client: Client, order: Order) -> StepResult:
    """As visible as it was."""
    wanted = order.results["remember"]["visibility"]
    if wanted != "private":
        change(client, order, visibility=wanted)
    return {"visibility": wanted}


def refuse_hiding(client: Client, order: Order) -> str:
    if is_hidden(client, order):
        return "This repository is private already."
    return refuse_archived(client, order.target.id)


def preview_hiding(client: Client, order: Order) -> tuple[str, ...]:
    found = repository(client, order.target.id)
    return (f"{found['full_name']} is {found['visibility']} and becomes private.", *losses(found))


def losses(found: Repository) -> tuple[str, ...]:
    """What a public repository loses for good when it becomes private."""
    if found["visibility"] != "public":
        return ()
    forks = int(found.get("forks_count") or 0)
    return (
        f"Its public forks ({forks}) are detached and stay public." if forks else "No fork of it stays public.",
        "Stars and watchers are dropped, and pages published from it may end.",
    )


make_private = steps_action(
    ActionKind.MAKE_PRIVATE,
    File,
    name="make_private",
    label="Make private",
    effect="The repository {name} can be read only by those it was given to in the GitHub organisation {tenant}. "
    "Public forks of it are detached and stay public.",
    undo_effect="Undo makes {name} as visible as before. Stars, watchers and the tie to its forks do not come back.",
    steps=(
        Step("remember", "Remember how visible it is", remember),
        Step("hide", "Make private", hide, is_hidden, show_again, undo_is_repeatable=True),
    ),
    read_back=read_back,
    refuse=refuse_hiding,
    preview=preview_hiding,
    permissions=ADMINISTRATION,
    applies=is_shared_widely,
)


# --- read-only ------------------------------------------------------------------------------------------------------


def archive(client: Client, order: Order) -> StepResult:
    return {"archived": change(client, order, archived=True).get("archived")}


def is_archived(client: Client, order: Order) -> bool:
    return bool(repository(client, order.target.id).get("archived"))


def unarchive(client: Client, order: Order) -> StepResult:
    return {"archived": change(client, order, archived=False).get("archived")}


def refuse_archiving(client: Client, order: Order) -> str:
    return "This repository is archived already." if is_archived(client, order) else ""


def preview_archiving(client: Client, order: Order) -> tuple[str, ...]:
    found = repository(client, order.target.id)
    return (
        f"{found['full_name']} becomes read-only: no pushes, issues, pull requests, comments or settings.",
        f"Who can read it stays as it is: it is {found['visibility']}.",
    )


archive_repository = steps_action(
    ActionKind.MAKE_READ_ONLY,
    File,
    name="archive_repository",
    label="Archive",
    effect="The repository {name} of the GitHub organisation {tenant} becomes read-only for everybody. Who can read it "
    "stays as it is.",
    undo_effect="Undo makes {name} writable again.",
    steps=(Step("archive", "Archive the repository", archive, is_archived, unarchive, undo_is_repeatable=True),),
    read_back=read_back,
    refuse=refuse_archiving,
    preview=preview_archiving,
    permissions=ADMINISTRATION,
    applies=is_repository,
)
