"""Match the names of one scope: the villages of a subdistrict, the subdistricts of a regency.

A scope is a tuple of codes to choose below. Names go through the ways in `WAYS`, strictest
first; what is left over is paired by likeness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from .likeness import affix_matrix, likeness_matrix, match_probability, pair_names
from .names import Name, fold, fold_spelling, is_guard, name_variants, parse_name
from .place_index import Gazetteer

Index = Mapping[str, Sequence[str]]

# Probability that a match of each way is right. Exact, normalised, neighbour and regency were
# measured on village_names_2016.csv and on the made-up lists of bench/trouble.py and are rounded
# down; core and variant are too rare there and are judged.
WAY_SCORES = {
    "code": 0.9999,
    "bps_code": 0.9999,
    "alias": 1.0,
    "exact": 0.9999,
    "normalised": 0.995,
    "core": 0.99,
    "variant": 0.99,
    "spelling": 0.99,
    "neighbour": 0.995,
    "regency": 0.999,
}


def core_form(name: Name) -> str:
    """Give the form that drops words for a kind of village."""
    return name.core


def spelling_form(name: Name) -> str:
    """Leave out the letters that one name is written with and without.

    Two orthographies, and Acehnese vowels by ear: Jeunieb and Jenieb, Boeloe and Bulu, Pantee and
    Pante. Guard words stay, so that no such letter tells two places apart by itself.
    """
    if not name.stem:
        return ""
    return f"{fold_spelling(name.stem)}|{' '.join(name.guard)}"


def alas_form(name: Name) -> str:
    """Do the same with the Alas r, which is written kh: Akhih is Arih."""
    alas = fold_spelling(name.stem.replace("kh", "r"))
    return f"{alas}|{' '.join(name.guard)}" if name.stem else ""


def order_form(name: Name) -> str:
    """Give the words of a name in order of the alphabet: Mesjid Tiba is Tiba Mesjid.

    Guard words stay as they are, so that no letter of theirs tells two places apart.
    """
    if len(name.tokens) < 2:
        return ""
    words = (token if is_guard(token) else fold_spelling(token) for token in name.tokens)
    return " ".join(sorted(words))


# Forms of a name, strictest first.
Forms = tuple[tuple[str, Callable[[Name], str]], ...]
FORMS: Forms = (
    ("exact", lambda name: " ".join(fold(name.text).split())),
    ("exact", lambda name: name.plain),
    ("normalised", lambda name: name.key),
    ("core", core_form),
    ("spelling", spelling_form),
    ("spelling", alas_form),
    ("spelling", order_form),
)
# In a whole regency a namesake is near: "Karangsari" may be meant by "Karang Sari" too.
WIDE_FORMS: Forms = (("exact", lambda name: name.key),)
# Two names equal in these forms are one name; the weaker ways only look at places that no other
# name of the file stands for.
SAME_NAME = frozenset({"exact", "normalised"})
# A pair at least this likely is matched; one at least PLAUSIBLE likely is worth asking about.
ACCEPT, PLAUSIBLE = 0.985, 0.5
# Words gained are looked for in one subdistrict, not among all villages of a regency.
SMALL_MATRIX = 2_000
# RapidFuzz ratio (0 to 100) below which a pair is not worth a closer look, among the places of
# a subdistrict and among many.
SHORTLIST, WIDE_SHORTLIST, NARROW = 50.0, 75.0, 100


@dataclass(frozen=True, slots=True)
class Claim:
    """A distinct name that asks for a place.

    Attributes
    ----------
    name : Name
    kind : str
        "kelurahan", "desa", "kota", "kabupaten", or "" if the text does not say.
    rows : int
        How many rows bear it.
    """

    name: Name
    kind: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found for a claim.

    Attributes
    ----------
    codes : tuple of str
        Candidates, best first; exactly one if matched.
    method : str
    score : float
        Probability that the first candidate is right.
    matched : bool
    """

    codes: tuple[str, ...]
    method: str
    score: float
    matched: bool


def _index(codes: Iterable[str], gazetteer: Gazetteer, form: Callable[[Name], str]) -> Index:
    """Codes by one form of their name."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        if text := form(gazetteer.parsed(code)):
            index[text].append(code)
    return index


def _of_kind(codes: Sequence[str], kind: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Codes whose kind does not contradict the claim; a regency's kind is part of its name."""
    fitting = tuple(code for code in codes if not kind or gazetteer.kind(code) in ("", kind))
    return fitting or (() if kind in ("kota", "kabupaten") else tuple(codes))


def _one_sided(name: Name, codes: Sequence[str], gazetteer: Gazetteer) -> list[str]:
    """Codes whose name, or the name itself, has no kind word: "Banjar X" is not "Negeri X"."""
    official_names = {code: gazetteer.parsed(code) for code in codes}
    return [
        c for c, other in official_names.items() if name.core == name.key or other.core == other.key
    ]


def _alternatives(name: Name) -> set[str]:
    """Keys of a name and of the alternatives it is made of."""
    return {name.key, *(parse_name(part).key for part in name_variants(name.text))}


def find_by_form(
    claims: Iterable[Claim],
    codes: Iterable[str],
    gazetteer: Gazetteer,
    form: Callable[[Name], str],
) -> dict[Claim, tuple[str, ...]]:
    """Codes whose name equals the claim's in one form."""
    index = _index(codes, gazetteer, form)
    hits = {claim: index.get(form(claim.name), ()) for claim in claims}
    if form is core_form:
        hits = {c: _one_sided(c.name, codes_found, gazetteer) for c, codes_found in hits.items()}
    return {
        c: fit
        for c, codes_found in hits.items()
        if (fit := _of_kind(codes_found, c.kind, gazetteer))
    }


def _find_variants(
    claims: Iterable[Claim], codes: Iterable[str], gazetteer: Gazetteer
) -> dict[Claim, tuple[str, ...]]:
    """Codes that share an alternative ("A/B") with the claim, where either side has some."""
    index: defaultdict[str, set[str]] = defaultdict(set)
    for code in codes:
        for text in _alternatives(gazetteer.parsed(code)):
            index[text].add(code)
    hits = {c: set().union(*(index.get(t, ()) for t in _alternatives(c.name))) for c in claims}
    return {claim: tuple(sorted(codes_found)) for claim, codes_found in hits.items() if codes_found}


def _decide(
    hits: Mapping[Claim, tuple[str, ...]], method: str, used_codes: set[str], one_to_one: bool
) -> dict[Claim, Decision]:
    """Match the claims with one hit, unless two rows of a list claim the same place."""
    rows: defaultdict[str, int] = defaultdict(int)
    names: defaultdict[str, int] = defaultdict(int)
    for claim, codes in hits.items():
        for code in codes:
            rows[code] += claim.rows
            names[code] += 1
    decisions = {}
    for claim, codes in hits.items():
        crowded = rows[codes[0]] > 1
        if not one_to_one:
            crowded = method not in SAME_NAME and names[codes[0]] > 1
        clear = len(codes) == 1 and not crowded and not (one_to_one and codes[0] in used_codes)
        score = WAY_SCORES[method] if clear else 0.9 / max(len(codes), 2) if crowded else 0.5
        decisions[claim] = Decision(codes, method, score, clear)
    return decisions


def resolve_names(
    claims: Sequence[Claim],
    codes: Sequence[str],
    gazetteer: Gazetteer,
    *,
    one_to_one: bool = False,
    used_codes: Set[str] = frozenset(),
    forms: Forms = FORMS,
) -> dict[Claim, Decision]:
    """Match claims to places of equal name, strictest form first.

    Parameters
    ----------
    claims : sequence of Claim
    codes : sequence of str
        The places to choose from.
    gazetteer : Gazetteer
    one_to_one : bool
        Whether every row is another place, as in a list of villages.
    used_codes : set of str
        Places that other claims already stand for.
    forms : tuple of (str, callable)
        Ways to compare, strictest first.
    """
    decisions: dict[Claim, Decision] = {}
    unavailable = {code for code in codes if code in used_codes}
    for method, form in forms:
        waiting = [claim for claim in claims if claim not in decisions]
        if not waiting:
            return decisions
        pool = codes if method in SAME_NAME else [code for code in codes if code not in unavailable]
        hits = find_by_form(waiting, pool, gazetteer, form)
        decided = _decide(hits, method, unavailable, one_to_one)
        decisions |= decided
        unavailable |= {code for decision in decided.values() for code in decision.codes}
    waiting = [claim for claim in claims if claim not in decisions]
    pool = [code for code in codes if code not in unavailable]
    variants = _find_variants(waiting, pool, gazetteer)
    return decisions | _decide(variants, "variant", unavailable, True)


def propose_pairs(
    claims: Sequence[Claim],
    codes: Sequence[str],
    gazetteer: Gazetteer,
    *,
    exclusive: bool = False,
    dense: bool = False,
    parent_words: frozenset[str] = frozenset(),
) -> dict[Claim, Decision]:
    """Pair claims with the likeliest places; matched if the pair is near certain.

    Parameters
    ----------
    claims : sequence of Claim
    codes : sequence of str
        The places to choose from.
    gazetteer : Gazetteer
    exclusive : bool
        Whether a place goes to one claim at most.
    dense : bool
        Whether other names of the file stand for most places around, so that these are the few
        left over and less likeness is proof enough.
    parent_words : frozenset of str
        Words of the subdistrict's name, which its villages gain and lose.
    """
    codes = [code for code in codes if gazetteer.names[code]]
    names = [gazetteer.parsed(code) for code in codes]
    claimed = [claim.name for claim in claims]
    cutoff = SHORTLIST if len(codes) <= NARROW else WIDE_SHORTLIST
    matrix = likeness_matrix(claimed, names, cutoff)
    if dense and matrix.size <= SMALL_MATRIX:
        matrix = np.maximum(matrix, affix_matrix(claimed, names, parent_words))
    decisions = {}
    for pair in pair_names(matrix, exclusive=exclusive):
        claim, code = claims[pair.row], codes[pair.column]
        sound = bool(_of_kind((code,), claim.kind, gazetteer))
        probability = match_probability(pair, dense=dense)
        matched = sound and probability >= ACCEPT
        decisions[claim] = Decision((code,), "fuzzy", probability, matched)
    return {claim: d for claim, d in decisions.items() if d.matched or d.score >= PLAUSIBLE}


def weaken(decision: Decision, codes: Iterable[str] = ()) -> Decision:
    """Turn a finding into a question, with further candidates."""
    further_codes = tuple(code for code in codes if code not in decision.codes)
    return replace(decision, codes=decision.codes + further_codes, matched=False)
