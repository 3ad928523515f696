"""Against the built server: every operation that needs no job."""

import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

import vergeai
from support.api_server import shared_server
from support.coroutines import in_coroutines
from support.optional import needs_numpy, needs_torch, numpy, torch


class Live(unittest.TestCase):
    client: vergeai.Client

    @classmethod
    def setUpClass(cls) -> None:
        server = shared_server()
        cls.client = vergeai.Client(api_key=server.key, base_url=server.url)

    def new_project(self) -> str:
        return self.client.Project.create(project_name="Live").body.project_id

    def new_experiment(self, **how: Any) -> dict[str, str]:
        project_id = self.new_project()
        experiment_id = self.client.Experiment.create(project_id=project_id, **how).body.ID
        return {"project_id": project_id, "experiment_id": experiment_id}


class Projects(Live):
    def test_live_and_die_with_their_members(self) -> None:
        project_id = self.new_project()
        user = self.client.User.create(user_name="Ada").body
        self.assertEqual(self.client.Project.add_member(project_id=project_id, user_id=user.user_id, permission_level=1), {"statusCode": 200, "body": {}})
        theirs = vergeai.Client(api_key=user.key, base_url=self.client.base_url)
        self.assertEqual(theirs.Project.get(project_id=project_id).body.name, "Live")
        with self.assertRaises(vergeai.PermissionDenied) as denied:
            theirs.Experiment.create(project_id=project_id)
        self.assertEqual(denied.exception.code, "permission_denied")
        self.client.Project.update_member(project_id=project_id, user_id=user.user_id, permission_level=5)
        theirs.Experiment.create(project_id=project_id)
        self.assertEqual({m.permission_level for m in self.client.Project.members(project_id=project_id).entries()}, {100, 5})
        self.client.Project.remove_member(project_id=project_id, user_id=user.user_id)
        with self.assertRaises(vergeai.NotFound) as unseen:
            theirs.Project.get(project_id=project_id)
        self.assertEqual((unseen.exception.code, unseen.exception.status_code), ("project_not_found", 404))
        self.assertTrue(unseen.exception.request_id)
        self.client.Project.delete(project_id=project_id)
        with self.assertRaises(vergeai.NotFound):
            self.client.Project.get(project_id=project_id)

    def test_are_listed_page_after_page(self) -> None:
        made = {self.new_project() for _ in range(5)}
        page = self.client.Project.list(limit=2)
        self.assertEqual(len(page.body.data), 2)
        self.assertLessEqual(made, {entry.project_id for entry in page.entries()})

    def test_name_every_part_that_is_wrong(self) -> None:
        with self.assertRaises(vergeai.InvalidRequest) as caught:
            self.client.Project.add_member(project_id="x", user_id="y", permission_level=3)  # type: ignore[arg-type]
        self.assertEqual(len(caught.exception.errors), 3)


class Keys(Live):
    def test_are_made_listed_and_revoked(self) -> None:
        key = self.client.APIKey.create(label="laptop", expires_in_sec=60).body.key
        other = vergeai.Client(api_key=key, base_url=self.client.base_url)
        entry = next(entry for entry in other.APIKey.list().entries() if entry.label == "laptop")
        other.APIKey.revoke(key_id=entry.key_id)
        with self.assertRaises(vergeai.AuthenticationError):
            other.Project.list()
        self.assertTrue(self.client.APIKey.create_key().body.key)


class AnIdempotencyKey(Live):
    def test_makes_one_project_of_many_calls(self) -> None:
        made = {
            self.client.Project.create(project_name="Once", options={"idempotency_key": "python-once"}).body.project_id
            for _ in range(3)
        }
        self.assertEqual(len(made), 1)
        with self.assertRaises(vergeai.Unprocessable) as caught:
            self.client.Project.create(project_name="Other", options={"idempotency_key": "python-once"})
        self.assertEqual(caught.exception.code, "idempotency_key_reused")


class Experiments(Live):
    def test_are_updated_described_and_listed(self) -> None:
        ids = self.new_experiment(hyperparameters={"learning_rate": 0.01}, experiment_name="Baseline")
        self.client.Experiment.update(**ids, experiment_name=None, experiment_description="ü", hyperparameters={"a": [1]})
        described = self.client.Experiment.describe(**ids).body
        self.assertEqual((described.name, described.description, described.hyperparameters), (None, "ü", {"a": [1]}))
        (entry,) = self.client.Experiment.list(project_id=ids["project_id"], status="idle").entries()
        self.assertEqual(entry.experiment_id, ids["experiment_id"])
        self.assertTrue(list(self.client.Experiment.events(**ids, limit=1).entries()))

    def test_take_a_dict_and_give_it_back(self) -> None:
        ids = self.new_experiment()
        model = {"w": [[0.1, -2e-9], [3, 4]], "b": 5}
        self.client.Experiment.submit_start_model(**ids, model=model, block=True)
        start = self.client.Experiment.start_model(**ids)
        self.assertEqual(start.dict(), model)
        self.assertEqual(self.client.download(start.body.model_url).bytes(), start.bytes())
        with self.assertRaises(vergeai.InvalidRequest) as caught:
            self.client.Experiment.submit_start_model(**ids, model=model)
        self.assertEqual(caught.exception.code, "start_model_already_submitted")

    def test_take_a_large_dict_by_ticket(self) -> None:
        ids = self.new_experiment()
        model = {"w": [[row + column / 7 for column in range(200)] for row in range(2000)]}
        self.client.Experiment.submit_start_model(**ids, model=model, block=True)
        self.assertEqual(self.client.Experiment.current_model(**ids).dict(), model)

    def test_refuse_a_model_that_is_none_with_a_pointer(self) -> None:
        ids = self.new_experiment()
        for model in ({"w": [[1, 2], [3]]}, {"w": [[1, 2], [3]], "x": [0.5] * 1_500_000}):
            with self.assertRaises(vergeai.Unprocessable) as caught:
                self.client.Experiment.submit_start_model(**ids, model=model, block=True)
            self.assertEqual(caught.exception.code, "invalid_model")
            self.assertIn("/w/1", caught.exception.errors[0]["path"])

    def test_take_files_and_give_them_back_byte_for_byte(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            sent, back = Path(folder) / "sent.json", Path(folder) / "back.json"
            sent.write_text(' {"w" : [1.50, 2e0]}\n')
            ids = self.new_experiment()
            self.client.Experiment.submit_start_model(**ids, model=sent)
            self.client.Experiment.start_model(**ids).to_file(back)
            self.assertEqual(back.read_bytes(), sent.read_bytes())

    @needs_numpy
    def test_take_arrays(self) -> None:
        ids = self.new_experiment()
        model = {"w": numpy.arange(300_000, dtype="f4").reshape(3, -1), "n": numpy.array([True]), "h": numpy.zeros((2, 0), "f2")}
        self.client.Experiment.submit_start_model(**ids, model=model, block=True)
        link = self.client.Experiment.start_model(**ids)
        back = link.numpy()
        for name, array in model.items():
            self.assertEqual((back[name].dtype, back[name].shape), (array.dtype, array.shape))
            self.assertTrue((back[name] == array).all())
        self.assertEqual(link.dict()["n"], [True])

    @needs_numpy
    def test_refuse_arrays_with_nan_with_a_pointer(self) -> None:
        ids = self.new_experiment()
        with self.assertRaises(vergeai.Unprocessable) as caught:
            self.client.Experiment.submit_start_model(**ids, model={"w": numpy.array([[0, numpy.nan]])})
        self.assertEqual(caught.exception.errors[0]["path"], "/model/w/0/1")

    @needs_torch
    def test_take_a_state_dict_and_give_one_that_loads(self) -> None:
        def net() -> Any:
            return torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Linear(4, 2).bfloat16())

        one, other = net(), net()
        ids = self.new_experiment()
        self.client.Experiment.submit_start_model(**ids, model=one.state_dict(), block=True)
        other.load_state_dict(self.client.Experiment.start_model(**ids).torch())
        for name, tensor in one.state_dict().items():
            self.assertTrue(torch.equal(other.state_dict()[name], tensor), name)
            self.assertEqual(other.state_dict()[name].dtype, tensor.dtype)


class AClientSharedByThreads(Live):
    def test_mixes_nothing_up(self) -> None:
        made: dict[str, str] = {}

        def create(name: str) -> None:
            project_id = self.client.Project.create(project_name=name).body.project_id
            made[name] = self.client.Project.get(project_id=project_id).body.name

        threads = [threading.Thread(target=create, args=(f"Thread {n}",)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(made, {f"Thread {n}": f"Thread {n}" for n in range(16)})


in_coroutines(globals())
