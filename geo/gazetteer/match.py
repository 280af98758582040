"""Match places of an enrolment file to the gazetteer: by code, by alias, then by name.

Precision comes before reach: what is not near certain comes out ambiguous (with candidates) or
unmatched (with suggestions), for a person to decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..core.codes import PLACE_LEVELS, ancestor, find_level, parent, read_code
from ..core.errors import ColumnProblem, mark
from .levels import Place, below, make_claim, resolve_levels
from .likeness import likeness
from .names import Name, name_tokens, normalise_name
from .place_index import Gazetteer
from .resolve import WAY_SCORES, Decision
from .villages import State, match_names, suggest_places

TEXT_COLUMNS = ("code", "village", "subdistrict", "regency", "province")
RESULT_COLUMNS = (
    "code",
    "level",
    "parent_code",
    "outcome",
    "method",
    "score",
    "suggestion_1",
    "suggestion_2",
    "suggestion_3",
)
# A file is taken for a list of different places if at most this share of its rows repeats one.
LIST_REPEATS = 0.01
# A code whose name is less alike than this to the name beside it is a question, not an answer.
CODE_NAME_LIKENESS = 0.6

Progress = Callable[[int, int], None]


def match_places(
    places: pd.DataFrame,
    gazetteer: Gazetteer,
    *,
    aliases: pd.DataFrame | None = None,
    one_to_one: bool | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Match every row of a table to a place of the gazetteer.

    Parameters
    ----------
    places : DataFrame
        Any of the text columns code, village, subdistrict, regency, province. The finest column
        with a text is what is looked for; the others narrow it.
    gazetteer : Gazetteer
    aliases : DataFrame, optional
        Confirmed spellings: a column code, and any of the name columns; an empty name fits any
        that names the same place.
    one_to_one : bool, optional
        Whether every row is another place (a list of villages). Then a place that one row
        stands for is no candidate for another. None decides by how often places repeat.
    progress : callable, optional
        Called with (steps done, steps in all).

    Returns
    -------
    DataFrame
        Same index; `code` ("" if not matched), `level` of the finest place found and its
        `parent_code` (for a row not matched: the finest unit that is certain), `outcome`
        (matched, ambiguous, unmatched), `method`, `score` (probability that the first
        candidate is right), `suggestion_1` to `suggestion_3` (codes). Row order plays no part.
    """
    texts = _texts(places)
    group = texts.groupby(list(TEXT_COLUMNS), sort=True).ngroup().to_numpy()
    _, first, rows = np.unique(group, return_index=True, return_counts=True)
    distinct = texts.iloc[first]
    todo = _read_places(distinct, rows)
    state = State(gazetteer, _is_list(todo) if one_to_one is None else one_to_one)
    _run_steps(todo, distinct["code"].tolist(), aliases, state, progress)
    result = pd.DataFrame(
        [_result_row(index, place, state) for index, place in enumerate(todo)],
        columns=list(RESULT_COLUMNS),
    )
    return result.take(group).set_axis(places.index, axis=0)


def _run_steps(
    places: Sequence[Place],
    codes: Sequence[str],
    aliases: pd.DataFrame | None,
    state: State,
    progress: Progress | None,
) -> None:
    """Match by code, by alias, then by name, and report after each step."""
    steps: tuple[Callable[[], None], ...] = (
        lambda: _match_codes(places, codes, state),
        lambda: _match_aliases(places, aliases, state),
        lambda: resolve_levels(places, state.gazetteer),
        lambda: match_names(places, state),
        lambda: suggest_places(places, state),
    )
    for done, step in enumerate(steps, start=1):
        step()
        if progress:
            progress(done, len(steps))


def _texts(places: pd.DataFrame) -> pd.DataFrame:
    """Trim the five text columns; missing ones are empty."""
    columns: dict[str, pd.Series | str] = dict.fromkeys(TEXT_COLUMNS, "")
    for column in set(TEXT_COLUMNS) & set(places):
        values = places[column]
        if column == "code" and not values.dropna().map(lambda code: isinstance(code, str)).all():
            raise ColumnProblem(
                mark(
                    "The column of codes holds numbers, which lose zeros (62.10 becomes 62.1); "
                    "store it as text."
                )
            )
        text = values.astype(object).where(values.notna(), "")
        columns[column] = [" ".join(str(value).split()) for value in text]
    return pd.DataFrame(columns, index=places.index, dtype=object)


def _read_places(distinct: pd.DataFrame, rows: Iterable[int]) -> list[Place]:
    """Distinct rows as places."""
    columns = (distinct[level].tolist() for level in PLACE_LEVELS)
    return [
        Place(dict(zip(PLACE_LEVELS, texts, strict=True)), int(n))
        for *texts, n in zip(*columns, rows, strict=True)
    ]


def _is_list(places: Iterable[Place]) -> bool:
    """Whether nearly every row names another place."""
    counts: Counter[tuple[tuple[str, ...], ...]] = Counter()
    for place in places:
        counts[tuple(name_tokens(place.texts[level]) for level in PLACE_LEVELS)] += place.rows
    return counts.total() - len(counts) <= LIST_REPEATS * counts.total()


AliasKey = tuple[str, ...]


def _read_aliases(aliases: pd.DataFrame, gazetteer: Gazetteer) -> dict[AliasKey, set[str]]:
    """Codes by the normalised names they were confirmed for, "" where any name will do."""
    codes_by_key: defaultdict[AliasKey, set[str]] = defaultdict(set)
    for row in _texts(aliases).to_dict("records"):
        key = tuple(normalise_name(row[level]) for level in PLACE_LEVELS)
        for code in _code_hits(row["code"], gazetteer) if any(key) else ():
            codes_by_key[key].add(code)
    return codes_by_key


def _match_aliases(places: Sequence[Place], aliases: pd.DataFrame | None, state: State) -> None:
    """Match by confirmed spellings; two codes for one spelling are a question.

    An alias of a subdistrict, regency or province narrows where its villages are looked for.
    """
    codes_by_key = _read_aliases(aliases, state.gazetteer) if aliases is not None else {}
    # The spelling that says the most decides, whatever else the workspace holds.
    masks = sorted({tuple(map(bool, key)) for key in codes_by_key}, key=lambda m: (-sum(m), m))
    for index, place in enumerate(places if codes_by_key else ()):
        key = tuple(normalise_name(place.texts[level]) for level in PLACE_LEVELS)
        for mask in masks:
            partial_key = tuple(
                part if is_used else "" for part, is_used in zip(key, mask, strict=True)
            )
            meant = codes_by_key.get(partial_key, ())
            if codes := sorted(c for c in meant if _lies_there(c, place, mask, state.gazetteer)):
                _apply_alias(index, place, tuple(codes), mask[-1], state)


def _lies_there(code: str, place: Place, mask: tuple[bool, ...], gazetteer: Gazetteer) -> bool:
    """Whether what a row says and the alias leaves open names the place that is meant.

    A spelling confirmed where no subdistrict was given must not take over the village that
    is rightly called so elsewhere.
    """
    parents_given = (
        (level, place.texts[level])
        for level, is_used in zip(PLACE_LEVELS, mask, strict=True)
        if not is_used and place.texts[level]
    )
    return all(
        normalise_name(gazetteer.names.get(ancestor(code, level), "")) == normalise_name(text)
        for level, text in parents_given
    )


def _apply_alias(
    index: int, place: Place, codes: tuple[str, ...], whole: bool, state: State
) -> None:
    """Use an alias of the village itself as the answer, one of a unit above as its scope."""
    decision = state.found.get(index)
    # A code that is in question is what a person decided on.
    if whole and not (decision and decision.matched):
        score = WAY_SCORES["alias"] / len(codes)
        state.record(index, Decision(codes, "alias", score, len(codes) == 1))
    elif len(codes) == 1 and below(place.scope, find_level(codes[0]) or "province"):
        place.scope, place.method = codes, "alias"


def _match_codes(places: Sequence[Place], codes: Sequence[str], state: State) -> None:
    """Match by code, where the gazetteer knows it and the name beside it agrees."""
    for index, (place, text) in enumerate(zip(places, codes, strict=True)):
        if text and index not in state.found and (hits := _code_hits(text, state.gazetteer)):
            state.record(index, _decide_code(place, hits, state.gazetteer))


def _code_hits(text: str, gazetteer: Gazetteer) -> dict[str, str]:
    """Places a code text may mean, with the scheme it is read in."""
    hits: dict[str, str] = {}
    for scheme, code in read_code(text):
        kemendagri_code = code if scheme == "kemendagri" else gazetteer.bps.get(code, "")
        if kemendagri_code in gazetteer.names:
            hits.setdefault(kemendagri_code, "code" if scheme == "kemendagri" else "bps_code")
    return hits


def _decide_code(place: Place, hits: Mapping[str, str], gazetteer: Gazetteer) -> Decision:
    """Choose the reading of a code that the names beside it bear out."""
    fits = {code: _name_fit(place, code, gazetteer) for code in hits}
    ranked = sorted(hits, key=lambda code: (-fits[code], hits[code] != "code", code))
    agreeing = [code for code in ranked if fits[code] >= CODE_NAME_LIKENESS]
    best = ranked[0]
    if len(agreeing) == 1:
        return Decision((best,), hits[best], WAY_SCORES[hits[best]], True)
    return Decision(tuple(ranked), hits[best], 1 / (len(ranked) + 1), False)


def _name_fit(place: Place, code: str, gazetteer: Gazetteer) -> float:
    """Likeness of the texts of a row to the names a code has at that level; 1 without texts."""
    level = find_level(code)
    if level is None or not place.texts[level]:
        return 1.0
    name = make_claim(place.texts[level], level).name
    official_names = [gazetteer.parsed(code)]
    if other := gazetteer.other_names.get(code):
        official_names.append(make_claim(other, level).name)
    return max(_likeness_of(name, each) for each in official_names)


def _likeness_of(name: Name, official: Name) -> float:
    if name.guard != official.guard:
        return 0.0
    return max(likeness(name.key, official.key), likeness(name.plain, official.plain))


def _result_row(index: int, place: Place, state: State) -> tuple[object, ...]:
    """One row of the result."""
    decision = state.found.get(index)
    matched = decision is not None and decision.matched
    suggested = (*state.suggestions.get(index, ()), "", "", "")[:3]
    code = decision.codes[0] if decision and matched else ""
    scope = place.scope[0] if len(place.scope) == 1 else ""
    above = parent(code) if code else scope
    outcome = "matched" if matched else "ambiguous" if decision else "unmatched"
    written = [state.gazetteer.written(c) if c else "" for c in (code, above, *suggested)]
    method, score = (decision.method, round(decision.score, 4)) if decision else ("", 0.0)
    level = find_level(code or above) or ""
    return (written[0], level, written[1], outcome, method, score, *written[2:])
