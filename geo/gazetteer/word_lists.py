"""Words that Indonesian place names are made of, as tables for ``geo.names``."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    """Split a text into words."""
    return frozenset(text.split())


# Words that say what kind of place follows. They carry no identity: an official list writes
# "Cibinong" where a form writes "Kel. Cibinong" or "Kec. Cibinong". Distrik is Papua's kecamatan,
# kapanewon and kemantren are Yogyakarta's.
PREFIXES = _words(
    "desa ds kelurahan kel kalurahan kecamatan kec distrik kapanewon kemantren "
    "kabupaten kab provinsi propinsi prov"
)

# Local words for a village. Some are part of a name ("Kampung Dalam"), so they are only
# dropped for a second, weaker key (`Name.core`), never in `normalise_name`.
KIND_WORDS = _words(
    "gampong gp kampung kampong kp nagari nagori pekon tiuh lembang negeri dusun ohoi "
    "desa kelurahan distrik kute huta banjar upt perkebunan meunasah"
)

# Spellings of one word that no list holds apart. Each pair was read in official lists of
# different years, or is the same word in a regional spelling; none of them distinguishes two
# neighbouring villages, and a key shared by two candidates never matches on its own.
EQUIVALENTS = {
    "sei": "sungai",  # the everyday short form in Sumatra and Kalimantan
    "sui": "sungai",
    "sungei": "sungai",
    "ulu": "hulu",  # the h is silent in Malay speech
    "ilir": "hilir",
    "kampong": "kampung",
    "gampong": "kampung",  # Acehnese
    "pulo": "pulau",
    "baro": "baru",  # Acehnese, Sasak and Makassar "new"
    "beru": "baru",
    "timu": "timur",
    # Acehnese vowels are written by ear, and by the rules of two orthographies.
    **dict.fromkeys(("teungoh", "teungeh", "teungah", "tengoh", "tongah"), "tengah"),
    **dict.fromkeys(("rayek", "rayeu", "rayeuek"), "rayeuk"),
    **dict.fromkeys(("kreung", "krung", "krueang"), "krueng"),
    **dict.fromkeys(("kude", "kede", "keudee", "kuede", "kedai"), "keude"),
    **dict.fromkeys(("seunebok", "senebok", "seuneubo", "seunabok", "snb"), "seuneubok"),
    **dict.fromkeys(("glumpang", "gelumpang"), "geulumpang"),
    **dict.fromkeys(("alu", "alur", "alukh"), "alue"),
    **dict.fromkeys(("deah", "dyah", "deyah"), "dayah"),
    **dict.fromkeys(("buket", "buki"), "bukit"),
    **dict.fromkeys(("ule", "ulei", "uleu"), "ulee"),
    # Alas, whose r is written kh.
    **dict.fromkeys(("bakhu", "mbakhu", "mbaru"), "baru"),
    **dict.fromkeys(("ranto", "rantoe"), "rantau"),
    "laot": "laut",
    "perlak": "peureulak",
    "jrat": "jeurat",
    "kamp": "kampung",
    "leung": "lueng",
    "baroe": "baru",
    **dict.fromkeys(("baroeh", "barouh"), "baroh"),
    "pantee": "pante",
    "tuha": "tua",
    "tanjong": "tanjung",
    "ujong": "ujung",
    "masjid": "mesjid",
    "mulia": "mulya",
    "dajah": "daja",  # Madurese "north", written three ways
    "daya": "daja",
    "lao": "laok",  # Madurese "south", with and without the glottal stop
    "klod": "kelod",  # Balinese "seaward"
    "bhakti": "bakti",
    "bharat": "barat",
    "dan": "",  # "Pangkajene dan Kepulauan"
}

# Abbreviations with one reading in village and subdistrict names, with or without the dot.
ABBREVIATIONS = {
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "sbr": "sumber",
    "gn": "gunung",
    **dict.fromkeys(("mns", "mnsh", "meuna", "meun", "meunash", "menasah"), "meunasah"),
    "mtg": "matang",
    "gab": "gabungan",
    "perk": "perkebunan",
    "kep": "kepulauan",
    "krg": "karang",
    "pem": "pematang",
    "tgk": "teungku",
    "dlm": "dalam",
    "brt": "barat",
    "tmr": "timur",
    "sel": "selatan",
    "utr": "utara",
}

# What is written in two ways for one sound: the old orthography, Acehnese, Madurese.
SOUNDS = (
    *(("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"), ("eu", "e"), ("ie", "i"), ("ou", "o")),
    *(("dh", "d"), ("bh", "b"), ("th", "t"), ("kh", "k"), ("sy", "s"), ("ph", "p"), ("v", "p")),
)

# One letter is too little unless a dot says that it is an abbreviation and a name follows.
DOTTED = {"s": "sungai", "p": "pulau", "kp": "kampung", "jl": "jalan"}

# Words that tell neighbouring villages apart; a fuzzy match never crosses them. Regional words
# for directions, sizes and ages are here because a rename keeps them as strictly as "Barat".
GUARD_WORDS = _words(
    """
    hulu hilir baru lama barat timur utara selatan tengah tenggara atas bawah dalam luar
    kiri kanan besar kecil tua muda
    kulon wetan kidul lor kaler girang tonggoh landeuh mudik udik
    kaja kelod kangin kauh daja laok anyar hanyar gede
    baroh tunong teungoh rayeuk cut
    julu jae tonga dolok toruan lombang godang gadang gedang ketek
    riaja rilau lompo caddi toa
    darat laut pantai seberang pusat induk trans
    kristen islam
    """
)
# Java writes these onto the name ("Pucunglor", "Kotakulon"); shorter ones would hit mere letters.
GLUED = tuple(
    sorted(
        _words(
            "kulon wetan kidul lor kaler girang barat timur utara selatan tengah hilir hulu "
            "baru lama anyar"
        ),
        key=lambda word: (-len(word), word),
    )
)

# Indonesian; then Minangkabau and Acehnese, whose neighbouring villages are counted off in them.
UNITS = {
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "duo": 2,
    "tigo": 3,
    "ampek": 4,
    "limo": 5,
    "anam": 6,
    "lhee": 3,
    "sa": 1,
    "peuet": 4,
    "limong": 5,
    "tujoh": 7,
    "lapan": 8,
}
TENS = {"sepuluh": 10, "sebelas": 11}

REGENCY_KINDS = {
    "kabupaten": "kabupaten",
    "kab": "kabupaten",
    "kota": "kota",
    "kotamadya": "kota",
    "kodya": "kota",
}
