"""What a call of the Python client costs beyond httpx2's own, in microseconds of this process.

    calls.py <url of the package's sources> <base url> <path>

Every line on the standard input names a side and a way, such as ``bare sync``, and is answered with a JSON object.
"""

import asyncio
import json
import sys
import time

sources, base_url, path = sys.argv[1:]
sys.path[:0] = [sources]

import httpx2  # noqa: E402

import vergeai  # noqa: E402

CALLS = 2000
AT_ONCE = 64
PROJECT, EXPERIMENT = path.split("/")[-2:]
HEADERS = {"Authorization": "Bearer benchmark", "Accept": "application/json"}

bare_client = httpx2.Client(base_url=base_url, headers=HEADERS)
client = vergeai.Client(api_key="benchmark", base_url=base_url)


def bare():
    response = bare_client.get(path)
    response.raise_for_status()
    return response.json()["ID"]


def ours():
    return client.Experiment.get(project_id=PROJECT, experiment_id=EXPERIMENT).body.ID


async def in_coroutines(call):
    async def some():
        for _ in range(CALLS // AT_ONCE):
            await call()

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return CALLS // AT_ONCE * AT_ONCE


async def bare_async():
    async with httpx2.AsyncClient(base_url=base_url, headers=HEADERS) as one:

        async def call():
            response = await one.get(path)
            response.raise_for_status()
            return response.json()["ID"]

        return await in_coroutines(call)


async def ours_async():
    async with vergeai.AsyncClient(api_key="benchmark", base_url=base_url) as one:

        async def call():
            return (await one.Experiment.get(project_id=PROJECT, experiment_id=EXPERIMENT)).body.ID

        return await in_coroutines(call)


def in_turn(call):
    for _ in range(CALLS):
        call()
    return CALLS


WAYS = {
    "bare sync": lambda: in_turn(bare),
    "ours sync": lambda: in_turn(ours),
    "bare async": lambda: asyncio.run(bare_async()),
    "ours async": lambda: asyncio.run(ours_async()),
}

assert bare() == ours(), "both must have the same answer"
for way in WAYS.values():
    way()
print("ready", flush=True)
for line in sys.stdin:
    wall, processor = time.perf_counter(), time.process_time()
    calls = WAYS[line.strip()]()
    measured = {"wallUs": (time.perf_counter() - wall) / calls * 1e6, "cpuUs": (time.process_time() - processor) / calls * 1e6}
    print(json.dumps(measured), flush=True)
