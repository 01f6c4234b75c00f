"""The set-up guide's table of troubles quotes what the portal says."""

import re
from pathlib import Path

import connectors.base
import connectors.dropbox


def sentences() -> str:
    """The source of the connector and of connectors.base, texts that run over several lines joined."""
    folders = [Path(str(each.__file__)).parent for each in (connectors.base, connectors.dropbox)]
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source).replace("{name} ", "Dropbox ").replace("{vendor} ", "Dropbox ")
    return re.sub(r"\{[^{}\n]+\}", "...", joined)


def test_each_trouble_is_quoted_as_it_is_said() -> None:
    guide = (Path(str(connectors.dropbox.__file__)).parent / "README.md").read_text(encoding="utf-8")
    table = guide.partition("## When something goes wrong")[2].partition("\n## ")[0]
    quoted = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][1:]
    said = sentences()
    assert len(quoted) > 10
    assert [each for each in quoted if each.removesuffix(" ...") not in said] == []
