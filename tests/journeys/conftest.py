"""A portal that a browser can reach, workers that run beside it, and what every page is looked at with."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import BrowserContext, Page
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from portal.people.models import User
from tests.journeys.fitting import misfits
from tests.portal.web.visitor import client_of
from tests.sandbox.server import Sandbox

SCREENSHOTS = Path(__file__).resolve().parents[2] / "test-results" / "screenshots"
WIDTHS = {320: 640, 400: 800, 768: 1024, 1280: 800, 1440: 900}
"""Width -> height of the windows that pages have to fit."""
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
"""What axe looks at. To name each element that passed takes it longer than to look at it."""

Shoot = Callable[[Page, str], None]
Audit = Callable[[Page], None]


@pytest.fixture
def portal(live_server: LiveServer, settings: Settings, sandbox: Sandbox) -> str:
    """The portal's address: another origin than the sandbox's."""
    settings.PUBLIC_URL = live_server.url
    assert not sandbox.base_url.startswith(live_server.url)
    return str(live_server.url)


class Workers:
    """The two clusters and the dispatcher, in a thread of this process."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.problems: list[BaseException] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(30)
        assert not self._thread.is_alive(), "the workers did not stop within 30 seconds"
        assert not self.problems, f"a task failed: {self.problems[0]!r}"

    def _work(self) -> None:
        from portal.scans.jobs import dispatch_due
        from tests.tasks import run_tasks

        with self._blocker.unblock():
            try:
                while not self._stopping.wait(0.2):
                    dispatch_due()
                    run_tasks()
            except BaseException as error:
                self.problems.append(error)
            finally:
                connections.close_all()


@pytest.fixture
def workers(portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Workers]:
    """Not started yet: a test looks at what is queued first, then calls `start`."""
    made = Workers(django_db_blocker)
    yield made
    if made._thread.is_alive() or made.problems:
        made.stop()


def admit(context: BrowserContext, portal: str, user: User) -> None:
    """The person signed in just now in this browser, without the sign-in page."""
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client_of(user).cookies[name].value, "url": portal}])


@pytest.fixture
def shoot(pytestconfig: pytest.Config) -> Shoot:
    """The page fits every width. With `--screenshot on` pictures of it are kept, light and dark."""
    is_kept = pytestconfig.getoption("--screenshot") == "on"

    def keep(page: Page, name: str) -> None:
        before: Any = page.viewport_size
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert misfits(page, width) == [], f"{name} in a window of {width}"
            if is_kept:
                _picture(page, f"{name}-{width}")
        page.set_viewport_size(before)
        if is_kept:
            page.emulate_media(color_scheme="dark")
            _picture(page, f"{name}-dark")
            page.emulate_media(color_scheme="light")

    return keep


def _picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def audit() -> Audit:
    """No page breaks a rule of accessibility. In the dark the colours alone are others."""

    def check(page: Page) -> None:
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page, options=options)
            assert results.violations_count == 0, f"{page.url}, {scheme}: {results.generate_report()}"
        page.emulate_media(color_scheme="light")

    return check
