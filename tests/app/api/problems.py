"""What every refusal of the API must be."""

from __future__ import annotations

from werkzeug.test import TestResponse


def problem_of(response: TestResponse) -> tuple[int, str]:
    """Return status and code of a refusal, once it is a problem document (RFC 9457)."""
    assert response.mimetype == "application/problem+json", response.text
    body = response.json
    assert body["status"] == response.status_code
    assert body["type"].endswith(body["code"])
    assert body["title"]
    return response.status_code, body["code"]


def wrong_fields(response: TestResponse) -> set[str]:
    """Return the fields that a refusal names."""
    assert all(one["detail"] for one in response.json["errors"])
    return {one["field"] for one in response.json["errors"]}
