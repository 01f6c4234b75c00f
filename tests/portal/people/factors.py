"""Setting up an authenticator app, as its pages show it."""

import re
from typing import Protocol

from django.test import Client
from django.urls import reverse

from tests.portal.people.persons import code_of


class Page(Protocol):
    """What the test client answers; its type in the stubs is no HttpResponse."""

    @property
    def content(self) -> bytes: ...


def key_shown(page: Page) -> str:
    """The key on the set-up page."""
    key = re.search(r'id="totp-key">([A-Z2-7]+)<', page.content.decode())
    assert key is not None
    return key[1]


def codes_shown(page: Page) -> list[str]:
    """The recovery codes on their page."""
    codes = re.search(r'id="codes"[^>]*>([^<]+)<', page.content.decode())
    assert codes is not None
    return codes[1].split()


def switch_on_totp(browser: Client) -> tuple[str, list[str]]:
    """Through the pages; returns the key and the recovery codes."""
    key = key_shown(browser.get(reverse("mfa_activate_totp")))
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(key)})
    assert answer.status_code == 302, answer.content.decode()
    return key, codes_shown(browser.get(reverse("mfa_view_recovery_codes")))
