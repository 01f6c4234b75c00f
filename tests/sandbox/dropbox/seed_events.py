"""Ten days of the team's log: signing in, files, sharing, and the awkward events of real logs."""

import random
from datetime import datetime

from tests.sandbox.dropbox import events
from tests.sandbox.dropbox.entries import File
from tests.sandbox.dropbox.people import Member
from tests.sandbox.dropbox.seed_content import OUTSIDER, WRITERS
from tests.sandbox.dropbox.state import State
from tests.sandbox.dropbox.unions import nested, tagged
from tests.sandbox.exchange import Json

DAY = 86_400
METHODS = ("password", "saml", "two_factor_authentication", "web_session")


def plant(state: State) -> None:
    """In the order of arrival: some arrive hours after they happened."""
    chance = random.Random(7)
    planted = [*_sign_ins(state, chance), *_file_events(state, chance), *_sharing(state), *_awkward(state)]
    arrivals = [(_at(each) + chance.choice((0, 0, 0, 3 * 3600)), each) for each in planted]
    for arrived_at, event in sorted(arrivals, key=lambda pair: pair[0]):
        state.log.add(event, min(arrived_at, state.clock.now()))


def _at(event: Json) -> float:
    return datetime.fromisoformat(event["timestamp"]).timestamp()


def _by(member: Member, **values: Json) -> dict[str, Json]:
    who = events.user(member)
    return {"actor": nested("user", who), "context": who, "origin": events.at_browser(member), **values}


def _sign_ins(state: State, chance: random.Random) -> list[Json]:
    now = state.clock.now()
    people = [each for each in state.members.values() if each.status == "active"]
    found = []
    for day in range(10):
        for number, member in enumerate(chance.sample(people, 8)):
            at = now - day * DAY - 600 - number * 1700
            method = {"login_method": tagged(METHODS[(day + number) % 4])}
            found.append(events.event("login_success", at, **_by(member, details=method)))
            if number == 7:
                details = {**method, "error_details": {"user_friendly_message": "Wrong password"}}
                found.append(events.event("login_fail", at - 30, **_by(member, details=details)))
                found.append(events.event("logout", at + 300, **_by(member)))
    return found


def _file_events(state: State, chance: random.Random) -> list[Json]:
    found = []
    for day in range(10):
        for number, handle in enumerate(WRITERS):
            member = state.member(handle)
            home = state.home_of(member)
            entry = chance.choice([each for each in home.entries.values() if isinstance(each, File)])
            kind = ("file_add", "file_edit", "file_download", "file_preview")[(day + number) % 4]
            at = state.clock.now() - day * DAY - 1200 - number * 900
            found.append(events.event(kind, at, **_by(member, assets=[events.asset(home, entry)])))
    return found


def _sharing(state: State) -> list[Json]:
    """Links that were made and looked at; the visitor is anonymous."""
    found = []
    for number, link in enumerate(state.links.values()):
        home, owner = state.namespaces[link.namespace_id], state.members[link.owner_id]
        entry = home.by_id(link.entry_id)
        assert entry is not None
        assets, at = [events.asset(home, entry)], state.clock.now() - (1 + number % 9) * DAY - number * 60
        found.append(events.event("shared_link_create", at, **_by(owner, assets=assets)))
        details = {"shared_link_owner": events.user(owner)}
        visitor: dict[str, Json] = {"actor": tagged("anonymous"), "context": tagged("anonymous"), "is_external": True}
        found.append(events.event("shared_link_view", at + 50, assets=assets, details=details, **visitor))
    return found


def _awkward(state: State) -> list[Json]:
    """Nobody as actor, the vendor itself, IPv6, somebody removed, details lost, a kind nobody knows, twins."""
    now = state.clock.now()
    gone, member = state.member("tvolkov"), state.member("rferreira")
    web = nested("end_user", tagged("web"))
    lost = events.event("file_delete", now - 2 * DAY, **_by(member))
    lost["details"] = tagged("missing_details", source_event_fields="file_delete")
    strange = events.event("device_unlink", now - 3 * DAY, **_by(member, details={"delete_data": False}))
    strange["event_type"] = tagged("quantum_vault_opened", description="Opened the quantum vault")
    strange["details"] = tagged("quantum_vault_opened_details", qubits=7)
    twin = events.event("file_preview", now - 4 * DAY, **_by(member))
    status = {"previous_value": tagged("active"), "new_value": tagged("removed")}
    roles = {"previous_value": tagged("member_only"), "new_value": tagged("team_admin")}
    guest = events.outsider(OUTSIDER, "Lena Fischer")
    return [
        lost,
        strange,
        twin,
        dict(twin),
        events.event("login_success", now - 5 * DAY, details={"login_method": tagged("saml")}),
        events.event("member_change_status", now - 3 * DAY, actor=tagged("dropbox"), details=status,
                     participants=[nested("user", events.user(gone))]),
        events.event("file_download", now - 6 * DAY, **_by(gone)),
        events.event("login_success", now - 1 * DAY, **_by(
            member, origin=events.origin("2001:db8:85a3::8a2e:370:7334", "PT", web),
            details={"login_method": tagged("passkey")})),
        events.event("member_change_admin_role", now - 8 * DAY, **_by(
            state.member("contoso-security-svc"), details=roles,
            participants=[nested("user", events.user(state.member("mhartmann")))])),
        events.event("file_edit", now - 7 * DAY, actor=nested("user", guest), context=guest, is_external=True),
    ]  # fmt: skip
