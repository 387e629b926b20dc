"""DynamoDB's message that the key of a table refused the caller."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text, usual_causes


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "Query"])
def test_the_tables_key_is_the_cause_and_not_the_table(operation: str) -> None:
    text = (
        f"api error AccessDeniedException: KMS key access denied\nUnable to retrieve item from DynamoDB table "
        f'"locks": operation error DynamoDB: {operation}'
    )
    failure = read_text(text)[0]
    assert "a KMS key that the caller is not allowed to use" in collect_offline(failure).verdict.summary
    assert "kms:Decrypt" in usual_causes(failure, ())[0].cause


def test_a_table_that_refuses_is_no_matter_of_the_key() -> None:
    text = (
        "AccessDeniedException: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: dynamodb:GetItem"
    )
    assert "KMS key" not in collect_offline(read_text(text)[0]).verdict.summary
