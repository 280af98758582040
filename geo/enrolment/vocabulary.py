"""The headers that enrolment tables really have, and the role each one means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final, Literal, get_args

from ..core.errors import mark
from ..core.segments import SEGMENTS

Role = Literal[
    "village", "subdistrict", "regency", "province", "address", "code",
    "identity", "identity_kind", "segment", "programme", "status",
    "start", "end", "period", "year", "month", "count", "eligible",
    "latitude", "longitude", "position", "ignored",
]  # fmt: skip
Form = Literal["workers", "counts", "wide"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
AREAS: Final = ("province", "regency", "subdistrict", "village")

# Headers as `normal_header` spells them, the surest first.
_HEADERS: Final[dict[Role, tuple[str, ...]]] = {
    "village": (
        *("desa", "kelurahan", "desa_kelurahan", "kelurahan_desa", "nama_desa", "nama_kelurahan"),
        *("nama_desa_kelurahan", "desa_kel", "kel_desa", "kel", "nmdesa", "nama_kel", "village"),
        *("village_name", "nagari", "gampong", "kampung", "lokasi_desa"),
    ),
    "subdistrict": (
        *("kecamatan", "nama_kecamatan", "kec", "nmkec", "nama_kec", "subdistrict", "district"),
        "distrik",
    ),
    "regency": (
        *("kabupaten", "kabupaten_kota", "kab_kota", "nama_kabupaten", "kab", "kota", "nmkab"),
        *("regency", "kota_kabupaten"),
    ),
    "province": ("provinsi", "propinsi", "nama_provinsi", "prov", "nmprov", "province"),
    "address": (
        *("alamat", "alamat_lengkap", "alamat_domisili", "alamat_ktp", "alamat_rumah"),
        *("alamat_peserta", "alamat_tk", "domisili", "address"),
    ),
    "code": (
        *("kode_desa", "kode_desa_kelurahan", "kode_kelurahan", "kd_desa", "kddesa", "iddesa"),
        *("id_desa", "village_code", "kode_wilayah", "kode_kemendagri", "kode_bps", "kdepum"),
        *("kode", "code"),
    ),
    "identity": (
        *("nik", "no_nik", "nomor_nik", "nomor_identitas", "no_identitas", "no_ktp", "nomor_ktp"),
        *("ktp", "identity", "nik_ktp", "no_kpj", "kpj", "nomor_kpj", "no_peserta", "kode_tk"),
        *("nomor_peserta", "no_kartu", "nomor_kartu"),
    ),
    "identity_kind": ("jenis_identitas",),
    "segment": (
        *("segmen", "segment", "segmen_kepesertaan", "segmentasi", "jenis_kepesertaan"),
        *("kategori_peserta", "kategori", "kelompok", "jenis_pekerja", "jenis_peserta"),
    ),
    "programme": ("program", "programme", "programmes", "programs", "paket", "paket_program"),
    "status": (
        *("status", "status_kepesertaan", "status_peserta", "status_aktif", "status_tk"),
        *("aktif", "keaktifan", "active"),
    ),
    "start": (
        *("tanggal_kepesertaan", "tgl_kepesertaan", "tanggal_daftar", "tgl_daftar", "start"),
        *("tanggal_mulai", "tgl_mulai", "tmt", "tgl_awal_bekerja", "tanggal_aktif", "tgl_aktif"),
        *("tgl_efektif", "tanggal_efektif", "start_date"),
    ),
    "end": (
        *("tanggal_akhir", "tgl_akhir", "tgl_akhir_kontrak", "tanggal_berakhir", "tgl_berakhir"),
        *("tanggal_nonaktif", "tgl_nonaktif", "tgl_non_aktif", "tgl_na", "tanggal_na", "end"),
        *("masa_berlaku", "expired", "end_date", "tgl_keluar", "tanggal_keluar"),
    ),
    "period": ("periode", "period", "blth", "bulan", "bulan_tahun", "bln", "month", "periode_data"),
    "year": ("tahun", "thn", "year", "tahun_data", "tahun_periode"),
    "month": ("nama_bulan", "bulan_data", "bulan_periode", "bulan_ke"),
    "count": (
        *("jumlah_peserta", "peserta", "jml_peserta", "peserta_aktif", "jumlah_peserta_aktif"),
        *("jumlah_tk", "jumlah_tk_aktif", "tk_aktif", "tk", "jumlah_tenaga_kerja", "enrolled"),
        *("jumlah_pekerja", "jumlah_orang", "jumlah_jiwa", "count", "people", "jumlah", "jml"),
        *("total_peserta", "total"),
    ),
    "latitude": ("latitude", "lat", "lintang", "garis_lintang", "y", "koordinat_y", "lat_y"),
    "longitude": (
        *("longitude", "long", "lon", "lng", "bujur", "garis_bujur", "x", "koordinat_x", "long_x"),
    ),
    "position": (
        *("koordinat", "titik_koordinat", "lat_long", "latlong", "lat_lng", "lokasi_gps", "gps"),
        *("koordinat_lokasi", "position", "coordinates", "titik"),
    ),
    "eligible": (
        *("eligible", "pekerja_berhak", "jumlah_pekerja_berhak", "potensi", "potensi_pekerja"),
        *("jumlah_potensi", "angkatan_kerja", "jumlah_angkatan_kerja"),
    ),
}
EXACT: Final = {
    spelled: (role, rank)
    for role, spellings in _HEADERS.items()
    for rank, spelled in enumerate(spellings)
}
# Counts only where both are there: alone they say something of a person.
SEXES: Final = {
    "men": ("laki_laki", "laki", "lk", "pria", "l", "jumlah_laki_laki", "peserta_laki_laki"),
    "women": ("perempuan", "pr", "wanita", "p", "jumlah_perempuan", "peserta_perempuan"),
}
# Counts where there are several: of people by what they do, added up where no column has the sum.
_OCCUPATION: Final = re.compile(
    r"(petani|pekebun|peternak|nelayan|pembudidaya|pedagang|buruh|tukang|sopir|supir|pengemudi|ojek"
    r"|pekerja_lepas|pekerja_harian|asisten_rumah_tangga|pembantu_rumah_tangga|art|penjahit|montir"
    r"|wiraswasta|wirausaha|umkm|pengrajin|perajin|penambang|juru_parkir|pemulung|marbot"
    r"|guru_ngaji|guru_honorer|kader|karyawan_swasta|lainnya)(_[a-z]+){0,3}"
)
# Headers that no list can hold; tried in this order when no spelling fits.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Role], ...]] = (
    (re.compile(r"(^|_)(nama_(depan|tengah|belakang|lengkap|peserta|tenaga|tk|perusahaan|ibu)"
                r"|nama$|lahir|kelamin|kawin|nikah|npwp|npp|upah|gaji|handphone|hp|telepon|telp"
                r"|email|perusahaan|badan_usaha|kantor|kode_pos|lokasi_pekerjaan|pegawai|iuran|pembina|perisai|rekening)"),
     "ignored"),
    (re.compile(r"^terdaftar(_|$)"), "status"),
    (re.compile(r"^(tgl|tanggal)_(ter)?daftar(_|$)"), "start"),
    (re.compile(r"(^|_)(kode|kd|id)_.*(desa|kelurahan|kel)(_|$)"), "code"),
    (re.compile(r"(^|_)(kode|kd|id|no|jumlah|jml)(_|$)"), "ignored"),
    (re.compile(r"(^|_)alamat(_|$)"), "address"),
    (re.compile(r"(^|_)(?<!perangkat_)(desa|kelurahan|kel)(_|$)"), "village"),
    (re.compile(r"(^|_)(kecamatan|kec)(_|$)"), "subdistrict"),
    (re.compile(r"(^|_)(kabupaten|kab)(_|$)"), "regency"),
    (re.compile(r"(^|_)(provinsi|propinsi)(_|$)"), "province"),
    (re.compile(r"(^|_)segmen"), "segment"),
)  # fmt: skip
# Over numbers or names of months they mean a month, over dates a period.
MONTHS: Final = ("bulan", "bln", "month")
EXITS: Final = re.compile(r"sebab_(na|non_?aktif|nonaktif|keluar)|tgl_kejadian|tanggal_kejadian")


def normal_header(name: str) -> str:
    """``Jenis  Kelamin`` and ``JENIS_KELAMIN`` alike: ``jenis_kelamin``."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def is_known_header(name: str) -> bool:
    """Whether a text is a header that such tables have."""
    spelled = normal_header(name)
    if spelled in EXACT or spelled in SEGMENTS or EXITS.fullmatch(spelled) or is_occupation(name):
        return True
    return len(spelled) < 40 and any(pattern.search(spelled) for pattern, _ in PATTERNS)


def is_occupation(name: str) -> bool:
    """Whether a header names an occupation: ``Jml Petani/Pekebun``, ``BURUH HARIAN LEPAS``."""
    spelled = re.sub(r"^(jumlah|jml|total|pekerja)_", "", normal_header(name))
    return _OCCUPATION.fullmatch(spelled) is not None


def fingerprint(header: Iterable[str]) -> str:
    """Compute what files of one shape share: their headers, in order, however they are spelled."""
    joined = "|".join(normal_header(name) for name in header)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


ROLE_LABELS: Final[dict[str, str]] = {
    "village": mark("village"),
    "subdistrict": mark("subdistrict"),
    "regency": mark("regency"),
    "province": mark("province"),
    "address": mark("free-text address"),
    "code": mark("village code"),
    "identity": mark("member identity (never kept)"),
    "identity_kind": mark("kind of identity"),
    "segment": mark("segment"),
    "programme": mark("programme"),
    "status": mark("status"),
    "start": mark("start of membership"),
    "end": mark("end of membership"),
    "period": mark("period"),
    "year": mark("year"),
    "month": mark("month"),
    "count": mark("number of people"),
    "eligible": mark("eligible workers"),
    "latitude": mark("latitude"),
    "longitude": mark("longitude"),
    "position": mark("latitude and longitude in one"),
    "ignored": mark("not used"),
}
