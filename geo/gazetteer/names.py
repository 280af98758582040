"""Place names as comparable text: tokens, numerals, equivalents and guard words.

Everything here is pure text. Whether two names are the same place is decided in
``geo.match``; this module only says how a name reads once its spelling habits are removed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .word_lists import (
    ABBREVIATIONS,
    DOTTED,
    EQUIVALENTS,
    GLUED,
    GUARD_WORDS,
    KIND_WORDS,
    PREFIXES,
    REGENCY_KINDS,
    SOUNDS,
    TENS,
    UNITS,
)

ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
APOSTROPHES = re.compile(r"['`´‘’ʼ\"]")
REMARK = re.compile(r"\(([^()]*)\)")
CAMEL = re.compile(r"(?<=[a-z])(?=[IVX]+\b)")  # "TawaI"
# A zero between letters is an O that was read or typed wrongly: "Ujong Tan0h".
ZERO_IN_WORD = re.compile(r"(?<=[A-Za-z])0(?=[A-Za-z])")
PIECES = re.compile(r"[a-z]+\.?|\d+")
GLUED_NUMBER = re.compile(rf"({'|'.join(UNITS)})(belas|puluh)({'|'.join(UNITS)})?")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the forms that matching compares.

    Attributes
    ----------
    text : str
        The name as given.
    tokens : tuple of str
        The normalised name, token by token.
    plain : str
        Its letters and digits only.
    key : str
        The normalised name without spaces.
    core : str
        `key` without words for a kind of village.
    guard : tuple of str
        Numerals and guard words, sorted: equal or the names are different places.
    stem : str
        `key` without its guard words, what fuzzy comparison reads.
    """

    text: str
    tokens: tuple[str, ...]
    plain: str
    key: str
    core: str
    guard: tuple[str, ...]
    stem: str


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    text = ZERO_IN_WORD.sub("o", text)
    ascii_text = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text))
    return ascii_text.encode("ascii", "ignore").decode().replace("'", "").lower()


def plain_name(text: str) -> str:
    """Letters and digits of a name, in lower case."""
    return "".join(character for character in fold(text) if character.isalnum())


def roman_value(token: str) -> int:
    """Value of a Roman numeral up to 39, or 0. L, C, D, M are letters in village names."""
    if not token or not ROMAN.fullmatch(token):
        return 0
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in token]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _split_numbers(tokens: list[str]) -> list[str]:
    """Separate "duapuluh" into its number words."""
    split: list[str] = []
    for token in tokens:
        glued = GLUED_NUMBER.fullmatch(token)
        split.extend([part for part in glued.groups() if part] if glued else [token])
    return split


def _number_words(tokens: list[str]) -> list[str]:
    """Write number words, alone or in "dua puluh satu", as digits."""
    out: list[str] = []
    remaining = _split_numbers(tokens)
    while remaining:
        unit = UNITS.get(remaining[0])
        if unit and len(remaining) > 1 and remaining[1] in ("belas", "puluh"):
            tens = remaining[1] == "puluh"
            units = UNITS.get(remaining[2], 0) if tens and len(remaining) > 2 else 0
            out.append(str(unit * 10 + units if tens else unit + 10))
            remaining = remaining[3:] if units else remaining[2:]
            continue
        value = unit or TENS.get(remaining[0])
        out.append(str(value) if value else remaining[0])
        remaining = remaining[1:]
    return out


def _numerals(tokens: list[str]) -> list[str]:
    """Write every numeral as digits. A single token is a name, not a number."""
    if len(tokens) < 2:
        return tokens
    # "2 x 11 Anam Lingkuang": this x is a sign, not a ten.
    sign = len(tokens) > 2 and tokens[0].isdigit() and tokens[1] == "x"
    out = [
        str(roman_value(token)) if roman_value(token) and not (sign and index == 1) else token
        for index, token in enumerate(tokens)
    ]
    return [token.lstrip("0") or "0" if token.isdigit() else token for token in _number_words(out)]


def is_guard(token: str) -> bool:
    """Whether a normalised token tells neighbouring places apart."""
    return token in GUARD_WORDS or token.isdigit() or len(token) == 1


def _strip_prefixes(tokens: list[str]) -> list[str]:
    """Drop leading kind-of-place words as long as a name of its own remains."""
    while len(tokens) > 1 and tokens[0].rstrip(".") in PREFIXES:
        remaining = [token.rstrip(".") for token in tokens[1:]]
        if all(is_guard(EQUIVALENTS.get(t, t)) or roman_value(t) or t in UNITS for t in remaining):
            break
        tokens = tokens[1:]
    return tokens


def _expand(token: str, first: bool) -> str:
    """Write an abbreviation or a regional spelling in full."""
    word = token.rstrip(".")
    if first and token != word and word in DOTTED:
        return DOTTED[word]
    return EQUIVALENTS.get(ABBREVIATIONS.get(word, word), ABBREVIATIONS.get(word, word))


def _drop_remarks(text: str) -> str:
    """Drop "(…)" unless it holds a numeral or guard word, as in "Kurau (Timur)"."""

    def keep(remark: re.Match[str]) -> str:
        words = [_expand(word, False) for word in PIECES.findall(remark[1])]
        guarded = any(is_guard(word) or roman_value(word) or word in UNITS for word in words)
        return f" {remark[1]} " if guarded else " "

    dropped = REMARK.sub(keep, text)
    return dropped if PIECES.search(dropped) else text


@lru_cache(maxsize=400_000)
def name_tokens(name: str) -> tuple[str, ...]:
    """Normalised tokens of a place name."""
    spaced = fold(CAMEL.sub(" ", name))
    pieces = PIECES.findall(_drop_remarks(spaced))
    telling = [piece for piece in pieces if _expand(piece, False)] or pieces
    words = [_expand(piece, index == 0) for index, piece in enumerate(_strip_prefixes(telling))]
    return tuple(_numerals([word for word in words if word] or telling))


def normalise_name(name: str) -> str:
    """Normalise a place name.

    Parameters
    ----------
    name : str
        A name in any spelling: "Ds. Tj. Rejo II", "SEI  BATU (lama)".

    Returns
    -------
    str
        Lower-case tokens with single spaces, numerals as digits. Idempotent.
    """
    return " ".join(name_tokens(name))


def _unglue(token: str) -> list[str]:
    """Split "pucunglor" into "pucung" and "lor"."""
    for word in GLUED:
        if token.endswith(word) and len(token) - len(word) >= 3:
            return [token[: -len(word)], word]
    return [token]


def _core(tokens: tuple[str, ...]) -> str:
    """Join the tokens without leading words for a kind of village."""
    remaining = list(tokens)
    while len(remaining) > 1 and remaining[0] in KIND_WORDS:
        remaining = remaining[1:]
    return "".join(remaining)


@lru_cache(maxsize=400_000)
def parse_name(text: str) -> Name:
    """Read a name into the forms that matching compares."""
    tokens = name_tokens(text)
    pieces = [piece for token in tokens for piece in _unglue(token)]
    guard = tuple(sorted(piece for piece in pieces if is_guard(piece)))
    stem = "".join(piece for piece in pieces if not is_guard(piece))
    return Name(
        text=text,
        tokens=tokens,
        plain=plain_name(text),
        key="".join(tokens),
        core=_core(tokens),
        guard=guard,
        stem=stem,
    )


@lru_cache(maxsize=400_000)
def fold_spelling(stem: str) -> str:
    """Write a stem in one orthography: without double letters, and with one sign for each sound."""
    for written, sound in SOUNDS:
        stem = stem.replace(written, sound)
    single = re.sub(r"(.)\1+", r"\1", stem)
    return single.removesuffix("h") if len(single) > 3 else single


def name_variants(text: str) -> tuple[str, ...]:
    """Names given as alternatives: "A/B", "A (B)", "A alias B".

    Parts that are only a numeral or a guard word ("Parit I/II") are a list, not alternatives.
    """
    parts = re.split(r"[/()]|\balias\b|\batau\b", text, flags=re.IGNORECASE)
    parts = [part.strip() for part in parts if part.strip()]
    if len(parts) < 2 or not all(parse_name(part).stem for part in parts):
        return ()
    if any(roman_value(fold(part)) for part in parts):
        return ()
    return tuple(parts)


def split_regency(text: str) -> tuple[str, str]:
    """Split "KAB. BOGOR" into its kind ("kabupaten", "kota" or "") and its name.

    Kota Bogor and Kabupaten Bogor are different places, so the kind is kept apart, not dropped.
    """
    words = re.sub(r"(?i)\badm(inistrasi)?\b\.?", " ", text).split()
    first = fold(words[0]).rstrip(".") if words else ""
    if "." in text and (dotted := re.match(r"(?i)\s*(kab|kota|kodya)\.\s*(.+)", text)):
        return REGENCY_KINDS[dotted[1].lower()], dotted[2]
    if len(words) > 1 and first in REGENCY_KINDS:
        return REGENCY_KINDS[first], " ".join(words[1:])
    return "", " ".join(words)
