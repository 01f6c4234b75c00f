"""Walking through all that one user owns, from the uppermost folder down, page by page.

Cursor: {"path": [{"id": folder, "marker": of its next page or END, "todo": folders of the pages read that are still to
be walked}, ...]}, from the uppermost folder to the one that is read; it is empty at the end. So it holds a page of
folders for each step down at most, however many there are.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from connectors.base import Client, Cursor, Page, Record, TargetGone
from connectors.box import ids, mapping
from connectors.box.items import folder_reach, reach_of, records_of
from connectors.box.mapping import NOBODY_ELSE, Reach
from connectors.box.reading import END, Row, marked_page

PAGE_SIZE = 100
"""For each item on a page that is shared another call is made before the page is stored."""

Step = dict[str, Any]


class Tree:
    """One walk. `reaches`: who gets into the folders that wait, by what their own rows said; after an interruption the
    folders of the path are asked for again."""

    def __init__(self, owner: Client, user_id: str, cursor: Cursor) -> None:
        self._owner = owner
        self._user_id = user_id
        self._path: list[Step] = deepcopy(cursor["path"]) if cursor else [_step(ids.ROOT)]
        self._reaches: dict[str, Reach] = {ids.ROOT: NOBODY_ELSE}

    def pages(self) -> Iterator[Page]:
        while self._path:
            step = self._path[-1]
            if step["todo"]:
                self._path.append(_step(step["todo"].pop(0)))
                continue
            records = self._read(step)
            self._leave_what_is_done()
            yield Page(records, {"path": deepcopy(self._path)})

    def _leave_what_is_done(self) -> None:
        while self._path and not self._path[-1]["todo"] and self._path[-1]["marker"] == END:
            self._reaches.pop(self._path.pop()["id"], None)

    def _read(self, step: Step) -> list[Record]:
        """One page of a folder. One that is gone since it was listed is passed over."""
        reach = self._reach_into(step["id"])
        asked = {"fields": mapping.ITEM_FIELDS, "limit": PAGE_SIZE}
        try:
            page = marked_page(self._owner, f"/folders/{step['id']}/items", step["marker"], asked, "id", "type")
        except TargetGone:
            step["marker"] = END
            return []
        own = [row for row in page.rows if mapping.owner_of(row) == self._user_id]
        records = [record for row in own for record in self._item(step, row, reach)]
        step["marker"] = page.marker or END
        return records

    def _item(self, step: Step, row: Row, above: Reach) -> list[Record]:
        reach = reach_of(self._owner, row, above)
        if row["type"] == ids.FOLDER:
            step["todo"].append(str(row["id"]))
            self._reaches[str(row["id"])] = reach
        return list(records_of(self._owner, row, reach))

    def _reach_into(self, folder_id: str) -> Reach:
        if folder_id not in self._reaches:
            above = NOBODY_ELSE
            for step in self._path:
                if step["id"] not in self._reaches:
                    self._reaches[step["id"]] = folder_reach(self._owner, step["id"], above)
                above = self._reaches[step["id"]]
        return self._reaches[folder_id]


def _step(folder_id: str) -> Step:
    return {"id": folder_id, "marker": "", "todo": []}
