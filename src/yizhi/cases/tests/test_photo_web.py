"""Photos by the door: who may see the matter may see its photos, and the reporter those that their page shows."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils.html import escape
from PIL import Image
from pytest_django import Settings

from yizhi.cases import photos, tasks
from yizhi.cases.actions import erase
from yizhi.cases.queries import Picture, case
from yizhi.cases.testing import Town, rows
from yizhi.doors.middleware import VERSION_KEY
from yizhi.doors.photo_links import photo_url
from yizhi.notices.actions import Subscriber, drain


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture(town: Town) -> Picture:
    """A photo of a report in the first community."""
    made = BytesIO()
    Image.new("RGB", (900, 600), "red").save(made, "JPEG")
    made.seek(0)
    town.report(photos=(photos.keep(made),))
    return case(town.cast.chen, town.receipt.number).steps[0].photos[0]


def as_(town: Town, login: str) -> Client:
    """Somebody's browser, signed in."""
    client = Client()
    session = client.session
    ((version,),) = rows("SELECT token_version FROM people_account WHERE username = %s", login)
    session[SESSION_KEY], session[VERSION_KEY] = str(town.cast.ids[login]), version
    session.save()
    client.cookies["yizhi_session"] = session.session_key or ""
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("login", ["chen", "gao", "he", "wei"])
def test_who_may_see_the_matter_may_see_its_photo(town: Town, picture: Picture, login: str) -> None:
    answer = as_(town, login).get(photo_url(picture))
    assert answer.status_code == 200
    assert body(answer) == photos.path_of(picture.sha256).read_bytes()


def test_nothing_in_it_can_run_and_nobody_between_keeps_it(town: Town, picture: Picture) -> None:
    answer = as_(town, "chen").get(photo_url(picture))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"].startswith("private")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_small_ones_are_small(town: Town, picture: Picture) -> None:
    answer = as_(town, "chen").get(photo_url(picture, size="small"))
    with Image.open(BytesIO(body(answer))) as image:
        assert image.size == (480, 320)


def test_what_the_browser_has_is_not_sent_again(town: Town, picture: Picture) -> None:
    client = as_(town, "chen")
    mark = client.get(photo_url(picture))["ETag"]
    assert client.get(photo_url(picture), headers={"If-None-Match": mark}).status_code == 304
    assert client.get(photo_url(picture, size="small"), headers={"If-None-Match": mark}).status_code == 200


def test_hidden_looks_like_absent(town: Town, picture: Picture) -> None:
    absent = picture.id + 1000
    for client in (as_(town, "qiu"), Client()):
        hidden = client.get(photo_url(picture))
        gone = client.get(f"/photo/{absent}/")
        assert hidden.status_code == gone.status_code == 404
        assert hidden.content == gone.content
        assert not hidden.cookies


@pytest.mark.parametrize("which", ["0", "-1", "x", "1" * 30, "٣", "1:abc:def", escape("../../etc/passwd")])
def test_what_is_no_number_is_not_found(town: Town, which: str) -> None:
    assert as_(town, "chen").get(f"/photo/{which}/").status_code == 404


def test_the_reporters_page_signs_what_it_shows(town: Town, picture: Picture) -> None:
    address = photo_url(picture, town.receipt.code)
    assert town.receipt.code not in address, "the code itself would lie in every browser's history"
    assert Client().get(address).status_code == 200
    assert Client().get(photo_url(picture, town.receipt.code, "small")).status_code == 200
    forged = address.replace(f"/{picture.id}:", f"/{picture.id + 1}:")
    assert Client().get(forged).status_code == 404


def test_an_address_that_was_passed_on_ends(town: Town, picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    address = photo_url(picture, town.receipt.code)
    later = (datetime.now(UTC) + timedelta(days=1, seconds=5)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert Client().get(address).status_code == 404


def test_another_signature_of_ours_opens_no_photo(town: Town, picture: Picture) -> None:
    other = TimestampSigner(salt="another").sign(str(picture.id))
    assert Client().get(f"/photo/{other}/").status_code == 404


def test_an_erased_photo_is_gone_for_all(town: Town, picture: Picture) -> None:
    address = photo_url(picture, town.receipt.code)
    erase(town.receipt.number, by=town.lin, at=town.at, words=True)
    assert Client().get(address).status_code == 404
    assert as_(town, "chen").get(photo_url(picture)).status_code == 404


def test_a_lost_file_is_not_found_and_no_fault(town: Town, picture: Picture) -> None:
    photos.drop(picture.sha256)
    for size in ("", "small"):
        assert as_(town, "chen").get(photo_url(picture, size=size)).status_code == 404


def test_it_is_only_read(town: Town, picture: Picture) -> None:
    client = as_(town, "chen")
    assert client.post(photo_url(picture)).status_code == 405
    assert client.head(photo_url(picture)).status_code == 200


def test_the_worker_makes_small_copies(town: Town, picture: Picture, store: Path) -> None:
    assert drain(Subscriber("thumbnails", tasks.thumbnails), at=town.at) == 1
    assert photos.path_of(picture.sha256, small=True).exists()
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'thumbnails'") == [(0,)]


def test_a_photo_that_is_gone_does_not_hold_up_the_worker(town: Town, picture: Picture) -> None:
    photos.drop(picture.sha256)
    assert drain(Subscriber("thumbnails", tasks.thumbnails), at=town.at) == 1
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'thumbnails'") == [(0,)]
