"""The numbered errors of Microsoft's sign-in, each with its remedy for an admin."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base.errors import ConnectorError, CredentialsRejected, PermissionMissing


@dataclass(frozen=True, slots=True)
class Remedy:
    """What one of Microsoft's sign-in errors (AADSTS and a number) is for an admin."""

    error: type[ConnectorError]
    message: str
    why: str
    remedy: str


SIGN_IN_ERRORS: Mapping[int, Remedy] = {
    700016: Remedy(
        CredentialsRejected,
        "Microsoft does not find this app in the tenant.",
        "The client id is wrong, or it belongs to another tenant.",
        "Compare both ids with the page Overview of the app registration, then connect again.",
    ),
    7000215: Remedy(
        CredentialsRejected,
        "Microsoft does not accept the client secret.",
        "Most often the Secret ID was pasted in place of the Value, or the secret was deleted.",
        "Make a new client secret on the page Certificates & secrets, and paste its Value.",
    ),
    7000222: Remedy(
        CredentialsRejected,
        "The client secret has expired.",
        "Secrets of an app registration last two years at most.",
        "Make a new client secret on the page Certificates & secrets, and paste its Value.",
    ),
    90002: Remedy(
        CredentialsRejected,
        "Microsoft does not know this tenant.",
        "The tenant id is wrong, or the tenant is in another of Microsoft's clouds.",
        "Compare the tenant id with the page Overview of the app registration, and check the cloud.",
    ),
    65001: Remedy(
        PermissionMissing,
        "No admin has consented to this app yet.",
        "",
        "Connect again and accept, as a Global Administrator or Privileged Role Administrator.",
    ),
    65004: Remedy(
        PermissionMissing,
        "Consent was declined.",
        "",
        "Connect again and accept, as a Global Administrator or Privileged Role Administrator.",
    ),
    50011: Remedy(
        CredentialsRejected,
        "The app registration does not know the address of this portal.",
        "The browser is sent back to registered addresses alone, and these are compared letter by letter.",
        "Add the callback address of the set-up guide on the page Authentication, as a Redirect URI of type Web.",
    ),
    53003: Remedy(
        CredentialsRejected,
        "A Conditional Access policy of the tenant blocks this app.",
        "Policies for workload identities can limit where an app may sign in from.",
        "Allow the addresses of this portal in the policy, then connect again.",
    ),
    50105: Remedy(
        PermissionMissing,
        "This account is not assigned to the app.",
        "The enterprise application wants an assignment.",
        "Assign the account, or switch off Assignment required on the enterprise application's page Properties.",
    ),
    501051: Remedy(
        PermissionMissing,
        "The app may not sign in, as it is not assigned to what it asks for.",
        "The enterprise application of that service wants an assignment.",
        "Assign the app there, or switch off Assignment required on the page Properties.",
    ),
    7000229: Remedy(
        CredentialsRejected,
        "The tenant has no enterprise application for this app.",
        "It was deleted, or nobody has consented yet.",
        "Connect again: consent makes it.",
    ),
    500011: Remedy(
        PermissionMissing,
        "The tenant does not have the service that a token was asked for.",
        "It was never switched on there, or the tenant is in another of Microsoft's clouds.",
        "Add the service's permissions to the app registration and consent, and check the cloud.",
    ),
    700027: Remedy(
        CredentialsRejected,
        "Microsoft does not accept the signature of this connection.",
        "The private key does not belong to the uploaded certificate, or the certificate was removed or has expired.",
        "Upload the certificate of this connection on the page Certificates & secrets, then connect again.",
    ),
}
