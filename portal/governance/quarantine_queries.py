"""The reads of what is held in quarantine, always within what a person may see."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from portal.governance.models import DeletionRequest, DeletionState, GovernanceAction, QuarantineRecord
from portal.governance.quarantine import QUARANTINES
from portal.instances.queries import visible
from portal.inventory import keyset
from portal.inventory.filters import APP, INSTANCE, Condition, FilterField, Values, fields_of, long_enough, narrow
from portal.inventory.keyset import Listing, Order
from portal.inventory.row_lists import CAP, EXPORT_CHUNK, PAGE_SIZE, Count, capped
from portal.people.roles import Right
from portal.people.scope import Scope

NEWEST_FIRST = Order("held", ("held_at", "id"), is_descending=True, times=frozenset({"held_at"}))
STATES = (
    ("held", "Held"),
    ("due", "Held, review due"),
    ("deletion", "Held, deletion waits for approval"),
    ("released", "Released"),
    ("deleted", "Deleted for good"),
)


def _state(values: Values) -> Q:
    is_held = Q(released_at=None, deleted_at=None)
    conditions = {
        "held": is_held,
        "due": is_held & Q(review_at__lte=timezone.now()),
        "deletion": is_held & Q(Exists(_waiting().filter(record=OuterRef("pk")))),
        "released": Q(released_at__isnull=False),
        "deleted": Q(deleted_at__isnull=False),
    }
    found = Q()
    for value in values:
        found |= conditions[value]
    return found


def _search(values: Values) -> Q:
    found = Q()
    for value in values:
        found |= Q(name__icontains=value) | Q(place__icontains=value) | Q(owner_name__icontains=value)
    return found


QUARANTINE_FILTERS = fields_of(
    APP,
    INSTANCE,
    FilterField("state", "State", _state, STATES),
    FilterField("q", "Search", _search, is_text=True, problem=long_enough),
)


def records(
    scope: Scope, conditions: Sequence[Condition], *, older: str = "", newer: str = "", size: int = PAGE_SIZE
) -> Listing[QuarantineRecord]:
    """Held last first; what was released or deleted is listed where a condition asks for it. Each row has `waiting`:
    the request to delete it that waits for approval, in a list."""
    rows = _records(scope, conditions).prefetch_related(Prefetch("deletion_requests", _waiting(), "waiting"))
    return keyset.page(rows, NEWEST_FIRST, older=older, newer=newer, size=size)


def count_records(scope: Scope, conditions: Sequence[Condition], cap: int = CAP) -> Count:
    return capped(_records(scope, conditions), cap)


def export_records(scope: Scope, conditions: Sequence[Condition]) -> Iterator[QuarantineRecord]:
    """All of them, held last first, streamed."""
    return keyset.every(_records(scope, conditions), NEWEST_FIRST, EXPORT_CHUNK)


def record(scope: Scope, pk: int) -> QuarantineRecord:
    """Raises QuarantineRecord.DoesNotExist where nothing is held, or the scope may not see it."""
    return _visible(scope).get(pk=pk)


def record_of(action: GovernanceAction) -> QuarantineRecord | None:
    """What this action has put into quarantine. The action comes from a query that knew the scope."""
    if action.kind not in QUARANTINES:
        return None
    return QuarantineRecord.objects.filter(action=action).exclude(held_at=None).first()


def deletion_request(scope: Scope, pk: int) -> DeletionRequest:
    """Raises DeletionRequest.DoesNotExist where there is none, or the scope may not see what it is about."""
    rows = DeletionRequest.objects.select_related("record__action", "record__instance")
    return rows.get(pk=pk, record__in=_visible(scope))


def _waiting() -> QuerySet[DeletionRequest]:
    return DeletionRequest.objects.filter(state=DeletionState.PENDING, expires_at__gt=timezone.now())


def _records(scope: Scope, conditions: Sequence[Condition]) -> QuerySet[QuarantineRecord]:
    asked = list(conditions)
    if not any(condition.field == "state" for condition in asked):
        asked.append(Condition("state", ("held",)))
    found: QuerySet[QuarantineRecord] = narrow(_visible(scope), QUARANTINE_FILTERS, asked)
    return found


def _visible(scope: Scope) -> QuerySet[QuarantineRecord]:
    rows = QuarantineRecord.objects.select_related("action", "instance").exclude(held_at=None)
    return rows if scope.can(Right.READ_GOVERNANCE_LOG) else rows.filter(instance__in=visible(scope))
