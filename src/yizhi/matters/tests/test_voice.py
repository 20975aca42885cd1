"""A voice note: kept like a photo, heard by whoever may see the matter and by its reporter, in parts where asked."""

import io
import re
import wave

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yizhi.cases import queries
from yizhi.cases.testing import Town, rows
from yizhi.doors.testing import signed_in
from yizhi.matters.tests.resident import TEXT, code_of, count, hidden, page, send


def recording(seconds: float = 0.5) -> SimpleUploadedFile:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\2" * int(8000 * seconds))
    return SimpleUploadedFile("a.wav", made.getvalue(), "audio/wav")


def _heard(shown: str) -> str:
    found = re.search(r'<audio[^>]* src="([^"]+)"', shown)
    assert found
    return found[1]


def test_who_speaks_need_not_type(now: Town, phone: Client, sticker: str) -> None:
    code = code_of(send(phone, sticker, text="", voice=recording()))
    whole = queries.tracked(code)
    assert whole.text == "（语音反映，请听录音）"
    assert [one.media_type for one in whole.steps[0].sounds] == ["audio/wav"]
    assert whole.steps[0].photos == []
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'thumbnails'") == [(0,)]
    own = phone.get(_heard(page(phone, code)))
    assert (own.status_code, own["Content-Type"], own.content[:4]) == (200, "audio/wav", b"RIFF")
    chen = signed_in(now.cast.ids["chen"], now.at)
    path = _heard(chen.get(f"/desk/{whole.number}/").content.decode())
    part = chen.get(path, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content, part["Content-Range"][:10]) == (206, b"RIFF", "bytes 0-3/")
    assert chen.get(path + "small/").status_code == 404
    assert signed_in(now.cast.ids["qiu"], now.at).get(path).status_code == 404


def test_a_minute_is_enough_and_the_words_stay(phone: Client, sticker: str) -> None:
    refused = send(phone, sticker, voice=recording(70))
    assert refused.status_code == 422
    assert "超过了60秒" in refused.content.decode()
    assert TEXT in refused.content.decode()
    assert count() == 0


def test_what_is_no_recording_is_refused(phone: Client, sticker: str) -> None:
    refused = send(phone, sticker, voice=SimpleUploadedFile("a.mp3", b"<?php ?>", "audio/mpeg"))
    assert refused.status_code == 422
    assert "不是能播放的录音" in refused.content.decode()


def test_a_recording_comes_through_a_refusal(phone: Client, sticker: str) -> None:
    refused = send(phone, sticker, voice=recording(), name="长" * 50).content.decode()
    assert "您的语音已经收到" in refused
    kept = {"key": hidden(refused), "text": TEXT, "kept_voice": hidden(refused, "kept_voice")}
    whole = queries.tracked(code_of(phone.post(f"/q/{sticker}", kept)))
    assert len(whole.steps[0].sounds) == 1
