"""Two lists of invented people with known truth: who of the candidates is enrolled.

Faults are those that such lists have: typing errors, words of a name swapped, left out or
shortened, dates with day and month swapped, changed villages, damaged, cut and missing NIK. Beside
them stand people who are not the same: twins, namesakes, and families who share a NIK.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np
import pandas as pd


def _words(text: str) -> list[str]:
    return text.split()


_FIRST = _words(
    """
    muhammad siti ahmad sri nur abdul dewi agus budi rina eko yuni hadi lina arif wahyu rahmat
    dedi ayu indah joko slamet suparman supriadi rudi hendra yanti ratna fitri maria yosef markus
    daniel samuel ester ruth debora lukas matius petrus paulus rohani mariana norhayati hamidah
    jumiati salasiah rusmini ermawati yulianti kristina megawati herlina susanti mulyadi sugeng
    bambang tono wawan iwan asep ujang dadang cecep heri yudi andi rizki fajar dimas bayu galih
    putri intan bella citra diana erna farida gita hesti ika juliana kartini laila murni nia
    oktavia
    """
)
_SECOND = _words(
    """
    aminah rahman hidayat saputra lestari wati ningsih susilo santoso wibowo kurniawan setiawan
    pratama nugroho hartono gunawan halim yusuf ibrahim ismail hasan husin umar usman ali zainab
    fatimah khadijah maryam rahmah hasanah sari utami rahayu astuti handayani permata anggraini
    kusuma wijaya putra putri jaya perkasa sanjaya siregar sitorus lubis nasution harahap simbolon
    tarigan ginting sembiring tumanggor dalimunthe syahputra ramadhan maulana fauzi anwar effendi
    basri hamdani syarif latif karim salim hakim ridwan yasin daud musa isa yahya ilyas nuh idris
    sulaiman zakaria luther kristanto prasetyo budiman hermanto sutrisno subagyo sukarno wahyudi
    """
)
_CANDIDATES, _ENROLLED, _BOTH = 200_000, 50_000, 35_000
_LETTERS = np.array(list(string.ascii_lowercase))


@dataclass(frozen=True)
class Lists:
    """Two lists as files have them; ``truth`` is the row of the enrolled one, or -1."""

    candidates: pd.DataFrame
    enrolled: pd.DataFrame
    truth: np.ndarray


def draw_lists(villages: pd.DataFrame, *, seed: int = 17, scale: float = 1.0) -> Lists:
    """Draw both lists.

    Parameters
    ----------
    villages : pandas.DataFrame
        ``name, subdistrict``.
    seed : int
        Of the random numbers.
    scale : float
        Share of 200,000 candidates and 50,000 enrolled.
    """
    rng = np.random.default_rng(seed)
    many, few, both = (int(n * scale) for n in (_CANDIDATES, _ENROLLED, _BOTH))
    people = _draw_people(rng, many + few - both, len(villages))
    mine, theirs = people.iloc[:many], people.iloc[many - both :]
    order_mine, order_theirs = rng.permutation(len(mine)), rng.permutation(len(theirs))
    mine, theirs = mine.iloc[order_mine], theirs.iloc[order_theirs]
    place_of = pd.Series(np.arange(len(theirs)), theirs.index)
    truth = place_of.reindex(mine.index).fillna(-1).to_numpy("int64")
    return Lists(_write(rng, mine, villages, 0.08), _write(rng, theirs, villages, 0.10), truth)


def _draw_people(rng: np.random.Generator, count: int, villages: int) -> pd.DataFrame:
    weights = 1 / np.arange(1, len(_FIRST) + 1) ** 0.7
    first = rng.choice(_FIRST, count, p=weights / weights.sum())
    second = rng.choice(_SECOND, count)
    third = np.where(rng.random(count) < 0.35, rng.choice(_SECOND, count), "")
    days = rng.integers(0, 45 * 365, count)
    people = pd.DataFrame(
        {
            "first": first,
            "second": second,
            "third": third,
            "birth": np.datetime64("1960-01-01") + days.astype("timedelta64[D]"),
            "woman": rng.random(count) < 0.5,
            "village": rng.integers(0, villages, count),
            "serial": rng.integers(1, 300, count),
        }
    )
    # Twins: of one family and day, with one word of the name in common and the next serial.
    twins = np.flatnonzero(rng.random(count) < 0.01)
    twins = twins[twins > 0]
    for column in ("second", "third", "birth", "village"):
        people.loc[twins, column] = people[column].to_numpy()[twins - 1]
    people.loc[twins, "serial"] = people["serial"].to_numpy()[twins - 1] + 1
    # Namesakes of one village, born on another day.
    same = np.flatnonzero(rng.random(count) < 0.02)
    same = same[same > 0]
    for column in ("first", "second", "third", "village"):
        people.loc[same, column] = people[column].to_numpy()[same - 1]
    people["nik"] = _niks(people)
    return people


def _niks(people: pd.DataFrame) -> pd.Series:
    birth = pd.DatetimeIndex(people["birth"])
    day = birth.day + 40 * people["woman"]
    region = "6205" + (people["village"] % 9 + 1).astype("str").str.zfill(2)
    date = day.astype("str").str.zfill(2).to_numpy() + birth.strftime("%m%y")
    nik = region + pd.Series(date, people.index) + people["serial"].astype("str").str.zfill(4)
    # The office gives each number once.
    again = nik.groupby(nik).cumcount()
    return nik.str[:12] + (nik.str[12:].astype("int64") + 1000 * again).astype("str").str.zfill(4)


def _write(
    rng: np.random.Generator, people: pd.DataFrame, villages: pd.DataFrame, share: float
) -> pd.DataFrame:
    """A list with faults, each in a share of its rows."""
    count = len(people)

    def some(part: float = 1.0) -> np.ndarray:
        return rng.random(count) < share * part

    names = [
        " ".join(filter(None, parts)).upper()
        for parts in people[["first", "second", "third"]].itertuples(index=False)
    ]
    names = _faults_of_names(rng, names, some)
    birth = pd.DatetimeIndex(people["birth"])
    text = pd.Series(birth.strftime("%d-%m-%Y"), people.index)
    swapped = some(0.3) & (birth.day <= 12)
    text = text.where(~swapped, pd.Series(birth.strftime("%m-%d-%Y"), people.index))
    text = text.where(~some(0.3), "01-07-" + text.str[6:])
    village = np.where(some(), rng.integers(0, len(villages), count), people["village"])
    nik = _faults_of_niks(rng, people["nik"].to_numpy(dtype=object).copy(), some)
    chosen = villages.iloc[village]
    return pd.DataFrame(
        {
            "NIK": nik,
            "NAMA LENGKAP": names,
            "TANGGAL LAHIR": text.to_numpy(),
            "DESA": chosen["name"].to_numpy(),
            "KECAMATAN": chosen["subdistrict"].to_numpy(),
        }
    )


def _faults_of_names(rng: np.random.Generator, names: list[str], some) -> list[str]:  # noqa: ANN001
    typed, swapped, short, left = some(), some(0.5), some(0.3), some(0.3)
    result = []
    for at, name in enumerate(names):
        words = name.split()
        if swapped[at]:
            words = [*words[1:], words[0]]
        if short[at]:
            words[0] = {"MUHAMMAD": "MUH.", "ABDUL": "ABD.", "SITI": "ST."}.get(words[0], words[0])
        if left[at] and len(words) > 2:
            words = [words[0], words[2]]
        text = " ".join(words)
        if typed[at]:
            place = int(rng.integers(1, len(text) - 1))
            letter = str(rng.choice(_LETTERS)).upper()
            kind = rng.random()
            cut = place + (kind < 0.7)
            text = text[:place] + (letter if kind < 0.4 or kind > 0.7 else "") + text[cut:]
        result.append(text)
    return result


def _faults_of_niks(rng: np.random.Generator, nik: np.ndarray, some) -> np.ndarray:  # noqa: ANN001
    missing, wrong, cut, lost, shared = some(0.5), some(0.4), some(0.2), some(0.2), some(0.1)
    for at in np.flatnonzero(wrong):
        place = int(rng.integers(0, 16))
        nik[at] = nik[at][:place] + str(rng.integers(0, 10)) + nik[at][place + 1 :]
    for at in np.flatnonzero(lost):
        place = int(rng.integers(0, 16))
        nik[at] = nik[at][:place] + nik[at][place + 1 :]
    nik[cut] = [text[:15] + "0" for text in nik[cut]]
    # Registered under the number of somebody else of the family.
    others = np.flatnonzero(shared)
    nik[others] = nik[np.maximum(others - 1, 0)]
    nik[missing] = ""
    return nik
