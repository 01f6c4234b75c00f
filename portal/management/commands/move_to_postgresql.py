"""manage.py move_to_postgresql: everything from the SQLite database into an empty PostgreSQL database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal import environment
from portal.moving import Refused, move, target_at

NEXT = (
    "Everything is in PostgreSQL: {rows:,} rows, compared one by one. Now set DATABASE_URL to that address, for the "
    "web server and all workers, and start them. The SQLite file is as it was; delete it when you are content, since "
    "it holds the same data."
)


class Command(BaseCommand):
    help = (
        "Move this installation from SQLite into the empty PostgreSQL database that GATEHOUSE_MOVE_TO names "
        "(postgres://user:password@host:5432/name). Stop the portal and its workers first. Interrupted, it leaves the "
        "target empty and can be run again."
    )
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        url = environment.text("GATEHOUSE_MOVE_TO")
        if not url:
            raise CommandError("Set GATEHOUSE_MOVE_TO to the address of an empty PostgreSQL database.")
        try:
            with target_at(url) as target:
                rows = move(connection, target, self.stdout.write)
        except Refused as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted: nothing was moved. Run it again when you like.") from None
        self.stdout.write(NEXT.format(rows=rows))
