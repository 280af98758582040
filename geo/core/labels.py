"""Labels of the query's choices, for the catalogue."""

from __future__ import annotations

from typing import Final

from .errors import mark
from .i18n import Language
from .segments import SEGMENTS, Scope

SCHEME_LABELS: Final = {
    "policy": mark("fixed policy classes"),
    "quantiles": mark("quantiles"),
    "natural_breaks": mark("natural breaks"),
    "equal_interval": mark("equal intervals"),
}
PALETTE_LABELS: Final = {
    "oranges": mark("oranges"),
    "blues": mark("blues"),
    "viridis": mark("viridis"),
}
CONTRIBUTION_LABELS: Final = {
    "jkk_jkm": "JKK + JKM",
    "jkk_jkm_jht": "JKK + JKM + JHT",
}
KIND_LABELS: Final = {
    "desa": mark("village (desa)"),
    "kelurahan": mark("urban village (kelurahan)"),
    "desa adat": mark("customary village (desa adat)"),
    "subdistrict": mark("subdistrict"),
    "regency": mark("regency"),
    "province": mark("province"),
}
# Where the eligible workers of a place are from; of areas with both it is mixed.
BASIS_LABELS: Final = {
    "counted": mark("counted"),
    "estimated": mark("estimated"),
    "mixed": mark("partly estimated"),
    "synthetic": mark("synthetic sample"),
}
# What a map marks of it.
ORIGIN_LABELS: Final = {
    "estimated": mark("eligible workers estimated"),
    "mixed": mark("eligible workers partly estimated"),
    "other_source": mark("eligible workers of another source"),
}
PROGRAMME_LABELS: Final = {
    "coverage_published": mark("published coverage"),
    "workers_paid_perangkat_desa": mark("paid by the regency's budget: village officers"),
    "workers_paid_rt_rw": mark("paid by the regency's budget: neighbourhood heads (RT/RW)"),
    "workers_paid_bpd": mark("paid by the regency's budget: village council (BPD)"),
    "workers_paid_non_asn": mark("paid by the regency's budget: non-civil-servant staff"),
    "workers_paid_pekerja_rentan": mark("paid by the regency's budget: vulnerable workers"),
    "workers_paid_total": mark("paid by the regency's budget: all"),
    "budget": mark("budget of the regency for contributions"),
    "claims": mark("claims"),
    "claims_amount": mark("claims paid"),
    "population": mark("population of the regency"),
    "area": mark("area of the regency"),
    "province_population": mark("population of the province"),
    "province_enrolled": mark("enrolled in the province"),
    "province_eligible": mark("eligible in the province"),
    "eligible": mark("eligible workers assumed in the sample"),
    "enrolled": mark("enrolled in the sample"),
}
# Sources of the sample's figures, which tables hold in English.
SOURCES: Final = (
    mark("article of 22 October 2024"),
    mark("provincial figures, March 2025"),
    mark("published coverage x eligible"),
    mark(
        "Cells around 103 village points with their published areas (Kepmendagri "
        "300.2.2-2430/2025), not official boundaries; half of them overlap real polygons by 51 % "
        "or more"
    ),
)
# What the parameters of a link ask for.
PARAMETER_LABELS: Final = {
    "place": mark("area"),
    "period": mark("period"),
    "segment": mark("segment"),
    "programme": mark("programme"),
    "subdistrict": mark("subdistrict"),
    "gap_min": mark("people not covered, from"),
    "gap_max": mark("people not covered, to"),
    "rate_min": mark("coverage, from"),
    "rate_max": mark("coverage, to"),
    "state": mark("state"),
    "target": mark("target"),
    "contribution": mark("contribution"),
    "measure": mark("map fill"),
    "scheme": mark("classes"),
    "palette": mark("colours"),
    "villages": mark("villages at once"),
    "circles": mark("circles"),
    "tiles": mark("street tiles"),
    "selected": mark("chosen place"),
    "compare": mark("period to compare with"),
    "price": mark("own contribution"),
    "order": mark("order"),
    "basket": mark("chosen villages"),
    "chosen": mark("chosen villages alone"),
}
# What can befall a row of a boundary layer.
EVENT_WORDS: Final = {
    "dissolved": mark("rows joined to another row of the same village"),
    "not_village": mark("rows that are no village"),
    "no_code": mark("rows of no certain village"),
    "repaired": mark("invalid polygons repaired"),
    "swapped": mark("rows with latitude and longitude swapped, put right"),
    "outside": mark("rows outside Indonesia"),
    "without_polygon": mark("villages without a polygon"),
    "damaged_code": mark("codes kept as decimal numbers, not used"),
    "number_code": mark("codes kept as numbers, known and used"),
    "unknown_code": mark("codes that the official list does not know"),
    "by_name": mark("villages found by their names"),
    "contradicted": mark("codes of another area than the names beside them"),
}


def segment_words(scope: Scope, language: Language) -> str:
    """Names of segments, or that it is all of them."""
    names = (language(SEGMENTS.get(segment, segment)) for segment in scope)
    return ", ".join(names) or language("all segments")


def scope_words(scope: Scope, language: Language) -> str:
    """Which segments figures are of; empty where nothing limits them."""
    if not scope:
        return ""
    return language("of these segments: {segments}", segments=segment_words(scope, language))


def known_words(known: int, villages: int, language: Language) -> str:
    """Of how many villages of an area the figures are known."""
    return language(
        "known for {known} of {villages} villages",
        known=language.count(known),
        villages=language.count(villages),
    )


STATE_LABELS: Final = {
    "ok": mark("coverage known"),
    "over_100": mark("above 100 %"),
    "partly_known": mark("partly known"),
    "no_denominator": mark("eligible workers not known"),
    "no_enrolment": mark("no enrolment data"),
    "no_boundary": mark("no boundary"),
}

MEASURE_LABELS: Final = {
    "coverage_rate": mark("coverage"),
    "coverage_gap": mark("people not covered"),
    "gap_to_target": mark("gap to target"),
    "gap_share": mark("share of the total gap"),
    "change_rate": mark("change of coverage (points)"),
    "change_enrolled": mark("change of enrolled (people)"),
}

# Rankings that serve outreach: what the first of a list are. Other columns can be sorted by too.
ORDER_LABELS: Final = {
    "coverage_gap": mark("most people not covered"),
    "coverage_rate": mark("lowest coverage"),
    "priority": mark("low coverage and many people"),
    "gap_to_target": mark("largest gap to target"),
}

LEVEL_LABELS: Final = {
    "village": mark("village"),
    "subdistrict": mark("subdistrict"),
    "regency": mark("regency"),
    "province": mark("province"),
}
