"""Shared links: closing one, restricting one, and opening it again as it was."""

from connectors.base import (
    ActionKind,
    Client,
    Exposure,
    Facts,
    Field,
    File,
    NotAvailable,
    Order,
    Step,
    StepResult,
    steps_action,
)
from connectors.box import mapping
from connectors.box.actions import holding
from connectors.box.reading import Row

OPEN, COMPANY, COLLABORATORS = "open", "company", "collaborators"
NO_LINK = "This item has no shared link of its own. If others get to it by a link, that is one of a folder above it."


def is_reached_by_others(facts: Facts) -> bool:
    return holding.is_there(facts) and facts["exposure"] in (Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)


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
        raise NotAvailable(
            "The link had a password, which Box shows nobody.",
            remedy="Make a new link with a new password in Box.",
        )
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
    parts = [f"a shared link for {who}"]
    parts += ["with a password"] if link["has_password"] else []
    parts += [f"until {link['unshared_at']}"] if link["unshared_at"] else []
    return ", ".join(parts)


def preview_closing(client: Client, order: Order) -> tuple[str, ...]:
    link = remember(client, order)["link"]
    return (f"{order.target.name} has {words(link)}; it ends.", "Collaborators keep their access.")


def refuse_closing(client: Client, order: Order) -> str:
    return "" if remember(client, order)["link"] else NO_LINK


CLOSING = Step("close", "Remove the shared link", close, is_closed, open_again, undo_is_repeatable=True)

remove_link = steps_action(
    ActionKind.REMOVE_PUBLIC_LINK,
    File,
    name="remove_link",
    label="Remove the shared link",
    effect="The shared link to {name} in the Box enterprise {tenant} ends, for people inside and outside. "
    "Collaborators keep their access.",
    undo_effect="Undo makes a link with the same level, end and rights at another address; not one that had a "
    "password.",
    steps=(Step("remember", "Remember the link", remember), CLOSING),
    read_back=holding.read_back,
    refuse=refuse_closing,
    preview=preview_closing,
    permissions=holding.PERMISSIONS,
    applies=is_reached_by_others,
)


# --- restricting ----------------------------------------------------------------------------------------------------

LEVEL = Field(
    "level",
    "Whom the link lets in",
    "People of the enterprise, or collaborators of the item alone.",
    choices=((COMPANY, "People of the enterprise"), (COLLABORATORS, "Collaborators alone")),
)
UNTIL = Field(
    "until",
    "Until when it lasts",
    "The day on which the link ends. Left empty, its end stays as it is.",
    is_required=False,
    pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    problem="A day is written as year, month and day.",
    example="2027-01-31",
)


def _wanted(order: Order) -> dict[str, str]:
    body = {"access": order.params.get(LEVEL.name) or COMPANY}
    until = order.params.get(UNTIL.name)
    return {**body, "unshared_at": f"{until}T00:00:00+00:00"} if until else body


def restrict(client: Client, order: Order) -> StepResult:
    wanted = _wanted(order)
    end = mapping.moment(wanted.get("unshared_at"))
    if end is not None and end <= client.now():
        raise NotAvailable("The day on which the link is to end has passed.", remedy="Choose a later day.")
    if "unshared_at" in wanted and end is None:
        raise NotAvailable("There is no such day.", remedy="Choose another day.")
    return {"access": link_of(holding.change(client, order, shared_link=wanted)).get("access", "")}


def is_restricted(client: Client, order: Order) -> bool:
    wanted, link = _wanted(order), link_of(holding.item(client, order))
    ends = [mapping.moment(each) for each in (wanted.get("unshared_at"), link.get("unshared_at"))]
    return link.get("access") == wanted["access"] and (ends[0] is None or ends[0] == ends[1])


def widen_again(client: Client, order: Order) -> StepResult:
    link = holding.known(order)["link"]
    if link["has_password"]:
        raise NotAvailable(
            "The link had a password, which Box shows nobody.", remedy="Open the link with a new password in Box."
        )
    holding.change(client, order, shared_link=_as_it_was(link))
    return {"access": link["access"]}


def refuse_restricting(client: Client, order: Order) -> str:
    return "" if remember(client, order)["link"] else NO_LINK


def preview_restricting(client: Client, order: Order) -> tuple[str, ...]:
    link = remember(client, order)["link"]
    return (
        f"{order.target.name} has {words(link)}; from now on it lets in those alone that you choose.",
        "The address of the link stays the same, and collaborators keep their access.",
    )


restrict_link = steps_action(
    ActionKind.REMOVE_PUBLIC_LINK,
    File,
    name="restrict_link",
    label="Restrict the shared link",
    effect="The shared link to {name} lets in fewer people of the Box enterprise {tenant}, at the same address, or "
    "ends on the day that you choose.",
    undo_effect="Undo gives the link the level and the end from before; not to one that had a password.",
    steps=(
        Step("remember", "Remember the link", remember),
        Step("restrict", "Restrict the link", restrict, is_restricted, widen_again, undo_is_repeatable=True),
    ),
    read_back=holding.read_back,
    refuse=refuse_restricting,
    preview=preview_restricting,
    permissions=holding.PERMISSIONS,
    applies=is_reached_by_others,
    fields=(LEVEL, UNTIL),
)
