"""Cells of lists and drawers. `{% load rows %}`."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from connectors.catalogue import catalogue
from portal.governance.models import GovernanceAction
from portal.inventory.models import Account, Credential
from portal.web import words
from portal.web.app_names import Label
from portal.web.templatetags.look import KEPT, app_tile, status

register = template.Library()


@register.simple_tag
def app_cell(app: Label | None) -> SafeString:
    """Which app and instance a row is of. None: it is no longer there."""
    return _app_cell(app.app_id, app.app_name, app.name) if app else mark_safe('<span class="soft">removed</span>')


@lru_cache(maxsize=KEPT, typed=True)
def _app_cell(app_id: str, app_name: str, name: str) -> SafeString:
    return format_html(
        '<span class="cell-name" title="{}, {}">{}<span class="clamp">{}</span></span>',
        app_name, name, app_tile(app_id, app_name), name,
    )


@register.simple_tag
def account_status(account: Account) -> SafeString:
    """Gone where the app lists it no more, else its status."""
    if account.gone_at is not None:
        return status("off", "Gone")
    word = words.ACCOUNT_STATUS.get(account.status, words.Word("info", account.status))
    return status(*word)


@register.simple_tag
def outcome(value: str) -> SafeString:
    return status(*words.OUTCOME.get(value, words.Word("info", value)))


@register.simple_tag
def exposure(value: str) -> SafeString:
    return status(*words.EXPOSURE.get(value, words.Word("info", value)))


@register.simple_tag
def risk(value: str) -> SafeString:
    return status(*words.RISK.get(value, words.Word("info", value)))


@register.simple_tag
def credential_state(credential: Credential) -> SafeString:
    """Gone, expired, not active, or active."""
    if credential.gone_at is not None:
        return status("off", "Gone")
    if credential.expires_at is not None and credential.expires_at <= timezone.now():
        return status("off", "Expired")
    return status("ok", "Active") if credential.is_active else status("off", "Not active")


@register.simple_tag
def action_state(value: str) -> SafeString:
    return status(*words.ACTION_STATE.get(value, words.Word("info", value)))


@register.simple_tag
def waiting(problem_code: str) -> SafeString:
    """Of an action that is tried again by itself."""
    return status(*words.WAITING.get(problem_code, words.Word("warn", "Waits")))


@register.simple_tag
def undo_words(value: str) -> str:
    """Of an action that was taken back, by the state of what takes it back."""
    return words.UNDO_STATE.get(value, value)


@register.simple_tag
def step_state(value: str) -> SafeString:
    return status(*words.STEP_STATE.get(value, words.Word("info", value)))


@register.filter
def action_label(row: GovernanceAction) -> str:
    """The connector's words for an action, and whether it takes one back; its name where there is no connector."""
    connector = catalogue().get(row.instance.app_id)
    actions = connector.actions if connector else ()
    label = next((action.label for action in actions if action.name == row.action_name), row.action_name)
    return f"Undo: {label}" if row.reverts_id else label


@register.filter
def of(values: Mapping[int, int], key: int) -> int:
    """The number of a row by its key."""
    return values.get(key, 0)


@register.filter
def kind_words(value: str) -> str:
    return words.ACCOUNT_KIND.get(value, value)


@register.filter
def category_words(value: str) -> str:
    return words.CATEGORY.get(value, value)


@register.simple_tag
def yes_no(value: bool | None, yes: str = "Yes", no: str = "No") -> SafeString:
    """A flag; a dash with the reason where the app does not say."""
    if value is None:
        return format_html('<span class="soft" title="{}">–</span>', "The app does not say")
    return format_html("{}", yes if value else no)
