"""Somebody at the pages of a real web server, signed in a moment ago."""

import requests
from django.conf import settings
from django.middleware.csrf import get_token
from django.test import RequestFactory

from portal.people.models import User
from portal.people.roles import Role
from tests.portal.web.visitor import client_of, person


class Visitor:
    """A Global Admin's browser, without what pages load by scripts. Keeps its connection."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()
        user = person(Role.GLOBAL_ADMIN, f"visitor-{User.objects.count()}@contoso.example")
        self._token = get_token(RequestFactory().get("/"))
        self._session.cookies.update(
            {
                settings.SESSION_COOKIE_NAME: client_of(user).cookies[settings.SESSION_COOKIE_NAME].value,
                settings.CSRF_COOKIE_NAME: self._token,
            }
        )

    def get(self, path: str) -> None:
        """A page, and the page that it leads on to. Raises AssertionError unless it is one that is signed in to."""
        answer = self._session.get(f"{self._address}{path}", timeout=60)
        assert answer.ok, (path, answer.status_code)
        assert "/auth/" not in answer.url, f"{path} leads to the sign-in"

    def post(self, path: str, **form: str) -> None:
        """Send a form that is answered by a redirect; that is not followed."""
        sent = {**form, "csrfmiddlewaretoken": self._token}
        answer = self._session.post(f"{self._address}{path}", sent, allow_redirects=False, timeout=60)
        assert answer.status_code == 302, (path, answer.status_code)
        assert "/auth/" not in answer.headers["Location"], f"{path} leads to the sign-in"
