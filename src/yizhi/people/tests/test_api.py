"""`GET me` and tokens: who a token stands for, and for how long."""

from datetime import timedelta

from django.utils import timezone

from yizhi.cases.testing import Town, town
from yizhi.core.actor import Actor
from yizhi.doors.testing import Program, assert_problem
from yizhi.people import actions
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK

__all__ = ["town"]


def with_token(token: str) -> Program:
    program = Program()
    program.headers["Authorization"] = f"Bearer {token}"
    return program


def test_a_token_stands_for_its_account(town: Town) -> None:
    told = Program(town.cast.ids["chen"]).get("me").json()
    assert told["account"] == town.cast.ids["chen"]
    (post,) = told["posts"]
    assert (post["unit"], post["unit_name"]) == (COMMUNITY_DESK, "柳荫社区桥头堡")
    assert post["include"] == [COMMUNITY]
    assert {"see", "accept"} <= set(post["acts"])


def test_scopes_narrow_a_token(town: Town) -> None:
    chen, at = town.cast.ids["chen"], timezone.now()
    token = actions.make_token(chen, label="reader", by=Actor(account=chen), at=at, scopes=("see",))
    program, number = with_token(token), town.report().number
    assert program.get("me").json()["posts"][0]["acts"] == ["see"]
    assert program.get(f"cases/{number}").json()["moves"] == []
    assert_problem(program.post(f"cases/{number}/moves/progress", {"facts": {"note": "x"}}), 403, "not_allowed")


def test_without_a_good_token_nobody_is_anybody(town: Town) -> None:
    chen, at = town.cast.ids["chen"], timezone.now()
    by = Actor(account=chen)
    over = actions.make_token(chen, label="old", by=by, at=at - timedelta(days=9), days=8)
    revoked = actions.make_token(chen, label="lost", by=by, at=at)
    actions.revoke_token(revoked, by=by, at=at)
    for token in (over, revoked, "yz_made-up", "", "x" * 5000):
        answer = with_token(token).get("me")
        assert_problem(answer, 401, "invalid_token")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="yizhi", error="invalid_token"'
    nobody = Program().get("me")
    assert_problem(nobody, 401, "not_signed_in")
    assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="yizhi"'
    assert_problem(Program().get("me", Authorization="Basic eDp5"), 401, "not_signed_in")
