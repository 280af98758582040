"""What is printed of the sample: processor seconds of one core, bytes, and whether they repeat.

Run with ``make bench-atlas``. A layer of one's own: ``python -m bench.atlas --boundaries FILE``.
The first line has the program's start in it: Typst, the typeface and the shapes are read then.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from geo.core.defaults import SAMPLE_BOUNDARIES
from geo.core.i18n import Language
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query
from geo.measures.view import build_view

LANGUAGE = Language("id")


def _atlas(data: Dataset) -> bytes:
    from geo.printing.atlas import build_atlas

    return build_atlas(data, Query(), LANGUAGE).pdf


def _document(data: Dataset) -> bytes:
    from geo.printing.briefing import build_briefing
    from geo.printing.word_file import write_word

    return write_word(build_briefing(data, Query(), LANGUAGE))


def _slides(data: Dataset) -> bytes:
    from geo.printing.briefing import build_briefing
    from geo.printing.slides_file import write_slides

    return write_slides(build_briefing(data, Query(), LANGUAGE))


def _picture(data: Dataset) -> bytes:
    from geo.printing.sheet import draw_sheet

    return draw_sheet(data, build_view(data, Query(), level="village"), LANGUAGE).to_png()


def _drawing(data: Dataset) -> bytes:
    from geo.printing.sheet import draw_sheet

    return draw_sheet(data, build_view(data, Query(), level="village"), LANGUAGE).to_svg()


def measure(name: str, write: Callable[[Dataset], bytes], data: Dataset) -> None:
    """Print processor seconds of the first and the second time, and bytes."""
    seconds, bodies = [], []
    for _ in range(2):
        start = time.process_time()
        bodies.append(write(data))
        seconds.append(time.process_time() - start)
    same = "the same bytes" if bodies[0] == bodies[1] else "OTHER BYTES"
    figures = ", ".join(f"{each:.2f} s" for each in seconds)
    print(f"{name:24} {figures:18} {len(bodies[0]):>9,} bytes, {same}")


def main() -> None:
    """Measure each kind of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", type=Path, default=SAMPLE_BOUNDARIES)
    data = open_dataset(parser.parse_args().boundaries)
    for name, write in (
        ("atlas (PDF, 11 pages)", _atlas),
        ("briefing (DOCX)", _document),
        ("briefing (PPTX)", _slides),
        ("map of villages (PNG)", _picture),
        ("map of villages (SVG)", _drawing),
    ):
        measure(name, write, data)


if __name__ == "__main__":
    main()
