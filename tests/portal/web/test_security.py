"""What browsers are told, and that no template needs more than the policy allows."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from portal.people.roles import Role
from portal.web.security import POLICY
from tests.portal.web.visitor import client_of, person

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live/", "/accounts/", "/no/such/", "/static/portal.css", "/auth/login/"])
def test_every_answer_carries_the_policy(path: str) -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get(path)
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_the_policy_allows_our_own_files_and_nothing_else() -> None:
    sources = {words[0]: words[1:] for words in (part.split() for part in POLICY.split("; "))}
    assert sources["default-src"] == ["'none'"]
    assert sources["script-src"] == sources["style-src"] == sources["form-action"] == ["'self'"]
    assert sources["frame-ancestors"] == sources["base-uri"] == ["'none'"]
    assert "unsafe" not in POLICY


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_not_kept_by_caches() -> None:
    response = client_of(person(Role.GLOBAL_ADMIN)).get("/accounts/")
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_has_inline_script_style_or_handlers(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"javascript:", text)
    assert not re.search(r"hx-on|\|\s*safe\b|autoescape off|mark_safe", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_loads_anything_from_elsewhere(template: Path) -> None:
    assert not re.search(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", template.read_text())


def test_colours_stand_in_the_block_of_tokens_alone() -> None:
    css = re.sub(r"(?s)/\*.*?\*/", "", Path(str(finders.find("portal.css"))).read_text())
    tokens, rest = css.split("}", 1)
    assert re.search(r"#[0-9a-f]{6}", tokens)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[;,\s)])|\brgba?\(|\bhsla?\(|\boklch\(", rest)


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance of `#rrggbb`."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(theme: int) -> None:
    css = Path(str(finders.find("portal.css"))).read_text()
    pairs = re.findall(r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    token = {name: colours[theme] for name, *colours in pairs}
    surfaces = ("surface", "surface-sunken", "surface-raised", "surface-hover")
    weak = [
        f"{text} on {behind}: {found:.2f}"
        for least, texts, behinds in (
            (7, ("text",), (*surfaces, "surface-picked", "ok-soft", "run-soft", "warn-soft", "bad-soft")),
            (7, ("text-soft",), ("surface", "surface-sunken", "surface-raised")),
            (4.5, ("text-soft", "accent", "accent-strong", "ok", "run", "warn", "bad"), surfaces),
            (4.5, ("on-accent",), ("accent", "accent-strong")),
            (3, ("line-strong", "focus"), surfaces),
        )
        for text in texts
        for behind in behinds
        if (found := contrast(token[text], token[behind])) < least
    ]
    assert weak == []


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.GLOBAL_ADMIN))
    response = client.post(reverse("account_logout"))
    assert response.status_code == 403
    assert "The form is too old" in response.content.decode()
    assert "Nothing was changed." in response.content.decode()
