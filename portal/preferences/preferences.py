"""The settings that are changed in the portal: what there is, what counts as a good value, and reading them.

`get` is for everybody. Changing goes through `portal.people.settings_service`, which knows who may and writes the
audit trail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.preferences import values
from portal.preferences.models import Preference

Clean = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """`clean` returns the value as it is kept (JSON) or raises ValidationError with a sentence; `words` is how an entry
    of a list is written in the form."""

    key: str
    label: str
    help: str
    default: Callable[[], Any]
    clean: Clean
    words: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Change:
    """One setting whose value differs now."""

    key: str
    before: Any
    after: Any


SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="organisation_domains",
        label="Organisation domains",
        help="Your own mail domains, one a line. Everybody else counts as external: in accounts, and in how far a "
        "file is shared.",
        default=list,
        clean=values.domains,
        words=values.domain_words,
    ),
    Setting(
        key="public_url",
        label="Public address",
        help="How browsers and cloud apps reach this portal. Callback addresses and links in mails begin with it; "
        "when it changes, change the callback address at each app too.",
        default=lambda: settings.PUBLIC_URL,
        clean=values.public_url,
    ),
    Setting(
        key="egress_addresses",
        label="Addresses the portal calls from",
        help="One a line, such as 198.51.100.7 or 198.51.100.0/28. Shown in the wizard, for apps that let in listed "
        "addresses only. Gatehouse cannot find them out by itself.",
        default=list,
        clean=values.networks,
    ),
    Setting(
        key="file_monitoring",
        label="File monitoring",
        help="Read names, owners and sharing of files in the connected apps. Without it no files are read.",
        default=lambda: True,
        clean=values.boolean,
    ),
    Setting(
        key="second_factor_required",
        label="Require a second factor",
        help="Whoever has neither an authenticator app nor a passkey is led to set one up after signing in, and sees "
        "nothing else before that. People who come by single sign-on, too.",
        default=lambda: False,
        clean=values.boolean,
    ),
    Setting(
        key="activity_days",
        label="Keep activities for",
        help=f"Days, from {values.FEWEST_DAYS} to {values.MOST_DAYS}. What is older is removed for good within an "
        "hour, and not taken in again.",
        default=lambda: 180,
        clean=values.days,
    ),
    Setting(
        key="quarantine_days",
        label="Look at quarantined files again after",
        help=f"Days, from {values.FEWEST_DAYS} to {values.MOST_DAYS}. The page Quarantine then says that somebody "
        "should decide: release the file, or put the review off. Nothing is deleted by itself.",
        default=lambda: 90,
        clean=values.days,
    ),
    Setting(
        key="deletion_second_person",
        label="Deleting for good needs a second person",
        help="What quarantine holds is deleted only when somebody else with the right to act on files has approved, "
        "within seven days.",
        default=lambda: True,
        clean=values.boolean,
    ),
    Setting(
        key="store_megabytes",
        label="Largest file that Gatehouse keeps itself",
        help=f"MB, from 1 to {values.MOST_MEGABYTES:,}. For a quarantine that keeps the bytes here: they are encrypted "
        "in the portal's database, and so in its backup.",
        default=lambda: 250,
        clean=values.megabytes,
    ),
    Setting(
        key="mail_from",
        label="Sender of mails",
        help="The address in From. The mail server itself is set by GATEHOUSE_EMAIL_URL.",
        default=lambda: settings.DEFAULT_FROM_EMAIL,
        clean=values.email,
    ),
    Setting(
        key="mail_recipients",
        label="Notices go to",
        help="Mail addresses, one a line, that are told when a connected app needs attention.",
        default=list,
        clean=values.emails,
    ),
)
BY_KEY: dict[str, Setting] = {setting.key: setting for setting in SETTINGS}


def get(key: str) -> Any:
    """The value in force. Raises KeyError for a setting that is not declared."""
    setting = BY_KEY[key]
    row = Preference.objects.filter(pk=key).first()
    return row.value if row else setting.default()


def all_values() -> dict[str, Any]:
    """Every setting's value in force, in the order of SETTINGS; one query."""
    kept = dict(Preference.objects.values_list("key", "value"))
    return {setting.key: kept[setting.key] if setting.key in kept else setting.default() for setting in SETTINGS}


def clean(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they would be kept. Raises ValidationError by key, KeyError for an undeclared one."""
    cleaned, problems = {}, {}
    for key, value in changes.items():
        try:
            cleaned[key] = BY_KEY[key].clean(value)
        except ValidationError as error:
            problems[key] = error
    if problems:
        raise ValidationError(problems)
    return cleaned


def keep(changes: Mapping[str, Any]) -> list[Change]:
    """Clean and store; returns those that differ from before. Raises ValidationError by key, then nothing is stored."""
    cleaned = clean(changes)
    with transaction.atomic():
        before = all_values()
        changed = [Change(key, before[key], after) for key, after in cleaned.items() if before[key] != after]
        for change in changed:
            Preference.objects.update_or_create(pk=change.key, defaults={"value": change.after})
    return changed
