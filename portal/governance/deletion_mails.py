"""Mails to those who may approve of deleting for good what quarantine holds, when that waits for a second person."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from connectors.base import ActionKind
from portal.governance.catalogue import right_for
from portal.governance.models import DeletionRequest, DeletionState
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.people.scope import scope_of
from portal.preferences import preferences
from portal.queue import enqueue

logger = logging.getLogger(__name__)

MOST_TRIES = 6
AFTER_TROUBLE = timedelta(minutes=10)
"""A mail server that refused, or a task that was lost: tried again after this."""


def waits(asked: DeletionRequest) -> None:
    """To be called in the transaction that asks."""
    if settings.IS_MAIL_CONFIGURED:
        DeletionRequest.objects.filter(pk=asked.pk).update(mail_due_at=timezone.now() + AFTER_TROUBLE)
        enqueue(send, asked.pk, cluster="actions")


def send(request_id: int) -> None:
    """The task. A doubled one finds nothing due; nor does one that comes after somebody has decided."""
    due = DeletionRequest.objects.filter(
        pk=request_id, mail_due_at__isnull=False, mail_tries__lt=MOST_TRIES, state=DeletionState.PENDING
    )
    if not due.update(mail_due_at=None, mail_tries=F("mail_tries") + 1):
        return
    mail = _mail(DeletionRequest.objects.select_related("record__instance").get(pk=request_id))
    if not mail.to:
        return
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("the mail server did not take deletion request %s: %s", request_id, type(error).__name__)
        DeletionRequest.objects.filter(pk=request_id).update(mail_due_at=timezone.now() + AFTER_TROUBLE)


def revive() -> None:
    """Each minute: mails that were refused for now, or whose task was lost."""
    now = timezone.now()
    due = DeletionRequest.objects.filter(
        mail_due_at__lte=now, mail_tries__lt=MOST_TRIES, state=DeletionState.PENDING, expires_at__gt=now
    )
    for pk in list(due.values_list("pk", flat=True)):
        DeletionRequest.objects.filter(pk=pk).update(mail_due_at=now + AFTER_TROUBLE)
        enqueue(send, pk, cluster="actions")


def recipients(asked: DeletionRequest) -> list[str]:
    """The Global Admins but for whoever asked; where there is no other, all who may approve."""
    right, instance = right_for(ActionKind.DELETE_FILE), asked.record.instance
    others = User.objects.filter(is_active=True).exclude(pk=asked.requested_by_id).order_by("email")
    admins = RoleAssignment.objects.filter(role=Role.GLOBAL_ADMIN).values("user_id")
    return [each.email for each in others.filter(pk__in=admins)] or [
        each.email
        for each in others
        if scope_of(each).can(right, instance_id=instance.pk, app_id=instance.app_id)
    ]


def _mail(asked: DeletionRequest) -> EmailMessage:
    record = asked.record
    address = f"{preferences.get('public_url')}{reverse('governance_detail', args=[record.action_id])}"
    text = render_to_string("governance/mail/deletion.txt", {"asked": asked, "record": record, "address": address})
    sender = preferences.get("mail_from") or None
    name = " ".join(record.name.split())
    return EmailMessage(f"Gatehouse: deleting {name[:100]} waits for your approval", text, sender, recipients(asked))
