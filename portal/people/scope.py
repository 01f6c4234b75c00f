"""What one person may do, and where: the only place that decides it.

Queries take a `Scope` and filter by it; services call `require`. Templates may ask too, but nothing rests on them.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from portal.people.models import User
from portal.people.roles import Right, Role, may_connect, rights_of

REFUSAL = "Your role does not allow this. Ask a Global Admin or Security Admin for it, or let one of them do it."


@dataclass(frozen=True, slots=True)
class Held:
    """One role as a person holds it. Without app and instance it holds everywhere."""

    role: Role
    app_id: str = ""
    instance_id: int | None = None
    is_full: bool = False

    @property
    def is_everywhere(self) -> bool:
        return not self.app_id and self.instance_id is None

    def gives(self, right: Right) -> bool:
        return right in rights_of(self.role, self.is_full)

    def covers(self, instance_id: int | None, app_id: str | None) -> bool:
        """An instance is covered by itself or by its app; an app only by itself."""
        if self.is_everywhere:
            return True
        if self.instance_id is not None:
            return self.instance_id == instance_id
        return self.app_id == app_id


@dataclass(frozen=True, slots=True)
class Scope:
    """A value: made once for a request or a call, it does not notice later changes of roles."""

    held: frozenset[Held] = frozenset()

    def can(self, right: Right, instance_id: int | None = None, app_id: str | None = None) -> bool:
        """Whether `right` is given for this instance (name its app too), this app, or with neither for everything.

        An app admin can nothing "for everything": ask `has` for what a menu may show.
        """
        return any(
            each.gives(right)
            and each.covers(instance_id, app_id)
            and (right is not Right.CONNECT or may_connect(each.role, app_id or ""))
            for each in self.held
        )

    def has(self, right: Right) -> bool:
        """Whether `right` is given for at least one app or instance. For menus, never for permission."""
        return any(each.gives(right) for each in self.held)

    def require(self, right: Right, instance_id: int | None = None, app_id: str | None = None) -> None:
        """Raises PermissionDenied, with a sentence, unless `can`."""
        if not self.can(right, instance_id, app_id):
            raise PermissionDenied(REFUSAL)

    @property
    def sees_everything(self) -> bool:
        """Whether the inventory of every instance may be read; otherwise that of `instance_ids` and `app_ids` alone."""
        return self.can(Right.READ_INVENTORY)

    @property
    def instance_ids(self) -> frozenset[int]:
        """Instances that may be read by themselves."""
        return frozenset(
            each.instance_id for each in self.held if each.instance_id is not None and each.gives(Right.READ_INVENTORY)
        )

    @property
    def app_ids(self) -> frozenset[str]:
        """Apps of which every instance may be read."""
        return frozenset(each.app_id for each in self.held if each.app_id and each.gives(Right.READ_INVENTORY))

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(each.role for each in self.held)


def scope_of(user: User | AnonymousUser) -> Scope:
    """One query. Whoever is not signed in or was removed can nothing."""
    if not isinstance(user, User) or not user.is_active:
        return Scope()
    rows = user.role_assignments.all()
    return Scope(frozenset(Held(Role(row.role), row.app_id, row.instance_id, row.is_full) for row in rows))
