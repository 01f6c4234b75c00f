from dataclasses import replace

from connectors.base import WORDS, ActionKind, Capability
from connectors.catalogue import catalogue
from portal.inventory.capabilities import NOT_BUILT, Cell, matrix


def cells(app_id: str = "github") -> dict[str, Cell]:
    """By the words of the capability or kind of action."""
    sections = matrix([app_id], catalogue())
    return {line.label: line.cells[0] for section in sections for line in section.lines}


def test_every_capability_and_kind_of_action_has_a_line() -> None:
    assert set(cells()) == {WORDS[entry].label for entry in [*Capability, *ActionKind]}


def test_a_cell_is_offered_with_what_serves_it_or_carries_the_connectors_own_reason() -> None:
    connector = catalogue()["github"]
    for entry in [*Capability, *ActionKind]:
        cell = cells()[WORDS[entry].label]
        assert cell.is_offered != bool(cell.reason), entry
        if not cell.is_offered:
            assert cell.reason == connector.gaps[entry]
    assert "Accounts" in cells()["Accounts"].how
    assert connector.action("remove_account").label in cells()["Remove from the organisation"].how


def test_what_a_connector_no_longer_does_is_no_longer_offered() -> None:
    connector = catalogue()["github"]
    poorer = replace(connector, actions=(), gaps={**connector.gaps, ActionKind.REMOVE_ACCOUNT: "Switched off."})
    sections = matrix(["github"], {"github": poorer})
    lines = {line.label: line.cells[0] for section in sections for line in section.lines}
    assert lines["Remove from the organisation"] == Cell("github", reason="Switched off.")


def test_an_app_without_a_connector_says_so_in_every_cell() -> None:
    assert {cell.reason for cell in cells("workday").values()} == {NOT_BUILT}
    assert not any(cell.is_built or cell.is_offered for cell in cells("workday").values())
