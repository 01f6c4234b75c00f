"""Identity providers in GraphQL, of an organisation and of an enterprise, and the identities that they gave."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tests.sandbox.exchange import Json
from tests.sandbox.github.call import Call
from tests.sandbox.github.graphql_reader import Field
from tests.sandbox.github.graphql_values import Path, connection, nested, scalars
from tests.sandbox.github.people import SamlIdentity, User
from tests.sandbox.github.shapes import node_id

if TYPE_CHECKING:
    from tests.sandbox.github.enterprise import Enterprise
    from tests.sandbox.github.organisation import Organisation

ISSUER = "https://sts.contoso.example/contoso-dev"
ENTERPRISE_ISSUER = "https://sts.contoso.example/enterprise"
TENANT = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
ShowUser = Callable[[list[Field], User, Path], dict[str, Json]]


def of_organisation(call: Call, each: Field, organisation: "Organisation", path: Path, show: ShowUser) -> Json:
    values: dict[str, Json] = {
        "id": f"SIP_{organisation.id}",
        "issuer": ISSUER,
        "ssoUrl": "https://login.contoso.example/sso/saml",
    }
    shown = _Shown(call, organisation.identities, frozenset(organisation.members), [organisation], show)
    return shown.provider(each, values, "OrganizationIdentityProvider", path)


def of_enterprise(call: Call, each: Field, enterprise: "Enterprise", path: Path, show: ShowUser) -> Json:
    """By SAML or by OpenID Connect, each a field of its own; null for the other."""
    kind = "saml" if each.name == "samlIdentityProvider" else "oidc"
    if enterprise.single_sign_on != kind:
        return None
    members = frozenset(number for held in enterprise.organisations for number in held.members)
    shown = _Shown(call, enterprise.identities, members, enterprise.organisations, show)
    if kind == "saml":
        values: dict[str, Json] = {"id": f"EIP_{enterprise.id}", "issuer": ENTERPRISE_ISSUER, "ssoUrl": None}
        return shown.provider(each, values, "EnterpriseIdentityProvider", path)
    values = {"id": f"OIDC_{enterprise.id}", "providerType": "AAD", "tenantId": TENANT}
    return shown.provider(each, values, "OIDCProvider", path)


class _Shown:
    """Identities as somebody sees them who may."""

    def __init__(
        self,
        call: Call,
        identities: list[SamlIdentity],
        members: frozenset[int],
        organisations: "Iterable[Organisation]",
        show: ShowUser,
    ) -> None:
        self._call = call
        self._identities = identities
        self._members = members
        self._organisations = list(organisations)
        self._show = show

    def provider(self, each: Field, values: dict[str, Json], kind: str, path: Path) -> Json:
        def connect(below: Field) -> Json:
            where = (*path, below.key)
            largest = self._call.state.largest_page
            return connection(below, self._chosen(below.arguments), self._edge, self._identity, where, largest)

        return nested(each.fields, values, kind, externalIdentities=connect)

    def _chosen(self, arguments: dict[str, Json]) -> list[SamlIdentity]:
        """`login`: of the linked account; `userName`: what the identity provider calls it; `membersOnly`."""
        chosen = self._identities
        if arguments.get("login"):
            linked = self._call.state.user(str(arguments["login"]))
            chosen = [each for each in chosen if linked is not None and each.user_id == linked.id]
        if arguments.get("userName"):
            chosen = [each for each in chosen if each.name_id == arguments["userName"]]
        if arguments.get("membersOnly"):
            chosen = [each for each in chosen if each.user_id in self._members]
        return chosen

    def _edge(self, fields: list[Field], identity: SamlIdentity, cursor: str) -> Json:
        values: dict[str, Json] = {"cursor": cursor}
        return nested(fields, values, "ExternalIdentityEdge", node=lambda below: self._identity(below.fields, identity))

    def _identity(self, fields: list[Field], identity: SamlIdentity) -> Json:
        user = self._call.state.users.get(identity.user_id or 0)
        saml: dict[str, Json] = {"nameId": identity.name_id, "username": identity.name_id}
        scim: dict[str, Json] = {
            "username": identity.name_id,
            "givenName": identity.given_name or None,
            "familyName": identity.family_name or None,
        }

        def emails(below: Field) -> Json:
            rows = [
                {"value": each, "primary": number == 0, "type": None} for number, each in enumerate(identity.emails)
            ]
            return [scalars(below.fields, row) for row in rows]

        def attributes(below: Field, values: dict[str, Json], kind: str, is_there: bool) -> Json:
            name = f"ExternalIdentity{kind}Attributes"
            return nested(below.fields, values, name, emails=emails) if is_there else None

        return nested(
            fields,
            {"guid": identity.guid},
            "ExternalIdentity",
            samlIdentity=lambda below: attributes(below, saml, "Saml", identity.is_saml),
            scimIdentity=lambda below: attributes(below, scim, "Scim", identity.is_provisioned),
            user=lambda below: self._show(below.fields, user, ("user",)) if user else None,
            organizationInvitation=lambda below: self._invitation(below, identity),
        )

    def _invitation(self, each: Field, identity: SamlIdentity) -> Json:
        """The open one that provisioning has sent."""
        for held in self._organisations:
            for invitation in held.invitations.values():
                if invitation.source == "scim" and invitation.email in identity.emails:
                    return scalars(each.fields, {"id": node_id("OI", invitation.id), "email": invitation.email})
        return None
