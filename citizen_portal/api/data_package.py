"""A Frictionless Data Package: a snapshot with its tables and their description, in one archive to keep.

The archive is the same bytes on any machine: its files bear the day of freezing and are stored, because what
compressing gives depends on the library that does it.
"""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from citizen_portal.api.documents import PublicDocument
from citizen_portal.api.jsonstat import EXAMPLE
from citizen_portal.api.licence import LICENCE, LICENCE_NAME
from citizen_portal.api.tables import FIGURES, NAMES, REPORTS, Column, Table, csv_of

TABLES = (FIGURES, REPORTS, NAMES)
DOCUMENT, SCHEMA, DESCRIPTOR, READ_ME = "baseline.json", "baseline.schema.json", "datapackage.json", "README.md"
READABLE_BY_ALL = 0o644 << 16
UNIX = 3

ABOUT = """# {municipality}: {code}

Figures of the agreement {agreement} between municipality and police, frozen on {frozen_on}.
{example}
- `{document}`: the public document as it was frozen, and `{schema}`, the JSON Schema it follows.
  SHA-256 of the document: `{digest}`.
- `figures.csv`: one row per figure. `reports.csv`: residents' reports, counted. `names.csv`: what the codes stand for.
  UTF-8, commas, decimal points. `datapackage.json` describes every column.

Shares are whole percentages, rates have one decimal, bases and counts are rounded to five; intervals are of 95 %. A row
whose `shown` is false is hidden to protect people, and has no number.

Licence: CC0 1.0, {licence}
"""


def data_package(document: PublicDocument) -> bytes:
    """The archive of a snapshot."""
    tables = {f"{table.name}.csv": csv_of(table, document.values) for table in TABLES}
    frozen = {DOCUMENT: document.text.encode()}
    files = {
        DESCRIPTOR: _descriptor(document, tables | frozen),
        READ_ME: _about(document).encode(),
        **tables,
        **frozen,
        SCHEMA: Path(__file__).with_name(SCHEMA).read_bytes(),
    }
    year, month, day = map(int, document.values["frozen_on"].split("-"))
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as package:
        for name, content in files.items():
            entry = ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.external_attr, entry.create_system = READABLE_BY_ALL, UNIX
            package.writestr(entry, content)
    return archive.getvalue()


def _descriptor(document: PublicDocument, files: dict[str, bytes]) -> bytes:
    values = document.values
    descriptor = {
        "profile": "data-package",
        "name": document.code,
        "title": f"{FIGURES.title}, {values['municipality']}, {document.code}",
        "version": document.digest,
        "licenses": [{"name": LICENCE_NAME, "path": LICENCE}],
        "resources": [
            *({**_file(f"{table.name}.csv", files), **_table(table)} for table in TABLES),
            {**_file(DOCUMENT, files), "name": "baseline", "format": "json", "mediatype": "application/json"},
        ],
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _file(name: str, files: dict[str, bytes]) -> dict[str, object]:
    content = files[name]
    digest = f"sha256:{sha256(content).hexdigest()}"
    return {"path": name, "encoding": "utf-8", "bytes": len(content), "hash": digest}


def _table(table: Table) -> dict[str, object]:
    schema = {"fields": [_field(column) for column in table.columns], "primaryKey": list(table.key)}
    about = {"name": table.name, "title": table.title, "format": "csv", "mediatype": "text/csv"}
    return {"profile": "tabular-data-resource", **about, "schema": schema}


def _field(column: Column) -> dict[str, object]:
    constraints = {"constraints": {"required": True}} if column.always else {}
    return {"name": column.name, "type": column.kind, "description": column.meaning, **constraints}


def _about(document: PublicDocument) -> str:
    values = document.values
    return ABOUT.format(
        municipality=values["municipality"],
        code=document.code,
        agreement=values["agreement"],
        frozen_on=values["frozen_on"],
        example=f"\n{EXAMPLE}\n" if values["survey"]["example_population"] else "",
        document=DOCUMENT,
        schema=SCHEMA,
        digest=document.digest,
        licence=LICENCE,
    )
