"""The list of places: official names, search, confirmed spellings, matching by code and name.

Matching goes words -> names -> likeness -> levels -> villages; `match_places` and `Gazetteer` are
what the rest of the program uses.
"""

from .match import match_places
from .names import normalise_name
from .place_index import Gazetteer

__all__ = ["Gazetteer", "match_places", "normalise_name"]
