"""Sentences about figures: they add up exactly, and say whose gap they speak of."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from factories import FIRST, VILLAGES, a_dataset, a_row, in_village
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.core.codebook import COLUMNS
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting.findings import balance_sentence, half_sentence, limit_sentences, listed_sentence
from geo.reporting.headline import headline_html
from geo.reporting.ranking import build_ranking

ID, EN = Language("id"), Language("en")
_STEP = re.compile(r"(?:^|([−+=])\s)([0-9][0-9.,]*) ")


def sides(sentence: str) -> tuple[int, int]:
    """Both sides of the sentence, added up from its text."""
    left = right = 0
    for sign, digits in _STEP.findall(sentence):
        people = int(re.sub("[.,]", "", digits))
        if sign == "=":
            right = people
        else:
            left += -people if sign == "−" else people
    return left, right


def test_the_headline_of_the_sample_adds_up(sample: Dataset) -> None:
    said = balance_sentence(build_view(sample, Query()), ID)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "49.356 peserta aktif − 112 kelebihan di desa di atas 100 % − 148 di desa yang jumlah "
        "pekerja berhaknya belum diketahui − 4 yang desanya tidak dikenali + 7.938 belum "
        "terlindungi + 95 pekerja berhak di desa tanpa data kepesertaan = 57.125 pekerja berhak."
    )
    assert sides(said) == (57_125, 57_125)
    assert said in headline_html(sample, build_view(sample, Query()), ID)


counts = st.dictionaries(st.sampled_from(sorted(VILLAGES)), st.integers(0, 4))
# Segments that the records name in turn, and what the file is said to cover.
RECORDS = [
    (("PU", "BPU"), None),
    (("PU",), None),
    (("PU", "BPU", "PMI"), None),
    (("PU", "BPU"), "pu"),
    (("PU", "PMI"), "all"),
    (("PU",), "pu,jakon"),
]


@settings(max_examples=40)
@given(
    enrolled=counts.filter(any),
    eligible=st.tuples(counts.filter(lambda people: any(people.values())), counts),
    nowhere=st.integers(0, 2),
    records=st.sampled_from(RECORDS),
    query=st.builds(
        Query,
        segments=st.sampled_from([(), ("pu",), ("bpu",), ("bpu", "pu")]),
        place=st.sampled_from(["", "62.05.01", "62.05.02"]),
    ),
)
def test_the_figures_always_add_up(
    enrolled: dict[str, int],
    eligible: tuple[dict[str, int], dict[str, int]],
    nowhere: int,
    records: tuple[tuple[str, ...], str | None],
    query: Query,
) -> None:
    """Also where the records cover some segments, or some people have no denominator."""
    people = [code for code, count in enrolled.items() for _ in range(count)]
    (named, covers), (wage_earners, self_employed) = records, eligible
    rows = [in_village(code, at, SEGMEN=named[at % len(named)]) for at, code in enumerate(people)]
    rows += [a_row(90 + n, KODE_DESA="", DESA="-", KECAMATAN="Montallat") for n in range(nowhere)]
    rows.append(a_row(99))
    others = {"BPU": self_employed}
    with TemporaryDirectory() as folder:
        data = a_dataset(Path(folder), rows, wage_earners, others=others, covers=covers)
        view = build_view(data, query)
    totals = view.totals
    if not (query.segments or query.place):
        assert totals.enrolled + totals.uncounted == len(rows)
    if totals.enrolled != totals.enrolled or totals.eligible != totals.eligible:
        assert balance_sentence(view, EN) == ""
        return
    for language in (ID, EN):
        said = balance_sentence(view, language)
        assert sides(said) == (totals.eligible, totals.eligible), said
        assert language.count(totals.enrolled) in said


def test_people_of_other_segments_are_in_no_term(tmp_path: Path) -> None:
    rows = [a_row(n) for n in range(3)] + [a_row(n, SEGMEN="PMI") for n in range(10, 15)]
    data = a_dataset(tmp_path, rows, {FIRST: 4}, others={"BPU": {FIRST: 6}})
    view = build_view(data, Query())
    said = balance_sentence(view, EN).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "3 active participants + 1 not covered = 4 eligible workers."
    assert limit_sentences(view, EN)[-1] == "Of these segments: wage earners (PU)."
    assert view.totals.uncounted == 5


@pytest.mark.parametrize("query", [
    Query(), Query(segments=("bpd",)), Query(programmes=("jht",)), Query(period="2022-10"),
    Query(place="62.05.05"), Query(subdistricts=("62.05.05", "62.05.06")),
    Query(segments=("pu", "bpu"), place="62.05.07"),
])  # fmt: skip
def test_every_filter_of_the_sample_adds_up(sample: Dataset, query: Query) -> None:
    totals = build_view(sample, query).totals
    assert sides(balance_sentence(build_view(sample, query), ID)) == (totals.eligible,) * 2


def test_half_of_the_gap_is_of_the_listed_villages_and_says_so(sample: Dataset) -> None:
    view = build_view(sample, Query(gap_min=100))
    gaps, area = view.found["coverage_gap"], view.totals.coverage_gap
    said = half_sentence(view, EN)
    assert said.startswith(f"{view.half} of these {len(gaps)} villages hold half of their gap: ")
    assert EN.rate(gaps.iloc[: view.half].sum() / area, 0) in said
    assert EN.count(gaps.sum()) in listed_sentence(view, EN)
    assert EN.rate(gaps.sum() / area, 0) in listed_sentence(view, EN)


def test_without_filters_half_is_of_all(sample: Dataset) -> None:
    view = build_view(sample, Query())
    assert half_sentence(view, EN) == f"{view.half} of 103 villages hold half of the gap."
    assert listed_sentence(view, EN) == ""


def test_the_table_says_whose_gap_its_cumulative_share_is_of(sample: Dataset) -> None:
    view = build_view(sample, Query(gap_min=100))
    table = build_ranking(sample, view, EN)
    assert table["scope"] == listed_sentence(view, EN)
    assert "listed places" in next(c.meaning for c in COLUMNS if c.name == "cumulative_share")
    assert build_ranking(sample, build_view(sample, Query()), EN)["scope"] == ""
