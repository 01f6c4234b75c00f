"""What lists of files can be filtered by."""

import re

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from connectors.base import Exposure
from portal.inventory.filters import (
    APP,
    INSTANCE,
    PRESENT,
    TEXT,
    YES_NO,
    FilterField,
    Values,
    always,
    fields_of,
    flag,
    is_named,
    is_time,
    named,
    one_of,
    only_yes,
    since,
    until,
    words,
)
from portal.inventory.models import Collaborator
from portal.inventory.rows import BEGINNING

LOOKED_UP = 1_000
MB = 1024 * 1024
"""Bytes, as pages count them."""


def _shared_with(values: Values) -> Q:
    """Files that an account can reach as a collaborator by itself."""
    condition = Q()
    for value in values:
        instance_id, _, account_id = value.partition(":")
        shared = Collaborator.objects.filter(instance_id=int(instance_id), account_id=account_id, gone_at=None)
        condition |= Q(instance_id=int(instance_id), vendor_id__in=shared.values("file_id"))
    return condition


def _shared_with_domain(values: Values) -> Q:
    """Files that somebody of these domains can reach. Where those are few they are looked up first: to find them in the
    order of a list, some databases would walk through all files. Where they are many, that walk ends soon."""
    domains = [_domain(value) for value in values]
    shared = Collaborator.objects.filter(email_domain__in=domains, gone_at=None)
    found = list(shared.values_list("instance_id", "file_id")[: LOOKED_UP + 1])
    if len(found) > LOOKED_UP:
        return Q(Exists(shared.filter(instance_id=OuterRef("instance_id"), file_id=OuterRef("vendor_id"))))
    condition = Q(pk__in=[])
    for instance_id in sorted({each for each, _ in found}):
        file_ids = sorted({file_id for each, file_id in found if each == instance_id})
        condition |= Q(instance_id=instance_id, vendor_id__in=file_ids)
    return condition


def _domain(value: str) -> str:
    return value.removeprefix("@").lower()


def _is_domain(value: str) -> str:
    """Sub-domains are domains of their own."""
    return "" if re.fullmatch(r"@?[^@\s]+", value) else f"“{value[:50]}” is not a domain such as fabrikam.example."


def _larger(values: Values) -> Q:
    return Q(size__gt=min(int(value) for value in values) * MB)


def _is_size(value: str) -> str:
    return "" if re.fullmatch("[0-9]{1,9}", value) else "A size is a whole number of MB, such as 10."


def _of_content_type(values: Values) -> Q:
    """By how it begins, such as `image/`."""
    condition = Q()
    for value in values:
        condition |= begins("content_type", value.lower())
    return condition


def begins(column: str, value: str) -> Q:
    """In the words that the database's index serves: SQLite's LIKE knows no case and so no index, and how PostgreSQL
    compares texts hangs on the language it was set up with."""
    if connection.vendor == "postgresql" or not value:
        return Q(**{f"{column}__startswith": value})
    following = value[:-1] + chr(ord(value[-1]) + 1)
    return Q(**{f"{column}__gte": value, f"{column}__lt": following})


def _until(values: Values) -> Q:
    """Without those of which no time is known."""
    return until("sort_time")(values) & Q(sort_time__gt=BEGINNING)


FILE_FILTERS: dict[str, FilterField] = fields_of(
    APP,
    INSTANCE,
    FilterField("kind", "Kind", one_of("kind"), is_text=True, is_found=always),
    FilterField("exposure", "Exposure", one_of("exposure"), words(Exposure), is_found=always),
    FilterField("owner", "Owner", named("owner_id"), is_text=True, problem=is_named("An owner"), is_found=always),
    FilterField(
        "collaborator", "Shared with", _shared_with, is_text=True, problem=is_named("An account"), is_found=always
    ),
    FilterField(
        "domain", "Collaborator from domain", _shared_with_domain, is_text=True, problem=_is_domain, is_found=always
    ),
    FilterField("external", "External collaborators", flag("has_external_collaborators"), YES_NO, is_found=only_yes),
    FilterField("larger", "Larger than (MB)", _larger, is_text=True, problem=_is_size, is_found=always),
    FilterField("type", "Content type", _of_content_type, is_text=True, is_found=always),
    FilterField("trashed", "In trash", flag("is_trashed"), YES_NO, is_found=only_yes),
    FilterField("quarantined", "In quarantine", flag("is_quarantined"), YES_NO, is_found=only_yes),
    FilterField(
        "from", "Modified from", since("sort_time"), is_text=True, problem=is_time, is_found=always, along="sort_time"
    ),
    FilterField("to", "Modified to", _until, is_text=True, problem=is_time, is_found=always, along="sort_time"),
    PRESENT,
    TEXT,
)
