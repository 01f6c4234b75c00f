from pathlib import Path

import pytest

from portal.web import guide

README = """# Title

First line
goes on.

## Steps for `admins`

1. Make a **service account**
   with a long name.
2. Press `New OAuth App`.

```
curl -H "x: y"
<script>
```

| a | b |
|---|---|
Last.
"""


@pytest.fixture
def readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "README.md").write_text(README, encoding="utf-8")
    monkeypatch.setattr("connectors.__path__", [str(tmp_path)])
    return "sample"


def text(block: guide.Block) -> list[str]:
    return ["".join(span.text for span in item) for item in block.items]


def test_a_guide_is_read_as_headings_paragraphs_lists_and_code_without_its_title(readme: str) -> None:
    blocks = guide.guide(readme)
    assert [(block.kind, text(block)) for block in blocks] == [
        ("paragraph", ["First line goes on."]),
        ("heading", ["Steps for admins"]),
        ("list", ["Make a service account with a long name.", "Press New OAuth App."]),
        ("code", ['curl -H "x: y"\n<script>']),
        ("code", ["| a | b |\n|---|---|"]),
        ("paragraph", ["Last."]),
    ]


def test_what_stands_between_backticks_is_told_apart(readme: str) -> None:
    steps = next(block for block in guide.guide(readme) if block.kind == "list")
    assert steps.items[1] == (guide.Span("Press ", False), guide.Span("New OAuth App", True), guide.Span(".", False))


def test_code_that_never_ends_is_read_to_the_end_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "README.md").write_text("```\nno end\n", encoding="utf-8")
    monkeypatch.setattr("connectors.__path__", [str(tmp_path)])
    assert text(guide.guide("open")[0]) == ["no end"]


def test_a_connector_without_a_guide_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.__path__", [str(tmp_path)])
    assert guide.guide("absent") == []
