"""Mutations of bytes, text, XML, JSON and records: one input made of a seed and others.

Every function takes a random generator first: the same generator gives the same input.
"""

from __future__ import annotations

import json
import random
import re
import struct
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from . import tokens

_MOST = 4_000_000  # bytes of an input
_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb'="[^"<>]*"')
_TEXT = re.compile(rb">[^<>]+<")


def choose_times(rng: random.Random) -> int:
    """How many mutations an input gets: mostly few, since many hide each other."""
    return rng.choice((1, 1, 1, 2, 2, 3, 4, 8))


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# ---- bytes ----


def mutate_bytes(
    rng: random.Random, data: bytes, others: Sequence[bytes] = (), texts: Sequence[str] = ()
) -> bytes:
    """Flip, overwrite, delete, repeat, splice or cut somewhere in the bytes."""
    body = bytearray(data)
    for _ in range(choose_times(rng)):
        rng.choice(_ON_BYTES)(rng, body, others, texts)
    return bytes(body[:_MOST])


def _place(rng: random.Random, body: bytearray) -> int:
    return rng.randrange(len(body) + 1)


def _span(rng: random.Random, body: bytearray) -> slice:
    start = _place(rng, body)
    longest = rng.choice((1, 4, 16, 64, 512, len(body) + 1))
    return slice(start, start + rng.randint(1, longest))


def _flip(rng: random.Random, body: bytearray, *_: object) -> None:
    if body:
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)


def _set(rng: random.Random, body: bytearray, *_: object) -> None:
    if body:
        body[rng.randrange(len(body))] = rng.randrange(256)


def _overwrite(rng: random.Random, body: bytearray, *_: object) -> None:
    word = rng.choice(tokens.WORDS)
    start = _place(rng, body)
    body[start : start + len(word)] = word


def _add(rng: random.Random, body: bytearray, *_: object) -> None:
    """Count a number up or down: lengths and offsets that are wrong by little."""
    width = rng.choice((1, 2, 4))
    start = _place(rng, body)
    number = int.from_bytes(body[start : start + width], "little") + rng.randint(-16, 16)
    body[start : start + width] = (number % 2 ** (8 * width)).to_bytes(width, "little")


def _delete(rng: random.Random, body: bytearray, *_: object) -> None:
    del body[_span(rng, body)]


def _repeat(rng: random.Random, body: bytearray, *_: object) -> None:
    span = _span(rng, body)
    part = bytes(body[span])
    times = rng.choice((1, 1, 2, 10, 1000)) if len(part) < 200 else 1
    body[span.start : span.start] = part * times


def _splice(rng: random.Random, body: bytearray, others: Sequence[bytes], *_: object) -> None:
    other = bytearray(rng.choice(others or (bytes(body),)))
    body[_span(rng, body)] = other[_span(rng, other)]


def _cut(rng: random.Random, body: bytearray, *_: object) -> None:
    del body[_place(rng, body) :]


def _insert(rng: random.Random, body: bytearray, _others: object, texts: Sequence[str]) -> None:
    start = _place(rng, body)
    body[start:start] = encode(rng.choice(texts or tokens.VALUES))


_ON_BYTES: tuple[Callable[..., None], ...] = (
    *(_flip, _flip, _set, _overwrite, _overwrite, _overwrite, _add, _add),
    *(_delete, _repeat, _splice, _cut, _insert),
)


# ---- XML ----


def mutate_xml(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change attributes, texts and elements, or put in what is not expected."""
    body = data
    for _ in range(choose_times(rng)):
        body = rng.choice(_ON_XML)(rng, body, others)
    return body[:_MOST]


def _replace_one(rng: random.Random, body: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    places = list(pattern.finditer(body))
    if not places:
        return body + new
    place = rng.choice(places)
    return body[: place.start()] + new + body[place.end() :]


def _change_attribute(rng: random.Random, body: bytes, _others: object) -> bytes:
    return _replace_one(rng, body, _ATTRIBUTE, b'="%s"' % encode(rng.choice(tokens.VALUES)))


def _change_text(rng: random.Random, body: bytes, _others: object) -> bytes:
    return _replace_one(rng, body, _TEXT, b">%s<" % encode(rng.choice(tokens.VALUES)))


def _change_tag(rng: random.Random, body: bytes, others: Sequence[bytes]) -> bytes:
    tags = _TAG.findall(rng.choice(others or (body,))) or [b""]
    return _replace_one(rng, body, _TAG, rng.choice((b"", rng.choice(tags))))


def _insert_xml(rng: random.Random, body: bytes, _others: object) -> bytes:
    places = [0, *(tag.end() for tag in _TAG.finditer(body))]
    start = rng.choice((0, rng.choice(places)))
    return body[:start] + encode(rng.choice(tokens.XML)) + body[start:]


def _insert_repeated(rng: random.Random, body: bytes, _others: object) -> bytes:
    places = [0, *(tag.end() for tag in _TAG.finditer(body))]
    start = rng.choice(places)
    many = rng.choice(tokens.REPEATED) * rng.choice((3, 50, 300, 1_000, 20_000))
    if rng.random() < 0.3:
        many = f"<!--{many}-->"
    return body[:start] + many.encode() + body[start:]


def _move_elements(rng: random.Random, body: bytes, _others: object) -> bytes:
    """Repeat or take out what lies between two tags."""
    places = sorted(rng.choices([tag.start() for tag in _TAG.finditer(body)] or [0], k=2))
    part = body[places[0] : places[1]]
    return body[: places[0]] + part * rng.choice((0, 2, 3)) + body[places[1] :]


def _xml_bytes(rng: random.Random, body: bytes, others: Sequence[bytes]) -> bytes:
    return mutate_bytes(rng, body, others, tokens.XML)


_ON_XML: tuple[Callable[..., bytes], ...] = (
    *(_change_attribute, _change_attribute, _change_text, _change_text, _change_tag),
    *(_insert_xml, _insert_xml, _insert_repeated, _move_elements, _xml_bytes),
)


# ---- JSON ----


def mutate_json(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change values and keys of a document, or its text."""
    if rng.random() < 0.3:
        return mutate_bytes(rng, data, others, tokens.JSON)
    try:
        document = json.loads(data)
    except ValueError:  # a seed may be no JSON
        return mutate_bytes(rng, data, others, tokens.JSON)
    document = [document]
    for _ in range(choose_times(rng)):
        nodes = _list_nodes(document)
        if nodes:
            _change_node(rng, *rng.choice(nodes))
    return json.dumps(document[0] if document else None).encode("utf-8", "surrogatepass")[:_MOST]


def _list_nodes(document: Any) -> list[tuple[Any, Any]]:
    """Every value of a document, as what holds it and the key or position it has there."""
    nodes: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        nodes += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], (dict, list))]
    return nodes


def _change_node(rng: random.Random, holder: Any, key: Any) -> None:
    match rng.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder[key:key] = [holder[key]] * rng.choice((1, 2, 500))
        case 1 | 2:
            name = rng.choice(
                ("crs", "type", "geometry", "coordinates", "properties", "id", "arcs")
            )
            (holder if isinstance(holder, dict) else {})[name] = deepcopy(rng.choice(tokens.NODES))
        case 3:
            deep: Any = holder[key]
            # Deeper than Python's own writer of JSON can go is made of text, by other mutations.
            for _ in range(rng.choice((1, 2, 30, 300))):
                deep = rng.choice(([deep], {"x": deep}))
            holder[key] = deep
        case _:
            holder[key] = deepcopy(rng.choice(tokens.NODES))


# ---- text tables ----


def mutate_csv(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change cells, separators and encodings of a text table."""
    if rng.random() < 0.4:
        return mutate_bytes(rng, data, others, tokens.CSV)
    separator = next((s for s in (b";", b"\t", b"|") if s in data[:200]), b",")
    rows = [line.split(separator) for line in data.split(b"\n")]
    for _ in range(choose_times(rng)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = encode(rng.choice(tokens.CSV))
    separator = rng.choice((*[separator] * 6, b",", b";", b"\t", b"|", b"\0", b",,", b"~"))
    body = b"\n".join(separator.join(row) for row in rows)
    match rng.randrange(12):
        case 0:
            return body.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-16-be")))
        case 1:
            return body.decode("utf-8", "replace").encode("cp1252", "replace")
        case 2:
            return b"\xef\xbb\xbf" + body
        case _:
            return body


# ---- records with a kind and a length: XLS and XLSB ----

Record = tuple[int, bytes]


def mutate_records(rng: random.Random, records: list[Record]) -> list[Record]:
    """Change kinds, bodies and order of records."""
    records = list(records)
    for _ in range(choose_times(rng)):
        at = rng.randrange(len(records))
        kind, body = records[at]
        match rng.randrange(6):
            case 0:
                records[at:at] = [records[at]] * rng.choice((1, 2, 2000))
            case 1 if len(records) > 1:
                del records[at]
            case 2:
                records[at] = (rng.choice(records)[0] + rng.choice((0, 0, 1, 64)), body)
            case 3:
                other = rng.randrange(len(records))
                records[at], records[other] = records[other], records[at]
            case _:
                records[at] = (kind, mutate_bytes(rng, body))
    return records


def mutate_xls(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the records of the stream that lies in the seed from its third sector on."""
    if rng.random() < 0.5:
        return mutate_bytes(rng, data, others)
    head, stream = data[: 3 * 512], data[3 * 512 :]
    records, start = [], 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        records.append((kind, stream[start + 4 : start + 4 + length]))
        start += 4 + length
    body = b"".join(
        struct.pack("<HH", kind & 0xFFFF, len(part) & 0xFFFF) + part
        for kind, part in mutate_records(rng, records)
    )
    return head + body[: len(stream)].ljust(len(stream), b"\0")


def mutate_xlsb(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the records of a part of a binary workbook."""
    if rng.random() < 0.3:
        return mutate_bytes(rng, data, others)
    return write_xlsb_records(mutate_records(rng, _read_xlsb_records(data)))[:_MOST]


def write_xlsb_records(records: Sequence[Record]) -> bytes:
    """Records of a binary workbook, kind and length in seven bits a byte."""
    return b"".join(_varint(kind) + _varint(len(body)) + body for kind, body in records)


def _varint(number: int) -> bytes:
    """A number in seven bits a byte; a kind above 127 has its upper bit set already."""
    if number < 128:
        return bytes([number])
    return bytes([number & 127 | 128]) + _varint(number >> 7)


def _read_xlsb_records(data: bytes) -> list[Record]:
    records, start = [], 0
    while start < len(data):
        kind, start = _read_varint(data, start)
        length, start = _read_varint(data, start)
        records.append((kind, data[start : start + length]))
        start += length
    return records or [(0, b"")]


def _read_varint(data: bytes, start: int) -> tuple[int, int]:
    number = shift = 0
    while start < len(data):
        number |= (data[start] & 127) << shift
        shift, start = shift + 7, start + 1
        if data[start - 1] < 128:
            break
    return number, start
