"""What the page shows while a layer's shapes are prepared for the first time."""

from __future__ import annotations

from pathlib import Path

from streamlit.delta_generator import DeltaGenerator

from geo.core.i18n import Language
from geo.shapes.prepare import prepare_store


def show_preparing(
    place: DeltaGenerator, boundaries: Path, cache: Path, language: Language
) -> None:
    """Prepare the shapes of a layer, saying how far it is; shows nothing where they are there."""

    def tell(step: str, share: float = 0.0) -> None:
        sentence = language(
            "{step}: {share} done. This happens once for each layer; all of Indonesia takes "
            "a few minutes.",
            step=language(step),
            share=language.share(share),
        )
        place.progress(share, sentence)

    prepare_store(boundaries, cache, progress=tell)
    place.empty()
