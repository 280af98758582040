"""Where boundaries can be fetched from: community and official sources, with their licence.

Addresses change. Those given here were seen in the source's own documents or
in public code that uses them; ``--url`` says another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ...core.errors import mark

Way = Literal["file", "sql", "arcgis"]


@dataclass(frozen=True)
class Source:
    """One source that is known by name.

    Attributes
    ----------
    name : str
        What to ask for.
    title : str
        Who publishes it and what.
    licence : str
        Terms, as far as they are stated by the publisher.
    way : str
        How it answers: one ``file``, a file of ``sql``, or ``arcgis`` REST.
    url : str
        Address, with ``{province}`` and ``{code}`` of the area asked for;
        empty where it must be given.
    page : str
        Where to read about it.
    note : str
        Sentence to translate: what to know before use.
    """

    name: str
    title: str
    licence: str
    way: Way
    url: str
    page: str
    note: str


SOURCES: Final = {
    source.name: source
    for source in (
        Source(
            "cahyadsn",
            "Cahya DSN, wilayah_boundaries (Kepmendagri 300.2.2-2430/2025)",
            "MIT, (c) Cahya DSN",
            "sql",
            "https://raw.githubusercontent.com/cahyadsn/wilayah_boundaries/main/"
            "db/kel/{province}/wilayah_boundaries_kel_{code}.sql",
            "https://github.com/cahyadsn/wilayah_boundaries",
            mark("Community boundaries, simplified by their author."),
        ),
        Source(
            "big",
            "Badan Informasi Geospasial, batas desa/kelurahan 1:10.000",
            "terms of Badan Informasi Geospasial; not stated by the service",
            "arcgis",
            "https://geoservices.big.go.id/rbi/rest/services/BATASWILAYAH/"
            "Administrasi_AR_KelDesa_10K/MapServer/0",
            "https://geoservices.big.go.id",
            mark("Address as used by public code, not confirmed; give --url if it has moved."),
        ),
        Source(
            "hdx",
            "OCHA COD-AB Indonesia (BPS), Humanitarian Data Exchange",
            "CC BY 3.0 IGO",
            "file",
            "",
            "https://data.humdata.org/dataset/cod-ab-idn",
            mark("Choose a file with villages (ADM4) on its page, and give its address as --url."),
        ),
    )
}


def way_of(url: str) -> Way:
    """How an address that no source is known for will answer, by its form."""
    bare = url.split("?", maxsplit=1)[0].rstrip("/").lower()
    if bare.endswith(".sql"):
        return "sql"
    if "/mapserver" in bare or "/featureserver" in bare:
        return "arcgis"
    return "file"
