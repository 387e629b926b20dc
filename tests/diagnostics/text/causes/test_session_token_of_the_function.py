"""A Lambda function that calls a store other than Amazon S3 with that store's keys, and its own session token."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

TOKEN = "Remove AWS_SESSION_TOKEN from the process"
DUCKDB = "CREATE SECRET s (TYPE r2, KEY_ID '...', SECRET '...', ACCOUNT_ID '...');\n"
BAD = "HTTP Error: Unable to connect to URL https://out.abc.r2.cloudflarestorage.com/a: Bad Request (HTTP code 400)\n"


@pytest.mark.parametrize(
    "text",
    [
        f"DuckDB in an AWS Lambda function:\n{DUCKDB}{BAD}On my laptop it works.",
        f"{BAD}The Lambda has access_key_id and secret_access_key of Cloudflare R2.",
        "Lambda, MinIO with static keys:\nupload returned 400 Bad Request\n",
    ],
)
def test_the_functions_own_token_is_the_cause(text: str) -> None:
    assert TOKEN in answer_to(text)


@pytest.mark.parametrize(
    "text",
    [
        f"DuckDB in a container of ECS:\n{DUCKDB}{BAD}",
        f"Lambda:\n{DUCKDB}{BAD}We unset AWS_SESSION_TOKEN first, no change.",
        "Lambda with static keys: HTTP 400 Bad Request from our own API",
    ],
)
def test_other_places_and_stores_are_not(text: str) -> None:
    assert TOKEN not in answer_to(text)
