"""An endpoint for S3 that a program uses for STS, too."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

GO_1 = (
    'err="store put chunk: WebIdentityErr: failed to retrieve credentials\\ncaused by: SerializationError: failed to '
    'unmarshal error message\\n\\tstatus code: {}, request id: "'
)
GO_2 = "operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: {}, RequestID: 1, {}"


@pytest.mark.parametrize(
    "text",
    [
        f"mimir-ingester: {GO_1.format(405)}",
        f"table-manager: {GO_1.format(404)}",
        GO_2.format(405, "api error MethodNotAllowed: The specified method is not allowed against this resource."),
    ],
)
def test_another_host_answered_instead_of_sts(text: str) -> None:
    answer = answer_to(text)
    assert "Something other than STS answered" in answer
    assert "AWS_ENDPOINT_URL_S3" in answer


@pytest.mark.parametrize(
    "text",
    [
        GO_2.format(403, "api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"),
        GO_2.format(400, "InvalidIdentityToken: No OpenIDConnect provider found in your account"),
        GO_1.format(503),
    ],
)
def test_an_answer_of_sts_is_read_as_such(text: str) -> None:
    assert "Something other than STS" not in answer_to(text)
