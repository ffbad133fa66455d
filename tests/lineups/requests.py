"""What the officer's browser asks of the API in these tests."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from lineups.models import Lineup


def address(lineup: Lineup, what: str = "") -> str:
    return f"/api/v1/lineups/{lineup.pk}/{what}"


def refusal(response: Any) -> tuple[int, str]:
    body = response.json()
    assert body["detail"].endswith("."), "a sentence"
    return response.status_code, body["code"]


def send(api: APIClient, lineup: Lineup, content: bytes, slot: int = 1) -> Any:
    file = SimpleUploadedFile("../../etc/passwd.png", content, "text/html")
    return api.post(address(lineup, "photos/"), {"file": file, "slot": slot}, format="multipart")


def ask(api: APIClient, lineup: Lineup, **data: Any) -> Any:
    return api.post(address(lineup, "jobs/"), data, format="json")
