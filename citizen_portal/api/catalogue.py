"""The catalogue that data portals harvest: DCAT-AP-SE 3, a dataset per snapshot and a distribution per format."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from citizen_portal.api.addresses import absolute, base
from citizen_portal.api.documents import PublicDocument
from citizen_portal.api.formats import FORMATS, METADATA
from citizen_portal.api.licence import LICENCE
from citizen_portal.api.rdf import Node, iri, node, plain, typed, words
from citizen_portal.municipality import Municipality

EU = "http://publications.europa.eu/resource/authority"
THEMES = tuple(f"{EU}/data-theme/{code}" for code in ("JUST", "SOCI"))  # justice and public safety; society
NEVER = f"{EU}/frequency/NEVER"  # a frozen dataset is not updated
PUBLIC = f"{EU}/access-right/PUBLIC"
STABLE = f"{EU}/planned-availability/STABLE"
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
SHA_256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
# The authority's codes for languages that Swedish municipalities write in; one of another language goes without.
LANGUAGES = {
    "ar": "ARA", "en": "ENG", "es": "SPA", "fa": "FAS", "fi": "FIN", "ku": "KUR", "pl": "POL", "rom": "ROM",
    "ru": "RUS", "se": "SME", "so": "SOM", "sv": "SWE", "ti": "TIR", "tr": "TUR", "uk": "UKR", "yi": "YID",
}  # fmt: skip
DAY = "xsd:date"


@dataclass(frozen=True, slots=True)
class Names:
    """The addresses of the things in the catalogue that every snapshot shares.

    ``contacts`` is empty when the municipality's data names nobody to ask.
    """

    catalogue: str
    publisher: str
    contacts: tuple[str, ...]
    place: str
    service: str

    @classmethod
    def of(cls, municipality: Municipality) -> "Names":
        """As the reader of this request knows them."""
        start = absolute("feed.catalogue_turtle")
        catalogue, publisher, contact, place, service = (
            f"{start}#{name}" for name in ("catalogue", "publisher", "contact", "place", "service")
        )
        contacts = (contact,) if municipality.contacts_in("municipality") else ()
        return cls(catalogue, publisher, contacts, place, service)


def catalogue(documents: Sequence[PublicDocument], municipality: Municipality) -> list[Node]:
    """Every node of the catalogue; without a snapshot it has no dataset and says so by that."""
    names = Names.of(municipality)
    datasets = [node for document in documents for node in _dataset(document, names, municipality)]
    return [
        _catalogue(documents, names, municipality),
        *_publisher(names, municipality),
        _place(names, municipality),
        _service(documents, names),
        *datasets,
    ]


def _catalogue(documents: Sequence[PublicDocument], names: Names, municipality: Municipality) -> Node:
    text = _texts()["catalogue"]
    days = [typed(max(each.values["frozen_on"] for each in documents), DAY)] if documents else []
    return node(
        names.catalogue,
        "dcat:Catalog",
        {
            "dcterms:title": words(text["title"]),
            "dcterms:description": words(text["description"]),
            "dcterms:publisher": [iri(names.publisher)],
            "dcterms:license": [iri(LICENCE)],
            "dcterms:language": _languages(municipality),
            "dcterms:spatial": [iri(names.place)],
            "dcterms:modified": days,
            "dcat:themeTaxonomy": [iri(f"{EU}/data-theme")],
            "dcat:dataset": [iri(_dataset_of(each.code)) for each in documents],
            "dcat:service": [iri(names.service)],
            "foaf:homepage": [iri(f"{base()}/")],
        },
    )


def _publisher(names: Names, municipality: Municipality) -> Iterator[Node]:
    """The municipality, and where it can be asked about the data."""
    named = words(dict(municipality.organisation.words))
    about = {"foaf:name": named, "dcterms:type": [iri(LOCAL_AUTHORITY)]}
    yield node(names.publisher, "foaf:Agent", about)
    for address, contact in zip(names.contacts, municipality.contacts_in("municipality"), strict=False):
        telephone = f"{address}-telephone"
        reached = {
            "vcard:fn": words(dict(contact.label.words)),
            "vcard:hasEmail": [iri(f"mailto:{contact.email}")] if contact.email else [],
            "vcard:hasTelephone": [iri(telephone)],
        }
        yield node(address, "vcard:Organization", reached)
        yield node(telephone, "vcard:Voice", {"vcard:hasValue": [iri(f"tel:{contact.tel}")]})


def _place(names: Names, municipality: Municipality) -> Node:
    """The box around the municipality, longitude before latitude."""
    box = municipality.bounds
    corners = [(box.west, box.south), (box.east, box.south), (box.east, box.north), (box.west, box.north)]
    ring = ", ".join(f"{longitude} {latitude}" for longitude, latitude in [*corners, corners[0]])
    return node(names.place, "dcterms:Location", {"dcat:bbox": [typed(f"POLYGON(({ring}))", "geo:wktLiteral")]})


def _service(documents: Sequence[PublicDocument], names: Names) -> Node:
    return node(
        names.service,
        "dcat:DataService",
        {
            "dcterms:title": words(_texts()["service"]["title"]),
            "dcterms:publisher": [iri(names.publisher)],
            "dcterms:license": [iri(LICENCE)],
            "dcterms:accessRights": [iri(PUBLIC)],
            "dcat:contactPoint": [iri(contact) for contact in names.contacts],
            "dcat:endpointURL": [iri(absolute("feed.snapshots"))],
            "dcat:endpointDescription": [iri(absolute("feed.openapi"))],
            "dcat:servesDataset": [iri(_dataset_of(each.code)) for each in documents],
        },
    )


def _dataset(document: PublicDocument, names: Names, municipality: Municipality) -> Iterator[Node]:
    values, texts, address = document.values, _texts(), _dataset_of(document.code)
    period = values["period"]
    about = _filled(texts["dataset"]["description"], values)
    if values["survey"]["example_population"]:
        about = {language: f"{sentence} {texts['example'][language]}" for language, sentence in about.items()}
    against = [iri(_dataset_of(values["against"]))] if values["against"] else []
    formats = [name for name in FORMATS if name != METADATA]
    yield node(
        address,
        "dcat:Dataset",
        {
            "dcterms:title": words(_filled(texts[values["kind"]]["title"], values)),
            "dcterms:description": words(about),
            "dcterms:identifier": [plain(address)],
            "dcterms:publisher": [iri(names.publisher)],
            "dcat:contactPoint": [iri(contact) for contact in names.contacts],
            "dcat:keyword": [term for keyword in texts["keyword"] for term in words(keyword)],
            "dcat:theme": [iri(theme) for theme in THEMES],
            "dcterms:language": _languages(municipality),
            "dcterms:issued": [typed(values["frozen_on"], DAY)],
            "dcterms:accrualPeriodicity": [iri(NEVER)],
            "dcterms:accessRights": [iri(PUBLIC)],
            "dcterms:spatial": [iri(names.place)],
            "dcterms:temporal": [iri(f"{address}-period")],
            "dcterms:relation": against,
            "dcat:distribution": [iri(_distribution_of(document.code, name)) for name in formats],
        },
    )
    days = {"dcat:startDate": [typed(period["from"], DAY)], "dcat:endDate": [typed(period["to"], DAY)]}
    yield node(f"{address}-period", "dcterms:PeriodOfTime", days)
    for name in formats:
        yield from _distribution(document, name, names)


def _distribution(document: PublicDocument, name: str, names: Names) -> Iterator[Node]:
    address, own = absolute(FORMATS[name].endpoint, code=document.code), _distribution_of(document.code, name)
    described = {"json": absolute("feed.schema"), "csv": absolute(FORMATS[METADATA].endpoint, code=document.code)}
    checksum = f"{own}-checksum"
    yield node(
        own,
        "dcat:Distribution",
        {
            "dcterms:title": words({"en": FORMATS[name].title}),
            "dcterms:format": [plain(FORMATS[name].media_type.partition(";")[0])],
            "dcterms:license": [iri(LICENCE)],
            "dcterms:conformsTo": [iri(described[name])] if name in described else [],
            "dcat:accessURL": [iri(address)],
            "dcat:downloadURL": [iri(address)],
            "dcat:accessService": [iri(names.service)],
            "dcatap:availability": [iri(STABLE)],
            "spdx:checksum": [iri(checksum)] if name == "json" else [],
        },
    )
    if name == "json":
        known_by = {"spdx:algorithm": [iri(SHA_256)], "spdx:checksumValue": [typed(document.digest, "xsd:hexBinary")]}
        yield node(checksum, "spdx:Checksum", known_by)


def _dataset_of(code: str) -> str:
    return absolute("feed.snapshot", code=code) + "#dataset"


def _distribution_of(code: str, name: str) -> str:
    return absolute(FORMATS[name].endpoint, code=code) + "#distribution"


def _languages(municipality: Municipality) -> list[dict[str, str]]:
    return [iri(f"{EU}/language/{LANGUAGES[code]}") for code in municipality.languages if code in LANGUAGES]


def _filled(text: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    filling = {**values["period"], "agreement": values["agreement"]}
    return {language: sentence.format_map(filling) for language, sentence in text.items()}


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))
