"""The data package: described as its readers expect, the same bytes each time, and nothing in it but what is public."""

import csv
import hashlib
import io
import json
import zipfile

import pytest

from citizen_portal.api.data_package import data_package
from citizen_portal.api.documents import PublicDocument
from tests.snapshots import BASELINE_CODE, FOLLOW_UP_CODE

ADDRESS = f"/api/v1/baseline/{FOLLOW_UP_CODE}"


@pytest.fixture
def folder(client, snapshots, tmp_path):
    """The package, unpacked."""
    answer = client.get(f"{ADDRESS}.zip")
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        assert package.testzip() is None
        package.extractall(tmp_path)
    return tmp_path


def test_a_reader_of_data_packages_finds_nothing_to_complain_of(folder):
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert {task.name for task in report.tasks} == {"figures", "reports", "names", "baseline"}
    assert report.stats["errors"] == 0


def test_that_reader_complains_of_a_hidden_cell_that_is_neither(folder):
    from frictionless import Package

    figures = folder / "figures.csv"
    figures.write_bytes(figures.read_bytes().replace(b",false,", b",perhaps,", 1))
    report = Package(str(folder / "datapackage.json")).validate()
    assert "type-error" in {error for [error] in report.flatten(["type"])}


def test_the_package_holds_the_frozen_document_and_the_rows_of_the_feed(client, folder, snapshots):
    assert (folder / "baseline.json").read_text("utf-8") == snapshots[1].public_document
    assert (folder / "figures.csv").read_bytes() == client.get(f"{ADDRESS}.csv").data
    assert (folder / "baseline.schema.json").read_bytes() == client.get("/api/v1/baseline.schema.json").data
    assert snapshots[1].public_digest in (folder / "README.md").read_text("utf-8")
    assert "invented" in (folder / "README.md").read_text("utf-8")


def test_the_description_gives_size_and_digest_of_every_file(folder):
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    assert len(described) == 4
    for resource in described:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_package_is_the_same_bytes_each_time_and_bears_the_day_of_freezing(client, snapshots):
    once = client.get(f"{ADDRESS}.zip").data
    again = PublicDocument(FOLLOW_UP_CODE, snapshots[1].public_digest, snapshots[1].public_document)
    assert data_package(again) == once
    with zipfile.ZipFile(io.BytesIO(once)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 5, 4, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in package.infolist()} == {0o644}


def test_nothing_of_the_full_figures_is_in_the_package(client, snapshots):
    full = json.loads(snapshots[0].document)
    content = client.get(f"/api/v1/baseline/{BASELINE_CODE}.zip").data.decode("latin-1")
    in_full = [
        repr(figure["estimate"])
        for indicator in full["indicators"]
        for figure in indicator["figures"]
        if figure["estimate"] not in {None, 0.0, 1.0}
    ]
    assert len(in_full) > 100
    assert [number for number in in_full if number in content] == []


def test_the_rows_can_be_read_with_nothing_but_a_reader_of_csv(folder):
    with (folder / "names.csv").open(encoding="utf-8", newline="") as file:
        names = {(row["column"], row["code"], row["language"]): row["name"] for row in csv.DictReader(file)}
    assert names["age", "age_16_29", "sv"] == "16–29 år"
