"""Counting a Parquet file on an engine, in a process of its own: Spark has one session in each.

``python count_apart.py ENGINE FILE OUT`` writes the counts as a pickle.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from geo.counting.count import Counts

ROOT = Path(__file__).parents[2]


def count_apart(engine: str, file: Path, **settings: str) -> Counts:
    """Counts of a file, with settings as environment variables."""
    out = file.with_suffix(".counts")
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, __file__, engine, str(file), str(out)],
        env=os.environ | {"PYTHONPATH": path} | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = pickle.loads(out.read_bytes())
    assert isinstance(counts, Counts)
    return counts


def _count(engine: str, file: str, out: str) -> None:
    from factories import a_gazetteer

    from geo.counting.columns import find_columns
    from geo.counting.engines import open_engine
    from geo.counting.warehouse import count_stored

    with open_engine(engine) as opened:
        table = opened.read_parquet(file)
        counts = count_stored(table, find_columns(table.columns, {}), a_gazetteer())
    Path(out).write_bytes(pickle.dumps(counts))


if __name__ == "__main__":
    _count(*sys.argv[1:])
