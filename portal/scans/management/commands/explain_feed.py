"""`manage.py explain_feed INSTANCE [FEED]`: why a feed is not being read."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.instances.models import AppInstance, State
from portal.scans import explaining
from portal.scans.models import FeedState


class Command(BaseCommand):
    help = "Say why the feeds of an instance, or one of them, are not being read at this moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instance", help="its name, or its number as in the address of its page")
        parser.add_argument("feed", nargs="?", help="such as accounts; all where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        instance = _instance(options["instance"])
        names = [options["feed"]] if options["feed"] else _names(instance)
        if not names:
            self.stdout.write(f"{instance.name} has no feeds: it was never connected, or is disconnected.")
        for name in names:
            try:
                sentences = list(explaining.feed(instance, name))
            except KeyError:
                known = ", ".join(_names(instance)) or "none"
                raise CommandError(f"{instance.name} has no feed called {name}. It has: {known}.") from None
            self.stdout.write(name)
            for sentence in sentences:
                self.stdout.write(f"  {sentence}")


def _instance(wanted: str) -> AppInstance:
    rows = AppInstance.objects.exclude(state=State.DISCONNECTED)
    found = list(rows.filter(pk=int(wanted)) if wanted.isdigit() else rows.filter(name__iexact=wanted))
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(f"There is no connected instance {wanted}.")
    numbers = ", ".join(f"{each.pk} ({each.app_id})" for each in found)
    raise CommandError(f"Several instances are called {wanted}: say which by number: {numbers}.")


def _names(instance: AppInstance) -> list[str]:
    rows = FeedState.objects.filter(instance=instance, partition="").order_by("position")
    return list(rows.values_list("feed", flat=True))
