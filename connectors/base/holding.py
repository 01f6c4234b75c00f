"""How an app's quarantine is set up for one instance: where it keeps what it holds, and the notice that it leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.base.fields import Field

if TYPE_CHECKING:
    from connectors.base.client import Client


@dataclass(frozen=True, slots=True)
class Holding:
    """`leaves`: what the text of the notice is left in, as a part of a sentence ("a text file in its place").

    `fields`: where things are held, as an admin chooses it for the instance; all may be left empty. What was chosen is
    handed over in the client's config. `test` tries the place that is chosen, by calls that leave nothing behind, and
    says in the vendor's terms what it found, one sentence each; where it does not work it raises one of the nine errors
    with the remedy.
    """

    leaves: str
    fields: tuple[Field, ...] = ()
    test: Callable[["Client"], tuple[str, ...]] | None = None
