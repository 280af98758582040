"""Write the reference pages that follow from the code: commands, settings, columns.

Run as ``make docs``, or ``python docs/generate_reference.py``. A test holds that the pages in
``docs/reference/`` are what this script writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import typer

DOCS: Final = Path(__file__).parent
ROOT: Final = DOCS.parent
sys.path.insert(0, str(ROOT))

from geo.boundaries.convention_table import CONVENTIONS, Convention  # noqa: E402 - found by the line above
from geo.boundaries.download.sources import SOURCES  # noqa: E402
from geo.cli.main import app  # noqa: E402
from geo.core.codebook import COLUMNS  # noqa: E402
from geo.core.defaults import DEFAULT_CACHE  # noqa: E402
from geo.core.segments import PROGRAMMES, SEGMENTS  # noqa: E402
from geo.enrolment.vocabulary import EXACT, ROLE_LABELS, ROLES  # noqa: E402
from geo.workspace.settings import Settings  # noqa: E402

_NOTE: Final = (
    "<!-- Written by docs/generate_reference.py; edit the code, then run `make docs`. -->"
)
_KINDS: Final = {
    "text": "text",
    "people": "whole number of people",
    "count": "whole number",
    "rate": "fraction: 0.864 is 86.4 %",
    "rupiah": "whole rupiah",
}


def build_pages() -> dict[str, str]:
    """Build every generated page.

    Returns
    -------
    dict of str to str
        Markdown by file name in ``docs/reference``.
    """
    return {
        "command-line.md": _build_commands(),
        "settings.md": _build_settings(),
        "columns.md": _build_columns(),
    }


def _page(title: str, *paragraphs: str) -> str:
    return "\n\n".join((f"# {title}", _NOTE, *paragraphs)) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


# ---- command line ----


def _build_commands() -> str:
    command = typer.main.get_command(app)
    return _page(
        "Command line",
        "`jangkau COMMAND` and `python -m geo COMMAND` are the same program. Every command prints "
        "its options with `--help`. Wrong input ends with one sentence on the standard error "
        "output and exit code 1, wrong usage with exit code 2. Commands that write a file write "
        "all of it or nothing.",
        *_describe_command(command, ()),
    )


def _describe_command(command: Any, path: tuple[str, ...]) -> list[str]:
    if hasattr(command, "commands"):
        return [
            text
            for name, inner in sorted(command.commands.items())
            for text in _describe_command(inner, (*path, name))
        ]
    parameters = [p for p in command.params if p.name != "help"]
    shown = [p for p in parameters if p.required or not _is_option(p)]
    usage = " ".join(("jangkau", *path, *map(_usage, shown), "[OPTIONS]"))
    return [
        f"## {' '.join(path)}",
        (command.help or "").strip(),
        f"```text\n{usage}\n```",
        _table(("option", "meaning", "left out"), map(_describe_parameter, parameters)),
    ]


def _usage(parameter: Any) -> str:
    """Show arguments and required options; the table lists the other options."""
    name = _name(parameter)
    if _is_option(parameter):
        return f"{name} …"
    return name if parameter.required else f"[{name}]"


def _name(parameter: Any) -> str:
    return str(parameter.opts[0] if _is_option(parameter) else parameter.name.upper())


def _is_option(parameter: Any) -> bool:
    return bool(parameter.opts[0].startswith("-"))


def _describe_parameter(parameter: Any) -> tuple[str, str, str]:
    wanted = parameter.type_descriptor.annotation
    choices = get_args(wanted) if get_origin(wanted) is Literal else ()
    meaning = [parameter.help or ""]
    meaning += [f"One of {', '.join(map(_code, choices))}."] if choices else []
    meaning += ["May be repeated."] if parameter.multiple else []
    meaning += [f"Variable: `{parameter.envvar}`."] if parameter.envvar else []
    return _code(_name(parameter)), " ".join(dict.fromkeys(meaning)), _default(parameter)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "must be given"
    return _show_value(parameter.default)


def _show_value(value: object) -> str:
    """Show a default without any path of this machine."""
    if value in (None, "", False, ()):
        return ""
    if isinstance(value, Path) and value.is_relative_to(ROOT):
        return _code(value.relative_to(ROOT).as_posix())
    if value == DEFAULT_CACHE:
        return f"`{value.name}` in the user's folder for caches"
    return _code(value)


# ---- settings ----


def _build_settings() -> str:
    meanings = _read_attributes(Settings.__doc__ or "")
    rows = [
        (
            _code(name),
            _code(f"JANGKAU_{name.upper()}"),
            meanings[name],
            _show_value(field.default),
        )
        for name, field in Settings.model_fields.items()
    ]
    return _page(
        "Settings",
        "Settings stand in `jangkau.toml` in the folder that the program is started in, or in "
        "environment variables. A variable wins over the file. An unknown setting, or a value that "
        "a setting cannot take, is refused with one sentence.",
        _table(("setting", "variable", "meaning", "left out"), rows),
        "```toml\n# jangkau.toml\n"
        'boundaries = "layers/villages.gpkg"\nworkspace = "/srv/jangkau/workspace"\n'
        'target = 0.95\nlanguage = "id"\n```',
        "`boundaries` takes any layer that [Boundaries](../how-to/boundaries.md) describes, "
        "`enrolment` any table that [Import](../how-to/import.md) describes or a folder with "
        "`workers_YYYY-MM.csv[.gz]`, and `eligible` a CSV `code,segment,eligible,source`.",
        "The limits of the reading process (`reader_memory`, `reader_seconds`, `readers`) are "
        "explained in [Deploy for an office](../how-to/deploy.md).",
    )


def _read_attributes(docstring: str) -> dict[str, str]:
    """Meanings by name, of the section *Attributes* of a docstring."""
    meanings: dict[str, list[str]] = {}
    name = ""
    for line in docstring.partition("Attributes")[2].splitlines()[2:]:
        text = line.strip()
        if text and len(line) - len(line.lstrip()) == 4:
            name = text.partition(" :")[0]
            meanings[name] = []
        elif text and name:
            meanings[name].append(text.replace("``", "`"))
    return {name: " ".join(lines) for name, lines in meanings.items()}


# ---- columns ----


def _build_columns() -> str:
    return _page(
        "Columns and fields",
        "## Columns of the files we write",
        "The same columns, in this order, stand in GeoJSON, CSV and XLSX. Codes are text. An "
        "unknown value is empty, never 0. Every download page also offers this list as a file.",
        _table(
            ("column", "kind", "meaning"),
            [(_code(c.name), _KINDS[c.kind], c.meaning) for c in COLUMNS],
        ),
        "## Columns of enrolment tables we read",
        "A column is recognised by its header. Spaces, signs and capital letters do not matter: "
        "`Kode Desa` and `KODE_DESA` are the same. The page *Data* and `jangkau check` show what "
        "each column was taken for, and both let you correct it.",
        _table(("role", "meaning", "headers"), [_describe_role(role) for role in ROLES]),
        "## Segments and programmes",
        _table(("key", "segment"), [(_code(key), words) for key, words in SEGMENTS.items()]),
        _table(("key", "programme"), [(_code(key), words) for key, words in PROGRAMMES.items()]),
        "A segment of another name is kept under its own label, so that its people are counted.",
        "## Fields of boundary layers we read",
        "The first convention whose fields are there is used. Any field can be chosen by hand on "
        "the page *Data*.",
        _table(
            ("convention", "code of the village", "name of the village"),
            map(_describe_convention, CONVENTIONS),
        ),
        "## Sources of boundaries",
        _table(
            ("name", "what", "licence", "note"),
            [
                (_code(s.name), f"[{s.title}]({s.page})", s.licence, s.note)
                for s in SOURCES.values()
            ],
        ),
    )


def _describe_role(role: str) -> tuple[str, str, str]:
    headers = [spelled for spelled, (known, _) in EXACT.items() if known == role]
    return _code(role), ROLE_LABELS[role], ", ".join(map(_code, headers))


def _describe_convention(convention: Convention) -> tuple[str, str, str]:
    codes = ", ".join(map(_code, convention.code))
    names = ", ".join(map(_code, convention.names.get("village", ())))
    return convention.name, codes or "none: places are found by name", names


def main() -> None:
    """Write the pages into ``docs/reference``."""
    for name, text in build_pages().items():
        path = DOCS / "reference" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
