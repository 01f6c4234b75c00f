"""What of a vendor's web addresses may become a link."""

from datetime import UTC, datetime

import pytest

from connectors.base import Account, Credential, File, Group, OAuthApp, Tenant

HOSTILE = [
    "javascript:alert(1)", "JaVaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:x",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "//evil.example/x",
    "/\\evil.example", "/settings/people/", "?q=1", "https:evil.example", "https:///evil.example",
    "https:\\\\evil.example", "https://", "https://github.com@evil.example/", "https://user:secret@github.com/",
    "https://github.com/\r\nx", "https://github.com/a b", "https://github.com/\u202egnp.exe",
    "https://github.com/\u200bx", "https://github.com/\x00", "https://git\x7fhub.com/", "http://github.com/contoso",
    "https://[::1", "https://host:port/", "github.com/contoso", "",
]  # fmt: skip
HONEST = [
    "https://github.com/contoso", "HTTPS://github.com/contoso", "https://ghe.contoso.example:8443/orgs/x?tab=people#top",
    "https://contoso.example/Bücher/%C3%BC", "https://bücher.example/", "https://[2606:50c0::1]/x",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_a_record_has_no_link_where_its_address_is_not_one_for_the_web(url: str) -> None:
    assert Account(id="1", url=url).url == ""
    assert Group(id="1", name="g", url=url).url == ""
    assert File(id="1", name="f", url=url, created_at=datetime(2026, 1, 5, tzinfo=UTC)).url == ""
    assert OAuthApp(id="1", name="o", url=url).url == ""
    assert Tenant("1", "Contoso", url).url == ""


@pytest.mark.parametrize("url", HONEST)
def test_an_address_for_the_web_stays_as_the_vendor_wrote_it(url: str) -> None:
    assert Account(id="1", url=url).url == url
    assert Tenant("1", "Contoso", url).url == url


@pytest.mark.parametrize("url", [None, 1, {"href": "https://github.com"}])
def test_what_is_no_text_is_no_address_and_breaks_no_reading(url: object) -> None:
    assert Account(id="1", url=url).url == ""  # type: ignore[arg-type]


def test_where_a_webhook_sends_to_is_kept_also_without_encryption() -> None:
    assert Credential(id="1", name="hook", kind="webhook", url="http://ci.example/in").url == "http://ci.example/in"
