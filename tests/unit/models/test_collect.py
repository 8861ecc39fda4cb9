"""Collecting pictures: consent first, labels by what was asked, one folder for each volunteer."""

import csv
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from models.collect.__main__ import main
from models.collect.consent import CHINESE, ENGLISH, VolunteerConsent
from models.collect.picture_set import NotAgreed, PictureSet, Volunteer
from models.collect.script import PICTURES, STEPS, label_columns, named, step_seconds
from models.collect.server import Collection, CollectServer
from models.evaluate.__main__ import main as evaluate
from models.evaluate.scenes import read_scenes
from tests.data.scenes import HERE

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
PICTURE = (HERE / "person_a.jpg").read_bytes()
TOKEN = "token-of-the-page"


class LocalPage:
    """The page's requests, without a browser."""

    def __init__(self, server: CollectServer) -> None:
        self.port = server.server_port

    def send(
        self, method: str, path: str, body: bytes | dict[str, Any] = b"", **headers: str
    ) -> tuple[int, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {"X-Collect-Token": TOKEN} | headers
        connection.request(method, path, content, sent)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        is_json = response.headers["Content-Type"] == "application/json"
        return response.status, json.loads(answer) if is_json else answer

    def agree(self, second: str = "") -> None:
        fields = {"agreed": True, "name": " 王  小明 ", "second_name": second}
        assert self.send("POST", "/api/consent", fields)[0] == 200

    def take(self, step: str, *views: str) -> tuple[int, Any]:
        for view in views:
            for number in range(PICTURES):
                status, answer = self.send("PUT", f"/api/steps/{step}/{view}/{number}", PICTURE)
                assert status == 200, answer
        return self.send("POST", f"/api/steps/{step}", {"status": "done"})


@pytest.fixture
def pictures(tmp_path: Path) -> PictureSet:
    return PictureSet(tmp_path / "set")


@pytest.fixture
def volunteer(pictures: PictureSet) -> Volunteer:
    return pictures.new_volunteer()


@pytest.fixture
def page(pictures: PictureSet, volunteer: Volunteer) -> Iterator[LocalPage]:
    collection = Collection(pictures, volunteer, TOKEN, threading.Lock())
    with CollectServer(collection) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield LocalPage(server)
        server.shutdown()
        thread.join()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class TestScript:
    def test_it_takes_about_twelve_minutes(self) -> None:
        assert 9 * 60 <= sum(step_seconds(step) for step in STEPS) <= 13 * 60

    def test_every_step_has_a_name_of_its_own_and_both_languages(self) -> None:
        assert len({step.name for step in STEPS}) == len(STEPS)
        assert all(step.zh and step.en.isascii() for step in STEPS)

    @pytest.mark.parametrize(
        ("name", "view", "expected"),
        [
            ("calm", "first", ("1", "1", "0", "0", "0", "0", "0")),
            ("left", "first", ("1", "1", "0", "0", "0", "1", "")),
            ("left", "second", ("", "1", "0", "0", "", "", "")),
            ("lap", "first", ("1", "1", "0", "0", "0", "", "1")),
            ("phone_back", "first", ("1", "1", "1", "0", "0", "", "")),
            ("phone_lap", "first", ("1", "1", "", "0", "0", "", "1")),
            ("phone_floor", "second", ("", "1", "1", "0", "", "", "")),
            ("dark_glasses", "first", ("1", "1", "0", "0", "1", "0", "0")),
            ("hand_cheek", "first", ("1", "1", "0", "0", "0", "0", "0")),
            ("lean_out", "first", ("", "1", "0", "0", "", "", "")),
            ("second_person", "first", ("2", "2", "0", "0", "0", "0", "0")),
            ("helper", "second", ("", "2", "0", "0", "", "", "")),
            ("leave", "second", ("0", "0", "0", "0", "", "", "")),
        ],
    )
    def test_labels_follow_from_what_was_asked(
        self, name: str, view: str, expected: tuple[str, ...]
    ) -> None:
        step = named(name)
        assert step
        labels = step.first if view == "first" else step.second
        assert tuple(label_columns(labels).values()) == expected


class TestConsent:
    def test_nothing_is_stored_before_it(self, page: LocalPage, pictures: PictureSet) -> None:
        assert page.send("GET", "/api/state")[1]["agreed"] is False
        put = page.send("PUT", "/api/steps/calm/first/0", PICTURE)
        assert put == (403, {"code": "not_agreed"})
        skip = page.send("POST", "/api/steps/calm", {"status": "skipped"})
        assert skip == (403, {"code": "not_agreed"})
        assert not pictures.folder.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"agreed": False, "name": "Wang"},
            {"agreed": True, "name": "  "},
            {"agreed": "yes", "name": "Wang"},
            {},
        ],
    )
    def test_it_needs_the_tick_and_the_name(
        self, page: LocalPage, pictures: PictureSet, fields: dict[str, Any]
    ) -> None:
        assert page.send("POST", "/api/consent", fields)[0] == 422
        assert not pictures.folder.exists()

    def test_the_form_is_stored_in_both_languages_with_name_and_time(
        self, volunteer: Volunteer
    ) -> None:
        volunteer.agree(VolunteerConsent("王小明", "Li Na"), AT)
        form = (volunteer.folder / "consent.txt").read_text("utf-8")
        for text in (CHINESE, ENGLISH, volunteer.number, "王小明", "Li Na", "2026-11-30T12:00:00"):
            assert text in form

    def test_another_person_must_have_agreed_too(self, page: LocalPage) -> None:
        page.agree()
        put = page.send("PUT", "/api/steps/second_person/first/0", PICTURE)
        assert put == (403, {"code": "not_agreed"})
        page.agree(second="李娜")
        assert page.take("second_person", "first")[0] == 200


class TestSet:
    def test_pictures_are_labelled_in_the_format_of_the_evaluation(
        self, page: LocalPage, pictures: PictureSet, volunteer: Volunteer
    ) -> None:
        page.agree()
        page.take("calm", "first", "second")
        status, state = page.take("dark_glasses", "first")
        assert status == 200
        assert {step["name"] for step in state["steps"] if step["status"] == "done"} == {
            "calm",
            "dark_glasses",
        }
        problems: list[str] = []
        scenes = list(read_scenes(pictures.folder, problems))
        assert problems == []
        assert len(scenes) == 3 * PICTURES
        assert {scene.source for scene in scenes} == {volunteer.number}
        assert all(scene.path.read_bytes() == PICTURE for scene in scenes)
        assert [scene.view for scene in scenes].count("second") == PICTURES
        covered = [scene for scene in scenes if scene.labels["face_occluded"]]
        assert [scene.notes for scene in covered] == ["dark_glasses"] * PICTURES
        calm = [scene for scene in scenes if scene.notes == "calm" and scene.view == "first"]
        assert all(scene.is_compliant for scene in calm)
        assert {scene.group for scene in scenes} == {volunteer.number}
        assert len(list(read_scenes(volunteer.folder, problems))) == len(scenes)
        named_files = [*pictures.folder.rglob("*.jpg"), *pictures.folder.rglob("*.csv")]
        assert not any("王" in str(path) for path in named_files)
        assert "王" not in (pictures.folder / "scenes.csv").read_text("utf-8")

    def test_every_label_is_read_by_the_evaluation(
        self, page: LocalPage, pictures: PictureSet
    ) -> None:
        page.agree()
        page.take("lap", "first")
        labels = [scene.labels["looking_down"] for scene in read_scenes(pictures.folder, [])]
        assert labels == [True] * PICTURES

    def test_the_evaluation_runs_on_it(
        self,
        page: LocalPage,
        pictures: PictureSet,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        page.agree()
        page.take("calm", "first")
        report = ["--parts", "--out", str(tmp_path / "report")]
        assert evaluate([str(pictures.folder), *report]) == 0
        output = capsys.readouterr().out
        assert "FINDINGS" in output
        assert "LEFT OUT" not in output

    def test_a_step_is_skipped_stopped_and_repeated(
        self, page: LocalPage, pictures: PictureSet, volunteer: Volunteer
    ) -> None:
        page.agree()
        page.take("calm", "first", "second")
        page.send("POST", "/api/steps/calm", {"status": "open"})
        assert rows(pictures.folder / "scenes.csv") == []
        assert not list(volunteer.folder.rglob("*.jpg"))
        early = page.send("POST", "/api/steps/calm", {"status": "done"})
        assert early == (409, {"code": "pictures_missing"})
        page.take("calm", "first")
        assert len(rows(pictures.folder / "scenes.csv")) == PICTURES
        page.send("POST", "/api/steps/calm", {"status": "skipped"})
        assert rows(pictures.folder / "scenes.csv") == []

    def test_an_interrupted_volunteer_goes_on(
        self, page: LocalPage, pictures: PictureSet, volunteer: Volunteer
    ) -> None:
        page.agree()
        page.take("calm", "first")
        page.send("POST", "/api/steps/mask", {"status": "skipped"})
        again = PictureSet(pictures.folder).volunteer(volunteer.number)
        statuses = {step.name: again.status(step) for step in STEPS if again.status(step) != "open"}
        assert statuses == {"calm": "done", "mask": "skipped"}
        assert again.has_agreed

    def test_a_volunteer_is_deleted_as_one_folder(
        self, page: LocalPage, pictures: PictureSet
    ) -> None:
        other = pictures.new_volunteer()
        other.agree(VolunteerConsent("Li"), AT)
        step = STEPS[0]
        for number in range(PICTURES):
            other.store_picture(step, "first", number, PICTURE)
        other.set_status(step, "done")
        page.agree()
        page.take("calm", "first")
        assert len(rows(pictures.folder / "scenes.csv")) == 2 * PICTURES
        assert page.send("DELETE", "/api/volunteer")[0] == 200
        assert [path.name for path in pictures.folder.glob("v*")] == [other.number]
        assert len(rows(pictures.folder / "scenes.csv")) == PICTURES
        late = page.send("PUT", "/api/steps/calm/first/0", PICTURE)
        assert late == (403, {"code": "not_agreed"})

    def test_a_picture_of_a_volunteer_who_has_not_agreed_is_not_stored(
        self, volunteer: Volunteer
    ) -> None:
        with pytest.raises(NotAgreed):
            volunteer.store_picture(STEPS[0], "first", 0, PICTURE)


class TestServer:
    def test_it_listens_on_this_machine_alone(self, pictures: PictureSet) -> None:
        collection = Collection(pictures, pictures.new_volunteer(), TOKEN, threading.Lock())
        with CollectServer(collection) as server:
            assert server.server_address[0] == "127.0.0.1"

    @pytest.mark.parametrize(
        "headers",
        [{"X-Collect-Token": "wrong"}, {"X-Collect-Token": ""}, {"Host": "evil.example"}],
        ids=["wrong token", "no token", "another host"],
    )
    def test_other_pages_of_the_browser_are_refused(
        self, page: LocalPage, headers: dict[str, str]
    ) -> None:
        for method, path in (
            ("GET", "/api/state"),
            ("POST", "/api/consent"),
            ("PUT", "/api/steps/calm/first/0"),
            ("DELETE", "/api/volunteer"),
        ):
            assert page.send(method, path, b"{}", **headers)[0] == 403

    def test_the_page_is_not_served_under_another_name(self, page: LocalPage) -> None:
        assert b"collect.js" in page.send("GET", "/")[1]
        assert page.send("GET", "/", Host="evil.example")[0] == 403

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("PUT", "/api/steps/calm/first/0", b"no picture", 422),
            ("PUT", "/api/steps/calm/first/0", b"", 422),
            ("PUT", "/api/steps/calm/third/0", PICTURE, 404),
            ("PUT", "/api/steps/calm/first/9", PICTURE, 404),
            ("PUT", "/api/steps/../first/0", PICTURE, 404),
            ("PUT", "/api/steps/nowhere/first/0", PICTURE, 404),
            ("POST", "/api/steps/calm", b'{"status": "lost"}', 422),
            ("POST", "/api/steps/calm", b"[]", 422),
            ("POST", "/api/steps/nowhere", b"{}", 404),
            ("GET", "/api/nowhere", b"", 404),
            ("GET", "/../__main__.py", b"", 404),
            ("DELETE", "/api/steps/calm", b"", 404),
        ],
    )
    def test_what_it_does_not_know_is_refused(
        self, page: LocalPage, method: str, path: str, body: bytes, status: int
    ) -> None:
        page.agree()
        assert page.send(method, path, body)[0] == status

    def test_a_huge_body_is_refused_unread(self, page: LocalPage) -> None:
        page.agree()
        huge = {"Content-Length": str(10**12)}
        assert page.send("PUT", "/api/steps/calm/first/0", b"x", **huge)[0] == 413


class TestCommand:
    def test_a_volunteer_is_deleted_by_number(
        self, pictures: PictureSet, volunteer: Volunteer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        volunteer.agree(VolunteerConsent("Li"), AT)
        command = ["--set", str(pictures.folder), "--delete"]
        assert main([*command, volunteer.number]) == 0
        assert not volunteer.folder.exists()
        assert main([*command, volunteer.number]) == 1
        assert "holds no volunteer" in capsys.readouterr().err

    @pytest.mark.parametrize("number", ["../elsewhere", "", "v0", "scenes.csv"])
    def test_only_folders_of_volunteers_are_deleted(
        self, tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        assert main(["--set", str(tmp_path / "set"), f"--resume={number or 'v'}"]) == 1
        assert (tmp_path / "elsewhere").is_dir()
        assert "holds no volunteer" in capsys.readouterr().err
