"""What is built, and where it can be installed."""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import vergeai
from support.fault_server import FaultServer, as_json
from support.interpreters import SUPPORTED, interpreters

PACKAGE = Path(__file__).resolve().parents[1]
NAME = f"vergeai-{vergeai.__version__}"

PROGRAM = """
import importlib.metadata, sys, vergeai
assert importlib.metadata.version("vergeai") == vergeai.__version__
assert not {"numpy", "torch", "tqdm", "matplotlib"} & set(sys.modules)
print(vergeai.Client(api_key="key", base_url=sys.argv[1]).Project.create(project_name="n").body.project_id)
"""


def run(*command: str, cwd: Path = PACKAGE) -> str:
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if result.returncode:
        raise AssertionError(f"{' '.join(command)}:\n{result.stdout}{result.stderr}")
    return result.stdout


def build(kind: str, folder: Path, source: Path = PACKAGE) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder), cwd=source)
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


class Built(unittest.TestCase):
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.wheel = build("wheel", cls.folder)
        cls.sdist = build("sdist", cls.folder)


class ThePackage(Built):
    def test_is_a_wheel_with_its_types_its_table_and_its_licence(self) -> None:
        self.assertEqual(self.wheel.name, f"{NAME}-py3-none-any.whl")
        with zipfile.ZipFile(self.wheel) as archive:
            names = set(archive.namelist())
            metadata = archive.read(f"{NAME}.dist-info/METADATA").decode()
            licence = archive.read(f"{NAME}.dist-info/licenses/LICENSE")
        for name in ("vergeai/__init__.py", "vergeai/py.typed", "vergeai/_operations.json"):
            self.assertIn(name, names)
        self.assertFalse([name for name in names if "__pycache__" in name or not name.startswith("vergeai")])
        self.assertIn("Requires-Python: >=3.10", metadata)
        self.assertEqual(licence, (PACKAGE.parents[1] / "LICENSE").read_bytes())

    def test_is_a_source_archive_that_builds_the_same_wheel(self) -> None:
        source = self.folder / "source"
        with tarfile.open(self.sdist) as archive:
            names = {re.sub("^[^/]+/", "", name) for name in archive.getnames()}
            archive.extractall(source)
        for name in ("pyproject.toml", "src/vergeai/__init__.py", "PKG-INFO", "README.md", "LICENSE"):
            self.assertIn(name, names)
        self.assertFalse([name for name in names if "node_modules" in name or "__pycache__" in name])
        self.assertEqual(build("wheel", self.folder / "again", source / NAME).read_bytes(), self.wheel.read_bytes())


class Installing(Built):
    def test_goes_with_pip_and_uv_on_every_python_that_is_here(self) -> None:
        missing = [version for version in SUPPORTED if version not in interpreters()]
        if missing:
            print(f"\nNot tried, for they are not here: Python {', '.join(missing)}", flush=True)
        cases = [(version, tool, archive) for version in interpreters() for tool in ("pip", "uv") for archive in (self.wheel, self.sdist)]
        self.assertTrue(cases)
        with FaultServer(as_json(200, {"project_id": "p"})) as server, ThreadPoolExecutor(2) as threads:
            told = list(threads.map(lambda case: self.installed(*case, server.url), cases))
        self.assertEqual(told, ["p\n"] * len(cases))

    def installed(self, version: str, tool: str, archive: Path, url: str) -> str:
        """What the installed package prints, in an environment of its own."""
        environment = self.folder / f"{version}-{tool}-{archive.suffix}"
        python = str(environment / "bin" / "python")
        if tool == "uv":
            uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
            run(uv, "venv", "--quiet", "--no-python-downloads", "--python", interpreters()[version], str(environment))
            run(uv, "pip", "install", "--quiet", "--native-tls", "--python", python, str(archive))
        else:
            run(interpreters()[version], "-m", "venv", str(environment))
            run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(archive))
        return run(python, "-I", "-c", PROGRAM, url, cwd=self.folder)
