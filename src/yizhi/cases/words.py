"""Words of people on their way into the store: what is searched, what is masked, what a code looks like."""

import hmac
import re
import secrets
import unicodedata
from hashlib import sha256

from yizhi.core.errors import N_, BadFact

#: Without letters that are mistaken for digits or for one another when read out or copied by hand.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: 13 characters of 32: 65 random bits.
CODE_LENGTH = 13
#: Search reads this far into a text.
_SEARCHED = 400

_NUMBERS = re.compile(r"[0-9０-９A-Za-z@._+-]*[0-9０-９][0-9０-９A-Za-z@._+-]*")
_GAPS = re.compile(r"[\W_]+")


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters that search reads. Numbers, phones and plates never enter it."""
    words = _GAPS.split(_NUMBERS.sub(" ", text[:_SEARCHED]).lower())
    return sorted({word[i : i + 2] for word in words for i in range(len(word) - 1)})


def tracking_code(secret: str, who: str, key: str | None) -> str:
    """The reporter's code. With a key it is derived, so that a repeated report gets the same code although only
    its hash is kept; without one it is random."""
    raw = hmac.digest(secret.encode(), f"tracking:{who}:{key}".encode(), "sha256") if key else secrets.token_bytes(32)
    return "".join(ALPHABET[byte & 31] for byte in raw[:CODE_LENGTH])


def tracking_hash(code: str) -> bytes:
    """How a code is kept. Spaces, dashes and small letters of a copied code do not matter."""
    return sha256(re.sub(r"[\s-]", "", code).upper().encode()).digest()


def masked_phone(phone: str) -> str:
    """138****5678: enough to recognise one's own."""
    return phone[:3] + "*" * max(len(phone) - 7, 4) + phone[-4:] if len(phone) >= 8 else "****"


def masked_name(name: str) -> str:
    """王**: the family name stays."""
    return name[:1] + "**" if name else ""


def reference_key(number: str) -> str:
    """A number as it is looked for, whatever dashes, brackets, widths and small letters somebody writes it with."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", number)).upper()


def dialled(phone: str) -> str:
    """A telephone number as it is dialled at home: how it was written down does not matter to who looks for it."""
    digits = re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", phone))
    return digits.removeprefix("+86").removeprefix("0086") or phone.strip()


class NoPhone(BadFact):
    """Facts: fact, phone."""

    message = N_(
        "“{phone}” is no telephone number: please check it. Mobile numbers have 11 digits; a landline is best written"
        " with its area code, as 0554-1234567."
    )


#: A telephone as people write it: digits with what stands between them, and an extension.
_WRITTEN = re.compile(
    r"\+?[0-9\s().,;/#*\u2010-\u2015\u3001-]+(?:(?:转|分机|ext\.?|x)[\s:]*[0-9]{1,6})?", re.IGNORECASE
)
#: The shortest landline without its area code, and as many as two numbers have.
_FEWEST, _MOST = 7, 30


def check_phone(typed: str, fact: str = "phone") -> None:
    """A number that rings nowhere reaches nobody. Mobiles, landlines with and without area code, 400 numbers and +86
    are fine, and so is no number at all. Raises `NoPhone`."""
    written = unicodedata.normalize("NFKC", typed).strip()
    if written and not (_WRITTEN.fullmatch(written) and _FEWEST <= sum(map(str.isdecimal, written)) <= _MOST):
        raise NoPhone(fact=fact, phone=typed.strip()[:20])
