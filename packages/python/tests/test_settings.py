import importlib
import os
import shutil
import ssl
import subprocess
import tempfile
import traceback
import unittest
from unittest import mock

import httpx2

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import FaultServer, as_json, html, no_content, problem, reset, ticket

PAGE = as_json(200, {"data": [], "next_cursor": None})


class TheModule(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(setattr, vergeai, "api_key", vergeai.api_key)
        self.addCleanup(setattr, vergeai, "base_url", vergeai.base_url)

    def test_sends_the_key_it_was_given_last_to_the_address_it_was_given_last(self) -> None:
        with FaultServer(PAGE) as one, FaultServer(PAGE) as other:
            vergeai.api_key, vergeai.base_url = "first", one.url
            vergeai.Project.list()
            vergeai.api_key, vergeai.base_url = "second", other.url + "/"
            vergeai.Project.list()
            self.assertEqual(one.seen[0].headers["authorization"], "Bearer first")
            self.assertEqual(other.seen[0].headers["authorization"], "Bearer second")
            self.assertEqual(other.seen[0].path, "/v1/project/list")

    def test_takes_the_environment_where_nothing_is_set(self) -> None:
        vergeai.api_key = None
        with FaultServer(PAGE) as server, mock.patch.dict(os.environ, VERGEAI_API_KEY="from-the-environment"):
            vergeai.base_url = server.url
            vergeai.Project.list()
            self.assertEqual(server.seen[0].headers["authorization"], "Bearer from-the-environment")

    def test_starts_with_the_address_of_the_environment_or_of_this_machine(self) -> None:
        settings = importlib.import_module("vergeai._settings")
        with mock.patch.dict(os.environ, VERGEAI_BASE_URL="http://elsewhere:1"):
            self.assertEqual(settings.default_base_url(), "http://elsewhere:1")
        with mock.patch.dict(os.environ, VERGEAI_BASE_URL=""):
            self.assertEqual(settings.default_base_url(), "http://localhost:3000")

    def test_gives_its_address_to_a_worker_that_is_given_none(self) -> None:
        vergeai.base_url = "http://127.0.0.1:1"
        train = mock.Mock()
        self.assertIn("at http://127.0.0.1:1>", repr(vergeai.Worker("p", "key", train=train)))
        self.assertIn("at http://127.0.0.1:2>", repr(vergeai.Worker("p", "key", train=train, base_url="http://127.0.0.1:2")))

    def test_says_what_to_do_without_a_key(self) -> None:
        vergeai.api_key = None
        with mock.patch.dict(os.environ, VERGEAI_API_KEY=""), self.assertRaisesRegex(vergeai.VergeAIError, "vergeai.api_key"):
            vergeai.Project.list()


class AClient(unittest.TestCase):
    def test_refuses_settings_that_make_no_sense(self) -> None:
        for settings in (
            {"base_url": "localhost"},
            {"base_url": "ftp://localhost"},
            {"base_url": "http://user:secret@localhost"},
            {"base_url": "http://localhost?x=1"},
            {"timeout": 0},
            {"timeout": float("inf")},
            {"max_retries": 0.5},
            {"max_retries": -1},
        ):
            with self.subTest(settings), self.assertRaises(vergeai.VergeAIError):
                vergeai.Client(api_key="key", **settings)  # type: ignore[arg-type]

    def test_reuses_its_connection_and_can_be_closed(self) -> None:
        with FaultServer(PAGE) as server:
            with vergeai.Client(api_key="key", base_url=server.url) as client:
                opened = []
                verify = server.verify_request
                server.verify_request = lambda *a: (opened.append(1), verify(*a))[1]  # type: ignore[method-assign]
                for _ in range(5):
                    client.Project.list()
                self.assertEqual(len(opened), 1)
            with self.assertRaises(vergeai.ConnectionError):
                client.Project.list(options={"max_retries": 0})

    def test_sends_headers_of_its_own(self) -> None:
        with FaultServer(PAGE) as server:
            client = vergeai.Client(api_key="key", base_url=server.url, headers={"traceparent": "a"})
            client.Project.list(options={"headers": {"x-mine": "b"}})
            self.assertEqual(server.seen[0].headers["traceparent"], "a")
            self.assertEqual(server.seen[0].headers["x-mine"], "b")

    def test_refuses_a_proxy_that_it_cannot_speak_to(self) -> None:
        for url, hint in (("socks5://127.0.0.1:9", r"httpx2\[socks\].*NO_PROXY"), ("gopher://127.0.0.1:9", "proxy")):
            with mock.patch.dict(os.environ, {"all_proxy": url, "no_proxy": ""}), self.assertRaisesRegex(vergeai.VergeAIError, hint):
                vergeai.Client(api_key="key", base_url="http://api.example.com:81", max_retries=0).Project.list()

    def test_goes_through_the_proxy_that_the_environment_names(self) -> None:
        with FaultServer(PAGE) as proxy, mock.patch.dict(os.environ, http_proxy=proxy.url.replace("//", "//u:p@"), no_proxy=""):
            vergeai.Client(api_key="key", base_url="http://api.example.com:81").Project.list()
            self.assertEqual(proxy.seen[0].path, "http://api.example.com:81/v1/project/list")
            self.assertEqual(proxy.seen[0].headers["host"], "api.example.com:81")
            self.assertEqual(proxy.seen[0].headers["proxy-authorization"], "Basic dTpw")

    def test_goes_past_a_proxy_where_the_environment_says_so(self) -> None:
        with FaultServer(PAGE) as server, mock.patch.dict(os.environ, http_proxy="http://127.0.0.1:9", no_proxy="127.0.0.1"):
            vergeai.Client(api_key="key", base_url=server.url).Project.list()
            self.assertEqual(len(server.seen), 1)

    def test_goes_through_the_proxy_that_it_is_given(self) -> None:
        with FaultServer(PAGE) as proxy:
            vergeai.Client(api_key="key", base_url="http://api.example.com:81", proxy=proxy.url).Project.list()
            self.assertEqual(proxy.seen[0].path, "http://api.example.com:81/v1/project/list")

    def test_calls_by_the_http_client_that_it_is_given_and_leaves_it_open(self) -> None:
        with FaultServer(PAGE) as server, httpx2.Client(headers={"x-mine": "a"}, cookies={"c": "1"}) as mine:
            with vergeai.Client(api_key="key", base_url=server.url, http_client=mine) as client:
                client.Project.list()
                client.Project.list()
            self.assertEqual({(seen.headers["x-mine"], seen.headers["authorization"]) for seen in server.seen}, {("a", "Bearer key")})
            self.assertEqual(mine.get(server.url).status_code, 200)

    def test_calls_by_the_http_clients_that_it_is_told_how_to_make(self) -> None:
        made: list[httpx2.Client] = []

        def make() -> httpx2.Client:
            made.append(httpx2.Client(headers={"x-mine": "b"}))
            return made[-1]

        with FaultServer(PAGE) as server:
            with vergeai.Client(api_key="key", base_url=server.url, http_client=make) as client:
                client.Project.list()
                client.Project.list()
            self.assertEqual([seen.headers["x-mine"] for seen in server.seen], ["b", "b"])
        self.assertEqual([one.is_closed for one in made], [True])

    def test_takes_no_tls_settings_beside_an_http_client(self) -> None:
        with self.assertRaisesRegex(vergeai.VergeAIError, "leave ssl_context and proxy out"):
            vergeai.Client(api_key="key", http_client=httpx2.Client(), proxy="http://127.0.0.1:9")


class ATlsServer(unittest.TestCase):
    def test_is_trusted_when_the_context_says_so_and_not_otherwise(self) -> None:
        if not shutil.which("openssl"):
            self.skipTest("openssl is not installed")
        with tempfile.TemporaryDirectory() as folder:
            key, cert = f"{folder}/key.pem", f"{folder}/cert.pem"
            command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
            subprocess.run([*command.split(), "-keyout", key, "-out", cert], check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            with FaultServer(ticket, no_content) as server:
                server.socket = context.wrap_socket(server.socket, server_side=True)
                url = server.url.replace("http:", "https:")
                with self.assertRaisesRegex(vergeai.ConnectionError, "CERTIFICATE_VERIFY_FAILED"):
                    vergeai.Client(api_key="key", base_url=url, max_retries=0).Project.list()
                client = vergeai.Client(api_key="key", base_url=url, ssl_context=ssl.create_default_context(cafile=cert))
                body = client.Experiment.submit_start_model(project_id="p", experiment_id="e").body
                self.assertEqual(body.model_url["fields"]["key"], "a/b c")


class Keys(unittest.TestCase):
    KEY = "secret-key-0123456789"

    def test_stand_in_no_repr_and_no_error(self) -> None:
        client = vergeai.Client(api_key=self.KEY, base_url="http://127.0.0.1:1", max_retries=0)
        worker = vergeai.Worker("p", self.KEY, train=lambda *_: {}, base_url="http://127.0.0.1:1")
        texts = [repr(client), repr(vars(client)), repr(vars(client._engine)), repr(client._engine.settings), repr(worker), repr(vars(worker))]
        for behaviour in (problem(401, "key_invalid"), html(502), reset):
            with FaultServer(behaviour) as server:
                failing = vergeai.Client(api_key=self.KEY, base_url=server.url, max_retries=0)
                texts.append(self.failure(failing))
        texts.append(self.failure(client))
        for text in texts:
            self.assertNotIn(self.KEY, text)

    def failure(self, client: vergeai.Client) -> str:
        try:
            client.Experiment.create(project_id="p")
        except vergeai.VergeAIError as error:
            return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        self.fail("it did not fail")

    def test_are_not_printed_when_they_can_not_be_a_header(self) -> None:
        with self.assertRaises(vergeai.VergeAIError) as caught:
            vergeai.Client(api_key="secret\nkey")
        self.assertNotIn("secret", str(caught.exception))


in_coroutines(globals(), without=("TheModule", "test_calls_by_the_http_client_that_it_is_given_and_leaves_it_open", "test_calls_by_the_http_clients_that_it_is_told_how_to_make"))
