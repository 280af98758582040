"""From the rows of a boundary file to villages in the normal form, every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..core import codes
from ..core.errors import ColumnProblem, Note, mark
from ..gazetteer.places import are_villages, read_place_names, read_village_names
from .contradictions import settle_contradictions
from .conventions import ABOVE, FieldMissing, Recognition, as_text, read_codes
from .layer_audit import LayerAudit, no_events
from .layers import RawLayer
from .level_signs import find_level_sign
from .named_fields import recognise_named
from .resolve import Scheme, level_of_codes, region_codes, resolve_codes, resolve_names
from .shapes import Shapes, normalise_shapes

# What makers of layers draw beside villages. Villages are named after lakes, woods and rivers
# as well, so that such a word alone says nothing.
_NO_VILLAGE: Final = (
    r"(?i)\b(?:waduk|bendungan|reservoir|water\s?body|lake|forest|kawasan hutan|taman nasional"
    r"|hutan (?:lindung|produksi|negara|konservasi|adat|suaka)|cagar alam|suaka margasatwa"
    r"|area of disputes?|sengketa)\b|^\s*(?:hutan|danau|situ|rawa|laut|sungai|perairan)\s*$"
)
_TYPE_FIELDS: Final = ("type_4", "engtype_4", "tipe", "type")
_WATER: Final = r"(?i)\s*(?:water\s?body|waduk|danau|hutan|lake|forest|reservoir)\s*"
_DAMAGED_TEXT: Final = r"\d{1,12}\.0|\d+(?:[.,]\d+)?[eE]\+?\d+"
_NO_NAME: Final = ("", "-", "none", "null", "nan", "<null>", "n a", "na")
_SHOWN_FIELDS: Final = 12
_OTHER_LEVEL: Final[dict[codes.Level, str]] = {
    "subdistrict": mark("{path} holds subdistricts; expected is a layer of villages."),
    "regency": mark("{path} holds regencies; expected is a layer of villages."),
    "province": mark("{path} holds provinces; expected is a layer of villages."),
}


@dataclass(frozen=True)
class Normalised:
    """Villages in the normal form, rows that no code was found for, and the audit."""

    villages: gpd.GeoDataFrame
    unmatched: gpd.GeoDataFrame
    audit: LayerAudit


def normalise_layer(
    raw: RawLayer, path: str, *, crs: str | None = None, mapping: dict[str, str] | None = None
) -> Normalised:
    """Bring the rows of a file into the normal form.

    Parameters
    ----------
    raw : RawLayer
        Rows as they stand in the file.
    path : str
        File, for the sentence of an error.
    crs, mapping
        See `geo.boundaries.reading.read_boundaries`.

    Raises
    ------
    ColumnProblem
        If no field tells the villages apart, the layer is of another level,
        or the geometry is of no use (see `geo.boundaries.shapes`).
    """
    rows, found = recognise_named(raw.rows, mapping)
    raw = replace(raw, rows=rows)
    _check_level(found, path)
    if not mapping and (sign := find_level_sign(raw.rows, found)):
        raise FieldMissing(sign.message, path=path, **sign.facts)
    table = _read_fields(raw.rows, found, path)
    fit = normalise_shapes(raw.rows.geometry, path, crs)
    table, scheme = _find_codes(table)
    table = settle_contradictions(table)
    outcome = _outcomes(table, raw.rows)
    villages = _dissolve(table[outcome == "village"], fit)
    unmatched = _unmatched(table[outcome == "no_code"], fit)
    events = _events(table, outcome, fit, found)
    audit = LayerAudit(
        *(len(table), len(villages), raw.name, raw.kind, fit.crs, raw.encoding, scheme, found),
        events=events,
        notes=_notes(raw, found, fit, path),
    )
    return Normalised(villages, unmatched, audit)


def _check_level(found: Recognition, path: str) -> None:
    if found.level != "village":
        raise ColumnProblem(_OTHER_LEVEL[found.level], path=path)


def _read_fields(rows: gpd.GeoDataFrame, found: Recognition, path: str) -> pd.DataFrame:
    """Text columns ``given``, ``village`` and the levels above, and ``row`` from 1."""
    if not (found.code or found.name):
        known = [str(c) for c in rows.columns if c != "geometry"]
        raise FieldMissing(
            mark(
                "{path} has no field known to hold codes or names of villages; say which does. "
                "Its fields are {fields}."
            ),
            path=path,
            fields=", ".join(known[:_SHOWN_FIELDS]) + (", …" if len(known) > _SHOWN_FIELDS else ""),
        )
    given = read_codes(rows, found.code)
    _check_code_level(given, path)
    written = _written(rows, found)
    number = (written != given) & (given != "")
    lost = written.where((given == "") | given.str.fullmatch(_DAMAGED_TEXT), "")
    table = pd.DataFrame({"given": given, "lost": lost, "village": _named(rows, found.name)})
    table = table.assign(number=number, written=written)
    for level in ABOVE:
        table[level] = _named(rows, found.names.get(level, ""))
        _fill_from_code(table, rows, found, level)
    return table.assign(row=np.arange(1, len(rows) + 1))


def _written(rows: gpd.GeoDataFrame, found: Recognition) -> pd.Series:
    """The code as it stands in the file, also where it is of no use; empty if it is in parts."""
    fields = (found.lost,) if found.lost else found.code
    if len(fields) == 1:
        return as_text(rows[fields[0]])
    return read_codes(rows, fields)


def _named(rows: gpd.GeoDataFrame, field: str) -> pd.Series:
    if not field:
        return pd.Series("", index=rows.index, dtype="str")
    names = as_text(rows[field])
    return names.where(~names.str.lower().isin(_NO_NAME), "")


def _fill_from_code(
    table: pd.DataFrame, rows: gpd.GeoDataFrame, found: Recognition, level: codes.Level
) -> None:
    """Official names of the levels above, where the file has only their dotted codes."""
    if level in found.above_codes:
        official = as_text(rows[found.above_codes[level]]).map(read_place_names()).fillna("")
        table[level] = table[level].where(table[level] != "", official)


def _check_code_level(given: pd.Series, path: str) -> None:
    level = level_of_codes(given)
    if level != "village":
        raise ColumnProblem(_OTHER_LEVEL[level], path=path)


def _find_codes(table: pd.DataFrame) -> tuple[pd.DataFrame, Scheme]:
    """Adds ``code`` and ``by_name``: by code, through the crosswalk, failing that by names."""
    code, scheme = resolve_codes(table["given"])
    region = region_codes(table["given"]) != ""
    missing = (code == "") & (table["village"] != "") & ~region
    by_name = pd.Series("", index=table.index, dtype="str")
    if missing.any():
        columns = ["village", "subdistrict", "regency", "province"]
        # The whole layer helps to find out which regency it is of.
        by_name = resolve_names(table[columns]).where(missing, "")
        # A place that another row has by its code is not given to a second one by name.
        by_name = by_name.where(~by_name.isin(set(code) - {""}), "")
    return table.assign(code=code.where(code != "", by_name), by_name=by_name != ""), scheme


def _outcomes(table: pd.DataFrame, rows: gpd.GeoDataFrame) -> pd.Series:
    """For each row: ``village``, ``not_village`` or ``no_code``."""
    coded = table["code"] != ""
    nameless = (table["village"] == "") & ~coded & (table["lost"] == "")
    region = region_codes(table["given"]) != ""
    other = ~coded & (region | table["village"].str.contains(_NO_VILLAGE))
    fields = {str(c).lower(): c for c in rows.columns}
    for each in _TYPE_FIELDS:
        if each in fields:
            other |= ~coded & as_text(rows[fields[each]]).str.fullmatch(_WATER)
    outcome = pd.Series("no_code", index=table.index, dtype="str")
    return outcome.mask(coded, "village").mask(other | nameless, "not_village")


def _dissolve(table: pd.DataFrame, fit: Shapes) -> gpd.GeoDataFrame:
    named = table[["code", "village"]].rename(columns={"village": "name"})
    return _one_each(gpd.GeoDataFrame(named, geometry=fit.shapes[table.index]))


def _one_each(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a code: name of the first row that has one, polygons joined."""
    index = pd.Index(rows["code"].unique(), name="code", dtype="str")
    names = rows[rows["name"] != ""].drop_duplicates("code").set_index("code")["name"]
    named = names.reindex(index).fillna(read_village_names().reindex(index)).fillna("")
    shapes = pd.Series(rows.geometry.to_numpy(), index=rows["code"].to_numpy(), dtype="object")
    several = shapes.index.duplicated(keep=False)
    joined = shapes[several].groupby(level=0, sort=False).agg(_union)
    geometry = pd.concat([shapes[~several], joined]).reindex(index)
    kinds = pd.Series(index.map(codes.kind_of), index, dtype="str")
    villages = gpd.GeoDataFrame(
        {"name": named.astype("str"), "kind": kinds},
        geometry=gpd.GeoSeries(geometry.to_numpy(), index=index, crs=4326),
    )
    return villages.sort_index()


def _union(shapes: pd.Series) -> shapely.Geometry | None:
    polygons = [shape for shape in shapes if shape is not None]
    return shapely.union_all(polygons) if polygons else None


def assign_codes(
    villages: gpd.GeoDataFrame,
    unmatched: gpd.GeoDataFrame,
    audit: LayerAudit,
    given: pd.Series,
) -> dict[str, Any]:
    """Villages, unmatched rows and audit after some rows got their codes by name.

    Parameters
    ----------
    villages, unmatched, audit
        As `normalise_layer` gives them.
    given : pandas.Series of str
        Dotted codes by row of the file.
    """
    chosen = given[are_villages(given) & given.index.isin(unmatched.index)]
    added = unmatched.loc[chosen.index, ["name", "geometry"]].set_axis(chosen.to_numpy())
    both = pd.concat([villages[["name", "geometry"]], added]).rename_axis("code").reset_index()
    joined = _one_each(both)
    events = audit.events.copy()
    settled = events["row"].isin(chosen.index) & (events["event"] == "no_code")
    codes_of = events.loc[settled, "row"].map(chosen)
    again = codes_of.isin(villages.index) | codes_of.duplicated()
    events.loc[settled, "code"] = codes_of
    events.loc[settled, "event"] = np.where(again, "dissolved", "by_name")
    return {
        "villages": joined,
        "unmatched": unmatched.drop(index=chosen.index),
        "audit": replace(audit, villages=len(joined), events=events),
    }


def _unmatched(table: pd.DataFrame, fit: Shapes) -> gpd.GeoDataFrame:
    """Rows without a code, with what is known to match them by later."""
    columns = {"given": "code", "village": "name"}
    kept = table[["row", "given", "village", *ABOVE]].rename(columns=columns)
    return gpd.GeoDataFrame(kept, geometry=fit.shapes[table.index]).set_index("row")


def _events(
    table: pd.DataFrame, outcome: pd.Series, fit: Shapes, found: Recognition
) -> pd.DataFrame:
    village = outcome == "village"
    shapeless = pd.Series(fit.empty | fit.not_areal | fit.outside, index=table.index)
    damaged = table["lost"] != ""
    unknown = village & ~table["by_name"] & ~are_villages(table["code"])
    masks = {
        "dissolved": village & table["code"].where(village).duplicated(),
        "not_village": outcome == "not_village",
        "no_code": outcome == "no_code",
        "repaired": pd.Series(fit.repaired, index=table.index),
        "swapped": pd.Series(fit.swapped, index=table.index),
        "outside": pd.Series(fit.outside, index=table.index),
        "without_polygon": village & shapeless,
        "damaged_code": damaged,
        "number_code": table["number"],
        "unknown_code": unknown,
        "by_name": table["by_name"],
        "contradicted": table["contradicted"] != "",
    }
    details = {"no_code": table["given"], "damaged_code": table["lost"]}
    details |= {"number_code": table["written"], "contradicted": table["contradicted"]}
    parts = [_event(table[mask], event, details.get(event)) for event, mask in masks.items()]
    return pd.concat([no_events(), *parts], ignore_index=True)


def _event(rows: pd.DataFrame, event: str, detail: pd.Series | None) -> pd.DataFrame:
    columns = rows[["row", "code", "village"]].rename(columns={"village": "name"})
    return columns.assign(event=event, detail="" if detail is None else detail[rows.index])


def _notes(raw: RawLayer, found: Recognition, fit: Shapes, path: str) -> tuple[Note, ...]:
    """What must be said about the layer as a whole."""
    notes = []
    if raw.misnamed:
        said = mark("{path} is {kind}, whatever its name says; it was read as that.")
        notes.append(Note(said, {"path": path, "kind": raw.kind}))
    if raw.left_out:
        said = mark("Views are not read; left out: {names}.")
        notes.append(Note(said, {"names": ", ".join(raw.left_out)}))
    whole = [f for f in found.code if pd.api.types.is_integer_dtype(raw.rows[f])]
    if whole and len(found.code) == 1:
        said = mark("Field {field} holds whole numbers; with all digits there they serve as codes.")
        notes.append(Note(said, {"field": whole[0]}))
    for field in found.damaged:
        said = mark("Field {field} holds decimal numbers (such as {example}); they are no codes.")
        example = str(raw.rows[field].dropna().iloc[0])
        notes.append(Note(said, {"field": field, "example": example}))
    if found.sub_village:
        notes.append(Note(mark("Rows are units below the village; they are joined by village.")))
    if fit.swapped.any():
        said = mark("Latitude stood before longitude in {count} rows; they were put right.")
        notes.append(Note(said, {"count": int(fit.swapped.sum())}))
    if fit.flattened.any():
        said = mark("Heights or measures were dropped from {count} rows.")
        notes.append(Note(said, {"count": int(fit.flattened.sum())}))
    return tuple(notes)
