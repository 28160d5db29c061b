"""The API against its own description: whatever is asked, it answers in words and never breaks."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from ioffe_studio.server import application

schema = schemathesis.openapi.from_dict(application(1).openapi())


# of every request: its cookies are set in a way that starlette calls deprecated
@pytest.mark.filterwarnings("ignore")
@schema.parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_server(case, client):
    request = case.as_transport_kwargs(base_url="http://localhost:8765")
    request["headers"] = {**request["headers"], "host": "localhost:8765"}
    if isinstance(request.get("data"), bytes):
        request["content"] = request.pop("data")
    if case.path.endswith("/events"):
        return  # streams of jobs are tested with jobs
    answer = client.request(**request)
    assert answer.status_code < 500, (answer.text, case.body)
    if answer.status_code >= 400:
        assert answer.json()["text"]


def test_null_in_a_document_is_refused_by_its_place(task):
    code, answer = task("toml", document={"leg": {"segments": [{"length": None}]}})
    assert code == 422
    assert "document.leg.segments[0].length is null" in answer["text"]
