"""What Microsoft's permissions are said to mean, and how much harm they do."""

import pytest

from connectors.base import Risk
from connectors.office365.scope_words import scope_meaning


@pytest.mark.parametrize(
    ("scope", "risk"),
    [
        ("openid", Risk.LOW),
        ("offline_access", Risk.LOW),
        ("User.Read", Risk.LOW),
        ("User.Read.All", Risk.MEDIUM),
        ("Mail.Read", Risk.MEDIUM),
        ("Mail.ReadWrite", Risk.HIGH),
        ("Mail.Send", Risk.HIGH),
        ("Mail.Read (application)", Risk.HIGH),
        ("Files.Read.All (application)", Risk.HIGH),
        ("AuditLog.Read.All (application)", Risk.MEDIUM),
        ("RoleManagement.ReadWrite.Directory (application)", Risk.HIGH),
        ("Office 365 SharePoint Online: Sites.FullControl.All (application)", Risk.HIGH),
        ("Windows Azure Service Management API: user_impersonation", Risk.HIGH),
    ],
)
def test_a_permission_is_as_risky_as_what_it_opens(scope: str, risk: Risk) -> None:
    assert scope_meaning(scope).risk is risk


@pytest.mark.parametrize("scope", ["Nonsense", "Payroll: Salary.Read", "Something.ReadWrite.All", "", ": ", "x: y: z"])
def test_what_is_not_known_keeps_its_name_and_is_never_called_low(scope: str) -> None:
    assert scope_meaning(scope).words == scope
    assert scope_meaning(scope).risk is Risk.UNKNOWN


def test_words_say_of_which_service_and_that_an_app_acts_by_itself() -> None:
    assert scope_meaning("Mail.Read").words == "Read mail"
    assert scope_meaning("Mail.Read (application)").words == "Read mail, by itself and for everybody"
    told = scope_meaning("Office 365 SharePoint Online: Sites.FullControl.All (application)").words
    assert told.endswith("in Office 365 SharePoint Online, by itself and for everybody")
