"""What forks and signals do to the Python client. Prints what was seen and what was wrong as JSON.

forks_and_signals.py SOURCES URL KEY CALLS SIGNALS
"""

import json
import os
import random
import socket
import subprocess
import sys
import time

SOURCES, URL, KEY = sys.argv[1:4]
CALLS, SIGNALS = map(int, sys.argv[4:6])
CHILDREN = 4
ENDS_WITHIN_SEC = 20

sys.path.insert(0, SOURCES)
import vergeai  # noqa: E402

violations: list[str] = []
said: list[str] = []


def forks() -> None:
    """The connection that the parent had open is there in every child, and must be nobody's."""
    client = vergeai.Client(api_key=KEY, base_url=URL)
    project = client.Project.create(project_name="Forks").body.project_id
    experiments = [client.Experiment.create(project_id=project).body.ID for _ in range(CHILDREN)]
    children = []
    for experiment in experiments:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                wrong = 0
                for _ in range(CALLS // CHILDREN):
                    wrong += client.Experiment.get(project_id=project, experiment_id=experiment).body.ID != experiment
                told = str(wrong)
            except BaseException as error:
                told = repr(error)
            os.write(writing, told.encode())
            os._exit(0)
        os.close(writing)
        children.append((child, reading))
    for child, reading in children:
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        if told != "0":
            violations.append(f"A child of {CALLS // CHILDREN} calls got other answers than its own: {told}.")
        if status != 0:
            violations.append(f"A child ended with {status}.")
    said.append(f"{CALLS} calls in {CHILDREN} forked processes")


PROGRAM = """
import signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
import vergeai
worker = vergeai.Worker("p", "device-key", train=lambda *_: None, base_url=sys.argv[2])
signal.signal(signal.SIGTERM, lambda *_: worker.stop(abandon=True))
after = float(sys.argv[3])
threading.Thread(target=lambda: (time.sleep(after), signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)), daemon=True).start()
worker.run()
print("ended", flush=True)
"""


def signals() -> None:
    """A worker that is stopped in a signal handler, at any moment of its first requests."""
    longest = 0.0
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        for number in range(SIGNALS):
            url = (f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}", URL)[number % 3]
            after = random.uniform(0, 0.02)
            began = time.monotonic()
            try:
                result = subprocess.run(
                    [sys.executable, "-c", PROGRAM, SOURCES, url, str(after)],
                    capture_output=True,
                    text=True,
                    timeout=ENDS_WITHIN_SEC,
                )
            except subprocess.TimeoutExpired:
                violations.append(f"A worker at {url} that was told to stop after {after * 1000:.1f} ms did not end within {ENDS_WITHIN_SEC} s.")
                continue
            longest = max(longest, time.monotonic() - began)
            # At the server the key is unknown, and a worker says so unless it was stopped before it heard that.
            if result.returncode < 0 or (url != URL and result.stdout != "ended\n"):
                violations.append(f"A worker at {url} ended with {result.returncode}: {result.stderr[-500:]}")
    said.append(f"{SIGNALS} workers stopped by a signal; the longest life of one was {longest:.1f} s")


forks()
signals()
print(json.dumps({"violations": violations, "said": said}))
