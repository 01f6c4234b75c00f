"""A person at a browser without a browser: signed in, at the wizard, at the vendor's consent page."""

import re
import time
from html import unescape
from typing import Protocol
from urllib.parse import urlsplit

import requests
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.instances.models import AppInstance
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, CONTOSO, SERVICE_OWNER

PASSWORD = "correct-horse-battery-staple"
DETAILS = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "organization": CONTOSO}


def person(role: Role, email: str = "", **where: object) -> User:
    """Somebody with this role; `where` is app_id, instance_id, is_full of an app admin."""
    user = User.objects.create_user(email or f"{role.value}@contoso.example", PASSWORD, name="")
    RoleAssignment.objects.create(user=user, role=role, **where)
    return user


def client_of(user: User, *, is_recent: bool = True) -> Client:
    """A browser in which the person signed in, just now or an hour ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    at = time.time() - (0 if is_recent else 3600)
    session["account_authentication_methods"] = [{"method": "password", "at": at, "email": user.email}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


class Page(Protocol):
    """What the test client answers; its type in the stubs is no HttpResponse."""

    @property
    def content(self) -> bytes: ...


def text_of(response: Page) -> str:
    """What a page says, without markup, spaces and line breaks made one."""
    html = response.content.decode()
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", html)
    return " ".join(unescape(body).split())


def draft(client: Client, name: str = "Contoso", details: dict[str, str] | None = None) -> AppInstance:
    """The wizard up to the consent page."""
    client.post(reverse("wizard_name", args=["github"]), {"name": name})
    instance = AppInstance.objects.get(name=name)
    client.post(reverse("wizard_details", args=[instance.pk]), DETAILS | (details or {}))
    return instance


def consent_link(client: Client, instance: AppInstance) -> str:
    """Where the button "Connect in GitHub" leads."""
    page = client.get(reverse("wizard_consent", args=[instance.pk])).content.decode()
    links = re.findall(r'href="([^"]+/login/oauth/authorize[^"]*)"', page)
    assert links, "the page has no link to the consent page"
    return unescape(links[-1])


def at_vendor(
    link: str, decision: str = "authorize", login: str = SERVICE_OWNER, *, without: str = "", grant: str = "yes",
    **form: str,
) -> str:
    """Press a button of the consent page; returns the address the vendor sends the browser back to.

    `without`: a scope that is unticked. `grant`: "no" leaves out the button beside the organisation.
    """
    scopes = re.findall(r'name="(scope:[^"]+)"', requests.get(link, timeout=10).text)
    sent = {"login": login, **{name: "on" for name in scopes if name != f"scope:{without}"}, **form}
    if decision == "authorize" and grant == "yes":
        requests.post(link, data={**sent, "decision": f"grant:{CONTOSO}"}, timeout=10)
    answer = requests.post(link, data={**sent, "decision": decision}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def come_back(client: Client, address: str) -> HttpResponse:
    """The browser follows the vendor's redirect to the portal, and the portal's own after it."""
    parts = urlsplit(address)
    response: HttpResponse = client.get(f"{parts.path}?{parts.query}", follow=True)  # type: ignore[assignment]
    return response


def connect(client: Client, name: str = "Contoso", details: dict[str, str] | None = None) -> AppInstance:
    """The whole wizard."""
    instance = draft(client, name, details)
    come_back(client, at_vendor(consent_link(client, instance)))
    instance.refresh_from_db()
    return instance
