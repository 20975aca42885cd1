"""What an answer must say to be believed; each claim for itself."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from yizhi.oidc import rules
from yizhi.oidc.rules import BadToken

KEY, NOW = ECKey.generate_key("P-256", {"kid": "one"}), 1_770_000_000.0
GOOD: dict[str, Any] = {
    "iss": "https://id.example",
    "aud": "yizhi",
    "sub": "7",
    "iat": NOW,
    "exp": NOW + 60,
    "nonce": "n",
}


def believed(claims: dict[str, Any], key: Any = KEY, alg: str = "ES256") -> dict[str, Any]:
    token = jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])
    keys = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    return rules.believed(token, keys, issuer="https://id.example", client="yizhi", nonce="n", now=NOW)


def test_a_good_answer_is_believed() -> None:
    assert believed(GOOD)["sub"] == "7"
    assert believed(GOOD | {"aud": ["yizhi", "other"], "azp": "yizhi"})["sub"] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": ["yizhi", "other"]},
        {"azp": "other"},
        {"nonce": "m"},
        {"exp": NOW - 61},
        {"iat": NOW + 600},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_wrong_one_is_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        believed(GOOD | wrong)


@pytest.mark.parametrize("missing", list(GOOD))
def test_nothing_may_be_missing(missing: str) -> None:
    with pytest.raises(BadToken):
        believed({name: value for name, value in GOOD.items() if name != missing})


def test_only_the_providers_own_keys_count() -> None:
    with pytest.raises(BadToken):
        believed(GOOD, ECKey.generate_key("P-256"))
    with pytest.raises(BadToken):
        believed(GOOD, OctKey.generate_key(256), "HS256")
    keys = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."
    with pytest.raises(BadToken):
        rules.believed(unsigned, keys, issuer="https://id.example", client="yizhi", nonce="n", now=NOW)


def test_what_was_begun_serves_its_own_answer_only() -> None:
    begun = rules.begin(NOW, "/desk/")
    right = {"state": begun.state, "code": "c"}
    assert rules.resumed(begun.kept(), right, "i", NOW + 599).then == "/desk/"
    for kept, asked, now in (
        (None, right, NOW),
        (begun.kept(), right | {"state": "other"}, NOW),
        (begun.kept(), right | {"iss": "j"}, NOW),
        (begun.kept(), {"state": begun.state, "error": "access_denied"}, NOW),
        (begun.kept(), right, NOW + 601),
    ):
        with pytest.raises(BadToken):
            rules.resumed(kept, asked, "i", now)


def test_the_challenge_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    assert (
        rules.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_a_staff_number_is_a_word_of_the_agreed_claim() -> None:
    assert rules.staff_number({"employee_number": " 0817 "}, "employee_number") == "0817"
    for claims, claim in (({"employee_number": 817}, "employee_number"), ({}, "employee_number"), ({"": "x"}, "")):
        assert rules.staff_number(claims, claim) == ""
