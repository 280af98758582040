"""Fit the probability of a fuzzy match and check it on provinces it was not fitted on.

Every name of 2016 that no exact way finds is paired as `match_places` does it, once with its own
village among the candidates and once without (weighted to be absent as often as ABSENT says):
what is right in the first case is wrong in the second.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.match import SHARED, read_text
from geo.gazetteer.levels import make_claim
from geo.gazetteer.likeness import MARGIN_CAP, affix_matrix, likeness_matrix, pair_names
from geo.gazetteer.names import Name
from geo.gazetteer.place_index import Gazetteer
from geo.gazetteer.resolve import resolve_names

# A quarter of the names that are not found exactly are taken to be of no village at hand, five
# times what the lists show: enrolment files name places that no list has.
ABSENT = 0.25
JAVA = ("31", "32", "33", "34", "35", "36")


def leftover_groups(
    names: pd.DataFrame, gazetteer: Gazetteer
) -> Iterator[tuple[str, list[tuple[str, Name]], list[str], list[str]]]:
    """Per subdistrict: province, names left over with their codes, free codes, all codes."""
    for code, group in names.groupby(names["kode"].str[:8]):
        codes = list(gazetteer.children[str(code)])
        claims = [make_claim(text, "village") for text in group["desa"]]
        found = resolve_names(sorted(set(claims), key=str), codes, gazetteer)
        used = {decision.codes[0] for decision in found.values()}
        pairs = zip(group["kode"], claims, strict=True)
        left = [(kode, claim.name) for kode, claim in pairs if claim not in found]
        yield str(code)[:2], left, [c for c in codes if c not in used], codes


def _pairs(
    left: list[tuple[str, Name]], codes: list[str], gazetteer: Gazetteer, exclusive: bool
) -> Iterator[tuple[float, float, bool]]:
    """Likeness, margin and rightness of the pairs proposed."""
    names, others = [name for _, name in left], [gazetteer.parsed(code) for code in codes]
    matrix = likeness_matrix(names, others)
    if exclusive:
        matrix = np.maximum(matrix, affix_matrix(names, others, frozenset()))
    for pair in pair_names(matrix, exclusive=exclusive):
        yield pair.likeness, pair.margin, left[pair.row][0] == codes[pair.column]


def collect_pairs(names: pd.DataFrame, gazetteer: Gazetteer, *, exclusive: bool) -> pd.DataFrame:
    """Pairs with the own village at hand (`absent` False) and taken away."""
    rows: list[tuple[str, bool, float, float, bool]] = []
    for province, left, free, codes in leftover_groups(names, gazetteer):
        pool = free if exclusive else codes
        if left:
            found = _pairs(left, pool, gazetteer, exclusive)
            rows += [(province, False, *pair) for pair in found]
        for kode, name in left:
            others = [code for code in pool if code != kode]
            found = _pairs([(kode, name)], others, gazetteer, exclusive)
            rows += [(province, True, *pair) for pair in found]
    columns = ["province", "absent", "likeness", "margin", "right"]
    return pd.DataFrame(rows, columns=columns)


def _features(pairs: pd.DataFrame) -> NDArray[np.float64]:
    margin = pairs["margin"].clip(upper=MARGIN_CAP)
    return np.column_stack([np.ones(len(pairs)), pairs["likeness"], margin]).astype(float)


def _weights(pairs: pd.DataFrame) -> NDArray[np.float64]:
    return np.where(pairs["absent"], ABSENT, 1 - ABSENT)


def fit(pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Intercept and slopes of a weighted logistic regression, lightly ridged."""
    features, weights = _features(pairs), _weights(pairs)
    signs = np.where(pairs["right"], 1.0, -1.0)

    def loss(beta: NDArray[np.float64]) -> float:
        errors = np.logaddexp(0, -signs * (features @ beta))
        return float(weights @ errors + 0.001 * beta[1:] @ beta[1:])

    return np.asarray(minimize(loss, np.zeros(3), method="BFGS").x)


def check(beta: NDArray[np.float64], pairs: pd.DataFrame) -> pd.DataFrame:
    """Predicted and observed shares by class of predicted probability."""
    probability = 1 / (1 + np.exp(-(_features(pairs) @ beta)))
    classes = pd.cut(probability, [0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1])
    table = pd.DataFrame({"p": probability, "right": pairs["right"], "w": _weights(pairs)})
    grouped = table.groupby(classes, observed=True)
    return pd.DataFrame(
        {
            "pairs": grouped.size(),
            "wrong": grouped["right"].apply(lambda right: int((~right).sum())),
            "predicted": grouped.apply(lambda part: np.average(part["p"], weights=part["w"])),
            "observed": grouped.apply(lambda part: np.average(part["right"], weights=part["w"])),
        }
    )


def main() -> None:
    """Fit on Java and check on the rest, the other way round, and fit on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=Path, default=SHARED / "names/village_names_2016.csv")
    parser.add_argument(
        "--gazetteer", type=Path, default=SHARED / "reference/kode_wilayah_2025.csv.gz"
    )
    options = parser.parse_args()
    names = read_text(options.names)
    gazetteer = Gazetteer.from_table(read_text(options.gazetteer))
    for exclusive in (True, False):
        pairs = collect_pairs(names, gazetteer, exclusive=exclusive)
        java = pairs["province"].isin(JAVA)
        print(f"\nexclusive {exclusive}, fitted on all: {fit(pairs).round(2)}")
        for title, train in (("Java", java), ("Kalimantan and Bali", ~java)):
            beta = fit(pairs[train])
            print(f"fitted on {title} {beta.round(2)}, checked on the others:")
            print(check(beta, pairs[~train]).round(4).to_string())


if __name__ == "__main__":
    main()
