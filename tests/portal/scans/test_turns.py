"""How long a worker leaves SQLite's one place for a writer to others."""

import time
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django import Settings

from portal.scans import turns
from portal.scans.turns import Turns


@dataclass
class Hands:
    """A clock that goes on when somebody sleeps or works."""

    now: float = 100.0

    def go(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Hands:
    hands = Hands()
    monkeypatch.setattr(time, "monotonic", lambda: hands.now)
    monkeypatch.setattr(time, "sleep", hands.go)
    monkeypatch.setattr(turns, "SHORTEST_PAUSE_SECONDS", 0.02)
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 2}
    return hands


def began(hands: Hands, own: Turns, *, storing: float) -> float:
    """When this transaction began, after which it took so many seconds."""
    with own.taken():
        begun = hands.now
        hands.go(storing)
    return begun


@pytest.mark.parametrize(("storing", "pause"), [(0.1, 0.2), (0.001, 0.02)])
def test_on_sqlite_a_worker_stays_away_as_long_as_storing_took_for_each_worker(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, storing: float, pause: float
) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    own = Turns()
    assert began(hands, own, storing=storing) == 100.0, "nothing was stored before"
    ended = hands.now
    assert began(hands, own, storing=storing) == pytest.approx(ended + pause)
    hands.go(7)
    assert began(hands, own, storing=storing) == hands.now - storing, "reading the app was pause enough"


def test_on_postgresql_nobody_waits(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    own = Turns()
    began(hands, own, storing=3)
    assert began(hands, own, storing=3) == 103.0
