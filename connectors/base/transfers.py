"""Files on their way: downloads into a stream and uploads in chunks, with one chunk in memory at a time."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO

CHUNK_SIZE = 5 * 1024 * 1024
"""A multiple of 256 KiB and of 320 KiB, which is what vendors with such a rule ask for."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """`digest` in hex, of the bytes that were written."""

    size: int
    digest: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of an upload: `total` is the size of the whole file in bytes."""

    offset: int
    data: bytes = field(repr=False)
    total: int

    @property
    def is_last(self) -> bool:
        return self.offset + len(self.data) >= self.total

    @property
    def content_range(self) -> str:
        return f"bytes {self.offset}-{self.offset + len(self.data) - 1}/{self.total}" if self.data else "bytes */0"


def room() -> AbstractContextManager[IO[bytes]]:
    """A file without a name, gone as soon as it is closed: what passes through is in no memory and left nowhere."""
    return TemporaryFile()


ChunkHeaders = Callable[[Chunk], Mapping[str, str]]


def content_range(chunk: Chunk) -> Mapping[str, str]:
    """How most vendors address a chunk (RFC 9110 14.4)."""
    return {"Content-Range": chunk.content_range}


class Multipart:
    """A form with one file (RFC 7578), for `data` of a call: the fields first, then the file, read while it is sent.

    `stream` stands at the file's beginning and holds `size` bytes; `name` is the form field the vendor expects it in.
    """

    def __init__(
        self,
        fields: Mapping[str, str],
        stream: IO[bytes],
        *,
        size: int,
        filename: str,
        name: str = "file",
        content_type: str = "application/octet-stream",
    ) -> None:
        boundary = uuid.uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(key)}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        named = f'name="{_quoted(name)}"; filename="{_quoted(filename)}"'
        head += f"--{boundary}\r\nContent-Disposition: form-data; {named}\r\nContent-Type: {content_type}\r\n\r\n"
        self._head = head.encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._length = len(self._head) + size + len(self._tail)
        self._stream = stream
        self._left = size

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes or fewer; without a size, all that is left."""
        wanted = self._length if size < 0 else size
        taken, self._head = self._head[:wanted], self._head[wanted:]
        if len(taken) < wanted and self._left:
            data = self._stream.read(min(wanted - len(taken), self._left))
            if not data:
                raise ValueError(f"the file ended {self._left} bytes too early")
            self._left -= len(data)
            taken += data
        if len(taken) < wanted and not self._left:
            rest = wanted - len(taken)
            taken, self._tail = taken + self._tail[:rest], self._tail[rest:]
        return taken


def _quoted(value: str) -> str:
    """A name inside quotes, escaped as browsers do."""
    return value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
