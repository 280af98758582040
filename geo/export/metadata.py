"""What data sets must say of themselves: Satu Data Indonesia and Frictionless Data Package.

Satu Data (Perpres 39/2019) asks for standard data, and for metadata of indicators (MS-Ind) and
variables (MS-Var) by Peraturan BPS 5/2020. Its words are Indonesian whatever the reader's language.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..core.codebook import COLUMNS, Column
from ..core.i18n import Language
from ..core.version import program_version
from .files import Extract

_INDONESIAN: Final = Language("id")
_UNITS: Final = {
    "people": "orang",
    "count": "desa/kelurahan",
    "rate": "fraksi (1 = 100 persen)",
    "rupiah": "rupiah",
    "text": "tidak ada",
}
_MEASURES: Final = {
    "people": "jumlah",
    "count": "jumlah",
    "rate": "rasio",
    "rupiah": "nilai uang",
    "text": "kategori",
}
_TYPES: Final = {"text": "string", "rate": "number"}
_CODES: Final = (
    {
        "klasifikasi": "Kode wilayah administrasi pemerintahan (Kemendagri)",
        "sumber": "Kepmendagri 300.2.2-2430/2025",
        "tanggal": "2025",
    },
    {
        "klasifikasi": "Kode wilayah BPS (hanya untuk pencocokan nama)",
        "sumber": "Bridging kode BPS, semester II 2020",
        "tanggal": "2020",
    },
)
_INDICATORS: Final = (
    {
        "nama_indikator": "Cakupan kepesertaan jaminan sosial ketenagakerjaan",
        "kolom": "coverage_rate",
        "konsep": "Peserta aktif dibandingkan dengan pekerja berhak",
        "metode_rumus_penghitungan": "enrolled / eligible; tidak dibatasi pada 1",
        "ukuran": "rasio",
        "satuan": "fraksi (1 = 100 persen)",
        "interpretasi": "Makin besar, makin banyak pekerja berhak yang terlindungi. Di atas 1: "
        "peserta aktif melebihi pekerja berhak yang tercatat.",
        "indikator_komposit": False,
        "variabel_pembangun": ["enrolled", "eligible"],
        "level_estimasi": "desa/kelurahan",
        "dapat_diakses_umum": "salinan publikasi",
    },
    {
        "nama_indikator": "Pekerja berhak yang belum terlindungi",
        "kolom": "coverage_gap",
        "konsep": "Selisih pekerja berhak dan peserta aktif, paling sedikit nol",
        "metode_rumus_penghitungan": "max(eligible - enrolled, 0); wilayah: jumlah desanya",
        "ukuran": "jumlah",
        "satuan": "orang",
        "interpretasi": "Jumlah pekerja yang masih perlu dijangkau.",
        "indikator_komposit": False,
        "variabel_pembangun": ["enrolled", "eligible"],
        "level_estimasi": "desa/kelurahan",
        "dapat_diakses_umum": "salinan publikasi",
    },
)


def build_satu_data(extract: Extract) -> dict[str, Any]:
    """Standard data, MS-Ind and MS-Var of an extract, and where it is from."""
    return {
        "dasar_hukum": ["Perpres 39/2019", "Peraturan BPS 5/2020"],
        "kegiatan": {fact.key: fact.plain for fact in extract.about},
        "kode_referensi": list(_CODES),
        "standar_data": [_standard(column) for column in COLUMNS],
        "ms_ind": [dict(indicator) for indicator in _INDICATORS],
        "ms_var": [_variable(column, extract) for column in COLUMNS],
        "data_spasial": {
            "sistem_referensi_koordinat": "EPSG:4326 (WGS 84)",
            "jenis_geometri": "poligon",
            "resolusi": "seperti sumbernya",
            "sumber": _fact(extract, "boundary_source"),
        },
    }


def _standard(column: Column) -> dict[str, str]:
    return {
        "nama": column.name,
        "konsep": _INDONESIAN(column.label),
        "definisi": _INDONESIAN(column.meaning),
        "klasifikasi": "Kode Kemendagri" if column.name.endswith("code") else "tidak ada",
        "ukuran": _MEASURES[column.kind],
        "satuan": _UNITS[column.kind],
    }


def _variable(column: Column, extract: Extract) -> dict[str, str]:
    return {
        "nama_variabel": _INDONESIAN(column.label),
        "alias": column.name,
        "konsep": _INDONESIAN(column.label),
        "definisi": _INDONESIAN(column.meaning),
        "referensi_waktu": _fact(extract, "period"),
        "tipe_data": {"text": "teks", "rate": "desimal"}.get(column.kind, "bilangan bulat"),
        "ukuran": _MEASURES[column.kind],
        "satuan": _UNITS[column.kind],
    }


def _fact(extract: Extract, key: str) -> str:
    return next((str(fact.plain) for fact in extract.about if fact.key == key), "")


def add_data_package(archive: zipfile.ZipFile, extract: Extract) -> None:
    """Add a ``datapackage.json`` of all that is in an archive by now."""
    files = {name: Path(name).suffix[1:] for name in archive.namelist()}
    package = build_data_package(extract, files)
    archive.writestr("datapackage.json", json.dumps(package, ensure_ascii=False, indent=1))


def _is_of_places(name: str) -> bool:
    """Whether a file is a table of places; the codebook is one of columns."""
    return name.endswith(".csv") and not name.startswith("codebook")


def build_data_package(extract: Extract, files: Mapping[str, str]) -> dict[str, Any]:
    """A Frictionless ``datapackage.json`` of files by name, with their formats.

    Tables bear a schema; what the figures are of stands beside.
    """
    fields = [
        {
            "name": column.name,
            "type": _TYPES.get(column.kind, "integer"),
            "title": column.label,
            "description": column.meaning,
        }
        for column in COLUMNS
    ]
    schema = {"fields": fields, "primaryKey": "code", "missingValues": [""]}
    table = {"profile": "tabular-data-resource", "schema": schema}
    return {
        "name": "jangkau",
        "title": _fact(extract, "name"),
        "profile": "data-package",
        "version": program_version(),
        "sources": [
            {"title": _fact(extract, key)}
            for key in ("boundary_source", "eligible_source", "contribution_source")
        ],
        "description": "\n".join(f"{fact.label}: {fact.text}" for fact in extract.about),
        "resources": [
            {
                "name": name.lower().replace(".", "-"),
                "path": name,
                "format": form,
                **(table if _is_of_places(name) else {}),
            }
            for name, form in files.items()
        ],
    }
