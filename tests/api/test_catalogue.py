"""The catalogue: read by a library of its own, and held to what the Swedish profile of DCAT asks for."""

import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from tests.snapshots import BASELINE_CODE, FOLLOW_UP_CODE

# The reader of JSON-LD uses a class that its own library gives up.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

ADDRESSES = {"turtle": "/api/v1/catalogue.ttl", "json-ld": "/api/v1/catalogue.jsonld"}
DCAT, DCTERMS = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
FOAF, VCARD = Namespace("http://xmlns.com/foaf/0.1/"), Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority/"
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
ONE, SOME = "exactly one", "one or more"
DATE, WORDS, ADDRESS = "a date", "words in a language", "an address"

# DCAT-AP-SE 3: what it makes mandatory, and what this catalogue promises beside that.
PROFILE = {
    DCAT.Catalog: {
        DCTERMS.title: (SOME, WORDS),
        DCTERMS.description: (SOME, WORDS),
        DCTERMS.publisher: (ONE, FOAF.Agent),
        DCTERMS.license: (ONE, ADDRESS),
        DCTERMS.language: (SOME, ADDRESS),
        DCTERMS.spatial: (SOME, DCTERMS.Location),
        DCAT.themeTaxonomy: (SOME, ADDRESS),
        FOAF.homepage: (ONE, ADDRESS),
    },
    DCAT.Dataset: {
        DCTERMS.title: (SOME, WORDS),
        DCTERMS.description: (SOME, WORDS),
        DCTERMS.publisher: (ONE, FOAF.Agent),
        DCAT.contactPoint: (SOME, VCARD.Organization),
        DCAT.distribution: (SOME, DCAT.Distribution),
        DCAT.keyword: (SOME, WORDS),
        DCAT.theme: (SOME, ADDRESS),
        DCTERMS.language: (SOME, ADDRESS),
        DCTERMS.issued: (ONE, DATE),
        DCTERMS.accrualPeriodicity: (ONE, ADDRESS),
        DCTERMS.accessRights: (ONE, ADDRESS),
        DCTERMS.spatial: (SOME, DCTERMS.Location),
        DCTERMS.temporal: (ONE, DCTERMS.PeriodOfTime),
    },
    DCAT.Distribution: {
        DCAT.accessURL: (SOME, ADDRESS),
        DCAT.downloadURL: (SOME, ADDRESS),
        DCAT.accessService: (SOME, DCAT.DataService),
        DCTERMS.license: (ONE, ADDRESS),
    },
    DCAT.DataService: {
        DCTERMS.title: (SOME, WORDS),
        DCAT.endpointURL: (SOME, ADDRESS),
        DCAT.endpointDescription: (SOME, ADDRESS),
        DCTERMS.license: (ONE, ADDRESS),
    },
    FOAF.Agent: {FOAF.name: (SOME, WORDS), DCTERMS.type: (ONE, ADDRESS)},
    VCARD.Organization: {VCARD.fn: (SOME, WORDS), VCARD.hasEmail: (SOME, ADDRESS)},
    DCTERMS.PeriodOfTime: {DCAT.startDate: (ONE, DATE), DCAT.endDate: (ONE, DATE)},
    SPDX.Checksum: {SPDX.algorithm: (ONE, ADDRESS)},
}


def read(client, name: str) -> Graph:
    answer = client.get(ADDRESSES[name])
    assert answer.mimetype == {"turtle": "text/turtle", "json-ld": "application/ld+json"}[name]
    return Graph().parse(data=answer.data, format=name)


def fits(graph: Graph, found, kind: object) -> bool:
    if kind == DATE:
        return isinstance(found, Literal) and found.datatype == XSD.date and found.value is not None
    if kind == WORDS:
        return isinstance(found, Literal) and bool(found.language)
    if kind == ADDRESS:
        return isinstance(found, URIRef) and ":" in found
    return (found, RDF.type, kind) in graph


def breaches(graph: Graph) -> list[str]:
    """What of the profile a graph does not keep."""
    found = []
    for kind, properties in PROFILE.items():
        for subject in graph.subjects(RDF.type, kind):
            for name, (how_many, of_kind) in properties.items():
                values = list(graph.objects(subject, name))
                if not values or (how_many == ONE and len(values) > 1):
                    found.append(f"{subject} has {len(values)} of {name}")
                found += [f"{subject} {name} {value}" for value in values if not fits(graph, value, of_kind)]
    return found


@pytest.fixture
def catalogue(client, snapshots) -> Graph:
    return read(client, "turtle")


def test_the_catalogue_has_what_the_swedish_profile_asks_for(catalogue):
    assert breaches(catalogue) == []
    assert {kind for kind in PROFILE if (None, RDF.type, kind) in catalogue} == set(PROFILE)


def test_the_check_of_the_profile_notices_what_is_missing(catalogue):
    for kind, properties in PROFILE.items():
        for name in properties:
            poorer = Graph()
            poorer += catalogue
            subject = next(catalogue.subjects(RDF.type, kind))
            poorer.remove((subject, name, None))
            assert breaches(poorer), f"{kind} without {name}"


def test_both_writings_are_one_graph(client, catalogue):
    assert set(read(client, "json-ld")) == set(catalogue)
    assert len(catalogue) > 100


def test_an_empty_portal_has_a_sound_catalogue_without_a_dataset(app, client):
    for name in ADDRESSES:
        graph = read(client, name)
        assert breaches(graph) == []
        assert (None, RDF.type, DCAT.Catalog) in graph
        assert (None, RDF.type, DCAT.Dataset) not in graph


def test_every_snapshot_is_a_dataset_with_its_period_and_its_digest(catalogue, snapshots):
    for snapshot in snapshots:
        dataset = URIRef(f"http://localhost/api/v1/baseline/{snapshot.code}#dataset")
        period = catalogue.value(dataset, DCTERMS.temporal)
        assert catalogue.value(period, DCAT.startDate) == Literal(snapshot.from_day)
        assert catalogue.value(period, DCAT.endDate) == Literal(snapshot.to_day)
        assert catalogue.value(dataset, DCTERMS.issued) == Literal(snapshot.frozen_on)
        own = URIRef(f"http://localhost/api/v1/baseline/{snapshot.code}#distribution")
        digest = catalogue.value(catalogue.value(own, SPDX.checksum), SPDX.checksumValue)
        assert str(digest).lower() == snapshot.public_digest


def test_a_follow_up_names_its_baseline(catalogue):
    later, earlier = (
        URIRef(f"http://localhost/api/v1/baseline/{code}#dataset") for code in (FOLLOW_UP_CODE, BASELINE_CODE)
    )
    assert list(catalogue.subject_objects(DCTERMS.relation)) == [(later, earlier)]


def test_everything_is_free_and_every_download_is_there(client, catalogue):
    assert set(catalogue.objects(None, DCTERMS.license)) == {CC0}
    downloads = list(catalogue.subject_objects(DCAT.downloadURL))
    assert len(downloads) == 2 * 4
    for distribution, address in downloads:
        answer = client.get(str(address).removeprefix("http://localhost"))
        assert answer.status_code == 200
        assert catalogue.value(distribution, DCTERMS["format"]) == Literal(answer.mimetype)


def test_an_example_population_is_called_one_in_the_description(catalogue):
    for dataset in catalogue.subjects(RDF.type, DCAT.Dataset):
        sentences = {text.language: str(text) for text in catalogue.objects(dataset, DCTERMS.description)}
        assert "påhittade" in sentences["sv"]
        assert "invented" in sentences["en"]


def test_themes_languages_and_frequencies_come_from_the_authorities_lists(catalogue):
    listed = {DCAT.theme: "data-theme/", DCTERMS.language: "language/", DCTERMS.accrualPeriodicity: "frequency/"}
    for name, folder in listed.items():
        assert all(str(value).startswith(EU + folder) for value in catalogue.objects(None, name))
    assert URIRef(f"{EU}language/SWE") in set(catalogue.objects(None, DCTERMS.language))
