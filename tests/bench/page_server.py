"""python -m tests.bench.page_server EVENTS [ACCOUNTS [FILES]]: a vendor in a process of its own that has so many of
each, and nothing else.

Prints its port. Lists are read page by page, PAGE_SIZE at a time:

| request | answer |
|---|---|
| GET /events?page=N | `{"items": [...], "next": N + 1 or null}`, items of 0.9 KB |
| GET /accounts?page=N | the same |
| GET /files?page=N | the same, with `since`: where reading the changes begins that came after this page was listed |
| GET /files/changes?since=N | `{"items": [...], "since": ..., "more": true or false}`, oldest change first |
| GET /bench/change?count=N | not the vendor's: changes N files, of each ten one is made and one is gone |
| GET /bench/calls | not the vendor's: how many requests there were, without these two |
"""

import itertools
import json
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 100
FIRST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
EVENT = (
    '{"id": "%(id)032x", "at": "%(at)s", "action": "repo.event_%(action)d", "actor": {"id": "u%(actor)d", "login": '
    '"person-%(actor)d", "email": "person-%(actor)d@contoso.example"}, "ip": "10.%(net)d.%(actor)d.7", '
    '"target": {"id": "r%(target)d", "name": "repository-%(target)d"}, "agent": "Mozilla/5.0 (X11; Linux x86_64)", '
    '"text": "person-%(actor)d did something to repository-%(target)d", "more": {"pad": "' + "x" * 420 + '", '
    '"numbers": [1, 2, 3]}}'
)
ACCOUNT = (
    '{"id": "u%(id)d", "login": "person-%(id)d", "name": "Person %(id)d", "email": "person-%(id)d@contoso.example", '
    '"made": "2024-05-17T08:00:00+00:00", "more": {"pad": "' + "x" * 420 + '"}}'
)
FILE = (
    '{"id": "f%(id)d", "name": "report-%(id)d.%(revision)d.txt", "owner": {"id": "u%(owner)d", "name": '
    '"Person %(owner)d"}, "size": %(id)d, "shared": "internal", "more": {"pad": "' + "x" * 420 + '"}}'
)
GONE = '{"id": "f%(id)d", "gone": true}'
MADE, REMOVED = 0, 1
"""Which of each ten changes."""


def event(number: int) -> str:
    return EVENT % {
        "id": number, "at": (FIRST + timedelta(seconds=number)).isoformat(), "action": number % 40,
        "actor": number % 250, "net": number % 200, "target": number % 900,
    }  # fmt: skip


def account(number: int) -> str:
    return ACCOUNT % {"id": number}


def file(number: int, revision: int = 0) -> str:
    return FILE % {"id": number, "owner": number % 250, "revision": revision}


KINDS = {"/events": event, "/accounts": account, "/files": file}


class Vendor:
    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self.changes: list[str] = []
        self.calls = 0
        self._lock = threading.Lock()

    def answer(self, path: str, query: dict[str, list[str]]) -> str:
        if path == "/bench/calls":
            return json.dumps({"calls": self.calls})
        if path == "/bench/change":
            return self._change(int(query["count"][0]))
        with self._lock:
            self.calls += 1
        if path == "/files/changes":
            return self._changes_after(int(query["since"][0]))
        return self._page(path, int(query["page"][0]))

    def _page(self, path: str, page: int) -> str:
        count, made = self.counts[path], KINDS[path]
        items = ", ".join(map(made, range(page * PAGE_SIZE, min((page + 1) * PAGE_SIZE, count))))
        following = page + 1 if (page + 1) * PAGE_SIZE < count else "null"
        return f'{{"items": [{items}], "next": {following}, "since": {len(self.changes)}}}'

    def _changes_after(self, since: int) -> str:
        upto = min(since + PAGE_SIZE, len(self.changes))
        more = json.dumps(upto < len(self.changes))
        return f'{{"items": [{", ".join(self.changes[since:upto])}], "since": {upto}, "more": {more}}}'

    def _change(self, count: int) -> str:
        files = self.counts["/files"]
        for number in range(count):
            if number % 10 == MADE:
                self.changes.append(file(files + number))
            elif number % 10 == REMOVED:
                self.changes.append(GONE % {"id": number})
            else:
                self.changes.append(file(number, revision=1))
        return "{}"


def serve(connection: socket.socket, vendor: Vendor) -> None:
    """One client, for as long as it keeps its connection."""
    with connection, connection.makefile("rb") as stream:
        while request := stream.readline():
            while stream.readline().strip():
                pass
            target = urlsplit(request.split()[1].decode())
            body = vendor.answer(target.path, parse_qs(target.query)).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)


def main() -> None:
    counts = itertools.zip_longest(KINDS, map(int, sys.argv[1:]), fillvalue=0)
    vendor = Vendor({str(path): int(count) for path, count in counts})
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            client, _ = server.accept()
            threading.Thread(target=serve, args=(client, vendor), daemon=True).start()


if __name__ == "__main__":
    main()
