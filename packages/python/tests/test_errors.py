import pickle
import socket
import unittest
from typing import Any
from unittest import mock

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import Behaviour, FaultServer, as_json, html, no_content, problem, reset, silence
from support.fixtures import client_rules


def failure(behaviour: Behaviour) -> vergeai.APIError:
    with FaultServer(behaviour) as server:
        try:
            vergeai.Client(api_key="key", base_url=server.url, max_retries=0).Project.list()
        except vergeai.APIError as error:
            return error
    raise AssertionError("it did not fail")


class AnAnswerThatIsNoSuccess(unittest.TestCase):
    def test_is_an_error_of_its_kind(self) -> None:
        for rule in client_rules["errors"]:
            status, kind = rule["status"], getattr(vergeai, rule["kind"])
            with self.subTest(status):
                error = failure(problem(status, "some_code"))
                self.assertIs(type(error), kind)
                self.assertEqual((error.status_code, error.code, error.request_id), (status, "some_code", "req-1"))
                self.assertEqual((error.detail, error.errors), ("It is some_code.", []))
                self.assertEqual(str(error), "It is some_code. (some_code, request req-1)")

    def test_lists_every_part_that_failed(self) -> None:
        errors = [{"path": "/body/project_id", "message": "must be 32 lowercase hexadecimal characters"}]
        self.assertEqual(failure(problem(400, "invalid_request", errors=errors)).errors, errors)

    def test_may_be_the_page_of_a_proxy(self) -> None:
        error = failure(html(502))
        self.assertIsInstance(error, vergeai.ServerError)
        self.assertEqual((error.code, error.request_id), (None, None))
        self.assertIn("502 Bad Gateway with text/html", str(error))

    def test_may_be_json_of_another_kind_or_broken(self) -> None:
        self.assertIsNone(failure(as_json(403, {"error": "nope", "code": 7})).code)
        self.assertIsNone(failure(as_json(403, ["nope"])).code)
        broken = lambda handler, _: handler.answer(403, b"{", {"Content-Type": "application/json"})  # noqa: E731
        self.assertEqual(failure(broken).status_code, 403)

    def test_may_be_a_redirect_which_is_not_followed(self) -> None:
        error = failure(lambda handler, _: handler.answer(301, b"", {"Location": "https://elsewhere.example/"}))
        self.assertIn("redirects to https://elsewhere.example/", str(error))

    def test_is_a_doubt_about_base_url_when_a_success_is_not_the_api(self) -> None:
        self.assertIn("does base_url point at the API?", str(failure(html(200))))
        broken = lambda handler, _: handler.answer(200, b'{"data":', {"Content-Type": "application/json"})  # noqa: E731
        self.assertIn("broken JSON", str(failure(broken)))

    def test_can_be_pickled(self) -> None:
        error = failure(problem(404, "not_found"))
        again = pickle.loads(pickle.dumps(error))
        self.assertIs(type(again), vergeai.NotFound)
        self.assertEqual(vars(again), vars(error))


def refusal(rule: Any) -> Behaviour:
    return problem(rule["status"], rule["code"], {"Retry-After": rule["retry_after"]} if "retry_after" in rule else {})


@mock.patch("random.random", lambda: 0.0)
class ARequestThatWasLost(unittest.TestCase):
    def test_is_repeated_with_one_idempotency_key(self) -> None:
        created = as_json(200, {"project_id": "p"})
        for fault in (reset, html(502), *map(refusal, client_rules["repeated"])):
            with self.subTest(fault), FaultServer(fault, fault, created) as server:
                client = vergeai.Client(api_key="key", base_url=server.url)
                client.Project.create(project_name="n")
                client.Project.create(project_name="n")
                keys = [request.headers["idempotency-key"] for request in server.seen]
                self.assertEqual(len(keys), 4)
                self.assertEqual(len(set(keys[:3])), 1)
                self.assertNotEqual(keys[2], keys[3])

    def test_carries_the_idempotency_key_of_the_caller(self) -> None:
        with FaultServer(as_json(200, {"project_id": "p"})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            client.Project.create(project_name="n", options={"idempotency_key": "mine"})
            self.assertEqual(server.seen[0].headers["idempotency-key"], "mine")

    def test_is_not_repeated_when_that_would_not_help(self) -> None:
        for rule in client_rules["not_repeated"]:
            with self.subTest(rule), FaultServer(refusal(rule)) as server:
                with self.assertRaises(vergeai.APIError):
                    vergeai.Client(api_key="key", base_url=server.url).Project.create(project_name="n")
                self.assertEqual(len(server.seen), 1)

    def test_is_given_up_after_max_retries(self) -> None:
        with FaultServer(reset) as server:
            client = vergeai.Client(api_key="key", base_url=server.url, max_retries=2)
            with self.assertRaises(vergeai.ConnectionError) as caught:
                client.Project.list()
            self.assertIsInstance(caught.exception, ConnectionError)
            self.assertIsNotNone(caught.exception.__cause__)
            self.assertEqual(len(server.seen), 3)

    def test_waits_as_long_as_the_server_asks(self) -> None:
        with FaultServer(problem(503, "busy", {"Retry-After": "7"}), no_content) as server, mock.patch("time.sleep") as sleep:
            vergeai.Client(api_key="key", base_url=server.url).Device.next_job(project_id="p")
            self.assertIn(mock.call(7.0), sleep.mock_calls)


class AnAddressWhereNobodyIs(unittest.TestCase):
    def test_is_named_with_what_to_do_about_it(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{unused.getsockname()[1]}"
            client = vergeai.Client(api_key="key", base_url=address, max_retries=0)
            with self.assertRaises(vergeai.ConnectionError) as caught:
                client.Project.list()
        told = str(caught.exception)
        self.assertTrue(told.startswith(f"GET {address}/v1/project/list: "), told)
        self.assertIn("Connection refused. Is the server running, and is this its address? Set vergeai.base_url, base_url=… or VERGEAI_BASE_URL.", told)

    def test_is_named_when_no_such_name_is_known(self) -> None:
        with mock.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")):
            client = vergeai.Client(api_key="key", base_url="http://no-such-host.invalid:3000", max_retries=0)
            with self.assertRaisesRegex(vergeai.ConnectionError, r"^GET http://no-such-host\.invalid:3000/v1/project/list: .* Is the server running, and is this its address\?"):
                client.Project.list()


class ATimeout(unittest.TestCase):
    def test_ends_a_request_in_which_nothing_moves(self) -> None:
        with FaultServer(silence) as server:
            client = vergeai.Client(api_key="key", base_url=server.url, timeout=0.1, max_retries=0)
            with self.assertRaisesRegex(vergeai.TimeoutError, r"GET http://127\.0\.0\.1:\d+/v1/project/list: nothing moved for 0\.1 s") as caught:
                client.Project.list()
            self.assertIsInstance(caught.exception, TimeoutError)

    def test_leaves_a_long_poll_the_time_it_asked_for(self) -> None:
        limits: list[float | None] = []
        settimeout = socket.socket.settimeout

        def note(connection: socket.socket, seconds: float | None) -> None:
            limits.append(seconds)
            settimeout(connection, seconds)

        with FaultServer(no_content) as server, mock.patch.object(socket.socket, "settimeout", note):
            client = vergeai.Client(api_key="key", base_url=server.url, timeout=0.1, max_retries=0)
            self.assertEqual(client.Device.next_job(project_id="p", wait=20), {"statusCode": 200, "body": {}})
            self.assertEqual(set(limits), {20.1})


# What a socket or a sleep is told there, asyncio is told in other words.
in_coroutines(globals(), without=("test_leaves_a_long_poll_the_time_it_asked_for", "test_waits_as_long_as_the_server_asks",))
