"""python -m tests.bench.page_server COUNT: a vendor in a process of its own that has COUNT events, and nothing else.

Prints its port. GET /events?page=N answers {"items": [...], "next": N + 1 or null}, PAGE_SIZE events of 0.9 KB a page.
"""

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


def event(number: int) -> str:
    return EVENT % {
        "id": number, "at": (FIRST + timedelta(seconds=number)).isoformat(), "action": number % 40,
        "actor": number % 250, "net": number % 200, "target": number % 900,
    }  # fmt: skip


def body(page: int, count: int) -> bytes:
    numbers = range(page * PAGE_SIZE, min((page + 1) * PAGE_SIZE, count))
    following = page + 1 if (page + 1) * PAGE_SIZE < count else "null"
    return f'{{"items": [{", ".join(map(event, numbers))}], "next": {following}}}'.encode()


def serve(connection: socket.socket, count: int) -> None:
    """One client, for as long as it keeps its connection."""
    with connection, connection.makefile("rb") as stream:
        while request := stream.readline():
            while stream.readline().strip():
                pass
            query = parse_qs(urlsplit(request.split()[1].decode()).query)
            page = body(int(query["page"][0]), count)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(page)}\r\n\r\n"
            connection.sendall(head.encode() + page)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            client, _ = server.accept()
            threading.Thread(target=serve, args=(client, int(sys.argv[1])), daemon=True).start()


if __name__ == "__main__":
    main()
