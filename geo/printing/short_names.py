"""Shorter forms of names of places, for labels that have no room for the whole one.

The same as ``geo/maps/assets/abbreviations.js`` makes on the page; a test compares the two.
"""

from __future__ import annotations

from typing import Final

# As official maps shorten them.
WORDS: Final = {
    "Barat": "Brt.",
    "Daerah": "D.",
    "Gunung": "Gn.",
    "Istimewa": "I.",
    "Kabupaten": "Kab.",
    "Kalimantan": "Kal.",
    "Kepulauan": "Kep.",
    "Kotawaringin": "Ktw.",
    "Muara": "Ma.",
    "Nusa": "N.",
    "Selatan": "Sel.",
    "Sulawesi": "Sul.",
    "Sumatera": "Sum.",
    "Sungai": "S.",
    "Tanjung": "Tg.",
    "Teluk": "Tel.",
    "Tengah": "Tgh.",
    "Tenggara": "Tra.",
    "Timur": "Tim.",
    "Utara": "Ut.",
}
_LETTERS: Final = 4
# A cut that saves two letters says less than it saves.
_LEAST_SAVED: Final = 3


def shorten_name(name: str) -> list[str]:
    """List a name, then shorter forms of it, each shorter than the one before."""
    first, *others = words = name.split(" ")
    forms = [name, " ".join([_shorten(first), *others]), " ".join(map(_shorten, words))]
    return [form for i, form in enumerate(forms) if not i or len(form) < len(forms[i - 1])]


def _shorten(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    return f"{word[:_LETTERS]}." if len(word) >= _LETTERS + _LEAST_SAVED else word
