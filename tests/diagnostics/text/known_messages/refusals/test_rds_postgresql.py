"""Messages of exports from PostgreSQL to S3: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

EXPORT = (
    "ERROR:  could not upload to Amazon S3\nDETAIL:  Amazon S3 client returned 'Access Denied'.\n"
    'CONTEXT:  SQL function "query_export_to_s3" statement 1\n'
)


ROLES = '"AssociatedRoles": [{"RoleArn": "arn:aws:iam::444455556666:role/db", "FeatureName": "%s", "Status": "ACTIVE"}]'


def answer(text: str) -> str:
    diagnoses = [collect_offline(failure) for failure in read_text(text)]
    return "\n".join(f"{each.verdict.summary} {' '.join(look.cause for look in each.first_look)}" for each in diagnoses)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXPORT + ROLES % "s3Import", "shows a role for s3Import only"),
        (EXPORT + ROLES % "Lambda", "A role for Lambda is not used"),
        (EXPORT + '"AssociatedRoles": []', "has no role at all"),
        (EXPORT + ROLES % "s3Export", "s3Export needs s3:PutObject"),
    ],
)  # fmt: skip
def test_the_roles_of_the_instance_decide_what_the_export_lacks(text: str, said: str) -> None:
    assert said in answer(text)
