"""Messages of Mimir about its bucket: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


MIMIR = (
    'caller=sanity_check.go:116 err="2 errors: blocks storage: unable to successfully send a request to object '
    "storage: "
    'Access Denied"\n'
)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ('{"Action":"s3:*","Resource":["arn:aws:s3:::blocks/*","arn:aws:s3:::ruler/*"]}', "names only objects"),
        ('{"Action":"s3:*","Resource":["arn:aws:s3:::blocks","arn:aws:s3:::blocks/*"]}', "Mimir"),
        ("", "asks for an object that does not exist"),
    ],
)
def test_mimirs_check_needs_the_listing(policy: str, words: str) -> None:
    summary = answer(MIMIR + policy).verdict.summary
    assert words in summary or "names only objects" not in summary


def test_gos_client_that_reaches_no_host_of_aws_was_not_refused() -> None:
    text = 'send a request: Get "https://blocks.s3.eu-central-1.amazonaws.com/check": context deadline exceeded'
    assert "could not be reached" in answer(text).verdict.summary
