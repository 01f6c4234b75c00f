"""The instance's own state: connected, or in need of a person."""

from django.db import transaction

from connectors.base import ConnectorError
from portal.instances import notices
from portal.instances.models import AppInstance, State


def mark_attention(instance: AppInstance, error: ConnectorError) -> None:
    """Show the sentence and the remedy wherever the instance is shown. Paused or disconnected instances stay so.

    `instance` as it was when its client was made: what was refused then says nothing of a sign-in that has replaced it.
    """
    now = AppInstance.objects.filter(pk=instance.pk, connected_at=instance.connected_at)
    problem = " ".join(part for part in (error.message, error.why) if part)
    words = {"problem_code": error.code, "problem": problem, "remedy": error.remedy}
    with transaction.atomic():
        if now.filter(state=State.CONNECTED).update(state=State.ATTENTION, **words):
            notices.needs_attention(instance, error)
        else:
            now.filter(state=State.ATTENTION).update(**words)


def mark_connected(instance: AppInstance) -> None:
    """What was wrong is mended."""
    ailing = AppInstance.objects.filter(pk=instance.pk, state=State.ATTENTION)
    with transaction.atomic():
        if ailing.update(state=State.CONNECTED, problem_code="", problem="", remedy=""):
            notices.is_well_again(instance)
