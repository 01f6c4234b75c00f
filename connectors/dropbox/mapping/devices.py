"""Sessions in browsers, and computers and phones with Dropbox's own apps."""

from collections.abc import Iterator

from connectors.base import Device, Session
from connectors.dropbox.mapping.values import Row, moment, rows, tag, text

WEB, DESKTOP, MOBILE = "web_session", "desktop_client", "mobile_client"
KINDS = {WEB: "web_sessions", DESKTOP: "desktop_clients", MOBILE: "mobile_clients"}


def sessions_of(row: Row) -> Iterator[tuple[str, Row]]:
    """Of {team_member_id, web_sessions, desktop_clients, mobile_clients}, each of which may be absent: the kind, and
    what is told of a session of that kind."""
    for kind, name in KINDS.items():
        yield from ((kind, each) for each in rows(row, name) if text(each.get("session_id")))


def signed_in(row: Row) -> Iterator[Session | Device]:
    member_id = text(row["team_member_id"])
    for kind, each in sessions_of(row):
        yield _session(member_id, each) if kind == WEB else _device(member_id, each)


def _session(member_id: str, row: Row) -> Session:
    return Session(
        id=text(row["session_id"]),
        account_id=member_id,
        ip_address=text(row.get("ip_address")),
        user_agent=text(row.get("user_agent")),
        started_at=moment(row.get("created")),
        last_seen_at=moment(row.get("updated")),
        raw=dict(row),
    )


def _device(member_id: str, row: Row) -> Device:
    session_id, client = text(row["session_id"]), tag(row.get("client_type"))
    version = text(row.get("os_version"))
    return Device(
        id=session_id,
        name=text(row.get("host_name")) or text(row.get("device_name")) or session_id,
        account_id=member_id,
        platform=text(row.get("platform")) or f"{client} {version}".strip(),
        last_seen_at=moment(row.get("updated")),
        raw=dict(row),
    )
