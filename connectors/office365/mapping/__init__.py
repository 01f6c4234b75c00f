"""From Office 365's JSON to records. Nothing here calls it; a missing or odd member never drops a record."""

from connectors.office365.mapping.audit_records import audit_record
from connectors.office365.mapping.directory_audits import directory_audit
from connectors.office365.mapping.lost_records import lost_records
from connectors.office365.mapping.sign_ins import sign_in
from connectors.office365.mapping.values import Row, moment, number, part, rows, text

__all__ = [
    "Row", "audit_record", "directory_audit", "lost_records", "moment", "number", "part", "rows", "sign_in", "text",
]  # fmt: skip
