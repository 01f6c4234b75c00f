"""What a journey leaves behind, gathered to be searched: every table, task, session, log line and page."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

MOST_OF_A_KIND = 4
"""Such as accounts: their pages differ in what they show, not in how."""
LEFT_OUT = re.compile(r"/auth/logout/|/auth/2fa/(totp|recovery-codes)/|/static/|^/connect/callback/")
"""The pages that show a second factor's secrets are there for it; opening them anew would make others."""
LINK = re.compile(r'(?:href|hx-get|data-href)="([^"#][^"]*)"')


def database() -> str:
    """Every row of every table as text; sessions and tasks also as what they hold once unpacked."""
    tables = connection.introspection.table_names()
    parts = [f"{table}: {_rows(table)}" for table in tables]
    parts += [f"session: {session.get_decoded()!r}" for session in Session.objects.all()]
    parts += [f"queued: {SignedPackage.loads(row.payload)!r}" for row in OrmQ.objects.all()]
    parts += [f"task: {task.func} {task.args!r} {task.kwargs!r} {task.result!r}" for task in Task.objects.all()]
    return "\n".join(parts)


def _rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return "\n".join(repr(row) for row in cursor.fetchall())


def body(response: Any) -> str:
    """The text of an answer with its head; downloads are read to the end."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{head}\n{response.cookies}\n{content.decode('utf-8', 'replace')}"


def pages(client: Client, seeds: Iterable[str]) -> dict[str, str]:
    """Every page that can be reached by links from `seeds`; of pages that differ in a number or a filter, a few."""
    waiting, found, kinds = list(seeds), dict[str, str](), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"\?.*", "?", re.sub(r"[^/?]*\d[^/?]*(?=/)", "#", address))
        if address in found or kinds[kind] == MOST_OF_A_KIND or LEFT_OUT.search(address):
            continue
        kinds[kind] += 1
        found[address] = body(client.get(address))
        waiting += _links(address, found[address])
    return found


def _links(address: str, html: str) -> list[str]:
    """Own addresses only."""
    targets = (urlsplit(urljoin(address, unescape(link))) for link in LINK.findall(html))
    return [f"{each.path}?{each.query}" if each.query else each.path for each in targets if not each.netloc]
