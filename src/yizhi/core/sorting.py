"""What sort of matter somebody's words speak of: a proposal with its reasons, learned from matters that were closed.

The model is a table of short runs of characters and of how much each speaks for a category. It proposes to people who
then choose. It never decides, and nothing is refused, put off or made less urgent by it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import msgspec

#: How far a text is read, and the lengths of the runs of characters that count.
_READ, _LENGTHS = 400, (2, 3)
#: A run that fewer matters have is left out: it may be somebody's own words, and says little about others.
_LEAST_SEEN = 3
#: A category is learned from so many matters, and at all from so many together; before that the word list speaks.
LEAST_OF_ONE, LEAST = 10, 300
#: A run speaks for so many categories at most, and only when it speaks clearly.
_MOST_SORTS, _CLEAR = 6, 0.5
#: A proposal has so much behind it, and the others have at most so much of what the best has.
_ENOUGH, _BESIDE = 4.0, 0.6
_PROPOSALS, _REASONS = 3, 3
#: Every so many matters one is kept from learning, to see how often a proposal is right.
_KEPT_BACK = 5

_NO_WORDS = re.compile(r"[\W\d_a-zA-Z]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that the words may speak of, and which of them."""

    category: str
    because: tuple[str, ...]


class Model(msgspec.Struct, frozen=True):
    """`weights`: run of characters → category → how much it speaks for it. `learned` from so many matters; of those
    kept back a first proposal was made for the share `spoke`, and was right in the share `right` of these."""

    learned: int
    spoke: float
    right: float
    weights: Mapping[str, Mapping[str, float]]


def grams(text: str) -> set[str]:
    """The runs of a text, without numbers, names of letters and marks."""
    words = _NO_WORDS.split(text[:_READ])
    return {word[i : i + length] for word in words for length in _LENGTHS for i in range(len(word) - length + 1)}


# ----- learning


def learn(told: Sequence[tuple[str, str]]) -> Model | None:
    """From pairs of category and words, the category settled by people. None when they are too few."""
    enough = {code for code, count in Counter(code for code, _ in told).items() if count >= LEAST_OF_ONE}
    used = [(code, text) for code, text in told if code in enough]
    if len(used) < LEAST:
        return None
    kept_back = used[::_KEPT_BACK]
    trial = _weights(pair for place, pair in enumerate(used) if place % _KEPT_BACK)
    firsts = [(code, next(iter(by_model(trial, text)), None)) for code, text in kept_back]
    spoke = [code == guess.category for code, guess in firsts if guess]
    return Model(
        learned=len(used),
        spoke=round(len(spoke) / len(kept_back), 3),
        right=round(sum(spoke) / len(spoke), 3) if spoke else 0.0,
        weights=_weights(used),
    )


def _weights(told: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """How much oftener a run stands in matters of a category than in all."""
    matters: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for code, text in told:
        matters[code] += 1
        for gram in grams(text):
            seen[gram][code] += 1
    found = {}
    for gram, by_sort in seen.items():
        total = by_sort.total()
        if total >= _LEAST_SEEN and (clear := _clear(by_sort, total, matters)):
            found[gram] = clear
    return found


def _clear(by_sort: Counter[str], total: int, matters: Counter[str]) -> dict[str, float]:
    usual = (total + 0.5) / (matters.total() + 1)
    weights = {code: log((count + 0.5) / (matters[code] + 1) / usual) for code, count in by_sort.items()}
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SORTS]
    return {code: round(weight, 3) for code, weight in best if weight >= _CLEAR}


# ----- proposing


def by_model(weights: Mapping[str, Mapping[str, float]], text: str) -> list[Guess]:
    """The likeliest first; none when the words say too little."""
    scores: defaultdict[str, float] = defaultdict(float)
    known = [(gram, weights[gram]) for gram in grams(text) if gram in weights]
    for _gram, by_sort in known:
        for code, weight in by_sort.items():
            scores[code] += weight
    return [
        Guess(code, _reasons(text, {gram: by_sort[code] for gram, by_sort in known if code in by_sort}))
        for code in _likeliest(scores, _ENOUGH)
    ]


def by_list(sorts: Mapping[str, Sequence[str]], text: str) -> list[Guess]:
    """By a city's word list: a longer word says more."""
    read = text[:_READ]
    hits = {code: [word for word in words if word in read] for code, words in sorts.items()}
    scores = {code: float(sum(map(len, found))) for code, found in hits.items() if found}
    return [Guess(code, tuple(hits[code][:_REASONS])) for code in _likeliest(scores, 1.0)]


def _likeliest(scores: Mapping[str, float], enough: float) -> list[str]:
    best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:_PROPOSALS]
    least = max(enough, _BESIDE * best[0][1]) if best else enough
    return [code for code, score in best if score >= least]


def _reasons(text: str, weights: Mapping[str, float]) -> tuple[str, ...]:
    """The words that speak for it most, as they stand in the text: runs that overlap are one."""
    spans = sorted(_spans(text[:_READ], weights))
    joined: list[tuple[int, int, float]] = []
    for start, end, weight in spans:
        if joined and start < joined[-1][1]:
            last = joined.pop()
            start, end, weight = last[0], max(end, last[1]), weight + last[2]
        joined.append((start, end, weight))
    strongest = sorted(joined, key=lambda span: (-span[2], span[0]))[:_REASONS]
    return tuple(dict.fromkeys(text[start:end] for start, end, _ in strongest))


#: Reasons are words, not half the text: only the runs that say most are shown.
_SHOWN = 6


def _spans(text: str, weights: Mapping[str, float]) -> Iterator[tuple[int, int, float]]:
    most = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
    for gram, weight in most:
        start = text.find(gram)
        if start >= 0:
            yield start, start + len(gram), weight
