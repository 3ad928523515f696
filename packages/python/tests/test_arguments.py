"""What a call may be given, and what it is told about the rest."""

import collections
import enum
import math
import unittest
from decimal import Decimal
from typing import Any

import vergeai
from support.api_server import shared_server
from support.coroutines import in_coroutines
from support.fault_server import FaultServer, as_json
from support.optional import needs_numpy, needs_torch, numpy, torch


def sent(hyperparameters: Any) -> str:
    with FaultServer(as_json(200, {})) as server:
        vergeai.Client(api_key="key", base_url=server.url).Experiment.create(project_id="p", hyperparameters=hyperparameters)
        text = server.seen[0].body.decode()
    prefix = '{"project_id":"p","hyperparameters":'
    assert text.startswith(prefix) and text.endswith("}")
    return text[len(prefix) : -1]


class Kind(enum.IntEnum):
    SGD = 7


class Options:
    def __init__(self) -> None:
        self.lr = 0.1


class Hyperparameters(unittest.TestCase):
    def refusal(self, hyperparameters: Any) -> str:
        with self.assertRaises(vergeai.VergeAIError) as caught:
            sent(hyperparameters)
        return str(caught.exception)

    def test_are_sent_as_they_are(self) -> None:
        for given, text in (
            ({"b": 1, "a": [1.0, -0.0, 1e-7, True, None, "ü\n", {}], "": ()}, '{"b":1,"a":[1.0,-0.0,1e-07,true,null,"ü\\n",{}],"":[]}'),
            ({"seed": 12345678901234567890, "low": -(2**63)}, '{"seed":12345678901234567890,"low":-9223372036854775808}'),
            (collections.OrderedDict([("10", 1), ("9", 2)]), '{"10":1,"9":2}'),
            ({10: "ten", Kind.SGD: Kind.SGD}, '{"10":"ten","7":7}'),
        ):
            with self.subTest(text):
                self.assertEqual(sent(given), text)

    @needs_numpy
    def test_may_have_numbers_and_arrays_of_numpy(self) -> None:
        for given, text in (
            (numpy.float32(0.5), "0.5"), (numpy.float64(0.1), "0.1"), (numpy.float16(2), "2.0"), (numpy.int64(-3), "-3"),
            (numpy.uint64(2**64 - 1), "18446744073709551615"), (numpy.bool_(True), "true"), (numpy.array(7), "7"),
            (numpy.arange(3), "[0,1,2]"), ([numpy.zeros((1, 2))], "[[[0.0,0.0]]]"), (numpy.str_("adam"), '"adam"'),
        ):  # fmt: skip
            with self.subTest(repr(given)):
                self.assertEqual(sent({"x": given}), f'{{"x":{text}}}')
        # As many digits as the number has in Python: 0.1 is no float32.
        self.assertEqual(sent({"lr": numpy.float32(0.1)}), '{"lr":0.10000000149011612}')

    @needs_torch
    def test_may_have_numbers_and_tensors_of_pytorch(self) -> None:
        for given, text in (
            (torch.tensor(0.5), "0.5"), (torch.tensor(3), "3"), (torch.tensor(True), "true"), (torch.tensor([1.5, 2]), "[1.5,2.0]"),
            (torch.tensor(0.5, requires_grad=True), "0.5"), (torch.tensor(0.5, dtype=torch.bfloat16), "0.5"), (torch.Size([2, 3]), "[2,3]"),
        ):  # fmt: skip
            with self.subTest(repr(given)):
                self.assertEqual(sent({"x": given}), f'{{"x":{text}}}')

    def test_that_json_can_not_say_are_refused_with_a_pointer_and_the_way_out(self) -> None:
        loop: dict[str, Any] = {}
        loop["again"] = loop
        for given, sentence in (
            ({"lr": math.nan}, "/hyperparameters/lr is nan, and JSON has no such number: leave it out, or send it as text."),
            ({"a": [{"b/c": -math.inf}]}, "/hyperparameters/a/0/b~1c is -inf, and JSON has no such number"),
            ({"a": {1, 2}}, "/hyperparameters/a is a set, which has no order: pass a list."),
            ({"a": b"x"}, "/hyperparameters/a is a bytes, which JSON does not know"),
            ({"a": Decimal(1)}, "/hyperparameters/a is a Decimal, which JSON does not know: pass what it stands for as a number, text, list or dict."),
            ({"a": Options()}, "/hyperparameters/a is a Options, which JSON does not know: pass what it stands for as a number, text, list or dict, such as vars() of it."),
            ({"a": 1j}, "/hyperparameters/a is a complex"),
            ({"a": 10**400}, "/hyperparameters/a is an integer of 1329 bits"),
            ({"a": "\ud800"}, "/hyperparameters/a has half of a surrogate pair"),
            ({"a": {"\udfff": 1}}, "/hyperparameters/a has half of a surrogate pair"),
            ({None: 1}, "/hyperparameters has the key None, which is a NoneType: a name in JSON is text."),
            (loop, "is nested deeper than 64, or holds itself."),
        ):
            with self.subTest(sentence):
                refusal = self.refusal(given)
                self.assertTrue(refusal.startswith("The arguments can't be written as JSON: "), refusal)
                self.assertIn(sentence, refusal)

    @needs_numpy
    def test_of_numpy_that_json_can_not_say_are_refused(self) -> None:
        for given, sentence in (
            (numpy.float32("nan"), "/hyperparameters/x is nan"),
            (numpy.array([1, numpy.inf]), "/hyperparameters/x/1 is inf"),
            (numpy.complex64(1), "/hyperparameters/x is a complex64 of complex64"),
            (numpy.datetime64("2026-01-01"), "/hyperparameters/x is a datetime64"),
        ):
            with self.subTest(sentence):
                self.assertIn(sentence, self.refusal({"x": given}))

    @needs_torch
    def test_of_pytorch_without_values_are_refused(self) -> None:
        self.assertIn("/hyperparameters/x is a Tensor that has no values", self.refusal({"x": torch.empty(1, device="meta")}))

    def test_come_back_as_they_were_sent(self) -> None:
        server = shared_server()
        client = vergeai.Client(api_key=server.key, base_url=server.url)
        project = client.Project.create(project_name="Exact").body.project_id
        given = {"10": 1.0, "9": -0.0, "seed": 12345678901234567890, "lr": 0.1, "n": 3, "nested": [2**63, {"e": 1e300}]}
        experiment = client.Experiment.create(project_id=project, hyperparameters=given).body.ID
        back = client.Experiment.get(project_id=project, experiment_id=experiment).body.hyperparameters
        self.assertEqual(repr(dict(back)), repr(given))


class AnUpdate(unittest.TestCase):
    def given(self, **arguments: Any) -> Any:
        with FaultServer(lambda handler, _: handler.answer(204)) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            client.Device.submit_model_update(project_id="p", job_id="j", model={"w": [1]}, **arguments)
            return server.seen[0].json()

    @needs_numpy
    def test_may_have_numbers_of_numpy_as_weight_and_metrics(self) -> None:
        body = self.given(num_examples=numpy.int64(512), metrics={"loss": numpy.float32(0.5), "right": numpy.bool_(True)})
        self.assertEqual((body["num_examples"], body["metrics"]), (512, {"loss": 0.5, "right": True}))

    @needs_torch
    def test_may_have_numbers_of_pytorch_as_weight_and_metrics(self) -> None:
        body = self.given(num_examples=torch.tensor(512), metrics={"loss": torch.tensor(0.5)})
        self.assertEqual((body["num_examples"], body["metrics"]), (512, {"loss": 0.5}))

    def test_is_told_which_of_its_numbers_is_none(self) -> None:
        for arguments, pointer in (({"num_examples": math.nan}, "/num_examples is nan"), ({"metrics": {"loss": math.inf}}, "/metrics/loss is inf")):
            with self.assertRaisesRegex(vergeai.VergeAIError, pointer):
                self.given(**arguments)

    def test_of_a_worker_is_told_which_metric_is_no_number(self) -> None:
        job = vergeai.WorkerJob({"job_id": "j", "experiment_id": "e", "sequence": 1, "hyperparameters": {}, "config": {}})  # type: ignore[typeddict-item]
        for value in ([1, 2], "high", None):
            with self.assertRaisesRegex(vergeai.VergeAIError, "The metric loss is a .* that is no one number: pass one, such as its mean"):
                job.report(loss=value)


in_coroutines(globals())
