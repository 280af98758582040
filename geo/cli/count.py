"""``python -m geo count``: counts of records that are Parquet files or lie in a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import FileProblem, QueryProblem, mark
from ..core.i18n import Language, get_language
from ..core.segments import ALL_WORKERS, parse_scope
from ..counting.columns import find_columns
from ..counting.count import Counts
from ..counting.engines import EMBEDDED, open_engine
from ..counting.period_partitions import (
    Source,
    check_source,
    find_files,
    is_counted,
    stamp,
    write_counts,
)
from ..counting.warehouse import count_stored
from ..gazetteer import Gazetteer
from ..gazetteer.places import read_place_names
from ..measures.dataset import build_gazetteer
from ..reporting.report import saved_words
from ..workspace.periods import Workspace
from ..workspace.saved_counts import state_scope
from ..workspace.settings import read_settings
from .support import (
    LanguageOption,
    one_line_errors,
    pairs,
    progress_bar,
    write_errors_in_one_line,
)

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend
    from ibis.expr.types import Table


def count(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Parquet files, folders or patterns.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of counts to add to.")] = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="Workspace to save the periods to.")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb, spark://…, sc://… or postgresql://….")
    ] = EMBEDDED,
    table: Annotated[str, typer.Option("--table", help="Table of the warehouse.")] = "",
    period: Annotated[str, typer.Option("--period", help="2024-10, where none is said.")] = "",
    segment: Annotated[
        str, typer.Option("--segment", help="Of rows that say none; all: of all workers.")
    ] = "",
    covers: Annotated[
        str, typer.Option("--covers", help="What they cover: all, or segments such as pu,bpu.")
    ] = "",
    column: Annotated[
        list[str] | None, typer.Option("--column", help="NAME=ROLE, where a name does not say it.")
    ] = None,
    memory: Annotated[
        str, typer.Option("--memory", help="Most memory of DuckDB; else that of the settings.")
    ] = "",
    lang: LanguageOption = "id",
) -> None:
    """Count people by village, period and combination; only counts leave the engine."""
    language = get_language(lang)
    with one_line_errors(language):
        _check_options(sources, table, out, workspace)
        roles = pairs(column)
        memory = memory or read_settings().memory
        with progress_bar(language) as step, open_engine(engine, memory) as connected:
            gazetteer = build_gazetteer(read_place_names())
            for part, files in _parts(sources, table):
                if out and files and is_counted(out, files):
                    typer.echo(language("{part}: counted before, left as it is.", part=part))
                    continue
                source = stamp(files, table)
                if out:
                    check_source(out, [part], source)
                records = _open(connected, files, table)
                counts = _count(
                    records,
                    roles,
                    gazetteer,
                    workspace,
                    part if files else "",
                    period,
                    segment,
                    covers,
                    step,
                )
                _save(counts, out, workspace, part, source, language)


def _check_options(
    sources: list[str] | None, table: str, out: Path | None, workspace: Path | None
) -> None:
    if bool(sources) == bool(table):
        raise QueryProblem(mark("Name either Parquet files or one --table of a warehouse."))
    if not out and not workspace:
        raise QueryProblem(mark("Say where the counts go: --out, --workspace or both."))
    if out and out.is_file():
        raise FileProblem(mark("{path} is a file; --out is a folder."), path=str(out))


def _parts(sources: list[str] | None, table: str) -> list[tuple[str, list[Path]]]:
    """List what is counted in one run: each period that has a folder, else all files together."""
    if table:
        return [(table, [])]
    return [(name or "all", files) for name, files in find_files(sources or []).items()]


def _open(engine: SQLBackend, files: list[Path], table: str) -> Table:
    import ibis

    if not files:
        return engine.table(table.rpartition(".")[2], database=table.rpartition(".")[0] or None)
    paths = [str(file) for file in files]
    if engine.name == EMBEDDED:
        return engine.read_parquet(paths)
    # Other engines read one path at a time.
    return ibis.union(*map(engine.read_parquet, paths))


def _count(
    records: Table,
    roles: dict[str, str],
    gazetteer: Gazetteer,
    workspace: Path | None,
    part: str,
    period: str,
    segment: str,
    covers: str,
    step: Callable[..., None],
) -> Counts:
    if segment == ALL_WORKERS:
        segment, covers = "", covers or ALL_WORKERS
    scope = parse_scope(covers) if covers else None
    columns = find_columns(records.columns, roles)
    counts = count_stored(
        records,
        columns,
        gazetteer,
        aliases=Workspace(workspace).aliases() if workspace else None,
        period=period or ("" if part == "all" else part),
        segment=segment or (scope[0] if scope and len(scope) == 1 else ""),
        progress=step,
    )
    if counts.people.empty:
        raise QueryProblem(
            mark("{path} has no active worker that can be counted; nothing was saved."),
            path=part or "--table",
        )
    if scope is None and not all(counts.scopes.values()):
        raise QueryProblem(
            mark("{path} names no segment of its people; say --covers all, or --covers pu,bpu."),
            path=part or "--table",
        )
    return state_scope(counts, scope)


def _save(
    counts: Counts,
    out: Path | None,
    workspace: Path | None,
    part: str,
    source: Source,
    language: Language,
) -> None:
    if out:
        with write_errors_in_one_line(out):
            write_counts(out, counts, source)
    periods = sorted(counts.people["period"].unique())
    if workspace:
        Workspace(workspace).save_all(counts, periods, {"file": part, "sha256": ""})
    for period in periods:
        people = int(counts.people.loc[counts.people["period"] == period, "people"].sum())
        typer.echo(saved_words(period, people, language))
