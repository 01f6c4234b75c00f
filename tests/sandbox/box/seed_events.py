"""What happened in the last ten days, with what makes events awkward."""

from tests.sandbox import company
from tests.sandbox.box import sources
from tests.sandbox.box.items import File
from tests.sandbox.box.minis import mini_user
from tests.sandbox.box.people import User
from tests.sandbox.box.state import State
from tests.sandbox.exchange import Json

DAY = 86_400
DAYS = 10
WEB = {"service_id": "1", "service_name": "Box"}
DRIVE = {"service_id": "92", "service_name": "Box Drive"}
CRM = {"service_id": "7001", "service_name": "Proseware CRM"}
NOBODY = {"type": "user", "id": "2", "name": "unknown", "login": ""}
VERBS = ("PREVIEW", "DOWNLOAD", "ITEM_OPEN", "EDIT", "PREVIEW", "ITEM_MODIFY")


def plant(state: State) -> None:
    people = [each for each in state.managed() if each.status != "inactive" and each.service_of is None]
    files = [each for each in state.tree.files() if not state.tree.is_in_trash(each)]
    for day in range(DAYS, 0, -1):
        _day(state, people, files, state.now() - day * DAY + 600, day)
    _awkward(state, state.now() - 2 * DAY)


def _day(state: State, people: list[User], files: list[File], begin: float, day: int) -> None:
    """Some people come and work on their files."""
    for place, user in enumerate(people):
        if (place + day) % 4:
            continue
        at = begin + place * 240
        address = _address(user)
        state.record("LOGIN", user, mini_user(user), address=address, details=dict(WEB), at=at)
        own = [each for each in files if each.creator_id == user.id][:3]
        for number, file in enumerate(own):
            verb = VERBS[(place + number + day) % len(VERBS)]
            details = {**(DRIVE if number else WEB), "size": file.current.size, "version_id": file.current.id}
            source = sources.item(state, file)
            state.record(verb, user, source, address=address, details=details, at=at + 30 + number * 20)


def _address(user: User) -> str:
    person = company.BY_HANDLE.get(user.login.partition("@")[0])
    return person.address if person else "Unknown IP"


def _awkward(state: State, at: float) -> None:
    """Out of order, no actor, no source, nobody known, someone who is gone, a type that no list has."""
    admin, user = state.primary_admin, state.person("eandersson")
    rows: list[tuple[str, User | None, Json, Json, float]] = [
        ("FAILED_LOGIN", None, NOBODY, None, 900),
        ("SHIELD_ALERT", None, None, {"shield_alert": {"rule_category": "Anomalous Download", "priority": "high"}}, 0),
        ("ADMIN_LOGIN", admin, mini_user(user), dict(WEB), 60),
        ("ADD_LOGIN_ACTIVITY_DEVICE", user, mini_user(user), dict(WEB), 30),
        ("APPLICATION_CREATED", admin, None, dict(CRM), 400),
        ("USER_AUTHENTICATE_OAUTH2_ACCESS_TOKEN_CREATE", user, mini_user(user), dict(CRM), 420),
        ("SOMETHING_NOT_KNOWN_YET", user, {"type": "user", "id": 4711, "name": "a number"}, {}, 500),
        ("CHANGE_ADMIN_ROLE", admin, mini_user(state.person("mhartmann")), {"role": "coadmin"}, 520),
    ]
    for event_type, actor, source, details, after in rows:
        state.record(event_type, actor, source, address="Unknown IP", details=details, at=at + after)
    _by_nobody(state, at + 600)
    _by_someone_gone(state, at + 700)
    _invitation(state, at - DAY)


def _by_nobody(state: State, at: float) -> None:
    """An open link is read by whoever has it."""
    file = state.file("Price list.pdf")
    link = {"shared_link_id": file.link.token if file.link else "", **WEB}
    more = {"created_by": dict(NOBODY)}
    state.record("DOWNLOAD", None, sources.item(state, file), address="192.0.2.99", details=link, at=at, more=more)


def _by_someone_gone(state: State, at: float) -> None:
    person = company.BY_HANDLE["priya-freelance"]
    gone = User("21034580000", person.email, person.name, 0.0, state.enterprise)
    state.record("LOGIN", gone, mini_user(gone), address=person.address, details=dict(WEB), at=at)
    state.record("DELETE_USER", state.primary_admin, mini_user(gone), details=dict(WEB), at=at + 60)


def _invitation(state: State, at: float) -> None:
    """Names the folder without item_id; written down a day after it happened."""
    found = next(each for each in state.collaborations.values() if each.user_id == state.person("fab-lena").id)
    owner = state.owner(state.tree.items[found.item_id])
    source, more = sources.collaboration(state, found), sources.let_in(state, found)
    details = {"collab_id": found.id, "role": found.role, **WEB}
    state.record("COLLABORATION_INVITE", owner, source, address=_address(owner), details=details, at=at, more=more)
