"""Commands that only show a service's setup are not the refused call; what they print is compared with the failure."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

BUS = "arn:aws:events:eu-west-1:222233334444:event-bus/"
DLQ = (
    'ERROR_CODE=NO_PERMISSIONS ERROR_MESSAGE="Lack of permissions to invoke cross account target."\n'
    f"RULE_ARN=arn:aws:events:eu-west-1:111122223333:rule/orders TARGET_ARN={BUS}central\n"
    "$ aws events list-targets-by-rule --rule orders\n"
)
UNLOAD = (
    "ERROR: User arn:aws:redshift:eu-west-1:111122223333:dbuser:dwh/etl is not authorized to assume IAM Role "
    "arn:aws:iam::111122223333:role/unload\n$ aws redshift describe-clusters --cluster-identifier dwh --query "
    "'Clusters[].IamRoles[].[IamRoleArn,ApplyStatus]' --output text\narn:aws:iam::111122223333:role/{}\tin-sync\n"
    'trust of unload:\n{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":'
    '"redshift.amazonaws.com"}},"Action":"sts:AssumeRole"}}]}}\n'
)


def puts(bus: str) -> str:
    return '{"Statement":[{"Effect":"Allow","Action":"events:PutEvents","Resource":"' + BUS + bus + '"}]}'


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        (DLQ + puts("default"), "on " + BUS + "default, but the rule's target is " + BUS + "central", "ListTargets"),
        (DLQ + puts("central"), "is not allowed to put events", "but the rule's target"),
        (DLQ + puts("central-2"), BUS + "central-2, but the rule's target", "ListTargets"),
        (UNLOAD.format("copy"), "the cluster has arn:aws:iam::111122223333:role/copy, but not", "Wait"),
        (UNLOAD.format("unload"), "redshift.amazonaws.com", "the cluster has"),
    ],
)
def test_what_the_commands_show_decides(text: str, said: str, unsaid: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert said in summary
    assert unsaid not in summary


PULL = (
    'Failed to pull image "555566667777.dkr.ecr.eu-west-1.amazonaws.com/base/node:20": pulling from host '
    "555566667777.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 20]: 403 Forbidden\n"
    '$ aws ecr get-repository-policy --repository-name base/node\n{{"policyText":"{{\\"Statement\\":[{{\\"Effect\\":'
    '\\"Allow\\",\\"Principal\\":{{\\"AWS\\":[\\"arn:aws:iam::{}:root\\"]}},\\"Action\\":[\\"ecr:BatchGetImage\\"]}}]}}"}}\n'
    "we are 111122223333\n"
)


@pytest.mark.parametrize(("account", "said"), [("111222223333", True), ("111122223333", False)])
def test_a_policy_in_a_string_is_compared_with_the_pulling_account(account: str, said: bool) -> None:
    summary = collect_offline(read_text(PULL.format(account))[0]).verdict.summary
    assert (f"lets account {account} pull" in summary) is said
