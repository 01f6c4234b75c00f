"""Dictionaries of which a long part is made when it is looked at, so that a hundred thousand people cost nothing."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, overload

Value = TypeVar("Value")


@dataclass(slots=True)
class Stretch(Generic[Value]):
    """The keys from `first` on, `count` of them, without those that are `gone` (offsets, in order)."""

    first: int
    count: int
    make: Callable[[int], Value]
    gone: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return self.count - len(self.gone)

    def __contains__(self, key: int) -> bool:
        offset = key - self.first
        if not 0 <= offset < self.count:
            return False
        place = bisect_left(self.gone, offset)
        return place == len(self.gone) or self.gone[place] != offset

    def key_at(self, number: int) -> int:
        """The key of the number-th that is left."""
        before = bisect_right(self.gone, number, key=lambda offset: offset - bisect_left(self.gone, offset))
        return self.first + number + before


class Lengthened(MutableMapping[int, Value]):
    """Entries of one's own in the order they came, then the stretches.

    An entry of a stretch is made anew at each look and not kept: whoever changes one takes it from `keep`.
    """

    def __init__(self) -> None:
        self._own: dict[int, Value] = {}
        self._kept: dict[int, Value] = {}
        self._stretches: list[Stretch[Value]] = []

    def lengthen(self, first: int, count: int, make: Callable[[int], Value]) -> None:
        """Have `count` entries from the key `first` on; more than before where they begin at the same key."""
        known = next((each for each in self._stretches if each.first == first), None)
        if known is None:
            self._stretches.append(Stretch(first, count, make))
        else:
            known.count = max(known.count, count)

    def keep(self, key: int) -> Value:
        """The entry, which from now on is this very one; KeyError when there is none."""
        if key not in self._own and key not in self._kept:
            self._kept[key] = self[key]
        return self[key]

    def stored(self) -> Iterator[tuple[int, Value]]:
        """The entries that are no longer, or never were, as they were made."""
        yield from self._own.items()
        yield from self._kept.items()

    def keys_between(self, start: int, stop: int) -> list[int]:
        """The keys at these places, counted from 0."""
        found = list(self._own)[start:stop]
        start, stop = start - len(self._own), stop - len(self._own)
        for stretch in self._stretches:
            places = range(max(0, start), min(stop, len(stretch)))
            found += [stretch.key_at(number) for number in places]
            start, stop = start - len(stretch), stop - len(stretch)
        return found

    def __getitem__(self, key: int) -> Value:
        if key in self._own:
            return self._own[key]
        if key in self._kept:
            return self._kept[key]
        stretch = self._stretch(key)
        if stretch is None:
            raise KeyError(key)
        return stretch.make(key)

    def __setitem__(self, key: int, value: Value) -> None:
        entries = self._kept if self._stretch(key) is not None else self._own
        entries[key] = value

    def __delitem__(self, key: int) -> None:
        stretch = self._stretch(key)
        if stretch is None:
            del self._own[key]
            return
        insort(stretch.gone, key - stretch.first)
        self._kept.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._own or (isinstance(key, int) and self._stretch(key) is not None)

    def __iter__(self) -> Iterator[int]:
        yield from list(self._own)
        for stretch in self._stretches:
            yield from (key for key in range(stretch.first, stretch.first + stretch.count) if key in stretch)

    def __len__(self) -> int:
        return len(self._own) + sum(len(each) for each in self._stretches)

    def _stretch(self, key: int) -> Stretch[Value] | None:
        return next((each for each in self._stretches if key in each), None)


class Listed(Sequence[int]):
    """The keys of such a dictionary as a sequence; only those asked for are made."""

    def __init__(self, entries: Lengthened[Value]) -> None:
        self._entries = entries

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return self._entries.keys_between(start, stop)
        return self._entries.keys_between(place, place + 1)[0]

    def __len__(self) -> int:
        return len(self._entries)
