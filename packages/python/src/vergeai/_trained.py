"""What a training gives."""

from __future__ import annotations

from typing import Any

from ._curves import Curves


class TrainedModel(dict[str, Any]):
    """The trained model: ``{tensor name: tensor}``, as ``load_state_dict`` takes it, and where it came from."""

    def __init__(self, tensors: dict[str, Any], project_id: str, experiment_id: str, curves: Curves) -> None:
        super().__init__(tensors)
        self.project_id = project_id
        self.experiment_id = experiment_id
        """For the rest of the API, such as ``Experiment.describe``, and to go on from here."""
        self.curves = curves
        """What was measured, round by round."""

    def plot(self) -> Curves:
        """The same, drawn by a notebook, or with ``.save("curves.png")``."""
        return self.curves

    def __repr__(self) -> str:
        rows = self.curves.rows()
        last = ", ".join(f"{name} {value:.4g}" for name, value in rows[-1].items() if isinstance(value, float)) if rows else ""
        return f"<vergeai.TrainedModel of experiment {self.experiment_id}: {len(self)} tensors{', ' + last if last else ''}>"

    def _repr_html_(self) -> None:
        """Not as a dict: notebooks show the line above."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self), self.project_id, self.experiment_id, self.curves)
