"""An administrator tries changed rules on what has happened, before they count."""

from dataclasses import replace

from tests.stories.vocabulary import Story
from yizhi.cases import city
from yizhi.core.routing import RoutingRule
from yizhi.site.rehearse import differences

GRID = "340405001001003"


def test_the_rules_in_force_would_do_the_same_again(story: Story) -> None:
    story.report("楼下垃圾没人收", GRID, category="0401")
    story.report("有人推销保健品，怕是骗老人的", GRID, category="0202")
    assert list(differences(city.current(), limit=10)) == []


def test_a_changed_rule_shows_whom_it_would_have_reached(story: Story) -> None:
    story.report("楼下垃圾没人收", GRID, category="0401")
    story.report("路灯不亮", GRID, category="0502")
    in_force = city.current()
    rule = RoutingRule("垃圾直通城管", "urban_management", move="route", categories=("0401",))
    changed = replace(in_force, profile=replace(in_force.profile, routing=(rule, *in_force.profile.routing)))
    (found,) = differences(changed, limit=10)
    assert "reported" in found.before
    assert "dispatched" in found.after
    assert "城市管理" in found.after
