"""Proposals of a category: what they are learned from, when they keep quiet, what they give as reasons."""

from itertools import product

from yizhi.core.sorting import LEAST, Model, by_list, by_model, grams, learn

LAMPS = [
    f"{place}的路灯{how}，晚上看不见" for place, how in product("东西南北中前后", ("不亮了", "坏了三天", "一直闪"))
]
WASTE = [f"{place}边的垃圾{how}，味道很大" for place, how in product("东西南北中前后", ("没人收", "堆成山", "满了"))]


def _learned() -> Model:
    told = [pair for lamp, waste in zip(LAMPS, WASTE, strict=True) for pair in (("0502", lamp), ("0401", waste))]
    model = learn(told * (LEAST // len(told) + 1))
    assert model is not None
    return model


def test_it_learns_what_words_belong_to_a_category_and_says_why() -> None:
    model = _learned()
    (first, *_) = by_model(model.weights, "我家门口的路灯又不亮了")
    assert first.category == "0502"
    assert any("路灯" in word for word in first.because)
    assert model.right == 1.0


def test_too_few_matters_teach_nothing() -> None:
    assert learn([("0502", text) for text in LAMPS]) is None
    assert learn([(f"05{n:02}", "路灯") for n in range(90)] * 9) is None


def test_words_that_say_nothing_get_no_proposal() -> None:
    assert by_model(_learned().weights, "你好，请问几点上班") == []
    assert by_list({"0502": ("路灯",)}, "你好，请问几点上班") == []


def test_what_only_one_matter_says_is_not_kept() -> None:
    weights = _learned().weights
    assert not any("的路" in gram and gram[0] in "甲乙" for gram in weights)
    told = [("0502", text) for text in LAMPS] * 20 + [("0502", "张三的路灯")]
    model = learn(told)
    assert model is not None
    assert "张三" not in model.weights


def test_numbers_and_letters_never_enter() -> None:
    found = "".join(grams("电话13800000000，车牌皖D12345"))
    assert set(found) == set("电话车牌皖")


def test_the_word_list_speaks_by_the_words_it_found() -> None:
    sorts = {"0502": ("路灯", "灯杆"), "0501": ("人行道",), "0401": ("垃圾",)}
    (first, *others) = by_list(sorts, "人行道旁边灯杆上的路灯不亮")
    assert (first.category, first.because) == ("0502", ("路灯", "灯杆"))
    assert [guess.category for guess in others] == ["0501"]
