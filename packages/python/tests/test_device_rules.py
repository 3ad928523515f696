"""What a device does with each refusal, held to the rules that all workers share."""

import json
import struct
import threading
import time
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from unittest import mock

import vergeai
from support.coroutines import in_coroutines
from support.device_server import START, Device, in_turn, until
from support.fault_server import Behaviour, FaultServer, html, no_content, problem, reset, silence
from support.fixtures import device_rules
from vergeai._device.pauses import Pauses

HEADER = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode().ljust(64)
SAFETENSORS = struct.pack("<Q", 64) + HEADER + struct.pack("<2f", 1, 2)
"""A model of this kind goes by ticket, a small one of the other kind inside the request."""

STRANGE_STATUSES = [200, 302, 400, 401, 403, 404, 408, 409, 410, 413, 422, 425, 429, 499, 500, 502, 511, 599]


@dataclass
class Refusal:
    """Something that a server, or what stands before it, may answer; and the kind that it is by the rules."""

    name: str
    kind: str
    behave: Behaviour

    def action(self, phase: str) -> str:
        action: str = next(row for row in device_rules["kinds"] if row["kind"] == self.kind)[phase]
        return action


def other_kind(status: int, with_code: bool) -> str:
    for row in device_rules["others"]:
        if row["status"][0] <= status <= row["status"][1] and not (with_code and row.get("without_code")):
            return str(row["kind"])
    raise AssertionError(f"the rules say nothing of {status}")


REFUSALS = [
    *(Refusal(row["code"], row["kind"], problem(row["status"], row["code"])) for row in device_rules["refusals"]),
    *(Refusal(f"a page with {status}", other_kind(status, False), html(status)) for status in STRANGE_STATUSES),
    *(
        Refusal(f"{status} with a new code", other_kind(status, True), problem(status, "of_a_newer_server"))
        for status in STRANGE_STATUSES
        if status >= 400
    ),
    Refusal("a connection that breaks", device_rules["no_answer"], reset),
]


def doubled(model: Any, *_: Any) -> Any:
    return {name: [2 * number for number in numbers] for name, numbers in model.items()}


def course(device: Device, train: Any = doubled, timeout: float = 30.0) -> str:
    """Runs a worker until it has ended, or has been through a job and asked for another one; gives what it did."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(worker.run(max_jobs=1))
        except vergeai.APIError as error:
            ended.append(error)

    with FaultServer(device) as server:
        worker = vergeai.Worker("p", "device-key", train=train, base_url=server.url, poll=0, timeout=timeout)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        until(lambda: device.asked_again.is_set() or not thread.is_alive(), within=60)
        worker.stop(abandon=True)
        thread.join(60)
    assert not thread.is_alive(), "the worker did not stop"
    if isinstance(ended[0], vergeai.APIError):
        return "stop"
    if ended[0] == 1:
        return "accepted"
    return "report" if device.called("report_failure") else "let_go"


def each(refusals: list[Refusal], look: Callable[[Refusal], str]) -> dict[str, str]:
    """Some at a time; gives what was seen under the names of the refusals."""
    with ThreadPoolExecutor(16) as threads:
        return dict(zip((refusal.name for refusal in refusals), threads.map(look, refusals)))


def by_the_rules(refusals: list[Refusal], phase: str) -> dict[str, str]:
    return {refusal.name: refusal.action(phase) for refusal in refusals}


def gaps(device: Device, name: str) -> list[float]:
    at = [call.at for call in device.calls_of(name)]
    return [later - earlier for earlier, later in zip(at, at[1:])]


class ADevice(unittest.TestCase):
    maxDiff = None
    # A tenth of what it is: a pause that is there at all is seen all the same.
    PAUSE = 0.0125

    def setUp(self) -> None:
        for name, value in {
            "vergeai._device.pauses.FIRST_PAUSE": 0.025,
            "vergeai._device.pace.SHORTEST_ROUND": 0.05,
            "vergeai._device.pace.SHORTEST_BEAT": 0.05,
            "vergeai._backoff.FIRST_BACKOFF": 0.01,
        }.items():
            patch = mock.patch(name, value)
            patch.start()
            self.addCleanup(patch.stop)
        # That it logs is not what is looked at, and is a lot.
        logs = self.assertLogs("vergeai.worker")
        logs.__enter__()
        self.addCleanup(logs.__exit__, None, None, None)

    def test_that_is_refused_when_it_asks_for_a_job_does_as_the_rules_say(self) -> None:
        def action_when(refusal: Refusal, *before: Behaviour) -> str:
            device = Device(lease=60)
            device.behaviours["next_job"] = in_turn(*before, refusal.behave, device.offer)
            action = course(device)
            if action == "stop":
                self.assertEqual(len(device.calls_of("next_job")), len(before) + 1)
            else:
                self.assertGreater(gaps(device, "next_job")[len(before)], self.PAUSE)
            return "again" if action == "accepted" else action

        def look(refusal: Refusal) -> str:
            first, later = action_when(refusal), action_when(refusal, no_content)
            if (first, later) == ("stop", "again"):
                return "again_if_known"
            return first if first == later else f"{first}, later {later}"

        self.assertEqual(each(REFUSALS, look), by_the_rules(REFUSALS, "next_job"))

    def test_that_is_refused_when_it_fetches_the_start_model_does_as_the_rules_say(self) -> None:
        # With 200 comes what claims to be the model, and is not.
        refusals = [refusal for refusal in REFUSALS if refusal.name != "a page with 200"]

        def look(refusal: Refusal) -> str:
            device = Device(lease=60)
            device.behaviours["download"] = in_turn(refusal.behave, device.download)
            action = course(device)
            if action != "accepted":
                self.assertEqual(device.called("submit_model_update"), [])
                return action
            first, second = (call.seen.path for call in device.calls_of("download")[:2])
            self.assertEqual(first == second, device.called("job/start_model") == [])
            return "again" if first == second else "renew"

        self.assertEqual(each(refusals, look), by_the_rules(refusals, "download"))

    def test_that_is_refused_when_it_asks_for_a_new_link_does_as_the_rules_say(self) -> None:
        def look(refusal: Refusal) -> str:
            device = Device(lease=60)
            device.behaviours["download"] = in_turn(problem(403, "ticket_expired"), device.download)
            device.behaviours["job/start_model"] = in_turn(refusal.behave, device.link)
            action = course(device)
            if action == "accepted":
                self.assertGreaterEqual(len(device.calls_of("job/start_model")), 2)
            return action

        expected = by_the_rules(REFUSALS, "download")
        accepted = {"again": "accepted", "renew": "accepted"}
        self.assertEqual(each(REFUSALS, look), {name: accepted.get(action, action) for name, action in expected.items()})

    def test_that_is_refused_when_it_keeps_its_lease_does_as_the_rules_say(self) -> None:
        def look(refusal: Refusal) -> str:
            # One that takes more than a second to arrive counts as lost; of a few, one arrives in time on any machine.
            device = Device(lease=0.05)
            device.behaviours["heartbeat"] = in_turn(*[refusal.behave] * 5, device.behaviours["heartbeat"])

            def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
                until(lambda: job.stop.is_set() or len(device.calls_of("heartbeat")) >= 7)
                return model

            action = course(device, train)
            if action != "accepted":
                self.assertEqual(device.called("submit_model_update"), [])
            return "again" if action == "accepted" else action

        self.assertEqual(each(REFUSALS, look), by_the_rules(REFUSALS, "heartbeat"))

    def test_that_is_refused_when_it_submits_its_update_does_as_the_rules_say(self) -> None:
        self.assertEqual(each(REFUSALS, lambda one: self.submitting(one, START, "submit_model_update")), by_the_rules(REFUSALS, "submit"))

    def test_that_is_refused_an_upload_ticket_does_as_the_rules_say(self) -> None:
        self.assertEqual(each(REFUSALS, lambda one: self.submitting(one, SAFETENSORS, "submit_model_update")), by_the_rules(REFUSALS, "submit"))

    def test_that_is_refused_when_it_uploads_does_as_the_rules_say(self) -> None:
        # The client takes any 2xx for a success where no body is expected.
        refusals = [refusal for refusal in REFUSALS if refusal.name != "a page with 200"]
        self.assertEqual(each(refusals, lambda one: self.submitting(one, SAFETENSORS, "upload")), by_the_rules(refusals, "submit"))

    def submitting(self, refusal: Refusal, start: bytes, operation: str) -> str:
        trained: list[int] = []

        def train(*given: Any) -> Any:
            trained.append(1)
            return doubled(*given)

        device = Device(start=start, lease=60)
        device.behaviours[operation] = in_turn(refusal.behave, device.behaviours[operation])
        action = course(device, train)
        self.assertEqual(len(trained), 1)
        submissions, uploads = device.calls_of("submit_model_update"), device.calls_of("upload")
        if action != "accepted":
            self.assertEqual(len(submissions), 1)
            return action
        self.assertGreaterEqual(len(submissions), 2)
        self.assertGreater(gaps(device, "submit_model_update")[0], self.PAUSE)
        self.assertEqual(len({call.seen.headers["idempotency-key"] for call in submissions}), len(submissions))
        self.assertEqual(len({call.seen.path for call in uploads}), len(uploads))
        for calls in (submissions, uploads):
            self.assertLessEqual(len({call.seen.body for call in calls}), 1)
        return "again"

    def test_that_is_refused_where_the_job_said_its_update_may_go_does_as_the_rules_say(self) -> None:
        refusals = [refusal for refusal in REFUSALS if refusal.name != "a page with 200"]

        def look(refusal: Refusal) -> str:
            device = Device(start=SAFETENSORS, lease=60, says_where=True)
            device.behaviours["upload"] = in_turn(refusal.behave, device.behaviours["upload"])
            action = course(device)
            first, *more = device.calls_of("upload")
            self.assertEqual(len(device.calls_of("submit_model_update")), len(more))
            if action != "accepted":
                self.assertEqual(more, [])
                return action
            # What it came with was tried once.
            self.assertEqual(len({call.seen.path for call in (first, *more)}), 2)
            self.assertEqual([call.seen.body for call in more], [first.seen.body])
            self.assertGreater(gaps(device, "upload")[0], self.PAUSE)
            return "again"

        self.assertEqual(each(refusals, look), by_the_rules(refusals, "submit"))

    def test_sends_its_update_with_one_request_or_two_where_the_job_does_not_say_where_it_may_go(self) -> None:
        for says_where in (True, False):
            device = Device(start=SAFETENSORS, lease=60, says_where=says_where)
            self.assertEqual(course(device), "accepted")
            self.assertEqual((len(device.called("submit_model_update")), len(device.calls_of("upload"))), (int(not says_where), 1))

    def test_that_is_refused_when_it_reports_a_failure_does_as_the_rules_say(self) -> None:
        def look(refusal: Refusal) -> str:
            device = Device(lease=60)
            device.behaviours["report_failure"] = in_turn(refusal.behave, device.behaviours["report_failure"])
            course(device, mock.Mock(side_effect=RuntimeError("no battery")))
            first, *more = device.called("report_failure")
            self.assertEqual(first["reason"], "RuntimeError: no battery")
            self.assertEqual(more, [first] * len(more))
            return "again" if more else "let_go"

        self.assertEqual(each(REFUSALS, look), by_the_rules(REFUSALS, "report_failure"))

    def test_that_hears_nothing_asks_again(self) -> None:
        rules = next(row for row in device_rules["kinds"] if row["kind"] == device_rules["no_answer"])

        def look(operation: str) -> None:
            device = Device(start=SAFETENSORS, lease=0.05)
            device.behaviours[operation] = in_turn(silence, device.behaviours[operation])

            def train(*given: Any) -> Any:
                until(lambda: len(device.calls_of("heartbeat")) >= 2)
                return doubled(*given)

            self.assertEqual(course(device, train, timeout=2.0), "accepted")
            self.assertGreaterEqual(len(device.calls_of(operation)), 2)

        phases = {"next_job": "next_job", "download": "download", "heartbeat": "heartbeat", "submit_model_update": "submit", "upload": "submit"}
        self.assertEqual({rules[phase] for phase in phases.values()}, {"again"})
        with ThreadPoolExecutor(len(phases)) as threads:
            list(threads.map(look, phases))

    def test_reports_a_job_that_can_not_be_done_here_with_what_the_server_said(self) -> None:
        for operation, code, refusal in (
            ("submit_model_update", "invalid_model", problem(422, "invalid_model")),
            ("upload", "model_too_large", problem(413, "model_too_large")),
            ("download", "model_not_found", problem(404, "model_not_found")),
        ):
            device = Device(start=SAFETENSORS, lease=60, **{operation: refusal})
            self.assertEqual(course(device), "report")
            self.assertIn(f"It is {code}.", device.called("report_failure")[0]["reason"])

    def test_lets_go_of_a_failure_that_it_could_not_report_in_a_few_attempts(self) -> None:
        device = Device(lease=60, report_failure=problem(503, "busy"))
        course(device, mock.Mock(side_effect=RuntimeError))
        self.assertEqual(len(device.calls_of("report_failure")), device_rules["limits"]["reports"])
        self.assertGreater(min(gaps(device, "report_failure")), self.PAUSE)

    def test_fetches_a_model_that_is_not_the_one_announced_a_few_times_and_reports_it(self) -> None:
        device = Device(lease=60)
        device.behaviours["download"] = lambda handler, _: handler.answer(200, b'{"w": [7, 2]}', {"Content-Type": "application/json"})
        self.assertEqual(course(device), "report")
        self.assertEqual(len(device.calls_of("download")), device_rules["limits"]["downloads_of_a_broken_model"])

    def test_waits_as_long_as_retry_after_says(self) -> None:
        def look(operation: str) -> None:
            device = Device(start=SAFETENSORS, lease=60)
            device.behaviours[operation] = in_turn(problem(429, "rate_limited", {"Retry-After": "0.4"}), device.behaviours[operation])
            course(device, mock.Mock(side_effect=RuntimeError) if operation == "report_failure" else doubled)
            self.assertGreater(gaps(device, operation)[0], 0.39, operation)

        with ThreadPoolExecutor(5) as threads:
            list(threads.map(look, ("next_job", "download", "submit_model_update", "upload", "report_failure")))


class APause(unittest.TestCase):
    def pauses(self, count: int, error: Any = None) -> list[float]:
        """How long each of so many pauses after ``error`` takes, in seconds."""
        pauses = Pauses()
        return [pauses.after(error) for _ in range(count)]

    def test_is_twice_as_long_each_time_up_to_a_quarter_of_a_minute_of_which_jitter_takes_at_most_half(self) -> None:
        with mock.patch("random.random", lambda: 1.0):
            self.assertEqual(self.pauses(8), [0.25, 0.5, 1, 2, 4, 8, 15, 15])
        with mock.patch("random.random", lambda: 0.0):
            self.assertEqual(self.pauses(8), [0.125, 0.25, 0.5, 1, 2, 4, 7.5, 7.5])

    def test_is_as_long_as_retry_after_says_up_to_a_minute_and_never_not_at_all(self) -> None:
        def asking(seconds: float) -> vergeai.APIError:
            return vergeai.ServerError("Not now.", status_code=503, retry_after=seconds)

        self.assertEqual(self.pauses(1, asking(59)), [59])
        self.assertEqual(self.pauses(1, asking(3600)), [device_rules["limits"]["longest_wait_sec"]])
        self.assertGreaterEqual(self.pauses(1, asking(0))[0], 0.125)


class AServerThatContradictsItself(unittest.TestCase):
    def test_by_offering_a_job_that_is_over_is_asked_twice_a_second_at_most(self) -> None:
        device = Device(lease=60, submit_model_update=problem(409, "job_closed"))
        device.behaviours["next_job"] = device.offer_again
        with FaultServer(device) as server:
            worker = vergeai.Worker("p", "device-key", train=doubled, base_url=server.url, poll=0)
            thread = threading.Thread(target=worker.run, daemon=True)
            thread.start()
            until(lambda: len(device.calls_of("next_job")) >= 4)
            worker.stop(abandon=True)
            thread.join(60)
        at = [call.at for call in device.calls_of("next_job")]
        self.assertGreater(at[3] - at[0], 1.0)


in_coroutines(globals(), without=("APause",))
