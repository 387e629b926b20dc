from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text

DENIED = (
    "User: arn:aws:sts::470225913368:assumed-role/gateway/i-1 is not authorized to perform: bedrock:InvokeModel on "
    "resource: arn:aws:bedrock:eu-north-1::foundation-model/m because no identity-based policy allows it"
)
BAD, GOOD = '10.0.0.3:1 - "POST /v1/chat HTTP/1.1" 400 Bad Request', '10.0.0.3:2 - "POST /v1/chat HTTP/1.1" 200 OK'
OTHER = BAD.replace("chat", "embeddings")
RAISED = (
    "Traceback (most recent call last):\n"
    '  File "/srv/app/up.py", line 3, in send\n'
    "boto3.exceptions.S3UploadFailedError: Failed to upload a.csv to harbor-media/a.csv: An error occurred "
    "(AccessDenied) when calling the PutObject operation: Access Denied"
)
BY_CLI = (
    "upload failed: ./a.csv to s3://harbor-media/a.csv An error occurred (AccessDenied) when calling the PutObject "
)
COPY = "$ aws s3 cp a.csv s3://harbor-media/\nupload: ./a.csv to s3://harbor-media/a.csv"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"{DENIED}\n{BAD}\n{GOOD}", True),
        (f"{DENIED}\n{BAD}\n{GOOD}\n{BAD}", False),
        (f"{DENIED}\n{BAD}\n{GOOD}\n{OTHER}", True),
        (f"{DENIED}\n{BAD}\n{GOOD}\nAbout half of the requests work.", False),
        (f"{DENIED}\n{BAD}\n{GOOD}\nit happens at random", False),
        (f"{DENIED}\n{BAD}\n{GOOD}\nall requests work since then", True),
        (f"$ aws s3 cp a.csv s3://harbor-media/\n{BY_CLI}operation: Access Denied\n{COPY}", True),
        (f"{RAISED}\n{COPY}", False),
    ],
)
def test_a_failure_is_over_only_if_the_same_program_goes_on_well(text: str, over: bool) -> None:
    sequel = read_text(text)[0].sequel
    assert bool(sequel and sequel.succeeded) is over


@pytest.mark.parametrize("words", ["It runs in our other accounts every day, no errors.", "elsewhere it ran, 0 errors"])
def test_a_run_in_another_place_is_not_the_end_of_this_one(words: str) -> None:
    assert read_text(f"{DENIED}\n\n{words}")[0].sequel is None
