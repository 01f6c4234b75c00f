"""Each measurement runs to its end at a tiny size. Nothing is said here of how fast."""

import subprocess
import sys
from typing import Any

import pytest

from tests.bench import bench_memory, bench_tenant
from tests.bench.__main__ import known, measure, set_constant
from tests.bench.scanning import Size

TINY: dict[str, dict[str, object]] = {
    "changes": {"COUNT": 200, "CHANGES": 10},
    "files": {"COUNT": 150, "CHANGES": 5, "ROUNDS": 1},
    "governance": {"CLICKS": 2},
    "held": {"MEGABYTES": (1,)},
    "ingest": {"COUNT": 250},
    "memory": {"COUNTS": (250,)},
    "pages": {"ROWS": 500, "ROUNDS": 1},
    "queue": {"COUNT": 5},
    "scan": {"SIZES": (Size(members=20, events=150, teams=1),)},
    "tenant": {"SIZES": (bench_tenant.Size(users=20, groups=4, records=60),), "CHANGES": 2},
    "webhooks": {"ONE_BY_ONE": 2, "AT_ONCE": 10},
    "workers": {"COUNT": 250},
}
"""By measurement, the constants of its module that say how much it does. A new measurement is added here."""
KILLING = {"governance", "pages", "webhooks"}
"""They start the web server and both clusters, and kill them in the end."""


def marked(name: str) -> Any:
    """Only taking in works in another way on each database."""
    if name in KILLING:
        return pytest.param(name, marks=pytest.mark.kill)
    return name if name == "ingest" else pytest.param(name, marks=pytest.mark.one_database)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [marked(name) for name in known()])
def test_a_measurement_yields_its_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for constant, little in TINY[name].items():
        monkeypatch.setattr(f"tests.bench.bench_{name}.{constant}", little)
    figures = list(measure(name))
    assert figures
    assert all(figure.number >= 0 for figure in figures if not figure.unit.endswith("more"))


@pytest.mark.parametrize("asked", ["scna", "scna.COUNT=5"])
def test_an_unknown_name_is_refused_with_the_names_there_are(asked: str) -> None:
    said = subprocess.run([sys.executable, "-m", "tests.bench", asked], capture_output=True, text=True)
    assert said.returncode == 2
    assert said.stdout == f"There is no measurement scna. There are: {', '.join(known())}.\n"


def test_how_much_is_done_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_memory, "COUNTS", (1, 2))
    set_constant("memory.COUNTS=(30, 40_000)")
    assert bench_memory.COUNTS == (30, 40_000)
    with pytest.raises(AttributeError, match="SIZE"):
        set_constant("memory.SIZE=7")
