"""The words of the field page: it holds both languages, and changes between them by itself."""

from __future__ import annotations

from typing import Final

from ...core.errors import mark
from ...core.i18n import LANGUAGES, get_language
from ..store import STATUSES
from ..worklist import HEADINGS

WORDS: Final = {
    "title": mark("Field visits"),
    "to_content": mark("To the list of villages"),
    "list": mark("List"),
    "map": mark("Map"),
    "search": mark("Search for a village or subdistrict"),
    "all_rounds": mark("All rounds"),
    "round": mark("Round {n}"),
    "no_round": mark("Without a round"),
    "rounds": mark("Round"),
    "open_only": mark("Only those not visited yet"),
    "round_facts": mark("about {km} km, {hours} hours, from {base}"),
    "nights": mark("nights out: {n}"),
    "shown": mark("{n} of {all} villages shown"),
    "none_shown": mark("No village fits. Clear the search or choose all rounds."),
    "progress": mark("{done} of {all} villages visited"),
    "people_done": mark("{n} enrolled, {again} reactivated"),
    "export": mark("Export my results"),
    "csv": mark("As CSV"),
    "share": mark("Share"),
    "unsent": mark("{n} not exported yet"),
    "all_sent": mark("all exported"),
    "nothing": mark("Nothing is recorded yet."),
    "exported": mark("{file} is written with {n} villages. Give it to the office."),
    "shared": mark("The results of {n} villages were shared."),
    "planned_people": mark("planned: {n} people"),
    "enrolled_people": mark("{n} enrolled"),
    "reactivated_people": mark("{n} reactivated"),
    "to_enrol": mark("Plan: to enrol"),
    "to_reactivate": mark("Plan: to reactivate"),
    "waits": mark("not exported yet"),
    "visit_cost": mark("Cost of the visit (planned)"),
    "way": mark("Way from the base (estimated)"),
    "position": mark("Position"),
    "no_position": mark("The position is not known."),
    "near_position": mark("The position is estimated: the middle of the subdistrict."),
    "open_map": mark("Open in a map app"),
    "away": mark("about {km} km in a straight line"),
    "save": mark("Save the visit"),
    "cancel": mark("Cancel"),
    "close": mark("Close without saving"),
    "recorded": mark("{place} is recorded on this device."),
    "number_wrong": mark("Enter a whole number from 0 to 100,000."),
    "day_wrong": mark("Enter the date of the visit, not in the future."),
    "note_help": mark("Write no names and no member numbers; long numbers are hidden."),
    "locate": mark("My position"),
    "locating": mark("Looking for your position …"),
    "located": mark("Nearest: {place}, about {km} km in a straight line."),
    "not_located": mark("Your position is not known. Allow it in the settings of the browser."),
    "zoom_in": mark("Zoom in"),
    "zoom_out": mark("Zoom out"),
    "whole": mark("Show all"),
    "map_help": mark("Map of the villages. Each of them is in the list, too."),
    "legend": mark("Legend"),
    "base": mark("Base"),
    "not_kept": mark(
        "This browser keeps nothing after the page is closed. Export your results before that."
    ),
    "dark": mark("Dark"),
    "light": mark("Light"),
    "offline_ready": mark("Kept on this device: opens without a network."),
    "about": mark("About this page"),
    "about_kept": mark(
        "What you record stays on this device until you export it and give the file to the office."
    ),
    "prices": mark("Contribution a year for one person"),
    "from_office": mark("The office has recorded"),
    "conflict": mark("Two versions are at the office; it will choose."),
    "subdistrict": mark("Subdistrict"),
    "village": mark("Village"),
    "less": mark("one less"),
    "more": mark("one more"),
}


def list_words() -> dict[str, dict[str, str]]:
    """Words of the page by language and key, those of statuses and headings among them."""
    keyed = WORDS | {f"status_{key}": words for key, words in STATUSES.items()}
    keyed |= {f"heading_{key}": words for key, words in HEADINGS.items()}
    return {
        code: {key: get_language(code)(words) for key, words in keyed.items()} for code in LANGUAGES
    }
