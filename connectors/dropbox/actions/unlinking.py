"""Revoking an app that a member has linked."""

from collections.abc import Iterator

from connectors.base import ActionKind, Client, Gone, Grant, Order, Record, StepResult, TargetGone, action
from connectors.dropbox import mapping
from connectors.dropbox.feeds.linked_apps import APP_LIST
from connectors.dropbox.reading import END, Row, ask, done
from connectors.dropbox.scopes import SESSIONS, SESSIONS_WRITE


def link_now(client: Client, order: Order) -> tuple[Row, Row] | None:
    """The member's row and the app; Dropbox lists those of the whole team alone."""
    at = ""
    while at != END:
        listed = APP_LIST.page(client, at, {})
        at = listed.cursor
        for row in listed.rows:
            for app in mapping.linked(row):
                if mapping.grant(row, app).id == order.target.id:
                    return row, app
    return None


def is_revoked(client: Client, order: Order) -> bool:
    return link_now(client, order) is None


def refuse(client: Client, order: Order) -> str:
    return "This app is not linked any more." if is_revoked(client, order) else ""


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found = link_now(client, order)
    if found is None:
        raise TargetGone("This app is not linked any more.")
    _, app = found
    return (
        f"{mapping.app(app).name} no longer reaches the Dropbox of this member; what it has copied it keeps.",
        "The member can link it again: block the app in the admin console to prevent that.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    found = link_now(client, order)
    if found is None:
        yield Gone(Grant, order.target.id)
        return
    row, app = found
    yield mapping.app(app)
    yield mapping.grant(row, app)


@action(
    ActionKind.REVOKE_GRANT,
    Grant,
    label="Revoke the linked app",
    effect="The app loses its access to the Dropbox of this member of {tenant} at once.",
    undo_effect="It cannot be undone from here: the member links the app again.",
    read_back=read_back,
    is_done=is_revoked,
    refuse=refuse,
    preview=preview,
    permissions=(SESSIONS, SESSIONS_WRITE),
)
def revoke_app(client: Client, order: Order) -> StepResult:
    """A folder that the app has made for itself stays. What is gone already is as good."""
    found = link_now(client, order)
    if found is None:
        return {"was_linked": False}
    row, app = found
    asked = {"app_id": app["app_id"], "team_member_id": row["team_member_id"]}
    done(ask(client, "team/linked_apps/revoke_linked_app", asked))
    return {"was_linked": True}
