"""The house rules hold, and each finds what it is there to find."""

from pathlib import Path, PurePosixPath

import pytest

from tests.house import rules
from tests.house.rules import File, Rule

ROOT = Path(__file__).resolve().parents[2]
FILES = list(rules.product_files(ROOT))

LONG_FUNCTION = "def long():\n" + "    pass\n" * 60
PEOPLE = "\u7a33\u63a7"

BROKEN = [
    (
        rules.case_tables_are_written_in_actions,
        "matters/web.py",
        "from yizhi.cases.models import Case\nCase.objects.filter(number=1).update(stage='x')\n",
    ),
    (
        rules.case_tables_are_written_in_actions,
        "insight/queries.py",
        "from yizhi.cases import models\nmodels.Case.objects.create()\n",
    ),
    (rules.case_tables_are_written_in_actions, "cases/queries.py", 'SQL = "UPDATE cases_case SET stage = 1"\n'),
    (rules.nobody_below_the_doors_reads_the_time, "cases/actions.py", "x = timezone.now()\n"),
    (rules.nobody_below_the_doors_reads_the_time, "cases/actions.py", "x = datetime.datetime.now(UTC)\n"),
    (rules.nobody_below_the_doors_reads_the_time, "cases/models.py", "x = Field(default=timezone.now)\n"),
    (rules.nobody_below_the_doors_reads_the_time, "cases/models.py", "x = Field(auto_now_add=True)\n"),
    (rules.nobody_below_the_doors_reads_the_time, "cases/queries.py", 'SQL = "WHERE due < now()"\n'),
    (rules.doors_ask_and_act_through_queries_and_actions, "seats/web.py", "Case.objects.all()\n"),
    (rules.doors_ask_and_act_through_queries_and_actions, "seats/api.py", "from django.db import connection\n"),
    (rules.doors_ask_and_act_through_queries_and_actions, "seats/web/desk.py", "link.cursor()\n"),
    (rules.imports_stand_at_the_top, "cases/actions.py", "def act():\n    import json\n"),
    (rules.files_stay_short, "cases/actions.py", "x = 1\n" * 401),
    (rules.functions_stay_short, "cases/actions.py", LONG_FUNCTION),
    (rules.it_serves_matters_not_files_on_people, "profiles/a/categories.csv", f"1,{PEOPLE}\n"),
]
KEPT = [
    (
        rules.case_tables_are_written_in_actions,
        "cases/actions/move.py",
        "from yizhi.cases.models import Case\nCase.objects.create()\n",
    ),
    (
        rules.case_tables_are_written_in_actions,
        "insight/queries.py",
        "from yizhi.cases.models import Case\nCase.objects.filter(x={}).count()\nseen.update(1)\n",
    ),
    (rules.nobody_below_the_doors_reads_the_time, "cases/web.py", "x = timezone.now()\n"),
    (rules.nobody_below_the_doors_reads_the_time, "cases/actions.py", '"""Does not ask now()."""\n'),
    (
        rules.nobody_below_the_doors_reads_the_time,
        "people/queries.py",
        '# own time: a cache ends at midnight\nSQL = "SELECT now()"\n',
    ),
    (rules.doors_ask_and_act_through_queries_and_actions, "seats/queries.py", "Case.objects.all()\n"),
    (rules.imports_stand_at_the_top, "cases/apps.py", "def ready(self):\n    import json\n"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Rule) -> None:
    broken = [f"{file.path}:{line}: {what}" for file in FILES for line, what in rule(file)]
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_the_rule_finds_what_breaks_it(rule: Rule, path: str, text: str) -> None:
    assert list(rule(File(PurePosixPath(path), text)))


@pytest.mark.parametrize(("rule", "path", "text"), KEPT)
def test_the_rule_lets_the_right_way_pass(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(File(PurePosixPath(path), text)))
