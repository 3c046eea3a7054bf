"""The formats a snapshot is given in: each an address of its own, a media type and a pure function."""

from collections.abc import Callable
from dataclasses import dataclass

from citizen_portal.api.csvw import csvw_metadata
from citizen_portal.api.data_package import data_package
from citizen_portal.api.documents import PublicDocument
from citizen_portal.api.jsonstat import json_stat
from citizen_portal.api.tables import FIGURES, csv_of

METADATA = "csv-metadata"


@dataclass(frozen=True, slots=True)
class Format:
    """A format; ``ending`` comes after the snapshot's code, in addresses and file names."""

    ending: str
    endpoint: str
    media_type: str
    title: str
    make: Callable[[PublicDocument], bytes]


FORMATS = {
    "json": Format(
        "",
        "feed.snapshot",
        "application/json",
        "The public document as it was frozen",
        lambda document: document.text.encode(),
    ),
    "csv": Format(
        ".csv",
        "feed.csv",
        "text/csv; charset=utf-8; header=present",
        "One row per figure",
        lambda document: csv_of(FIGURES, document.values),
    ),
    METADATA: Format(
        ".csv-metadata.json",
        "feed.csv_metadata",
        "application/csvm+json",
        "What the columns of the CSV mean",
        csvw_metadata,
    ),
    "jsonstat": Format(
        ".jsonstat.json",
        "feed.jsonstat",
        "application/json",
        "Figures as a JSON-stat 2.0 cube",
        json_stat,
    ),
    "zip": Format(
        ".zip",
        "feed.data_package",
        "application/zip",
        "Everything as a Frictionless Data Package",
        data_package,
    ),
}
