"""Records with coordinates: in the village they lie in, once, and never against a certain name."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from factories import a_gazetteer, an_identity, squares, write_layer
from sheet_factories import write_text
from typer.testing import CliRunner

from geo.boundaries.points import locate_points
from geo.cli.main import app
from geo.counting.points import place_points
from geo.enrolment.reading import read_enrolment
from geo.workspace.periods import Workspace

LAYER = squares().set_index("kode").geometry
FIRST, SECOND = "62.05.01.1001", "62.05.01.2002"


def located(*points: tuple[float, float], nearest_km: float = 1.0) -> list[str]:
    x, y = (pd.Series([point[at] for point in points], dtype="float64") for at in (0, 1))
    return locate_points(x, y, LAYER, nearest_km=nearest_km).code.tolist()


def test_a_point_on_a_border_counts_once_in_the_first_village() -> None:
    assert located((115.1, -0.95)) == [FIRST]
    assert located((115.05, -0.95), (115.15, -0.95)) == [FIRST, SECOND]


def test_a_point_outside_goes_to_the_nearest_within_the_distance() -> None:
    near = (114.995, -0.95)  # half a kilometre west of the first village
    assert located(near) == [FIRST]
    assert located(near, nearest_km=0.1) == [""]
    assert located((100.0, -0.95)) == [""]
    assert located((np.nan, np.nan)) == [""]


def test_points_are_joined_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    import geo.boundaries.points as points

    whole = [(115.05 + 0.1 * (at % 6), -0.95) for at in range(50)]
    expected = located(*whole)
    joined: list[int] = []
    sjoin = gpd.sjoin

    def counted(one: gpd.GeoDataFrame, *rest: object, **more: object) -> gpd.GeoDataFrame:
        joined.append(len(one))
        return sjoin(one, *rest, **more)

    monkeypatch.setattr(points, "_PIECE", 7)
    monkeypatch.setattr(points.gpd, "sjoin", counted)
    assert located(*whole) == expected
    assert max(joined) == 7
    assert sum(joined) == 50


def test_a_certain_name_counts_and_the_difference_is_told(tmp_path: Path) -> None:
    rows = [
        ("NIK", "DESA", "KECAMATAN", "LATITUDE", "LONGITUDE"),
        (an_identity(1), "Lemo I", "Montallat", "-0,95", "115,15"),
        (an_identity(2), "", "", "-0,95", "115,15"),
        (an_identity(3), "Tiada", "Montallat", "115,05", "-0,95"),
    ]
    path = write_text(tmp_path / "a.csv", rows)
    reading = read_enrolment(path, period="2024-10", covers="all")
    placed = place_points(reading.records, a_gazetteer(), LAYER, nearest_km=1.0)
    assert placed.differing.to_dict("records") == [{"row": 2, "named": FIRST, "point": SECOND}]
    assert placed.records["code"].tolist() == ["", SECOND, FIRST]
    assert placed.records["village"].tolist() == ["Lemo I", "", ""]
    assert [note.facts["count"] for note in placed.notes] == [2, 1]


def test_rows_that_name_another_village_are_listed_with_both(tmp_path: Path) -> None:
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    rows = [
        ("NIK", "DESA", "KECAMATAN", "LATITUDE", "LONGITUDE"),
        (an_identity(1), "Lemo I", "Montallat", "-0,95", "115,15"),
        (an_identity(2), "Lemo I", "Montallat", "-0,95", "115,05"),
    ]
    words = ["import", write_text(tmp_path / "a.csv", rows), "--boundaries", layer]
    words += ["--workspace", tmp_path / "w", "--period", "2024-10", "--covers", "all"]
    done = CliRunner().invoke(
        app, [*map(str, words), "--fixes", str(tmp_path / "fix.csv"), "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    fixes = pd.read_csv(tmp_path / "fix.csv", dtype="str", keep_default_na=False)
    assert fixes["row"].tolist() == ["2"]
    assert fixes["reason"].str.contains("coordinates lie in another village").all()
    assert fixes["value"].tolist() == [f"Lemo I ({FIRST}) → Lemo II ({SECOND})"]


@pytest.mark.parametrize("head", [("KOORDINAT",), ("LAT", "LNG")])
def test_coordinates_alone_are_enough_for_an_import(tmp_path: Path, head: tuple[str, ...]) -> None:
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    cells = ("-0,95; 115,05",) if len(head) == 1 else ("0°57'0\" LS", "115°3'0\" BT")
    rows = [("NIK", *head), *((an_identity(at), *cells) for at in range(1, 4))]
    words = ["import", str(write_text(tmp_path / "a.csv", rows)), "--boundaries", str(layer)]
    words += ["--workspace", str(tmp_path / "w"), "--period", "2024-10", "--covers", "all"]
    done = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "3 records were given the village" in done.stdout
    people = Workspace(tmp_path / "w").read_counts("2024-10").people
    assert people[["code", "people"]].to_dict("records") == [{"code": FIRST, "people": 3}]
    again = CliRunner().invoke(app, [*words, "--add", "--lang", "en"])
    assert again.exit_code == 0, again.output
    assert Workspace(tmp_path / "w").read_counts("2024-10").people["people"].sum() == 6
