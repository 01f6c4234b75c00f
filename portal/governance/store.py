"""Where quarantined bytes are kept that the vendor has no place for: in the database, encrypted, a chunk at a time.

Each kept file has a key of its own, sealed by the vault, so that changing the vault's keys changes one short text and
not the bytes. A chunk is bound to its file and its place in it: none can be moved, left out or changed unseen. The
bytes are in the database and so in its backup; no scan and no retention touches them.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from connectors.base import BadResponse, NotAvailable
from portal.governance.models import ActionState, GovernanceAction, StoredChunk, StoredFile
from portal.preferences import preferences
from portal.vault import seal

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK_BYTES = 1024 * 1024
DROPPED = 200
"""Chunks that go in one minute: as many as a worker writes in some seconds."""
STILL_WRITTEN = (ActionState.QUEUED, ActionState.RUNNING)
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class DatabaseStore:
    """The store of one action. Memory stays flat: one chunk is held at a time."""

    action: GovernanceAction

    @property
    def max_bytes(self) -> int:
        return int(preferences.get("store_megabytes")) * MIB

    @contextmanager
    def writer(self, key: str) -> Iterator[IO[bytes]]:
        """What is written is kept if the block ends well, in the place of what was there; else nothing is. Raises
        NotAvailable for more than `max_bytes`."""
        self._drop(StoredFile.objects.filter(action=self.action, key=key, is_complete=False))
        file = StoredFile.objects.create(action=self.action, key=key, begun_at=timezone.now(), sealed_key="")
        data_key = AESGCM.generate_key(256)
        file.sealed_key = seal.seal_text(data_key.hex(), _place(file))
        file.save(update_fields=["sealed_key"])
        writing = _Writing(file, AESGCM(data_key), self.max_bytes)
        try:
            yield cast(IO[bytes], writing)
            writing.finish()
        except BaseException:
            self._drop(StoredFile.objects.filter(pk=file.pk))
            raise
        with transaction.atomic():
            self._drop(StoredFile.objects.filter(action=self.action, key=key, is_complete=True))
            StoredFile.objects.filter(pk=file.pk).update(
                is_complete=True, size=writing.size, sha256=writing.digest.hexdigest(), chunks=writing.chunks
            )

    @contextmanager
    def reader(self, key: str) -> Iterator[IO[bytes]]:
        """The bytes again, checked as they are read. Raises KeyError where nothing is kept, BadResponse where it is
        not what was kept."""
        file = StoredFile.objects.filter(action=self.action, key=key, is_complete=True).first()
        if file is None:
            raise KeyError(key)
        data_key = bytes.fromhex(seal.open_text(file.sealed_key, _place(file)))
        yield io.BufferedReader(_Reading(file, AESGCM(data_key)), CHUNK_BYTES)

    def forget(self, key: str) -> None:
        self._drop(StoredFile.objects.filter(action=self.action, key=key))

    def _drop(self, files: QuerySet[StoredFile]) -> None:
        for file in files:
            StoredChunk.objects.filter(file=file).delete()
            file.delete()


def forget_incomplete() -> None:
    """Each minute: what was written of a file by a worker that died, after its action has ended otherwise. A part of
    one file, so that nobody waits long for the database; the next minute does the rest."""
    ended = StoredFile.objects.filter(is_complete=False).exclude(action__state__in=STILL_WRITTEN)
    file = ended.order_by("pk").first()
    if file is None:
        return
    with transaction.atomic():
        # Who tries the action again begins with a file of its own, and not while this one goes.
        action = GovernanceAction.objects.select_for_update().get(pk=file.action_id)
        if action.state in STILL_WRITTEN:
            return
        some = list(StoredChunk.objects.filter(file=file).order_by("number").values_list("pk", flat=True)[:DROPPED])
        StoredChunk.objects.filter(pk__in=some).delete()
        if len(some) < DROPPED:
            file.delete()


class _Writing(io.RawIOBase):
    def __init__(self, file: StoredFile, cipher: AESGCM, max_bytes: int) -> None:
        super().__init__()
        self._file, self._cipher, self._max_bytes = file, cipher, max_bytes
        self._waiting = bytearray()
        self.size = self.chunks = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer") -> int:
        piece = memoryview(data).cast("B")
        self.size += len(piece)
        if self.size > self._max_bytes:
            raise too_large(self._max_bytes)
        self.digest.update(piece)
        self._waiting += piece
        while len(self._waiting) >= CHUNK_BYTES:
            self._keep(bytes(self._waiting[:CHUNK_BYTES]))
            del self._waiting[:CHUNK_BYTES]
        return len(piece)

    def finish(self) -> None:
        if self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()

    def _keep(self, piece: bytes) -> None:
        nonce, place = _address(self._file, self.chunks)
        sealed = self._cipher.encrypt(nonce, piece, place)
        StoredChunk.objects.create(file=self._file, number=self.chunks, sealed=sealed)
        self.chunks += 1


class _Reading(io.RawIOBase):
    def __init__(self, file: StoredFile, cipher: AESGCM) -> None:
        super().__init__()
        self._file, self._cipher = file, cipher
        self._number, self._left = 0, b""
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        if not self._left:
            self._left = self._next()
        space = memoryview(buffer).cast("B")
        count = min(len(space), len(self._left))
        space[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _next(self) -> bytes:
        """The next chunk; at the end nothing, where all that was kept has come."""
        if self._number == self._file.chunks:
            if self._digest.hexdigest() != self._file.sha256:
                raise damaged()
            return b""
        chunk = StoredChunk.objects.filter(file=self._file, number=self._number).first()
        if chunk is None:
            raise damaged()
        nonce, place = _address(self._file, self._number)
        try:
            piece = self._cipher.decrypt(nonce, bytes(chunk.sealed), place)
        except InvalidTag:
            raise damaged() from None
        self._number += 1
        self._digest.update(piece)
        return piece


def too_large(max_bytes: int) -> NotAvailable:
    return NotAvailable(
        f"The file is larger than the {max_bytes // MIB:,} MB that Gatehouse keeps of one.",
        remedy="A Global Admin raises this in Settings > General, or choose another quarantine.",
    )


def damaged() -> BadResponse:
    return BadResponse(
        "What Gatehouse kept of the file is not what it put there.",
        why="Somebody changed the database by hand, or a part of it was lost.",
        remedy="Restore the database from its backup.",
    )


def _place(file: StoredFile) -> str:
    return f"governance.StoredFile/{file.pk}"


def _address(file: StoredFile, number: int) -> tuple[bytes, bytes]:
    """Nonce and bound place of a chunk: each file has a key of its own, so a chunk's number is used once with it."""
    return number.to_bytes(12, "big"), f"{_place(file)}/{number}".encode()
