"""What can be reported, and what is asked for it; where the endpoint is."""

from xml.etree import ElementTree

from yizhi.open311.tests.portal import Portal, fault


def test_the_services_are_the_categories_that_anybody_may_see(asked: Portal) -> None:
    services = asked.json("services.json")
    assert [one["service_code"] for one in services] == ["0101", "0201", "0401", "0506"]
    assert services[2] == {
        "service_code": "0401",
        "service_name": "Waste",
        "description": "Waste",
        "metadata": False,
        "type": "realtime",
        "keywords": "Waste",
        "group": "City appearance",
    }


def test_xml_follows_the_spark_convention(asked: Portal) -> None:
    answer = asked.get("services.xml")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, {one.tag for one in root}) == ("services", {"service"})
    assert root.findtext("service[4]/metadata") == "true"


def test_a_definition_says_first_whom_to_ring_then_what_is_asked(asked: Portal) -> None:
    told = asked.json("services/0506.json")
    assert told["service_code"] == "0506"
    warning, lot, when, cars, since = told["attributes"]
    assert (warning["variable"], warning["description"]) == (False, "有人受伤请拨打120。")
    assert lot == {
        "variable": True,
        "code": "lot",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": None,
        "order": 2,
        "description": "Where",
        "values": [{"key": "road", "name": "On a road"}, {"key": "estate", "name": "In an estate"}],
    }
    assert [one["datatype"] for one in (when, cars, since)] == ["multivaluelist", "number", "datetime"]
    root = ElementTree.fromstring(asked.get("services/0506.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute[2]/values/value[1]/key") == "road"


def test_a_service_that_is_none_or_not_for_everybody_is_not_found(asked: Portal) -> None:
    assert fault(asked.get("services/9999.json"), 404) == fault(asked.get("services/0203.xml"), 404)


def test_the_discovery_names_the_endpoint(asked: Portal) -> None:
    told = asked.json("discovery.json")
    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert told["contact"]
    assert told["key_service"]
    root = ElementTree.fromstring(asked.client.get("/open311/discovery.xml").content)
    assert root.findtext("endpoints/endpoint/formats/format[1]") == "text/xml"
    assert root.findtext("changeset") == told["changeset"]


def test_another_jurisdiction_is_not_served(asked: Portal) -> None:
    for named in ("xinghe", "999901", "testserver"):
        assert asked.json("services.json", jurisdiction_id=named)
    fault(asked.get("services.json", jurisdiction_id="elsewhere.gov"), 404)


def test_what_is_no_address_is_told_in_the_form_that_was_asked_for(asked: Portal) -> None:
    fault(asked.get("nothing.json"), 404)
    fault(asked.get("nothing.xml"), 404)
    answer = asked.client.delete("/open311/v2/requests.xml")
    fault(answer, 405)
    assert answer.headers["Allow"] == "GET, POST"


def test_without_an_ending_the_header_says_the_form(asked: Portal) -> None:
    assert asked.client.get("/open311/v2/services", headers={"Accept": "application/json"}).json()
    assert asked.client.get("/open311/v2/services").content.startswith(b"<?xml")
