"""Files on their way: downloads into a stream and uploads in chunks, with one chunk in memory at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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


ChunkHeaders = Callable[[Chunk], Mapping[str, str]]


def content_range(chunk: Chunk) -> Mapping[str, str]:
    """How most vendors address a chunk (RFC 9110 14.4)."""
    return {"Content-Range": chunk.content_range}
