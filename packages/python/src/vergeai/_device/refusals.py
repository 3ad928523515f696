"""What a device does with each refusal.

The rules that all workers share, with what each word means, are in packages/contract/fixtures/device-rules.json; the
tests hold this file to them.
"""

from __future__ import annotations

from typing import Literal

from ..errors import APIError, ConnectionError, TimeoutError

Phase = Literal["next_job", "download", "heartbeat", "submit", "report_failure"]
Reaction = Literal["again", "again_if_known", "renew", "let_go", "report", "stop"]
Kind = Literal["passing", "ticket", "over", "out_of_reach", "ended", "foreign", "wrong"]


def _row(
    next_job: Reaction, download: Reaction, heartbeat: Reaction, submit: Reaction, report_failure: Reaction
) -> dict[Phase, Reaction]:
    return {
        "next_job": next_job,
        "download": download,
        "heartbeat": heartbeat,
        "submit": submit,
        "report_failure": report_failure,
    }


_reactions: dict[Kind, dict[Phase, Reaction]] = {
    "passing": _row("again", "again", "again", "again", "again"),
    "ticket": _row("again", "renew", "again", "again", "again"),
    "over": _row("again", "let_go", "let_go", "let_go", "let_go"),
    "out_of_reach": _row("stop", "let_go", "let_go", "let_go", "let_go"),
    "ended": _row("stop", "stop", "stop", "stop", "let_go"),
    "foreign": _row("again_if_known", "again", "again", "again", "again"),
    "wrong": _row("stop", "report", "again", "report", "let_go"),
}

# The codes that tell more than their status does.
_kind_by_code: dict[str | None, Kind] = {
    "malformed_http": "passing",
    "incomplete_body": "passing",
    "range_not_satisfiable": "passing",
    "idempotency_key_reused": "passing",
    "ticket_used": "ticket",
    "ticket_invalid": "ticket",
    "ticket_expired": "ticket",
    "job_ended": "over",
    "job_not_started": "over",
    "job_closed": "over",
    "update_already_submitted": "over",
    "device_not_drawn": "over",
    "permission_denied": "out_of_reach",
    "device_key_required": "ended",
    "project_not_found": "ended",
    "route_not_found": "wrong",
    "model_not_found": "wrong",
}


def reaction_to(error: BaseException, phase: Phase) -> Reaction:
    """What a device does after ``error``, when it was about ``phase``."""
    return _reactions[_kind_of(error)][phase]


def _kind_of(error: BaseException) -> Kind:
    if isinstance(error, APIError):
        return _kind_by_code.get(error.code) or _kind_by_status(error.status_code, error.code)
    return "passing" if isinstance(error, (ConnectionError, TimeoutError)) else "wrong"


def _kind_by_status(status: int, code: str | None) -> Kind:
    """Any other code, such as one of a newer server, and an answer without one, which is not the API's."""
    if status < 400 or (status == 404 and code is None):
        return "foreign"
    if status == 401:
        return "ended"
    if status == 404:
        return "out_of_reach"
    return "passing" if status >= 500 or status in (408, 409, 425, 429) else "wrong"
