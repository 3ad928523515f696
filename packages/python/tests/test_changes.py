"""Hearing what changes in a project, across what breaks off."""

import json
import unittest
from typing import Any
from unittest import mock

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import Behaviour, FaultServer, Handler, Seen, as_json, problem

HELLO = {"type": "hello", "version": "1"}
CHANGE = {"type": "change", "about": "job", "id": "j", "experiment_id": "e"}
BYE = {"type": "bye", "code": "project_not_found"}


def told(*messages: dict[str, Any]) -> Behaviour:
    def answer(handler: Handler, seen: Seen) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for message in messages:
            handler.wfile.write(f":\n\nevent: {message['type']}\ndata: {json.dumps(message)}\n\n".encode())
        handler.close_connection = True

    return answer


@mock.patch("random.random", lambda: 0.0)
@mock.patch("vergeai._sync.changing.FIRST_BACKOFF", 0.01)
@mock.patch("vergeai._aio.changing.FIRST_BACKOFF", 0.01)
class Changes(unittest.TestCase):
    def changes(self, server: FaultServer) -> Any:
        return vergeai.Client(api_key="key", base_url=server.url, max_retries=1).Project.changes(project_id="p")

    def test_are_told_through_every_loss_of_the_connection_each_of_which_begins_anew(self) -> None:
        answers = iter([told(HELLO, CHANGE), problem(503, "stopping"), problem(503, "starting"), told(HELLO, CHANGE)])
        with FaultServer(lambda handler, seen: next(answers)(handler, seen)) as server:
            changes = self.changes(server)
            self.assertEqual([next(changes) for _ in range(4)], [HELLO, CHANGE, HELLO, CHANGE])
            changes.close()
            self.assertEqual({(seen.path, seen.headers["accept"]) for seen in server.seen}, {("/v1/project/changes/p", "text/event-stream")})

    def test_end_with_what_the_server_refuses_after_its_goodbye(self) -> None:
        answers = iter([told(HELLO, BYE), problem(404, "project_not_found")])
        with FaultServer(lambda handler, seen: next(answers)(handler, seen)) as server:
            changes = self.changes(server)
            self.assertEqual(next(changes).version, "1")
            with self.assertRaises(vergeai.NotFound):
                next(changes)

    def test_are_not_to_be_had_where_nothing_streams(self) -> None:
        with FaultServer(as_json(200, {})) as server:
            with self.assertRaisesRegex(vergeai.VergeAIError, "does not stream"):
                next(self.changes(server))


in_coroutines(globals())
