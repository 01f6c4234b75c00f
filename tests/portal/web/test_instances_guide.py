from pathlib import Path

import pytest
from django.template.loader import render_to_string

from portal.web import guide

README = """# Title

First line
goes on.

## Steps for `admins`

1. Make a **service account**
   with a long name.
   - so that it stays
2. Press `New OAuth App`.

```
curl -H "x: y"
<script>
```

- One *or* two, not `a*b`.

| a | `b` |
|---|---|
| 1 | **2** |
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
        ("steps", ["Make a service account with a long name.\n– so that it stays", "Press New OAuth App."]),
        ("code", ['curl -H "x: y"\n<script>']),
        ("list", ["One or two, not a*b."]),
        ("table", ["a", "b"]),
        ("paragraph", ["Last."]),
    ]


def test_what_stands_between_backticks_is_told_apart(readme: str) -> None:
    steps = next(block for block in guide.guide(readme) if block.kind == "steps")
    assert steps.items[1] == (guide.Span("Press ", False), guide.Span("New OAuth App", True), guide.Span(".", False))


def test_a_table_has_a_head_and_rows(readme: str) -> None:
    table = next(block for block in guide.guide(readme) if block.kind == "table")
    assert table.items == ((guide.Span("a", False),), (guide.Span("b", True),))
    assert table.rows == (((guide.Span("1", False),), (guide.Span("2", False),)),)


def test_a_guide_on_its_page_has_steps_and_tables(readme: str) -> None:
    html = render_to_string("instances/_guide.html", {"guide": guide.guide(readme)})
    assert "Make a service account with a long name.\n– so that it stays</li>" in html
    assert html.count("<ol>") == 1
    assert '<th scope="col"><code>b</code></th>' in html
    assert "<td>1</td><td>2</td>" in html
    assert "&lt;script&gt;" in html


def test_code_that_never_ends_is_read_to_the_end_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "README.md").write_text("```\nno end\n", encoding="utf-8")
    monkeypatch.setattr("connectors.__path__", [str(tmp_path)])
    assert text(guide.guide("open")[0]) == ["no end"]


def test_a_connector_without_a_guide_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.__path__", [str(tmp_path)])
    assert guide.guide("absent") == []
