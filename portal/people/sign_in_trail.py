"""Sign-ins, sign-outs, passwords and second factors, as allauth and Django tell of them, written into the trail."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from portal.audit import trail
from portal.people.models import User


def _record(verb: str, user: User, after: Any = None) -> None:
    trail.record(
        actor=user, verb=verb, object_kind="user", object_id=str(user.pk), object_label=user.email, after=after
    )


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """With what the person proved who they are, in order."""
    methods = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    _record("sign_in.done", user, {"by": list(dict.fromkeys(methods))})


@receiver(user_logged_out)
def signed_out(user: User | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        _record("sign_in.ended", user)


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Nobody is known to have done it; what was typed as address is what it was about."""
    trail.record(verb="sign_in.failed", object_kind="user", object_label=str(credentials.get("email") or ""))


@receiver(mfa.authentication_failed)
def second_factor_refused(user: User, authenticator: Authenticator | None = None, **kwargs: Any) -> None:
    """The password was right, the second factor was not."""
    after = {"factor": authenticator.type} if authenticator else None
    trail.record(
        verb="sign_in.second_factor_failed", object_kind="user", object_id=str(user.pk), object_label=user.email,
        after=after,
    )


@receiver(password_changed)
def password_was_changed(user: User, **kwargs: Any) -> None:
    _record("password.changed", user)


@receiver(password_set)
def password_was_set(user: User, **kwargs: Any) -> None:
    _record("password.set", user)


@receiver(password_reset)
def password_was_reset(user: User, **kwargs: Any) -> None:
    _record("password.reset", user)


@receiver(mfa.authenticator_added)
def factor_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record("mfa.added", user, {"factor": authenticator.type})


@receiver(mfa.authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record("mfa.removed", user, {"factor": authenticator.type})


@receiver(mfa.authenticator_reset)
def factor_renewed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record("mfa.renewed", user, {"factor": authenticator.type})


@receiver(social_account_added)
def identity_tied(sociallogin: Any, **kwargs: Any) -> None:
    _record("sign_in.single_sign_on_added", sociallogin.user, {"provider": sociallogin.account.provider})


@receiver(social_account_removed)
def identity_untied(socialaccount: Any, **kwargs: Any) -> None:
    _record("sign_in.single_sign_on_removed", socialaccount.user, {"provider": socialaccount.provider})
