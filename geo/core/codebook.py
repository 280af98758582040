"""What each column means: one list for files, tables, the page and the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .errors import mark

Kind = Literal["text", "people", "rate", "rupiah", "count"]


@dataclass(frozen=True)
class Column:
    """A column of every file Jangkau writes.

    Attributes
    ----------
    name : str
        As it stands in files.
    kind : str
        ``text``, ``people`` and ``count`` (whole numbers), ``rate`` (a
        fraction: 0.864 is 86.4 %), ``rupiah``.
    label, meaning : str
        Messages for the catalogue.
    """

    name: str
    kind: Kind
    label: str
    meaning: str


COLUMNS: Final = (
    Column("code", "text", mark("code"), mark("Kemendagri code of the place, dotted; always text")),
    Column("name", "text", mark("name"), mark("name of the place")),
    Column("kind", "text", mark("kind"), mark("desa, kelurahan, or the level of an area")),
    Column("parent_code", "text", mark("parent code"), mark("code of the place one level above")),
    Column("parent_name", "text", mark("parent"), mark("name of the place one level above")),
    Column(
        "rank",
        "count",
        mark("rank"),
        mark("place in the order of the list, the worst first unless it was turned round"),
    ),
    Column("period", "text", mark("period"), mark("year and month the records are of")),
    Column(
        "state",
        "text",
        mark("state"),
        mark(
            "ok; over_100: more enrolled than eligible; partly_known: an area of which less than "
            "80 % of the villages are known; no_denominator: eligible workers not known; "
            "no_enrolment: no enrolment data; no_boundary: no polygon; suppressed: too few people "
            "to be published (publication copies only)"
        ),
    ),
    Column(
        "enrolled",
        "people",
        mark("enrolled"),
        mark(
            "distinct people with an active membership that the filters ask for, of the segments "
            "that the eligible workers are of"
        ),
    ),
    Column(
        "eligible",
        "people",
        mark("eligible"),
        mark("workers who should be covered (denominator), of the segments that the records cover"),
    ),
    Column(
        "eligible_low",
        "people",
        mark("eligible, at least"),
        mark("lower end of the margin of estimated eligible workers; else the number itself"),
    ),
    Column(
        "eligible_high",
        "people",
        mark("eligible, at most"),
        mark("upper end of the margin of estimated eligible workers; else the number itself"),
    ),
    Column(
        "eligible_basis",
        "text",
        mark("basis of eligible"),
        mark(
            "counted; estimated: from population or from the total of an area; mixed: an area or "
            "segments of both; synthetic: made up for the sample"
        ),
    ),
    Column(
        "eligible_source",
        "text",
        mark("source of eligible"),
        mark("where the eligible workers of the place are from"),
    ),
    Column(
        "coverage_rate",
        "rate",
        mark("coverage"),
        mark("enrolled / eligible, as a fraction; never capped at 1"),
    ),
    Column(
        "coverage_gap",
        "people",
        mark("not covered"),
        mark("eligible - enrolled, at least 0; of an area: the sum of its villages"),
    ),
    Column(
        "surplus",
        "people",
        mark("surplus"),
        mark("enrolled - eligible, at least 0; never set against a gap elsewhere"),
    ),
    Column(
        "gap_to_target",
        "people",
        mark("gap to target"),
        mark(
            "people still to enrol until the target is reached: eligible x target, rounded up, "
            "- enrolled, at least 0; of an area: the sum of its villages"
        ),
    ),
    Column(
        "priority",
        "people",
        mark("priority"),
        mark(
            "people not covered x share not covered: high where coverage is low and people are "
            "many; rounded"
        ),
    ),
    Column(
        "gap_share",
        "rate",
        mark("share of gap"),
        mark(
            "share of the gap of the whole area, places that the filters leave out included, as a "
            "fraction"
        ),
    ),
    Column(
        "cumulative_share",
        "rate",
        mark("cumulative share"),
        mark(
            "share of the gap of the listed places that lies in this and the rows before it, in "
            "the order of the list, as a fraction"
        ),
    ),
    Column(
        "cost_month",
        "rupiah",
        mark("cost a month"),
        mark("people not covered x monthly contribution, rupiah"),
    ),
    Column(
        "cost_year", "rupiah", mark("cost a year"), mark("twelve times the monthly cost, rupiah")
    ),
    Column(
        "cost_target_year",
        "rupiah",
        mark("cost a year to target"),
        mark("gap to target x monthly contribution x twelve, rupiah"),
    ),
    Column(
        "compare_period",
        "text",
        mark("earlier period"),
        mark("year and month that the place is compared with; empty where with none"),
    ),
    Column(
        "enrolled_before",
        "people",
        mark("enrolled before"),
        mark("enrolled in the period compared with"),
    ),
    Column(
        "coverage_rate_before",
        "rate",
        mark("coverage before"),
        mark("coverage in the period compared with, as a fraction"),
    ),
    Column(
        "coverage_gap_before",
        "people",
        mark("not covered before"),
        mark("people not covered in the period compared with"),
    ),
    Column(
        "change_rate",
        "rate",
        mark("change of coverage"),
        mark(
            "coverage - coverage before, as a fraction: 0.01 is one point; empty where the periods "
            "are not of the same segments"
        ),
    ),
    Column(
        "change_enrolled",
        "people",
        mark("change of enrolled"),
        mark("enrolled - enrolled before; empty where the periods are not of the same segments"),
    ),
    Column(
        "target_crossed",
        "text",
        mark("target crossed"),
        mark("reached: below the target before, not now; fell_below: the other way round"),
    ),
    Column("villages", "count", mark("villages"), mark("villages in the place")),
    Column(
        "known",
        "count",
        mark("villages known"),
        mark("villages in the place of which both enrolled and eligible are known"),
    ),
    Column(
        "below_target",
        "count",
        mark("below target"),
        mark("villages in the place whose coverage is below the target"),
    ),
    Column(
        "segments",
        "text",
        mark("segments"),
        mark("segments whose members and eligible workers are counted"),
    ),
    Column("programmes", "text", mark("programmes"), mark("programmes whose members are counted")),
    Column("filters", "text", mark("filters"), mark("which villages are listed, in words")),
    Column(
        "target", "rate", mark("target"), mark("coverage that gap_to_target is to, as a fraction")
    ),
    Column(
        "contribution_month",
        "rupiah",
        mark("contribution a month"),
        mark("price of cover for one person a month, rupiah"),
    ),
    Column(
        "note",
        "text",
        mark("note"),
        mark(
            "what must be said with the figures: synthetic sample, approximate boundaries, and of "
            "which segments they are where the records do not cover all"
        ),
    ),
)
COLUMN_NAMES: Final = tuple(column.name for column in COLUMNS)
# Columns that are fractions.
RATES: Final = frozenset(column.name for column in COLUMNS if column.kind == "rate")
