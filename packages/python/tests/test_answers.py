import copy
import json
import pickle
import pprint
import unittest

import vergeai
from support.coroutines import in_coroutines
from support.fault_server import FaultServer, as_json


class AnAnswer(unittest.TestCase):
    PLAIN = {"statusCode": 204, "body": {"ID": "e", "jobs": [{"ID": "j"}], "hyperparameters": {"learning_rate": 0.01}}}

    def setUp(self) -> None:
        server = FaultServer(as_json(200, self.PLAIN["body"]))
        self.addCleanup(server.__exit__)
        self.client = vergeai.Client(api_key="key", base_url=server.url)
        self.answer = self.client.Experiment.get(project_id="p", experiment_id="e")

    def test_prints_and_compares_like_a_dict(self) -> None:
        self.assertIsInstance(self.answer, dict)
        self.assertEqual(self.answer, self.PLAIN)
        self.assertEqual(repr(self.answer), repr(self.PLAIN))
        self.assertEqual(str(self.answer), str(self.PLAIN))
        self.assertEqual(pprint.pformat(self.answer), pprint.pformat(self.PLAIN))
        self.assertEqual(json.dumps(self.answer), json.dumps(self.PLAIN))

    def test_reads_with_dots_too_however_deep(self) -> None:
        self.assertEqual(self.answer.statusCode, 204)
        self.assertEqual(self.answer.body.ID, "e")
        self.assertEqual(self.answer.body.jobs[0].ID, "j")
        self.assertEqual(self.answer.body.hyperparameters.learning_rate, 0.01)
        self.assertIn("ID", dir(self.answer.body))

    def test_names_what_there_is_instead(self) -> None:
        with self.assertRaisesRegex(AttributeError, "there is no 'name'; there are ID, jobs"):
            self.answer.body.name
        with self.assertRaises(AttributeError):
            self.answer.body.name = "x"

    def test_can_be_copied_and_pickled(self) -> None:
        self.assertEqual(copy.deepcopy(self.answer), self.PLAIN)
        again = pickle.loads(pickle.dumps(self.answer))
        self.assertEqual(again, self.PLAIN)
        self.assertEqual(again.body.ID, "e")

    def test_with_a_link_takes_no_key_along_when_pickled(self) -> None:
        with FaultServer(as_json(200, {"model_url": "http://x/"})) as server:
            link = vergeai.Client(api_key="secret-key", base_url=server.url).Job.start_model(project_id="p", job_id="j")
            self.assertNotIn(b"secret-key", pickle.dumps(link))
            self.assertEqual(link, {"statusCode": 200, "body": {"model_url": "http://x/"}})


class AList(unittest.TestCase):
    def test_is_one_page_and_gives_all_entries(self) -> None:
        pages = [
            {"data": [{"project_id": "a"}, {"project_id": "b"}], "next_cursor": "n1"},
            {"data": [], "next_cursor": "n2"},
            {"data": [{"project_id": "c"}], "next_cursor": None},
        ]
        with FaultServer(*(as_json(200, page) for page in pages)) as server:
            answer = vergeai.Client(api_key="key", base_url=server.url).Project.list(limit=2)
            self.assertEqual(answer, {"statusCode": 200, "body": pages[0]})
            self.assertEqual([entry.project_id for entry in answer.entries()], ["a", "b", "c"])
            asked = [f"/v1/project/list?limit=2{more}" for more in ("", "&cursor=n1", "&cursor=n2")]
            self.assertEqual([request.path for request in server.seen], asked)

    def test_of_events_follows_its_own_cursor(self) -> None:
        pages = [{"data": [{"sequence": 1}], "next_after": 1}, {"data": [{"sequence": 2}], "next_after": None}]
        with FaultServer(*(as_json(200, page) for page in pages)) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            events = client.Experiment.events(project_id="p", experiment_id="e").entries()
            self.assertEqual([event.sequence for event in events], [1, 2])
            self.assertEqual(server.seen[1].path, "/v1/experiment/events/p/e?after=1")

    def test_of_events_goes_back_from_its_end(self) -> None:
        pages = [
            {"data": [{"sequence": 9}], "next_after": None, "next_before": 9},
            {"data": [{"sequence": 4}], "next_after": None, "next_before": None},
        ]
        with FaultServer(*(as_json(200, page) for page in pages)) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            events = client.Experiment.events(project_id="p", experiment_id="e", order="desc", types="job_failed")
            self.assertEqual([event.sequence for event in events.entries()], [9, 4])
            self.assertEqual(server.seen[1].path, "/v1/experiment/events/p/e?before=9&order=desc&types=job_failed")

    def test_stops_at_a_page_that_leads_to_itself(self) -> None:
        with FaultServer(as_json(200, {"data": [{"project_id": "a"}], "next_cursor": "same"})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            with self.assertRaisesRegex(vergeai.VergeAIError, "a page that leads to itself"):
                list(client.Project.list().entries())


in_coroutines(globals())
