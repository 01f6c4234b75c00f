"""`manage.py setup_link`: the one-time link by which the first Global Admin comes in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from portal.people import first_admin
from portal.people.problems import PeopleProblem


class Command(BaseCommand):
    help = "Print a one-time link for the first Global Admin. A new link replaces the one before."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link, token = first_admin.make_link()
        except PeopleProblem as problem:
            self.stdout.write(str(problem))
            return
        # The address of the environment: a changed setting is no use before anybody can sign in to change it.
        address = settings.PUBLIC_URL + reverse("setup_link", args=[token])
        self.stdout.write(
            f"Open this link to become the first Global Admin. It works once, until "
            f"{link.expires_at:%Y-%m-%d %H:%M} UTC:\n{address}"
        )
