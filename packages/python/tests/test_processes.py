"""Programs that fork, and programs that are told to stop."""

import _thread
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import vergeai
from support.api_server import shared_server
from support.device_server import until
from support.fault_server import FaultServer, Handler, Seen, as_json, silence
from support.seed import seeded

SOURCES = str(Path(vergeai.__file__).resolve().parents[1])


def in_children(count: int, work: Any) -> list[Any]:
    """What `work(n)` gives in as many forked processes, which all run at once."""
    pipes = []
    for number in range(count):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                result = work(number)
            except BaseException as error:
                result = repr(error)
            os.write(writing, json.dumps(result).encode())
            os._exit(0)
        os.close(writing)
        pipes.append((child, reading))
    results = []
    for child, reading in pipes:
        with os.fdopen(reading, "rb") as pipe:
            if not select.select([pipe], [], [], 60)[0]:
                os.kill(child, signal.SIGKILL)
            results.append(json.loads(pipe.read() or b'"a child that hangs"'))
        os.waitpid(child, 0)
    return results


@unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
class AProcessThatWasForked(unittest.TestCase):
    def setUp(self) -> None:
        server = shared_server()
        self.client = vergeai.Client(api_key=server.key, base_url=server.url)
        self.project = self.client.Project.create(project_name="Forks").body.project_id

    def experiments(self, count: int) -> list[str]:
        return [self.client.Experiment.create(project_id=self.project).body.ID for _ in range(count)]

    def wrong_answers(self, client: Any, experiment: str, times: int = 100) -> int:
        return sum(client.Experiment.get(project_id=self.project, experiment_id=experiment).body.ID != experiment for _ in range(times))

    def test_gets_its_own_answers_and_never_another_ones(self) -> None:
        *theirs, ours = self.experiments(5)
        results: list[Any] = []
        here = threading.Thread(target=lambda: results.append(self.wrong_answers(self.client, ours)))
        here.start()
        self.assertEqual(in_children(4, lambda number: self.wrong_answers(self.client, theirs[number])), [0] * 4)
        here.join()
        self.assertEqual(results, [0])

    def test_gets_its_own_answer_a_thousand_times_whatever_its_parent_is_about(self) -> None:
        random = seeded()
        experiments = self.experiments(8)
        over = threading.Event()
        wrong: list[int] = []

        def go_on(experiment: str) -> None:
            while not over.is_set():
                wrong.append(self.wrong_answers(self.client, experiment, 1))

        threads = [threading.Thread(target=go_on, args=(experiment,), daemon=True) for experiment in experiments[:3]]
        for thread in threads:
            thread.start()
        results: list[int] = []
        while len(results) < 250:
            time.sleep(random.random() / 200)
            results += in_children(10, lambda number: self.wrong_answers(self.client, experiments[number % 8], 4))
        over.set()
        for thread in threads:
            thread.join(60)
            self.assertFalse(thread.is_alive())
        self.assertEqual((results, sum(wrong)), ([0] * 250, 0))

    def test_gets_its_own_answers_by_the_calls_of_the_module(self) -> None:
        experiments = self.experiments(4)
        with mock.patch.multiple(vergeai, api_key=shared_server().key, base_url=shared_server().url):
            vergeai.Project.list()
            self.assertEqual(in_children(4, lambda number: self.wrong_answers(vergeai, experiments[number], 25)), [0] * 4)

    def test_leaves_the_connections_of_its_parent_alone_when_it_closes_and_ends(self) -> None:
        self.client.Project.list()
        (experiment,) = self.experiments(1)
        with FaultServer(silence, as_json(200, {"data": [], "next_cursor": None})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url, timeout=60, max_retries=0)
            ended = threading.Event()
            waiting = threading.Thread(target=lambda: (self.assertRaises(vergeai.ConnectionError, client.Project.list), ended.set()))
            waiting.start()
            while not server.seen:
                time.sleep(0.01)
            self.assertEqual(in_children(2, lambda _: [client.close(), self.client.close()]), [[None, None]] * 2)
            self.assertFalse(ended.wait(0.2), "the child ended what its parent waits for")
            client.close()
            waiting.join(30)
        self.assertEqual(self.wrong_answers(self.client, experiment, 1), 0)

    def test_never_reads_on_in_an_answer_that_its_parent_began(self) -> None:
        def halves(handler: Handler, _: Seen) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "4000000")
            handler.send_header("Content-Type", "application/octet-stream")
            handler.end_headers()
            handler.wfile.write(bytes(4_000_000))

        with FaultServer(halves) as server:
            client = vergeai.Client(api_key="key", base_url=server.url, max_retries=0)
            stream = client.download(server.url)._open(False, None)
            with stream as chunks:
                block = memoryview(bytearray(1000))
                self.assertEqual(chunks.read_into(block), 1000)
                (told,) = in_children(1, lambda _: chunks.read_into(block))
                self.assertIn("begun by the process that this one was forked from", told)
                read = 1000
                while count := chunks.read_into(block):
                    read += count
                self.assertEqual(read, 4_000_000)

    def test_is_not_kept_waiting_by_what_a_thread_of_its_parent_was_about(self) -> None:
        """Whatever moment the other threads are in, they hold nothing that a child needs."""
        busy = threading.Event()
        threads = [threading.Thread(target=lambda: [self.client.Project.list() for _ in iter(busy.is_set, True)], daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(10):
            self.assertEqual(in_children(2, lambda _: self.client.Project.list().statusCode), [200, 200])
        busy.set()
        for thread in threads:
            thread.join(30)


CALLS = """
import os, random, signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
import vergeai
url, key, project, seed, *experiments = sys.argv[2:]
client = vergeai.Client(api_key=key, base_url=url, max_retries=0)
pause = random.Random(int(seed))
main, handled, calling, over, wrong, cut = threading.main_thread().ident, threading.Semaphore(0), [], [], [], []

class Cut(Exception):
    pass

def answer(experiment):
    return client.Experiment.get(project_id=project, experiment_id=experiment).body.ID

def on_signal(number, frame):
    experiment = pause.choice(experiments)
    if answer(experiment) != experiment:
        wrong.append(experiment)
    handled.release()
    if number == signal.SIGUSR2 and calling:
        calling.clear()
        raise Cut

def disturb():
    for number in range(200):
        time.sleep(pause.random() / 100)
        signal.pthread_kill(main, signal.SIGUSR2 if number % 4 == 0 else signal.SIGUSR1)
        handled.acquire()
    over.append(True)

signal.signal(signal.SIGUSR1, on_signal)
signal.signal(signal.SIGUSR2, on_signal)
threading.Thread(target=disturb, daemon=True).start()
while not over:
    for experiment in experiments:
        try:
            calling.append(True)
            if answer(experiment) != experiment:
                wrong.append(experiment)
            calling.clear()
        except Cut:
            cut.append(experiment)
print(len(wrong), "wrong", len(cut), "cut")
"""


@unittest.skipUnless(hasattr(signal, "pthread_kill"), "signals are not what they are elsewhere")
class ACallInASignalHandler(unittest.TestCase):
    def test_and_the_one_that_it_interrupts_get_their_own_answers_two_hundred_times(self) -> None:
        server = shared_server()
        client = vergeai.Client(api_key=server.key, base_url=server.url)
        project = client.Project.create(project_name="Signals").body.project_id
        experiments = [client.Experiment.create(project_id=project).body.ID for _ in range(4)]
        seed = str(seeded().randrange(2**32))
        command = [sys.executable, "-c", CALLS, SOURCES, server.url, server.key, project, seed, *experiments]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        # Every fourth handler ends what it interrupted, if that was a call.
        self.assertRegex(result.stdout, r"^0 wrong \d+ cut$")


PROGRAM = """
import signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
import vergeai
worker = vergeai.Worker("p", "device-key", train=lambda *_: None, base_url=sys.argv[2])
signal.signal(signal.SIGTERM, lambda *_: worker.stop(abandon=True))
if len(sys.argv) > 3:
    after = float(sys.argv[3])
    threading.Thread(target=lambda: (time.sleep(after), signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)), daemon=True).start()
print("running", flush=True)
print("ended", worker.run(), flush=True)
"""


@unittest.skipUnless(hasattr(signal, "pthread_kill"), "signals are not what they are elsewhere")
class AWorkerThatIsStoppedByASignal(unittest.TestCase):
    def stopped(self, url: str, after: float) -> str:
        result = subprocess.run([sys.executable, "-c", PROGRAM, SOURCES, url, str(after)], capture_output=True, text=True, timeout=20)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_ends_when_nobody_is_at_the_address(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            for scheme in ("http", "https"):
                for after in (0.001, 0.01, 0.1):
                    with self.subTest(scheme=scheme, after=after):
                        self.assertIn("ended 0", self.stopped(f"{scheme}://127.0.0.1:{unused.getsockname()[1]}", after))

    def test_ends_when_what_is_at_the_address_says_nothing(self) -> None:
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen(1)
            for scheme in ("http", "https"):
                for after in (0.01, 0.5):
                    with self.subTest(scheme=scheme, after=after):
                        before = time.monotonic()
                        self.assertIn("ended 0", self.stopped(f"{scheme}://127.0.0.1:{mute.getsockname()[1]}", after))
                        self.assertLess(time.monotonic() - before, 10)

    def test_ends_while_it_waits_for_a_job(self) -> None:
        with FaultServer(silence) as server:
            self.assertIn("ended 0", self.stopped(server.url, 0.5))


class StoppingAWorker(unittest.TestCase):
    def test_by_an_interrupt_leaves_nobody_behind_who_asks_for_jobs(self) -> None:
        with FaultServer(silence) as server, self.assertNoLogs("vergeai.worker", "WARNING"):
            worker = vergeai.Worker("p", "device-key", train=lambda *_: None, base_url=server.url)

            def interrupt() -> None:
                until(lambda: len(server.seen) > 0)
                _thread.interrupt_main()

            threading.Thread(target=interrupt, daemon=True).start()
            with self.assertRaises(KeyboardInterrupt):
                worker.run()
            until(lambda: not [thread for thread in threading.enumerate() if thread.name == "vergeai-wait"])
            self.assertEqual([thread for thread in threading.enumerate() if thread.name == "vergeai-wait"], [])

    def test_takes_no_lock_whatever_the_interrupted_thread_was_about(self) -> None:
        """A signal handler runs between any two steps of the main thread: here, at each of them in turn."""
        worker = vergeai.Worker("p", "device-key", train=lambda *_: None, base_url="http://127.0.0.1:9")
        taken: list[str] = []

        def watch(frame: Any, event: str, argument: Any) -> None:
            if event == "c_call" and getattr(argument, "__name__", "") in ("acquire", "__enter__", "acquire_lock"):
                taken.append(repr(argument))

        worker._job = vergeai.WorkerJob({"job_id": "j", "experiment_id": "e", "sequence": 1, "hyperparameters": {}})  # type: ignore[typeddict-item]
        sys.setprofile(watch)
        try:
            worker.stop(abandon=True)
        finally:
            sys.setprofile(None)
        self.assertEqual(taken, [])
        self.assertTrue(worker._job.stop.is_set())
        self.assertEqual(worker.run(), 0)
