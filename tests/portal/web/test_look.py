"""Pieces of pages that are put together once, however often they are shown."""

from collections.abc import Callable
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.safestring import mark_safe
from heroicons.templatetags.heroicons import heroicon_outline

from portal.people.roles import Role
from portal.web.app_names import Label
from portal.web.templatetags import look, rows
from tests.portal.web import inventory_rows
from tests.portal.web.visitor import client_of, person

HOSTILE = "<script>alert(1)</script>"


def label(name: str) -> Label:
    return Label(1, name, "github", name, "connected", "", "ok", "", None)


@pytest.mark.parametrize("piece", [
    lambda text: look.status("ok", text), lambda text: look.app_tile("github", text),
    lambda text: rows.app_cell(label(text)),
])  # fmt: skip
def test_a_text_is_escaped_also_after_the_same_was_shown_as_safe(piece: Callable[[str], str]) -> None:
    piece(mark_safe(HOSTILE))  # noqa: S308
    assert "<script>" not in piece(HOSTILE)


def test_a_row_whose_app_is_no_longer_there_says_so() -> None:
    assert rows.app_cell(None) == '<span class="soft">removed</span>'


@pytest.mark.django_db
def test_a_list_draws_no_icon_twice() -> None:
    contoso = inventory_rows.instance()
    for number in range(30):
        inventory_rows.account(contoso, f"person-{number}")
    look.icon.cache_clear()
    look.status.cache_clear()
    client: Client = client_of(person(Role.SECURITY_READER))
    with mock.patch("portal.web.templatetags.look.heroicon_outline", wraps=heroicon_outline) as drawn:
        page = client.get(reverse("account_list")).content.decode()
    assert page.count("<svg") > 40
    calls = [(each.args, each.kwargs["size"]) for each in drawn.call_args_list]
    assert len(calls) == len(set(calls))
