"""The modules of the map as one script."""

from __future__ import annotations

import re

import pytest

from geo.maps.scripts import ASSETS, map_script, own_file

_IMPORT = re.compile(r'^import .* from "\./(\w+)\.js";$', re.MULTILINE)


@pytest.fixture(scope="module")
def map_text() -> str:
    return map_script()


def test_every_module_stands_behind_those_it_imports(map_text: str) -> None:
    joined = re.findall(r"^const (\w+) = \(\(\) => \{$", map_text, re.MULTILINE)
    assert {f"{name}.js" for name in joined} | {"page_start.js"} == {
        path.name for path in ASSETS.glob("*.js")
    }
    for at, name in enumerate(joined):
        assert set(_IMPORT.findall(own_file(f"{name}.js"))) <= set(joined[:at]), name


def test_nothing_is_left_that_only_modules_may_say(map_text: str) -> None:
    assert re.findall(r"^(?:import|export)\b.*", map_text, re.MULTILINE) == []
