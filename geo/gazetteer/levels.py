"""Find the province, regency and subdistrict of every place, before its village is looked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.codes import PLACE_LEVELS, Level, find_level
from .names import fold, parse_name, split_regency
from .place_index import Gazetteer
from .resolve import Claim, Decision, find_by_form, propose_pairs, resolve_names

# A unit whose name is gone is recognised by its members: at least two, and half of them, have
# their name in one other unit, and no second unit comes near.
MIN_MEMBERS, MIN_SHARE, MIN_WEIGHT, MAX_SECOND = 2, 0.5, 1.5, 0.5
# A likely misspelling is believed unless its members speak against it.
LIKELY, CONTRARY_MEMBERS, CONTRARY_SHARE = 0.97, 3, 0.3
UPPER = PLACE_LEVELS[:3]


@dataclass(slots=True)
class Place:
    """A distinct place of the input, by its texts, and how far it is found.

    Attributes
    ----------
    texts : mapping of Level to str
    rows : int
    scope : tuple of str
        Codes to look below: the country ("",), or one unit, or several of the same name.
    lost : Level or None
        The finest level whose text matched nothing.
    method : str
        How the unit in `scope` was found.
    """

    texts: Mapping[Level, str]
    rows: int = 1
    scope: tuple[str, ...] = ("",)
    lost: Level | None = None
    method: str = "exact"


def make_claim(text: str, level: Level, rows: int = 1) -> Claim:
    """Read a text as a claim on a place of a level, with the kind that its prefix says."""
    if level == "regency":
        kind, name = split_regency(text)
        return Claim(parse_name(name), kind, rows)
    first = fold(text).replace(".", " ").split(" ")[0]
    kinds = {"kel": "kelurahan", "kelurahan": "kelurahan", "ds": "desa", "desa": "desa"}
    return Claim(parse_name(text), kinds.get(first, "") if level == "village" else "", rows)


def below(scope: Sequence[str], level: Level) -> bool:
    """Whether a scope lies above a level, so that the level's names can narrow it."""
    found = find_level(scope[0])
    return found is None or PLACE_LEVELS.index(found) < PLACE_LEVELS.index(level)


def _members(places: Iterable[Place], level: Level) -> frozenset[str]:
    """Keys of the names one level down that the input gives for a unit."""
    lower = PLACE_LEVELS[PLACE_LEVELS.index(level) + 1]
    claims = (make_claim(place.texts[lower], lower) for place in places if place.texts[lower])
    return frozenset(claim.name.key for claim in claims)


def _support(members: frozenset[str], code: str, gazetteer: Gazetteer) -> frozenset[str]:
    """List the members whose name a unit has."""
    return members & gazetteer.child_keys(code)


def _by_members(
    members: frozenset[str], codes: Sequence[str], gazetteer: Gazetteer
) -> Decision | None:
    """Find the unit that most members are found in, if it is clear.

    A member counts by how rare its name is: every regency has some Sukamaju.
    """
    support = {code: _support(members, code, gazetteer) for code in codes}
    spread = Counter(name for names in support.values() for name in names)
    weight = {code: sum(1 / spread[n] for n in sorted(names)) for code, names in support.items()}
    ranked = sorted(codes, key=lambda code: (-weight[code], code))
    if not ranked or len(support[ranked[0]]) < max(MIN_MEMBERS, MIN_SHARE * len(members)):
        return None
    second = weight[ranked[1]] if len(ranked) > 1 else 0
    if weight[ranked[0]] < MIN_WEIGHT or second > MAX_SECOND * weight[ranked[0]]:
        return None
    share = len(support[ranked[0]]) / len(members)
    return Decision((ranked[0],), "members", share, True)


def _believed(decision: Decision, members: frozenset[str], gazetteer: Gazetteer) -> bool:
    """Whether a misspelt unit is accepted, with what its members say."""
    support = len(_support(members, decision.codes[0], gazetteer))
    if support >= max(MIN_MEMBERS, MIN_SHARE * len(members)):
        return True
    contrary = len(members) >= CONTRARY_MEMBERS and support < CONTRARY_SHARE * len(members)
    return decision.score >= LIKELY and not contrary


Members = Mapping[Claim, frozenset[str]]


def _resolve_anywhere(members: Members, gazetteer: Gazetteer) -> dict[Claim, Decision]:
    """Regencies of equal name in another province: Papua's lie in six provinces by now."""
    everywhere = gazetteer.level_codes("regency")
    hits = find_by_form(members, everywhere, gazetteer, lambda name: name.key)
    decisions = {claim: Decision(h, "exact", 1.0, True) for claim, h in hits.items() if len(h) == 1}
    return {c: d for c, d in decisions.items() if _believed(d, members[c], gazetteer)}


def _resolve_by_members(
    members: Members, codes: Sequence[str], level: Level, used_codes: set[str], gazetteer: Gazetteer
) -> dict[Claim, Decision]:
    """Find renamed units by the names below them, in their scope or (regencies) anywhere."""
    free = [code for code in codes if code not in used_codes] or codes
    everywhere = gazetteer.level_codes(level) if level == "regency" else ()
    decisions = {}
    for claim, names in members.items():
        decision = _by_members(names, free, gazetteer) or _by_members(names, everywhere, gazetteer)
        if decision:
            decisions[claim] = decision
    return decisions


def _resolve_group(
    groups: Mapping[Claim, list[Place]],
    scope: tuple[str, ...],
    level: Level,
    gazetteer: Gazetteer,
) -> dict[Claim, Decision]:
    """Match the units of one scope: by name, by name anywhere, by likeness, by members."""
    codes = gazetteer.descendants(scope, level)
    decisions = resolve_names(list(groups), codes, gazetteer)
    used_codes = {code for decision in decisions.values() for code in decision.codes}
    members = {c: _members(places, level) for c, places in groups.items() if c not in decisions}
    if level == "regency":
        decisions |= _resolve_anywhere(members, gazetteer)
    pairs = propose_pairs([c for c in members if c not in decisions], codes, gazetteer)
    decisions |= {c: d for c, d in pairs.items() if _believed(d, members[c], gazetteer)}
    waiting = {claim: names for claim, names in members.items() if claim not in decisions}
    return decisions | _resolve_by_members(waiting, codes, level, used_codes, gazetteer)


def resolve_levels(places: Sequence[Place], gazetteer: Gazetteer) -> None:
    """Narrow the scope of every place by its province, regency and subdistrict, in this order."""
    for level in UPPER:
        scopes: defaultdict[tuple[str, ...], defaultdict[Claim, list[Place]]]
        scopes = defaultdict(lambda: defaultdict(list))
        for place in places:
            if place.texts[level] and below(place.scope, level):
                scopes[place.scope][make_claim(place.texts[level], level)].append(place)
        for scope, groups in scopes.items():
            decisions = _resolve_group(groups, scope, level, gazetteer)
            for claim, members in groups.items():
                _narrow(members, decisions.get(claim), level)


def _narrow(places: Iterable[Place], decision: Decision | None, level: Level) -> None:
    """Set the scope of places to what was found for their unit."""
    for place in places:
        if decision is None:
            place.lost = level
        else:
            place.scope, place.lost, place.method = decision.codes, None, decision.method
