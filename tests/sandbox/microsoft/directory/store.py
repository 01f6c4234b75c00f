"""The directory itself."""

import uuid
from collections.abc import Iterable

from tests.sandbox.exchange import Json
from tests.sandbox.microsoft.directory.changes import Changes, What
from tests.sandbox.microsoft.directory.objects import APPLICATION, GROUP, SERVICE_PRINCIPAL, USER, DirectoryObject

GRANT = "oAuth2PermissionGrant"
NAMESPACE = uuid.UUID("5f0d5cbb-6c1e-4a57-9f3f-5d1c6a4b7e21")


class Directory:
    """`objects`, `deleted` by id. `members`, `owners`: of groups and applications, by id. `role_assignments`, `grants`
    (delegated) and `app_roles` (what applications, users and groups are assigned to): the vendor's rows by id.
    `eligibilities`: roles that can be activated."""

    def __init__(self) -> None:
        self.objects: dict[str, DirectoryObject] = {}
        self.deleted: dict[str, DirectoryObject] = {}
        self.members: dict[str, dict[str, None]] = {}
        self.owners: dict[str, dict[str, None]] = {}
        self.role_definitions: dict[str, Json] = {}
        self.role_assignments: dict[str, Json] = {}
        self.eligibilities: dict[str, Json] = {}
        self.grants: dict[str, Json] = {}
        self.app_roles: dict[str, Json] = {}
        self.changes = Changes()
        self._of_kind: dict[str, dict[str, DirectoryObject]] = {}
        self._made = 0

    def next_id(self) -> str:
        self._made += 1
        return str(uuid.uuid5(NAMESPACE, str(self._made)))

    # -- objects

    def add(self, kind: str, properties: dict[str, Json], object_id: str = "") -> DirectoryObject:
        """One that was always there: nobody is told."""
        found = DirectoryObject(kind, object_id or self.next_id(), properties)
        self._insert(found)
        return found

    def _insert(self, found: DirectoryObject) -> None:
        self.objects[found.id] = found
        self._of_kind.setdefault(found.kind, {})[found.id] = found

    def create(self, kind: str, properties: dict[str, Json]) -> DirectoryObject:
        found = self.add(kind, properties)
        self.changes.add(kind, found.id, What.CREATED)
        return found

    def update(self, found: DirectoryObject, values: dict[str, Json]) -> dict[str, tuple[Json, Json]]:
        """What was changed by it: property -> the value before and after."""
        changed = {
            name: (found.properties.get(name), value)
            for name, value in values.items()
            if found.properties.get(name) != value
        }
        found.properties.update(values)
        if changed:
            self.changes.add(found.kind, found.id, What.UPDATED, tuple(changed))
        return changed

    def delete(self, found: DirectoryObject, now: float) -> None:
        """It lies among the deleted ones; its groups do without it until it comes back."""
        del self.objects[found.id], self._of_kind[found.kind][found.id]
        found.deleted_at = now
        self.deleted[found.id] = found
        found.former_groups = tuple(each for each, members in self.members.items() if found.id in members)
        for group_id in found.former_groups:
            self.remove_member(self.objects.get(group_id) or self.deleted[group_id], found.id)
        self.changes.add(found.kind, found.id, What.DELETED)

    def restore(self, found: DirectoryObject) -> None:
        del self.deleted[found.id]
        found.deleted_at = None
        self._insert(found)
        self.changes.add(found.kind, found.id, What.CREATED)
        for group_id in found.former_groups:
            if group_id in self.objects:
                self.add_member(self.objects[group_id], found.id)
        found.former_groups = ()

    def purge(self, found: DirectoryObject) -> None:
        del self.deleted[found.id]
        self.changes.add(found.kind, found.id, What.PURGED)

    # -- finding

    def of_kind(self, kind: str) -> list[DirectoryObject]:
        return list(self._of_kind.get(kind, {}).values())

    def users(self) -> list[DirectoryObject]:
        return self.of_kind(USER)

    def groups(self) -> list[DirectoryObject]:
        return self.of_kind(GROUP)

    def service_principals(self) -> list[DirectoryObject]:
        return self.of_kind(SERVICE_PRINCIPAL)

    def find(self, kind: str, name: str) -> DirectoryObject | None:
        """By id; a user also by principal name."""
        found = self.objects.get(name)
        if found is None and kind == USER:
            found = next((each for each in self.users() if _login(each) == name.lower()), None)
        return found if found is not None and found.kind == kind else None

    def user(self, handle: str) -> DirectoryObject:
        """Whose principal name is this, or begins with it before the @ or the domain of a guest; KeyError if none."""
        for each in (*self.users(), *self.deleted.values()):
            name = str(each.properties.get("userPrincipalName", ""))
            if handle in (name, name.partition("@")[0], name.partition("_")[0]):
                return each
        raise KeyError(handle)

    def named(self, kind: str, name: str) -> DirectoryObject:
        """By display name; KeyError when there is none."""
        found = next((each for each in self.of_kind(kind) if each.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def service_principal_of(self, app_id: str) -> DirectoryObject | None:
        return next((each for each in self.service_principals() if each.properties["appId"] == app_id), None)

    def application_of(self, app_id: str) -> DirectoryObject | None:
        return next((each for each in self.of_kind(APPLICATION) if each.properties["appId"] == app_id), None)

    # -- members

    def add_member(self, group: DirectoryObject, object_id: str) -> None:
        self.members.setdefault(group.id, {})[object_id] = None
        self.changes.add(GROUP, group.id, What.MEMBER_ADDED, (object_id,))

    def remove_member(self, group: DirectoryObject, object_id: str) -> None:
        del self.members[group.id][object_id]
        self.changes.add(GROUP, group.id, What.MEMBER_REMOVED, (object_id,))

    def members_of(self, group_id: str) -> list[DirectoryObject]:
        return [self.objects[each] for each in self.members.get(group_id, {}) if each in self.objects]

    def all_members_of(self, group_id: str) -> list[DirectoryObject]:
        """Of groups in the group, too; each once."""
        found: dict[str, DirectoryObject] = {}
        waiting = self.members_of(group_id)
        while waiting:
            each = waiting.pop(0)
            if each.id not in found:
                found[each.id] = each
                waiting += self.members_of(each.id)
        return list(found.values())

    def groups_of(self, object_id: str) -> list[DirectoryObject]:
        """Of those that are there: a deleted group keeps its members until it comes back."""
        found = (each for each, members in self.members.items() if object_id in members)
        return [self.objects[each] for each in found if each in self.objects]

    def all_groups_of(self, object_id: str) -> list[DirectoryObject]:
        """Also those that hold one of its groups; each once."""
        found: dict[str, DirectoryObject] = {}
        waiting = self.groups_of(object_id)
        while waiting:
            each = waiting.pop(0)
            if each.id not in found:
                found[each.id] = each
                waiting += self.groups_of(each.id)
        return list(found.values())

    # -- rows

    def assignments_of(self, principal_ids: Iterable[str]) -> list[Json]:
        """Directory roles of these."""
        wanted = set(principal_ids)
        return [each for each in self.role_assignments.values() if each["principalId"] in wanted]

    def app_roles_of(self, principal_id: str) -> list[Json]:
        return [each for each in self.app_roles.values() if each["principalId"] == principal_id]

    def add_grant(self, grant: Json) -> None:
        self.grants[grant["id"]] = grant
        self.changes.add(GRANT, grant["id"], What.CREATED)

    def remove_grant(self, grant_id: str) -> Json:
        self.changes.add(GRANT, grant_id, What.PURGED)
        return self.grants.pop(grant_id)


def _login(user: DirectoryObject) -> str:
    return str(user.properties["userPrincipalName"]).lower()
