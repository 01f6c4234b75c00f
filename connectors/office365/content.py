"""Bytes of files on their way, and the hash by which OneDrive and SharePoint name a content."""

import io
from base64 import b64encode
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import quote

from connectors.base import Client
from connectors.office365.folders import item_path
from connectors.office365.mapping.values import Row, text
from connectors.office365.reading import document

BITS, SHIFT, PERIOD = 160, 11, 160
"""Each byte goes eleven bits further on in a ring of 160, so after 160 bytes the same place comes again."""
BLOCK = PERIOD * 8192
PIECE = 16 * 320 * 1024
"""What is larger is sent in pieces of this size; Microsoft wants multiples of 320 KiB."""
BYTES = {"Content-Type": "application/octet-stream"}


class QuickXor:
    """Of bytes that come piece by piece."""

    def __init__(self) -> None:
        self.size = 0
        self._folded = 0
        self._rest = b""

    def add(self, data: bytes) -> None:
        self.size += len(data)
        data = self._rest + data
        whole = len(data) // PERIOD * PERIOD
        for start in range(0, whole, PERIOD):
            self._folded ^= int.from_bytes(data[start : start + PERIOD], "little")
        self._rest = data[whole:]

    def told(self) -> str:
        """In base64."""
        folded = self._folded ^ int.from_bytes(self._rest, "little")
        held = 0
        for place, byte in enumerate(folded.to_bytes(PERIOD, "little")):
            held ^= byte << (place * SHIFT % BITS)
        held = (held & ((1 << BITS) - 1)) ^ (held >> BITS) ^ (self.size << (BITS - 64))
        return b64encode(held.to_bytes(BITS // 8, "little")).decode()


class Passing(io.BytesIO):
    """A stream that hands on what is written into it, and takes its hash on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self.hashed = QuickXor()
        self._stream = stream

    def write(self, data: Any, /) -> int:
        self.hashed.add(bytes(data))
        return self._stream.write(data)


@dataclass(frozen=True)
class Bytes:
    """`stream` stands at the beginning of `size` bytes."""

    stream: IO[bytes] = field(repr=False)
    size: int
    quick_xor: str


def of(data: bytes) -> Bytes:
    return measured(io.BytesIO(data))


def measured(stream: IO[bytes]) -> Bytes:
    """All that is in a stream, which is left at its beginning."""
    stream.seek(0)
    hashed = QuickXor()
    while block := stream.read(BLOCK):
        hashed.add(block)
    stream.seek(0)
    return Bytes(stream, hashed.size, hashed.told())


def fetch(client: Client, drive_id: str, number: str, size: int, stream: IO[bytes]) -> tuple[int, str]:
    """A file's content, written into `stream`: how many bytes that were, and their hash. `size`: what Graph said."""
    passing = Passing(stream)
    client.download(item_path(drive_id, number, "/content"), passing, max_bytes=size)
    return passing.hashed.size, passing.hashed.told()


def put(client: Client, drive_id: str, folder: str, name: str, content: Bytes) -> Row:
    """A new file, as Graph has it then. Raises Conflict where something else bears the name."""
    way = item_path(drive_id, folder, f":/{quote(name, safe='')}:")
    behaviour = {"@microsoft.graph.conflictBehavior": "fail"}
    if content.size > PIECE:
        item = {"item": behaviour}
        return _in_pieces(client, f"{way}/createUploadSession", item, content)
    answer = client.put(f"{way}/content", params=behaviour, headers=BYTES, data=content.stream.read())
    return document(answer, "id")


def write(client: Client, drive_id: str, number: str, data: bytes, etag: str) -> Row:
    """A new version. Raises Conflict where the file was changed since `etag`, or is locked."""
    headers = {**BYTES, **({"If-Match": etag} if etag else {})}
    return document(client.put(item_path(drive_id, number, "/content"), headers=headers, data=data), "id")


def _in_pieces(client: Client, path: str, body: object, content: Bytes) -> Row:
    """The address of the session needs no token, and takes none."""
    session = document(client.post(path, json=body), "uploadUrl")
    answer = client.upload(
        text(session["uploadUrl"]), content.stream, size=content.size, chunk_size=PIECE, authenticate=False
    )
    return document(answer, "id")
