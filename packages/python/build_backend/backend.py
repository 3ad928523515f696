"""Builds wheels and source archives with the standard library alone (PEP 517 and PEP 660).

Every backend from a registry would have to be downloaded first, by pip, for each build.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
# The same bytes for the same sources, whenever they are built.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1577836800"))
NOT_SHIPPED = {"node_modules", "__pycache__", "dist", "build"}


def read_pyproject(text: str) -> dict[str, dict[str, Any]]:
    """The part of TOML that pyproject.toml keeps to: tables of strings and of lists of strings. Python 3.10 has no
    reader of its own."""
    tables: dict[str, dict[str, Any]] = {}
    table: dict[str, Any] = {}
    pending = ""
    for line in text.splitlines():
        stripped = line.split(" #")[0].strip() if not pending else line.strip()
        if not pending and (not stripped or stripped.startswith("#")):
            continue
        if not pending and stripped.startswith("["):
            table = tables.setdefault(stripped.strip("[]"), {})
            continue
        pending += stripped
        name, _, value = pending.partition("=")
        if value.count("[") == value.count("]"):
            value = value.strip()
            table[name.strip()] = {"true": True, "false": False}.get(value) if value in ("true", "false") else ast.literal_eval(value)
            pending = ""
    return tables


def _project() -> tuple[dict[str, Any], dict[str, list[str]]]:
    tables = read_pyproject((ROOT / "pyproject.toml").read_text("utf-8"))
    return tables["project"], tables["project.optional-dependencies"]


def _metadata() -> str:
    project, extras = _project()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Keywords: {','.join(project['keywords'])}",
        f"License: {project['license']}",
        *(f"Classifier: {classifier}" for classifier in project["classifiers"]),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {dependency}" for dependency in project["dependencies"]),
    ]
    for extra, dependencies in extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {dependency}; extra == '{extra}'" for dependency in dependencies]
    lines += ["Description-Content-Type: text/markdown", "", (ROOT / project["readme"]).read_text("utf-8")]
    return "\n".join(lines)


def _dist_name() -> str:
    project, _ = _project()
    return f"{project['name']}-{project['version']}"


def _write_wheel(folder: str, files: dict[str, bytes]) -> str:
    info = f"{_dist_name()}.dist-info"
    wheel = "Wheel-Version: 1.0\nGenerator: vergeai build_backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {**files, f"{info}/METADATA": _metadata().encode(), f"{info}/WHEEL": wheel.encode()}
    licence = ROOT.parent.parent / "LICENSE"
    if licence.exists():
        files[f"{info}/LICENSE"] = licence.read_bytes()
    rows = [f"{path},sha256={_urlsafe(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    name = f"{_dist_name()}-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder) / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return name


def _urlsafe(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _package_files() -> dict[str, bytes]:
    paths = sorted(path for path in (SOURCE / "vergeai").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(SOURCE).as_posix(): path.read_bytes() for path in paths}


# What PEP 517 and PEP 660 ask for


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    return _write_wheel(wheel_directory, _package_files())


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    return _write_wheel(wheel_directory, {"_vergeai.pth": f"{SOURCE}\n".encode()})


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    name = f"{_dist_name()}.tar.gz"
    with tarfile.open(Path(sdist_directory) / name, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(ROOT.rglob("*")):
            relative = path.relative_to(ROOT)
            if path.is_file() and not NOT_SHIPPED & set(relative.parts) and not relative.parts[0].startswith("."):
                _add(archive, f"{_dist_name()}/{relative.as_posix()}", path.read_bytes())
        _add(archive, f"{_dist_name()}/PKG-INFO", _metadata().encode())
    return name


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), EPOCH, 0o644
    archive.addfile(entry, io.BytesIO(content))
