"""Shared links: ending them, letting in fewer people by them, and making them again as they were."""

from typing import Any

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
from connectors.dropbox import admin, mapping
from connectors.dropbox.actions import holding
from connectors.dropbox.namespaces import TEAM
from connectors.dropbox.reading import ask, ask_unless, document

Link = dict[str, Any]
"""As mapping.link_summary tells it."""

EVERYBODY, INSIDE, NOBODY = "public", "team", "no_one"
GONE = frozenset({"shared_link_not_found"})
THERE = frozenset({"shared_link_already_exists"})
NO_LINK = "This item has no shared link of its own. If others get to it by a link, that is one of a folder around it."
HAD_PASSWORD = "The link had a password, which Dropbox shows nobody."  # noqa: S105  a sentence


def is_reached_by_others(facts: Facts) -> bool:
    return holding.is_there(facts) and facts["exposure"] in (Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)


def remember(client: Client, order: Order) -> StepResult:
    """{path, listed, links}: without their addresses, which are as good as a key."""
    shared = holding.sharing_now(client, order)
    links = holding.links_now(client, order)
    kept = [{name: value for name, value in link.items() if name != "url"} for link in links]
    return {**shared, "path": holding.path(order), "links": kept}


def close(client: Client, order: Order) -> StepResult:
    """Each in the name of whoever made it; what leads into a team folder is the admin's to end."""
    is_teams = holding.namespace(client, order).kind == TEAM
    for link in holding.links_now(client, order):
        actor = admin.reading(client) if is_teams else _maker(client, link)
        ask_unless(actor, "sharing/revoke_shared_link", {"url": link["url"]}, GONE)
    return {}


def is_closed(client: Client, order: Order) -> bool:
    return not holding.links_now(client, order)


def _maker(client: Client, link: Link) -> Client:
    if not link["owner"]:
        raise NotAvailable("This link was made by somebody of another team.", remedy="Ask that team to end it.")
    return client.acting_as(link["owner"])


def open_again(client: Client, order: Order) -> StepResult:
    """Links as they were, at other addresses. One that had a password does not come back without."""
    links = holding.known(order)["links"]
    if any(each["has_password"] for each in links):
        raise NotAvailable(HAD_PASSWORD, remedy="Make a new link with a new password in Dropbox.")
    for link in links:
        settings = {"audience": link["audience"], "allow_download": link["can_download"]}
        settings |= {"expires": link["expires"]} if link["expires"] else {}
        asked = {"path": holding.file_id(order), "settings": settings}
        ask_unless(_maker(client, link), "sharing/create_shared_link_with_settings", asked, THERE)
    return {}


def words(links: list[Link]) -> str:
    """Whom they let in, as a part of a sentence."""
    return " and ".join(map(_words, links)) or "no shared link"


def _words(link: Link) -> str:
    who = {EVERYBODY: "anybody who has it", INSIDE: "everybody in the team"}.get(link["audience"], "its members")
    parts = [f"a shared link for {who}"]
    parts += ["with a password"] if link["has_password"] else []
    parts += [f"until {link['expires']}"] if link["expires"] else []
    return ", ".join(parts)


def refuse(client: Client, order: Order) -> str:
    return "" if holding.links_now(client, order) else NO_LINK


def preview_closing(client: Client, order: Order) -> tuple[str, ...]:
    links = holding.links_now(client, order)
    return (
        f"{order.target.name} has {words(links)}; it ends.",
        "Collaborators keep their access, and so does who has a link to a folder around it.",
    )


CLOSING = Step("close", "Remove the shared links", close, is_closed, open_again, undo_is_repeatable=True)

remove_link = steps_action(
    ActionKind.REMOVE_PUBLIC_LINK,
    File,
    name="remove_link",
    label="Remove the shared links",
    effect="The shared links to {name} in the Dropbox team {tenant} end, for people inside and outside. Collaborators "
    "keep their access.",
    undo_effect="Undo makes links with the same level, end and rights at other addresses; not one that had a password.",
    steps=(Step("remember", "Remember the links", remember), CLOSING),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview_closing,
    permissions=holding.SHARING_PERMISSIONS,
    applies=is_reached_by_others,
)


# --- restricting ------------------------------------------------------------------------------------------------------

LEVEL = Field(
    "level",
    "Whom the link lets in",
    "People of the team, or nobody beside those who have the item anyway.",
    choices=((INSIDE, "People of the team"), (NOBODY, "Those who have it anyway")),
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
    settings = {"audience": order.params.get(LEVEL.name) or INSIDE}
    until = order.params.get(UNTIL.name)
    return {**settings, "expires": f"{until}T00:00:00Z"} if until else settings


def restrict(client: Client, order: Order) -> StepResult:
    """{audiences: which Dropbox has then}: a policy of the team may decide otherwise without an error."""
    wanted = _wanted(order)
    end = mapping.moment(wanted.get("expires"))
    if end is not None and end <= client.now():
        raise NotAvailable("The day on which the link is to end has passed.", remedy="Choose a later day.")
    if "expires" in wanted and end is None:
        raise NotAvailable("There is no such day.", remedy="Choose another day.")
    links = holding.links_now(client, order)
    return {"audiences": [_change(client, link, _narrowed(link, wanted))["audience"] for link in links]}


def _narrowed(link: Link, wanted: dict[str, str]) -> dict[str, str]:
    """A link that lets in fewer people already stays as narrow."""
    return wanted if link["audience"] in (EVERYBODY, INSIDE) else {**wanted, "audience": link["audience"]}


def _change(client: Client, link: Link, settings: dict[str, str], *, is_endless: bool = False) -> Link:
    asked = {"url": link["url"], "settings": settings, "remove_expiration": is_endless}
    answer = ask(_maker(client, link), "sharing/modify_shared_link_settings", asked)
    return mapping.link_summary(document(answer, "url"))


def is_restricted(client: Client, order: Order) -> bool:
    wanted, links = _wanted(order), holding.links_now(client, order)
    end = mapping.moment(wanted.get("expires"))
    ends = {mapping.moment(each["expires"]) for each in links}
    is_narrow = all(each["audience"] == _narrowed(each, wanted)["audience"] for each in links)
    return is_narrow and (end is None or ends == {end})


def widen_again(client: Client, order: Order) -> StepResult:
    links = holding.known(order)["links"]
    if any(each["has_password"] for each in links):
        raise NotAvailable(HAD_PASSWORD, remedy="Open the link with a new password in Dropbox.")
    there = {each["id"]: each for each in holding.links_now(client, order)}
    for link in (each for each in links if each["id"] in there):
        settings = {"audience": link["audience"]} | ({"expires": link["expires"]} if link["expires"] else {})
        _change(client, there[link["id"]], settings, is_endless=not link["expires"])
    return {}


def preview_restricting(client: Client, order: Order) -> tuple[str, ...]:
    links = holding.links_now(client, order)
    return (
        f"{order.target.name} has {words(links)}; from now on it lets in those alone that you choose.",
        "The address of the link stays the same, and collaborators keep their access.",
    )


restrict_link = steps_action(
    ActionKind.REMOVE_PUBLIC_LINK,
    File,
    name="restrict_link",
    label="Restrict the shared links",
    effect="The shared links to {name} let in fewer people of the Dropbox team {tenant}, at the same address, or end "
    "on the day that you choose.",
    undo_effect="Undo gives the links the level and the end from before; not to one that had a password.",
    steps=(
        Step("remember", "Remember the links", remember),
        Step("restrict", "Restrict the links", restrict, is_restricted, widen_again, undo_is_repeatable=True),
    ),
    read_back=holding.read_back,
    refuse=refuse,
    preview=preview_restricting,
    permissions=holding.SHARING_PERMISSIONS,
    applies=is_reached_by_others,
    fields=(LEVEL, UNTIL),
)
