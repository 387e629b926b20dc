"""What ``aws iam-toolbox get-request-authorization-details`` prints, pasted."""

from __future__ import annotations

import pytest

from diagnostics.failure import Denial
from diagnostics.text.read.parse import parse
from iam.sources.reader.recorded_effect import Effect
from tests.support.texts.recorded import SCP, WHO, printed


def test_a_record_is_the_denial_that_it_tells_of() -> None:
    [found] = parse(printed())
    assert isinstance(found, Denial) and found.record is not None
    assert (found.principal, found.action, found.resource) == (WHO, "s3:PutObject", "arn:aws:s3:::b/x")
    assert (found.stated_reason, found.policy_arn) == ("explicit:scp", SCP)
    assert found.record.evaluations[0].effect is Effect.EXPLICIT_DENY


def test_it_belongs_to_the_denial_beside_it() -> None:
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/web/i-1 is not authorized to perform: s3:PutObject on resource: x"
    )
    [found] = parse(f"{text}\n$ aws iam-toolbox get-request-authorization-details --authorization-id a1\n{printed()}")
    assert isinstance(found, Denial) and found.record is not None
    assert found.principal == "arn:aws:sts::111122223333:assumed-role/web/i-1"


@pytest.mark.parametrize(
    "text",
    [
        printed("ALLOW"),
        printed("A_NEWER_ONE"),
        printed(evaluations=[{}]),
        printed(evaluations="none"),
        printed(requestContext=None),
        printed(policies=[3]),
    ],
)
def test_what_is_no_refusal_or_no_record_is_none(text: str) -> None:
    assert not [failure for failure in parse(text) if isinstance(failure, Denial) and failure.record]
