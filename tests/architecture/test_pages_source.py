"""Templates and assets keep to the content security policy and to the one palette."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = ROOT / "static" / "portal.css"
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(", re.IGNORECASE)
TOKENS = re.compile(r"(?::root|\[data-theme[^\]]*\])[^{}]*\{[^}]*\}")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def without_comments(file: Path) -> str:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
    return re.sub(r"/\*.*?\*/|<!--.*?-->", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_script_style_or_handler(file: Path) -> None:
    text = without_comments(file)
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)[^>]*>", text, re.IGNORECASE)
    styles = re.findall(r"<style\b|\sstyle\s*=", text, re.IGNORECASE)
    handlers = re.findall(r"\son[a-z]+\s*=|hx-on[:=-]|javascript:", text, re.IGNORECASE)
    assert scripts + styles + handlers == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_marks_nothing_as_safe(file: Path) -> None:
    assert re.findall(r"\|\s*safe\b|autoescape\s+off", without_comments(file)) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_a_template_loads_nothing_from_elsewhere(file: Path) -> None:
    assert re.findall(r"(?:src|<link[^>]*href)\s*=\s*[\"'](?:https?:)?//[^\"']*", without_comments(file)) == []


def test_colours_are_named_in_the_tokens_alone() -> None:
    rest = TOKENS.sub("", without_comments(CSS))
    assert COLOUR.findall(rest) == []
    assert COLOUR.findall(without_comments(CSS))
