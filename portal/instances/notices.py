"""Mails to those named in Settings, Mail: one when an instance begins to need attention, one when it is well again."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from connectors.base import ConnectorError
from connectors.catalogue import catalogue
from portal.instances.models import AppInstance, Notice
from portal.preferences import preferences
from portal.queue import enqueue

logger = logging.getLogger(__name__)

MOST_TRIES = 6
AFTER_TROUBLE = timedelta(minutes=10)
"""A mail server that refused, or a task that was lost: tried again after this."""


def needs_attention(instance: AppInstance, error: ConnectorError) -> None:
    """To be called once for each time it begins to, in the transaction that says so."""
    problem = " ".join(part for part in (error.message, error.why) if part)
    _tell(instance, is_well=False, problem=problem, remedy=error.remedy)


def is_well_again(instance: AppInstance) -> None:
    """The same for its end; only those who were told of the trouble are told of that."""
    last = Notice.objects.filter(instance=instance).order_by("-pk").first()
    if last is not None and not last.is_well:
        _tell(instance, is_well=True)


def send(notice_id: int) -> None:
    """The task. A doubled one finds the mail sent."""
    unsent = Notice.objects.filter(pk=notice_id, sent_at=None, tries__lt=MOST_TRIES)
    if not unsent.update(sent_at=timezone.now(), tries=F("tries") + 1):
        return
    notice = Notice.objects.select_related("instance").get(pk=notice_id)
    mail = _mail(notice)
    if not mail.to:
        return
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("the mail server did not take notice %s: %s", notice_id, type(error).__name__)
        Notice.objects.filter(pk=notice_id).update(sent_at=None, next_try_at=timezone.now() + AFTER_TROUBLE)


def revive() -> None:
    """Each minute: mails that were refused for now, or whose task was lost."""
    now = timezone.now()
    due = Notice.objects.filter(sent_at=None, tries__lt=MOST_TRIES, next_try_at__lte=now)
    for pk in list(due.values_list("pk", flat=True)):
        Notice.objects.filter(pk=pk).update(next_try_at=now + AFTER_TROUBLE)
        enqueue(send, pk, cluster="actions")


def _tell(instance: AppInstance, *, is_well: bool, problem: str = "", remedy: str = "") -> None:
    if not settings.IS_MAIL_CONFIGURED or not preferences.get("mail_recipients"):
        return
    now = timezone.now()
    notice = Notice.objects.create(
        instance=instance, is_well=is_well, problem=problem, remedy=remedy, made_at=now, next_try_at=now + AFTER_TROUBLE
    )
    enqueue(send, notice.pk, cluster="actions")


def _mail(notice: Notice) -> EmailMessage:
    instance = notice.instance
    connector = catalogue().get(instance.app_id)
    name = f"{instance.name} ({connector.name if connector else instance.app_id})"
    address = f"{preferences.get('public_url')}{reverse('instance_detail', args=[instance.pk])}"
    text = render_to_string("instances/mail/notice.txt", {"notice": notice, "name": name, "address": address})
    subject = f"Gatehouse: {name} {'is well again' if notice.is_well else 'needs attention'}"
    sender = preferences.get("mail_from") or None
    return EmailMessage(subject, text, sender, list(preferences.get("mail_recipients")))
