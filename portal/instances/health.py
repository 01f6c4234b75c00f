"""The instance's own state: connected, or in need of a person."""

from connectors.base import ConnectorError
from portal.instances.models import AppInstance, State


def mark_attention(instance: AppInstance, error: ConnectorError) -> None:
    """Show the sentence and the remedy wherever the instance is shown. Paused or disconnected instances stay so.

    `instance` as it was when its client was made: what was refused then says nothing of a sign-in that has replaced it.
    """
    now = AppInstance.objects.filter(pk=instance.pk, connected_at=instance.connected_at)
    now.filter(state__in=[State.CONNECTED, State.ATTENTION]).update(
        state=State.ATTENTION,
        problem_code=error.code,
        problem=" ".join(part for part in (error.message, error.why) if part),
        remedy=error.remedy,
    )


def mark_connected(instance: AppInstance) -> None:
    """What was wrong is mended."""
    AppInstance.objects.filter(pk=instance.pk, state=State.ATTENTION).update(
        state=State.CONNECTED, problem_code="", problem="", remedy=""
    )
