"""Names of people as comparable text: without titles, one spelling of what has several."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES: Final = _words(
    "h hj haji hajah ir dr drs dra prof kh ust ustadz tn ny nn bpk bapak ibu sdr sdri alm almh "
    "se sh sp spd st skm ssos spdi sip mm msi mpd mh amd amk amkeb skep ns ma ba bsc"
)
# One name, written in several ways, and its abbreviations.
_SPELLINGS: Final = {
    **dict.fromkeys(
        _words("m moh moch mohd muh muhamad mohamad mohammad muhammed mochamad"), "muhammad"
    ),
    **dict.fromkeys(_words("ahmat akhmad achmad akhmat achmat akmad"), "ahmad"),
    **dict.fromkeys(_words("sitti"), "siti"),
    **dict.fromkeys(_words("nurul noor nor"), "nur"),
    "abd": "abdul",
    "yusup": "yusuf",
    "rachmat": "rahmat",
}
# Old and new spelling, and letters that are heard alike.
_SHORT: Final = 3
_LETTERS: Final = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("kh", "h"), ("ph", "f"))


# Everything but letters separates words; an apostrophe and a hyphen stand within one.
_TO_SPACES: Final = {sign: " " for sign in map(chr, range(33, 127)) if not sign.isalpha()}
_TABLE: Final = str.maketrans(_TO_SPACES | {"'": "", "`": ""})


def normalise_person(name: str) -> str:
    """Normalise the name of a person: lower-case words in their order, without titles."""
    words = name.lower().translate(_TABLE).split()
    kept = [word for word in words if word not in _TITLES] or words
    return " ".join([_spell(word) for word in kept])


@lru_cache(maxsize=200_000)
def _spell(word: str) -> str:
    """One spelling of a word: names have few words, so each is worked on once."""
    spelled = _SPELLINGS.get(word, word)
    if len(spelled) > _SHORT:
        for old, new in _LETTERS:
            spelled = spelled.replace(old, new)
    return spelled


def sort_words(name: str) -> str:
    """Sort the words of a normalised name in the order of the alphabet."""
    return " ".join(sorted(name.split()))


def skeleton(name: str) -> str:
    """First letters and consonants of the first two words of a normalised name."""
    return "".join([_bones(word) for word in name.split()[:2]])


@lru_cache(maxsize=200_000)
def _bones(word: str) -> str:
    bare = word[0] + re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", bare)[:3]
