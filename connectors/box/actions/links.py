"""Shared links: closing one, restricting one, and opening it again as it was."""

from connectors.base import Client, Field, Order, Step, StepResult
from connectors.base.file_actions import links
from connectors.base.file_actions.links import SharedLinks
from connectors.box import mapping
from connectors.box.actions import holding
from connectors.box.reading import Row

OPEN, COMPANY, COLLABORATORS = "open", "company", "collaborators"


def link_of(found: Row) -> StepResult:
    """{access, unshared_at, can_download, has_password}; empty where the item has no link of its own."""
    link = mapping.part(found, "shared_link")
    if not link:
        return {}
    return {
        "access": mapping.text(link.get("access")) or OPEN,
        "unshared_at": link.get("unshared_at"),
        "can_download": mapping.part(link, "permissions").get("can_download") is not False,
        "has_password": link.get("is_password_enabled") is True,
    }


def remember(client: Client, order: Order) -> StepResult:
    """{link}."""
    return {"link": link_of(holding.present(client, order))}


def close(client: Client, order: Order) -> StepResult:
    if holding.known(order)["link"]:
        holding.change(client, order, shared_link=None)
    return {}


def is_closed(client: Client, order: Order) -> bool:
    return not link_of(holding.item(client, order))


def open_again(client: Client, order: Order) -> StepResult:
    """A link as it was, at another address. One that had a password does not come back without."""
    link = holding.known(order)["link"]
    if not link:
        return {}
    if link["has_password"]:
        raise links.password_lost("Box", "Make a new link")
    holding.change(client, order, shared_link=_as_it_was(link))
    return {"access": link["access"]}


def _as_it_was(link: StepResult) -> dict[str, object]:
    body: dict[str, object] = {"access": link["access"], "unshared_at": link["unshared_at"]}
    if link["access"] in (OPEN, COMPANY):  # with collaborators alone Box takes no permissions
        body["permissions"] = {"can_download": link["can_download"]}
    return body


def words(link: StepResult) -> str:
    """Whom the link lets in, as a part of a sentence."""
    if not link:
        return "no shared link"
    who = {OPEN: "anybody who has it", COMPANY: "everybody in the enterprise"}.get(link["access"], "collaborators")
    return links.words(who, has_password=link["has_password"], until=link["unshared_at"])


def _present(client: Client, order: Order) -> str:
    link = remember(client, order)["link"]
    return words(link) if link else ""


LINKS = SharedLinks(_present, remember, close, is_closed, open_again, holding.read_back, holding.PERMISSIONS)

remove_link = LINKS.removing(
    label="Remove the shared link",
    effect="The shared link to {name} in the Box enterprise {tenant} ends, for people inside and outside. "
    "Collaborators keep their access.",
    undo_effect="Undo makes a link with the same level, end and rights at another address; not one that had a "
    "password.",
)


# --- restricting ----------------------------------------------------------------------------------------------------

LEVEL = Field(
    "level",
    "Whom the link lets in",
    "People of the enterprise, or collaborators of the item alone.",
    choices=((COMPANY, "People of the enterprise"), (COLLABORATORS, "Collaborators alone")),
)


def _wanted(order: Order) -> dict[str, str]:
    body, end = {"access": order.params.get(LEVEL.name) or COMPANY}, links.chosen_end(order)
    return {**body, "unshared_at": end.isoformat()} if end else body


def restrict(client: Client, order: Order) -> StepResult:
    links.check_end(client, order)
    return {"access": link_of(holding.change(client, order, shared_link=_wanted(order))).get("access", "")}


def is_restricted(client: Client, order: Order) -> bool:
    link, end = link_of(holding.item(client, order)), links.chosen_end(order)
    is_narrow = link.get("access") == _wanted(order)["access"]
    return is_narrow and (end is None or end == mapping.moment(link.get("unshared_at")))


def widen_again(client: Client, order: Order) -> StepResult:
    link = holding.known(order)["link"]
    if link["has_password"]:
        raise links.password_lost("Box", "Open the link")
    holding.change(client, order, shared_link=_as_it_was(link))
    return {"access": link["access"]}


restrict_link = LINKS.restricting(
    Step("restrict", "Restrict the link", restrict, is_restricted, widen_again, undo_is_repeatable=True),
    level=LEVEL,
    label="Restrict the shared link",
    effect="The shared link to {name} lets in fewer people of the Box enterprise {tenant}, at the same address, or "
    "ends on the day that you choose.",
    undo_effect="Undo gives the link the level and the end from before; not to one that had a password.",
)
