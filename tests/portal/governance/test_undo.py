"""Taking an action back, interrupted at every point: what it takes back is done once or unknown, never twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connectors.base import Client, Order
from portal.governance import jobs, service
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.clients import connector_of
from portal.inventory.models import Account
from portal.people.models import User
from tests.portal.governance.conftest import MEMBER, Killed, RunTasks, again, due_now, killing_claims
from tests.sandbox.faults import FaultKind
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

UNDO_COMMITS = 4
"""Of an undisturbed undo of one step: claimed, step started, step done, ended."""
INVITING = f"/orgs/contoso-dev/memberships/{MEMBER}"

Declare = Callable[..., None]


def is_invited(client: Client, order: Order) -> bool:
    return client.get(INVITING, expect=(404,)).status != 404


UNDECLARED: dict[str, Any] = {"undo_is_done": None, "undo_is_repeatable": False}
ASKED: dict[str, Any] = {"undo_is_done": is_invited, "undo_is_repeatable": False}


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Let the removing step of GitHub's action say this of its undo."""

    def declared(row: GovernanceAction, **words: Any) -> None:
        connector = connector_of(row.instance)
        action = connector.action("remove_account")
        steps = (action.steps[0], replace(action.steps[1], **words))
        changed = replace(connector, actions=(replace(action, steps=steps),))
        monkeypatch.setattr(jobs, "connector_of", lambda _: changed)

    return declared


@pytest.fixture
def undo(admin: User, target: Account, run_tasks: RunTasks) -> GovernanceAction:
    """A removal that was done, its undo asked for."""
    row = service.request(admin, target, "remove_account", "left the company")
    jobs.run_action(row.pk)
    return service.revert(admin, again(row))


def invitations(sandbox: Sandbox) -> int:
    """How many calls that invite GitHub has received."""
    return len([each for each in sandbox.requests if each.method == "PUT" and each.path == INVITING])


def carry_on(row: GovernanceAction) -> ActionState:
    """Time passes, other workers come by."""
    for _ in range(3):
        due_now(row)
        jobs.run_action(row.pk)
    return ActionState(again(row).state)


def test_an_undisturbed_undo_commits_as_often_as_the_tests_below_assume(
    undo: GovernanceAction, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = killing_claims(monkeypatch, 0, False)
    jobs.run_action(undo.pk)
    assert commits["n"] == UNDO_COMMITS
    assert invitations(sandbox) == 1


@pytest.mark.parametrize("words", [UNDECLARED, ASKED], ids=["nothing declared", "the app can be asked"])
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("at", range(1, UNDO_COMMITS + 1))
def test_a_worker_that_dies_at_any_commit_of_an_undo_leaves_it_done_once_or_unknown(
    undo: GovernanceAction, sandbox: Sandbox, declare: Declare, monkeypatch: pytest.MonkeyPatch, at: int, before: bool,
    words: dict[str, Any],
) -> None:
    declare(undo, **words)
    with monkeypatch.context() as dying:
        killing_claims(dying, at, before)
        with pytest.raises(Killed):
            jobs.run_action(undo.pk)
    ended = carry_on(undo)
    assert ended in (ActionState.DONE, ActionState.UNKNOWN)
    assert invitations(sandbox) <= 1
    if ended is ActionState.DONE or words is ASKED:
        assert (ended is ActionState.DONE) == (invitations(sandbox) == 1)


@pytest.mark.parametrize("at", range(1, UNDO_COMMITS + 1))
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after the commit"])
def test_an_undo_as_github_declares_it_ends_done_wherever_the_worker_dies(
    undo: GovernanceAction, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    with monkeypatch.context() as dying:
        killing_claims(dying, at, before)
        with pytest.raises(Killed):
            jobs.run_action(undo.pk)
    assert carry_on(undo) is ActionState.DONE
    assert invitations(sandbox) == 1


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.HTML])
@pytest.mark.parametrize(
    ("words", "ending"),
    [(UNDECLARED, ActionState.UNKNOWN), (ASKED, ActionState.DONE)],
    ids=["nothing declared", "the app can be asked"],
)
def test_a_lost_answer_to_an_undo_that_took_effect_is_not_repeated(
    undo: GovernanceAction, sandbox: Sandbox, declare: Declare, kind: FaultKind, words: dict[str, Any],
    ending: ActionState,
) -> None:
    declare(undo, **words)
    sandbox.faults.add(kind, method="PUT", path_pattern=INVITING, performed=True)
    jobs.run_action(undo.pk)
    assert carry_on(undo) is ending
    assert invitations(sandbox) == 1


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (FaultKind.RESET, ActionState.DONE),
        (FaultKind.TRUNCATED, ActionState.UNKNOWN),
        (FaultKind.HTML, ActionState.UNKNOWN),
    ],
)
def test_an_undo_that_broke_off_half_way_goes_on_where_it_was(
    admin: User, undo: GovernanceAction, sandbox: Sandbox, kind: FaultKind, ending: ActionState
) -> None:
    """The invitation went out, its answer was lost or not to be read, and no team was joined."""
    sandbox.faults.add(kind, method="PUT", path_pattern=INVITING, performed=True)
    jobs.run_action(undo.pk)
    assert carry_on(undo) is ending
    if ending is ActionState.UNKNOWN:
        assert "It is not known whether it did this." in again(undo).problem
        service.retry(admin, again(undo))
        assert carry_on(undo) is ActionState.DONE
    assert invitations(sandbox) == 1
    assert again(undo).steps[0]["result"] == {"state": "pending", "teams": ["Engineering"]}


def test_an_undo_that_github_refused_for_now_is_made_later(
    undo: GovernanceAction, sandbox: Sandbox, declare: Declare
) -> None:
    declare(undo, **UNDECLARED)
    sandbox.faults.add(FaultKind.SECONDARY_RATE_LIMIT, method="PUT", path_pattern=INVITING, retry_after=1)
    jobs.run_action(undo.pk)
    assert carry_on(undo) is ActionState.DONE
    assert Account.objects.get(username=MEMBER, gone_at=None).status == "pending"
