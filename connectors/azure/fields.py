"""What the wizard asks for beside what every app of Entra ID is asked for."""

from connectors.azure.scopes import ACT, NO_PUSH, PUSH, READ_ONLY
from connectors.base import Field, entra

CLOUD = Field(
    "cloud",
    "Cloud",
    "Leave the first choice, unless your organisation has its subscriptions in one of Microsoft's national clouds.",
    is_required=False,
    choices=tuple((each.id, each.label) for each in entra.CLOUDS if each.id in ("global", "gcc_high", "china")),
)
ACCESS = Field(
    "access",
    "What Gatehouse may do",
    "Acting means: remove role assignments, lock resource groups, close storage accounts. It needs more rights than "
    "reading.",
    is_required=False,
    choices=((READ_ONLY, "Read only"), (ACT, "Read and act")),
)
EVENTS = Field(
    "events",
    "Changes at once",
    "With Event Grid, Gatehouse makes an event subscription in each subscription and reads the activity log as soon as "
    "something happens. Without it, the log is read every five minutes.",
    is_required=False,
    choices=((NO_PUSH, "Every five minutes"), (PUSH, "At once, by Event Grid")),
)
APP = (CLOUD, entra.TENANT_ID, entra.CLIENT_ID)
MORE = (ACCESS, EVENTS)
