"""FedProx on a device: what the job says, and the term for the loss."""

import unittest
from typing import Any

import vergeai
from support.optional import needs_torch, torch
from vergeai.types import NextJob

OFFER = {"job_id": "j", "experiment_id": "e", "sequence": 1, "hyperparameters": {}}


class AJob(unittest.TestCase):
    def test_says_how_strongly_the_device_is_held_to_the_given_model(self) -> None:
        self.assertEqual(vergeai.WorkerJob(NextJob({**OFFER, "training": {"proximal_mu": 0.3}})).proximal_mu, 0.3)
        self.assertEqual(vergeai.WorkerJob(NextJob(OFFER)).proximal_mu, 0.0)


@needs_torch
class TheProximalTerm(unittest.TestCase):
    def network(self) -> Any:
        return torch.nn.Linear(2, 1, dtype=torch.float64)

    def test_is_half_of_mu_times_the_squared_distance_and_pulls_back(self) -> None:
        network = self.network()
        start = {name: value.detach().clone() for name, value in network.state_dict().items()}
        self.assertEqual(float(vergeai.proximal_term(network, start, 0.5)), 0.0)
        with torch.no_grad():
            network.weight += torch.tensor([[2.0, 0.0]])
            network.bias -= 1.0
        term = vergeai.proximal_term(network, start, 0.5)
        self.assertAlmostEqual(float(term), 0.25 * (4 + 1), places=12)
        term.backward()
        self.assertTrue(torch.allclose(network.weight.grad, torch.tensor([[1.0, 0.0]], dtype=torch.float64)))
        self.assertTrue(torch.allclose(network.bias.grad, torch.tensor([-0.5], dtype=torch.float64)))

    def test_takes_the_given_model_as_lists_of_numbers_too(self) -> None:
        network = self.network()
        start = {name: [[0.0, 0.0]] if name == "weight" else [0.0] for name in network.state_dict()}
        expected = sum(float((parameter**2).sum()) for parameter in network.parameters())
        self.assertAlmostEqual(float(vergeai.proximal_term(network, start, 2.0)), expected, places=12)

    def test_names_the_weight_that_is_missing(self) -> None:
        with self.assertRaises(KeyError):
            vergeai.proximal_term(self.network(), {}, 1.0)
