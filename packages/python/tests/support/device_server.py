"""What a server does for a device, in a fault server's hands."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .fault_server import Behaviour, Handler, Seen, as_json, no_content

START = b'{"w": [1, 2]}'


@dataclass
class Call:
    name: str
    at: float
    """By ``time.monotonic()``."""
    seen: Seen


class Device:
    """The device operations of a server, by name; a test puts another behaviour in its place."""

    def __init__(
        self, *, start: bytes = START, lease: float = 0.6, training: dict[str, Any] | None = None, kind: str = "TRAIN", says_where: bool = False, **behaviours: Behaviour
    ) -> None:
        self.start = start
        self.says_where = says_where
        """Whether a job comes with where its update may go."""
        self.training = training
        self.kind = kind
        self.lease = {"expires_at": "…", "duration_sec": lease}
        self.behaviours: dict[str, Behaviour] = {
            "next_job": self.offer,
            "job/start_model": self.link,
            "download": self.download,
            "heartbeat": as_json(200, {"is_device_active": True, "lease": self.lease}),
            "submit_model_update": self.submit,
            "submit_evaluation": as_json(200, {}),
            "upload": no_content,
            "report_metrics": as_json(200, {}),
            "report_failure": as_json(200, {}),
            **behaviours,
        }
        self.asked_again = threading.Event()
        """Somebody has fetched the start model, has done with the job, and asks for another one."""
        self.tickets = 0
        self.calls: list[Call] = []
        self.lock = threading.Lock()

    def offer(self, handler: Handler, seen: Seen) -> None:
        """One job, until its start model is fetched; then none."""
        if self.calls_of("download"):
            self.asked_again.set()
            return no_content(handler, seen)
        self.offer_again(handler, seen)

    def offer_again(self, handler: Handler, seen: Seen) -> None:
        as_json(200, {
            "job_id": "j", "experiment_id": "e", "sequence": 3, "kind": self.kind, "hyperparameters": {"rate": 0.5}, "config": {"data": "/mnt/a"},
            "model_url": self.signed(seen, "/v1/download"),
            "model": {"size": len(self.start), "sha256": hashlib.sha256(self.start).hexdigest(), "format": "json"},
            **({"training": self.training} if self.training else {}),
            **({"upload": self.place(seen)} if self.says_where else {}),
            "lease": self.lease,
        })(handler, seen)  # fmt: skip

    def link(self, handler: Handler, seen: Seen) -> None:
        as_json(200, {"model_url": self.signed(seen, "/v1/download")})(handler, seen)

    def download(self, handler: Handler, _: Seen) -> None:
        kind = "application/json" if self.start.startswith(b"{") else "application/octet-stream"
        handler.answer(200, self.start, {"Content-Type": kind})

    def submit(self, handler: Handler, seen: Seen) -> None:
        """Takes a model that is part of the request, or gives a ticket for one that is not."""
        if "model" in seen.json():
            return no_content(handler, seen)
        as_json(200, {"model_url": self.place(seen)})(handler, seen)

    def place(self, seen: Seen) -> dict[str, Any]:
        return {"url": f"http://{seen.headers['host']}/v1/upload", "fields": {"ticket": self.new_ticket()}}

    def signed(self, seen: Seen, path: str) -> str:
        return f"http://{seen.headers['host']}{path}?ticket={self.new_ticket()}"

    def new_ticket(self) -> str:
        with self.lock:
            self.tickets += 1
            return str(self.tickets)

    def __call__(self, handler: Handler, seen: Seen) -> None:
        path = seen.path.partition("?")[0]
        name = next(name for name in self.behaviours if name in path)
        with self.lock:
            self.calls.append(Call(name, time.monotonic(), seen))
        self.behaviours[name](handler, seen)

    def calls_of(self, name: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if call.name == name]

    def called(self, name: str) -> list[Any]:
        """What each call brought along."""
        return [json.loads(call.seen.body) if call.seen.body else None for call in self.calls_of(name)]


def in_turn(*script: Behaviour) -> Behaviour:
    """The n-th call meets the n-th behaviour, later ones the last."""
    calls = iter(range(10**9))
    return lambda handler, seen: script[min(next(calls), len(script) - 1)](handler, seen)


def until(condition: Callable[[], bool], within: float = 30) -> None:
    """Waits for it; whoever needs it to have come looks afterwards."""
    deadline = time.monotonic() + within
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
