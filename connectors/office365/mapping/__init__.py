"""From Office 365's JSON to records. Nothing here calls it; a missing or odd member never drops a record."""

from connectors.office365.mapping.values import Row, moment, part, rows, text

__all__ = ["Row", "moment", "part", "rows", "text"]
