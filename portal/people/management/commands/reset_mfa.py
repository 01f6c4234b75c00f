"""`manage.py reset_mfa --email ...`: for somebody who lost phone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audit import trail
from portal.people import service


class Command(BaseCommand):
    help = "Remove all second factors of a person and end all their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = service.person_by_email(options["email"])
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}. Nothing was changed.")
        with trail.from_command():
            count = service.reset_mfa(None, person)
        if not count:
            self.stdout.write(f"{person.email} had no second factor. All sessions were ended.")
            return
        self.stdout.write(
            f"The second factors of {person.email} were removed and all sessions ended. "
            "The password alone is enough now: ask for a new second factor to be set up at once."
        )
