"""Uninstalling a GitHub App from the organisation.

GitHub lets an app do so that is installed on the enterprise which owns the organisation, with a permission of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import (
    ActionKind,
    Client,
    Facts,
    Gone,
    Grant,
    OAuthApp,
    Order,
    Record,
    StepResult,
    TargetGone,
    action,
    link_pages,
)
from connectors.github import ids, mapping
from connectors.github.app_sign_in import AS_ENTERPRISE
from connectors.github.feeds.app_permissions import installations
from connectors.github.reading import PER_PAGE, organisation_path


def is_installation(facts: Facts) -> bool:
    return ids.is_installation(facts["id"])


def installation_now(client: Client, order: Order) -> Mapping[str, Any] | None:
    (number,) = ids.numbers(order.target.id)
    pages = link_pages(client, organisation_path(client, "/installations"), PER_PAGE)
    return next((row for answer in pages for row in installations(answer) if str(row["id"]) == number), None)


def is_uninstalled(client: Client, order: Order) -> bool:
    return installation_now(client, order) is None


def refuse(client: Client, order: Order) -> str:
    found = installation_now(client, order)
    if found is not None and str(found["app_id"]) == client.config.get("app_id"):
        return "This is the GitHub App that Gatehouse is connected by. Disconnect uninstalls it."
    return "" if found else "This app is not installed any more."


def preview(client: Client, order: Order) -> tuple[str, ...]:
    found = installation_now(client, order)
    if found is None:
        raise TargetGone("This app is not installed any more.")
    reach = "all repositories" if found.get("repository_selection") == "all" else "the repositories chosen for it"
    return (
        f"{found.get('app_slug') or order.target.name} no longer reaches the organisation and {reach}.",
        "What it has made there stays, such as checks, comments and branches.",
        "Tokens that people gave it for themselves stay with those people.",
    )


def read_back(client: Client, order: Order) -> Iterator[Record]:
    found = installation_now(client, order)
    if found is not None:
        yield mapping.app(found)
        yield mapping.installation(found)
        return
    yield Gone(Grant, order.target.id)
    if order.target.raw.get("app_id"):
        yield Gone(OAuthApp, ids.app(order.target.raw["app_id"]))


@action(
    ActionKind.REVOKE_GRANT,
    Grant,
    label="Uninstall from the organisation",
    effect="The GitHub App is uninstalled from the organisation {tenant}: it loses all access there at once.",
    undo_effect="It cannot be undone from here: an owner installs the app again and chooses its repositories.",
    read_back=read_back,
    is_done=is_uninstalled,
    refuse=refuse,
    preview=preview,
    applies=is_installation,
)
def uninstall_app(client: Client, order: Order) -> StepResult:
    """One call; what is gone already answers 404, and that is as good."""
    (number,) = ids.numbers(order.target.id)
    enterprise, organisation = client.config["enterprise"], client.config["organization"]
    path = f"/enterprises/{enterprise}/apps/organizations/{organisation}/installations/{number}"
    answer = client.for_audience(AS_ENTERPRISE).delete(path, expect=(404,))
    return {"was_there": answer.status != 404}
