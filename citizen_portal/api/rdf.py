"""Facts about things with addresses, written as JSON-LD and as Turtle from the same nodes.

A node is a JSON-LD object: ``@id``, ``@type`` and properties by prefixed name, each with a list of terms. Every node
has an address of its own, so two writings of the same nodes are the same graph.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Term = dict[str, str]
Node = dict[str, object]


def iri(address: str) -> Term:
    """Something with an address."""
    return {"@id": address}


def plain(value: str) -> Term:
    """A text in no language."""
    return {"@value": value}


def typed(value: str, kind: str) -> Term:
    """A value of a type with a prefixed name, such as ``xsd:date``."""
    return {"@value": value, "@type": kind}


def words(text: Mapping[str, str]) -> list[Term]:
    """The same words by language."""
    return [{"@value": value, "@language": language} for language, value in text.items()]


def node(address: str, kind: str, properties: Mapping[str, Sequence[Term]]) -> Node:
    """A node; a property without any term is left out."""
    return {"@id": address, "@type": kind, **{name: list(terms) for name, terms in properties.items() if terms}}


def json_ld(nodes: Iterable[Node]) -> bytes:
    """The nodes as JSON-LD 1.1, which needs nothing from elsewhere to be read."""
    document = {"@context": PREFIXES, "@graph": list(nodes)}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def turtle(nodes: Iterable[Node]) -> bytes:
    """The nodes as Turtle."""
    prefixes = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    return "\n".join([*prefixes, "", *map(_turtle_of, nodes)]).encode()


def _turtle_of(each: Node) -> str:
    return f"<{each['@id']}> " + " ;\n    ".join(_statements(each)) + " .\n"


def _statements(each: Node) -> Iterator[str]:
    yield f"a {each['@type']}"
    for name, terms in each.items():
        if not name.startswith("@"):
            yield f"{name} {', '.join(map(_turtle_term, terms))}"


def _turtle_term(term: Term) -> str:
    if "@id" in term:
        return f"<{term['@id']}>"
    # Turtle escapes in strings what JSON does, in the same way.
    quoted = json.dumps(term["@value"], ensure_ascii=False)
    if "@language" in term:
        return f"{quoted}@{term['@language']}"
    return f"{quoted}^^{term['@type']}" if "@type" in term else quoted
