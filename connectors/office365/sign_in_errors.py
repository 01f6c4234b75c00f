"""Why a sign-in failed, by its number (AADSTS): words for the common ones, others keep Microsoft's."""

from collections.abc import Mapping

ERRORS: Mapping[int, str] = {
    50053: "the account is locked after too many tries",
    50055: "the password has expired",
    50057: "the account is disabled",
    50074: "a second factor is needed",
    50076: "a second factor is needed",
    50105: "the account is not assigned to the app",
    50126: "wrong user name or password",
    53003: "blocked by Conditional Access",
}
