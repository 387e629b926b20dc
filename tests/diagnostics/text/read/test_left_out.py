"""A call that works without an option shows that what was refused is needed for that option only."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import refused_call as refused

DRY = (
    "An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but "
    "DryRun flag is set."
)
LAUNCH = "$ aws ec2 run-instances --image-id ami-1 --subnet-id subnet-1"
TAGGED = f"{LAUNCH} --tag-specifications 'ResourceType=instance,Tags=[{{Key=Name,Value=a}}]'"
TAG = refused("RunInstances", "ec2:CreateTags")
PUT = "$ aws s3api put-object --bucket b --key k --body f"
ACL = refused("PutObject", "s3:PutObjectAcl")
PARAMETER = "$ aws ssm put-parameter --name /a --value b --type String"
TAGS = refused("PutParameter", "ssm:AddTagsToResource")
STORED = '{\n    "Version": 1\n}'


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        (f"{TAGGED}\n{TAG}\n{LAUNCH} --dry-run\n{DRY}", "--tag-specifications"),
        (f'{PUT} --acl public-read\n{ACL}\n{PUT}\n{{"ETag": "1"}}', "--acl"),
        (f"{PARAMETER} --tags Key=a,Value=b\n{TAGS}\n{PARAMETER} --query Version\n1", "--tags"),
        (f"{PARAMETER} --tier Advanced --tags Key=a\n{TAGS}\n{PARAMETER}\n{STORED}", "--tier and --tags"),
        # Another value, another identity, a failure, or more options than before: another call.
        (f"{PUT} --acl public-read\n{ACL}\n{PUT.replace(' k ', ' l ')}\n{STORED}", ""),
        (f"{PUT} --acl public-read\n{ACL}\n{PUT} --profile admin\n{STORED}", ""),
        (f"{PUT} --acl public-read\n{ACL}\n{PUT}\n{ACL}", ""),
        (f"{PUT}\n{ACL}\n{PUT} --acl private\n{STORED}", ""),
    ],
)
def test_a_call_that_works_without_an_option_is_another_call(text: str, left_out: str) -> None:
    (failure, *_) = read_text(text)
    assert (failure.sequel.left_out if failure.sequel else "") == left_out
    diagnosis = collect_offline(failure)
    assert ("What is refused is needed only for that" in diagnosis.verdict.summary) == bool(left_out)
    assert "is allowed now" not in diagnosis.verdict.summary
