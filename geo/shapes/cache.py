"""The folder that prepared shapes are kept in: files named by their content, written once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import ArrowException, parquet

from ..core.files import write_atomically

_DIGITS: Final = 20
_FOLDERS: Final = ("shapes", "tables", "blocks", "stores", "kept", "digests")
# What reading a damaged file raises.
BROKEN: Final = (ArrowException, OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Kept:
    """A file of the cache.

    Attributes
    ----------
    name : str
        Path inside the cache.
    size : int
        Bytes, to tell a whole file from a broken one.
    """

    name: str
    size: int

    def to_json(self) -> dict[str, Any]:
        """As an object of a manifest."""
        return asdict(self)


@dataclass(frozen=True)
class Cache:
    """A folder with ``shapes`` (served), ``tables``, and manifests in the other folders."""

    root: Path

    def make(self) -> None:
        """Make the folders.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        for name in _FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def keep(self, body: bytes, suffix: str, folder: str = "shapes") -> Kept:
        """Write a file under the hash of its content, unless it is there."""
        kept_file = Kept(f"{folder}/{digest_of(body)}{suffix}", len(body))
        if not self.has(kept_file) or self.is_damaged(kept_file):
            write_atomically(self.root / kept_file.name, body)
        return kept_file

    def is_damaged(self, kept: Kept) -> bool:
        """Whether a file holds something else than its name says."""
        path = self.root / kept.name
        return digest_of(path.read_bytes()) != path.stem

    def keep_table(self, table: pd.DataFrame) -> Kept:
        """Write a table under the hash of its content, unless it is there."""
        sink = pa.BufferOutputStream()
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        parquet.write_table(arrow.replace_schema_metadata(None), sink, compression="zstd")
        return self.keep(sink.getvalue().to_pybytes(), ".parquet", "tables")

    def read_table(self, kept: Kept, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a table as `keep_table` wrote it."""
        return parquet.read_table(self.root / kept.name, columns=columns).to_pandas()

    def has(self, kept: Kept) -> bool:
        """Whether a file is there, all of it."""
        path = self.root / kept.name
        return path.is_file() and path.stat().st_size == kept.size

    def read_manifest(self, name: str, keys: frozenset[str]) -> dict[str, Any] | None:
        """Read a manifest that has these keys and whose files are all there; else None."""
        try:
            manifest = json.loads((self.root / name).read_text(encoding="utf-8"))
            whole = keys <= manifest.keys() and all(map(self.has, kept_in(manifest)))
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        return dict(manifest) if whole else None

    def write_manifest(self, name: str, manifest: dict[str, Any]) -> None:
        """Write a manifest, after the files that it speaks of."""
        body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
        write_atomically(self.root / name, body)


def kept_in(manifest: Any) -> list[Kept]:
    """Every file that a manifest speaks of."""
    if isinstance(manifest, dict) and {"name", "size"} <= manifest.keys():
        return [Kept(manifest["name"], manifest["size"])]
    if isinstance(manifest, dict):
        manifest = list(manifest.values())
    if not isinstance(manifest, list):
        return []
    return [kept_file for each in manifest for kept_file in kept_in(each)]


def digest_of(*parts: bytes) -> str:
    """Compute the truncated SHA-256 of length-prefixed parts."""
    running = hashlib.sha256()
    for part in parts:
        running.update(len(part).to_bytes(8, "little") if len(parts) > 1 else b"")
        running.update(part)
    return running.hexdigest()[:_DIGITS]
