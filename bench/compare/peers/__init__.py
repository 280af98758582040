"""How a user of each peer draws the map: a module each, ``build_page(frame) -> HTML``."""
