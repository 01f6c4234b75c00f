"""What every test has at hand: the sandbox, workers in-process, and a browser that tolerates no error on a page.

| environment | meaning |
|---|---|
| DATABASE_URL | run on PostgreSQL instead of SQLite |
| GATEHOUSE_BROWSER | the Chromium to use, when it is not on the PATH |
| GATEHOUSE_SPECS, GATEHOUSE_CORPUS | folders of vendors' specifications and of recorded answers |
| GATEHOUSE_RESTART_POSTGRESQL | a command that restarts the server of DATABASE_URL; tests that kill use it |
| GATEHOUSE_REQUIRE | comma-separated of browser, postgresql, restart, specs, corpus, peers: without them nothing runs |

A run for which specs or corpus are required and that reads none of it fails; so does a skipped test of required peers.
One for which postgresql is required leaves out what would prove the same there once more: the tests without the mark
`django_db`, which pytest-django lets at no database, and those with the mark `one_database`.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError
from pytest_django import Settings

from tests.counts import COUNTS, WORDS
from tests.sandbox.server import Sandbox

# Playwright keeps an event loop running in the thread of the tests, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = "no Chromium found: install it (Debian: apt install chromium) or name it in GATEHOUSE_BROWSER"
PEERS = {
    "github": "PyGithub", "githubkit": "githubkit", "box_sdk_gen": "box-sdk-gen", "dropbox": "dropbox",
    "msgraph": "msgraph-sdk", "msal": "msal", "azure": "azure-mgmt-authorization and azure-mgmt-monitor",
}  # fmt: skip
"""Module -> package, of requirements-peers.txt."""
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
KEPT_TABLES = {"django_content_type", "auth_permission"}
BROWSER_FIXTURES = {"page", "context", "new_context", "browser"}


@cache
def browser_path() -> str | None:
    named = os.environ.get("GATEHOUSE_BROWSER")
    return next((found for name in ([named] if named else BROWSERS) if (found := shutil.which(name))), None)


@cache
def folder(variable: str) -> Path | None:
    """The folder that an environment variable names, if it is there and holds something."""
    path = Path(os.environ.get(variable) or os.devnull)
    return path if path.is_dir() and any(path.iterdir()) else None


def is_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def missing() -> dict[str, str]:
    """What this run must do without, and why."""
    absent = {}
    if not browser_path():
        absent["browser"] = NO_BROWSER
    if not is_postgresql():
        absent["postgresql"] = "DATABASE_URL names no PostgreSQL database"
    if not os.environ.get("GATEHOUSE_RESTART_POSTGRESQL"):
        absent["restart"] = "GATEHOUSE_RESTART_POSTGRESQL names no command"
    for name in WORDS:
        if not folder(f"GATEHOUSE_{name.upper()}"):
            absent[name] = f"GATEHOUSE_{name.upper()} names no folder with files"
    packages = [package for module, package in PEERS.items() if not importlib.util.find_spec(module)]
    if packages:
        absent["peers"] = f"not installed: {', '.join(packages)} (requirements-peers.txt)"
    return absent


def required() -> set[str]:
    return {name.strip() for name in os.environ.get("GATEHOUSE_REQUIRE", "").split(",")}


def unproven() -> list[str]:
    """What had to be looked at and was not."""
    return [f"{name}: 0 {WORDS[name]}, and GATEHOUSE_REQUIRE names it" for name in WORDS if _is_unproven(name)]


def _is_unproven(name: str) -> bool:
    return name in required() and not COUNTS[name]


def is_about_database(item: pytest.Item) -> bool:
    """By its mark, or by a fixture as a test without a mark may."""
    if item.get_closest_marker("one_database"):
        return False
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def ground() -> list[str]:
    return [
        f"database: {'PostgreSQL' if is_postgresql() else 'SQLite'}",
        f"browser: {browser_path() or 'none, its tests are skipped'}",
    ]


def pytest_report_header() -> list[str]:
    return ground()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    absent = missing()
    terminalreporter.section("what the tests ran on")
    for line in ground():
        terminalreporter.line(line)
    for name, words in WORDS.items():
        terminalreporter.line(f"{name}: {absent[name] if name in absent else f'{COUNTS[name]:,} {words}'}")
    for line in unproven():
        terminalreporter.line(f"FAILED {line}", red=True)


def pytest_sessionstart() -> None:
    problems = [why for name, why in missing().items() if name in required()]
    if problems:
        raise pytest.UsageError("GATEHOUSE_REQUIRE asks for what is not here: " + "; ".join(problems))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of a parallel run hands over what it counted; the one that sums up judges."""
    handed_over = getattr(session.config, "workeroutput", None)
    if handed_over is not None:
        handed_over["counts"] = dict(COUNTS)
    elif unproven() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    COUNTS.update(getattr(node, "workeroutput", {}).get("counts", {}))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A peer that is skipped is an error where peers are required."""
    report = yield
    if report.skipped and item.get_closest_marker("peers") and "peers" in required():
        report.outcome, report.longrepr = "failed", f"GATEHOUSE_REQUIRE names peers, and this was skipped: {item.name}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "postgresql" in required():
        others = [item for item in items if not is_about_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if is_about_database(item)]
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") and not browser_path():
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


# --- the database ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """After each test that commits, all tables are emptied. PostgreSQL's TRUNCATE makes new files for each table, index
    and partition, which takes far longer than deleting the few rows of a test. What there is to allow in Django's admin
    is written by the migrations and never changes: it stays, since to write it anew takes longer than many a test."""
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db import connection
    from django.db.models.signals import post_migrate

    def by_deleting(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        deletions = [f"DELETE FROM {self.quote_name(table)}" for table in tables if table not in KEPT_TABLES]
        return ["; ".join(deletions)] if is_postgresql() else deletions

    type(connection.ops).sql_flush = by_deleting  # type: ignore[assignment,method-assign]
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


# --- the world ------------------------------------------------------------------------------------------------------


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    """All simulators behind one address; the portal's calls to vendors go there."""
    with Sandbox() as started:
        settings.SANDBOX = True
        settings.NETWORK_OVERRIDES = started.overrides()
        yield started


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Workers on SQLite pause between batches, so that others can write; here nobody else does."""
    from portal.inventory import recomputing
    from portal.scans import disconnecting, turns

    for module in (recomputing, disconnecting):
        monkeypatch.setattr(module, "SQLITE_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(turns, "SHORTEST_PAUSE_SECONDS", 0.0)
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "workers": 0}


@pytest.fixture
def run_tasks(no_pauses: None) -> Callable[..., int]:
    """Work off what was enqueued: `run_tasks()`, or `run_tasks("actions")` for one cluster."""
    from tests.tasks import run_tasks

    return run_tasks


# --- the browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": browser_path(),
        "args": ["--disable-dev-shm-usage", "--disable-gpu"],
    }


@pytest.fixture
def expected_console() -> list[str]:
    """Texts that console errors of this test may contain: append to it before opening a page that answers an error."""
    return []


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext], expected_console: list[str]) -> Iterator[Any]:
    """Browser contexts that fail the test on any console error: scripts, missing files, breaches of the content
    security policy."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{message.text} [{message.location.get('url', '')}]")

    def on_error(error: WebError) -> None:
        problems.append(str(error.error))

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("console", on_console)
        context.on("weberror", on_error)
        return context

    yield watched
    unexpected = [each for each in problems if not any(text in each for text in expected_console)]
    assert not unexpected, "the browser's console shows errors:\n" + "\n".join(unexpected)
