"""``python -m geo match``: the codes of a list of places, by code or by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from ..boundaries.reading import read_boundaries
from ..core.errors import ColumnProblem, Note, mark
from ..core.i18n import get_language
from ..core.text_tables import read_text
from ..gazetteer import Gazetteer, match_places
from ..gazetteer.aliases import ALIAS_COLUMNS, FIRST_LINE, check_aliases
from ..gazetteer.places import read_region_names
from .support import LanguageOption, one_line_errors, print_warnings, progress_bar, write_file

PLACE_COLUMNS: Final = {
    "code": ("code", "kode", "kode_desa"),
    "village": ("village", "desa", "kelurahan", "desa_kelurahan", "nama_desa"),
    "subdistrict": ("subdistrict", "kecamatan", "district"),
    "regency": ("regency", "kabupaten", "kabupaten_kota", "kota"),
    "province": ("province", "provinsi"),
}
RESULT_COLUMNS: Final = ("code", "method", "score", "suggestion_1", "suggestion_2", "suggestion_3")


def match(
    places: Annotated[Path, typer.Option("--places", help="CSV of places, names in columns.")],
    gazetteer: Annotated[
        Path, typer.Option("--gazetteer", help="Boundary file, or table of code and name.")
    ],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    aliases: Annotated[
        Path | None, typer.Option("--aliases", help="CSV of confirmed spellings and their code.")
    ] = None,
    lang: LanguageOption = "id",
) -> None:
    """Write code, method, score and three suggestions for each row of a list of places."""
    language = get_language(lang)
    with one_line_errors(language), progress_bar(language) as step:
        step(mark("Reading places"))
        place_table = read_places(places)
        gazetteer_read = read_gazetteer(gazetteer)
        confirmed, problems = _read_confirmed(aliases, gazetteer_read) if aliases else (None, ())
        print_warnings(problems, language)
        step(mark("Matching"))
        # Confirmed spellings may repeat a village of the list.
        one_to_one = None if confirmed is None else False
        matches = match_places(
            place_table, gazetteer_read, aliases=confirmed, one_to_one=one_to_one
        )
        result = matches[list(RESULT_COLUMNS)].reset_index(drop=True)
        result.insert(0, "row", result.index + 1)
        write_file(out, result.to_csv(index=False, lineterminator="\n").encode())


def read_places(path: Path) -> pd.DataFrame:
    """Read a CSV of places as text, and give its columns our names.

    Returns
    -------
    pandas.DataFrame
        One row a row of the file that is not blank, by its place below the
        header; those of ``code, village, subdistrict, regency, province`` that
        the file has.

    Raises
    ------
    FileProblem
        If the file is no CSV table.
    ColumnProblem
        If no column holds a code or the name of a village.
    """
    table = read_text(path, blank_lines=True)
    table = table[(table != "").any(axis=1)]
    spelled = {str(column).strip().lower().replace(" ", "_"): column for column in table.columns}
    columns = {
        name: next(spelled[s] for s in spellings if s in spelled)
        for name, spellings in PLACE_COLUMNS.items()
        if any(s in spelled for s in spellings)
    }
    if not {"code", "village"} & set(columns):
        raise ColumnProblem(
            mark("{path} has no column of villages; expected is one named {expected}."),
            path=str(path),
            expected=", ".join(PLACE_COLUMNS["village"]),
        )
    return pd.DataFrame({name: table[column] for name, column in columns.items()})


def _read_confirmed(
    path: Path, gazetteer: Gazetteer
) -> tuple[pd.DataFrame | None, tuple[Note, ...]]:
    """Read the confirmed spellings that can be used, and say what is wrong with the others."""
    table = read_places(path).reindex(columns=list(ALIAS_COLUMNS), fill_value="")
    return check_aliases(table.set_axis(table.index + FIRST_LINE), gazetteer)


def read_gazetteer(path: Path) -> Gazetteer:
    """Gazetteer of a boundary file or of a table of code and name.

    Raises
    ------
    JangkauError
        If the file cannot be read, or has no codes or names, or a code twice.
    """
    if ".csv" in [suffix.lower() for suffix in path.suffixes]:
        return _with_region_names(Gazetteer.from_table(read_text(path)))
    names = read_boundaries(path).villages["name"]
    table = pd.DataFrame({"code": names.index, "name": names.to_numpy()})
    return _with_region_names(Gazetteer.from_table(table))


def _with_region_names(gazetteer: Gazetteer) -> Gazetteer:
    """Official names for the areas above the villages that the list itself does not name."""
    official = read_region_names()
    names = {code: name or official.get(code, "") for code, name in gazetteer.names.items()}
    return replace(gazetteer, names=names)
