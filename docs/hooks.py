"""Show pages of the repository's root in the documentation: README, CONTRIBUTING and others."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
# Outside the documentation there is no page to lead to.
_ELSEWHERE: Final = {"[details](data/enrolment/README.md)": "`data/enrolment/README.md`"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, with links as they are from the folder ``docs``."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8").replace("](docs/", "](")
        for name, target in PAGES.items():
            text = text.replace(f"]({name})", f"]({target})")
        for link, words in _ELSEWHERE.items():
            text = text.replace(link, words)
        files.append(File.generated(config, page, content=text))
    return files
