"""What actions on resource groups and storage accounts mean in Azure beside what they do."""

from collections.abc import Mapping

from connectors.base import ActionKind, Consequence

TOLD = "Azure tells nobody; it shows in the activity log of the subscription, and where alerts watch that, they go off."
CONSEQUENCES: Mapping[ActionKind, Consequence] = {
    ActionKind.MAKE_PRIVATE: Consequence(TOLD),
    ActionKind.MAKE_READ_ONLY: Consequence(TOLD),
}
