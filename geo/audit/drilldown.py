"""A number of the import's report, opened: its first rows to look at, and all of them as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ..core.errors import mark
from ..core.i18n import Language
from ..core.segments import SEGMENTS
from ..counting.count import Counts
from ..enrolment.outcomes import REJECTED, reason_words, write_fixes
from ..enrolment.reading import EnrolmentReading
from ..export.files import csv_bytes, disarmed
from ..measures.dataset import Dataset
from ..reporting.report import METHODS, OUTCOMES
from .audit import VILLAGE_FINDINGS, Audit, trace_of
from .source_rows import describe_rows, select_rows

FIRST_ROWS: Final = 200
_MATCHES: Final = {
    "matched": mark("matched"),
    "ambiguous": mark("ambiguous"),
    "unmatched": mark("unmatched"),
}
_TITLES: Final = {
    "row": mark("row"),
    "period": mark("period"),
    "code": mark("code"),
    "village": mark("village"),
    "subdistrict": mark("subdistrict"),
    "regency": mark("regency"),
    "segment": mark("segment"),
    "outcome": mark("outcome"),
    "reason": mark("reason"),
    "place": mark("village found"),
}


@dataclass(frozen=True)
class Opened:
    """The rows behind a number.

    Attributes
    ----------
    count : int
        Rows in all.
    first : pandas.DataFrame
        The first `FIRST_ROWS` as text, titled in the reader's language.
    write : callable
        Gives all of them as a CSV file that a spreadsheet opens.
    """

    count: int
    first: pd.DataFrame
    write: Callable[[], bytes]


def open_number(
    number: str,
    audit: Audit,
    reading: EnrolmentReading,
    counts: Counts,
    data: Dataset,
    language: Language,
) -> Opened:
    """Open a number of `geo.audit.audit_summary.build_figures`.

    Parameters
    ----------
    number : str
        ``rows:…``, ``people:…`` (see `geo.audit.source_rows.select_rows`), ``villages:…`` (a key of
        `geo.audit.audit.VILLAGE_FINDINGS`) or ``check:…`` (a reason of a row to fix).
    audit : Audit
        Of the period that is shown.
    reading, counts : EnrolmentReading, Counts
        The file.
    data : Dataset
        Names of villages.
    language : Language
        Of titles and words.
    """
    kind, _, name = number.partition(":")
    if kind == "villages":
        return _open_villages(audit.villages[name], language)
    if kind == "check":
        return _open_fixes(audit.fixes[audit.fixes["reason"] == name], language)
    # Rows are told of the whole file, people of one period.
    period = audit.view.query.period if kind == "people" else ""
    return _open_rows(name, period, reading, counts, data, language)


def _open_rows(
    name: str,
    period: str,
    reading: EnrolmentReading,
    counts: Counts,
    data: Dataset,
    language: Language,
) -> Opened:
    trace = trace_of(counts)
    chosen = select_rows(reading.records, trace, name, period)

    def say(wanted: pd.Series) -> pd.DataFrame:
        return _in_words(describe_rows(reading.records, trace, wanted), data, language)

    few = chosen & (chosen.cumsum() <= FIRST_ROWS)
    return Opened(int(chosen.sum()), say(few), lambda: _write(say(chosen)))


def _in_words(rows: pd.DataFrame, data: Dataset, language: Language) -> pd.DataFrame:
    """Put keys of a table into words; leave out columns that hold nothing."""
    match = {key: language(words) for key, words in _MATCHES.items()}
    method = {key: language(words) for key, words in METHODS.items()}
    rejected = {key: language(words) for key, words in REJECTED.items()}
    how = rows["match"].map(match).fillna("") + " " + rows["method"].map(method).fillna("")
    segments = {key: language(SEGMENTS.get(key, key)) for key in rows["segment"].unique()}
    periods = {p: language.period(p, short=True) if p else "" for p in rows["period"].unique()}
    codes = {code: data.describe(code) for code in rows["place"].unique() if code}
    worded = rows.assign(
        row=rows["row"].astype("str"),
        period=rows["period"].map(periods),
        segment=rows["segment"].map(segments),
        outcome=rows["outcome"].map({k: language(w) for k, w in OUTCOMES.items()}),
        reason=rows["outcome"].map(rejected).fillna(how.str.strip()),
        place=rows["place"].map(codes).fillna(""),
    )
    columns = [c for c in _TITLES if c in ("row", "village") or (worded[c] != "").any()]
    return worded[columns].rename(columns={key: language(words) for key, words in _TITLES.items()})


def _open_villages(villages: pd.DataFrame, language: Language) -> Opened:
    def say(rows: pd.DataFrame) -> pd.DataFrame:
        facts = {
            language("code"): rows.index.astype("str"),
            language("village"): rows["name"].to_numpy(),
            language("enrolled"): rows["enrolled"].map(language.count).to_numpy(),
            language("eligible"): rows["eligible"].map(language.count).to_numpy(),
            language("coverage"): rows["coverage_rate"].map(language.rate).to_numpy(),
        }
        return pd.DataFrame(facts, dtype="str")

    return Opened(len(villages), say(villages.head(FIRST_ROWS)), lambda: _write(say(villages)))


def _open_fixes(fixes: pd.DataFrame, language: Language) -> Opened:
    first = fixes.head(FIRST_ROWS)
    reasons = reason_words(language)
    columns = {
        language("row"): first["row"].astype("str"),
        language("reason"): first["reason"].map(reasons),
        language("column"): first["column"],
        language("value"): first["value"],
    }
    return Opened(len(fixes), pd.DataFrame(columns), lambda: write_fixes(fixes, language))


def _write(table: pd.DataFrame) -> bytes:
    return csv_bytes(table.map(disarmed))


def is_number(number: str) -> bool:
    """Whether the text names a number that opens; another page or version may have left it."""
    kind, _, name = number.partition(":")
    tables = {"villages": set(VILLAGE_FINDINGS), "check": set(reason_words(Language("en")))}
    tables["rows"] = {"rows", *OUTCOMES}
    tables["people"] = {"people", "moved", "claimed", *_MATCHES}
    return name in tables.get(kind, set())
