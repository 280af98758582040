"""Match village names within subdistrict and regency, and suggest places for the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from ..core.codes import PLACE_LEVELS, Level, ancestor, find_level
from .levels import Place, below, make_claim
from .likeness import same_guard
from .names import Name
from .place_index import Gazetteer
from .resolve import (
    FORMS,
    WAY_SCORES,
    WIDE_FORMS,
    Claim,
    Decision,
    find_by_form,
    propose_pairs,
    resolve_names,
    weaken,
)

# Beyond this many places (more than any regency has) only equal names are looked for.
WIDE_SCOPE = 1_000
# A place that no row stands for is the likelier suggestion, by this much likeness.
FREE_BONUS = 0.5
# RapidFuzz ratio (0 to 100) of two names that may be meant by one text in a whole regency.
TWINS = 88.0
# RapidFuzz ratio of a name to a place of its own subdistrict that stops a neighbour from winning.
MAY_BE = 65.0
# Names found in the same other subdistrict that show a split rather than a chance namesake.
MOVERS = 2
# Share of a subdistrict's villages that a file must name to be taken for a list of it.
MOST = 0.5
SUGGESTIONS = 3

GroupKey = tuple[tuple[str, ...], Level | None]
Groups = dict[GroupKey, dict[Claim, list[int]]]


@dataclass
class State:
    """What the steps share.

    Attributes
    ----------
    gazetteer : Gazetteer
    one_to_one : bool
        Whether every row is another place.
    found : dict of int to Decision
        By position of the distinct place.
    suggestions : dict of int to tuple of str
    taken : set of str
        Places that a row stands for.
    """

    gazetteer: Gazetteer
    one_to_one: bool
    found: dict[int, Decision] = field(default_factory=dict)
    suggestions: dict[int, tuple[str, ...]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def record(self, index: int, decision: Decision) -> None:
        """Keep a decision; a matched place is taken."""
        self.found[index] = decision
        if decision.matched:
            self.taken.add(decision.codes[0])


def target_level(place: Place) -> Level | None:
    """Find the finest level that a place names."""
    return next((level for level in reversed(PLACE_LEVELS) if place.texts[level]), None)


def match_names(places: Sequence[Place], state: State) -> None:
    """Match by name: equal names in narrow scopes first, then neighbours and likeness."""
    for index, place in enumerate(places):
        if index not in state.found:
            _record_unit(index, place, state)
    groups = _group_claims(places, state)
    for key, claims in groups.items():
        _match_equal(key, claims, state)
    moves = _find_moves(groups, state)
    named = {code for place in places for code in place.scope}
    for key, claims in groups.items():
        _match_alike(key, _waiting(claims, state), moves, named, state)


def _record_unit(index: int, place: Place, state: State) -> None:
    """Answer a row that asks for a subdistrict, regency or province with its scope."""
    level = target_level(place)
    if level in (None, "village") or place.lost is not None or find_level(place.scope[0]) != level:
        return
    sure = len(place.scope) == 1
    score = WAY_SCORES["exact"] if sure else 1 / len(place.scope)
    state.record(index, Decision(place.scope, place.method, score, sure))


def _group_claims(places: Sequence[Place], state: State) -> Groups:
    """Village claims by the scope they are looked for in, narrow scopes first."""
    members: defaultdict[GroupKey, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        if index not in state.found and place.texts["village"] and below(place.scope, "village"):
            members[place.scope, place.lost].append(index)
    ordered = sorted(members, key=lambda key: (-len(key[0][0]), key[1] is not None, key[0]))
    return {key: _claims(places, members[key]) for key in ordered}


def _claims(places: Sequence[Place], members: Iterable[int]) -> dict[Claim, list[int]]:
    """Distinct village texts of a scope as claims, with the places that bear them."""
    by_text: defaultdict[str, list[int]] = defaultdict(list)
    for index in members:
        by_text[places[index].texts["village"]].append(index)
    return {
        make_claim(text, "village", sum(places[i].rows for i in by_text[text])): by_text[text]
        for text in sorted(by_text)
    }


def _waiting(claims: Mapping[Claim, list[int]], state: State) -> dict[Claim, list[int]]:
    """Claims without a finding yet."""
    return {claim: place for claim, place in claims.items() if place[0] not in state.found}


def _record(
    claims: Mapping[Claim, list[int]], decisions: Mapping[Claim, Decision], state: State
) -> None:
    """Keep the decision of every claim for the places that bear it."""
    for claim, decision in decisions.items():
        for index in claims[claim]:
            state.record(index, decision)


def _match_equal(key: GroupKey, claims: dict[Claim, list[int]], state: State) -> None:
    """Match the names of a scope that are equal to a place's in some form."""
    scope, lost = key
    codes = state.gazetteer.descendants(scope, "village")
    decisions = resolve_names(
        list(claims),
        codes,
        state.gazetteer,
        one_to_one=state.one_to_one,
        used_codes=state.taken,
        forms=FORMS if find_level(scope[0]) == "subdistrict" else WIDE_FORMS,
    )
    if len(codes) > WIDE_SCOPE:
        decisions = {claim: weaken(d) for claim, d in decisions.items()}
    elif find_level(scope[0]) != "subdistrict":
        decisions = _without_twins(decisions, codes, state)
    if lost == "subdistrict":  # found in the regency although its subdistrict was not
        decisions = {claim: _elsewhere(d, state) for claim, d in decisions.items()}
    elif lost is not None:
        decisions = {claim: weaken(d) for claim, d in decisions.items()}
    _record(claims, decisions, state)


def _without_twins(
    decisions: Mapping[Claim, Decision], codes: Sequence[str], state: State
) -> dict[Claim, Decision]:
    """Doubt a match in a whole regency where another village has nearly the same name."""
    keys = [state.gazetteer.parsed(code).key for code in codes]
    checked = dict(decisions)
    for claim, decision in decisions.items():
        if not decision.matched:
            continue
        near = process.extract(claim.name.key, keys, scorer=fuzz.ratio, score_cutoff=TWINS, limit=9)
        near_codes = [codes[index] for _, _, index in near if codes[index] not in decision.codes]
        twins = [c for c in near_codes if same_guard(claim.name, state.gazetteer.parsed(c))]
        score = min(decision.score, WAY_SCORES["regency"])
        wide = replace(decision, method="regency", score=score)
        checked[claim] = weaken(wide, twins) if twins else wide
    return checked


def _elsewhere(decision: Decision, state: State) -> Decision:
    """Decide about a finding outside the subdistrict that the row names."""
    if not decision.matched:
        return decision
    code = decision.codes
    return Decision(code, "neighbour", WAY_SCORES["neighbour"], code[0] not in state.taken)


Moves = dict[tuple[GroupKey, Claim], str]


def _regency_scope(scope: tuple[str, ...]) -> tuple[str, ...]:
    """List the regencies of a scope of subdistricts, or () if it is wider."""
    if find_level(scope[0]) != "subdistrict":
        return ()
    return tuple(sorted({ancestor(code, "regency") for code in scope}))


def _find_moves(groups: Groups, state: State) -> Moves:
    """Villages that one other subdistrict of the regency has, and no row stands for."""
    moves: Moves = {}
    for key, claims in groups.items():
        regency = _regency_scope(key[0])
        waiting = _waiting(claims, state)
        if not regency or not waiting:
            continue
        codes = state.gazetteer.descendants(regency, "village")
        hits = find_by_form(waiting, codes, state.gazetteer, lambda name: name.key)
        for claim, codes_found in hits.items():
            if len(codes_found) == 1 and codes_found[0] not in state.taken:
                moves[key, claim] = codes_found[0]
    claimed = Counter(moves.values())
    return {move: code for move, code in moves.items() if claimed[code] == 1}


def _covered(scope: tuple[str, ...], state: State) -> bool:
    """Whether rows stand for most villages of a scope, so that a missing one is news."""
    codes = state.gazetteer.descendants(scope, "village")
    return sum(code in state.taken for code in codes) >= MOST * len(codes)


def _is_split(key: GroupKey, code: str, moves: Moves, named: set[str], state: State) -> bool:
    """Whether a split of subdistricts explains that a village is found next door.

    Either several villages of the subdistrict are found there, or the file lists the rest of the
    subdistrict and never names the other, which is newer than the file. One name alone may be a
    namesake.
    """
    target = ancestor(code, "subdistrict")
    if target in _split_targets(key, moves):
        return True
    return state.one_to_one and target not in named and _covered(key[0], state)


def _split_targets(key: GroupKey, moves: Moves) -> list[str]:
    """Subdistricts that several names of a scope were found in."""
    counts = Counter(ancestor(c, "subdistrict") for (k, _), c in moves.items() if k == key)
    return sorted(code for code, count in counts.items() if count >= MOVERS)


def _match_alike(
    key: GroupKey, claims: dict[Claim, list[int]], moves: Moves, named: set[str], state: State
) -> None:
    """Match what is left of a scope by likeness or in a neighbouring subdistrict."""
    codes = _left_over(key, moves, state) if claims else []
    if not claims or len(codes) > WIDE_SCOPE:
        return
    pairs = _pairs(key, list(claims), codes, state)
    for claim in claims:
        if code := moves.get((key, claim)):
            split = _is_split(key, code, moves, named, state)
            own = _similar_here(claim, key, codes, state) if pairs.get(claim) is None else ()
            pairs[claim] = (
                weaken(_choose(None, code, split), own)
                if own
                else _choose(pairs.get(claim), code, split)
            )
    _record(claims, pairs, state)


def _similar_here(
    claim: Claim, key: GroupKey, codes: Sequence[str], state: State
) -> tuple[str, ...]:
    """List places of the own subdistrict that the name may mean, though unlike them."""
    local = set(state.gazetteer.descendants(key[0], "village"))
    names = {code: state.gazetteer.parsed(code) for code in codes if code in local}
    return tuple(
        code
        for code, name in names.items()
        if same_guard(claim.name, name) and fuzz.ratio(claim.name.key, name.key) >= MAY_BE
    )


def _left_over(key: GroupKey, moves: Moves, state: State) -> list[str]:
    """Places of a scope, and of what was split off it, that may still be meant."""
    codes = state.gazetteer.descendants((*key[0], *_split_targets(key, moves)), "village")
    moved_codes = {code for (group, _), code in moves.items() if group == key or state.one_to_one}
    used_codes = state.taken if state.one_to_one else set()
    return [code for code in codes if code not in moved_codes and code not in used_codes]


def _pairs(
    key: GroupKey, claims: Sequence[Claim], codes: Sequence[str], state: State
) -> dict[Claim, Decision]:
    """Likely pairs; questions only where the subdistrict is not known."""
    scope, lost = key
    words = frozenset(token for code in scope for token in state.gazetteer.parsed(code).tokens)
    pairs = propose_pairs(
        claims,
        codes,
        state.gazetteer,
        exclusive=state.one_to_one,
        dense=state.one_to_one and _covered(scope, state),
        parent_words=words,
    )
    sure = lost is None and find_level(scope[0]) == "subdistrict"
    local = set(state.gazetteer.descendants(scope, "village"))
    decisions = {}
    for claim, pair in pairs.items():
        method = "fuzzy" if pair.codes[0] in local else "neighbour"
        decisions[claim] = replace(pair, method=method, matched=pair.matched and sure)
    return decisions


def _choose(pair: Decision | None, code: str, split: bool) -> Decision:
    """Choose between a likely pair in the subdistrict and an equal name beside it."""
    moved = Decision((code,), "neighbour", WAY_SCORES["neighbour"], split)
    if pair is None:
        return moved
    if pair.matched and not split:
        return pair
    return weaken(moved, pair.codes) if split else weaken(pair, moved.codes)


def suggest_places(places: Sequence[Place], state: State) -> None:
    """Candidates and the likeliest places for every row that is not matched."""
    suggestions_by_key: dict[tuple[tuple[str, ...], str, tuple[str, ...]], tuple[str, ...]] = {}
    for index, place in enumerate(places):
        decision, level = state.found.get(index), target_level(place)
        if decision and decision.matched:
            continue
        codes = decision.codes if decision else ()
        if level is None:
            state.suggestions[index] = codes[:SUGGESTIONS]
            continue
        key = (place.scope, place.texts[level], codes)
        if key not in suggestions_by_key:
            suggestions_by_key[key] = _suggestions(
                make_claim(place.texts[level], level), place, codes, state
            )
        state.suggestions[index] = suggestions_by_key[key]


def _suggestions(
    claim: Claim, place: Place, codes: tuple[str, ...], state: State
) -> tuple[str, ...]:
    """Candidates first, then the likeliest of the scope and of the regency around it."""
    level = target_level(place) or "village"
    pool = state.gazetteer.descendants(place.scope, level) if below(place.scope, level) else ()
    if len(pool) > WIDE_SCOPE:
        pool = ()
    ranked = {code: _rank(claim.name, code, state) for code in pool}
    for code in _namesakes(claim.name, place.scope, level, state):
        ranked.setdefault(code, _rank(claim.name, code, state) - FREE_BONUS)
    best = sorted((c for c in ranked if c not in codes), key=lambda c: (-ranked[c], c))
    return (*codes, *best)[:SUGGESTIONS]


def _rank(name: Name, code: str, state: State) -> float:
    """How good a suggestion a place is; words may be missing or in another order."""
    other = state.gazetteer.parsed(code)
    shared = fuzz.token_set_ratio(" ".join(name.tokens), " ".join(other.tokens)) / 100
    rank = max(fuzz.ratio(name.key, other.key) / 100, 0.9 * shared)
    return (
        rank + (0.05 if same_guard(name, other) else 0) + (0 if code in state.taken else FREE_BONUS)
    )


def _namesakes(name: Name, scope: tuple[str, ...], level: Level, state: State) -> list[str]:
    """Places of nearly the same name in the regency around a subdistrict."""
    regency = _regency_scope(scope) if level == "village" else ()
    codes = state.gazetteer.descendants(regency, level)
    keys = {code: state.gazetteer.parsed(code).key for code in codes}
    near_keys = process.extract(
        name.key, keys, scorer=fuzz.ratio, score_cutoff=85, limit=SUGGESTIONS
    )
    return [code for _, _, code in near_keys]
