"""Keeping an app out: nobody can sign in to it any more, and it gets no token of its own."""

from collections.abc import Iterator

from connectors.base import ActionKind, Client, Facts, OAuthApp, Order, Record, Step, StepResult, steps_action
from connectors.office365.actions import apps
from connectors.office365.components import APPS
from connectors.office365.mapping.apps import is_microsofts
from connectors.office365.reading import Row
from connectors.office365.scopes import APPLICATIONS_WRITE

ENABLED = "accountEnabled"
PERMISSIONS = (*apps.PERMISSIONS, APPLICATIONS_WRITE)


def is_open(facts: Facts) -> bool:
    return not facts["is_banned"]


def is_banned(facts: Facts) -> bool:
    return bool(facts["is_banned"])


def row_now(client: Client, order: Order) -> Row:
    return apps.app_now(client, order.target.id, order.target.name)[0]


def is_off(client: Client, order: Order) -> bool:
    return row_now(client, order).get(ENABLED) is False


def is_on(client: Client, order: Order) -> bool:
    return not is_off(client, order)


def switch_off(client: Client, order: Order) -> StepResult:
    return _switch(client, order, is_enabled=False)


def switch_on(client: Client, order: Order) -> StepResult:
    return _switch(client, order, is_enabled=True)


def _switch(client: Client, order: Order, *, is_enabled: bool) -> StepResult:
    client.patch(f"/servicePrincipals/{order.target.id}", json={ENABLED: is_enabled})
    return {}


def refuse_banning(client: Client, order: Order) -> str:
    row = row_now(client, order)
    if is_microsofts(row):
        return apps.MICROSOFTS
    return apps.refuse(client, row) or ("This app is banned already." if row.get(ENABLED) is False else "")


def refuse_unbanning(client: Client, order: Order) -> str:
    if is_off(client, order):
        return ""
    return "This app is not banned here. If Microsoft itself has switched it off, nobody else can switch it on."


def preview_banning(client: Client, order: Order) -> tuple[str, ...]:
    count = len(apps.app_now(client, order.target.id, order.target.name)[1])
    return (
        f"Nobody can sign in to {order.target.name} any more, and it gets no new tokens; those it has end within an "
        "hour.",
        f"What it was granted stays ({count} grants) and works again after an unban: revoke it to take it away.",
    )


def preview_unbanning(client: Client, order: Order) -> tuple[str, ...]:
    count = len(apps.app_now(client, order.target.id, order.target.name)[1])
    return (f"{order.target.name} works again with what it was granted before ({count} grants).",)


def read_back(client: Client, order: Order) -> Iterator[Record]:
    yield from apps.read_back(client, order.target.id, {})


ban_app = steps_action(
    ActionKind.BAN_APP,
    OAuthApp,
    name="ban_app",
    label="Ban app",
    effect="Nobody in {tenant} can sign in to {name} any more. What it was granted stays and does not work.",
    undo_effect="Undo lets people sign in to {name} again.",
    steps=(
        Step(
            "switch_off", "Block sign-in", switch_off, is_off, switch_on,
            undo_is_done=is_on, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse_banning,
    preview=preview_banning,
    permissions=PERMISSIONS,
    component=APPS,
    applies=is_open,
)  # fmt: skip

unban_app = steps_action(
    ActionKind.UNBAN_APP,
    OAuthApp,
    name="unban_app",
    label="Unban app",
    effect="People in {tenant} can sign in to {name} again, and it may do what it was granted.",
    undo_effect="Undo bans {name} again.",
    steps=(
        Step(
            "switch_on", "Allow sign-in", switch_on, is_on, switch_off,
            undo_is_done=is_off, undo_is_repeatable=True,
        ),
    ),
    read_back=read_back,
    refuse=refuse_unbanning,
    preview=preview_unbanning,
    permissions=PERMISSIONS,
    component=APPS,
    applies=is_banned,
)  # fmt: skip
