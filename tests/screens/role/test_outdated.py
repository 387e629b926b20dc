"""A text that was begun from an older document: what has changed since, and what a plan reverses."""

from __future__ import annotations

import json

import pytest

from screens.role.outdated import changed_since, reversed_changes


def _policy(*actions: str, effect: str = "Allow", **more: object) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


GET, PUT = "s3:GetObject", "s3:PutObject"
ONLY_MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}


@pytest.mark.parametrize(
    ("began", "now", "typed", "since", "reverses"),
    [
        (_policy(GET), _policy(GET), _policy(PUT), "", ""),
        (_policy(GET, PUT), _policy(PUT, "S3:getobject"), _policy(PUT), "", ""),  # the same by meaning
        (None, _policy(GET), _policy(PUT), "unknown whether the document has changed", ""),
        (_policy(GET), _policy(GET, PUT), _policy(GET, "s3:GetObjectTagging"), f"it now has {PUT}.", f"removes {PUT}."),
        (
            _policy(GET, PUT),
            _policy(GET),
            _policy(GET, PUT, "s3:ListBucket"),
            f"no longer has {PUT}.",
            f"restores {PUT}.",
        ),
        (
            _policy(GET),
            _policy(PUT),
            _policy(GET, "s3:ListBucket"),
            f"it now has {PUT} and no longer has {GET}.",
            f"the plan removes {PUT} and restores {GET}.",
        ),
        (
            _policy(GET),
            _policy(GET, PUT),
            _policy(GET, PUT, "s3:ListBucket"),
            f"now has {PUT}.",
            "check that your text",
        ),
        (_policy(GET), _policy(GET, **ONLY_MFA), _policy(PUT), "aws:MultiFactorAuthPresent true", "removes Bool aws:"),
        (_policy(GET), _policy(GET, effect="Deny"), _policy(GET, PUT), f"now has Deny {GET}", f"removes Deny {GET}"),
        (_policy(GET), _policy(GET, Sid="One"), _policy(PUT), "since you began this text. f6", "check that your text"),
        ("no document", _policy(GET), _policy(PUT), f"now has {GET}", f"removes {GET}"),
    ],
)
def test_what_has_changed_and_what_a_plan_reverses(
    began: str | None, now: str, typed: str, since: str, reverses: str
) -> None:
    for said, found in ((since, changed_since(began, now)), (reverses, reversed_changes(began, now, typed))):
        assert said in found and bool(said) is bool(found)
