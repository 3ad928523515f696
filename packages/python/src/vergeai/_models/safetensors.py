"""The safetensors format: 8 bytes with the length of the header, a JSON header, the numbers.

Source: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .._guards import is_object
from ..errors import ModelError
from .layout import TensorSpec, dtypes, quoted
from .tensors import Sink, Tensor

LONGEST_HEADER = 100_000_000
BLOCK = 256 * 1024

ReadInto = Callable[[memoryview], int]


def header_of(tensors: Iterable[TensorSpec]) -> tuple[bytes, list[TensorSpec]]:
    """The first bytes of a file, and the order in which the data follows: widest elements first, so that every tensor
    is aligned. The header itself keeps the order of the names."""
    named = list(tensors)
    ordered = sorted(named, key=lambda spec: -spec.dtype.width)
    begin: dict[str, int] = {}
    position = 0
    for spec in ordered:
        begin[spec.name] = position
        position += spec.size
    entries = {
        spec.name: {
            "dtype": spec.dtype.name,
            "shape": list(spec.shape),
            "data_offsets": [begin[spec.name], begin[spec.name] + spec.size],
        }
        for spec in named
    }
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text, ordered


def write(tensors: list[Tensor]) -> tuple[int, Callable[[], Iterator[bytes | memoryview]]]:
    """The size of the file in bytes, and what gives its bytes in blocks, tensor by tensor, as often as it is called."""
    header, ordered = header_of(tensor.spec for tensor in tensors)
    by_name = {tensor.spec.name: tensor for tensor in tensors}

    def chunks() -> Iterator[bytes | memoryview]:
        yield header
        for spec in ordered:
            view, _alive = by_name[spec.name].data()
            for start in range(0, spec.size, BLOCK):
                yield view[start : start + BLOCK]

    return len(header) + sum(spec.size for spec in ordered), chunks


def read_header(read_into: ReadInto) -> list[tuple[TensorSpec, int]]:
    """The tensors in the header's order, each with the byte of the data at which it begins.

    Raises ModelError when the header breaks a rule of the format.
    """
    start = bytearray(8)
    _fill(read_into, memoryview(start), "in the length of its header")
    (length,) = struct.unpack("<Q", start)
    if not 2 <= length <= LONGEST_HEADER:
        raise ModelError(f"This is no safetensors file: its header claims {length} bytes.")
    text = bytearray(length)
    _fill(read_into, memoryview(text), "in its header")
    try:
        entries = json.loads(bytes(text), object_pairs_hook=_unique)
        if not is_object(entries):
            raise ValueError("it is no object")
        tensors = [(name, entry) for name, entry in entries.items() if name != "__metadata__"]
        found = [_read_entry(name, entry) for name, entry in tensors]
        _require_contiguous(found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"This is no safetensors file: its header is wrong: {error}.") from None
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _read_entry(name: str, entry: Any) -> tuple[TensorSpec, int]:
    dtype = dtypes.get(entry["dtype"])
    shape, (begin, end) = entry["shape"], entry["data_offsets"]
    if dtype is None:
        raise ValueError(f"tensor {quoted(name)} has the unknown dtype {quoted(entry['dtype'])}")
    if not all(type(number) is int and number >= 0 for number in (*shape, begin, end)):
        raise ValueError(f"tensor {quoted(name)} has a shape or an offset that is no count")
    spec = TensorSpec(name, dtype, tuple(shape))
    if end - begin != spec.size:
        raise ValueError(f"tensor {quoted(name)} needs {spec.size} bytes but has {end - begin}")
    return spec, begin


def _require_contiguous(found: list[tuple[TensorSpec, int]]) -> None:
    position = 0
    for spec, begin in sorted(found, key=lambda entry: (entry[1], entry[0].size)):
        if begin != position:
            raise ValueError(f"tensor {quoted(spec.name)} starts at byte {begin} of the data, not {position}")
        position += spec.size


def read(read_into: ReadInto, sink: Sink) -> tuple[dict[str, Any], dict[str, TensorSpec]]:
    """Reads a file to its end, each tensor straight into the memory that ``sink`` gives for it."""
    found = read_header(read_into)
    values: dict[str, Any] = {}
    for spec, _ in sorted(found, key=lambda entry: (entry[1], entry[0].size)):
        view, finish = sink(spec)
        _fill(read_into, view, f"in tensor {quoted(spec.name)}")
        values[spec.name] = finish()
    if read_into(memoryview(bytearray(1))):
        raise ModelError("The safetensors file has more bytes than its header tells.")
    return {spec.name: values[spec.name] for spec, _ in found}, {spec.name: spec for spec, _ in found}


def _fill(read_into: ReadInto, view: memoryview, where: str) -> None:
    filled = 0
    while filled < len(view):
        count = read_into(view[filled : filled + 4 * BLOCK])
        if not count:
            raise ModelError(f"The safetensors file ends {where}.")
        filled += count
