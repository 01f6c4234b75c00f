"""Who may do what with an item."""

from dataclasses import dataclass

from tests.sandbox.box.items import Collaboration, Folder, Item
from tests.sandbox.box.people import User
from tests.sandbox.box.state import State

# What each role lets somebody do.
SEE = "see"
DOWNLOAD = "download"
UPLOAD = "upload"
EDIT = "edit"
INVITE = "invite"
OWN = "own"
ALLOWED = {
    "owner": {SEE, DOWNLOAD, UPLOAD, EDIT, INVITE, OWN},
    "co-owner": {SEE, DOWNLOAD, UPLOAD, EDIT, INVITE, OWN},
    "editor": {SEE, DOWNLOAD, UPLOAD, EDIT, INVITE},
    "viewer uploader": {SEE, DOWNLOAD, UPLOAD},
    "previewer uploader": {SEE, UPLOAD},
    "viewer": {SEE, DOWNLOAD},
    "previewer": {SEE},
    "uploader": {SEE, UPLOAD},
}
ROLES = tuple(role for role in ALLOWED if role != "owner")


@dataclass(frozen=True, slots=True)
class Access:
    """Of one user. What an item's owner lets in through an ancestor counts for all below it."""

    state: State
    user: User

    def collaborations(self, item_id: str) -> list[Collaboration]:
        """Accepted ones on this very item that let the user in, directly or through a group."""
        groups = self.state.groups_of(self.user.id)
        return [
            each
            for each in self.state.collaborations_on(item_id)
            if each.status == "accepted" and (each.user_id == self.user.id or each.group_id in groups)
        ]

    def allowed(self, item: Item) -> set[str]:
        """All the user may do with an item, whether it is in trash or not."""
        if self.state.tree.owner_id(item) == self.user.id:
            return ALLOWED["owner"]
        granted: set[str] = set()
        for each in (*self.state.tree.ancestors(item), item):
            for collaboration in self.collaborations(each.id):
                granted |= ALLOWED[collaboration.role]
        return granted

    def may(self, verb: str, item: Item) -> bool:
        return verb in self.allowed(item)

    def path(self, item: Item) -> list[Folder]:
        """Ancestors as this user sees them: from the own root, without folders that only others see."""
        chain = self.state.tree.ancestors(item)
        if self.state.tree.owner_id(item) == self.user.id:
            return chain
        seen = [each for each in chain[1:] if self.may(SEE, each)]
        return [self.state.tree.root(self.user.id), *seen]

    def shared_to(self) -> list[Item]:
        """What lies in this user's root because others shared it."""
        groups = self.state.groups_of(self.user.id)
        found: dict[str, Item] = {}
        for each in self.state.collaborations.values():
            lets_in = each.user_id == self.user.id or each.group_id in groups
            item = self.state.tree.items.get(each.item_id)
            if item is None or not lets_in or each.status != "accepted" or not self._is_on_top(item):
                continue
            found[item.id] = item
        return list(found.values())

    def _is_on_top(self, item: Item) -> bool:
        """Can be seen, is not the user's own, and is not inside something else that can be seen."""
        if self.state.tree.owner_id(item) == self.user.id or self.state.tree.is_in_trash(item):
            return False
        return self.may(SEE, item) and len(self.path(item)) == 1
