import json
import math
import pickle
import struct
import tempfile
import typing
import unittest
from pathlib import Path
from typing import Any

import vergeai
from support.fixtures import client_rules
from support.optional import needs_numpy, needs_torch, numpy, torch
from vergeai._models.layout import Format, Layout, TensorSpec, dtypes
from vergeai._models.numbers import flatten, nest, pack, unpack
from vergeai._models.source import model_source
from vergeai.events import StartModelSubmittedData


def sent(model: Any, like: Any = None) -> bytes:
    source = model_source(model, like)
    data = b"".join(bytes(chunk) for chunk in source.chunks())
    if source.size is not None:
        assert len(data) == source.size
    return data


def header(data: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8 : 8 + length])


class AFormat(unittest.TestCase):
    def test_of_the_contract_is_known_here(self) -> None:
        contract = typing.get_type_hints(StartModelSubmittedData)["format"]
        self.assertEqual(set(typing.get_args(Format)), set(typing.get_args(contract)))


class InAFile(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "model.safetensors"

    def write(self, data: bytes) -> Path:
        self.path.write_bytes(data)
        return self.path

    def back(self, data: bytes, form: Any = "dict") -> Any:
        return vergeai.load_model(self.write(data), form)


class NestedLists(InAFile):
    MODEL = {'layer "1"': [[1, 2.5], [3e-9, -0.0]], "scalar": 3, "none": [], "deep": [[[]], [[]]], "ü": [0.1]}

    def test_travel_as_json_and_come_back_as_they_were(self) -> None:
        data = sent(self.MODEL)
        self.assertEqual(json.loads(data), self.MODEL)
        self.assertEqual(self.back(data), self.MODEL)
        self.assertEqual(repr(self.back(data)), repr(self.MODEL))

    def test_travel_in_pieces_when_they_are_large(self) -> None:
        model = {"w": [[math.sin(row * 100 + column) for column in range(100)] for row in range(3000)], "b": [0] * 9999}
        chunks = list(model_source(model).chunks())
        self.assertGreater(len(chunks), 10)
        self.assertLess(max(map(len, chunks)), 200_000)
        self.assertEqual(json.loads(b"".join(chunks)), model)

    def test_may_be_tuples_and_hold_numpy_numbers(self) -> None:
        self.assertEqual(sent({"w": ((1, 2), (3, 4))}), b'{"w":[[1,2],[3,4]]}')
        if numpy:
            self.assertEqual(sent({"w": [numpy.float32(0.5)]}), b'{"w":[0.5]}')

    @needs_numpy
    def test_may_have_rows_that_are_arrays(self) -> None:
        rows = [numpy.array([1, 2], "f4"), numpy.array([3, 4.5], "f4")]
        self.assertEqual(sent({"w": rows, "deep": [[numpy.arange(2)]], "n": [numpy.int64(7)]}), b'{"w":[[1.0,2.0],[3.0,4.5]],"deep":[[[0,1]]],"n":[7]}')
        with self.assertRaisesRegex(vergeai.ModelError, "'w' can't be written as JSON: it has NaN or an infinity"):
            sent({"w": [numpy.array([1, numpy.nan])]})

    @needs_torch
    def test_may_have_rows_that_are_tensors(self) -> None:
        self.assertEqual(sent({"w": [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])]}), b'{"w":[[1.0,2.0],[3.0,4.0]]}')

    def test_with_what_json_can_not_hold_are_refused_by_name(self) -> None:
        deep: list[Any] = []
        for _ in range(10_000):
            deep = [deep]
        for value, reason in (
            (math.nan, "it has NaN or an infinity"),
            (math.inf, "it has NaN or an infinity"),
            (object(), "object is not a number"),
            ({1, 2}, "set is not a number"),
            (deep, "its lists are nested too deeply"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(vergeai.ModelError, f"'layer.w' can't be written as JSON: {reason}\\."):
                sent({"layer.w": [1.0, value]})

    @needs_numpy
    def test_come_back_as_float64_arrays(self) -> None:
        back = self.back(sent({"w": [[1, 2], [3, 4]], "s": 5, "e": [[], []]}), "numpy")
        self.assertEqual({name: (a.dtype.name, a.shape) for name, a in back.items()}, {"w": ("float64", (2, 2)), "s": ("float64", ()), "e": ("float64", (2, 0))})
        self.assertEqual(back["w"].tolist(), [[1, 2], [3, 4]])

    @needs_torch
    def test_come_back_as_float64_tensors(self) -> None:
        back = self.back(sent({"w": [[1, 2], [3, 4]], "s": 5}), "torch")
        self.assertEqual((back["w"].dtype, back["w"].tolist(), back["s"].shape), (torch.float64, [[1, 2], [3, 4]], ()))


class NotAModel(InAFile):
    def test_is_refused_before_anything_is_sent(self) -> None:
        for model, message in (
            ({}, "has no tensors"),
            ({1: [1]}, "a tensor's name must be a str|A tensor's name"),
            ([1, 2], "not a list"),
            (7, "not a int"),
        ):
            with self.subTest(message), self.assertRaisesRegex(vergeai.ModelError, message):
                sent(model)

    def test_is_a_pickled_file_and_nothing_is_unpickled(self) -> None:
        class Bomb:
            def __reduce__(self) -> Any:
                return (exec, ("raise SystemExit('unpickled')",))

        for data in (pickle.dumps(Bomb()), b"PK\x03\x04rest of a .pt file", b"", b"\x89HDF\r\n"):
            path = self.write(data)
            with self.subTest(data[:4]), self.assertRaisesRegex(vergeai.ModelError, "neither JSON nor safetensors"):
                sent(path)
            with self.assertRaises(vergeai.ModelError):
                vergeai.load_model(path)

    def test_is_a_file_that_is_not_there(self) -> None:
        with self.assertRaises(FileNotFoundError):
            sent(self.path)

    @needs_torch
    def test_is_a_module_but_its_state_dict_is(self) -> None:
        net = torch.nn.Linear(2, 2)
        with self.assertRaisesRegex(vergeai.ModelError, r"pass its state_dict\(\)"):
            sent(net)
        self.assertEqual(set(header(sent(net.state_dict()))), {"weight", "bias"})

    @needs_numpy
    def test_is_a_method_that_was_not_called(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, "not a function; call it"):
            model_source(lambda: {"w": [1]})  # type: ignore[arg-type]

    def test_is_a_checkpoint_but_the_state_dict_in_it_is(self) -> None:
        for checkpoint, inside in (({"model": {"w": [1]}, "epoch": 3}, "model"), ({"epoch": 3, "a": {}, "b": {"w": [1]}}, "a")):
            with self.subTest(checkpoint), self.assertRaisesRegex(vergeai.ModelError, f"'{inside}' is a dict itself, as in a checkpoint, and a model is one dict of tensors: pass the one inside, such as checkpoint\\['{inside}'\\]\\."):
                model_source(checkpoint)

    @needs_torch
    def test_is_a_checkpoint_of_pytorch(self) -> None:
        net = torch.nn.Linear(2, 1)
        checkpoint = {"epoch": 3, "optimizer": torch.optim.SGD(net.parameters(), lr=0.1).state_dict(), "state_dict": net.state_dict()}
        with self.assertRaisesRegex(vergeai.ModelError, r"'optimizer' is a dict itself, .* such as checkpoint\['state_dict'\]\."):
            model_source(checkpoint)

    def test_has_a_name_that_no_text_can_hold(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, r"The tensor name 'w\\ud800' has half of a surrogate pair, which no UTF-8 can hold: rename it\."):
            model_source({"w\ud800": [1]})

    @needs_numpy
    def test_has_an_array_with_such_a_name(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, "has half of a surrogate pair"):
            model_source({"w\ud800": numpy.zeros(1)})

    @needs_numpy
    def test_has_an_array_with_a_mask(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, "'w' is masked"):
            model_source({"w": numpy.ma.array([1.0, 2.0], mask=[0, 1])})

    @needs_torch
    def test_has_lazy_parameters(self) -> None:
        for model in (torch.nn.LazyLinear(2).state_dict(), dict(torch.nn.LazyBatchNorm1d().named_buffers())):
            for like in (None, Layout("json", {})):
                with self.assertRaisesRegex(vergeai.ModelError, r"is a lazy parameter without values yet: run the module once on a batch"):
                    model_source(model, like)

    @needs_torch
    def test_has_tensors_of_rows_that_differ_in_length(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, "'w' is nested, of rows that differ in length"):
            model_source({"w": torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)])})

    def test_is_a_mix_of_arrays_and_lists(self) -> None:
        with self.assertRaisesRegex(vergeai.ModelError, "'b' is a list while others are arrays"):
            sent({"w": numpy.zeros(2), "b": [1, 2]})

    @needs_numpy
    def test_is_an_array_of_another_dtype(self) -> None:
        for array in (numpy.zeros(2, "complex64"), numpy.zeros(2, "u4"), numpy.array(["a"]), numpy.array([object()])):
            with self.subTest(array.dtype), self.assertRaisesRegex(vergeai.ModelError, "'w' has the dtype"):
                sent({"w": array})

    @needs_torch
    def test_is_a_tensor_without_plain_values(self) -> None:
        for tensor in (torch.zeros(2, dtype=torch.complex64), torch.eye(2).to_sparse(), torch.empty(2, device="meta")):
            with self.subTest(str(tensor.layout)), self.assertRaises(vergeai.ModelError):
                sent({"w": tensor})


class Safetensors(InAFile):
    """The layout is public; these files are written by hand."""

    def file(self, entries: Any, data: bytes) -> bytes:
        text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
        return struct.pack("<Q", len(text)) + text + data

    def test_of_every_dtype_come_back_as_lists(self) -> None:
        values: dict[str, list[Any]] = {
            "F64": [1.5, -2e300], "F32": [1.5, -0.25], "F16": [1.5, -65504.0], "BF16": [1.5, -3.3895313892515355e38],
            "I64": [-(2**63), 2**63 - 1], "I32": [-(2**31), 2**31 - 1], "I16": [-32768, 32767], "I8": [-128, 127],
            "U8": [0, 255], "BOOL": [True, False],
        }  # fmt: skip
        self.assertEqual(set(values), set(dtypes))
        for name, numbers in values.items():
            with self.subTest(name):
                dtype = dtypes[name]
                data = pack(TensorSpec("w", dtype, (2,)), numbers)
                self.assertEqual(len(data), 2 * dtype.width)
                file = self.file({"w": {"dtype": name, "shape": [2, 1], "data_offsets": [0, len(data)]}}, data)
                self.assertEqual(self.back(file), {"w": [[number] for number in numbers]})

    def test_hold_the_bytes_that_all_clients_agree_on(self) -> None:
        self.assertEqual({rule["dtype"] for rule in client_rules["tensors"]}, set(dtypes))
        for rule in client_rules["tensors"]:
            with self.subTest(rule["dtype"]):
                spec = TensorSpec("w", dtypes[rule["dtype"]], (2,))
                self.assertEqual(pack(spec, rule["numbers"]).hex(), rule["hex"])
                self.assertEqual(unpack(spec.dtype, bytes.fromhex(rule["hex"])), rule["numbers"])

    def test_round_bfloat16_to_nearest_even(self) -> None:
        spec = TensorSpec("w", dtypes["BF16"], (5,))
        exact = [1.0, 1.0078125]
        between = [1.00390625, 1.01171875, 1.003907]
        self.assertEqual(unpack(spec.dtype, pack(spec, exact + between)), [1.0, 1.0078125, 1.0, 1.015625, 1.0078125])
        self.assertTrue(all(map(math.isnan, unpack(spec.dtype, pack(spec, [math.nan] * 5)))))

    def test_that_break_a_rule_are_refused(self) -> None:
        entry = {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}
        for what, file in {
            "cut in the length": b"\x02\0\0",
            "cut in the header": struct.pack("<Q", 100) + b'{"w":',
            "cut in the data": self.file({"w": entry}, b"\0"),
            "too long": self.file({"w": entry}, b"\0\0\0"),
            "an endless header": struct.pack("<Q", 2**40) + b"{}",
            "broken JSON": self.file(b'{"w":', b""),
            "a list": self.file(b"[]", b""),
            "twice the same name": self.file(b'{"w":%b,"w":%b}' % ((json.dumps(entry).encode(),) * 2), b"\0\0"),
            "an unknown dtype": self.file({"w": {**entry, "dtype": "F8_E5M2"}}, b"\0\0"),
            "a hole": self.file({"w": {**entry, "data_offsets": [1, 3]}}, b"\0\0\0"),
            "an overlap": self.file({"v": entry, "w": {**entry, "data_offsets": [1, 3]}}, b"\0\0\0"),
            "another size": self.file({"w": {**entry, "shape": [3]}}, b"\0\0"),
            "a negative shape": self.file({"w": {**entry, "shape": [-1, -2]}}, b"\0\0"),
            "a shape of true": self.file({"w": {**entry, "shape": [True, 2]}}, b"\0\0"),
            "no shape": self.file({"w": {"dtype": "U8", "data_offsets": [0, 2]}}, b"\0\0"),
        }.items():
            with self.subTest(what), self.assertRaises(vergeai.ModelError):
                self.back(b"\0" * 0 + file)

    def test_may_have_metadata_and_any_order(self) -> None:
        entries = {
            "__metadata__": {"made": "by hand"},
            "second": {"dtype": "U8", "shape": [1], "data_offsets": [2, 3]},
            "empty": {"dtype": "F32", "shape": [0, 3], "data_offsets": [2, 2]},
            "first": {"dtype": "I16", "shape": [], "data_offsets": [0, 2]},
        }
        back = self.back(self.file(entries, b"\x01\x02\x03"))
        self.assertEqual(back, {"second": [3], "empty": [], "first": 0x0201})
        self.assertEqual(list(back), ["second", "empty", "first"])


class Nesting(unittest.TestCase):
    def test_is_undone_and_done_again(self) -> None:
        for value in (7, [], [1], [[1, 2, 3], [4, 5, 6]], [[[1], [2]], [[3], [4]]], [[], []], [[[], []]]):
            shape, flat = flatten("w", value)
            self.assertEqual(nest(flat, shape), value, shape)

    def test_that_is_ragged_is_refused(self) -> None:
        for value in ([[1, 2], [3]], [[1], 2], [1, [2]], [[[1]], [2]], [[1], [[2]]], [[], [1]]):
            with self.subTest(value), self.assertRaisesRegex(vergeai.ModelError, "'w' is ragged"):
                flatten("w", value)


@needs_numpy
class Arrays(InAFile):
    def test_of_every_dtype_make_the_round_trip(self) -> None:
        model = {
            name: numpy.arange(6).reshape(2, 3).astype(name)
            for name in ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")
        }
        model |= {"scalar": numpy.float32(2.5), "empty": numpy.zeros((0, 4), "f4"), "zero-d": numpy.array(7)}
        data = sent(model)
        back = self.back(data, "numpy")
        self.assertEqual(list(back), list(model))
        for name, array in model.items():
            self.assertEqual((back[name].dtype, back[name].shape), (array.dtype, array.shape), name)
            self.assertTrue((back[name] == array).all())
        self.assertTrue(back["float32"].flags.writeable)
        self.assertEqual(self.back(data)["float64"], [[0, 1, 2], [3, 4, 5]])

    def test_are_aligned_in_the_file(self) -> None:
        data = sent({"a": numpy.zeros(3, "u1"), "b": numpy.zeros(3, "f2"), "c": numpy.zeros(3, "f8"), "d": numpy.zeros(1, "f4")})
        (length,) = struct.unpack_from("<Q", data)
        self.assertEqual(length % 8, 0)
        for entry in header(data).values():
            self.assertEqual(entry["data_offsets"][0] % dtypes[entry["dtype"]].width, 0)

    def test_may_lie_in_memory_as_they_like(self) -> None:
        array = numpy.arange(12, dtype=">f4").reshape(3, 4)
        readonly = numpy.arange(3.0)
        readonly.flags.writeable = False
        back = self.back(sent({"t": array.T, "s": array[::2, ::-1], "r": readonly}), "numpy")
        self.assertEqual(back["t"].tolist(), array.T.tolist())
        self.assertEqual(back["s"].tolist(), array[::2, ::-1].tolist())
        self.assertEqual(back["r"].tolist(), [0, 1, 2])

    def test_get_bfloat16_as_float32_without_a_loss(self) -> None:
        data = pack(TensorSpec("w", dtypes["BF16"], (3,)), [1.5, -2.0, 3.0])
        file = Safetensors.file(self, {"w": {"dtype": "BF16", "shape": [3], "data_offsets": [0, 6]}}, data)  # type: ignore[arg-type]
        back = self.back(file, "numpy")
        self.assertEqual((back["w"].dtype.name, back["w"].tolist()), ("float32", [1.5, -2.0, 3.0]))

    def test_are_streamed_in_blocks(self) -> None:
        chunks = [len(chunk) for chunk in model_source({"w": numpy.zeros(1_000_000, "f4")}).chunks()]
        self.assertLessEqual(max(chunks), 256 * 1024)


@needs_torch
class Tensors(InAFile):
    def test_of_every_dtype_make_the_round_trip(self) -> None:
        model = {
            str(dtype): (torch.arange(6) % 2).reshape(2, 3).to(dtype)
            for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
        }
        model |= {"scalar": torch.tensor(3), "empty": torch.zeros(0, 2), "transposed": torch.arange(6.0).reshape(2, 3).T, "grad": torch.ones(2, requires_grad=True)}
        back = self.back(sent(model), "torch")
        self.assertEqual(list(back), list(model))
        for name, tensor in model.items():
            self.assertEqual((back[name].dtype, back[name].shape), (tensor.dtype, tensor.shape), name)
            self.assertTrue(torch.equal(back[name], tensor.detach()), name)

    def test_of_a_state_dict_load_again(self) -> None:
        def net() -> Any:
            return torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.Flatten(), torch.nn.Linear(3, 2))

        one, other = net(), net()
        other.load_state_dict(self.back(sent(one.state_dict()), "torch"))
        for name, tensor in one.state_dict().items():
            self.assertTrue(torch.equal(other.state_dict()[name], tensor), name)

    @needs_numpy
    def test_and_arrays_are_the_same_bytes(self) -> None:
        array = numpy.arange(6, dtype="f4").reshape(2, 3)
        self.assertEqual(sent({"w": array}), sent({"w": torch.from_numpy(array)}))


class AnUpdateLikeItsStartModel(InAFile):
    def like(self, **tensors: tuple[str, tuple[int, ...]]) -> Layout:
        return Layout("safetensors", {name: TensorSpec(name, dtypes[dtype], shape) for name, (dtype, shape) in tensors.items()})

    def test_is_safetensors_even_when_it_comes_as_lists(self) -> None:
        like = self.like(w=("F32", (2, 2)), n=("I64", ()), h=("BF16", (1,)))
        data = sent({"w": [[1, 2], [3, 4.5]], "n": 7.0, "h": [1.5]}, like)
        self.assertEqual({name: entry["dtype"] for name, entry in header(data).items()}, {"w": "F32", "n": "I64", "h": "BF16"})
        self.assertEqual(self.back(data), {"w": [[1, 2], [3, 4.5]], "n": 7, "h": [1.5]})

    @needs_numpy
    def test_may_be_lists_of_rows_that_are_arrays(self) -> None:
        like = Layout("safetensors", {"w": TensorSpec("w", dtypes["F32"], (2, 2))})
        rows = [numpy.array([1, 2]), numpy.array([3, 4])]
        self.assertEqual(sent({"w": rows}, like), sent({"w": [[1, 2], [3, 4]]}, like))

    def test_says_which_number_does_not_fit(self) -> None:
        for numbers in ([0.5], ["x"], [2**70], [None]):
            with self.subTest(numbers), self.assertRaisesRegex(vergeai.ModelError, "'n' has a value that is no I64"):
                sent({"n": numbers}, self.like(n=("I64", (1,))))

    @needs_numpy
    def test_gets_the_dtypes_back_that_training_widened(self) -> None:
        like = self.like(w=("F32", (2,)), h=("BF16", (2,)))
        data = sent({"w": numpy.array([1.0, 2.0]), "h": numpy.array([1.00390625, 1.01171875], "f4")}, like)
        self.assertEqual({name: entry["dtype"] for name, entry in header(data).items()}, {"w": "F32", "h": "BF16"})
        self.assertEqual(self.back(data)["h"], [1.0, 1.015625])
        with self.assertRaisesRegex(vergeai.ModelError, "has the dtype float64 where I64 is expected"):
            sent({"n": numpy.array([1.0])}, self.like(n=("I64", (1,))))

    @needs_numpy
    def test_is_json_even_when_it_comes_as_arrays(self) -> None:
        data = sent({"w": numpy.array([[1.5, 2.0]], "f4"), "b": [1]}, Layout("json", {}))
        self.assertEqual(json.loads(data), {"w": [[1.5, 2.0]], "b": [1]})

    @needs_torch
    def test_is_rounded_when_it_comes_as_tensors(self) -> None:
        data = sent({"w": torch.tensor([1.5], dtype=torch.float64)}, self.like(w=("BF16", (1,))))
        self.assertEqual(header(data)["w"]["dtype"], "BF16")
        self.assertEqual(json.loads(sent({"w": torch.tensor([1.5]).bfloat16()}, Layout("json", {}))), {"w": [1.5]})
