"""Reading the XML parts of workbooks as a stream, in time and memory linear in their size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

Attributes = dict[str, str]


class BadXml(ValueError):
    """XML that is not well-formed, or that declares a document type."""


def parse(
    blocks: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    parser: expat.XMLParserType | None = None,
) -> None:
    """Call a function for each start tag, and one for each end tag, of an XML document.

    Names keep their prefix. Workbooks declare no document type, so one that
    does is refused before its entities could grow. A caller that sets further
    handlers while the document is read gives its own parser.

    Raises
    ------
    BadXml
        If it is not well-formed, or has a document type.
    """
    parser = parser or expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.buffer_text = True
    try:
        for block in blocks:
            parser.Parse(block)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        # A document may claim an encoding that nobody knows.
        raise BadXml(str(error)) from error


def _refuse_document_type(*_: object) -> None:
    raise BadXml("a workbook has no document type")


def local_name(name: str) -> str:
    """Take the prefix off a name: ``c`` of ``x:c``."""
    return name.rpartition(":")[2]
