"""The worker against a server that misbehaves on purpose."""

import json
import threading
import time
import unittest
from typing import Any
from unittest import mock

import vergeai
from support.coroutines import in_coroutines
from support.device_server import Device, in_turn, until
from support.fault_server import FaultServer, Handler, Seen, as_json, no_content, problem, reset, silence

def doubled(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
    return {name: [2 * number for number in numbers] for name, numbers in model.items()}


@mock.patch("vergeai._device.pauses.LONGEST_PAUSE", 0.05)
class AWorker(unittest.TestCase):
    def run_worker(self, device: Device, train: Any = doubled, operation: str = "submit_model_update", calls: int = 1, **how: Any) -> int:
        """Runs until this operation of `device` has been called so often, and everything is answered."""
        submitted: list[int] = []
        with FaultServer(device) as server:
            worker = vergeai.Worker("p", "device-key", train=train, base_url=server.url, poll=0.1, **how)
            thread = threading.Thread(target=lambda: submitted.append(worker.run()), daemon=True)
            thread.start()
            until(lambda: len(device.called(operation)) >= calls or not thread.is_alive())
            worker.stop()
            thread.join(30)
            self.assertFalse(thread.is_alive(), "the worker did not stop")
            self.assertGreaterEqual(len(device.called(operation)), calls, device.calls)
        return submitted[0] if submitted else -1

    def test_trains_what_it_is_given_and_submits_what_comes_back(self) -> None:
        seen: list[Any] = []

        def train(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
            seen.append((model, hyperparameters, job.config, job.job_id, job.experiment_id, job.sequence, job.stop.is_set()))
            job.report(loss=0.5, accuracy=0.1)
            job.report(accuracy=0.2, broken=float("nan"))
            return vergeai.Update({"w": [3, 4]}, num_examples=7, metrics={"loss": 0.25})

        device = Device()
        with self.assertLogs("vergeai.worker", "WARNING") as logs:
            self.assertEqual(self.run_worker(device, train), 1)
        self.assertEqual(seen, [({"w": [1, 2]}, {"rate": 0.5}, {"data": "/mnt/a"}, "j", "e", 3, False)])
        self.assertEqual(device.called("submit_model_update"), [
            {"project_id": "p", "job_id": "j", "num_examples": 7.0, "metrics": {"loss": 0.25, "accuracy": 0.2}, "model": {"w": [3, 4]}}
        ])  # fmt: skip
        self.assertIn("The metric broken is nan", logs.output[0])

    def test_measures_its_loss_of_the_given_model_before_it_trains_for_a_strategy_that_asks(self) -> None:
        course: list[Any] = []

        def measure(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> float:
            course.append(("measure", model, hyperparameters, job.job_id))
            return 2.5

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            course.append(("train", job.required_metrics))
            return vergeai.Update(model, metrics={"loss": 0.25, "accuracy": 0.5})

        for training, metrics in (({"required_metrics": ["loss"]}, {"loss": 2.5, "accuracy": 0.5}), ({}, {"loss": 0.25, "accuracy": 0.5})):
            device = Device(training=training)
            self.run_worker(device, train, measure_loss=measure)
            self.assertEqual([update["metrics"] for update in device.called("submit_model_update")], [metrics])
        self.assertEqual(course, [("measure", {"w": [1, 2]}, {"rate": 0.5}, "j"), ("train", ["loss"]), ("train", [])])

    def test_measures_the_model_for_a_job_that_only_evaluates_and_never_trains_it(self) -> None:
        train = mock.Mock()

        def evaluate(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
            job.report(loss=2, broken=float("nan"))
            return vergeai.Evaluation({"accuracy": sum(model["w"]) / 6}, num_examples=len(hyperparameters))

        for given, sent in (
            (evaluate, {"metrics": {"loss": 2, "accuracy": 0.5}, "num_examples": 1}),
            (lambda *_: {"accuracy": 0.5}, {"metrics": {"accuracy": 0.5}}),
            (lambda _, __, job: job.report(accuracy=0.5), {"metrics": {"accuracy": 0.5}}),
        ):
            device = Device(kind="EVALUATE", submit_evaluation=in_turn(reset, as_json(200, {})))
            self.assertEqual(self.run_worker(device, train, operation="submit_evaluation", calls=2, evaluate=given), 1)
            # An answer that was lost is asked for again, with the same.
            self.assertEqual(device.called("submit_evaluation"), [{"project_id": "p", "job_id": "j", **sent}] * 2)
            self.assertEqual(device.called("submit_model_update"), [])
        train.assert_not_called()

    def test_reports_that_it_can_not_evaluate_and_does_not_train_instead(self) -> None:
        train = mock.Mock()
        for evaluate, reason in ((None, "made without evaluate"), (lambda *_: {"loss": float("nan")}, "at least one metric")):
            device = Device(kind="EVALUATE")
            device.behaviours["next_job"] = in_turn(device.offer_again, no_content)
            self.assertEqual(self.run_worker(device, train, operation="report_failure", evaluate=evaluate), 0)
            self.assertIn(reason, device.called("report_failure")[0]["reason"])
            self.assertEqual(device.called("submit_evaluation"), [])
        train.assert_not_called()

    @mock.patch("vergeai._device.pace.REPORT_EVERY", 0.05)
    def test_sends_every_report_with_its_step_while_it_trains(self) -> None:
        device = Device(report_metrics=in_turn(as_json(200, {}), reset, as_json(200, {})))

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            job.report(loss=2, broken=float("inf"))
            until(lambda: len(device.called("report_metrics")) >= 1)
            job.report(loss=1, step=50)
            until(lambda: len(device.called("report_metrics")) >= 3)
            for number in range(1200):
                job.report(loss=number)
            return model

        self.assertEqual(self.run_worker(device, train), 1)
        sent = device.called("report_metrics")
        self.assertEqual(sent[0], {"project_id": "p", "job_id": "j", "first": 0, "reports": [{"step": 0, "metrics": {"loss": 2}}]})
        self.assertEqual(sent[1], sent[2])
        self.assertEqual(sent[2], {**sent[0], "first": 1, "reports": [{"step": 50, "metrics": {"loss": 1}}]})
        kept = {piece["first"] + at for piece in sent for at in range(len(piece["reports"]))}
        self.assertEqual(kept, set(range(1000)))
        self.assertEqual(device.called("submit_model_update")[0]["metrics"], {"loss": 1199})

    def test_loses_no_update_to_a_server_that_knows_no_reports(self) -> None:
        device = Device(report_metrics=problem(404, "route_not_found"))

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            job.report(loss=2)
            return model

        self.assertEqual(self.run_worker(device, train), 1)
        self.assertEqual(len(device.called("report_metrics")), 1)

    def test_keeps_the_lease_while_it_trains(self) -> None:
        beats: list[float] = []
        renewed = as_json(200, {"is_device_active": True, "lease": {"expires_at": "…", "duration_sec": 0.6}})

        def renew(handler: Handler, seen: Seen) -> None:
            beats.append(time.monotonic())
            renewed(handler, seen)

        def train(model: Any, *_: Any) -> Any:
            until(lambda: len(beats) >= 6)
            return model

        self.run_worker(Device(heartbeat=renew), train)
        pauses = [later - earlier for earlier, later in zip(beats, beats[1:])]
        self.assertGreaterEqual(len(pauses), 5)
        # Three in the time that a lease lasts, and however busy the machine is, one of them in time.
        self.assertGreater(min(pauses), 0.19)
        self.assertLess(min(pauses), 0.5)

    def test_tells_training_to_stop_when_the_job_is_over_and_submits_nothing(self) -> None:
        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            self.assertTrue(job.stop.wait(30))
            return model

        for over in (as_json(200, {"is_device_active": False, "lease": None}), problem(404, "job_not_found")):
            device = Device(heartbeat=over)
            self.assertEqual(self.run_worker(device, train, operation="next_job", calls=3), 0)
            self.assertEqual((device.called("submit_model_update"), device.called("report_failure")), ([], []))

    def test_keeps_what_was_trained_until_the_server_is_back(self) -> None:
        trained: list[int] = []

        def train(*given: Any) -> Any:
            trained.append(1)
            return doubled(*given)

        device = Device(
            submit_model_update=in_turn(reset, problem(503, "starting"), problem(500, "internal_error"), problem(507, "storage_full"), no_content),
            heartbeat=in_turn(reset, problem(503, "starting"), as_json(200, {"is_device_active": True, "lease": None})),
        )
        with mock.patch("vergeai._backoff.FIRST_BACKOFF", 0.01):
            self.assertEqual(self.run_worker(device, train, calls=5), 1)
        self.assertEqual(len(trained), 1)
        self.assertEqual({json.dumps(body) for body in device.called("submit_model_update")}, {json.dumps({"project_id": "p", "job_id": "j", "model": {"w": [2, 4]}})})

    def test_believes_the_answer_to_its_update_rather_than_a_heartbeat(self) -> None:
        """Which may say that the job waits no more just because the update has arrived, and its answer was lost."""

        submitting = threading.Event()
        jobs: list[vergeai.WorkerJob] = []

        def beat(handler: Handler, seen: Seen) -> None:
            as_json(200, {"is_device_active": not submitting.is_set(), "lease": None})(handler, seen)

        def lost(handler: Handler, seen: Seen) -> None:
            submitting.set()
            self.assertTrue(jobs[0].stop.wait(30))
            reset(handler, seen)

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            jobs.append(job)
            return model

        device = Device(submit_model_update=in_turn(lost, no_content), heartbeat=beat)
        self.assertEqual(self.run_worker(device, train, calls=2), 1)

    def test_works_for_the_server_that_the_module_was_pointed_at(self) -> None:
        self.addCleanup(setattr, vergeai, "base_url", vergeai.base_url)
        vergeai.base_url = "http://elsewhere:1"
        self.assertIn("http://elsewhere:1", repr(vergeai.Worker("p", "device-key", train=doubled)))
        self.assertIn("http://here:2", repr(vergeai.Worker("p", "device-key", train=doubled, base_url="http://here:2")))

    def test_asks_again_when_asking_for_a_job_fails(self) -> None:
        device = Device()
        device.behaviours["next_job"] = in_turn(reset, problem(503, "stopping"), problem(500, "internal_error"), device.offer)
        self.assertEqual(self.run_worker(device), 1)

    def test_ends_when_its_key_is_revoked(self) -> None:
        with FaultServer(problem(401, "key_invalid")) as server:
            with self.assertRaises(vergeai.AuthenticationError):
                vergeai.Worker("p", "device-key", train=doubled, base_url=server.url).run()

    def test_reports_that_training_failed_and_goes_on(self) -> None:
        def train(*_: Any) -> Any:
            raise RuntimeError("out of \0memory " + "\N{GRINNING FACE}" * 2000)

        device = Device()
        with self.assertLogs("vergeai.worker", "WARNING"):
            self.assertEqual(self.run_worker(device, train, operation="report_failure"), 0)
        (report,) = device.called("report_failure")
        self.assertTrue(report["reason"].startswith("RuntimeError: out of memory \N{GRINNING FACE}"))
        self.assertLessEqual(len(report["reason"].encode("utf-16-le")) // 2, 1000)

    def test_reports_that_training_gave_nothing_or_no_model(self) -> None:
        for result in (None, {}, {"w": object()}):
            device = Device()
            with self.subTest(result), self.assertLogs("vergeai.worker", "WARNING"):
                self.run_worker(device, lambda *_: result, operation="report_failure")  # noqa: B023
                self.assertIn("ModelError", device.called("report_failure")[0]["reason"])

    def test_reports_that_its_update_was_refused(self) -> None:
        device = Device(submit_model_update=problem(422, "invalid_model"))
        with self.assertLogs("vergeai.worker", "WARNING"):
            self.assertEqual(self.run_worker(device, operation="report_failure"), 0)

    def test_drops_an_update_that_came_too_late(self) -> None:
        for refusal in (problem(409, "job_closed"), problem(409, "update_already_submitted"), problem(403, "device_not_drawn")):
            device = Device(submit_model_update=refusal)
            self.assertEqual(self.run_worker(device, operation="next_job", calls=3), 0)
            self.assertEqual(len(device.called("submit_model_update")), 1)
            self.assertEqual(device.called("report_failure"), [])

    def test_does_not_train_on_a_model_that_is_not_the_one_announced(self) -> None:
        trained: list[int] = []
        device = Device(download=lambda handler, _: handler.answer(200, b'{"w": [6, 6]}', {"Content-Type": "application/json"}))
        with self.assertLogs("vergeai.worker", "WARNING"):
            self.run_worker(device, lambda *_: trained.append(1), operation="report_failure")
        self.assertEqual((trained, len(device.called("download"))), ([], 3))
        self.assertIn("IntegrityError", device.called("report_failure")[0]["reason"])

    def test_asks_for_a_fresh_link_when_its_own_has_expired(self) -> None:
        device = Device()
        download = device.behaviours["download"]
        device.behaviours["download"] = in_turn(problem(403, "ticket_expired"), download)
        device.behaviours["job/start_model"] = lambda handler, seen: as_json(200, {"model_url": f"http://{seen.headers['host']}/v1/download?ticket=u"})(handler, seen)
        self.assertEqual(self.run_worker(device), 1)

    def test_that_abandons_a_job_says_so(self) -> None:
        device = Device()
        started = threading.Event()

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            started.set()
            job.stop.wait(30)
            return model

        with FaultServer(device) as server:
            worker = vergeai.Worker("p", "device-key", train=train, base_url=server.url, poll=0.1)
            thread = threading.Thread(target=worker.run, daemon=True)
            thread.start()
            self.assertTrue(started.wait(30))
            worker.stop(abandon=True)
            thread.join(30)
            self.assertFalse(thread.is_alive())
        self.assertEqual([report["reason"] for report in device.called("report_failure")], ["The device was stopped."])
        self.assertEqual(device.called("submit_model_update"), [])

    def test_that_waits_for_a_job_stops_at_once(self) -> None:
        device = Device(next_job=silence)
        with FaultServer(device) as server:
            worker = vergeai.Worker("p", "device-key", train=doubled, base_url=server.url)
            thread = threading.Thread(target=worker.run, daemon=True)
            thread.start()
            until(lambda: bool(device.called("next_job")))
            worker.stop()
            # Long before the server answers, or the worker tires of waiting.
            thread.join(20)
            self.assertFalse(thread.is_alive())

    def test_that_is_interrupted_lets_another_device_take_the_job(self) -> None:
        def train(*_: Any) -> Any:
            raise KeyboardInterrupt

        device = Device()
        with FaultServer(device) as server:
            with self.assertRaises(KeyboardInterrupt):
                vergeai.Worker("p", "device-key", train=train, base_url=server.url).run()
        self.assertEqual(len(device.called("report_failure")), 1)


# An interrupt goes to the main thread, where no loop of these tests runs.
in_coroutines(globals(), without=("test_that_is_interrupted_lets_another_device_take_the_job",))
