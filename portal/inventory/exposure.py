"""How far files are shared, and who is external: worked out from what connectors say and the organisation's domains.

A file's exposure is what its connector said, raised by its collaborators: by an external one to external at least, by
one that stands for anyone to public. Whether a collaborator is external its connector says, else the account it is,
else its address. Collaborators may be written before their file or their account: whatever comes last settles it.

Every function is called inside the caller's `atomic()`. Files are locked before their collaborators are written, so
that of two writers the later one sees what the other wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from connectors.base import Collaborator, Exposure, File
from portal.inventory import models
from portal.inventory.batches import Batch, Written, parts
from portal.inventory.cleaning import key
from portal.inventory.domains import Domains, is_outside

Affiliated = QuerySet[models.Account] | QuerySet[models.Collaborator]

MOST_AT_ONCE = 2_000
"""Files or collaborators that are settled in one transaction; where more are concerned, recomputing.py does it."""


@dataclass(slots=True)
class Touched:
    """What a batch makes necessary to settle, by vendor ids; `is_too_much` where that is more than fits."""

    instance_id: int
    files: set[str] = field(default_factory=set)
    collaborators: list[str] = field(default_factory=list)
    is_too_much: bool = False


def touched(instance_id: int, batch: Batch, accounts: Written) -> Touched:
    """Before files and collaborators are written, after accounts were: locks the files that this is about."""
    shared = batch.listed(Collaborator)
    found = Touched(instance_id, set(batch.listed(File)), list(shared))
    found.files |= {key(record.file_id) for record in shared.values() if isinstance(record, Collaborator)}
    rows = models.Collaborator.objects.filter(instance_id=instance_id)
    for part in parts(batch.gone(Collaborator)):
        found.files.update(rows.filter(vendor_id__in=part).values_list("file_id", flat=True))
    _follow(found, rows, _changed_accounts(accounts))
    lock(instance_id, found.files)
    return found


def lock_files_of(instance_id: int, pks: Sequence[int]) -> set[str]:
    """The files of these collaborators, by vendor id: before a sweep marks those gone."""
    rows = models.Collaborator.objects
    found = {each for part in parts(pks) for each in rows.filter(pk__in=part).values_list("file_id", flat=True)}
    lock(instance_id, found)
    return found


def settle(found: Touched, domains: Domains) -> None:
    """After everything is written."""
    rows = models.Collaborator.objects.filter(instance_id=found.instance_id)
    for part in parts(found.collaborators):
        settle_collaborators(found.instance_id, rows.filter(vendor_id__in=part), domains)
    settle_files(found.instance_id, found.files)


def _changed_accounts(accounts: Written) -> list[str]:
    """Those who are external now and were not, or the other way round."""
    return [
        row.vendor_id
        for row in accounts.rows
        if isinstance(row, models.Account)
        and row.is_external is not accounts.before.get(row.vendor_id, {}).get("is_external")
    ]


def _follow(found: Touched, rows: QuerySet[models.Collaborator], account_ids: Sequence[str]) -> None:
    """What is shared with these accounts, where their connector does not say whether they are external."""
    for part in parts(account_ids):
        room = MOST_AT_ONCE - len(found.collaborators)
        silent = rows.filter(account_id__in=part, is_external_in_app=None).order_by("vendor_id")
        followers = list(silent.values_list("vendor_id", "file_id")[: room + 1]) if room > 0 else []
        if len(followers) > room:
            found.is_too_much = True
            return
        found.collaborators += [vendor_id for vendor_id, _ in followers]
        found.files.update(file_id for _, file_id in followers)


# --- of some rows ---------------------------------------------------------------------------------------------------


def lock(instance_id: int, file_ids: Iterable[str]) -> None:
    for part in parts(sorted(set(file_ids))):
        rows = models.File.objects.filter(instance_id=instance_id, vendor_id__in=part).order_by("vendor_id")
        list(rows.select_for_update().values_list("pk", flat=True))


def settle_files(instance_id: int, file_ids: Iterable[str]) -> None:
    """Work out the exposure of these files, which are locked. Only those for which it changes are written."""
    present = models.Collaborator.objects.filter(
        instance_id=OuterRef("instance_id"), file_id=OuterRef("vendor_id"), gone_at=None
    )
    reach = {
        "is_shared_outside": Exists(present.filter(is_external=True)),
        "is_shared_with_anyone": Exists(present.filter(is_public=True)),
    }
    names = ("pk", "exposure_in_app", *reach, "exposure", "has_external_collaborators")
    changed: dict[tuple[str, bool], list[int]] = {}
    for part in parts(sorted(set(file_ids))):
        rows = models.File.objects.filter(instance_id=instance_id, vendor_id__in=part).annotate(**reach)
        for pk, said, has_external, is_public, *before in rows.values_list(*names):
            after = _raised(said, has_external, is_public), has_external
            if list(after) != before:
                changed.setdefault(after, []).append(pk)
    for (exposure, has_external), pks in sorted(changed.items()):
        for part in parts(pks):
            rows = models.File.objects.filter(pk__in=part)
            rows.update(exposure=exposure, has_external_collaborators=has_external)


def _raised(said: str, is_shared_outside: bool, is_shared_with_anyone: bool) -> str:
    if said == Exposure.PUBLIC or is_shared_with_anyone:
        return Exposure.PUBLIC
    return Exposure.EXTERNAL if is_shared_outside else said


def settle_accounts(rows: QuerySet[models.Account], domains: Domains) -> None:
    """Decide anew who of them is external."""
    found = list(rows.values_list("pk", "is_external_in_app", "email", "is_external"))
    decided = {pk: is_outside(email, domains) if said is None else said for pk, said, email, _ in found}
    changed = {pk: decided[pk] for pk, *_, before in found if decided[pk] is not before}
    _keep_affiliation(models.Account.objects.all(), changed)


def settle_collaborators(instance_id: int, rows: QuerySet[models.Collaborator], domains: Domains) -> None:
    """Decide anew who of them is external: what the connector says, else the account, else the address."""
    found = list(rows.values_list("pk", "is_external_in_app", "account_id", "email", "is_external"))
    silent = {account_id for _, said, account_id, *_ in found if account_id and said is None}
    known = _affiliation_of(instance_id, silent)
    changed: dict[int, bool | None] = {}
    for pk, said, account_id, email, before in found:
        told = known.get(account_id) if said is None else said
        after = is_outside(email, domains) if told is None else told
        if after is not before:
            changed[pk] = after
    _keep_affiliation(models.Collaborator.objects.all(), changed)


def _affiliation_of(instance_id: int, account_ids: Iterable[str]) -> dict[str, bool | None]:
    known: dict[str, bool | None] = {}
    for part in parts(sorted(account_ids)):
        rows = models.Account.objects.filter(instance_id=instance_id, vendor_id__in=part)
        known.update(rows.values_list("vendor_id", "is_external"))
    return known


def _keep_affiliation(rows: Affiliated, changed: dict[int, bool | None]) -> None:
    for value in (True, False, None):
        for part in parts([pk for pk, after in changed.items() if after is value]):
            rows.filter(pk__in=part).update(is_external=value)
