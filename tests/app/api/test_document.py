import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.api.schemas import MOST_PASSES
from permits.gate import Reason
from tests.app.api.problems import problem_of
from tests.factories import AT

# What the document says of `at` in words: from 2020 on, at most a day ahead.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(AT.replace(year=2020, tzinfo=None), AT.replace(tzinfo=None)).map(
        lambda at: f"{at.isoformat()}Z"
    ),
)


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json


OPERATIONS = [
    ("GET", "/api/v1/device"),
    ("POST", "/api/v1/decisions"),
    ("POST", "/api/v1/passes"),
    ("POST", "/api/v1/passes/batch"),
    ("POST", "/api/v1/cameras/hikvision"),
    ("POST", "/api/v1/cameras/plate-recognizer"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_api_does_what_its_document_says(app, device, permit, method, path):
    api = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    # Which XML or JSON a camera sends is its maker's to describe: what is made up is refused.
    excluded = [positive_data_acceptance] if "/cameras/" in path else []
    calls = st.one_of(
        api[path][method].as_strategy(generation_mode=mode) for mode in GenerationMode
    )

    @settings(
        max_examples=25,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls)
    def holds(case):
        response = case.call_and_validate(headers=device.bearer, excluded_checks=excluded)
        if response.status_code >= 400:
            assert response.headers["content-type"] == ["application/problem+json"]
            assert response.json()["status"] == response.status_code

    holds()


def test_the_document_is_openapi_3_1_with_every_address_of_the_api(app, document):
    assert document["openapi"].startswith("3.1.")
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert set(document["paths"]) == routes


def test_every_operation_says_who_may_what_it_does_and_what_a_refusal_is(document):
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert {"token": []} in operation["security"], path
            assert operation["summary"], path
            assert operation["responses"]["default"], path
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_the_documents_lists_are_the_codes(document):
    schemas = document["components"]["schemas"]
    assert schemas["Decision"]["properties"]["reasons"]["items"]["enum"] == list(Reason)
    assert schemas["Passes"]["properties"]["passes"]["maxItems"] == MOST_PASSES


def test_the_page_of_the_document_has_no_script_of_its_own_and_asks_no_other_host(client):
    page = client.get("/api/docs").text
    assert 'data-document="/api/openapi.json"' in page
    assert "<script>" not in page
    assert "//" not in page.replace('xmlns="http://www.w3.org', "")


def test_the_document_is_for_everybody_and_the_api_for_devices(client):
    assert client.get("/api/openapi.json").status_code == 200
    assert problem_of(client.get("/api/v1/device")) == (401, "token_missing")
