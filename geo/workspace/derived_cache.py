"""What is worked out of public names and of the sample, read again at the next start.

It lies in the cache beside the shapes. Counts of any other records are not kept there: a faulty
file can hold a person's name where a place should be, and nobody was asked whether to save it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache as once
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from ..core.paths import DATA, PACKAGE, find_own
from ..counting.count import Counts
from ..gazetteer.search import NameIndex, SearchIndex, build_search
from ..shapes.cache import BROKEN, Cache, Kept, digest_of

_TABLES: Final = ("people", "rows", "matches", "unmatched", "totals")
_INDEX: Final = tuple(
    f"{what}_{table}" for what in ("place", "area") for table in ("names", "keys", "pairs")
)
_Worked = TypeVar("_Worked")


def keep_counts(
    cache: Cache, records: Iterable[Path], names: pd.Series, count: Callable[[], Counts]
) -> Counts:
    """Give the counts of the sample: those kept, or those that ``count`` gives.

    Parameters
    ----------
    cache : Cache
        Where they are kept; one that cannot be written to is done without.
    records : iterable of pathlib.Path
        Files that the counts are of.
    names : pandas.Series of str
        Names by code that the records are matched to.
    count : callable
        Reads, matches and counts.

    Returns
    -------
    Counts
        Those read again are without a trace.
    """
    key = _key("counts", names, *(file.read_bytes() for file in sorted(records)))
    return _keep(cache, key, _TABLES, count, _counts_to_tables, _tables_to_counts)


def keep_search(cache: Cache, names: pd.Series) -> SearchIndex:
    """Give the index of `geo.gazetteer.search.build_search`: the one kept, or a new one.

    Parameters
    ----------
    cache : Cache
        Where it is kept; one that cannot be written to is done without.
    names : pandas.Series of str
        Names of places of all levels, by code.
    """
    key = _key("search", names)
    return _keep(
        cache, key, _INDEX, lambda: build_search(names), _index_to_tables, _tables_to_index
    )


def _keep(
    cache: Cache,
    name: str,
    parts: tuple[str, ...],
    make: Callable[[], _Worked],
    write: Callable[[_Worked], dict[str, pd.DataFrame]],
    read: Callable[[dict[str, pd.DataFrame]], _Worked],
) -> _Worked:
    with suppress(*BROKEN):
        if manifest := cache.read_manifest(name, frozenset(parts)):
            return read({part: cache.read_table(Kept(**manifest[part])) for part in parts})
    content = make()
    with suppress(OSError):  # the next start makes it again
        cache.make()
        tables = write(content)
        cache.write_manifest(name, {n: cache.keep_table(t).to_json() for n, t in tables.items()})
    return content


def _key(what: str, names: pd.Series, *parts: bytes) -> str:
    """Of a manifest: by what it is worked out of, the program itself above all."""
    texts_of_names = ("\n".join(texts).encode() for texts in (names.index.tolist(), names.tolist()))
    return f"kept/{digest_of(what.encode(), _program(), *texts_of_names, *parts)}.json"


@once
def _program() -> bytes:
    files = sorted([*PACKAGE.rglob("*.py"), *(DATA / "boundaries").iterdir()])
    files.append(find_own("requirements.txt"))
    return digest_of(*(file.read_bytes() for file in files)).encode()


# ---- counts ----


def _counts_to_tables(counts: Counts) -> dict[str, pd.DataFrame]:
    totals = pd.DataFrame({"moved": counts.moved, "claimed": counts.claimed})
    totals["covers"] = [",".join(counts.scopes.get(p, ())) for p in totals.index]
    return {
        "people": counts.people,
        "rows": counts.rows.reset_index(),
        "matches": counts.matches,
        "unmatched": counts.unmatched,
        "totals": totals.reset_index().assign(synthetic=counts.synthetic),
    }


def _tables_to_counts(tables: dict[str, pd.DataFrame]) -> Counts:
    totals = tables["totals"].set_index("period")
    return Counts(
        people=tables["people"],
        rows=tables["rows"].set_index("period"),
        matches=tables["matches"],
        unmatched=tables["unmatched"],
        synthetic=bool(totals["synthetic"].any()),
        moved=totals["moved"],
        claimed=totals["claimed"],
        scopes={p: tuple(filter(None, t.split(","))) for p, t in totals["covers"].items()},
    )


# ---- the index of the search ----


def _index_to_tables(index: SearchIndex) -> dict[str, pd.DataFrame]:
    return _names_to_tables(index, "place") | _names_to_tables(index.areas, "area")


def _names_to_tables(index: NameIndex, what: str) -> dict[str, pd.DataFrame]:
    code = index.names.index
    return {
        f"{what}_names": pd.DataFrame(
            {"code": code, "name": index.names.to_numpy(), "words": index.words.to_numpy()}
        ),
        f"{what}_keys": pd.DataFrame({"key": index.keys}),
        f"{what}_pairs": pd.DataFrame({"key": index.key, "place": index.place}),
    }


def _tables_to_index(tables: dict[str, pd.DataFrame]) -> SearchIndex:
    return SearchIndex(**vars(_names_of(tables, "place")), areas=_names_of(tables, "area"))


def _names_of(tables: dict[str, pd.DataFrame], what: str) -> NameIndex:
    names, pairs = tables[f"{what}_names"], tables[f"{what}_pairs"]
    return NameIndex(
        names=names.set_index("code")["name"],
        words=names["words"],
        keys=np.asarray(tables[f"{what}_keys"]["key"], dtype=object),
        key=pairs["key"].to_numpy(),
        place=pairs["place"].to_numpy(),
    )
