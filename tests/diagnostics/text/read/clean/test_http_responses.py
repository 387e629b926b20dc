"""Headers and body of one HTTP response are one failure."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.text.read.clean.http_responses import with_bodies

RESPONSE = "HTTP/2 403\ncontent-type: application/json\nx-amzn-errortype: {}\nx-amzn-requestid: 1\n\n{}\n"


@pytest.mark.parametrize(
    ("name", "body", "dropped"),
    [
        ("MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}', True),
        ("AccessDeniedException:http://internal/", '{"Message":"Access Denied"}', True),
        ("AccessDeniedException", '{"Message":"User: x is not authorized to perform: sqs:SendMessage"}', False),
        ("ThrottlingException", "", False),
    ],
)
def test_the_type_is_left_out_if_the_body_repeats_it(name: str, body: str, dropped: bool) -> None:
    assert ("errortype" not in with_bodies(RESPONSE.format(name, body))) is dropped


def test_a_response_is_one_failure() -> None:
    text = RESPONSE.format("MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}')
    assert len(read_text(f"$ curl -i https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prd/x\n{text}")) == 1
