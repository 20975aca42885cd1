"""What messages say: the product's own words are whole, a city's are checked, a line without its figure is left out."""

from pathlib import Path

import pytest

from yizhi.core.profile import Profile
from yizhi.core.profile.messages import EVENTS, LANGUAGES, Messages, Wording, messages, usual
from yizhi.core.profile.source import Source


def read(folder: Path, text: str) -> tuple[Messages, list[str]]:
    (folder / "messages.toml").write_text(text, encoding="utf-8")
    source = Source(folder)
    return messages(source), source.faults


def test_everything_can_be_said_in_both_languages() -> None:
    said = {(event, channel) for event, channel, _ in usual()}
    assert {event for event, _ in said} == set(EVENTS)
    assert {("digest", "mail"), ("digest", "sms"), ("confirm", "mail"), ("confirm", "sms"), ("result", "sms")} <= said
    for event, channel in said:
        for language in LANGUAGES:
            assert usual()[event, channel, language].text


def test_a_city_says_one_thing_in_its_own_words(tmp_path: Path) -> None:
    found, faults = read(tmp_path, '[result.sms.zh-hans]\ntext = "有结果了：{link}"\n')
    assert not faults
    result, asked = (found.find(event, "sms", "zh-hans") for event in ("result", "asked"))
    assert result
    assert result.filled({"link": "L", "days": 3}).text == "有结果了：L"
    assert asked == usual()["asked", "sms", "zh-hans"]
    english = found.find("result", "sms", "en")
    assert english == usual()["result", "sms", "en"]
    assert found.find("result", "mail", "en") is None


def test_a_line_without_its_figure_is_left_out() -> None:
    said = Wording("新事项 {count} 件\n超时 {late} 件\n完")
    assert said.filled({"count": "3", "late": "", "link": ""}).text == "新事项 3 件\n完"


def test_a_profile_without_the_file_says_what_the_product_says(tmp_path: Path) -> None:
    assert messages(Source(tmp_path)) == Messages()
    assert Profile.__dataclass_fields__["messages"].default == Messages()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[reslut.sms.zh-hans]\ntext = "x"', "names the event “reslut”, which does not exist"),
        ('[result.pigeon.zh-hans]\ntext = "x"', "names the channel “pigeon”"),
        ('[result.sms.fr]\ntext = "x"', "names the language “fr”"),
        ("[result.sms.zh-hans]\n", "“text” is missing"),
        ('[result.sms.zh-hans]\ntext = "{name}：{link}"', "has the gap “name”; known are days, link"),
        ('[result.sms.zh-hans]\ntext = "{link.__class__}"', "has the gap “link.__class__”"),
        ('[result.sms.zh-hans]\ntext = "{link!r}"', "has the gap “link”"),
        ('[result.sms.zh-hans]\ntext = "{link"', "a brace that is not closed"),
        (f'[result.sms.zh-hans]\ntext = "{"长" * 201}"', "has 201 characters; a short message has at most 200"),
        ('[result.sms.zh-hans]\ntext = "x"\nsubjet = "y"', "“subjet” is not known here"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str, said: str) -> None:
    _, faults = read(tmp_path, text)
    assert any(said in fault for fault in faults), faults
