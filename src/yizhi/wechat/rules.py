"""A conversation of two questions: what has happened (a sentence or a photo) → where → one look at it → a report. Pure:
the talk and what was said go in, the talk and what is to be answered come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from yizhi.core.case import Case, Event
from yizhi.core.errors import N_
from yizhi.notices.rules import said_to_asker
from yizhi.places.rules import to_wgs84

Step = Literal["", "where", "choose", "what", "confirm"]
Sort = Literal["text", "photo", "place", "hello", "enter", "goodbye", "quiet", "voice", "other"]
#: By which somebody writes: the official account, or the application of WeCom.
Line = Literal["account", "work"]
#: What is done with an answer: nothing, a report, a photo for the report just made, a look at one's own matters.
Act = Literal["", "report", "late_photo", "mine"]

MOST_PHOTOS: Final = 9
#: "你好" is no report.
_SHORTEST: Final = 4
_LONGEST: Final = 4000
#: So many bytes of it are shown once more: the platforms take no answer of more than 2,048.
_ECHOED: Final = 1000
#: After so many places that nobody knows the desk of the whole city takes it, with the words as they are.
_MOST_ASKED: Final = 2
_MOST_CHOICES: Final = 8

_CANCEL: Final = frozenset(("取消", "不报了", "算了", "退出", "cancel", "stop"))
_HELP: Final = frozenset(("帮助", "怎么用", "你好", "您好", "help", "hello"))
_MINE: Final = frozenset(("进度", "查询", "查进度", "我的", "我的上报", "progress"))
_YES: Final = frozenset(("1", "１", "是", "是的", "对", "对的", "好", "好的", "确认", "提交", "yes", "ok"))
_OTHER_PLACE: Final = frozenset(("2", "２", "改地点", "地点不对"))


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in. `text` is also what a voice was understood as, and what a map calls a place."""

    sort: Sort
    text: str = ""
    photo: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A place that words or a point mean."""

    area: str
    name: str


class Talk(msgspec.Struct, omit_defaults=True):
    """Where a conversation stands. `photos` by the platform's own numbers; `place` as it was said; `choices` are
    areas offered by number; `asked`: how often a place was asked for in vain. `case` is what was made of it."""

    step: Step = ""
    text: str = ""
    photos: list[str] = []
    area: str = ""
    area_name: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    choices: list[str] = []
    asked: int = 0
    case: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`sentences` are told one below the other, with `facts` filled in."""

    talk: Talk
    sentences: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    act: Act = ""


def heard(message: Mapping[str, str]) -> Heard:
    """From the platform's fields."""
    match message.get("MsgType"):
        case "text":
            return Heard("text", message.get("Content", ""))
        case "voice" if message.get("Recognition"):
            return Heard("text", message["Recognition"])
        case "image" if message.get("MediaId"):
            return Heard("photo", photo=message["MediaId"])
        case "location":
            lon, lat = _degrees(message.get("Location_Y", "")), _degrees(message.get("Location_X", ""))
            return Heard("place", message.get("Label", ""), lon=lon, lat=lat)
        case "event":
            return Heard(_EVENTS.get(message.get("Event", "").lower(), "quiet"))
        case "voice":  # the platform has not written down what was said
            return Heard("voice")
    return Heard("other")


#: `enter_agent`: whoever opens the application of WeCom, each time.
_EVENTS: Final[Mapping[str, Sort]] = {"subscribe": "hello", "unsubscribe": "goodbye", "enter_agent": "enter"}


def mark(message: Mapping[str, str]) -> str:
    """By which the platform says whether a message is the same one."""
    return message.get("MsgId") or f"{message.get('CreateTime', '')}:{message.get('Event', '')}"


def _degrees(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if -180 <= found <= 180 else None


#: Which areas words mean, and the nearest that holds a point.
Named = Callable[[str], Sequence[Found]]
Located = Callable[[float, float], Found | None]

WELCOME = N_("Tell us in a sentence or a photo what is wrong in your surroundings. Nothing else is needed.")
URGENT = N_("When somebody is in danger, ring 110, 119 or 120 at once.")
HOW = N_("“Progress” shows what became of yours, “cancel” stops.")
WHERE = N_("Where is it? Send your position (+ → Position), or write the community and the spot.")
WHERE_PHOTO = N_("The photo is here. Where is it? Send your position (+ → Position), or write community and spot.")
MORE_PHOTOS = N_("{count} photos are here. Where is it?")
NO_PLACE = N_("We do not know this place. Please write the name of the community or village, or send your position.")
WHICH = N_("Which of these is it? Answer with the number, or write the place anew:\n{choices}")
WHAT = N_("Noted: {place}. What is wrong there? One sentence is enough.")
CHECK = N_("Please look at it once:")
SUMMARY = N_("{text}\nPlace: {place}\nPhotos: {photos}")
CONFIRM = N_("Answer 1 to send it, 2 for another place, “cancel” to stop. You may still add words or photos.")
CANCELLED = N_("Stopped; nothing was sent.")
NOTHING = N_("There is nothing to stop. Tell us in a sentence or a photo what is wrong.")
ONLY = N_("We can take words, photos and a position. Please send it as one of these.")
VOICE = N_("Voice messages are not heard here. Press on it to turn it into words, or speak into the keyboard.")
TOO_MANY = N_("Nine photos are enough; this one was left out.")
TOO_LONG = N_("That is very long. Please say it in fewer than {limit} characters.")
PHOTO_ADDED = N_("The photo goes to {number} as well.")
REPORTED = N_("Thank you. It is registered: {number}. {unit} sees to it first.")
SEE = N_("How it goes on, and whether it is solved, you see and say here: {link}")
QUIET = N_("We will not write to you here about it. Keep the number elsewhere; you may delete this conversation.")
KEPT_FROM = N_("It was not sent: {why}")


#: What is answered whatever was talked of before.
_SAID: Final[Mapping[Sort, tuple[str, ...]]] = {"other": (ONLY,), "voice": (VOICE,), "quiet": ()}


def turn(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    """The next step of a conversation."""
    word = heard.text.strip().lower().strip("“”\"'。.!！")
    if heard.sort == "hello" or (heard.sort == "text" and not talk.step and word in _HELP):
        return Answer(talk, (WELCOME, URGENT, HOW))
    if heard.sort == "enter":
        return Answer(talk, () if talk.step or talk.case is not None else (WELCOME, URGENT, HOW))
    if heard.sort == "text" and word in _CANCEL:
        return Answer(Talk(), (CANCELLED if talk.step else NOTHING,))
    if heard.sort == "text" and word in _MINE:
        return Answer(talk, (), act="mine")
    if heard.sort in _SAID:
        return Answer(talk, _SAID[heard.sort])
    if heard.sort == "text" and len(talk.text) + len(heard.text) > _LONGEST:
        return Answer(talk, (TOO_LONG,), {"limit": str(_LONGEST)})
    return _STEPS[talk.step](talk, heard, named, located)


def _begin(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    if heard.sort == "photo":
        if talk.case is not None:
            return Answer(talk, (PHOTO_ADDED,), {"number": talk.number}, act="late_photo")
        return Answer(Talk(step="where", photos=[heard.photo]), (WHERE_PHOTO, URGENT))
    if heard.sort == "place":
        return _placed(Talk(), heard, located)
    if len(heard.text.strip()) < _SHORTEST:
        return Answer(talk, (WELCOME, URGENT, HOW))
    fresh = Talk(step="where", text=heard.text.strip())
    found = named(fresh.text)
    if len(found) == 1:  # what was said already is not asked again
        fresh.area, fresh.area_name = found[0].area, found[0].name
        return _check(fresh)
    return Answer(fresh, (WHERE, URGENT))


def _where(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    if heard.sort == "photo":
        return _photo(talk, heard) or Answer(talk, (MORE_PHOTOS,), {"count": str(len(talk.photos))})
    if heard.sort == "place":
        return _placed(talk, heard, located)
    said = heard.text.strip()
    talk.place = f"{talk.place} {said}".strip() if talk.asked else said
    found = named(said)
    if len(found) == 1:
        return _settled(talk, found[0])
    if found:
        offered = found[:_MOST_CHOICES]
        talk.step, talk.choices = "choose", [one.area for one in offered]
        lines = (f"{number} {one.name}" for number, one in enumerate(offered, 1))
        return Answer(talk, (WHICH,), {"choices": "\n".join(lines)})
    return _unknown(talk)


def _unknown(talk: Talk) -> Answer:
    """Asked once more; then the desk of the whole city takes it, with the words and the point as they are."""
    talk.step, talk.asked = "where", talk.asked + 1
    return _settled(talk, Found("", "")) if talk.asked >= _MOST_ASKED else Answer(talk, (NO_PLACE,))


def _choose(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    number = heard.text.strip()
    if heard.sort == "text" and number.isdecimal() and 1 <= int(number) <= len(talk.choices):
        return _settled(talk, named(talk.choices[int(number) - 1])[0])
    talk.step, talk.choices = "where", []
    return _where(talk, heard, named, located)


def _what(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    if heard.sort == "photo":
        return _photo(talk, heard) or Answer(talk, (WHAT,), {"place": _place(talk)})
    if heard.sort == "place":
        return _placed(talk, heard, located)
    talk.text = heard.text.strip()
    return Answer(talk, (), act="report")


def _confirm(talk: Talk, heard: Heard, named: Named, located: Located) -> Answer:
    if heard.sort == "photo":
        return _photo(talk, heard) or _check(talk)
    if heard.sort == "place":
        return _placed(talk, heard, located)
    word = heard.text.strip().lower()
    if word in _YES:
        return Answer(talk, (), act="report")
    if word in _OTHER_PLACE:
        talk.step, talk.area, talk.area_name, talk.place, talk.asked = "where", "", "", "", 0
        talk.lon = talk.lat = None
        return Answer(talk, (WHERE,))
    talk.text = f"{talk.text}\n{heard.text.strip()}"
    return _check(talk)


_STEPS: Final = {"": _begin, "where": _where, "choose": _choose, "what": _what, "confirm": _confirm}


def _photo(talk: Talk, heard: Heard) -> Answer | None:
    """None when it was taken in."""
    if len(talk.photos) >= MOST_PHOTOS:
        return Answer(talk, (TOO_MANY,))
    talk.photos.append(heard.photo)
    return None


def _placed(talk: Talk, heard: Heard, located: Located) -> Answer:
    if heard.lon is None or heard.lat is None:
        return Answer(talk, (ONLY,))
    lon, lat = to_wgs84(heard.lon, heard.lat)
    talk.lon, talk.lat, talk.place = lon, lat, heard.text.strip()
    found = located(lon, lat)
    return _settled(talk, found) if found else _unknown(talk)


def _settled(talk: Talk, found: Found) -> Answer:
    """The place is known; what is still missing is the sentence, or one look at it."""
    talk.area, talk.area_name, talk.choices = found.area, found.name, []
    if talk.text:
        return _check(talk)
    talk.step = "what"
    return Answer(talk, (WHAT,), {"place": _place(talk)})


def _check(talk: Talk) -> Answer:
    talk.step = "confirm"
    facts = {"text": cut(talk.text, _ECHOED), "place": cut(_place(talk), _ECHOED // 4), "photos": str(len(talk.photos))}
    return Answer(talk, (CHECK, SUMMARY, CONFIRM), facts)


def _place(talk: Talk) -> str:
    """The area and the words, without saying twice what both say."""
    area = (part for part in talk.area_name.split() if part not in talk.place)
    return " ".join((*area, talk.place)).strip()


#: Where one's own matter stands, in a word or two.
STATES: Final[Mapping[str, str]] = {
    "reported": N_("registered"),
    "accepted": N_("taken on"),
    "dispatched": N_("handed to a unit"),
    "handling": N_("being dealt with"),
    "suspended": N_("waiting"),
    "handled": N_("being checked"),
    "verified": N_("please say whether it is solved"),
    "closed": N_("at its end"),
    "declined": N_("where to turn stands here"),
    "transferred": N_("handed over"),
    "ended": N_("at its end"),
    "merged": N_("dealt with together with another"),
}
NONE_YET = N_("Nothing of yours was reported here of late.")


# -- what is told when a matter moves ---------------------------------------------------------------------------

#: For the field of a template that names the state, by what is told (an event of `core.profile.messages`): five
#: characters at most in Chinese.
WORDS: Final[Mapping[str, str]] = {
    "taken": N_("taken on"),
    "replied": N_("answered"),
    "asked": N_("a question"),
    "result": N_("your word"),
    "delayed": N_("takes longer"),
    "decided": N_("where to turn"),
    "ended": N_("at its end"),
}
_BY_MOVE: Final[Mapping[str, str]] = {"accept": "taken", "take": "taken", "reply": "replied"}


def told(event: Event, case: Case) -> str:
    """What whoever reported it here is told of an event; "" for nothing. Beside what everybody is told who asked for
    it also that it was taken on, and each answer: it costs nobody anything."""
    if event.account is not None and case.is_open and event.move in _BY_MOVE:
        return _BY_MOVE[event.move]
    return said_to_asker(event, case)


#: What the platform allows in a field of a template, by how the field's name begins.
_MOST: Final[Mapping[str, int]] = {"thing": 20, "phrase": 5, "character_string": 32, "short_thing": 4, "const": 20}


def fitted(key: str, value: str) -> str:
    """A value as a field of a template takes it: a longer one is refused as a whole."""
    most = _MOST.get(key.rstrip("0123456789"), 32)
    return value if len(value) <= most else value[: most - 1] + "…"


def cut(text: str, most: int) -> str:
    """To so many bytes; no character is cut in two."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account, and which of its fields takes what: "number", "state", "time", "note"."""

    id: str
    fields: Mapping[str, str]


_FILLS: Final = frozenset(("number", "state", "time", "note"))


def template(said: str) -> Template | None:
    """From the settings: an id, then pairs like number=character_string1. `ValueError` for anything else."""
    name, *pairs = said.split() or [""]
    fields = dict(pair.split("=", 1) for pair in pairs)
    if name and not (fields and fields.keys() <= _FILLS):
        raise ValueError(said)
    return Template(name, fields) if name else None
