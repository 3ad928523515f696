"""Following an experiment: by the event stream, across what breaks off, and by looking."""

import json
import threading
import time
import unittest
from typing import Any
from unittest import mock

import vergeai
from support.api_server import ApiServer, shared_server
from support.coroutines import in_coroutines
from support.device_server import until
from support.fault_server import Behaviour, FaultServer, Handler, Seen, as_json, problem
from vergeai._event_stream import EventStream

IDS = {"project_id": "p", "experiment_id": "e"}


def entry(sequence: int, type: str = "model_update_submitted", job_id: str = "j") -> dict[str, Any]:
    return {"sequence": sequence, "type": type, "job_id": job_id, "device_id": None, "actor_id": None, "key_id": None, "data": {}, "created_at": "…"}


def told(*entries: dict[str, Any], then: Any = None, cut: bool = False) -> Behaviour:
    """A stream that tells some entries, does something else perhaps, and ends, or breaks off."""

    def answer(handler: Handler, seen: Seen) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if cut:
            handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for one in entries:
            handler.wfile.write(f": a comment\n\nid: {one['sequence']}\nevent: {one['type']}\ndata: {json.dumps(one)}\n\n".encode())
            handler.wfile.flush()
        if then:
            then(handler)
        handler.close_connection = True

    return answer


class Experiment:
    """The experiment operations of a server with one log."""

    def __init__(self, *log: dict[str, Any], active: bool = True, current_job: str = "j", streams: Any = ()) -> None:
        self.log = list(log)
        self.experiment = {"ID": "e", "is_active": active, "current_job": current_job}
        self.streams = iter(streams)
        self.opened: list[Seen] = []
        self.looks = 0

    def __call__(self, handler: Handler, seen: Seen) -> None:
        if "/experiment/get/" in seen.path:
            return as_json(200, self.experiment)(handler, seen)
        if seen.headers["accept"] == "text/event-stream":
            self.opened.append(seen)
            stream = next(self.streams, None)
            return (stream or self.page)(handler, seen)
        self.looks += 1
        self.page(handler, seen)

    def page(self, handler: Handler, seen: Seen) -> None:
        query = dict(part.split("=") for part in seen.path.partition("?")[2].split("&"))
        after, limit = int(query["after"]), int(query.get("limit", 50))
        found = [one for one in self.log if one["sequence"] > after]
        more = found[limit - 1]["sequence"] if len(found) > limit else None
        as_json(200, {"data": found[:limit], "next_after": more})(handler, seen)

    def grows(self, *more: dict[str, Any], over: bool = False) -> None:
        self.log += more
        if over:
            self.experiment["is_active"] = False


@mock.patch("random.random", lambda: 0.0)
class Following(unittest.TestCase):
    def follow(self, server: FaultServer, **how: Any) -> Any:
        client = vergeai.Client(api_key="key", base_url=server.url, max_retries=2)
        return client.Experiment.follow(**IDS, **how)

    def sequences(self, experiment: Experiment, **how: Any) -> list[int]:
        with FaultServer(experiment) as server:
            return [event.sequence for event in self.follow(server, **how)]

    def test_an_experiment_that_is_over_tells_its_log_and_ends(self) -> None:
        experiment = Experiment(*(entry(n) for n in range(1, 451)), active=False)
        self.assertEqual(self.sequences(experiment), list(range(1, 451)))
        self.assertEqual(experiment.opened, [])
        self.assertEqual(self.sequences(experiment, after=440), list(range(441, 451)))

    def test_goes_on_with_the_stream_and_ends_with_the_last_job(self) -> None:
        def end(_: Handler) -> None:
            experiment.grows(last, after_it, over=True)

        last, after_it = entry(3, "job_completed"), entry(4, "current_model_changed")
        experiment = Experiment(entry(1))
        experiment.streams = iter([told(entry(2), then=end), told(last)])
        self.assertEqual(self.sequences(experiment), [1, 2, 3, 4])

    def test_loses_nothing_and_tells_nothing_twice_when_the_stream_breaks_off(self) -> None:
        experiment = Experiment(entry(1))
        over = lambda _: experiment.grows(entry(2), entry(3), entry(4, "job_failed"), over=True)  # noqa: E731
        experiment.streams = iter([told(entry(2), cut=True), problem(503, "stopping"), told(entry(3), then=over, cut=True), told(entry(4, "job_failed"))])
        self.assertEqual(self.sequences(experiment), [1, 2, 3, 4])
        self.assertEqual([seen.headers["last-event-id"] for seen in experiment.opened], ["1", "2", "2", "3"])
        self.assertEqual({seen.headers["authorization"] for seen in experiment.opened}, {"Bearer key"})

    def test_looks_now_and_then_where_no_stream_comes_through(self) -> None:
        experiment = Experiment(entry(1))
        with mock.patch("vergeai._sync.following.FIRST_PAUSE", 0.01), mock.patch("vergeai._aio.following.FIRST_PAUSE", 0.01), FaultServer(experiment) as server:
            events = self.follow(server)
            self.assertEqual(next(events).sequence, 1)
            experiment.grows(entry(2), entry(3, "job_completed"))
            self.assertEqual([next(events).sequence, next(events).sequence], [2, 3])
            experiment.grows(entry(4), over=True)
            self.assertEqual([event.sequence for event in events], [4])
        self.assertEqual(len(experiment.opened), 1)

    def test_waits_for_the_first_job_and_goes_on_for_ever_if_asked_to(self) -> None:
        for how, experiment in (({}, Experiment(entry(1), active=False, current_job="NONE")), ({"forever": True}, Experiment(entry(1), active=False))):
            experiment.streams = iter([told(entry(2), entry(3, "job_completed"), entry(4))])
            with FaultServer(experiment) as server:
                events = self.follow(server, **how)
                self.assertEqual([next(events).sequence for _ in range(4)], [1, 2, 3, 4])
                events.close()

    def test_ends_with_its_time(self) -> None:
        with FaultServer(Experiment(entry(1))) as server:
            with self.assertRaisesRegex(vergeai.TimeoutError, "Experiment e still goes on"):
                list(self.follow(server, timeout=0.3))

    def test_ends_with_what_the_server_refuses(self) -> None:
        with FaultServer(problem(404, "experiment_not_found")) as server:
            with self.assertRaises(vergeai.NotFound):
                list(self.follow(server))
        experiment = Experiment(entry(1), streams=[problem(401, "key_invalid")])
        with self.assertRaises(vergeai.AuthenticationError):
            self.sequences(experiment)

    def test_gives_up_a_server_that_stays_away(self) -> None:
        experiment = Experiment(entry(1), streams=[problem(503, "stopping")] * 9)
        away = [mock.patch(f"vergeai.{half}.following.LONGEST_AWAY", 0) for half in ("_sync", "_aio")]
        with away[0], away[1], self.assertRaises(vergeai.ServerError):
            self.sequences(experiment)
        self.assertEqual(len(experiment.opened), 3)


class AnEventStream(unittest.TestCase):
    def test_is_read_however_it_is_cut(self) -> None:
        text = ':\n\nid: 1\nevent: a\ndata: {"ü":\ndata:  1}\n\nretry: 5\n\ndata: 2\r\n\r\ndata:3\r\rid: 9\n\n'.encode()
        for size in range(1, len(text)):
            stream = EventStream()
            found = [event for at in range(0, len(text), size) for event in stream.feed(text[at : at + size])]
            self.assertEqual(found, ['{"ü":\n 1}', "2", "3"], size)

    def test_that_never_ends_an_event_is_ended(self) -> None:
        with mock.patch("vergeai._event_stream.LONGEST_EVENT", 1000), self.assertRaises(vergeai.ConnectionError):
            EventStream().feed(b"data: " + bytes(2000))


class AnExperimentOfTheServer(unittest.TestCase):
    def setUp(self) -> None:
        self.server = self.start()
        self.client = vergeai.Client(api_key=self.server.key, base_url=self.server.url)
        self.project_id = self.client.Project.create(project_name="Following").body.project_id
        self.ids = {"project_id": self.project_id, "experiment_id": self.client.Experiment.create(project_id=self.project_id).body.ID}
        self.client.Experiment.submit_start_model(**self.ids, model={"w": [1.0]})
        self.device = self.client.Device.create(project_id=self.project_id).body

    def start(self) -> ApiServer:
        return shared_server()

    def followed(self) -> tuple[threading.Thread, list[Any]]:
        seen: list[Any] = []
        thread = threading.Thread(target=lambda: seen.extend(self.client.Experiment.follow(**self.ids, timeout=120)), daemon=True)
        thread.start()
        return thread, seen

    def test_is_followed_from_its_creation_to_its_last_model(self) -> None:
        thread, seen = self.followed()
        jobs = [self.client.Job.create(**self.ids, num_devices=1).body.ID for _ in range(3)]
        worker = vergeai.Worker(self.project_id, self.device.device_api_key, train=lambda model, *_: model, base_url=self.server.url)
        worker.run(max_jobs=3)
        thread.join(60)
        self.assertFalse(thread.is_alive())
        self.assertEqual([event.sequence for event in seen], list(range(1, len(seen) + 1)))
        self.assertEqual(seen, list(self.client.Experiment.events(**self.ids).entries()))
        self.assertEqual([event.job_id for event in seen if event.type == "job_completed"], jobs)
        self.assertEqual(seen[-1].type, "current_model_changed")

    def test_tells_whoever_waits_for_a_job_at_once(self) -> None:
        job_id = self.client.Job.create(**self.ids, num_devices=1).body.ID
        asked: list[str] = []
        ended: list[float] = []

        def wait() -> None:
            with self.assertRaises(vergeai.JobCancelled):
                self.client.Job.wait_for_completion(project_id=self.project_id, job_id=job_id, on_progress=lambda job: asked.append(job.status))
            ended.append(time.monotonic())

        waiting = threading.Thread(target=wait, daemon=True)
        # Nobody looks now and then: who hears of it, hears it from the stream.
        with mock.patch("vergeai._sync.waiting._Watch.keep_looking", mock.Mock(side_effect=AssertionError)), mock.patch("vergeai._aio.waiting._AsyncWatch.keep_looking", mock.Mock(side_effect=AssertionError)):
            waiting.start()
            until(lambda: bool(asked))
            self.client.Job.cancel(project_id=self.project_id, job_id=job_id)
            waiting.join(60)
        self.assertEqual((asked[-1], len(ended)), ("CANCELLED", 1))


class AServerThatIsKilled(AnExperimentOfTheServer):
    def start(self) -> ApiServer:
        return ApiServer()

    test_tells_whoever_waits_for_a_job_at_once = None  # type: ignore[assignment]

    def test_is_followed_from_its_creation_to_its_last_model(self) -> None:
        """Across its end and its return, however short the patience of a single call is."""
        self.client = vergeai.Client(api_key=self.server.key, base_url=self.server.url, max_retries=0)
        thread, seen = self.followed()
        job_id = self.client.Job.create(**self.ids, num_devices=1).body.ID
        until(lambda: bool(seen))
        self.server.kill()
        self.server = self.server.restarted()
        self.addCleanup(self.server.stop)
        worker = vergeai.Worker(self.project_id, self.device.device_api_key, train=lambda model, *_: model, base_url=self.server.url)
        worker.run(max_jobs=1)
        thread.join(60)
        self.assertFalse(thread.is_alive())
        self.assertEqual([event.sequence for event in seen], list(range(1, len(seen) + 1)))
        self.assertEqual([event.job_id for event in seen if event.type == "job_completed"], [job_id])


in_coroutines(globals(), without=("AnEventStream",))
