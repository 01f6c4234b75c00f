"""One authenticated call of the API: what comes before an endpoint's own work."""

from dataclasses import dataclass, field
from typing import TypeVar

from tests.sandbox.box.access import SEE, Access
from tests.sandbox.box.items import ROOT, File, Folder, Item
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.people import Group, User
from tests.sandbox.box.refusal import Refusal, forbidden, invalid, not_found, stale, trashed
from tests.sandbox.box.state import Details, State
from tests.sandbox.box.tokens import Token
from tests.sandbox.exchange import Json, Request

Row = TypeVar("Row")
HIGHEST_OFFSET = 10_000


@dataclass(slots=True)
class Call:
    """`user`: whose rights count, by header As-User another one than `token.user`. `parameters`: of the path."""

    request: Request
    state: State
    token: Token
    user: User
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        return Access(self.state, self.user)

    @property
    def is_acting(self) -> bool:
        return self.user is not self.token.user

    def need(self, right: str) -> None:
        """Of the admin console. Who acts for another has that one's rights alone."""
        if not self.user.may(right):
            raise forbidden()

    # -- what the path names

    def item(self, kind: type[Item], name: str, verb: str = SEE) -> Item:
        """A live item that the user may do this with; to others it does not exist."""
        found = self.known(kind, name)
        if self.state.tree.is_in_trash(found):
            raise trashed()
        self.need_on(found, verb)
        return found

    def known(self, kind: type[Item], name: str) -> Item:
        """An item that the user can see, wherever it is."""
        found = self.state.tree.items.get(self.parameters[name])
        if not isinstance(found, kind) or not self.access.may(SEE, found):
            raise not_found()
        return found

    def need_on(self, item: Item, verb: str) -> None:
        allowed = self.access.allowed(item)
        if SEE not in allowed:
            raise not_found()
        if verb not in allowed:
            raise forbidden()

    def file(self, verb: str = SEE) -> File:
        found = self.item(File, "file_id", verb)
        assert isinstance(found, File)
        return found

    def folder(self, verb: str = SEE) -> Folder:
        """The folder of the path; 0 is the user's own root."""
        return self.folder_by_id(self.parameters["folder_id"], verb)

    def folder_by_id(self, folder_id: str, verb: str = SEE) -> Folder:
        if folder_id == ROOT:
            return self.state.tree.root(self.user.id)
        found = self.state.tree.items.get(folder_id)
        if not isinstance(found, Folder) or folder_id.startswith("root:"):
            raise not_found()
        if SEE in self.access.allowed(found) and self.state.tree.is_in_trash(found):
            raise trashed()
        self.need_on(found, verb)
        return found

    def target(self) -> User:
        """The user of the path: of the enterprise only."""
        return self.managed(self.parameters["user_id"])

    def managed(self, user_id: str) -> User:
        found = self.state.users.get(user_id)
        if found is None or not self.state.is_managed(found):
            raise not_found()
        return found

    def group(self) -> Group:
        found = self.state.groups.get(self.parameters["group_id"])
        if found is None:
            raise not_found()
        return found

    def check_match(self, item: Item) -> None:
        """If-Match: 412 when somebody else has changed the item meanwhile."""
        wanted = self.request.headers.get("if-match")
        if wanted is not None and wanted.strip('"') != str(item.etag):
            raise stale()

    def check_lock(self, item: Item) -> None:
        """What Box still works on, or somebody else has locked, is not changed."""
        if item.busy > 0:
            item.busy -= 1
            raise Refusal(409, "operation_blocked_temporary", "The item is being worked on; try again later")
        if not isinstance(item, File) or item.lock is None:
            return
        ends = item.lock.expires_at
        if (ends is None or ends > self.state.now()) and item.lock.user_id != self.user.id:
            raise Refusal(403, "access_denied_item_locked", "The item is locked by another user")

    # -- what was sent

    def body(self) -> dict[str, Json]:
        try:
            body = self.request.json()
        except ValueError:
            raise Refusal(400, "bad_request", "Could not parse JSON") from None
        if not isinstance(body, dict):
            raise Refusal(400, "bad_request", "The body is no JSON object")
        return body

    def fields(self) -> list[str] | None:
        """None: the default field set."""
        asked = self.request.parameter("fields")
        return [each.strip() for each in asked.split(",") if each.strip()] or None

    def limit(self, default: int, most: int) -> int:
        """Beyond the maximum it is cut, not refused."""
        text = self.request.parameter("limit")
        if not text:
            return min(default, self.state.largest_page)
        if not text.isdigit():
            raise invalid("limit", f"Invalid value '{text}'.")
        return max(1, min(int(text), most, self.state.largest_page))

    def offset(self) -> int:
        text = self.request.parameter("offset") or "0"
        if not text.isdigit() or int(text) > HIGHEST_OFFSET:
            raise invalid("offset", f"Invalid value '{text}'.")
        return int(text)

    def marker(self) -> int:
        """Markers tell the number of the row to begin with; whoever keeps one keeps it at own risk."""
        text = self.request.parameter("marker")
        if not text:
            return 0
        number = text.removeprefix("eyJ").removesuffix("fQ")
        if not number.isdigit():
            raise invalid("marker", "Invalid marker.")
        return int(number)

    def uses_markers(self) -> bool:
        return self.request.parameter("usemarker").lower() == "true"

    # -- what happened

    def record(
        self, event_type: str, source: Json, details: Details | None = None, more: Details | None = None
    ) -> None:
        """By this call, as the user that it acts for."""
        application = self.token.application
        told: Details = {"service_id": application.service_id, "service_name": application.name, **(details or {})}
        more = dict(more or {})
        if self.is_acting:
            told["is_performed_by_admin"] = True
            more["action_by"] = mini_user(self.token.user)
        self.state.record(event_type, self.user, source, details=told, more=more)


def next_marker(start: int, size: int, total: int) -> str:
    """"" at the end."""
    return f"eyJ{start + size}fQ" if start + size < total else ""
