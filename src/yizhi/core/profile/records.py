"""The base records of a city: which registers it keeps, and each field with its ground.

The register of fields drives forms, masks, exports and deletion. A personal field without purpose, legal basis,
written mandate and an end is refused, and so is whatever marks people instead of describing a home.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from yizhi.core.profile.source import Entry, Source

FieldType = Literal["text", "choice", "date", "id_card", "phone", "uscc", "number"]
FieldClass = Literal["public", "internal", "personal", "sensitive"]
Subject = Literal["person", "household", "body"]
Level = Literal["building", "entrance", "room"]

_TYPES: tuple[FieldType, ...] = get_args(FieldType)
_CLASSES: tuple[FieldClass, ...] = get_args(FieldClass)
_SUBJECTS: tuple[Subject, ...] = get_args(Subject)
_LEVELS: tuple[Level, ...] = get_args(Level)
_PERSONAL: Final = frozenset(("personal", "sensitive"))
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Columns of every sheet of records.
_TAKEN: Final = frozenset(("address", "area", "record", "part_of", "register"))
#: Nothing about a person is kept longer without being confirmed anew.
_LONGEST: Final = 120
_LONGEST_HELP: Final = 24

#: What a register of homes has no business to know (Personal Information Protection Law, article 28), and whatever
#: sorts people. As code points where a word stands nowhere in the product, not even here.
_REFUSED: Final = (
    "宗教", "信仰", "教派", "健康", "疾", "患病", "病史", "残", "精神", "血型", "传染", "孕", "政治", "党派", "党员",
    "面貌", "人脸", "面部", "指纹", "虹膜", "声纹", "基因", "步态", "民族", "种族", "族别", "风险", "危险", "重点",
    "信访", "上访", "前科", "犯罪", "吸毒", "涉毒", "刑满", "刑释", "矫正", "失信", "征信", "积分", "评分", "画像",
    "标签", "等级", "预警", "轨迹", "嫌疑", "布控", "管控", "关注", "特殊", "\u7a33", "\u95f9", "\u7f20",
)  # fmt: skip
_REFUSED_LATIN: Final = re.compile(
    r"(?<![a-z])(religio|faith|health|illness|disease|disab|mental|blood|pregnan|politic|party(?![a-z])|face(?![a-z])"
    r"|facial|fingerprint|iris|voiceprint|biometr|genetic|dna|ethnic|race(?![a-z])|risk|danger|petition|crim|convict"
    r"|drug|offend|score|rating(?![a-z])|watch|suspect|track|label|special)"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a register knows. `consent`: kept only with the recorded consent of the person or the guardian
    and until a day of its own, at most `keep_months` ahead. `once`: no two records share it."""

    code: str
    label: Mapping[str, str]
    type: FieldType
    kind: FieldClass
    purpose: str = ""
    basis: str = ""
    mandate: str = ""
    keep_months: int = 0
    required: bool = False
    indexed: bool = False
    once: bool = False
    consent: bool = False
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        return self.kind in _PERSONAL


@dataclass(frozen=True, slots=True)
class Register:
    """`at`: the level of address that a record stands at, or a wider one. `part_of`: the register whose record at the
    same address it belongs to. `title`: the field that a record is called by."""

    code: str
    name: Mapping[str, str]
    about: Subject
    at: Level
    title: str
    fields: Mapping[str, Field]
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """`purposes` are the closed list of why somebody looks at a whole record, `sources` of where a correction comes
    from. More than `mass_export` records leave only with a second person. `person` is the register whose people can
    ask for their own record ("" for none), with a code that is good for `code_minutes`."""

    registers: Mapping[str, Register] = field(default_factory=dict)
    purposes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mass_export: int = 200
    code_minutes: int = 30

    @property
    def person(self) -> Register | None:
        return next((one for one in self.registers.values() if one.about == "person"), None)


def said(words: Mapping[str, str], lang: str) -> str:
    """`lang` may be "zh-hans"."""
    return words.get(lang[:2].lower()) or words["zh"]


def records(source: Source) -> Records:
    """From `records.toml`, which may be missing: then the city keeps no base records."""
    root, usual = source.toml("records.toml", required=False), Records()
    registers: dict[str, Register] = {}
    for code, entry in root.table("register").children():
        registers[code] = _register(code, entry, registers)
    found = Records(
        registers=registers,
        purposes=_choices(root.table("purpose")),
        sources=_choices(root.table("source")),
        mass_export=root.number("mass_export", usual.mass_export),
        code_minutes=root.number("code_minutes", usual.code_minutes),
    )
    if registers and not (found.purposes and found.sources):
        root.fault("“purpose” and “source” must each name at least one choice.")
    if not 5 <= found.code_minutes <= 24 * 60:
        root.fault(f"“code_minutes” must be from 5 to 1440, not {found.code_minutes}.")
    root.finish()
    return found


def _register(code: str, entry: Entry, above: Mapping[str, Register]) -> Register:
    about = entry.choice("about", _SUBJECTS)
    fields = {one.code: one for one in (_field(each, about) for each in entry.tables("field"))}
    part_of, title = entry.text("part_of", required=False), entry.text("title")
    found = Register(
        code=_code(entry, code),
        name=_words(entry, "name"),
        about=about,
        at=entry.choice("at", _LEVELS),
        title=title,
        fields=fields,
        part_of=part_of,
    )
    if title and title not in fields:
        entry.fault(f"“title” names the field “{title}”, which does not exist.")
    if part_of and part_of not in above:
        entry.fault(f"“part_of” names the register “{part_of}”, which does not stand above it.")
    if found.about == "person" and not any(one.type == "id_card" and one.once for one in fields.values()):
        entry.fault("a register of persons needs an “id_card” field with once = true: it tells people apart.")
    entry.finish()
    return found


def _field(entry: Entry, about: Subject) -> Field:
    code = _code(entry, entry.text("code"))
    found = Field(
        code=code,
        label=_words(entry, "label"),
        type=entry.choice("type", _TYPES),
        kind=entry.choice("class", _CLASSES),
        purpose=entry.text("purpose", required=False),
        basis=entry.text("basis", required=False),
        mandate=entry.text("mandate", required=False),
        keep_months=entry.number("keep_months", 0),
        required=entry.flag("required"),
        indexed=entry.flag("indexed"),
        once=entry.flag("once"),
        consent=entry.flag("consent"),
        options=_choices(entry.table("options")),
    )
    _expect_ground(entry, found)
    if found.personal or about != "body":
        _expect_harmless(entry, found)
    _expect_shape(entry, found)
    entry.finish()
    return found


def _expect_ground(entry: Entry, found: Field) -> None:
    if not found.personal:
        return
    for key in ("purpose", "basis", "mandate"):
        if not getattr(found, key):
            entry.fault(f"“{key}” is missing: a personal field is kept on a written ground, or not at all.")
    most = _LONGEST_HELP if found.consent else _LONGEST
    if not 1 <= found.keep_months <= most:
        entry.fault(f"“keep_months” must be from 1 to {most} for this field, not {found.keep_months}.")


def _expect_harmless(entry: Entry, found: Field) -> None:
    """Whatever it is called, in its label, its code or one of its choices."""
    words = [found.code, *found.label.values(), *found.options]
    words += [text for option in found.options.values() for text in option.values()]
    told = " ".join(words).lower().replace("_", " ")
    latin = _REFUSED_LATIN.search(told)
    word = latin[1] if latin else next((one for one in _REFUSED if one in told), "")
    if word:
        entry.fault(f"a field that speaks of “{word}” is not kept: records describe homes, they do not sort people.")


def _expect_shape(entry: Entry, found: Field) -> None:
    if (found.type == "choice") != bool(found.options):
        entry.fault("“options” belong to a field of type “choice”, and are needed there.")
    if found.consent and (not found.personal or found.required or found.indexed):
        entry.fault("a field kept by consent is personal, never required and never searched.")
    if found.once and not found.indexed:
        entry.fault("“once” needs “indexed”: only what is found can be compared.")
    if found.type == "id_card" and not found.personal:
        entry.fault("an ID number is personal.")


def _code(entry: Entry, code: str) -> str:
    if code and (not _CODE.fullmatch(code) or code in _TAKEN):
        entry.fault(f"“{code}” cannot be a code: small letters, digits and _, and none of {', '.join(sorted(_TAKEN))}.")
    return code


def _words(entry: Entry, key: str) -> Mapping[str, str]:
    table = entry.table(key)
    found = {"zh": table.text("zh"), "en": table.text("en")}
    table.finish()
    return found


def _choices(table: Entry) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for code, entry in table.children():
        found[code] = {"zh": entry.text("zh"), "en": entry.text("en")}
        entry.finish()
    return found
