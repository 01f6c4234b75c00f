"""Drives: whose they are, and where they begin."""

from tests.sandbox.exchange import Answer
from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.directory.objects import USER, DirectoryObject
from tests.sandbox.microsoft.files.items import Drive
from tests.sandbox.microsoft.graph import drive_access, drive_shapes
from tests.sandbox.microsoft.graph.collections import collection, entity
from tests.sandbox.microsoft.graph.drive_access import LISTING, READ, SINGLE, charged
from tests.sandbox.microsoft.graph.refusals import GraphRefusal, missing
from tests.sandbox.microsoft.router import route


def of_user(call: Call) -> Answer:
    return entity(call, "drives", drive_shapes.drive(call.state, drive_access.drive(_owned(call))))


def all_of_user(call: Call) -> Answer:
    found = drive_access.drive(_owned(call))
    return collection(call, "drives", [found], lambda each: drive_shapes.drive(call.state, each))


def _owned(call: Call) -> Call:
    """The call as if it had named the user's drive."""
    user = call.state.directory.find(USER, call.parameters["user_id"])
    if user is None:
        raise missing(call.parameters["user_id"])
    found = next((each for each in call.state.files.drives.values() if each.owner_id == user.id), None)
    if found is None:
        raise _no_drive(user)
    call.parameters["drive_id"] = found.id
    return call


def _no_drive(user: DirectoryObject) -> GraphRefusal:
    """In one of three forms: of guests, of those who never opened it, of mailboxes that are shared."""
    if user.properties["userType"] == "Guest":
        return GraphRefusal(404, "itemNotFound", "Item not found")
    if user.properties["assignedLicenses"]:
        return GraphRefusal(404, "ResourceNotFound", "User's mysite not found.")
    return GraphRefusal(403, "accessDenied", "")


def shown(call: Call) -> Answer:
    found: Drive = drive_access.drive(call)
    return entity(call, "drives", drive_shapes.drive(call.state, found))


ROUTES = [
    route("GET", "/users/{user_id}/drive", charged(SINGLE, of_user), *READ),
    route("GET", "/users/{user_id}/drives", charged(LISTING, all_of_user), *READ),
    route("GET", "/drives/{drive_id}", charged(SINGLE, shown), *READ),
]
