"""Each measurement runs to its end at a tiny size. Nothing is said here of how fast."""

import subprocess
import sys

import pytest

from tests.bench.__main__ import known, measure
from tests.bench.scanning import Size

TINY = {"ingest": ("COUNT", 250), "queue": ("COUNT", 5), "scan": ("SIZES", (Size(members=20, events=150, teams=1),))}
"""By measurement, the constant of its module that says how much it does. A new measurement is added here."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", known())
def test_a_measurement_yields_its_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    constant, little = TINY[name]
    monkeypatch.setattr(f"tests.bench.bench_{name}.{constant}", little)
    figures = list(measure(name))
    assert figures
    assert all(figure.number >= 0 for figure in figures)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    asked = subprocess.run([sys.executable, "-m", "tests.bench", "scna"], capture_output=True, text=True)
    assert asked.returncode == 2
    assert asked.stdout == f"There is no measurement scna. There are: {', '.join(known())}.\n"
