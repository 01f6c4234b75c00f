"""Taking the rights of an owner, and those of organisation roles."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.base import (
    Account,
    AccountStatus,
    ActionKind,
    Client,
    Facts,
    Gone,
    HolderKind,
    Order,
    Privilege,
    Record,
    Step,
    StepResult,
    TargetGone,
    link_pages,
    steps_action,
)
from connectors.github import mapping
from connectors.github.actions import people
from connectors.github.actions.converting import is_active_member
from connectors.github.reading import PER_PAGE, document, objects, organisation_path, rows

# --- owners ---------------------------------------------------------------------------------------------------------


def is_owner(facts: Facts) -> bool:
    return facts["status"] == AccountStatus.ACTIVE and bool(facts["is_admin"])


def remember_role(client: Client, order: Order) -> StepResult:
    login, role = people.member(client, order)
    if role != "admin":
        raise TargetGone(f"{order.target.name} is not an owner any more.")
    return {"login": login, "role": role}


def demote(client: Client, order: Order) -> StepResult:
    return _set_role(client, order, "member")


def is_demoted(client: Client, order: Order) -> bool:
    return people.member(client, order)[1] == "member"


def promote_again(client: Client, order: Order) -> StepResult:
    return _set_role(client, order, "admin")


def is_owner_again(client: Client, order: Order) -> bool:
    return people.member(client, order)[1] == "admin"


def preview_demoting(client: Client, order: Order) -> tuple[str, ...]:
    known = remember_role(client, order)
    return (
        f"{known['login']} stays a member; settings, billing and the other members are no longer in their hands.",
        "Teams, organisation roles and rights on single repositories stay.",
    )


def read_back_owner(client: Client, order: Order) -> Iterable[Record]:
    return people.account_now(client, order)


def _set_role(client: Client, order: Order, role: str) -> StepResult:
    login, _ = people.member(client, order)
    answer = client.put(organisation_path(client, f"/memberships/{login}"), json={"role": role})
    return {"role": str(document(answer, "role")["role"])}


demote_owner = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="demote_owner",
    label="Make a member instead of an owner",
    effect="{name} is no longer an owner of the GitHub organisation {tenant} but a member.",
    undo_effect="Undo makes {name} an owner again.",
    steps=(
        Step("remember", "Remember the role", remember_role),
        Step(
            "demote", "Make a member", demote, is_demoted, promote_again, undo_is_done=is_owner_again,
            undo_is_repeatable=True,
        ),
    ),
    read_back=read_back_owner,
    refuse=people.refuse_self_and_last_owner,
    preview=preview_demoting,
    permissions=people.MEMBERS,
    applies=is_owner,
)


# --- organisation roles ---------------------------------------------------------------------------------------------


def remember_roles(client: Client, order: Order) -> StepResult:
    """{login, roles: [{id, name}]}: those that the account was given itself, not through a team."""
    login, _ = people.member(client, order)
    held = [role for role, assignment in _held(client, order) if assignment != "indirect"]
    if not held:
        raise TargetGone(f"{order.target.name} was given no organisation role, or not itself but through a team.")
    return {"login": login, "roles": [{"id": role["id"], "name": role["name"]} for role in held]}


def take_roles(client: Client, order: Order) -> StepResult:
    client.delete(_roles_path(client, order.results["remember"]["login"]))
    return {}


def has_no_role(client: Client, order: Order) -> bool:
    return all(assignment == "indirect" for _, assignment in _held(client, order))


def give_roles(client: Client, order: Order) -> StepResult:
    """Each of the remembered roles that is still there."""
    login, _ = people.member(client, order)
    given = []
    for role in order.results["remember"]["roles"]:
        answer = client.put(f"{_roles_path(client, login)}/{role['id']}", expect=(404,))
        given += [role["name"]] if answer.status != 404 else []
    return {"roles": given}


def refuse_roles(client: Client, order: Order) -> str:
    sentence = people.refuse_self(client, order)
    if not sentence and has_no_role(client, order):
        return "This account was given no organisation role itself. What it holds through a team ends with the team."
    return sentence


def preview_roles(client: Client, order: Order) -> tuple[str, ...]:
    known = remember_roles(client, order)
    names = ", ".join(role["name"] for role in known["roles"])
    return (f"{known['login']} loses: {names}.", "What a team holds stays with the people in it.")


def read_back_roles(client: Client, order: Order) -> Iterator[Record]:
    yield from people.account_now(client, order)
    held = {role["id"]: (role, row) for role, _, row in _holders(client, order)}
    for role, row in held.values():
        yield mapping.held_role(role, row, HolderKind.ACCOUNT)
    for role in people.known_of(order).get("roles", ()):
        if role["id"] not in held:
            yield Gone(Privilege, Privilege(holder_id=order.target.id, name=role["name"]).id)


remove_organisation_roles = steps_action(
    ActionKind.REVOKE_ADMIN,
    Account,
    name="remove_organisation_roles",
    label="Remove organisation roles",
    effect="{name} loses all organisation roles that it was given itself in the GitHub organisation {tenant}, such as "
    "security manager.",
    undo_effect="Undo gives {name} the same roles again.",
    steps=(
        Step("remember", "Remember the roles", remember_roles),
        Step("take", "Take the roles", take_roles, has_no_role, give_roles, undo_is_repeatable=True),
    ),
    read_back=read_back_roles,
    refuse=refuse_roles,
    preview=preview_roles,
    permissions=people.MEMBERS,
    applies=is_active_member,
)


def _roles_path(client: Client, login: str) -> str:
    return organisation_path(client, f"/organization-roles/users/{login}")


def _held(client: Client, order: Order) -> list[tuple[Mapping[str, Any], str]]:
    """Roles with how the account has them: direct, indirect (through a team) or mixed."""
    return [(role, assignment) for role, assignment, _ in _holders(client, order)]


def _holders(client: Client, order: Order) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any]]]:
    answer = client.get(organisation_path(client, "/organization-roles"))
    for role in objects(answer, document(answer, "roles")["roles"], "id", "name"):
        path = organisation_path(client, f"/organization-roles/{role['id']}/users")
        pages = link_pages(client, path, PER_PAGE, expect=(404,))
        listed = (row for page in pages if page.status != 404 for row in rows(page, "id"))
        row = next((each for each in listed if str(each["id"]) == order.target.id), None)
        if row is not None:
            yield role, str(row.get("assignment") or "direct"), row
