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
    assert ("The refused action is needed only for" in diagnosis.verdict.summary) == bool(left_out)
    assert "is allowed now" not in diagnosis.verdict.summary


SNAPSHOT = refused("CreateSnapshot", "ec2:CreateTags")
DRY_SNAPSHOT = DRY.replace("RunInstances", "CreateSnapshot")
IN_PYTHON = 'ec2.create_snapshot(VolumeId="vol-1", TagSpecifications=[{"Tags": [{"Key": "a"}]}])'


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        (f'{IN_PYTHON}\n{SNAPSHOT}\n\nec2.create_snapshot(VolumeId="vol-1", DryRun=True)\n{DRY_SNAPSHOT}',
         "TagSpecifications"),
        (f"await ec2.runInstances({{ ImageId: 'ami-1', TagSpecifications: tags }})\n{TAG}\n"
         f"await ec2.runInstances({{ ImageId: 'ami-1', DryRun: true }})\n{DRY}", "TagSpecifications"),
        (f"1) first\n{SNAPSHOT}\n2) second\n{DRY_SNAPSHOT}", "the tags"),
    ],
)  # fmt: skip
def test_a_dry_run_without_a_parameter_does_not_allow_the_call_with_it(text: str, left_out: str) -> None:
    (failure,) = read_text(text)
    assert (failure.sequel.left_out if failure.sequel else "") == left_out
    assert "is allowed now" not in collect_offline(failure).verdict.summary


def test_a_later_dry_run_of_the_refused_action_itself_is_allowed() -> None:
    launch = "ec2.run_instances(ImageId='ami-1')"
    own = refused("RunInstances", "ec2:RunInstances")
    (failure,) = read_text(f"{launch}\n{own}\n{launch[:-1]}, DryRun=True)\n{DRY}")
    assert "is allowed now" in collect_offline(failure).verdict.summary
