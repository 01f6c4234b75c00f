"""Who was given a file or a shared folder: ending that for some, and giving it to the same again."""

from collections.abc import Iterable, Mapping, Sequence

from connectors.base import Client, Conflict, Order, RateLimited, StepResult
from connectors.base.file_actions.access import Share
from connectors.dropbox import admin, mapping
from connectors.dropbox.actions import holding
from connectors.dropbox.reading import Row, ask, ask_unless, document, done, list_of

OVER = frozenset({"no_explicit_access", "invalid_member", "not_a_member"})
AGAIN_S = 5.0


def share_of(client: Client, row: Row) -> Share:
    """{id, role, is_group, address, name, is_external}: `id` as Dropbox wants to be told whom it is about."""
    address = mapping.address(row)
    outside = mapping.is_outside(row)
    return {
        "id": mapping.person_id(row),
        "role": mapping.tag(row.get("access_type")) or "viewer",
        "is_group": bool(row.get("group")),
        "address": address,
        "name": mapping.person_name(row),
        "is_external": _is_elsewhere(client, address) if outside is None else outside,
    }


def _is_elsewhere(client: Client, address: str) -> bool:
    """An address without an account is one from outside, unless it is of the domain of the admin who consented."""
    own = mapping.text(admin.profile(client).get("email")).rpartition("@")[2].lower()
    return address.rpartition("@")[2].lower() != own


def shares_now(client: Client, order: Order) -> list[Share]:
    return [share_of(client, row) for row in holding.given_now(client, order)]


def left(client: Client, order: Order, shares: Iterable[Share]) -> list[Share]:
    """Those of them that are still there."""
    there = {each["id"] for each in shares_now(client, order)}
    return [each for each in shares if each["id"] in there]


def have_ended(client: Client, order: Order, shares: Iterable[Share]) -> bool:
    return not left(client, order, shares)


def end(client: Client, order: Order, shares: Iterable[Share]) -> StepResult:
    """{still: who gets to it by a folder all the same}. Raises RateLimited while Dropbox is at it."""
    writer = holding.writer(client, holding.namespace(client, order), order)
    still = [each["name"] for each in left(client, order, shares) if _end(writer, order, each)]
    if holding.is_folder_as_a_whole(order) and left(client, order, shares):
        raise RateLimited("Dropbox is still taking people out of this folder.", retry_after=AGAIN_S)
    return {"still": still}


def _end(writer: Client, order: Order, share: Share) -> bool:
    """Whether a folder around it lets them in still."""
    if holding.is_folder_as_a_whole(order):
        return _end_of_folder(writer, order, share)
    asked = {"file": holding.file_id(order), "member": selector(share)}
    answer = ask_unless(writer, "sharing/remove_file_member_2", asked, OVER)
    found = document(answer, ".tag") if answer else {}
    if mapping.tag(found) == "member_error" and mapping.tag(found.get("member_error")) not in OVER:
        raise _not_ended(share)
    return bool(found.get("access_level"))


def _end_of_folder(writer: Client, order: Order, share: Share) -> bool:
    """Dropbox does it a little later, and says by the job alone why it did not."""
    number = holding.file_id(order).removeprefix(mapping.NAMESPACE)
    asked = {"shared_folder_id": number, "member": selector(share), "leave_a_copy": False}
    answer = ask_unless(writer, "sharing/remove_folder_member", asked, OVER)
    if answer is None:
        return False
    job = {"async_job_id": document(answer, "async_job_id")["async_job_id"]}
    told = document(ask(writer, "sharing/check_remove_member_job_status", job), ".tag")
    failed = mapping.part(told, "failed")
    if failed and mapping.tag(failed.get("member_error")) not in OVER:
        raise _not_ended(share)
    return bool(told.get("access_level"))


def _not_ended(share: Share) -> Conflict:
    return Conflict(
        f"Dropbox did not take this away from {share['name']}.",
        why="They may have it by a group or by a folder around it, or may be its owner.",
        remedy="Take them out of that group or folder.",
    )


def invite_again(client: Client, order: Order, shares: Sequence[Share]) -> StepResult:
    """Who has it already is passed over. Who is from outside may have to accept."""
    there = {each["id"] for each in shares_now(client, order)}
    missing = [each for each in shares if each["id"] not in there]
    writer = holding.writer(client, holding.namespace(client, order), order)
    for share in missing:
        if holding.is_folder_as_a_whole(order):
            _invite_to_folder(writer, order, share)
        else:
            _invite_to_file(writer, order, share)
    return {"invited": [each["name"] for each in missing]}


def _invite_to_folder(writer: Client, order: Order, share: Share) -> None:
    number = holding.file_id(order).removeprefix(mapping.NAMESPACE)
    member = {"member": selector(share), "access_level": share["role"]}
    done(ask(writer, "sharing/add_folder_member", {"shared_folder_id": number, "members": [member], "quiet": True}))


def _invite_to_file(writer: Client, order: Order, share: Share) -> None:
    asked = {
        "file": holding.file_id(order), "members": [selector(share)], "access_level": share["role"], "quiet": True,
    }  # fmt: skip
    for row in list_of(ask(writer, "sharing/add_file_member", asked), "result"):
        if mapping.tag(row["result"]) != "success":
            raise Conflict(f"Dropbox did not invite {share['name']} again.", remedy="Invite them in Dropbox.")


def selector(share: Share) -> Mapping[str, str]:
    if "@" in share["id"]:
        return {".tag": "email", "email": share["id"]}
    return {".tag": "dropbox_id", "dropbox_id": share["id"]}
