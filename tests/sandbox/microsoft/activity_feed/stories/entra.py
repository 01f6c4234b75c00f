"""In the directory."""

from tests.sandbox.microsoft.activity_feed.records import entra
from tests.sandbox.microsoft.activity_feed.records.actor import UNKNOWN_LOGIN, Actor, application
from tests.sandbox.microsoft.activity_feed.records.record import Record
from tests.sandbox.microsoft.activity_feed.stories.scene import Scene, Story

WORKLOAD = "AzureActiveDirectory"
EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000"
FORMER = Actor("former.colleague@contoso.example", "10032001266C0000", 0, "6d0f4bd2-8a20-4a52-8f56-8fb3a5f2a1c4")


def signed_in(scene: Scene) -> Record:
    base = scene.base(15, WORKLOAD, "UserLoggedIn")
    return entra.sign_in(base, scene.actor.object_id, scene.address, EXCHANGE_ONLINE)


def mistyped_password(scene: Scene) -> Record:
    base = scene.base(15, WORKLOAD, "UserLoginFailed")
    return entra.sign_in(
        base,
        scene.actor.object_id,
        scene.address,
        EXCHANGE_ONLINE,
        error="50126",
        logon_error="InvalidUserNameOrPassword",
        is_told_failed=scene.number // len(STORIES) % 3 == 0,
    )


def unknown_login(scene: Scene) -> Record:
    base = scene.base(15, WORKLOAD, "UserLoginFailed", UNKNOWN_LOGIN)
    return entra.sign_in(
        base, UNKNOWN_LOGIN.user_key, "192.0.2.250", entra.UNTOLD, error="50034", logon_error="UserAccountNotFound"
    )


def former_colleague(scene: Scene) -> Record:
    base = scene.base(15, WORKLOAD, "UserLoggedIn", FORMER)
    return entra.sign_in(base, FORMER.object_id, scene.address, EXCHANGE_ONLINE)


def user_changed(scene: Scene) -> Record:
    """One of the values was cut off."""
    changes = [
        ("AccountEnabled", entra.listed("true"), entra.listed("false")),
        ("Included Updated Properties", '"AccountEnabled', ""),
        ("TargetId.UserType", '"Member"', '""'),
    ]
    target = ("User", scene.other.object_id, scene.other.user_id)
    return entra.directory(scene.base(8, WORKLOAD, "Update user."), scene.actor.object_id, target, changes)


def secret_added(scene: Scene) -> Record:
    operation = "Update application – Certificates and secrets management "
    target = ("Application", scene.guid("application"), "Contoso Timesheets")
    changes = [("KeyDescription", '["[KeyIdentifier=1,KeyType=Password]"]', "[]")]
    return entra.directory(scene.base(8, WORKLOAD, operation), scene.actor.object_id, target, changes)


def consented(scene: Scene) -> Record:
    target = ("ServicePrincipal", scene.guid("application"), "Quick Polls")
    permissions = ("ConsentAction.Permissions", '"[] => [[Mail.Read]]"', "")
    changes = [("ConsentContext.IsAdminConsent", '"False"', "[]"), permissions]
    base = scene.base(8, WORKLOAD, "Consent to application.")
    return entra.directory(base, scene.actor.object_id, target, changes, address=scene.address)


def device_added(scene: Scene) -> Record:
    actor = application("0df31120-5486-4bda-ab7b-656f09dca3be")
    target = ("Device", scene.guid("device"), "")
    base = scene.base(8, WORKLOAD, "Add device.", actor)
    return entra.directory(base, actor.object_id, target, [("AccountEnabled", entra.listed("true"), "[]")])


def refused(scene: Scene) -> Record:
    target = ("User", scene.other.object_id, scene.other.user_id)
    base = scene.base(8, WORKLOAD, "Reset user password.")
    return entra.directory(base, scene.actor.object_id, target, [], result="Failure")


STORIES: list[Story] = [
    signed_in,
    signed_in,
    mistyped_password,
    user_changed,
    signed_in,
    unknown_login,
    secret_added,
    former_colleague,
    consented,
    signed_in,
    device_added,
    refused,
]
