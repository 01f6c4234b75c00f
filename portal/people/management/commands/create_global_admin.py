"""`manage.py create_global_admin --email ...`: the first Global Admin without a browser, or the way back in."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal.audit import trail
from portal.people import service
from portal.people.models import User, normal_email


class Command(BaseCommand):
    help = (
        "Make a Global Admin, or give that role and a new password to somebody who is here already. "
        "The password is asked for, or read from standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        email = normal_email(options["email"])
        password = _from_stdin() if options["password_stdin"] else _asked()
        try:
            validate_email(email)
            validate_password(password, User(email=email, name=options["name"]))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with trail.from_command():
            person = service.make_global_admin(email, options["name"], password)
        self.stdout.write(f"{person.email} is a Global Admin and can sign in.")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\n")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password. Use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise CommandError("The two passwords differ. Nothing was changed.")
    return password
