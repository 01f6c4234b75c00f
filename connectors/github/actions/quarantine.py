"""Taking a repository from everybody outside, and bringing it back as it was.

Archived last, since GitHub changes nothing in an archived repository; one that was archived before is opened for it.
"""

from collections.abc import Callable, Iterable

from connectors.base import ActionKind, Client, File, Order, Record, Step, StepResult, steps_action
from connectors.github.actions import people, sharing, visibility
from connectors.github.actions.reading_back import repository_now
from connectors.github.actions.repositories import ADMINISTRATION, change, is_repository, repository

Part = Callable[[Client, Order], StepResult]
WAYS = {"people": sharing.OUTSIDE_PEOPLE, "invitations": sharing.INVITATIONS, "keys": sharing.KEYS}
"""By the name under which they are remembered."""


def remember(client: Client, order: Order) -> StepResult:
    """{visibility, archived, people, invitations, keys}."""
    found = repository(client, order.target.id)
    ways = {name: way.list(client, found) for name, way in WAYS.items()}
    return {"visibility": found["visibility"], "archived": bool(found.get("archived")), **ways}


def _end(name: str) -> Part:
    """Takes away what was remembered under this name and is still there."""

    def end(client: Client, order: Order) -> StepResult:
        way, found = WAYS[name], repository(client, order.target.id)
        left = {share["id"] for share in way.list(client, found)}
        shares = [share for share in order.results["remember"][name] if share["id"] in left]
        way.end(client, found, shares)
        return {"count": len(shares)}

    return end


def _give_back(name: str) -> Part:
    """Gives back what was remembered under this name."""

    def give_back(client: Client, order: Order) -> StepResult:
        WAYS[name].give_back(client, repository(client, order.target.id), order.results["remember"][name])
        return {}

    return give_back


def read_back(client: Client, order: Order) -> Iterable[Record]:
    """The repository and who can reach it; of those remembered who cannot any more."""
    known = people.known_of(order)
    shares = [(way, share) for name, way in WAYS.items() for share in known.get(name, ())]
    return repository_now(client, order.target.id, shares)


def _step(name: str, label: str, run: Part, undo: Part) -> Step:
    """Both ways skip what is so already, so each may be done twice."""
    return Step(name, label, run, undo=undo, undo_is_repeatable=True)


SHARING_STEPS = (
    _step("people", "Remove outside collaborators", _end("people"), _give_back("people")),
    _step("invitations", "Cancel invitations", _end("invitations"), _give_back("invitations")),
    _step("keys", "Delete deploy keys", _end("keys"), _give_back("keys")),
)


# --- everybody outside ----------------------------------------------------------------------------------------------


def refuse_nothing_shared(client: Client, order: Order) -> str:
    known = remember(client, order)
    if not any(known[name] for name in WAYS):
        return "Nobody from outside can reach this repository by an invitation or a key of its own."
    return "This repository is archived, and GitHub changes nothing in it. Quarantine it." if known["archived"] else ""


def preview_sharing(client: Client, order: Order) -> tuple[str, ...]:
    found = repository(client, order.target.id)
    return (
        f"{found['full_name']} is {found['visibility']} and stays so; members and teams keep what they have.",
        *sharing_words(remember(client, order)),
    )


def sharing_words(known: StepResult) -> tuple[str, ...]:
    """Who loses access, one sentence for each way."""
    words = {
        "people": "Outside collaborators that are removed",
        "invitations": "Invitations that are cancelled",
        "keys": "Deploy keys that are deleted",
    }
    return tuple(f"{words[name]} ({len(known[name])}): {_names(known[name])}." for name in WAYS)


def _names(shares: sharing.Shares) -> str:
    return ", ".join(f"{share['name']} ({share['role']})" for share in shares[:10]) or "none"


remove_external_collaborators = steps_action(
    ActionKind.REMOVE_EXTERNAL_COLLABORATORS,
    File,
    name="remove_external_collaborators",
    label="Remove outside access",
    effect="Outside collaborators, pending invitations and deploy keys of the repository {name} are removed in the "
    "GitHub organisation {tenant}. Members and teams stay.",
    undo_effect="Undo invites the same people with the same rights and adds the same keys again. Invitations by mail "
    "cannot be sent again.",
    steps=(Step("remember", "Remember who has access", remember), *SHARING_STEPS),
    read_back=read_back,
    refuse=refuse_nothing_shared,
    preview=preview_sharing,
    permissions=ADMINISTRATION,
    applies=is_repository,
)


# --- quarantine -----------------------------------------------------------------------------------------------------


def open_for_changes(client: Client, order: Order) -> StepResult:
    if order.results["remember"]["archived"]:
        change(client, order, archived=False)
    return {}


def close_again(client: Client, order: Order) -> StepResult:
    if order.results["remember"]["archived"]:
        change(client, order, archived=True)
    return {}


def preview_quarantine(client: Client, order: Order) -> tuple[str, ...]:
    found = repository(client, order.target.id)
    return (
        f"{found['full_name']} is {found['visibility']}; it becomes private and read-only.",
        *visibility.losses(found),
        *sharing_words(remember(client, order)),
        "Members and teams of the organisation can go on reading it.",
    )


quarantine_repository = steps_action(
    ActionKind.QUARANTINE_FILE,
    File,
    name="quarantine_repository",
    label="Quarantine",
    effect="The repository {name} of the GitHub organisation {tenant} becomes private and read-only; outside "
    "collaborators, pending invitations and deploy keys are removed. Public forks of it stay public.",
    undo_effect="Undo makes {name} writable and as visible as before, invites the same people and adds the same keys. "
    "Stars, watchers and the tie to its forks do not come back.",
    steps=(
        Step("remember", "Remember visibility and who has access", remember),
        _step("open", "Open an archived repository for changes", open_for_changes, close_again),
        _step("hide", "Make private", visibility.hide, visibility.show_again),
        *SHARING_STEPS,
        _step("archive", "Archive the repository", visibility.archive, visibility.unarchive),
    ),
    read_back=read_back,
    preview=preview_quarantine,
    permissions=ADMINISTRATION,
    applies=is_repository,
)
