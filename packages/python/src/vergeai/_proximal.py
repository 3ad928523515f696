"""What FedProx adds to the loss of a device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def proximal_term(network: Any, start: Mapping[str, Any], proximal_mu: float) -> Any:
    """μ/2·Σ(w − w₀)² over the parameters of a PyTorch network, to be added to the loss, where w₀ is the model that the
    device was given. Its gradient pulls each weight back by μ(w − w₀).

    :param network: a module, or pairs of name and parameter.
    :param start: what the training function was given, by the names of the parameters.
    :param proximal_mu: ``job.proximal_mu``; with 0 the term is 0.

    >>> loss = criterion(network(x), y) + vergeai.proximal_term(network, model, job.proximal_mu)  # doctest: +SKIP
    """
    named: Iterable[tuple[str, Any]] = network.named_parameters() if hasattr(network, "named_parameters") else network
    squares = [((weight - _like(weight, start[name])) ** 2).sum() for name, weight in named]
    return proximal_mu / 2 * sum(squares)


def _like(weight: Any, value: Any) -> Any:
    """As a tensor of the same kind and place, of which no gradient is taken."""
    return value.detach().to(weight) if hasattr(value, "detach") else weight.new_tensor(value)
