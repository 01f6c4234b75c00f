"""How allauth behaves here: no sign-up, single sign-on for people who are known, second factors sealed at rest."""

import logging
import smtplib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.people import invitations, single_sign_on
from portal.people.models import User, normal_email
from portal.people.recent import is_recent, prove_again
from portal.preferences import preferences
from portal.vault import seal

logger = logging.getLogger(__name__)

MFA_PLACE = "mfa"
"""allauth says whose secret it is only when one is made, not when it is read, so the binding is to the purpose."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in by e-mail and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation alone."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """For allauth's own pages the same rule as for ours: a sign-in of a moment ago counts. People who have single
        sign-on alone are sent there from here: allauth knows no way to ask them, and would let them through."""
        if is_recent(self.request):
            return False
        if not self.get_reauthentication_methods(self.request.user):
            raise ImmediateHttpResponse(prove_again(self.request))
        return True

    def pre_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict[str, Any] | None, **kwargs: Any
    ) -> HttpResponse | None:
        """Called when allauth has noted the sign-in, before a second factor is asked for."""
        if signal_kwargs and "sociallogin" in signal_kwargs:
            single_sign_on.date_sign_in(request, signal_kwargs["sociallogin"])
        answer: HttpResponse | None = super().pre_login(request, user, signal_kwargs=signal_kwargs, **kwargs)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_from_email(self) -> str:
        return str(preferences.get("mail_from") or settings.DEFAULT_FROM_EMAIL)

    def format_email_subject(self, subject: str) -> str:
        return f"Gatehouse: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """With links on the public address: allauth builds them, and names the site, from what the request says of its
        host. A mail server that does not answer must not undo what the mail tells about."""
        public_url = str(preferences.get("public_url"))
        links = {name: _moved(value, public_url) for name, value in context.items() if name.endswith("_url")}
        site = {"name": "Gatehouse", "domain": public_url}
        try:
            super().send_mail(template_prefix, email, {**context, **links, "current_site": site})
        except (OSError, smtplib.SMTPException) as error:
            logger.error("A mail (%s) could not be sent: %s", template_prefix, type(error).__name__)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed sign-ins are counted by address. allauth counts by host as well, which whoever guesses can choose: any
        port will do."""
        return normal_email(credentials.get("email", ""))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on, for people who are here already or invited, by an e-mail address that the provider verified.

    What stands between a stranger's page and a sign-in: the trip to the provider begins with a link that only this
    browser's session knows (portal.web.sign_in), it comes back with `state` and PKCE bound to the same session, and a
    signed-in person cannot tie a further identity to the account at all, so nobody can be talked into tying theirs.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuses tying an identity to a signed-in person, and a proof that is none; whoever is signed in stays so.
        Lets a removed person in again who was invited again."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(redirect("mfa_index"))
        if problem := single_sign_on.problem_of(sociallogin):
            context = {"sentence": problem, "next": sociallogin.state.get("next", "/")}
            raise ImmediateHttpResponse(render(request, "people/not_asked_again.html", context, status=403))
        person, emails = sociallogin.user, verified_emails(sociallogin)
        if sociallogin.is_existing and not person.is_active and invitations.pending_for(emails):
            invitations.accept_signed_on(emails, lambda: person)

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return email in verified_emails(login)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return invitations.pending_for(verified_emails(sociallogin)) is not None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:120]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The invited person's first sign-in uses the invitation up."""
        return invitations.accept_signed_on(
            verified_emails(sociallogin), lambda: super(SocialAccountAdapter, self).save_user(request, sociallogin)
        )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP keys and the seed of recovery codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return seal.seal_text(text, bound_to=MFA_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return seal.open_text(encrypted_text, bound_to=MFA_PLACE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Gatehouse"}


def verified_emails(sociallogin: SocialLogin) -> list[str]:
    """Addresses for which the provider vouches. Some write the flag as text, and the text "false" is no yes."""
    return [address.email for address in sociallogin.email_addresses if address.verified in (True, "true")]


def _moved(address: str, public_url: str) -> str:
    parts = urlsplit(address)
    return f"{public_url}{parts.path}?{parts.query}" if parts.query else f"{public_url}{parts.path}"
