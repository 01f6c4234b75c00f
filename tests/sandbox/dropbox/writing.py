"""What all changes of files have in common: where something may be written, and under which name."""

from dataclasses import dataclass

from tests.sandbox.dropbox.arguments import Arguments
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import Entry, File, Folder
from tests.sandbox.dropbox.places import Place, busy, find, writable
from tests.sandbox.dropbox.refusal import Refusal, refused, under

WRITE_PATH = r"(/(.|[\r\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to write, and what is there now."""

    place: Place
    entry: Entry | None


def target(call: Call, arguments: Arguments, name: str = "path") -> Target:
    """Refuses as write errors do."""
    text = arguments.text(name, None, WRITE_PATH)
    try:
        place = find(call, text)
    except Refusal as refusal:
        tag = refusal.error.get(".tag")
        raise (refused("malformed_path") if tag == "malformed_path" else refused("no_write_permission")) from None
    if not place.path:
        raise refused("malformed_path")
    writable(call, place)
    if busy(place):
        raise refused("too_many_write_operations")
    _need_folders(place)
    return Target(Place(place.namespace, place.namespace.display_of(place.path), place.prefix), place.entry)


def _need_folders(place: Place) -> None:
    """A file on the way is in the way."""
    steps = place.path.split("/")[1:-1]
    for number in range(len(steps)):
        if isinstance(place.namespace.get("/" + "/".join(steps[: number + 1])), File):
            raise refused("conflict/file_ancestor")


def conflict(entry: Entry) -> Refusal:
    return refused("conflict/folder" if isinstance(entry, Folder) else "conflict/file")


def free(place: Place) -> Place:
    """The same name with the first free number: "a (1).txt"."""
    folder, _, name = place.path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f"{dot}{ending}") if stem else (name, "")
    number = 1
    while place.namespace.get(f"{folder}/{stem} ({number}){ending}"):
        number += 1
    return place.at(f"{folder}/{stem} ({number}){ending}")


def of_write(refusal: Refusal, key: str = "path") -> Refusal:
    """A write error within the error of a route."""
    return under(key, refusal) if refusal.status == 409 else refusal
