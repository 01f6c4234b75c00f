"""People of the portal for tests, and a browser without a browser in which they really signed in."""

import re
import time
from html import unescape

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.service import make_person

PASSWORD = "correct-horse-battery-staple"


def person(*roles: Role, email: str = "adele@contoso.example", **where: object) -> User:
    """Somebody with these roles; `where` is app_id, instance_id, is_full of an app admin."""
    user = make_person(email, email.partition("@")[0].title(), PASSWORD)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role, **where)
    return user


def holder(role: Role, email: str = "adele@contoso.example") -> User:
    """Somebody with this role, as far as it goes: an app admin has full control over GitHub."""
    if role is Role.APP_ADMIN:
        return person(role, email=email, app_id="github", is_full=True)
    return person(role, email=email)


def signed_in(user: User, password: str = PASSWORD, user_agent: str = "") -> Client:
    """Through the sign-in page."""
    client = Client(headers={"User-Agent": user_agent})
    answer = client.post(reverse("account_login"), {"login": user.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


def age_sign_in(client: Client, seconds: int = 3600) -> None:
    """As if the sign-in of this browser had been so long ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def code_of(secret: str) -> str:
    """What an authenticator app shows now; at the end of its 30 seconds the next one is waited for."""
    if time.time() % 30 > 28:
        time.sleep(2)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def text_of(html: str) -> str:
    """What a page says, without markup, spaces and line breaks made one."""
    return " ".join(unescape(re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", html)).split())


def is_verified(user: User) -> bool:
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists())
