"""What a path means to a caller: "/a/b" from the root of paths, "ns:1/a", "id:..", "rev:..", "" for a root."""

import re
from dataclasses import dataclass

from tests.sandbox.dropbox import access
from tests.sandbox.dropbox.call import Call
from tests.sandbox.dropbox.entries import Entry, Folder
from tests.sandbox.dropbox.namespace import Namespace
from tests.sandbox.dropbox.refusal import refused

PATH = r"(/(.|[\r\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)"
PATH_OR_ROOT = rf"()|{PATH}"
PATH_OR_REV = rf"{PATH}|(rev:[0-9a-f]{{9,}})"
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Place:
    """`path`: from the root of the namespace. `prefix`: what the caller sees before it; None where the namespace is not
    mounted, and no path is shown."""

    namespace: Namespace
    path: str
    prefix: str | None = ""

    @property
    def entry(self) -> Entry | None:
        return self.namespace.get(self.path) if self.path else None

    def at(self, path: str) -> "Place":
        """Another path of the same namespace."""
        return Place(self.namespace, path, self.prefix)

    def shown(self, path: str) -> str | None:
        return None if self.prefix is None else f"{self.prefix}{path}"


def find(call: Call, text: str) -> Place:
    """Refuses with not_found what the caller may not read; whether something is at the path is another question."""
    if text.startswith("id:"):
        return _by_id(call, text)
    if text.startswith("ns:"):
        namespace_id, slash, rest = text[3:].partition("/")
        if slash and not rest:
            raise refused("malformed_path")
        return _walk(call, readable(call, namespace_id), f"/{rest}" if slash else "", "")
    return _walk(call, readable(call, call.root_id), text, "")


def existing(call: Call, text: str) -> tuple[Place, Entry]:
    place = find(call, text)
    if not place.path:
        raise refused("malformed_path")
    if place.entry is None:
        raise refused("not_found")
    return place, place.entry


def writable(call: Call, place: Place) -> Place:
    if not access.may_write(call, place.namespace):
        raise refused("no_write_permission")
    return place


def busy(place: Place) -> bool:
    """Whether the vendor's lock on the namespace is met by this write."""
    if place.namespace.busy_writes == 0:
        return False
    place.namespace.busy_writes -= 1
    return True


def readable(call: Call, namespace_id: str) -> Namespace:
    namespace = call.state.namespaces.get(namespace_id)
    if namespace is None or not access.may_read(call, namespace):
        raise refused("not_found")
    return namespace


def _walk(call: Call, namespace: Namespace, path: str, prefix: str) -> Place:
    """Down into namespaces that are mounted on the way."""
    if path.endswith("/") or "//" in path:
        raise refused("malformed_path")
    if any(len(step) > LONGEST_NAME for step in path.split("/")):
        raise refused("malformed_path")
    steps = path.split("/")[1:]
    for number in range(len(steps)):
        mount = namespace.get("/" + "/".join(steps[: number + 1]))
        if isinstance(mount, Folder) and mount.mounts and number + 1 < len(steps):
            rest = "/" + "/".join(steps[number + 1 :])
            return _walk(call, readable(call, mount.mounts), rest, f"{prefix}{mount.path}")
    return Place(namespace, path, prefix)


def _by_id(call: Call, text: str) -> Place:
    """An id may be followed by a path below it."""
    entry_id, slash, rest = text.partition("/")
    if not re.fullmatch(r"id:[\w-]{4,}", entry_id):
        raise refused("malformed_path")
    for namespace in call.state.namespaces.values():
        entry = namespace.by_id(entry_id)
        if entry is not None and access.may_read(call, namespace):
            return Place(namespace, f"{entry.path}{slash}{rest}", _prefix(call, namespace))
    raise refused("not_found")


def _prefix(call: Call, namespace: Namespace) -> str | None:
    """Where the caller sees a namespace."""
    if namespace.id == call.root_id:
        return ""
    root = call.state.namespaces[call.root_id]
    mounts = (each for each in root.entries.values() if isinstance(each, Folder) and each.mounts == namespace.id)
    return next((each.path for each in mounts), None)
