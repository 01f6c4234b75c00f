"""What the sign-in pages need to know. `{% load people %}`."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import template
from django.conf import settings

from portal.people.models import User

register = template.Library()

# The first that fits counts: Edge names Chrome too, and Chrome names Safari.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.simple_tag
def is_mail_configured() -> bool:
    """Whether a link can be mailed at all."""
    return bool(settings.IS_MAIL_CONFIGURED)


@register.simple_tag
def manage_command() -> str:
    """What is typed at this installation before the name of a command."""
    return str(settings.MANAGE_COMMAND)


@register.simple_tag
def has_passkey(user: User) -> bool:
    """Whether there is a passkey or security key to ask this person for."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


@register.filter
def browser(user_agent: str) -> str:
    """`Firefox on Linux`; what the browser says of itself where that is none we know."""
    name = next((word for mark, word in BROWSERS if mark in user_agent), "")
    system = next((word for mark, word in SYSTEMS if mark in user_agent), "")
    return f"{name} on {system}" if name and system else user_agent[:60] or "Unknown"
