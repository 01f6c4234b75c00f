"""Each measurement runs to its end at a tiny size. Nothing is said here of how fast."""

import subprocess
import sys

import pytest

from tests.bench import bench_queue, bench_scan
from tests.bench.__main__ import known, measure
from tests.bench.scanning import Size

TINY = Size(members=20, events=150, teams=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", known())
def test_a_measurement_yields_its_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_scan, "SIZES", (TINY,))
    monkeypatch.setattr(bench_queue, "COUNT", 5)
    figures = list(measure(name))
    assert figures
    assert all(figure.number >= 0 for figure in figures)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    asked = subprocess.run([sys.executable, "-m", "tests.bench", "scna"], capture_output=True, text=True)
    assert asked.returncode == 2
    assert asked.stdout == "There is no measurement scna. There are: queue, scan.\n"
