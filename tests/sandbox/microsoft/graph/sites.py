"""Sites, and the drives in them."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.graph import drive_shapes
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.drive_access import LISTING, READ, SINGLE, charged, not_found, site
from tests.sandbox.microsoft.router import route


def all_listed(call: Call) -> Answer:
    """Those of people, too."""
    rows = list(call.state.files.sites.values())
    return collection(call, "sites", rows, drive_shapes.site, default=200)


def shown(call: Call) -> Answer:
    return entity(call, "sites", drive_shapes.site(site(call, call.parameters["site_id"])))


def drives(call: Call) -> Answer:
    found = site(call, call.parameters["site_id"])
    rows = [call.state.files.drives[each] for each in found.drive_ids]
    return collection(call, "drives", rows, lambda each: drive_shapes.drive(call.state, each), default=200)


def drive(call: Call) -> Answer:
    """The first library."""
    found = site(call, call.parameters["site_id"])
    if not found.drive_ids:
        raise not_found()
    return entity(call, "drives", drive_shapes.drive(call.state, call.state.files.drives[found.drive_ids[0]]))


SITES = ("Sites.Read.All", "Sites.ReadWrite.All", "Sites.FullControl.All")
ROUTES = [
    route("GET", "/sites/getAllSites()", charged(LISTING, all_listed), *SITES),
    route("GET", "/sites/{site_id}", charged(SINGLE, shown), *SITES),
    route("GET", "/sites/{site_id}/drives", charged(LISTING, drives), *READ),
    route("GET", "/sites/{site_id}/drive", charged(SINGLE, drive), *READ),
]
