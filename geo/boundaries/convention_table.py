"""The field names that makers of boundary layers use, one entry a maker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..core import codes


@dataclass(frozen=True)
class Convention:
    """Field names of one maker, in lower case; each entry lists alternatives in order.

    Attributes
    ----------
    name : str
        What the convention is called.
    code : tuple of str
        Fields of the village's code, best first; ``a+b`` joins the parts of one.
    names : mapping of level to tuple of str
        Fields of the names of the village and of what it lies in.
    codes : mapping of level to tuple of str
        Fields of the codes of the levels above.
    needs : tuple of str
        Regular expressions, each of which some field must match.
    sub_village : tuple of str
        Fields that show that rows are parts of villages.
    """

    name: str
    code: tuple[str, ...]
    names: Mapping[codes.Level, tuple[str, ...]]
    codes: Mapping[codes.Level, tuple[str, ...]]
    needs: tuple[str, ...]
    sub_village: tuple[str, ...] = ()


_BIG_NAMES: Final[dict[codes.Level, tuple[str, ...]]] = {
    "village": ("wadmkd", "namobj", "wiadkd"),
    "subdistrict": ("wadmkc", "wiadkc"),
    "regency": ("wadmkk", "wiadkk"),
    "province": ("wadmpr", "wiadpr"),
}
_BIG_CODES: Final[dict[codes.Level, tuple[str, ...]]] = {
    "subdistrict": ("kdcpum",),
    "regency": ("kdpkab",),
    "province": ("kdppum",),
}

# Names of the levels above as makers spell them, for layers whose maker is known by other fields.
ABOVE_SPELLINGS: Final[dict[codes.Level, tuple[str, ...]]] = {
    "subdistrict": (
        *("wadmkc", "wiadkc", "nmkec", "nm_kec", "nm_kecamatan", "nama_kec", "nama_kecamatan"),
        *("kecamatan", "kec", "adm3_en", "adm3_name", "name_3", "subdistrict"),
    ),
    "regency": (
        *("wadmkk", "wiadkk", "nmkab", "nm_kab", "nm_kabkota", "nm_kabupaten", "nama_kab"),
        *("nama_kabupaten", "nama_kabkota", "kabupaten", "kabkot", "kabkota", "kab_kota", "kab"),
        *("adm2_en", "adm2_name", "name_2", "regency"),
    ),
    "province": (
        *("wadmpr", "wiadpr", "nmprov", "nm_prov", "nm_propinsi", "nm_provinsi", "nama_prov"),
        *("nama_prop", "nama_provinsi", "nama_propinsi", "provinsi", "propinsi", "prov"),
        *("adm1_en", "adm1_name", "name_1", "province"),
    ),
}

CONVENTIONS: Final[tuple[Convention, ...]] = (
    Convention("BIG 2023", ("kdepum",), _BIG_NAMES, _BIG_CODES, ("kdepum", "namobj|wadmkd")),
    Convention(
        *("BIG 2020", ()),
        _BIG_NAMES,
        _BIG_CODES,
        ("namobj", "wadmkc|wadmkd", "kdpkab|kdppum|kdcpum"),
    ),
    Convention("RBI", (), _BIG_NAMES, {}, ("namobj", "wadmkk|wadmkc|wadmkd")),
    Convention(
        "Dukcapil",
        ("kode_desa_spatial", "kode_desa_", "kode_desa_s", "kode_desa", "kode_kel"),
        {
            "village": ("nama_kel", "nama_desa", "nama_kel_s", "nama_lgkp"),
            "subdistrict": ("nama_kec", "nama_kec_s"),
            "regency": ("nama_kab", "nama_kab_s"),
            "province": ("nama_prop", "nama_prov", "nama_prop_"),
        },
        {
            "subdistrict": ("kode_kec", "kode_kec_s"),
            "regency": ("kode_kab", "kode_kab_s"),
            "province": ("kode_prop", "kode_prov"),
        },
        ("kode_(desa|kel).*", "nama_(kel|desa|lgkp).*"),
    ),
    Convention(
        "BPS",
        ("iddesa", "kdprov+kdkab+kdkec+kddesa", "idsls", "idsubsls"),
        {
            "village": ("nmdesa",),
            "subdistrict": ("nmkec",),
            "regency": ("nmkab",),
            "province": ("nmprov",),
        },
        {"subdistrict": ("idkec",), "regency": ("idkab",), "province": ("idprov", "kdprov")},
        ("iddesa|kddesa|idsls|idsubsls", "nmdesa"),
        ("idsls", "kdsls", "nmsls", "idsubsls", "kdsubsls"),
    ),
    Convention(
        "HDX COD-AB",
        ("adm4_pcode",),
        {
            "village": ("adm4_en", "adm4_name", "adm4_id"),
            "subdistrict": ("adm3_en", "adm3_name", "adm3_id"),
            "regency": ("adm2_en", "adm2_name", "adm2_id"),
            "province": ("adm1_en", "adm1_name", "adm1_id"),
        },
        {"subdistrict": ("adm3_pcode",), "regency": ("adm2_pcode",), "province": ("adm1_pcode",)},
        ("adm[1-4]_pcode",),
    ),
    Convention(
        "HDX/BPS 2020",
        ("village_code", "village_co"),
        {
            "village": ("village",),
            "subdistrict": ("district",),
            "regency": ("regency",),
            "province": ("province",),
        },
        {
            "subdistrict": ("district_code",),
            "regency": ("regency_code",),
            "province": ("province_code",),
        },
        ("village_co(de)?", "village"),
    ),
    Convention(
        "GADM",
        ("cc_4",),
        {
            "village": ("name_4",),
            "subdistrict": ("name_3",),
            "regency": ("name_2",),
            "province": ("name_1",),
        },
        {},
        ("gid_[0-4]", "name_[1-4]"),
    ),
    Convention("geoBoundaries", (), {"village": ("shapename",)}, {}, ("shapeid", "shapename")),
    Convention(
        "code and name",
        ("kode", "code", "kode_desa", "kode_kel", "kode_wilayah", "village_code", "iddesa"),
        {
            "village": ("nama", "name", "desa", "kelurahan", "nama_desa", "namobj", "village"),
            "subdistrict": ("subdistrict", "kecamatan", "nama_kec"),
            "regency": ("regency", "kabupaten", "kab_kota", "nama_kab"),
            "province": ("province", "provinsi", "propinsi", "nama_prov"),
        },
        {},
        ("kode|code|kode_desa|kode_kel|kode_wilayah|village_code|iddesa",),
    ),
    Convention(
        "names alone",
        (),
        {
            "village": (
                *("desa", "kelurahan", "desa_kelurahan", "nama_desa", "nama_kel", "village"),
                *(
                    "nm_kelurahan",
                    "nm_desa",
                    "nm_kel",
                    "nama",
                    "name",
                    "namobj",
                    "nmdesa",
                    "wadmkd",
                ),
            ),
            "subdistrict": ("kecamatan", "subdistrict", "nama_kec", "kec", "district"),
            "regency": ("kabupaten", "kab_kota", "regency", "nama_kab", "kab"),
            "province": ("provinsi", "propinsi", "province", "nama_prov", "prov"),
        },
        {},
        (
            "desa|kelurahan|desa_kelurahan|nama_desa|nama_kel|village|nama|name|namobj"
            "|nmdesa|wadmkd|nm_kelurahan|nm_desa|nm_kel",
        ),
    ),
)
