"""Who signs in to Azure's management, where the tenant's plan shows sign-ins.

Sign-ins to everything else are those of the Office 365 instance. It reads these as well: each instance keeps its own.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors.azure import mapping
from connectors.azure.hosts import graph_url
from connectors.azure.limits import REPORTS
from connectors.azure.reading import listed
from connectors.azure.scopes import SIGN_INS
from connectors.base import Activity, Capability, Client, Cursor, Page, changes

AZURE_MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
"""The app id of Azure Resource Manager, the same in every tenant."""
BACK_FILL = timedelta(days=30)
WINDOW = timedelta(days=7)
"""Few calls, as Graph takes few of them (limits.py)."""
OVERLAP = timedelta(hours=3)
"""They show after minutes to about two hours (unverified)."""


@changes(
    Activity,
    title="Sign-ins to Azure",
    every=timedelta(minutes=15),
    serves=(Capability.SIGN_IN_ACTIVITY,),
    permissions=(SIGN_INS,),
    limits=(REPORTS.name,),
)
def sign_ins(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Week after week, oldest first; within a week newest first.

    Cursor: {"until": up to when it was read, "end": of the week that is being read, '' between weeks, "next": address
    of its next page}.
    """
    now = client.now()
    at: dict[str, Any] = dict(cursor or {"until": (now - BACK_FILL).isoformat(), "end": "", "next": ""})
    while True:
        until = max(mapping.moment(at["until"]) or now - BACK_FILL, now - BACK_FILL)
        end = mapping.moment(at["end"]) or min(until + WINDOW, now)
        if at["next"]:
            answer = client.get(at["next"])
        else:
            answer = client.get(graph_url(client.config, "/auditLogs/signIns"), params=asked(until - OVERLAP, end))
        found = listed(answer, "id")
        place = {"until": until, "end": end} if found.next else {"until": end, "end": None}
        at = {name: value.isoformat() if value else "" for name, value in place.items()} | {"next": found.next}
        yield Page([mapping.sign_in(row) for row in found.rows], at)
        if not found.next and end >= now:
            return


def asked(begin: datetime, end: datetime) -> dict[str, Any]:
    """Graph's times take ge and le alone, so windows share their borders."""
    time = f"createdDateTime ge {_written(begin)} and createdDateTime le {_written(end)}"
    return {"$filter": f"resourceId eq '{AZURE_MANAGEMENT}' and {time}", "$top": 1000}


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
