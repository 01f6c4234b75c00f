"""When and by whom something happens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from tests.sandbox.microsoft.activity_feed.records.actor import Actor
from tests.sandbox.microsoft.activity_feed.records.record import Record, record

NAMESPACE = uuid.UUID("6f1f7c1e-51a5-4b0e-9a57-0d1f6f7f0c11")
PROXY = "2603:10a6:800:125::13"


@dataclass(frozen=True, slots=True)
class Cast:
    """The tenant and its people by handle."""

    tenant_id: str
    sharepoint: str
    people: Mapping[str, Actor]

    def one(self, number: int) -> Actor:
        """Somebody, in turn."""
        return list(self.people.values())[number % len(self.people)]


@dataclass(frozen=True, slots=True)
class Scene:
    """`number` makes the record's GUID and decides who acts, and from where."""

    cast: Cast
    key: str
    number: int
    at: float

    @property
    def actor(self) -> Actor:
        return self.cast.one(self.number)

    @property
    def other(self) -> Actor:
        return self.cast.one(self.number + 1)

    @property
    def address(self) -> str | None:
        """In one of the ways in which the services write addresses."""
        own = self.actor.address or "192.0.2.45"
        return (own, PROXY, f"{own}:{49152 + self.number % 1000}", f"[{PROXY}]:443", "", None)[self.number % 6]

    def guid(self, what: str = "") -> str:
        return str(uuid.uuid5(NAMESPACE, f"{self.key}/{self.number}/{what}"))

    def base(self, record_type: int, workload: str, operation: str, actor: Actor | None = None) -> Record:
        whose = self.actor if actor is None else actor
        return record(self.guid(), self.at, self.cast.tenant_id, whose, record_type, workload, operation)


Story = Callable[[Scene], Record]


@dataclass(frozen=True, slots=True)
class Told(Sequence[Record]):
    """Records that are made when somebody looks at them."""

    scenes: list[tuple[Story, Scene]]

    def __len__(self) -> int:
        return len(self.scenes)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [story(scene) for story, scene in self.scenes[index]]
        story, scene = self.scenes[index]
        return story(scene)
