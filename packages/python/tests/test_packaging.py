import importlib.util
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path
from typing import Any

import vergeai

PACKAGE = Path(__file__).resolve().parents[1]


def backend() -> Any:
    spec = importlib.util.spec_from_file_location("backend", PACKAGE / "build_backend" / "backend.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class ThePackage(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_builds_a_wheel_that_imports_without_anything_else(self) -> None:
        wheel = self.folder / backend().build_wheel(str(self.folder))
        self.assertEqual(wheel.name, f"vergeai-{vergeai.__version__}-py3-none-any.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
            record = archive.read(f"vergeai-{vergeai.__version__}.dist-info/RECORD").decode()
        for name in ("vergeai/__init__.py", "vergeai/py.typed", "vergeai/_operations.json", "vergeai/worker/worker.py"):
            self.assertIn(name, names)
        self.assertEqual({line.split(",")[0] for line in record.splitlines()}, names)
        program = (
            "import sys, vergeai; from vergeai._operations import operations\n"
            "assert operations() and 'numpy' not in sys.modules and 'torch' not in sys.modules and 'tqdm' not in sys.modules\n"
            "print(vergeai.__file__)"
        )
        result = subprocess.run([sys.executable, "-S", "-c", program], env={"PYTHONPATH": str(wheel)}, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(wheel.name, result.stdout)

    def test_builds_the_same_wheel_twice_and_a_source_archive_that_builds_it_too(self) -> None:
        for name in ("one", "two", "sdist"):
            (self.folder / name).mkdir()
        one, two = ((self.folder / name / backend().build_wheel(str(self.folder / name))).read_bytes() for name in ("one", "two"))
        self.assertEqual(one, two)
        with tarfile.open(self.folder / "sdist" / backend().build_sdist(str(self.folder / "sdist"))) as archive:
            names = [re.sub("^[^/]+/", "", name) for name in archive.getnames()]
        for name in ("pyproject.toml", "build_backend/backend.py", "src/vergeai/__init__.py", "PKG-INFO", "README.md"):
            self.assertIn(name, names)
        self.assertFalse([name for name in names if "node_modules" in name or "__pycache__" in name])

    def test_is_installed_by_pip_without_a_network(self) -> None:
        if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
            self.skipTest("pip is not installed")
        command = [sys.executable, "-m", "pip", "install", "--no-index", "--quiet", "--disable-pip-version-check", "--target", str(self.folder), str(PACKAGE)]
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        program = "import importlib.metadata as m, vergeai; print(m.version('vergeai') == vergeai.__version__)"
        found = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(self.folder)}, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(found.stdout, "True\n", found.stderr)

    def test_reads_its_pyproject_as_toml_would(self) -> None:
        try:
            import tomllib
        except ImportError:
            self.skipTest("Python 3.10 has no TOML reader to compare with")
        text = (PACKAGE / "pyproject.toml").read_text()
        ours, theirs = backend().read_pyproject(text), tomllib.loads(text)
        self.assertEqual(ours["project.optional-dependencies"], theirs["project"].pop("optional-dependencies"))
        self.assertEqual((ours["project"], ours["build-system"]), (theirs["project"], theirs["build-system"]))
        self.assertEqual(theirs["project"]["version"], vergeai.__version__)

    def test_has_types_that_agree(self) -> None:
        if importlib.util.find_spec("mypy") is None:
            self.skipTest(f"mypy is not installed for {sys.executable} (Debian: python3-mypy)")
        result = subprocess.run([sys.executable, "-m", "mypy", "--no-incremental", "--cache-dir=/dev/null"], cwd=PACKAGE, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_tells_type_checkers_of_what_is_not_in_an_answer(self) -> None:
        if importlib.util.find_spec("mypy") is None:
            self.skipTest(f"mypy is not installed for {sys.executable} (Debian: python3-mypy)")
        program = self.folder / "program.py"
        lines = [
            "import vergeai",
            'response = vergeai.Experiment.create(project_id="p")',
            "response.body.ID.lower()",
            "response.body.nope",
            "response.nope",
            "response.body.start_model.nope",
            'vergeai.Job.get(project_id="p", job_id="j").body.configuration.nope',
            'print([entry.name, entry.nope] for entry in vergeai.Project.list().entries())',
            'for event in vergeai.Experiment.events(project_id="p", experiment_id="e").entries(): print(event.nope)',
        ]
        program.write_text("\n".join(lines))
        command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", "--no-error-summary", str(program)]
        result = subprocess.run(command, cwd=self.folder, env={"MYPYPATH": str(PACKAGE / "src")}, capture_output=True, text=True)
        told = {int(line.split(":")[1]) for line in result.stdout.splitlines() if 'no attribute "nope"' in line and line.startswith("program.py")}
        self.assertEqual(told, {4, 5, 6, 7, 8, 9}, result.stdout)
