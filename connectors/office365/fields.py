"""What the wizard asks for, beside what every app registration in Entra ID has."""

from connectors.base import Field
from connectors.office365.scopes import ACT, READ_ONLY

ACCESS = Field(
    "access",
    "What Gatehouse may do",
    "With reading alone fewer permissions are asked for, and no account, app or file can be acted on.",
    is_required=False,
    choices=((ACT, "Read, and act where an admin asks for it"), (READ_ONLY, "Read only")),
)
