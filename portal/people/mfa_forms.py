"""The form that sets up an authenticator app. Until its first code is right, the new key waits in the session, which is
a row of the database; allauth would let it wait there in clear."""

from typing import Any

from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret

from portal.vault import seal


class SealedTOTPForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """`secret` is the key in clear, for the page and the check of the code; the session holds it sealed, bound to the
    person. A page that is opened has a new key, a sent code is for the key of the page before it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        # Past allauth's own __init__, which puts the key into the session.
        super(ActivateTOTPForm, self).__init__(*args, **kwargs)
        self.secret = (self._waiting() if self.is_bound else "") or self._new()

    def _waiting(self) -> str:
        """Empty where none waits, or one that was sealed with a key the portal no longer has: a new one is shown."""
        sealed = context.request.session.get(SECRET_SESSION_KEY)
        try:
            return seal.open_text(sealed, self._place()) if sealed else ""
        except seal.VaultError:
            return ""

    def _new(self) -> str:
        secret = str(generate_totp_secret())
        context.request.session[SECRET_SESSION_KEY] = seal.seal_text(secret, self._place())
        return secret

    def _place(self) -> str:
        return f"people.User/{self.user.pk}/totp_set_up"
