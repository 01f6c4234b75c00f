"""When the provider of single sign-on last asked a person who they are, and what that counts for.

A provider keeps a session of its own, and mostly waves the browser through. What tells whether it asked is `auth_time`
of the ID token (OpenID Connect Core 1.0, sections 2 and 3.1.2.1); docs/decisions/0013 says what is made of it.
"""

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

ASK_AGAIN = {"prompt": "login", "max_age": "0"}
"""What the provider is told when a person is to prove again who they are; it must then give `auth_time`."""
CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be behind ours."""
NO_TIME = (
    "The provider does not say when it last asked you who you are, so coming back from it proves nothing. Whoever runs "
    "this portal can have it put auth_time into its ID tokens, or set GATEHOUSE_OIDC_TRUST_PROMPT=1 where it is known "
    "to ask each time."
)
OLD_TIME = (
    "The provider did not ask you anew who you are. Sign out there, then try again; if it stays, whoever runs this "
    "portal should look at how long the provider's sessions last."
)


def asked_now() -> dict[str, float]:
    """For the state of a trip on which the provider is to ask again."""
    return {"asked_at": time.time()}


def problem_of(login: SocialLogin) -> str:
    """Why a trip on which the provider was to ask again proves nothing, with what to do; empty where it does, or where
    it was an ordinary sign-in."""
    asked_at, auth_time = _asked_at(login), _auth_time(login)
    if asked_at is None:
        return ""
    if auth_time is None:
        return "" if settings.OIDC_TRUST_PROMPT else NO_TIME
    return "" if auth_time >= asked_at - CLOCKS_DIFFER else OLD_TIME


def date_sign_in(request: HttpRequest, login: SocialLogin) -> None:
    """Give the sign-in that allauth has just noted in the session the time at which the provider really asked. Without
    one it is no recent sign-in, unless the provider was told to ask and the operator trusts that it did."""
    is_trusted = settings.OIDC_TRUST_PROMPT and _asked_at(login) is not None
    unknown = time.time() if is_trusted else 0.0
    auth_time = _auth_time(login)
    records = request.session[AUTHENTICATION_METHODS_SESSION_KEY]
    records[-1]["at"] = unknown if auth_time is None else min(auth_time, time.time())
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records


def _asked_at(login: SocialLogin) -> float | None:
    data = login.state.get("data") or {}
    return data.get("asked_at")


def _auth_time(login: SocialLogin) -> float | None:
    """Epoch seconds. From the ID token alone: user data do not speak of this sign-in."""
    found = login.account.extra_data.get("id_token", {}).get("auth_time")
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
