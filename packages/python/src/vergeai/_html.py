"""JSON values as a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ._guards import is_list, is_object

LONGEST_TEXT = 200
MOST_ROWS = 50


def html_of(value: Any) -> str:
    """Objects and lists of objects as tables, everything else as text. Nothing in it is taken for markup."""
    if is_object(value):
        return _object(value) if value else "{}"
    if is_list(value):
        return _list(value) if value else "[]"
    text = value if isinstance(value, str) else repr(value)
    return escape(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…")


def _object(members: Mapping[str, Any]) -> str:
    rows = ((f"<th style='text-align:left'>{escape(str(name))}</th>", _cell(member)) for name, member in members.items())
    return _table(rows)


def _list(entries: list[Any]) -> str:
    shown = entries[:MOST_ROWS]
    if all(is_object(entry) and entry for entry in shown):
        names = list(dict.fromkeys(name for entry in shown for name in entry))
        head = [f"<th style='text-align:left'>{escape(str(name))}</th>" for name in names]
        rows = [head, *([_cell(entry.get(name, "")) for name in names] for entry in shown)]
    else:
        rows = [[_cell(entry)] for entry in shown]
    left = len(entries) - len(shown)
    return _table(rows) + (f"<p>… and {left} more</p>" if left else "")


def _cell(value: Any) -> str:
    return f"<td style='text-align:left'>{html_of(value)}</td>"


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"
