"""Shared links: ending them, letting in fewer people by them, and making them again as they were."""

from typing import Any

from connectors.base import Client, Field, NotAvailable, Order, Step, StepResult
from connectors.base.file_actions import links
from connectors.base.file_actions.links import SharedLinks
from connectors.dropbox import admin, mapping
from connectors.dropbox.actions import holding
from connectors.dropbox.namespaces import TEAM
from connectors.dropbox.reading import ask, ask_unless, document

Link = dict[str, Any]
"""As mapping.link_summary tells it."""

EVERYBODY, INSIDE, NOBODY = "public", "team", "no_one"
GONE = frozenset({"shared_link_not_found"})
THERE = frozenset({"shared_link_already_exists"})


def remember(client: Client, order: Order) -> StepResult:
    """{path, listed, links}: without their addresses, which are as good as a key."""
    shared = holding.sharing_now(client, order)
    present = holding.links_now(client, order)
    kept = [{name: value for name, value in link.items() if name != "url"} for link in present]
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
    known = holding.known(order)["links"]
    if any(each["has_password"] for each in known):
        raise links.password_lost("Dropbox", "Make a new link")
    for link in known:
        settings = {"audience": link["audience"], "allow_download": link["can_download"]}
        settings |= {"expires": link["expires"]} if link["expires"] else {}
        asked = {"path": holding.file_id(order), "settings": settings}
        ask_unless(_maker(client, link), "sharing/create_shared_link_with_settings", asked, THERE)
    return {}


def words(present: list[Link]) -> str:
    """Whom they let in, as a part of a sentence."""
    return " and ".join(map(_words, present)) or "no shared link"


def _words(link: Link) -> str:
    who = {EVERYBODY: "anybody who has it", INSIDE: "everybody in the team"}.get(link["audience"], "its members")
    return links.words(who, has_password=link["has_password"], until=link["expires"])


def _present(client: Client, order: Order) -> str:
    return " and ".join(map(_words, holding.links_now(client, order)))


LINKS = SharedLinks(
    _present, remember, close, is_closed, open_again, holding.read_back, holding.SHARING_PERMISSIONS
)

remove_link = LINKS.removing(
    label="Remove the shared links",
    effect="The shared links to {name} in the Dropbox team {tenant} end, for people inside and outside. Collaborators "
    "keep their access.",
    undo_effect="Undo makes links with the same level, end and rights at other addresses; not one that had a password.",
)


# --- restricting ------------------------------------------------------------------------------------------------------

LEVEL = Field(
    "level",
    "Whom the link lets in",
    "People of the team, or nobody beside those who have the item anyway.",
    choices=((INSIDE, "People of the team"), (NOBODY, "Those who have it anyway")),
)

def _wanted(order: Order) -> dict[str, str]:
    settings, end = {"audience": order.params.get(LEVEL.name) or INSIDE}, links.chosen_end(order)
    return {**settings, "expires": f"{end:%Y-%m-%dT%H:%M:%SZ}"} if end else settings


def restrict(client: Client, order: Order) -> StepResult:
    """{audiences: which Dropbox has then}: a policy of the team may decide otherwise without an error."""
    links.check_end(client, order)
    wanted, present = _wanted(order), holding.links_now(client, order)
    return {"audiences": [_change(client, link, _narrowed(link, wanted))["audience"] for link in present]}


def _narrowed(link: Link, wanted: dict[str, str]) -> dict[str, str]:
    """A link that lets in fewer people already stays as narrow."""
    return wanted if link["audience"] in (EVERYBODY, INSIDE) else {**wanted, "audience": link["audience"]}


def _change(client: Client, link: Link, settings: dict[str, str], *, is_endless: bool = False) -> Link:
    asked = {"url": link["url"], "settings": settings, "remove_expiration": is_endless}
    answer = ask(_maker(client, link), "sharing/modify_shared_link_settings", asked)
    return mapping.link_summary(document(answer, "url"))


def is_restricted(client: Client, order: Order) -> bool:
    wanted, present, end = _wanted(order), holding.links_now(client, order), links.chosen_end(order)
    ends = {mapping.moment(each["expires"]) for each in present}
    is_narrow = all(each["audience"] == _narrowed(each, wanted)["audience"] for each in present)
    return is_narrow and (end is None or ends == {end})


def widen_again(client: Client, order: Order) -> StepResult:
    known = holding.known(order)["links"]
    if any(each["has_password"] for each in known):
        raise links.password_lost("Dropbox", "Open the link")
    there = {each["id"]: each for each in holding.links_now(client, order)}
    for link in (each for each in known if each["id"] in there):
        settings = {"audience": link["audience"]} | ({"expires": link["expires"]} if link["expires"] else {})
        _change(client, there[link["id"]], settings, is_endless=not link["expires"])
    return {}


restrict_link = LINKS.restricting(
    Step("restrict", "Restrict the links", restrict, is_restricted, widen_again, undo_is_repeatable=True),
    level=LEVEL,
    label="Restrict the shared links",
    effect="The shared links to {name} let in fewer people of the Dropbox team {tenant}, at the same address, or end "
    "on the day that you choose.",
    undo_effect="Undo gives the links the level and the end from before; not to one that had a password.",
)
