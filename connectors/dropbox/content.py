"""Bytes of files on their way, and the hash by which Dropbox names a content."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from connectors.base import Chunk, Client
from connectors.dropbox.hosts import CONTENT
from connectors.dropbox.reading import Row, document

BLOCK = 4 * 1024 * 1024
"""Of the hash: each block is hashed, and then their digests."""
PIECE = 4 * 1024 * 1024
"""What is larger is sent in pieces of this size; Dropbox wants multiples of four megabytes."""
BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Bytes:
    """`stream` stands at the beginning of `size` bytes."""

    stream: IO[bytes]
    size: int
    content_hash: str


def of(data: bytes) -> Bytes:
    return measured(io.BytesIO(data))


def measured(stream: IO[bytes]) -> Bytes:
    """All that is in a stream, which is left at its beginning."""
    stream.seek(0)
    whole, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        whole.update(hashlib.sha256(block).digest())
        size += len(block)
    stream.seek(0)
    return Bytes(stream, size, whole.hexdigest())


def copy(source: IO[bytes], stream: IO[bytes]) -> None:
    """The rest of a stream into another one, a block at a time."""
    while block := source.read(BLOCK):
        stream.write(block)


def fetch(client: Client, rev: str, size: int, stream: IO[bytes]) -> Bytes:
    """A revision, written into `stream`. `size`: what Dropbox said it has."""
    headers = _argument({"path": f"rev:{rev}"})
    client.download(f"{CONTENT}/files/download", stream, max_bytes=size, method="POST", headers=headers)
    return measured(stream)


def put(client: Client, commit: Mapping[str, Any], content: Bytes) -> Row:
    """`commit`: where to and how, as Dropbox takes it. The file's metadata. Raises Conflict where something else is
    there."""
    if content.size > PIECE:
        return _in_pieces(client, commit, content)
    headers = {"Content-Type": BYTES, **_argument({**commit, "content_hash": content.content_hash})}
    answer = client.post(f"{CONTENT}/files/upload", headers=headers, data=content.stream.read())
    return document(answer, "id", "rev")


def _in_pieces(client: Client, commit: Mapping[str, Any], content: Bytes) -> Row:
    begun = {"Content-Type": BYTES, **_argument({"close": False})}
    answer = client.post(f"{CONTENT}/files/upload_session/start", headers=begun, data=b"")
    session_id = str(document(answer, "session_id")["session_id"])

    def addressed(chunk: Chunk) -> Mapping[str, str]:
        return _argument({"cursor": {"session_id": session_id, "offset": chunk.offset}})

    client.upload(
        f"{CONTENT}/files/upload_session/append_v2", content.stream, size=content.size, method="POST",
        chunk_size=PIECE, headers=addressed,
    )  # fmt: skip
    ended = {"cursor": {"session_id": session_id, "offset": content.size}, "commit": dict(commit)}
    headers = {"Content-Type": BYTES, **_argument(ended)}
    answer = client.post(f"{CONTENT}/files/upload_session/finish", headers=headers, data=b"")
    return document(answer, "id", "rev")


def _argument(value: Mapping[str, Any]) -> Mapping[str, str]:
    """In a header Dropbox takes ASCII alone, and not its last sign either."""
    return {"Dropbox-API-Arg": json.dumps(value).replace("\x7f", "\\u007f")}
