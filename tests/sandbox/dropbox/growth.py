"""More of everything, for load tests."""

from tests.sandbox.dropbox.planting import plant_file
from tests.sandbox.dropbox.state import State

FILES_IN_FOLDER = 200
DAY = 86_400


def add_files(state: State, count: int) -> None:
    """Spread over the homes of active members, a few hundred in a folder."""
    homes = [state.home_of(each) for each in state.members.values() if each.status == "active"]
    for number in range(count):
        home, place = homes[number % len(homes)], number // len(homes)
        path = f"/Archive/{place // FILES_IN_FOLDER:04}/file {place:06}.txt"
        plant_file(state, home, path, f"{home.id} {place}\n".encode(), state.clock.now() - (place % 300) * DAY)
