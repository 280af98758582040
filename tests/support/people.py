"""Two small lists of invented people with known truth, as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sheet_factories import write_text, write_xlsx

HEAD = ("NIK", "NAMA LENGKAP", "TANGGAL LAHIR", "DESA", "KECAMATAN", "SEGMEN", "ALAMAT")
MEMBERS = ("NIK", "NO KPJ", "NAMA PESERTA", "TGL LAHIR", "DESA", "KECAMATAN", "STATUS")


def nik(number: int, birth: str = "15-03-1990") -> str:
    """An identity that nobody has: of no province, with a date of birth."""
    day, month, year = birth.split("-")
    return f"996205{day}{month}{year[2:]}{number:04}"


def candidate(
    number: int, name: str, birth: str = "15-03-1990", village: str = "Hajak", **fields: str
) -> tuple[str, ...]:
    row = {
        "NIK": nik(number, birth),
        "NAMA LENGKAP": name,
        "TANGGAL LAHIR": birth,
        "DESA": village,
        "KECAMATAN": "Teweh Baru",
        "SEGMEN": "pekerja rentan",
        "ALAMAT": f"RAHASIA {number}",
    }
    return tuple((row | fields).values())


def member(
    number: int, name: str, birth: str = "15-03-1990", village: str = "Hajak", **fields: str
) -> tuple[str, ...]:
    row = {
        "NIK": nik(number, birth),
        "NO KPJ": f"{70_000_000_000 + number}",
        "NAMA PESERTA": name,
        "TGL LAHIR": birth,
        "DESA": village,
        "KECAMATAN": "Teweh Baru",
        "STATUS": "AKTIF",
    }
    return tuple((row | fields).values())


CANDIDATES: Sequence[tuple[str, ...]] = (
    candidate(1, "SITI AMINAH BINTANG", "02-01-1971"),
    candidate(2, "PETRUS GARUDA", "03-02-1972", NIK=""),
    candidate(3, "BUDI RAJAWALI SAMUDRA", "04-03-1973"),
    candidate(4, "RUTH CENDRAWASIH", "25-04-1974", village="Sikui"),
    candidate(5, "YOSEF KENARI", "26-05-1975"),
    candidate(6, "LUKAS MERPATI", "27-06-1976", village="Sikui"),
)
ENROLLED: Sequence[tuple[str, ...]] = (
    member(1, "SITI AMINAH BINTANG", "02-01-1971"),
    member(2, "GARUDA PETRUS", "03-02-1972"),
    member(3, "BUDI RAJAWALI SAMUDRO", "04-03-1973", NIK=nik(3, "04-03-1973")[:15] + "0"),
    member(5, "YOSEF KENARI", "26-05-1975", STATUS="NONAKTIF"),
    member(9, "MARKUS ELANG", "01-02-1980"),
)
# What must stand nowhere but in memory: numbers and words of names and addresses.
SECRETS = tuple(
    secret.encode()
    for secret in (
        *(nik(number, row[2]) for number, row in enumerate(CANDIDATES, 1)),
        *("BINTANG", "GARUDA", "RAJAWALI", "CENDRAWASIH", "KENARI", "MERPATI", "RAHASIA"),
        *("ELANG", "70000000001", "70000000009"),
    )
)


def find_secrets(bodies: Mapping[str, bytes]) -> set[tuple[str, bytes]]:
    """Where each secret stands."""
    return {(where, each) for where, body in bodies.items() for each in SECRETS if each in body}


def write_lists(folder: Path) -> tuple[Path, Path]:
    """Both lists: a workbook of candidates, a text file of members."""
    folder.mkdir(parents=True, exist_ok=True)
    return (
        write_xlsx(folder / "calon.xlsx", {"Calon": [HEAD, *CANDIDATES]}),
        write_text(folder / "peserta.csv", [MEMBERS, *ENROLLED]),
    )
