"""Against the built server: jobs, devices, and what becomes of them."""

import contextlib
import importlib.util
import os
import subprocess
import threading
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import vergeai
from support.api_server import ApiServer, shared_server
from support.coroutines import in_coroutines
from support.device_server import until
from support.optional import needs_numpy, needs_torch, numpy

PACKAGE = Path(__file__).resolve().parents[1]


def plus(amount: float, **update: Any) -> Any:
    """Training that adds to every number, so that a mean can be checked by hand."""

    def train(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
        job.report(loss=amount)
        return vergeai.Update({name: [number + amount for number in numbers] for name, numbers in model.items()}, **update)

    return train


@contextlib.contextmanager
def working(*workers: vergeai.Worker) -> Iterator[None]:
    threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop(abandon=True)
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a worker did not stop"


class Training(unittest.TestCase):
    def setUp(self) -> None:
        self.server = self.start_server()
        self.client = vergeai.Client(api_key=self.server.key, base_url=self.server.url)
        self.project_id = self.client.Project.create(project_name="Training").body.project_id

    def start_server(self) -> ApiServer:
        return shared_server()

    def new_experiment(self, model: Any, **how: Any) -> dict[str, str]:
        experiment_id = self.client.Experiment.create(project_id=self.project_id, **how).body.ID
        ids = {"project_id": self.project_id, "experiment_id": experiment_id}
        self.client.Experiment.submit_start_model(**ids, model=model, block=True)
        return ids

    def new_worker(self, train: Any, **how: Any) -> vergeai.Worker:
        device = self.client.Device.create(project_id=self.project_id).body
        return vergeai.Worker(self.project_id, device.device_api_key, train=train, base_url=self.server.url, **how)

    def wait(self, job_id: str, **how: Any) -> Any:
        return self.client.Job.wait_for_completion(project_id=self.project_id, job_id=job_id, timeout=120, **how).body


class Jobs(Training):
    def test_run_one_after_another_each_on_what_the_one_before_it_made(self) -> None:
        ids = self.new_experiment({"w": [1.0, 2.0]}, hyperparameters={"rate": 1})
        workers = [self.new_worker(plus(1.0, num_examples=3)), self.new_worker(plus(5.0, num_examples=1))]
        with working(*workers):
            jobs = [self.client.Job.create(**ids, num_devices=2).body.ID for _ in range(3)]
            ended = self.wait(jobs[-1])
        self.assertEqual((ended.status, len(ended.models)), ("COMPLETED", 2))
        # The mean of 1, 1, 1 and 5 is 2, three times.
        self.assertEqual(self.client.Experiment.current_model(**ids).dict(), {"w": [7.0, 8.0]})
        self.assertEqual(self.client.Job.aggregate_model(project_id=self.project_id, job_id=jobs[0]).dict(), {"w": [3.0, 4.0]})
        self.assertEqual(self.client.Job.start_model(project_id=self.project_id, job_id=jobs[1]).dict(), {"w": [3.0, 4.0]})
        experiment = self.client.Experiment.get(**ids).body
        self.assertEqual((experiment.jobs, experiment.current_job, experiment.is_active), (jobs, jobs[-1], False))
        metrics = list(self.client.Experiment.metrics(**ids, limit=1).entries())
        self.assertEqual([entry.mean for entry in metrics], [{"loss": 2.0}] * 3)
        self.assertEqual([entry.status for entry in self.client.Job.list(**ids).entries()], ["COMPLETED"] * 3)
        self.assertEqual({device.status for device in self.client.Device.list(project_id=self.project_id).entries()}, {"idle"})
        types = [event.type for event in self.client.Experiment.events(**ids, limit=5).entries()]
        self.assertEqual(types.count("model_update_submitted"), 6)

    def test_that_are_cancelled_end_the_wait_and_the_training(self) -> None:
        ids = self.new_experiment({"w": [1.0]})
        told = threading.Event()

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            started.set()
            if job.stop.wait(90):
                told.set()

        started = threading.Event()
        with mock.patch("vergeai._device.pace.LONGEST_BEAT", 0.2), working(self.new_worker(train)):
            job_id = self.client.Job.create(**ids, num_devices=1).body.ID
            self.assertTrue(started.wait(60))
            self.client.Job.cancel(project_id=self.project_id, job_id=job_id)
            with self.assertRaises(vergeai.JobCancelled):
                self.wait(job_id)
            self.assertTrue(told.wait(60))
        again = self.client.Job.retry(project_id=self.project_id, job_id=job_id).body
        self.assertEqual(again.configuration.num_devices, "1")
        self.client.Job.cancel(project_id=self.project_id, job_id=again.ID)

    def test_that_no_device_can_finish_fail_with_the_reason(self) -> None:
        ids = self.new_experiment({"w": [1.0]})

        def train(*_: Any) -> Any:
            raise MemoryError("the device is too small")

        with self.assertLogs("vergeai.worker", "WARNING"), working(self.new_worker(train)):
            job_id = self.client.Job.create(**ids, num_devices=1).body.ID
            with self.assertRaises(vergeai.JobFailed) as caught:
                self.wait(job_id)
        self.assertTrue(caught.exception.reason)

    def test_that_nobody_works_on_end_the_wait_by_its_timeout_and_the_job_by_its_own(self) -> None:
        ids = self.new_experiment({"w": [1.0]})
        self.client.Device.create(project_id=self.project_id)
        criteria = [{"type": "DurationTerminationCriteria", "max_duration_sec": 5}]
        job = self.client.Job.create(**ids, num_devices=1, termination_criteria=criteria).body
        self.assertEqual(job.configuration.termination_criteria[0].max_duration_sec, "5")
        self.assertEqual(self.client.Project.active_jobs(project_id=self.project_id).body.job_ids, [job.ID])
        with self.assertRaises(vergeai.TimeoutError):
            self.client.Job.wait_for_completion(project_id=self.project_id, job_id=job.ID, timeout=0.3)
        with self.assertRaises(vergeai.JobCancelled):
            self.wait(job.ID)

    def test_can_be_served_by_hand(self) -> None:
        ids = self.new_experiment({"w": [1.0]})
        device = self.client.Device.register(project_id=self.project_id).body
        job_id = self.client.Job.create(**ids, num_devices=1).body.ID
        there = {"project_id": self.project_id, "job_id": job_id}
        with vergeai.Client(api_key=device.device_api_key, base_url=self.server.url) as mine:
            offer = mine.Device.next_job(project_id=self.project_id, wait=5).body
            self.assertEqual((offer.job_id, offer.sequence), (job_id, 1))
            model = mine.download(offer.model_url, sha256=offer.model.sha256).dict()
            self.assertTrue(mine.Device.heartbeat(**there).body.is_device_active)
            with self.assertRaises(vergeai.Unprocessable):
                mine.Device.submit_model_update(**there, model={"w": [1.0, 2.0]})
            with self.assertRaises(vergeai.PermissionDenied):
                mine.Project.get(project_id=self.project_id)
            model["w"][0] += 0.125
            answer = mine.Device.submit_model_update(**there, model=model, num_examples=1, metrics={"loss": 1}, device_id=device.device_id, block=True)
            self.assertEqual(answer, {"statusCode": answer.statusCode, "body": {}})
            self.assertFalse(mine.Device.is_active(**there, device_id=device.device_id).body.is_device_active)
            self.assertEqual(mine.Device.next_job(project_id=self.project_id).body, {})
        self.wait(job_id)
        self.assertEqual(self.client.Experiment.current_model(**ids).dict(), {"w": [1.125]})
        fork = self.client.Experiment.fork(**ids, from_=job_id, experiment_name="Fork").body
        self.assertEqual(self.client.Experiment.start_model(project_id=self.project_id, experiment_id=fork.ID).dict(), {"w": [1.125]})
        self.client.Device.delete(project_id=self.project_id, device_id=device.device_id)
        with self.assertRaises(vergeai.AuthenticationError):
            vergeai.Worker(self.project_id, device.device_api_key, train=plus(1), base_url=self.server.url).run()

    @needs_numpy
    def test_keep_the_dtypes_of_arrays(self) -> None:
        ids = self.new_experiment({"w": numpy.ones((2, 3), "f4"), "h": numpy.ones(4, "f2"), "n": numpy.array(5)})

        def train(model: Any, *_: Any) -> Any:
            # float64 comes out of most training by accident.
            return {"w": model["w"] * 1.5, "h": model["h"].astype("f8") + 1, "n": model["n"] + 1}

        with working(self.new_worker(train, model_form="numpy")):
            self.wait(self.client.Job.create(**ids, num_devices=1).body.ID)
        back = self.client.Experiment.current_model(**ids).numpy()
        self.assertEqual({name: (a.dtype.str, a.shape) for name, a in back.items()}, {"w": ("<f4", (2, 3)), "h": ("<f2", (4,)), "n": ("<i8", ())})
        self.assertEqual((back["w"].tolist(), back["h"].tolist(), int(back["n"])), ([[1.5] * 3] * 2, [2.0] * 4, 6))


class AServerThatIsKilled(Training):
    def start_server(self) -> ApiServer:
        return ApiServer()

    def test_and_comes_back_gets_what_was_trained_meanwhile(self) -> None:
        ids = self.new_experiment({"w": [1.0]})
        training, go_on = threading.Event(), threading.Event()
        trained: list[int] = []

        def train(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
            trained.append(1)
            training.set()
            go_on.wait(90)
            return plus(1.0)(model, hyperparameters, job)

        with mock.patch("vergeai._device.pauses.LONGEST_PAUSE", 0.5), working(self.new_worker(train)):
            job_id = self.client.Job.create(**ids, num_devices=1).body.ID
            self.assertTrue(training.wait(60))
            self.server.kill()
            with self.assertLogs("vergeai.worker", "WARNING") as logs:
                go_on.set()
                until(lambda: any("Can't submit yet" in line for line in logs.output), within=60)
            self.server = self.server.restarted()
            self.addCleanup(self.server.stop)
            self.wait(job_id)
        self.assertEqual(len(trained), 1)
        self.assertEqual(self.client.Experiment.current_model(**ids).dict(), {"w": [2.0]})


class ADeviceInTypeScript(Training):
    def test_and_one_in_python_train_together(self) -> None:
        worker_package = PACKAGE / "node_modules" / "@vergeai" / "worker"
        if not (worker_package / "dist" / "index.js").exists():
            self.skipTest("@vergeai/worker is not built, or not installed here")
        models: list[Any] = [{"w": [1.0, 2.0]}]
        if numpy:
            models.append({"w": numpy.array([1, 2], "f4"), "n": numpy.array([0])})
        for model in models:
            ids = self.new_experiment(model)
            with typescript_device(self, amount=5, num_examples=1), working(self.new_worker(plus(1.0, num_examples=3))):
                jobs = [self.client.Job.create(**ids, num_devices=2).body.ID for _ in range(3)]
                self.assertEqual(len(self.wait(jobs[-1]).models), 2)
            # The mean of 1, 1, 1 and 5 is 2, three times.
            back = self.client.Experiment.current_model(**ids).dict()
            self.assertEqual(back["w"], [7.0, 8.0])
            self.assertEqual(back.get("n", [6]), [6])
            metrics = self.client.Experiment.metrics(**ids).body.data
            self.assertEqual([entry.mean for entry in metrics], [{"loss": 2.0}] * 3)
            for device in self.client.Device.list(project_id=self.project_id).entries():
                self.client.Device.delete(project_id=self.project_id, device_id=device.device_id)


@contextlib.contextmanager
def typescript_device(test: Training, amount: float, num_examples: float) -> Iterator[None]:
    device = test.client.Device.create(project_id=test.project_id).body
    environment = {
        "PATH": os.environ["PATH"],
        "VERGEAI_API_KEY": device.device_api_key,
        "VERGEAI_BASE_URL": test.server.url,
        "PROJECT_ID": test.project_id,
        "AMOUNT": str(amount),
        "NUM_EXAMPLES": str(num_examples),
    }
    process = subprocess.Popen(["node", "tests/support/typescript-device.mjs"], cwd=PACKAGE, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def digits() -> Any:
    spec = importlib.util.spec_from_file_location("digits", PACKAGE / "examples" / "digits.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_torch
class RealDigits(unittest.TestCase):
    def test_are_learnt_by_two_devices_in_three_jobs(self) -> None:
        example = digits()
        try:
            example.digits_folder()
        except FileNotFoundError as error:
            self.skipTest(str(error))
        server = shared_server()
        with mock.patch.multiple(vergeai, api_key=server.key, base_url=server.url):
            reached = example.main()
        print("accuracy:", {name: round(value, 4) for name, value in reached.items()})
        self.assertLess(reached["start"], 0.3)
        self.assertGreater(reached["job 1"], reached["start"])
        self.assertGreater(reached["end"], 0.9)
        self.assertEqual(reached["end"], reached["job 3"])


in_coroutines(globals(), without=("RealDigits",))
