"""What is true of the asynchronous client alone; all else is in the suites that both pass."""

import asyncio
import os
import threading
import unittest
from typing import Any

import httpx2

import vergeai
from support.api_server import shared_server
from support.device_server import Device
from support.fault_server import FaultServer, as_json, silence
from support.seed import seeded

PAGE = as_json(200, {"data": [], "next_cursor": None})


def client_of(url: str, **how: Any) -> vergeai.AsyncClient:
    return vergeai.AsyncClient(api_key="key", base_url=url, **how)


class AnAsyncClient(unittest.IsolatedAsyncioTestCase):
    async def test_is_as_good_as_before_when_calls_of_it_were_cancelled(self) -> None:
        random = seeded()
        server = shared_server()
        async with vergeai.AsyncClient(api_key=server.key, base_url=server.url) as client:
            project = (await client.Project.create(project_name="Cancelled")).body.project_id
            for _ in range(100):
                calls = [asyncio.ensure_future(client.Project.get(project_id=project)) for _ in range(8)]
                await asyncio.sleep(random.random() / 100)
                for call in calls[::2]:
                    call.cancel()
                for answer in await asyncio.gather(*calls[1::2]):
                    self.assertEqual(answer.body.ID, project)

    async def test_leaves_the_loop_to_others_while_it_waits(self) -> None:
        with FaultServer(silence) as server:
            client = client_of(server.url)
            waiting = asyncio.ensure_future(client.Project.list())
            while not server.seen:
                await asyncio.sleep(0.01)
            waiting.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await waiting

    async def test_that_is_closed_ends_what_others_wait_for(self) -> None:
        with FaultServer(silence) as server:
            client = client_of(server.url, max_retries=0)
            waiting = asyncio.ensure_future(client.Project.list())
            while not server.seen:
                await asyncio.sleep(0.01)
            await client.close()
            with self.assertRaises(vergeai.ConnectionError):
                await asyncio.wait_for(waiting, 30)

    async def test_calls_by_the_http_client_that_it_is_given(self) -> None:
        async with httpx2.AsyncClient(headers={"x-mine": "a"}) as mine:
            for given in (mine, lambda: httpx2.AsyncClient(headers={"x-mine": "a"})):
                with FaultServer(PAGE) as server:
                    async with client_of(server.url, http_client=given) as client:
                        await client.Project.list()
                    self.assertEqual(server.seen[0].headers["x-mine"], "a")
            self.assertFalse(mine.is_closed)


class OneAsyncClient(unittest.TestCase):
    def test_answers_ten_thousand_calls_at_once_each_with_its_own(self) -> None:
        asyncio.run(self.ten_thousand())

    async def ten_thousand(self) -> None:
        server = shared_server()
        random = seeded()
        async with vergeai.AsyncClient(api_key=server.key, base_url=server.url) as client:
            project = (await client.Project.create(project_name="Ten thousand")).body.project_id
            made = await asyncio.gather(*(client.Experiment.create(project_id=project) for _ in range(50)))
            wanted = [random.choice(made).body.ID for _ in range(10_000)]

            async def get(experiment: str) -> str:
                return (await client.Experiment.get(project_id=project, experiment_id=experiment)).body.ID

            self.assertEqual(await asyncio.gather(*map(get, wanted)), wanted)

    def test_serves_one_loop_after_another_and_several_at_once(self) -> None:
        with FaultServer(PAGE) as server:
            client = client_of(server.url)
            told: list[Any] = []

            async def twice() -> None:
                await client.Project.list()
                told.append((await client.Project.list()).statusCode)

            for _ in range(3):
                asyncio.run(twice())
            threads = [threading.Thread(target=lambda: asyncio.run(twice())) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            self.assertEqual(told, [200] * 7)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_serves_a_process_that_was_forked(self) -> None:
        with FaultServer(PAGE) as server:
            client = client_of(server.url)

            async def call() -> int:
                return (await client.Project.list()).statusCode

            self.assertEqual(asyncio.run(call()), 200)
            child = os.fork()
            if child == 0:
                os._exit(0 if asyncio.run(call()) == 200 else 1)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertEqual(asyncio.run(call()), 200)


class AnAsyncWorker(unittest.IsolatedAsyncioTestCase):
    async def test_trains_by_a_coroutine(self) -> None:
        device = Device()

        async def train(model: Any, hyperparameters: Any, job: vergeai.WorkerJob) -> Any:
            await asyncio.sleep(0)
            return vergeai.Update({name: [2 * number for number in numbers] for name, numbers in model.items()})

        with FaultServer(device) as server:
            worker = vergeai.AsyncWorker("p", "device-key", train=train, base_url=server.url, poll=0.1)
            self.assertEqual(await worker.run(max_jobs=1), 1)
        self.assertEqual(device.called("submit_model_update")[0]["model"], {"w": [2, 4]})

    async def test_that_is_cancelled_lets_another_device_take_the_job(self) -> None:
        device = Device()
        started = asyncio.Event()

        async def train(*_: Any) -> Any:
            started.set()
            await asyncio.sleep(600)

        with FaultServer(device) as server:
            running = asyncio.ensure_future(vergeai.AsyncWorker("p", "device-key", train=train, base_url=server.url).run())
            await asyncio.wait_for(started.wait(), 30)
            running.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await running
        self.assertEqual([report["reason"] for report in device.called("report_failure")], ["The device was stopped."])
