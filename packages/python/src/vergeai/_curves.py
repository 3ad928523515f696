"""What was measured in an experiment, round by round, as curves or as a table."""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._html import html_of
from .errors import VergeAIError

Point = tuple[float, float]


class Curves:
    """The metrics of an experiment. A notebook shows them as curves where matplotlib is installed, else as a table;
    ``print`` gives the table.

    ``curves["loss"]`` is ``[(round, value), …]``, the mean over the devices of each round.
    """

    def __init__(self, title: str, jobs: Iterable[Mapping[str, Any]], only: Sequence[str] | None = None) -> None:
        """``jobs`` as ``Experiment.metrics`` tells of them, in any order."""
        self.title = title
        self._jobs = sorted(jobs, key=lambda job: job["sequence"])
        names = dict.fromkeys(name for job in self._jobs for name in [*job["mean"], *_reported(job)])
        self.metrics: list[str] = [name for name in names if only is None or name in only]
        """The names of what was measured."""

    def __getitem__(self, metric: str) -> list[Point]:
        return [(job["sequence"], job["mean"][metric]) for job in self._jobs if metric in job["mean"]]

    def __iter__(self) -> Any:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def steps(self, metric: str) -> dict[str, list[Point]]:
        """What each device reported step by step, by its id: those of round 1 stand between 0 and 1, and so on."""
        lines: dict[str, list[Point]] = {}
        for job in self._jobs:
            for reports in job["reports"]:
                points = [point for point in reports["points"] if metric in point["metrics"]]
                line = lines.setdefault(reports["device_id"], [])
                line += [
                    (job["sequence"] - 1 + (at + 1) / len(points), point["metrics"][metric])
                    for at, point in enumerate(points)
                ]
        return {device: line for device, line in lines.items() if line}

    def rows(self) -> list[dict[str, Any]]:
        """The means as a table: a row for each round that has some."""
        return [
            {"round": job["sequence"], **{name: job["mean"].get(name, "") for name in self.metrics}}
            for job in self._jobs
            if job["mean"]
        ]

    def draw(self, axes: Any, metric: str) -> None:
        """Draws one metric into axes of matplotlib."""
        for line in self.steps(metric).values():
            axes.plot(*zip(*line), linewidth=0.8, alpha=0.5)
        if mean := self[metric]:
            axes.plot(*zip(*mean), marker="o", color="black", label="mean of the round")
            axes.legend()
        axes.set_xlabel("round")
        axes.set_title(metric)

    def figure(self) -> Any:
        """A Figure of matplotlib, with one plot for each metric.

        :raises VergeAIError: matplotlib is not installed.
        """
        if not _can_draw():
            raise VergeAIError("A figure needs the package matplotlib, which is not installed.")
        # Not pyplot, which would show the figure once more by itself, and wants a display outside of notebooks.
        matplotlib: Any = importlib.import_module("matplotlib.figure")
        count = max(1, len(self.metrics))
        figure = matplotlib.Figure(figsize=(7, 3 * count), layout="constrained")
        figure.suptitle(self.title)
        for axes, metric in zip(figure.subplots(count, squeeze=False)[:, 0], self.metrics):
            self.draw(axes, metric)
        return figure

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the figure to a file: .png, .svg or .pdf."""
        self.figure().savefig(path)

    def __repr__(self) -> str:
        rows = self.rows()
        if not rows:
            return f"{self.title}: nothing was measured."
        cells = [["round", *self.metrics], *([_shown(value) for value in row.values()] for row in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in cells]
        return "\n".join([self.title, *lines])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """For notebooks."""
        text = {"text/plain": repr(self)}
        if not _can_draw() or not self.metrics:
            return {**text, "text/html": html_of(self.rows())}
        buffer = io.BytesIO()
        self.figure().savefig(buffer, format="png")
        return {**text, "image/png": buffer.getvalue()}


def _reported(job: Mapping[str, Any]) -> list[str]:
    return [name for reports in job["reports"] for point in reports["points"] for name in point["metrics"]]


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, (int, float)) else str(value)


def _can_draw() -> bool:
    return importlib.util.find_spec("matplotlib") is not None
