"""Asking for an action in a browser, to its end, and what the vendor was asked meanwhile."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.sandbox.server import Sandbox

RunTasks = Callable[..., int]


def ask(page: Page, label: str, reason: str, run_tasks: RunTasks) -> None:
    """An action from the row's page to its end: the log says that it is done."""
    link = page.get_by_role("link", name=re.compile(f"^{label}"))
    if not link.first.is_visible():
        page.get_by_text("More actions").click()
    link.first.click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=label).click()
    run_tasks()
    expect_done(page)


def undo(page: Page, run_tasks: RunTasks, word: str = "Undo") -> None:
    page.get_by_role("link", name=re.compile(f"^{word}")).click()
    page.get_by_role("button", name=word).click()
    run_tasks()
    expect_done(page)


def expect_done(page: Page) -> None:
    expect(page.locator("#live-state")).to_contain_text("Done", timeout=15_000)


def changes(sandbox: Sandbox) -> list[tuple[str, str]]:
    """What the vendor was asked that changes something, oldest first: method and path; then it is forgotten."""
    asked = [(each.method, each.path) for each in sandbox.requests if each.method != "GET"]
    sandbox.requests.clear()
    return [(method, path) for method, path in asked if not path.endswith(("/graphql", "/access_tokens"))]
