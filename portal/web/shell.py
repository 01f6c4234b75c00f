"""What is around every page: navigation by rights, the running scans, the theme, the sandbox's banner."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from portal.people.roles import LABELS, Right
from portal.people.scope import Scope
from portal.scans.queries import RunningFeed
from portal.scans.queries import running as running_feeds
from portal.web import access

STOP_POLLING = 286
"""To htmx: ask no more."""
THEMES = ("light", "dark")

NAVIGATION = (
    ("Accounts", "account_list", "users", Right.READ_INVENTORY),
    ("Groups", "group_list", "user-group", Right.READ_INVENTORY),
    ("Files", "file_list", "document-text", Right.READ_INVENTORY),
    ("OAuth apps", "oauth_app_list", "key", Right.READ_INVENTORY),
    ("Quarantine", "quarantine_list", "lock-closed", Right.READ_GOVERNANCE_LOG),
    ("Activity log", "activity_list", "list-bullet", Right.READ_INVENTORY),
    ("Governance log", "governance_list", "shield-check", Right.READ_GOVERNANCE_LOG),
    ("Scans", "scan_list", "arrow-path", Right.READ_INVENTORY),
    ("Connected apps", "connected_apps", "puzzle-piece", Right.READ_INVENTORY),
)
ALSO = {"/oauth-apps/": ("/credentials/",)}
"""Places that stand under another one's entry."""
SETTINGS_RIGHTS = (Right.READ_INVENTORY, Right.CONNECT, Right.MANAGE_PEOPLE, Right.READ_SETTINGS, Right.READ_AUDIT)


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    icon: str
    is_current: bool


class Shell:
    """Asked by base.html, so a fragment that does not draw the shell costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def is_sandbox(self) -> bool:
        return bool(settings.SANDBOX)

    @property
    def theme(self) -> str:
        """"light" or "dark"; empty: as the system."""
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @cached_property
    def scope(self) -> Scope | None:
        """None on pages that nobody is signed in to, or somebody who owes a second factor."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated or user.owes_second_factor:
            return None
        return access.scope(self._request)

    @cached_property
    def nav(self) -> list[Item]:
        if self.scope is None:
            return []
        here = self._request.path
        places = [(label, reverse(name), icon) for label, name, icon, right in NAVIGATION if self.scope.has(right)]
        return [Item(label, url, icon, here.startswith((url, *ALSO.get(url, ())))) for label, url, icon in places]

    @cached_property
    def may_search(self) -> bool:
        return self.scope is not None and self.scope.has(Right.READ_INVENTORY)

    @cached_property
    def may_settings(self) -> bool:
        return self.scope is not None and any(self.scope.has(right) for right in SETTINGS_RIGHTS)

    @property
    def roles(self) -> str:
        """What the person is here, in words."""
        return ", ".join(LABELS[role] for role in sorted(self.scope.roles)) if self.scope is not None else ""

    @property
    def is_settings(self) -> bool:
        return self._request.path.startswith("/settings/")

    @cached_property
    def running(self) -> list[RunningFeed]:
        """Scans that run now."""
        return running_feeds(self.scope) if self.scope is not None else []


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}


@login_not_required
@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """The scans in the top bar, asked for again: often while something runs, else seldom. Whoever was signed out
    meanwhile is told to ask no more; the way to the sign-in would be drawn into the bar."""
    own = Shell(request)
    if not own.may_search:
        return HttpResponse(status=STOP_POLLING)
    return render(request, "_running.html", {"running": own.running})


urlpatterns: list[URLPattern] = [path("scans/running/", running, name="running")]
