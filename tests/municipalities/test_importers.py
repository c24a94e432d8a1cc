"""Postal codes and outlines: small files made here, spoiled ones refused whole, the real ones where they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from municipalities import reference
from municipalities.distance import road_metres
from municipalities.models import Municipality, MunicipalityBoundary, PostalCode, PostalDistance
from tests.vocabulary.files import SHARED, write

pytestmark = pytest.mark.django_db

HEAD = ["postcode", "town", "municipality_codes", "lat", "lon"]
HILLEROED = ["3400", "Hillerød", "0219", "55.9333", "12.3000"]
NIVAA = ["2990", "Nivå", "0210;0217", "55.9374", "12.5002"]


@pytest.fixture(autouse=True)
def region() -> None:
    reference.load()


def imported(path: Path, kind: str = "postcodes") -> None:
    call_command("import_vocabulary", kind, str(path), verbosity=0)


def test_postal_codes_come_with_the_distances_between_them(tmp_path: Path) -> None:
    before = PostalCode.objects.count()
    imported(write(tmp_path / "codes.csv", [HEAD, ["8000", "Aarhus C", "0751", "56.15", "10.20"], NIVAA]))
    assert PostalCode.objects.count() == before + 1, "those that the file lacks are kept"
    assert PostalCode.objects.get(code="2990").municipality_codes == "0210 0217"
    assert PostalDistance.objects.count() == (before + 1) ** 2
    aarhus, nivaa = (56.15, 10.20), (55.9374, 12.5002)
    there = PostalDistance.objects.get(origin="8000", target="2990").metres
    assert there == PostalDistance.objects.get(origin="2990", target="8000").metres == road_metres(aarhus, nivaa)
    assert PostalDistance.objects.get(origin="8000", target="8000").metres == 0


def test_a_second_import_of_the_same_points_computes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "codes.csv", [HEAD, HILLEROED])
    imported(path)
    first = PostalDistance.objects.order_by("pk").first()
    imported(path)
    reference.load()
    assert PostalDistance.objects.order_by("pk").first() == first
    assert PostalCode.objects.get(code="3400").latitude == 55.9333, "the product's own row does not come back"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["3900", "Nuuk", "0956", "64.18", "-51.72"], "3900 lies outside Denmark"),
        (["2111", "Malmö", "0219", "12.99", "55.60"], "lies outside Denmark"),
        (["21115", "Malmö", "0219", "55.60", "12.99"], "a postal code has four digits"),
        (["2990", "Nivå", "", "55.9374", "12.5002"], "municipality codes have four digits"),
        (["2990", "Nivå", "0210", "north", "12.5002"], "decimal degrees"),
        (["2990", "Nivå", "0210", "nan", "12.5002"], "outside Denmark"),
        (["3400", "Hillerød", "0219", "55.9", "12.3"], "3400 comes twice"),
        (["2990", "Nivå"], "cut off or damaged"),
    ],
)
def test_a_wrong_row_refuses_the_file_and_all_stays(tmp_path: Path, row: list[str], told: str) -> None:
    before = list(PostalCode.objects.values()), PostalDistance.objects.count()
    with pytest.raises(CommandError, match=told):
        imported(write(tmp_path / "codes.csv", [HEAD, HILLEROED, row]))
    assert (list(PostalCode.objects.values()), PostalDistance.objects.count()) == before


def feature(code: str, **changes: Any) -> dict[str, Any]:
    ring = [[12.123456789, 55.8], [12.2, 55.8], [12.2, 55.9], [12.123456789, 55.8]]
    return {
        "type": "Feature",
        "properties": {"KOMKODE": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]} | changes,
    }


def outlines(path: Path, features: list[Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def nine() -> list[dict[str, Any]]:
    return [feature(code) for code in Municipality.objects.order_by("code").values_list("code", flat=True)]


def test_outlines_of_the_nine_are_kept_and_others_passed_over(tmp_path: Path) -> None:
    imported(outlines(tmp_path / "all.geojson", [*nine(), feature("751")]), "boundaries")
    assert MunicipalityBoundary.objects.count() == 9
    outline = Municipality.objects.get(code="0219").boundary.outline
    assert outline["type"] == "MultiPolygon"
    assert outline["coordinates"][0][0][0] == [12.12346, 55.8]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda each: each[1:], "these municipalities are not in the file: Allerød"),
        (lambda each: [*each, each[0]], "comes twice"),
        (lambda each: [*each, {"properties": {}, "geometry": None}], "no municipality code"),
        (lambda each: [feature("0201", type="Point"), *each[1:]], "the outline of Allerød is no polygon"),
        (lambda each: [feature("0201", coordinates=[[[12.1, 55.8]]]), *each[1:]], "closed rings"),
        (lambda each: [feature("0201", coordinates=[[["a", 5]] * 4]), *each[1:]], "closed rings"),
        (lambda each: [feature("0201", coordinates=[[[700000, 6190000]] * 4]), *each[1:]], "outside Denmark"),
        (lambda each: [feature("0201", coordinates=[[[55.8, 12.1]] * 4]), *each[1:]], "longitude, latitude"),
        (lambda each: "x", "no GeoJSON"),
    ],
)
def test_wrong_outlines_are_refused_and_the_old_ones_stay(tmp_path: Path, spoil: Any, told: str) -> None:
    imported(outlines(tmp_path / "old.geojson", nine()), "boundaries")
    before = list(MunicipalityBoundary.objects.values())
    with pytest.raises(CommandError, match=told):
        imported(outlines(tmp_path / "new.geojson", spoil(nine())), "boundaries")
    assert list(MunicipalityBoundary.objects.values()) == before


def test_half_a_geojson_is_refused(tmp_path: Path) -> None:
    path = outlines(tmp_path / "all.geojson", nine())
    path.write_text(path.read_text()[:-40])
    with pytest.raises(CommandError, match="only a part"):
        imported(path, "boundaries")


@pytest.mark.skipif(not SHARED.exists(), reason="the reference files are not beside the repository")
def test_the_published_outlines_are_read() -> None:
    imported(SHARED / "nrs_municipalities.geojson", "boundaries")
    assert MunicipalityBoundary.objects.count() == 9
