"""In mailboxes. Every other record is about a command of Microsoft's own, as in a quiet tenant."""

from tests.sandbox.microsoft.activity_feed.records import exchange
from tests.sandbox.microsoft.activity_feed.records.actor import EXCHANGE_ITSELF, LOCAL_SYSTEM
from tests.sandbox.microsoft.activity_feed.records.record import Record
from tests.sandbox.microsoft.activity_feed.stories.scene import Scene, Story

WORKLOAD = "Exchange"
OUTLOOK = "Client=MSExchangeRPC"
BROWSER = "Client=OWA;Action=ViaProxy"
PLAN = (
    "EURPR04A009.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/contoso.onmicrosoft.com/"
    "ExchangeOnline-d9695fe8-a34c-4787-b44b-37bdd3969b1c"
)


def by_microsoft(scene: Scene) -> Record:
    base = scene.base(1, WORKLOAD, "Set-MailboxPlan", EXCHANGE_ITSELF)
    return exchange.cmdlet(base, PLAN, {"Identity": PLAN, "UseDatabaseRetentionDefaults": "False"}, True, None)


def by_the_system(scene: Scene) -> Record:
    base = scene.base(1, WORKLOAD, "Set-Mailbox", LOCAL_SYSTEM)
    return exchange.cmdlet(base, f"contoso.onmicrosoft.com/{scene.other.name}", {"Force": "True"}, True, None)


def rule_made(scene: Scene) -> Record:
    base = scene.base(1, WORKLOAD, "New-InboxRule")
    parameters = {"Name": "..", "ForwardTo": "drop@proseware.example", "DeleteMessage": "True"}
    return exchange.cmdlet(base, f"EURPR04A009/{scene.actor.name}\\..", parameters, False, scene.address)


def read(scene: Scene) -> Record:
    return exchange.items_accessed(scene.base(50, WORKLOAD, "MailItemsAccessed"), scene.address, "Client=REST;;")


def written(scene: Scene) -> Record:
    return exchange.item(scene.base(2, WORKLOAD, "Create"), scene.address, OUTLOOK, "Angebot für Fabrikam")


def deleted(scene: Scene) -> Record:
    subjects = ["Lunch?", "昼食", "Re: Re: Angebot"]
    return exchange.items(scene.base(3, WORKLOAD, "SoftDelete"), scene.address, BROWSER, subjects)


def labelled(scene: Scene) -> Record:
    sender = scene.actor.user_id
    return exchange.label(scene.base(43, WORKLOAD, "MipLabel"), sender, "Quartal.docx", [scene.other.user_id])


def delegated(scene: Scene) -> Record:
    """Names the mailbox's owner in place of who acts: a GUID."""
    base = {**scene.base(1, WORKLOAD, "Add-MailboxPermission"), "UserId": scene.actor.object_id}
    parameters = {"Identity": scene.other.user_id, "User": scene.actor.user_id, "AccessRights": "FullAccess"}
    return exchange.cmdlet(base, scene.other.user_id, parameters, False, scene.address)


def matched(scene: Scene) -> Record:
    base = scene.base(13, WORKLOAD, "DlpRuleMatch")
    return exchange.policy_match(base, "Kundenliste", "Payment cards", "Credit Card Number")


STORIES: list[Story] = [
    by_microsoft,
    written,
    by_microsoft,
    read,
    by_the_system,
    deleted,
    by_microsoft,
    rule_made,
    by_microsoft,
    labelled,
    by_microsoft,
    delegated,
]
POLICY_STORIES: list[Story] = [matched]
