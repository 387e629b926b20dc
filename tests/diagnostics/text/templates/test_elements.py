"""A principal with its kind on one line, which is no YAML, is read as that principal."""

from __future__ import annotations

import pytest

from diagnostics.text.templates.elements import with_plain_principals
from tests.support.denials.pasted import diagnosed

REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/app/x is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:eu-west-1:444455556666:q because no resource-based policy allows the sqs:SendMessage action\n"
)
BLOCK = (
    "Queue policy:\nEffect: Allow\nPrincipal: {}\nAction: sqs:SendMessage\n"
    "Resource: arn:aws:sqs:eu-west-1:444455556666:q\n"
)


@pytest.mark.parametrize(("written", "named"), [
    ("AWS: arn:aws:iam::777788889999:root", "arn:aws:iam::777788889999:root"),
    ("Service: events.amazonaws.com", "events.amazonaws.com"),
    ('AWS: "arn:aws:iam::777788889999:role/b"', "arn:aws:iam::777788889999:role/b"),
])  # fmt: skip
def test_a_principal_on_one_line(written: str, named: str) -> None:
    assert f"statement 1 names {named}" in diagnosed(REFUSED + BLOCK.format(written)).verdict.summary


def test_a_principal_in_words() -> None:
    said = (
        "Queue policy: Allow Principal: AWS: arn:aws:iam::777788889999:role/other, Action: sqs:SendMessage, Resource: "
        "arn:aws:sqs:eu-west-1:444455556666:q\n"
    )
    assert "names arn:aws:iam::777788889999:role/other" in diagnosed(REFUSED + said).verdict.summary


def test_other_texts_stay_as_they_are() -> None:
    for text in ("Principal:\n  AWS: arn:aws:iam::1:root", "Principal: {AWS: '*'}", "The principal AWS: see below"):
        assert with_plain_principals(text) == text
