"""Contoso Ltd: the people that all simulators know, with ids that never change.

`apps` names where somebody has an account, by connector id; what they may do there is the affair of each simulator's
seed.
"""

from dataclasses import dataclass
from enum import StrEnum

NAME = "Contoso Ltd"
DOMAIN = "contoso.example"
SECOND_DOMAIN = "contoso-dev.example"
DOMAINS = (DOMAIN, SECOND_DOMAIN)
PARTNER_DOMAIN = "fabrikam.example"
OFFICE_ADDRESSES = {"DE": "198.51.100.14", "GB": "198.51.100.77", "US": "203.0.113.20", "IN": "203.0.113.142"}


class Kind(StrEnum):
    EMPLOYEE = "employee"
    LEAVER = "leaver"
    GUEST = "guest"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Person:
    """`handle` is the ASCII account name; `email` the work address; `country` an ISO code."""

    id: str
    handle: str
    given_name: str
    family_name: str
    title: str
    department: str
    country: str
    email: str
    kind: Kind
    apps: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def address(self) -> str:
        """The IP address they usually come from."""
        return OFFICE_ADDRESSES.get(self.country, "192.0.2.45")


OFFICE = frozenset({"okta", "office365", "google_workspace", "workday", "webex", "box", "dropbox"})
SALES = OFFICE | {"salesforce"}
ENGINEERING = OFFICE | {"github", "servicenow", "aws"}
PLATFORM = ENGINEERING | {"azure", "gcp"}
GITHUB_ONLY = frozenset({"github"})

# id, handle, given name, family name, title, department, country, apps
_EMPLOYEES = (
    ("C1001", "mhartmann", "Miriam", "Hartmann", "Chief Information Security Officer", "Security", "DE", PLATFORM),
    ("C1002", "dokafor", "Daniel", "Okafor", "Head of Platform Engineering", "Engineering", "GB", PLATFORM),
    ("C1003", "asingh", "Anjali", "Singh", "Site Reliability Engineer", "Engineering", "IN", PLATFORM),
    (
        "C1004",
        "jmueller",
        "Jürgen",
        "Müller-Lüdenscheidt",
        "Senior Software Engineer",
        "Engineering",
        "DE",
        ENGINEERING,
    ),
    ("C1005", "yhaddad", "يوسف", "حداد", "Software Engineer", "Engineering", "GB", ENGINEERING),
    ("C1006", "sato-h", "佐藤", "花子", "Software Engineer", "Engineering", "JP", ENGINEERING),
    ("C1007", "zoe-builds", "Zoë 🚀", "Lindqvist", "Release Engineer", "Engineering", "SE", ENGINEERING),
    ("C1008", "obrien-c", "Ciarán", "O'Brien", "Data Engineer", "Data", "IE", ENGINEERING),
    ("C1009", "nguyenta", "Thị Ánh", "Nguyễn", "Machine Learning Engineer", "Data", "US", ENGINEERING),
    ("C1010", "lvantongeren", "Lotte", "van Tongeren", "Engineering Manager", "Engineering", "NL", ENGINEERING),
    ("C1011", "mkowalczyk", "Michał", "Kowalczyk", "Quality Engineer", "Engineering", "PL", ENGINEERING),
    ("C1012", "rferreira", "Rui", "Ferreira da Conceição", "Security Engineer", "Security", "PT", PLATFORM),
    ("C1013", "tbaker", "Tamsin", "Baker", "Technical Writer", "Engineering", "GB", OFFICE | {"github"}),
    ("C1014", "gcohen", "גלית", "כהן", "Security Analyst", "Security", "IL", OFFICE | {"servicenow"}),
    ("C1015", "psmith", "Paul", "Smith", "IT Support Specialist", "IT", "US", OFFICE | {"servicenow", "azure"}),
    ("C1016", "psmith2", "Paul", "Smith", "Account Executive", "Sales", "US", SALES),
    ("C1017", "eandersson", "Elin", "Andersson", "Sales Director", "Sales", "SE", SALES),
    ("C1018", "fmartin", "François", "Martin", "Account Executive", "Sales", "FR", SALES),
    ("C1019", "ipetrova", "Ирина", "Петрова", "Financial Controller", "Finance", "DE", OFFICE),
    ("C1020", "kchen", "Kai", "Chen", "Accountant", "Finance", "US", OFFICE),
    ("C1021", "abrown", "Amelia", "Brown", "HR Business Partner", "People", "GB", OFFICE | {"servicenow"}),
    ("C1022", "msuarez", "María José", "Suárez Núñez", "Recruiter", "People", "ES", OFFICE),
    ("C1023", "wjones", "William", "Jones", "Legal Counsel", "Legal", "GB", OFFICE),
    ("C1024", "hkim", "하은", "김", "Product Manager", "Product", "KR", OFFICE | {"github", "salesforce"}),
    ("C1025", "dwilson", "Dorothy", "Wilson", "Executive Assistant", "Office", "GB", OFFICE),
    ("C1026", "rpatel", "Rohan", "Patel", "Chief Executive Officer", "Office", "GB", SALES),
    ("C1027", "cho-s", "S.", "", "Designer", "Product", "KR", OFFICE),
    ("C1028", "bschmidt", "Björn-Ole", "Schmidt", "Cloud Architect", "Engineering", "DE", PLATFORM - {"github"}),
    ("C1029", "lmoreau", "Léa", "Moreau", "Customer Success Manager", "Sales", "FR", SALES),
    ("C1030", "aabubakar", "Aisha", "Abubakar", "Compliance Officer", "Legal", "NG", OFFICE),
)

_LEAVERS = (
    ("C1031", "tvolkov", "Timur", "Volkov", "Software Engineer", "Engineering", "DE", ENGINEERING),
    ("C1032", "hgreen", "Harriet", "Green", "Account Executive", "Sales", "GB", SALES),
)

_GUESTS = (
    ("X2001", "fab-lena", "Lena", "Fischer", "Contractor", "Fabrikam", "DE", GITHUB_ONLY | {"box", "dropbox"}),
    ("X2002", "fab-omar", "Omar", "Benali", "Contractor", "Fabrikam", "MA", GITHUB_ONLY | {"office365"}),
    ("X2003", "priya-freelance", "Priya", "Raman", "Freelance Auditor", "", "IN", GITHUB_ONLY | {"google_workspace"}),
    ("X2004", "fab-newhire", "Noah", "Weber", "Contractor", "Fabrikam", "DE", GITHUB_ONLY),
    ("X2005", "wide-world", "Wide World", "Importers", "Supplier", "Wide World Importers", "US", frozenset({"box"})),
)

_SERVICES = (
    ("S3001", "contoso-security-svc", "Security", "Automation", "Service account", "Security", "DE", PLATFORM),
    ("S3002", "contoso-deploy-svc", "Deployment", "Robot", "Service account", "Engineering", "DE", ENGINEERING),
    ("S3003", "contoso-backup-svc", "Backup", "Robot", "Service account", "IT", "DE", OFFICE),
)


def _people(rows: tuple[tuple[str, str, str, str, str, str, str, frozenset[str]], ...], kind: Kind) -> list[Person]:
    domain = PARTNER_DOMAIN if kind is Kind.GUEST else DOMAIN
    return [Person(*row[:7], f"{row[1]}@{domain}", kind, row[7]) for row in rows]


PEOPLE: tuple[Person, ...] = (
    *_people(_EMPLOYEES, Kind.EMPLOYEE),
    *_people(_LEAVERS, Kind.LEAVER),
    *_people(_GUESTS, Kind.GUEST),
    *_people(_SERVICES, Kind.SERVICE),
)

BY_HANDLE: dict[str, Person] = {person.handle: person for person in PEOPLE}


def people_in(app: str) -> list[Person]:
    return [person for person in PEOPLE if app in person.apps]
