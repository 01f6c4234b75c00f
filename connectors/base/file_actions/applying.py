"""Whether an action makes sense for a file or a collaborator, by what the inventory knows (`Action.applies`)."""

from connectors.base.actions import Facts
from connectors.base.records import Exposure


def is_there(facts: Facts) -> bool:
    return not facts["is_trashed"]


def is_in_trash(facts: Facts) -> bool:
    return bool(facts["is_trashed"])


def is_file(facts: Facts) -> bool:
    """And no folder."""
    return is_there(facts) and facts["kind"] == "file"


def is_reached_by_others(facts: Facts) -> bool:
    return is_there(facts) and facts["exposure"] in (Exposure.INTERNAL, Exposure.EXTERNAL, Exposure.PUBLIC)


def is_external(facts: Facts) -> bool:
    return is_there(facts) and facts["exposure"] in (Exposure.EXTERNAL, Exposure.PUBLIC)


def is_somebody(facts: Facts) -> bool:
    """A collaborator who is a person or a group, and no link for anybody."""
    return not facts["is_public"]
