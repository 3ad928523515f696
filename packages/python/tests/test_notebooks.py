"""What a notebook shows."""

import contextlib
import importlib
import io
import sys
import types
import unittest
from html.parser import HTMLParser
from typing import Any
from unittest import mock

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import FaultServer, as_json
from support.optional import needs_matplotlib
from vergeai._progress import Bar


def job(sequence: int, loss: float, *steps: float) -> dict[str, Any]:
    points = [{"step": at, "metrics": {"loss": value, "<b>": 1}, "reported_at": "…"} for at, value in enumerate(steps)]
    reports = [{"device_id": "d", "num_reports": len(points), "points": points}] if points else []
    return {"job_id": f"j{sequence}", "sequence": sequence, "status": "COMPLETED", "devices": [], "mean": {"loss": loss}, "reports": reports}


# Newest first, as the server tells of them.
METRICS = [job(3, 0.25), job(2, 0.5, 0.7, 0.5), job(1, 1.0)]


class Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class AnAnswer(unittest.TestCase):
    def html(self, body: Any) -> Text:
        with FaultServer(as_json(200, body)) as server:
            answer = vergeai.Client(api_key="key", base_url=server.url).Experiment.get(project_id="p", experiment_id="e")
            self.assertEqual(repr(answer), repr({"statusCode": 204, "body": body}))
            return Text(answer._repr_html_())

    def test_is_a_table_of_its_keys(self) -> None:
        shown = self.html({"ID": "e", "jobs": ["j1", "j2"], "hyperparameters": {"rate": 0.1}, "start_model": {}, "is_active": False})
        self.assertEqual(shown.tags, {"table", "tr", "th", "td"})
        self.assertEqual(shown.text, ["statusCode", "204", "body", "ID", "e", "jobs", "j1", "j2", "hyperparameters", "rate", "0.1", "start_model", "{}", "is_active", "False"])

    def test_shows_a_list_with_a_row_for_each_entry_and_not_all_of_a_long_one(self) -> None:
        shown = self.html({"data": [{"name": f"n{number}", "at": number} for number in range(60)]})
        self.assertEqual(shown.text[3:8], ["data", "name", "at", "n0", "0"])
        self.assertEqual(shown.text[-1], "… and 10 more")

    def test_is_never_taken_for_markup(self) -> None:
        shown = self.html({"<script>": "<img src=x onerror=alert(1)>", "long": "x" * 1000})
        self.assertEqual(shown.tags, {"table", "tr", "th", "td"})
        self.assertIn("<img src=x onerror=alert(1)>", shown.text)
        self.assertLess(max(map(len, shown.text)), 250)


class TheCurvesOfAnExperiment(unittest.TestCase):
    def curves(self, *metrics: str) -> vergeai.Curves:
        pages = as_json(200, {"data": METRICS[:1], "next_cursor": "c"}), as_json(200, {"data": METRICS[1:], "next_cursor": None})
        with FaultServer(*pages) as server:
            return vergeai.Client(api_key="key", base_url=server.url).Experiment.plot(*metrics, project_id="p", experiment_id="experiment")

    def test_are_drawn_by_an_experiment_too(self) -> None:
        answers = as_json(200, {"ID": "e"}), as_json(200, {"data": METRICS, "next_cursor": None})
        with FaultServer(*answers) as server:
            experiment = vergeai.Client(api_key="key", base_url=server.url).Experiment.get(project_id="p", experiment_id="e")
            self.assertEqual(experiment.plot("loss")["loss"], [(1, 1.0), (2, 0.5), (3, 0.25)])
            self.assertTrue(server.seen[1].path.startswith("/v1/experiment/metrics/p/e?"))

    def test_have_the_mean_of_each_round_and_the_steps_of_each_device(self) -> None:
        curves = self.curves()
        self.assertEqual(curves.metrics, ["loss", "<b>"])
        self.assertEqual(curves["loss"], [(1, 1.0), (2, 0.5), (3, 0.25)])
        self.assertEqual(curves.steps("loss"), {"d": [(1.5, 0.7), (2.0, 0.5)]})
        self.assertEqual(self.curves("loss").metrics, ["loss"])

    def test_are_a_table_in_print_and_where_matplotlib_is_missing(self) -> None:
        curves = self.curves()
        self.assertEqual(
            repr(curves).splitlines(),
            ["Experiment experime", "round  loss  <b>", "    1     1     ", "    2   0.5     ", "    3  0.25     "],
        )
        with mock.patch("vergeai._curves._can_draw", lambda: False):
            shown = curves._repr_mimebundle_()
            self.assertEqual(Text(shown["text/html"]).text[:3], ["round", "loss", "<b>"])
            with self.assertRaisesRegex(vergeai.VergeAIError, "needs the package matplotlib"):
                curves.save("curves.png")

    @needs_matplotlib
    def test_are_a_picture_where_matplotlib_is_installed(self) -> None:
        shown = self.curves()._repr_mimebundle_()
        self.assertEqual(shown["image/png"][:8], b"\x89PNG\r\n\x1a\n")
        self.assertNotIn("matplotlib.pyplot", sys.modules)
        figure = self.curves("loss").figure()
        self.assertEqual([len(axes.lines) for axes in figure.axes], [2])

    def test_of_an_experiment_in_which_nothing_was_measured_say_so(self) -> None:
        with FaultServer(as_json(200, {"data": [], "next_cursor": None})) as server:
            curves = vergeai.Client(api_key="key", base_url=server.url).Experiment.plot(project_id="p", experiment_id="e")
        self.assertEqual(repr(curves), "Experiment e: nothing was measured.")


class ABar(unittest.TestCase):
    def shown(self, **ipython: Any) -> str:
        """What a bar of 3 rounds writes, without a terminal."""
        errors = io.StringIO()
        notebook = types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace(**ipython))
        with mock.patch.dict(sys.modules, {"IPython": notebook}), contextlib.redirect_stderr(errors):
            with Bar("Training", 3, None, unit=" rounds") as bar:
                bar.at(2)
        return errors.getvalue()

    def test_is_shown_in_a_notebook_and_not_to_nobody(self) -> None:
        try:
            importlib.import_module("tqdm")
        except ImportError:
            self.skipTest("tqdm is not installed")
        self.assertIn("2/3", self.shown(kernel=object()))
        self.assertEqual(self.shown(), "")


in_coroutines(globals(), without=("ABar",))
