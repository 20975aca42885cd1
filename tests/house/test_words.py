"""No screen shows half a language."""

from django.utils import translation
from tools import words


def test_every_word_has_its_chinese() -> None:
    assert not words.missing()


def test_the_words_reach_the_product() -> None:
    words.compile_all()
    with translation.override("zh-hans"):
        assert translation.gettext("Simplified Chinese") == "简体中文"
