"""The built server as a process of its own, on a free port of 127.0.0.1, with a data folder that goes away."""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]
SERVER_SCRIPT = REPOSITORY / "apps" / "api" / "dist" / "main.js"
ADMIN_KEY = "python-tests-admin-key-0123456789abcdef-0123456789abcdef"


class ApiServer:
    """Give it the port and data folder of another one to start that one again."""

    def __init__(self, *, port: int = 0, data_dir: str | None = None, **env: str) -> None:
        self.key = ADMIN_KEY
        self.data_dir = data_dir or tempfile.mkdtemp(prefix="vergeai-python-")
        self.output: list[str] = []
        self._process = subprocess.Popen(
            ["node", str(SERVER_SCRIPT)],
            env={
                "PATH": os.environ["PATH"],
                "PORT": str(port),
                "HOST": "127.0.0.1",
                "DATA_DIR": self.data_dir,
                "BOOTSTRAP_API_KEY": ADMIN_KEY,
                "LOG_LEVEL": "warn",
                "RATE_LIMIT_PER_KEY": "0",
                "RATE_LIMIT_PER_ADDRESS": "0",
                **env,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        atexit.register(self.stop)
        self.url = self._wait_until_ready()
        self.port = int(self.url.rsplit(":", 1)[1])
        threading.Thread(target=self._collect, daemon=True).start()

    def _wait_until_ready(self) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            self.output.append(line)
            if match := re.search(r"Listening on (http://\S+)", line):
                return match.group(1)
        raise RuntimeError("the server ended before it was ready:\n" + "".join(self.output))

    def _collect(self) -> None:
        assert self._process.stdout
        self.output.extend(self._process.stdout)

    def kill(self) -> None:
        """SIGKILL; the data folder stays."""
        self._process.kill()
        self._process.wait()

    def restarted(self) -> ApiServer:
        return ApiServer(port=self.port, data_dir=self.data_dir)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.data_dir, ignore_errors=True)


@functools.cache
def shared_server() -> ApiServer:
    """One server for all tests that need nothing special."""
    return ApiServer()
