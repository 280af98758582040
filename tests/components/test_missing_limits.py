"""Where the operating system cannot limit the reading process, the page says so."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from geo.isolation import limits


def _show() -> None:
    from components.importing.choose import show_choice
    from geo.core.i18n import get_language

    show_choice(get_language("en"))


@pytest.mark.parametrize(
    ("platform", "has_resource", "said"),
    [
        ("linux", True, None),
        ("darwin", True, "memory, access to files, access to the network"),
        ("win32", False, "memory, processor time, access to files, access to the network"),
    ],
)
def test_limits_that_are_missing_are_named(
    platform: str, has_resource: bool, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.sys, "platform", platform)
    if not has_resource:
        monkeypatch.setattr(limits, "resource", None)
    captions = [caption.value for caption in AppTest.from_function(_show).run().caption]
    found = [text for text in captions if "does not limit the process" in text]
    assert found == [] if said is None else f"({said})" in found[0]
