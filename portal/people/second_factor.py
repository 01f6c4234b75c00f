"""Who has a second factor, and who owes one: people without, while the setting requires it of everybody."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from portal.people.models import User
from portal.preferences.models import Preference

REQUIRED = "second_factor_required"
"""The setting."""

IS_THERE = Exists(
    Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
)
"""In queries of people: whether there is an authenticator app or a passkey. Recovery codes alone are none."""


def has_second_factor(user: User) -> bool:
    return User.objects.filter(IS_THERE, pk=user.pk).exists()


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which also says of the person of each request, in the one query that reads the person anyway, whether
    a second factor is owed."""

    def get_user(self, user_id: int) -> User | None:
        is_required = Exists(Preference.objects.filter(pk=REQUIRED, value=True))
        user = User.objects.annotate(is_owed=is_required & ~IS_THERE).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.owes_second_factor = user.is_owed
        return user
