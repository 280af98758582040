"""Who counts where, as one expression that every engine runs.

The rules of `geo.counting.count` in Ibis: of each person and period the latest record of each
segment is the membership, and the village of the latest of all wins; of equal dates the finer
place, then the lower code. The expression runs where the records are, and only counts leave.

Places, and segments with their programmes, come as one number (`pair_up`). In the order that the
rules want it makes with the date one whole number a record, of which the least wins: so no engine
sorts texts or dates in its own way, and none keeps more of a person than two numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, Table

# 63 bits: the day, then the place with its label.
_DAY_BITS: Final = 23
_PAIR_BITS: Final = 40
MOST_PLACES: Final = 1 << 21
MOST_LABELS: Final = 1 << 19
SEPARATOR: Final = "|"
NO_VILLAGE: Final = -1


def build_people(records: Table, places: Table, segments: Table, labels: int) -> Table:
    """People by period, place and combination.

    Parameters
    ----------
    records : ibis.Table
        The active records: ``person`` (of any type; null is nobody), ``start`` (date or null),
        ``pair`` (a place with a label, see `pair_up`) and, where there are several, ``period``.
    places : ibis.Table
        Of each ``place`` its ``order``, which wins, and its ``village``: whole numbers,
        `NO_VILLAGE` where the place is not matched.
    segments : ibis.Table
        ``segment``, a number, of each ``label``; labels are in the order in which they win.
    labels : int
        How many labels there are.

    Returns
    -------
    ibis.Table
        ``period, place, combination, moved, people``: ``place`` is the order; ``combination`` has
        the numbers of the labels as text, in no order (``3|17``), so that several rows may mean
        one; ``moved`` is 1 for those with records in several villages, else 0.
    """
    import ibis

    keys = [key for key in ("period", "person") if key in records.columns]
    persons = _sum_up(records.filter(records["person"].notnull()), keys)
    one = persons["first"] == persons["last"]
    single = persons.filter(one).group_by(*keys[:-1], pair="first").agg(people=ibis._.count())
    several = persons.filter(~one).select(*keys)
    # The few whose records differ are asked for again: to keep all records is dearer.
    again = records.semi_join(several, keys)
    parts = (
        _divide(single, labels)
        .join(places, "place")
        .select(
            *keys[:-1],
            place="order",
            combination=ibis._["label"].cast("string"),
            moved=ibis.literal(0, "int64"),
            people="people",
        ),
        combine_records(again, places, segments, labels),
    )
    return ibis.union(*parts)


def combine_records(records: Table, places: Table, segments: Table, labels: int) -> Table:
    """Count as `build_people` does, of persons whose records are known to differ.

    Parameters
    ----------
    records, places, segments, labels
        As in `build_people`; nobody's person is null.
    """
    keys = [key for key in ("period", "person") if key in records.columns]
    joined = _divide(records, labels).join(places, "place").join(segments, "label")
    return _combine(joined, keys, labels)


def pair_up(place: IntegerValue, label: IntegerValue, places: int, labels: int) -> IntegerValue:
    """One number of a place and a label; a short one where they are few.

    Parameters
    ----------
    place, label : ibis.IntegerValue
        From 0; a label is a segment with its programmes.
    places, labels : int
        How many there are.
    """
    return (place.cast("int64") * labels + label).cast(pair_type(places, labels))


def pair_type(places: int, labels: int) -> Literal["int32", "int64"]:
    """Choose the type of the numbers of `pair_up`."""
    return "int32" if places * labels < 1 << 31 else "int64"


def _divide(rows: Table, labels: int) -> Table:
    """Split each pair into its place and its label."""
    pair = rows["pair"].cast("int64")
    return rows.mutate(place=(pair // labels).cast("int64"), label=(pair % labels).cast("int64"))


def _rank(rows: Table, labels: int) -> IntegerValue:
    """One whole number a record: the latest, then the first place and label, is the least."""
    day = rows["start"].year().cast("int64") * 512 + _of_year(rows)
    back = ((1 << _DAY_BITS) - 1) - day.fill_null(0)
    return back * (1 << _PAIR_BITS) + rows["order"] * labels + rows["label"]


def _of_year(rows: Table) -> IntegerValue:
    return rows["start"].month().cast("int64") * 32 + rows["start"].day().cast("int64")


def _sum_up(rows: Table, keys: list[str]) -> Table:
    """Whether a person has one place and label: who has, has them whenever it was."""
    return rows.group_by(*keys).agg(first=rows["pair"].min(), last=rows["pair"].max())


def _combine(rows: Table, keys: list[str], labels: int) -> Table:
    """People of several records: their memberships, and the place of the latest."""
    import ibis

    rows = rows.mutate(rank=_rank(rows, labels))
    village = rows["village"].nullif(NO_VILLAGE)
    members = rows.group_by(*keys, "segment").agg(
        rank=rows["rank"].min(), low=village.min(), high=village.max()
    )
    members = _divide(members.mutate(pair=members["rank"] & ((1 << _PAIR_BITS) - 1)), labels)
    persons = members.group_by(*keys).agg(
        rank=members["rank"].min(),
        combination=members["label"].cast("string").group_concat(SEPARATOR),
        low=members["low"].min(),
        high=members["high"].max(),
    )
    persons = _divide(persons.mutate(pair=persons["rank"] & ((1 << _PAIR_BITS) - 1)), labels)
    persons = persons.mutate(moved=ibis.ifelse(persons["low"] < persons["high"], 1, 0))
    grouped = persons.group_by(
        *keys[:-1], "place", "combination", moved=ibis._["moved"].cast("int64")
    )
    return grouped.agg(people=persons.count())
