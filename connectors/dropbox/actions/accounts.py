"""What Dropbox says of a member now, as the actions on accounts need to know it."""

from collections.abc import Iterator, Mapping

from connectors.base import Account, Client, Gone, Order, Privilege, Record, TargetGone
from connectors.dropbox import admin, mapping
from connectors.dropbox.reading import Row, ask, having, rows_of
from connectors.dropbox.scopes import MEMBERS, MEMBERS_WRITE

PERMISSIONS = (MEMBERS, MEMBERS_WRITE)
SELF = "This is the account that Gatehouse is connected with. Reconnect with another account first."
NOT_FOUND = "id_not_found"


def selector(order: Order) -> Mapping[str, str]:
    return {".tag": "team_member_id", "team_member_id": order.target.id}


def member_now(client: Client, order: Order) -> Row:
    """{profile, roles}. Raises TargetGone for somebody who is not in the team any more."""
    found = _find(client, order)
    if found is None:
        raise TargetGone(f"{order.target.name} is not in the Dropbox team any more.")
    return found


def email_of(member: Row) -> str:
    return mapping.text(member["profile"].get("email"))


def refuse(client: Client, order: Order) -> str:
    """A sentence where we would lock ourselves out."""
    return SELF if order.target.id == admin.profile(client)["team_member_id"] else ""


def read_back(client: Client, order: Order) -> Iterator[Record]:
    """What the members feed would say of this one. Removed members are listed by that feed alone."""
    found = _find(client, order)
    held = list(mapping.privileges(found)) if found else []
    if found:
        yield mapping.account(found)
        yield from held
    else:
        yield Gone(Account, order.target.id)
    kept = {each.id for each in held}
    for role in mapping.rows(order.target.raw, "roles"):
        before = Privilege(holder_id=order.target.id, name=mapping.text(role.get("name")))
        if before.id not in kept:
            yield Gone(Privilege, before.id)


def _find(client: Client, order: Order) -> Row | None:
    answer = ask(client, "team/members/get_info_v2", {"members": [selector(order)]})
    found = next(iter(rows_of(answer, "members_info", ".tag")), {".tag": NOT_FOUND})
    return None if found[".tag"] == NOT_FOUND else having(answer, found, "profile")
