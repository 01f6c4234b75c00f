"""What the sign-in pages need to know. `{% load people %}`."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def is_mail_configured() -> bool:
    """Whether a link can be mailed at all."""
    return bool(settings.IS_MAIL_CONFIGURED)
