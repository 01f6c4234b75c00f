"""Invitations whose links are still good: which, and taking them back."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from portal.audit import trail
from portal.people.models import Invitation, User, normal_email
from portal.people.roles import Right, Role
from portal.people.scope import scope_of


def require_may_manage(actor: User, role: Role) -> None:
    """Raises PermissionDenied unless the actor may give and take this role."""
    scope = scope_of(actor)
    scope.require(Right.MANAGE_PEOPLE)
    if role is Role.GLOBAL_ADMIN:
        scope.require(Right.MANAGE_GLOBAL_ADMINS)


def waiting() -> QuerySet[Invitation]:
    """Neither used nor revoked nor expired."""
    return Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


def is_backed(invitation: Invitation) -> bool:
    """Whether who made it is still here and may still give the role."""
    inviter = User.objects.filter(pk=invitation.created_by_id or 0).first()
    if inviter is None:
        return False
    try:
        require_may_manage(inviter, Role(invitation.role))
    except PermissionDenied:
        return False
    return True


def take_back_for(email: str, actor: User | None) -> None:
    """Those for this address. Part of a caller's transaction."""
    _take_back(waiting().filter(email=normal_email(email)), actor)


def take_back_unbacked(inviter: User, actor: User | None) -> None:
    """Those that this person made and might not make any more. Part of the transaction that took the right."""
    made = waiting().filter(created_by_id=inviter.pk).order_by("pk")
    _take_back([invitation for invitation in made if not is_backed(invitation)], actor)


def _take_back(invitations: Iterable[Invitation], actor: User | None) -> None:
    for invitation in invitations:
        if waiting().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
            record("people.invitation_revoked", invitation, actor)


def record(verb: str, invitation: Invitation, actor: User | None) -> None:
    """One line of the audit trail about an invitation."""
    trail.record(
        actor=actor, verb=verb, object_kind="invitation", object_id=str(invitation.pk),
        object_label=invitation.email, after={"role": invitation.role_label},
    )
