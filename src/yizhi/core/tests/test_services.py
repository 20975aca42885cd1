"""`services.toml`: every fault is named with its place; without the file a desk sorts errands and nobody is visited."""

from pathlib import Path

from yizhi.core.profile.services import Services, services
from yizhi.core.profile.source import Source

GOOD = """
errand = "0806"
circle_metres = 800
[[care]]
code = "elder"
title = { zh = "养老助老", en = "Old age" }
category = "0802"
[[law]]
code = "labour"
title = { zh = "劳动用工", en = "Employment" }
[[kind]]
code = "medical"
title = { zh = "看病买药", en = "Medical care" }
[[duty]]
title = { zh = "听您反映情况", en = "Hears what you tell" }
"""


def read(folder: Path, text: str) -> tuple[Services, list[str]]:
    (folder / "services.toml").write_text(text, encoding="utf-8")
    source = Source(folder)
    return services(source, {"0802", "0806"}), source.faults


def test_topics_of_care_and_of_the_law_menu_stand_apart(tmp_path: Path) -> None:
    found, faults = read(tmp_path, GOOD)
    assert faults == []
    assert [topic.code for topic in found.topics_for(law=False)] == ["elder"]
    assert [topic.code for topic in found.topics_for(law=True)] == ["labour"]
    assert (found.errand, found.circle_metres, list(found.kinds)) == ("0806", 800, ["medical"])


def test_without_the_file_nothing_is_offered(tmp_path: Path) -> None:
    assert services(Source(tmp_path), {"0806"}) == Services()


def test_every_fault_is_named(tmp_path: Path) -> None:
    wrong = GOOD.replace('"0806"', '"9999"').replace("800", "80000").replace('"labour"', '"elder"')
    _found, faults = read(tmp_path, wrong.replace('category = "0802"', 'catgory = "0802"'))
    told = "\n".join(faults)
    for said in ("“errand” names the category “9999”", "“circle_metres”", "two topics", "“category” is missing"):
        assert said in told
    assert all(fault.startswith("services.toml") for fault in faults)
