"""Whatever is wrong with a profile is named, with its place, and all of it at once."""

import shutil
from pathlib import Path

import pytest

from yizhi.core.errors import BadProfile
from yizhi.core.profile import load, profiles_folder, seeds

FOLDER = profiles_folder() / "bagongshan"
CITY = load(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample city to plant faults in."""
    return Path(shutil.copytree(FOLDER, tmp_path / "city"))


def plant(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} must hold this once: {old}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    """What a planted profile is refused for, rules and registers."""
    with pytest.raises(BadProfile) as refused:
        seeds(folder)
    return refused.value.faults


#: File, what stands there, what is planted instead, and the sentence that names it.
PLANTED = [
    (
        "profile.toml",
        "send_backs = 2",
        "send_bakcs = 2",
        "profile.toml, limits: “send_bakcs” is not known here.",
    ),
    (
        "categories.csv",
        "Unsafe buildings,housing",
        "Unsafe buildings,houzing",
        "categories.csv, line 6: “lead” names the unit role “houzing”, which does not exist.",
    ),
    (
        "categories.csv",
        "0404,04,",
        "0403,04,",
        "categories.csv, line 27: the code 0403 stands in an earlier line too.",
    ),
    (
        "categories.csv",
        "Parking,traffic_police,street property,1,4,city default,24,city default,5,",
        "Parking,traffic_police,street property,1,4,city default,24,city default,-5,",
        "categories.csv, line 36: “finish_workdays” must be a whole number of 0 or more, not “-5”.",
    ),
    (
        "duties.csv",
        "0702,street",
        "0799,street",
        "duties.csv, line 11: “category” names the category “0799”, which does not exist.",
    ),
    (
        "routing.toml",
        'sources = ["field", "patrol", "visit"]',
        'sources = ["field", "patroll"]',
        "routing.toml, rule 6 (网格员发现气瓶隐患直通派出所): “sources” names the source “patroll”, which"
        " does not exist.",
    ),
    (
        "clocks.toml",
        'ground = "淮南市八公山区：当天交办"\n',
        "",
        "clocks.toml, clock 2 (dispatch): “ground” is missing.",
    ),
    (
        "roles.toml",
        '"opine"]\n\n# —— 镇街调度站',
        '"opines"]\n\n# —— 镇街调度站',
        "roles.toml, legal_adviser: “acts” names the act “opines”, which does not exist.",
    ),
    (
        "calendar.toml",
        "makeup = [2026-05-09]",
        "makeup = [2026-05-05]",
        "calendar.toml: 2026-05-05 is a holiday and a make-up day at once.",
    ),
    (
        "burden.toml",
        "# 缺一项",
        '[[on]]\nfeature = "photos"\nground = "区指挥部通知"\nuntil = 2026-12-31\n#',
        "burden.toml, on 1: “scene” is missing.",
    ),
    (
        "notices.toml",
        "quiet_to = 07:30:00",
        "quiet_to = 21:00:00",
        "notices.toml: “quiet_to” must be another time than “quiet_from”.",
    ),
    (
        "notices.toml",
        "warn_percent = 75",
        "warn_percent = 100",
        "notices.toml: “warn_percent” must be from 1 to 99, not 100.",
    ),
    (
        "notices.toml",
        '"station_chief"]',
        '"station_chef"]',
        "notices.toml: “duty_roles” names the role “station_chef”, which does not exist.",
    ),
    (
        "notices.toml",
        '"0302"]',
        '"0399"]',
        "notices.toml: “urgent” names the category “0399”, which does not exist.",
    ),
]

#: More faults, one at a time: of rules that contradict each other, and of the registers.
OTHERS = [
    (
        "profile.toml",
        'root_unit = "desk-340405"\n',
        "",
        "profile.toml: “root_unit” is missing.",
    ),
    (
        "profile.toml",
        "sample = 0.10",
        "sample = 10",
        "profile.toml, limits: “sample” must be a number from 0 to 1, not “10”.",
    ),
    (
        "profile.toml",
        "offline_hours = 16",
        "offline_hours = 200",
        "profile.toml, limits: “offline_hours” must be from 1 to 72, not 200.",
    ),
    (
        "words.toml",
        'zh = "街道小循环", en = "Street circle"',
        'zh = "街道小循环"',
        "words.toml, circle, street: “en” is missing.",
    ),
    (
        "words.toml",
        "[of.police.move]",
        "[of.polise.move]",
        "words.toml, of, polise: “of” names the kind “polise”, which does not exist.",
    ),
    (
        "roles.toml",
        'like = "grid_chief"',
        'like = "street_officer"',
        "roles.toml, community_clerk: “like” names the role “street_officer”, which does not stand above it.",
    ),
    (
        "categories.csv",
        "Street lights,urban_management,power,,4,city default",
        "Street lights,urban_management,power,,4,",
        "categories.csv, line 32: “arrive_ground” is missing.",
    ),
    (
        "categories.csv",
        "Street lights,urban_management,power,,4,city default",
        "Street lights,urban_management,power,,,city default",
        "categories.csv, line 32: “arrive_ground” is given, but “arrive_hours” is not.",
    ),
    (
        "categories.csv",
        '02,,治安与警网融合,"Public order, police and grid",,',
        '02,,治安与警网融合,"Public order, police and grid",station,',
        "categories.csv, line 13: a group of categories has neither a lead nor time limits.",
    ),
    (
        "categories.csv",
        "0502,05,路灯故障",
        "0502,,路灯故障",
        "categories.csv, line 32: a group of categories has neither a lead nor time limits.",
    ),
    (
        "categories.csv",
        "Street lights,urban_management,power,,",
        "Street lights,urban_management,power,perhaps,",
        "categories.csv, line 32: “grid” must be yes or no, not “perhaps”.",
    ),
    (
        "duties.csv",
        "0103,fire",
        "0103,police",
        "duties.csv, category 0103: police must lead 0103, but categories.csv proposes fire.",
    ),
    (
        "duties.csv",
        "0103,fire,district",
        "0103,fire,town",
        "duties.csv, line 3: “level” must be one of province, city, district, street, community, grid, spot,"
        " not “town”.",
    ),
    (
        "routing.toml",
        "hours = [22, 6]",
        "hours = [22, 22]",
        "routing.toml, rule 8 (夜间社会生活噪声建议派出所处置): “hours” must be two different hours from 0 to"
        " 24: from, and until (not included).",
    ),
    (
        "routing.toml",
        'keywords = ["停水", "供水", "水压", "自来水", "水管"]\n',
        "",
        "routing.toml, rule 14 (停电建议供电单位): it can never match: “停水建议供水单位” stands before it"
        " and takes all its reports.",
    ),
    (
        "routing.toml",
        'categories = ["11"]\n',
        'categories = ["11"]\nareas = ["3406"]\n',
        "routing.toml, rule 17 (涉企诉求建议企呼我为办公室): “areas” names 3406, which does not lie in 340405.",
    ),
    (
        "routing.toml",
        'with = ["grid"]\n',
        'with = ["grids"]\n',
        "routing.toml, rule 4 (警网联动事项直通派出所): “with” names the unit role “grids”, which does not exist.",
    ),
    (
        "routing.toml",
        'categories = ["0205"]\n',
        'categories = ["0205"]\nwith = ["grid"]\n',
        "routing.toml, rule 9 (犬只事项建议派出所办理): “with” belongs to a rule that routes: where a desk decides,"
        " the desk names who assists.",
    ),
    (
        "clocks.toml",
        'kinds = ["police"]\namount = 30',
        'kinds = "polise"\namount = 30',
        "clocks.toml, clock 4 (sign): “kinds” names the kind “polise”, which does not exist.",
    ),
    (
        "calendar.toml",
        "closes = 17:30:00",
        "closes = 07:30:00",
        "calendar.toml: “closes” must be later than “opens”.",
    ),
    (
        "calendar.toml",
        "makeup = [2026-05-09]",
        "makeup = [2026-05-08]",
        "calendar.toml: 2026-05-08 is a make-up day, but it is a working day anyway.",
    ),
    (
        "calendar.toml",
        "to = 2026-05-05",
        "to = 2026-04-05",
        "calendar.toml, holiday 10 (2026年劳动节): “to” must not be before “from”, nor a month after it.",
    ),
    (
        "calendar.toml",
        'zone = "Asia/Shanghai"',
        'zone = "Asia/Huainan"',
        "calendar.toml: “zone” names “Asia/Huainan”, which is no time zone.",
    ),
    (
        "staffing.toml",
        'rank = "district"\nrole = "district_leader"',
        'rank = "district"\nrole = "mayor"',
        "staffing.toml, norm 12: “role” names the role “mayor”, which does not exist.",
    ),
    (
        "areas.csv",
        "340405400,妙山林场\n",
        "",
        "areas.csv, line 53: the area above it, 340405400, does not stand above this line.",
    ),
    (
        "grids.csv",
        "340405001001002,",
        "340405001003002,",
        "grids.csv, line 3: 340405001003002 must be the code of a community in areas.csv and three digits more.",
    ),
    (
        "units.csv",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,police",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,desk-340404",
        "units.csv, line 177: “superior” names the unit “desk-340404”, which does not exist.",
    ),
    (
        "units.csv",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,police",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,station-tubazi",
        "units.csv, line 177: station-tubazi stands above itself: its superiors form a circle.",
    ),
    (
        "units.csv",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,police",
        "station-tubazi,土坝孜派出所,station,station,340405002,340405002,",
        "units.csv, line 177: station-tubazi has no superior; only desk-340405 may have none.",
    ),
    (
        "units.csv",
        "other,telecom,",
        "other,power,",
        "categories.csv: the role “telecom” is asked for, but no unit in units.csv has it.",
    ),
    (
        "posts.csv",
        "八公山区总网格长,leader-340405,340405,,2026-01-01,",
        "八公山区总网格长,leader-340405,340405,,2026-01-01,2025-12-31",
        "posts.csv, line 5: “valid_until” is before “valid_from”.",
    ),
    (
        "posts.csv",
        "八公山区总网格长,leader-340405,340405,,2026-01-01,",
        "八公山区总网格长,leader-340405,340406,,1 January,",
        "posts.csv, line 5: “include” names the area “340406”, which does not exist.",
    ),
    (
        "posts.csv",
        "八公山区总网格长,leader-340405,340405,,2026-01-01,,",
        "八公山区总网格长,leader-340405,340405,,2026-01-01,,,",
        "posts.csv, line 5: the line must have 9 values, as the head has.",
    ),
]


def test_ten_planted_faults_are_all_named_at_once(folder: Path) -> None:
    for file, old, new, _ in PLANTED:
        plant(folder, file, old, new)
    follows = "reading.toml, sorts: “sorts” names the category “0404”, which does not exist."
    assert sorted(faults(folder)) == sorted([follows, *(sentence for *_, sentence in PLANTED)])


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    PLANTED + OTHERS,
    ids=[f"{fault[0]}-{number}" for number, fault in enumerate(PLANTED + OTHERS, 1)],
)
def test_each_fault_is_named_with_its_place(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    plant(folder, file, old, new)
    assert sentence in faults(folder)


def test_a_folder_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(BadProfile) as refused:
        load(tmp_path / "nowhere")
    assert refused.value.faults == ["nowhere: there is no such folder."]


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "routing.toml").unlink()
    assert faults(folder) == ["routing.toml: the file is missing."]


def test_words_that_cannot_be_read_hide_no_other_faults_and_invent_none(folder: Path) -> None:
    """Kinds, sources and unit roles are unknown then: that is one fault, not one for every rule."""
    (folder / "words.toml").write_text("[kind", encoding="utf-8")
    plant(folder, "profile.toml", 'code = "bagongshan"\n', "")
    found = faults(folder)
    assert found[0].startswith("words.toml: it is not valid TOML")
    assert found[1:] == ["profile.toml: “code” is missing."]


def test_a_table_saved_by_excel_is_read(folder: Path) -> None:
    text = (folder / "duties.csv").read_text(encoding="utf-8")
    (folder / "duties.csv").write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert load(folder).duties == CITY.duties


def test_a_table_in_another_encoding_is_refused(folder: Path) -> None:
    text = (folder / "duties.csv").read_text(encoding="utf-8")
    (folder / "duties.csv").write_text(text, encoding="gbk")
    assert faults(folder) == ["duties.csv: the file must be saved as UTF-8."]


def test_a_wrong_head_is_told_column_by_column(folder: Path) -> None:
    plant(folder, "duties.csv", "category,lead,level,clause,line", "category,lead,rank,clause,line")
    assert faults(folder) == [
        "duties.csv, line 1: the column “level” is missing.",
        "duties.csv, line 1: the column “rank” is not known here.",
    ]


def test_the_version_follows_the_rules_and_not_the_registers(folder: Path) -> None:
    assert load(folder).version == CITY.version
    plant(folder, "posts.csv", "治东社区第一网格网格长", "治东社区第一网格负责人")
    assert load(folder).version == CITY.version
    plant(folder, "clocks.toml", "# 受理", "# 受理，当天")
    assert load(folder).version != CITY.version
