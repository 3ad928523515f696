"""One call from a model to a trained one, on the built server."""

import unittest
from typing import Any

import vergeai
from support.api_server import shared_server
from support.coroutines import in_coroutines
from support.optional import needs_numpy, needs_torch, numpy, torch


def plus(amount: float) -> Any:
    def train(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
        job.report(loss=amount / job.sequence)
        return {name: [number + amount for number in numbers] for name, numbers in model.items()}

    return train


class Training(unittest.TestCase):
    def setUp(self) -> None:
        server = shared_server()
        self.client = vergeai.Client(api_key=server.key, base_url=server.url)

    def ids(self, trained: vergeai.TrainedModel) -> dict[str, str]:
        return {"project_id": trained.project_id, "experiment_id": trained.experiment_id}

    def test_gives_the_trained_model_and_what_was_measured(self) -> None:
        rounds: list[int] = []
        trained = self.client.Experiment.train(
            {"w": [1.0, 2.0]}, train=plus(2), rounds=3, hyperparameters={"rate": 0.1}, experiment_name="Plus", on_round=rounds.append
        )
        self.assertEqual(trained, {"w": [7.0, 8.0]})
        self.assertEqual(rounds, [1, 2, 3])
        self.assertEqual([value for _, value in trained.plot()["loss"]], [2.0, 1.0, 2 / 3])
        self.assertRegex(repr(trained), rf"^<vergeai\.TrainedModel of experiment {trained.experiment_id}: 1 tensors, loss 0\.6667>$")
        described = self.client.Experiment.describe(**self.ids(trained)).body
        self.assertEqual((described.name, described.hyperparameters, described.num_jobs), ("Plus", {"rate": 0.1}, 3))
        self.assertEqual(self.client.Project.get(project_id=trained.project_id).body.name, "Plus")
        self.assertEqual(list(self.client.Device.list(project_id=trained.project_id).entries()), [])

    def test_goes_on_where_it_was(self) -> None:
        first = self.client.Experiment.train({"w": [1.0]}, train=plus(1), rounds=2)
        again = self.client.Experiment.train(train=plus(10), rounds=2, **self.ids(first))
        self.assertEqual(again, {"w": [23.0]})
        self.assertEqual(len(again.curves["loss"]), 4)
        with self.assertRaisesRegex(vergeai.VergeAIError, "project_id beside it"):
            self.client.Experiment.train(train=plus(1), experiment_id=first.experiment_id)

    def test_ends_with_what_the_function_raises_and_leaves_nothing_running(self) -> None:
        project_id = self.client.Project.create(project_name="Broken").body.project_id

        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            if job.sequence == 2:
                raise ArithmeticError("it diverged")
            return model

        with self.assertLogs("vergeai.worker", "WARNING"), self.assertRaisesRegex(ArithmeticError, "it diverged"):
            self.client.Experiment.train({"w": [1.0]}, train=train, rounds=4, project_id=project_id)
        (entry,) = self.client.Experiment.list(project_id=project_id).entries()
        self.assertEqual((entry.status, entry.num_jobs), ("idle", 4))
        statuses = [job.status for job in self.client.Job.list(project_id=project_id, experiment_id=entry.experiment_id).entries()]
        self.assertEqual(statuses, ["CANCELLED", "CANCELLED", "FAILED", "COMPLETED"])

    def test_ends_when_somebody_else_cancels_what_is_left(self) -> None:
        def train(model: Any, _: Any, job: vergeai.WorkerJob) -> Any:
            project_id = next(iter(self.projects_of(job.experiment_id)))
            for entry in self.client.Job.list(project_id=project_id, experiment_id=job.experiment_id).entries():
                if entry.status == "INITIALIZED":
                    self.client.Job.cancel(project_id=project_id, job_id=entry.job_id)
            return model

        with self.assertRaises(vergeai.JobCancelled):
            self.client.Experiment.train({"w": [1.0]}, train=train, rounds=3, experiment_name="Cancelled from elsewhere")

    def projects_of(self, experiment_id: str) -> list[str]:
        named = [project.project_id for project in self.client.Project.list().entries() if project.name == "Cancelled from elsewhere"]
        return [one for one in named if experiment_id in self.client.Project.get(project_id=one).body.experiments]

    def test_needs_a_model_or_an_experiment(self) -> None:
        for how in ({}, {"model": {"w": [1.0]}, "rounds": 0}):
            with self.assertRaises(vergeai.VergeAIError):
                self.client.Experiment.train(train=plus(1), **how)

    @needs_numpy
    def test_keeps_arrays_as_arrays(self) -> None:
        trained = self.client.Experiment.train({"w": numpy.ones(3, "f4")}, train=lambda model, *_: {"w": model["w"] * 2}, rounds=2)
        self.assertEqual((trained["w"].tolist(), trained["w"].dtype), ([4.0] * 3, numpy.float32))

    @needs_torch
    def test_trains_a_module_of_pytorch_where_it_is(self) -> None:
        torch.manual_seed(0)
        net = torch.nn.Linear(2, 1)
        images = torch.randn(64, 2)
        wanted = images @ torch.tensor([[2.0], [-3.0]]) + 0.5

        def train(net: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> None:
            optimizer = torch.optim.SGD(net.parameters(), lr=hyperparameters["learning_rate"])
            for _ in range(20):
                loss = torch.nn.functional.mse_loss(net(images), wanted)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                job.report(loss=loss)

        trained = self.client.Experiment.train(net, train=train, rounds=5, hyperparameters={"learning_rate": 0.1})
        self.assertLess(trained.curves["loss"][-1][1], 1e-3)
        for name, tensor in net.state_dict().items():
            self.assertTrue(torch.equal(tensor, trained[name]), name)
        torch.testing.assert_close(net.weight.detach(), torch.tensor([[2.0, -3.0]]), atol=0.01, rtol=0)


in_coroutines(globals())
