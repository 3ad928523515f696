import hashlib
import json
import struct
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import Behaviour, FaultServer, Handler, Seen, as_json, early, no_content, problem, reset, ticket

IDS = {"project_id": "p", "experiment_id": "e"}
SAFETENSORS = struct.pack("<Q", 64) + json.dumps({"w": {"dtype": "U8", "shape": [600_000], "data_offsets": [0, 600_000]}}).encode().ljust(64) + bytes(600_000)


def client(server: FaultServer, **settings: Any) -> vergeai.Client:
    return vergeai.Client(api_key="key", base_url=server.url, **settings)


def submit(server: FaultServer, model: Any, **how: Any) -> Any:
    return client(server).Experiment.submit_start_model(**IDS, model=model, **how)


def puts(server: FaultServer) -> list[Seen]:
    return [request for request in server.seen if request.method == "PUT"]


@mock.patch("random.random", lambda: 0.0)
class AnUpload(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "model.safetensors"
        self.path.write_bytes(SAFETENSORS)

    def test_of_a_small_dict_travels_inside_the_request(self) -> None:
        with FaultServer(no_content) as server:
            self.assertEqual(submit(server, {"w": [[1, 2.5]]}), {"statusCode": 204, "body": {}})
            self.assertEqual([request.json() for request in server.seen], [{**IDS, "model": {"w": [[1, 2.5]]}}])

    def test_of_a_large_dict_travels_by_ticket_in_chunks(self) -> None:
        model = {"w": [[row + column / 7 for column in range(100)] for row in range(3000)]}
        with FaultServer(ticket, no_content) as server:
            self.assertEqual(submit(server, model), {"statusCode": 204, "body": {}})
            (put,) = puts(server)
            self.assertEqual(server.seen[0].json(), IDS)
            self.assertEqual((json.loads(put.body), put.headers["content-type"]), (model, "application/json"))
            self.assertEqual(put.headers["transfer-encoding"], "chunked")

    def test_of_a_file_or_bytes_travels_by_ticket_as_it_is(self) -> None:
        for model in (self.path, str(self.path), SAFETENSORS, bytearray(SAFETENSORS), memoryview(SAFETENSORS)):
            with self.subTest(type(model)), FaultServer(ticket, no_content) as server:
                submit(server, model)
                (put,) = puts(server)
                self.assertEqual(put.path, "/v1/upload?key=a%2Fb+c&ticket=signed%26sealed")
                self.assertEqual(put.body, SAFETENSORS)
                self.assertEqual(put.headers["content-type"], "application/octet-stream")
                self.assertEqual(put.headers["content-length"], str(len(SAFETENSORS)))
                self.assertNotIn("authorization", put.headers)

    def test_goes_to_where_the_job_said_with_what_the_device_reports_and_without_asking(self) -> None:
        told: dict[str, Any] = {"num_examples": 2.5, "metrics": {'a "µ"': 1e-9}}
        for given, sent in ((told, {"num_examples": "2.5", "metrics": '{"a \\"µ\\"":1e-09}'}), ({}, {})):
            with self.subTest(given), FaultServer(no_content) as server:
                upload = {"url": f"{server.url}/v1/upload", "fields": {"key": "a/b c", "ticket": "signed&sealed"}}
                answer = client(server).Device.submit_model_update(project_id="p", job_id="j", model=self.path, upload=upload, **given)
                self.assertEqual(answer, {"statusCode": 200, "body": {}})
                (put,) = server.seen
                self.assertEqual((put.method, put.body), ("PUT", SAFETENSORS))
                self.assertEqual(dict(parse_qsl(put.path.partition("?")[2])), {**upload["fields"], **sent})

    def test_asks_for_a_ticket_all_the_same_when_a_url_can_not_hold_the_report_or_the_model_fits_into_the_request(self) -> None:
        metrics = {f"the metric with the number {n}": n / 7 for n in range(100)}
        with FaultServer(ticket, no_content, no_content) as server:
            upload = {"url": f"{server.url}/v1/upload", "fields": {"ticket": "came with the job"}}
            devices = client(server).Device
            devices.submit_model_update(project_id="p", job_id="j", model=self.path, metrics=metrics, upload=upload)
            self.assertEqual(server.seen[0].json(), {"project_id": "p", "job_id": "j", "metrics": metrics})
            self.assertEqual(puts(server)[0].path, "/v1/upload?key=a%2Fb+c&ticket=signed%26sealed")
            devices.submit_model_update(project_id="p", job_id="j", model={"w": [1]}, upload=upload)
            self.assertEqual(server.seen[2].path, "/v1/device/submit_model_update")

    def test_is_a_ticket_when_there_is_no_model(self) -> None:
        with FaultServer(ticket) as server:
            answer = client(server).Device.submit_model_update(project_id="p", job_id="j", num_examples=3)
            self.assertEqual(answer.statusCode, 200)
            self.assertEqual(answer.body.model_url["fields"], {"key": "a/b c", "ticket": "signed&sealed"})
            self.assertEqual(server.seen[0].json(), {"project_id": "p", "job_id": "j", "num_examples": 3})

    def test_tells_how_far_it_got(self) -> None:
        seen: list[Any] = []
        with FaultServer(ticket, no_content) as server:
            submit(server, self.path, on_progress=lambda sent, total: seen.append((sent, total)))
        self.assertGreater(len(seen), 2)
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(seen[-1], (len(SAFETENSORS), len(SAFETENSORS)))

    def test_that_was_lost_is_sent_again_from_the_start(self) -> None:
        with FaultServer(ticket, reset, problem(503, "busy"), no_content) as server:
            submit(server, self.path)
            self.assertEqual([put.body for put in puts(server)[1:]], [SAFETENSORS, SAFETENSORS])

    def test_had_arrived_when_the_second_attempt_hears_that_the_ticket_is_used(self) -> None:
        with FaultServer(ticket, reset, problem(400, "ticket_used")) as server:
            self.assertEqual(submit(server, self.path), {"statusCode": 204, "body": {}})
        with FaultServer(ticket, problem(400, "ticket_used")) as server:
            with self.assertRaises(vergeai.InvalidRequest):
                submit(server, self.path)

    def test_is_not_registered_because_something_in_between_says_200(self) -> None:
        for status in (200, 202):
            with FaultServer(ticket, as_json(status, {})) as server:
                with self.assertRaises(vergeai.APIError):
                    submit(server, self.path)

    def test_that_is_refused_early_is_a_typed_error(self) -> None:
        with open(self.path, "ab") as file:
            file.truncate(64 * 1024 * 1024)
        with FaultServer(ticket, early(problem(413, "model_too_large", {"Connection": "close"}))) as server:
            seen: list[int] = []
            with self.assertRaises(vergeai.PayloadTooLarge):
                submit(server, self.path, on_progress=lambda sent, _: seen.append(sent))
            self.assertLess(max(seen, default=0), 64 * 1024 * 1024)

    def test_of_a_file_that_shrinks_is_an_error(self) -> None:
        def shrink(sent: int, _: Any) -> None:
            self.path.write_bytes(SAFETENSORS[:300_000])

        with FaultServer(ticket, no_content) as server:
            with self.assertRaisesRegex(vergeai.ModelError, "became shorter while it was read"):
                submit(server, self.path, on_progress=shrink)


def model_reply(body: bytes, *, announced: str | None = None, content_type: str = "application/octet-stream") -> Behaviour:
    """What the server's download route does, with ranges."""

    def answer(handler: Handler, seen: Seen) -> None:
        etag = f'"{announced or hashlib.sha256(body).hexdigest()}"'
        start = int(seen.headers.get("range", "bytes=0-")[6:-1])
        headers = {"ETag": etag, "Content-Type": content_type}
        handler.answer(206 if start else 200, body[start:], headers)

    return answer


def cut(behave: Behaviour, after: int) -> Behaviour:
    """Closes after so many bytes of the body, whatever was announced."""

    def answer(handler: Handler, seen: Seen) -> None:
        written = handler.wfile

        class Cut:
            def write(self, data: bytes) -> int:
                return written.write(data[:after] if len(data) > 10_000 else data)

            def __getattr__(self, name: str) -> Any:
                return getattr(written, name)

        handler.wfile = Cut()  # type: ignore[assignment]
        behave(handler, seen)
        handler.wfile = written
        handler.close_connection = True

    return answer


@mock.patch("random.random", lambda: 0.0)
class ADownload(unittest.TestCase):
    MODEL = bytes(index * 7 % 256 for index in range(200_000))
    JSON = b'{"w": [[1.5, 2]]}'

    def test_gives_what_was_asked_for(self) -> None:
        with FaultServer(model_reply(self.JSON, content_type="application/json")) as server:
            download = client(server).download(f"{server.url}/v1/download?ticket=t")
            self.assertEqual(download.dict(), {"w": [[1.5, 2]]})
            self.assertEqual(download.bytes(), self.JSON)
            self.assertNotIn("authorization", server.seen[0].headers)

    def test_of_a_link_answer_needs_no_more_words(self) -> None:
        def link(handler: Handler, seen: Seen) -> None:
            as_json(200, {"model_url": f"http://{seen.headers['host']}/v1/download"})(handler, seen)

        with FaultServer(link, model_reply(self.JSON, content_type="application/json")) as server:
            answer = client(server).Job.aggregate_model(project_id="p", job_id="j")
            self.assertEqual(answer.dict(), {"w": [[1.5, 2]]})

    def test_that_breaks_off_is_resumed(self) -> None:
        whole = model_reply(self.MODEL)
        with FaultServer(cut(whole, 70_000), cut(whole, 50_000), whole) as server:
            seen: list[int] = []
            data = client(server).download(f"{server.url}/").bytes(on_progress=lambda count, _: seen.append(count))
            self.assertEqual(data, self.MODEL)
            self.assertEqual([request.headers.get("range") for request in server.seen], [None, "bytes=70000-", "bytes=120000-"])
            self.assertEqual(seen[-1], len(self.MODEL))

    def test_that_is_not_what_was_announced_is_an_integrity_error(self) -> None:
        with FaultServer(model_reply(self.MODEL, announced="0" * 64)) as server:
            with self.assertRaisesRegex(vergeai.IntegrityError, "sha256"):
                client(server).download(f"{server.url}/").bytes()
        with FaultServer(model_reply(self.MODEL)) as server:
            with self.assertRaises(vergeai.IntegrityError):
                client(server).download(f"{server.url}/", sha256="1" * 64).bytes()

    def test_to_a_file_leaves_the_old_one_alone_until_it_is_complete(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.safetensors"
            path.write_bytes(b"old")
            with FaultServer(model_reply(self.MODEL, announced="0" * 64)) as server:
                with self.assertRaises(vergeai.IntegrityError):
                    client(server).download(f"{server.url}/").to_file(path)
            self.assertEqual((path.read_bytes(), [entry.name for entry in Path(folder).iterdir()]), (b"old", [path.name]))
            with FaultServer(model_reply(self.MODEL)) as server:
                client(server).download(f"{server.url}/").to_file(path)
            self.assertEqual((path.read_bytes(), [entry.name for entry in Path(folder).iterdir()]), (self.MODEL, [path.name]))

    def test_of_an_expired_link_is_a_typed_error(self) -> None:
        with FaultServer(problem(403, "ticket_expired")) as server:
            with self.assertRaises(vergeai.PermissionDenied):
                client(server).download(f"{server.url}/").bytes()

    def test_says_before_it_starts_what_is_missing(self) -> None:
        with mock.patch.dict("sys.modules", {"numpy": None}), FaultServer(model_reply(self.MODEL)) as server:
            with self.assertRaisesRegex(vergeai.VergeAIError, "needs the package numpy"):
                client(server).download(f"{server.url}/").numpy()
            self.assertEqual(server.seen, [])


class Progress(unittest.TestCase):
    def test_is_a_tqdm_bar_where_tqdm_is_installed_and_nothing_elsewhere(self) -> None:
        bars: list[Any] = []

        class Tqdm:
            def __init__(self, **how: Any) -> None:
                self.how, self.n, self.closed = how, 0, False
                bars.append(self)

            def update(self, more: int) -> None:
                self.n += more

            def close(self) -> None:
                self.closed = True

        with FaultServer(ticket, no_content, ticket, no_content) as server:
            with mock.patch.dict("sys.modules", {"tqdm.auto": mock.Mock(tqdm=Tqdm)}):
                submit(server, SAFETENSORS, progress=True)
            with mock.patch.dict("sys.modules", {"tqdm.auto": None}):
                submit(server, SAFETENSORS, progress=True)
        (bar,) = bars
        self.assertEqual((bar.how["total"], bar.n, bar.closed), (len(SAFETENSORS), len(SAFETENSORS), True))


in_coroutines(globals())
