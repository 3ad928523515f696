import time
import unittest
from typing import Any

import vergeai
from support.coroutines import in_coroutines
from support.device_server import in_turn
from support.fault_server import Behaviour, FaultServer, Handler, Seen, as_json, no_content, problem, silence


def job(status: str, models: Any = ()) -> Behaviour:
    body = {"ID": "j", "project_id": "p", "experiment_id": "e", "status": status, "models": {m: {} for m in models}}
    return as_json(200, body)


def looked_at(*script: Behaviour) -> FaultServer:
    """A server without a log: whoever waits has to look."""
    looks = in_turn(*script)

    def answer(handler: Handler, seen: Seen) -> None:
        (problem(404, "route_not_found") if "/events/" in seen.path else looks)(handler, seen)

    return FaultServer(answer)


def wait(server: FaultServer, **how: Any) -> Any:
    client = vergeai.Client(api_key="key", base_url=server.url)
    return client.Job.wait_for_completion(project_id="p", job_id="j", **how)


class WaitingForAJob(unittest.TestCase):
    def test_ends_when_it_is_completed_telling_what_changed_on_the_way(self) -> None:
        running = job("IN_PROGRESS")
        with looked_at(running, running, job("IN_PROGRESS", "d"), job("COMPLETED", "d")) as server:
            seen: list[Any] = []
            answer = wait(server, on_progress=lambda now: seen.append((now.status, len(now.models))))
            self.assertEqual((answer.statusCode, answer.body.status), (200, "COMPLETED"))
            self.assertEqual(seen, [("IN_PROGRESS", 0), ("IN_PROGRESS", 1), ("COMPLETED", 1)])

    def test_ends_when_it_failed_or_was_cancelled_with_the_reason(self) -> None:
        for status, kind in (("FAILED", vergeai.JobFailed), ("CANCELLED", vergeai.JobCancelled)):
            page = as_json(200, {"data": [{"job_id": "j", "reason": "too few devices are left"}], "next_cursor": None})
            with self.subTest(status), looked_at(job(status), page) as server:
                with self.assertRaises(kind) as caught:
                    wait(server)
                self.assertEqual(str(caught.exception), f"Job j is {status}: too few devices are left.")
                self.assertEqual(caught.exception.reason, "too few devices are left")
                self.assertEqual(caught.exception.job.status, status)

    def test_ends_without_a_reason_when_none_can_be_read(self) -> None:
        with looked_at(job("FAILED"), problem(503, "busy")) as server:
            with self.assertRaises(vergeai.JobFailed) as caught:
                wait(server)
            self.assertEqual((caught.exception.reason, str(caught.exception)), (None, "Job j is FAILED."))

    def test_ends_after_timeout_also_when_the_server_says_nothing(self) -> None:
        with looked_at(job("IN_PROGRESS")) as server:
            with self.assertRaisesRegex(vergeai.TimeoutError, "Job j is still IN_PROGRESS after 1.5 s."):
                wait(server, timeout=1.5)
        with looked_at(silence) as server:
            started = time.monotonic()
            with self.assertRaisesRegex(vergeai.TimeoutError, "Job j is not known yet after 0.2 s."):
                wait(server, timeout=0.2)
            self.assertLess(time.monotonic() - started, 20)

    def test_says_which_devices_the_job_waits_for_when_the_time_is_over(self) -> None:
        waiting_for = "0 of 1 updates; waiting for device 51d5, never seen"
        page = as_json(200, {"data": [{"job_id": "j", "waiting_for": waiting_for}], "next_cursor": None})

        def answer(handler: Handler, seen: Seen) -> None:
            told = problem(404, "route_not_found") if "/events/" in seen.path else page if "/list/" in seen.path else job("IN_PROGRESS")
            told(handler, seen)

        with FaultServer(answer) as server:
            with self.assertRaises(vergeai.TimeoutError) as caught:
                wait(server, timeout=1.5)
            self.assertEqual(str(caught.exception), f"Job j is still IN_PROGRESS after 1.5 s: {waiting_for}.")

    def test_ends_when_the_job_is_gone(self) -> None:
        with looked_at(job("IN_PROGRESS"), problem(404, "not_found")) as server:
            with self.assertRaises(vergeai.NotFound):
                wait(server)

    def test_outlives_a_server_that_is_busy_for_a_moment(self) -> None:
        with looked_at(problem(503, "busy"), job("COMPLETED")) as server:
            self.assertEqual(wait(server).body.status, "COMPLETED")


class Block(unittest.TestCase):
    SHOWN = staticmethod(as_json(200, {"start_model": {"entity_id": "e", "name": "n", "size": "1"}}))
    NOT_YET = staticmethod(as_json(200, {"start_model": {}}))

    def submit(self, server: FaultServer) -> Any:
        client = vergeai.Client(api_key="key", base_url=server.url)
        return client.Experiment.submit_start_model(project_id="p", experiment_id="e", model={"w": 1}, block=True)

    def test_looks_until_the_experiment_shows_the_model(self) -> None:
        with FaultServer(no_content, self.NOT_YET, problem(503, "busy"), self.SHOWN) as server:
            self.assertEqual(self.submit(server), {"statusCode": 204, "body": {}})
            self.assertEqual(len(server.seen), 4)

    def test_ends_after_a_few_looks(self) -> None:
        with FaultServer(no_content, self.NOT_YET) as server:
            with self.assertRaises(vergeai.TimeoutError):
                self.submit(server)
            self.assertEqual(len(server.seen), 6)

    def test_ends_with_an_upload_that_failed(self) -> None:
        with FaultServer(problem(422, "invalid_model")) as server:
            with self.assertRaises(vergeai.Unprocessable):
                self.submit(server)
            self.assertEqual(len(server.seen), 1)


in_coroutines(globals())
