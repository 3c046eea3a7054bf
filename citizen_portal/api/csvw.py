"""CSV on the Web (W3C, 2015): what the columns of the CSV mean, beside it under the name that its readers try first."""

import json

from citizen_portal.api.documents import PublicDocument
from citizen_portal.api.licence import LICENCE
from citizen_portal.api.tables import FIGURES, NUMBER, TEXT, WHOLE, YES_NO, Column, Table

DATATYPES = {TEXT: "string", WHOLE: "integer", NUMBER: "decimal", YES_NO: {"base": "boolean", "format": "true|false"}}


def csvw_metadata(document: PublicDocument) -> bytes:
    """The metadata document of a snapshot's CSV."""
    values = document.values
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{document.code}.csv",
        "dc:title": f"{FIGURES.title}, {values['municipality']}, {document.code}",
        "dc:issued": {"@value": values["frozen_on"], "@type": "xsd:date"},
        "dc:license": {"@id": LICENCE},
        "dc:source": f"{document.code}, SHA-256 {document.digest}",
        "tableSchema": _schema(FIGURES),
    }
    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()


def _schema(table: Table) -> dict[str, object]:
    return {"columns": [_column(column) for column in table.columns], "primaryKey": list(table.key)}


def _column(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.meaning,
        "datatype": DATATYPES[column.kind],
        "required": column.always,
    }
