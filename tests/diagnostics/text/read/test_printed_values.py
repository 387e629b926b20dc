"""The values that commands printed are read with the names of their fields, in each format of output."""

from __future__ import annotations

from itertools import pairwise

import pytest

from diagnostics.text.read.printed_values import outputs, printed_values

KEY = "aws kms describe-key --key-id alias/a"


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        (f'$ {KEY}\n{{"KeyMetadata": {{"KeyState": "Disabled"}}}}', "KeyState", ("Disabled",)),
        (f"$ {KEY} --query KeyMetadata.KeyState --output text\nEnabled\n$ ls", "KeyState", ("Enabled",)),
        (f"{KEY} --query 'KeyMetadata.[KeyId,KeyState]'\n[ \"k-1\", \"Disabled\" ]", "KeyState", ("Disabled",)),
        (f"{KEY} --query 'KeyMetadata.{{S:KeyState}}'\n{{ \"S\": \"PendingImport\" }}", "KeyState", ("PendingImport",)),
        (f"$ {KEY} --output yaml\nKeyMetadata:\n  KeyState: Disabled\n  KeyId: k-1", "KeyState", ("Disabled",)),
        (f"$ {KEY} --output table\n|  KeyState  |  Unavailable |", "KeyState", ("Unavailable",)),
        ('$ aws iot list-principal-things \\\n  --principal a:b\n{ "things": [ "t-1", "t-2" ] }', "things",
         ("t-1", "t-2")),
        ("aws sqs list-queues --query 'QueueUrls[]' --output text\nq-1\tq-2", "QueueUrls", ("q-1", "q-2")),
        ("aws ec2 describe-subnets --query 'Subnets[].[SubnetId,VpcId]' --output text\nsubnet-1\tvpc\nsubnet-2\tvpc\n",
         "SubnetId", ("subnet-1", "subnet-2")),
        ("kubectl get deploy web -o jsonpath='{.spec.template.spec.serviceAccountName}'\nweb-sa\n",
         "serviceAccountName", ("web-sa",)),
        ("kubectl -n a get pod p -o jsonpath={.spec.serviceAccountName}  ->  main", "serviceAccountName", ("main",)),
        ("-- (aws ec2 describe-vpc-endpoints) --\nVpcEndpointId: vpce-1   State: available", "State", ("available",)),
        (f"$ {KEY}\n\nthen KeyState: Disabled", "KeyState", ()),
        ('{"KeyState": "Disabled"}', "KeyState", ()),
        (f"run {KEY} first", "KeyState", ()),
    ],
)  # fmt: skip
def test_a_field_has_its_values(text: str, name: str, values: tuple[str, ...]) -> None:
    assert printed_values(text, name) == values


@pytest.mark.parametrize(
    ("text", "nothing", "error"),
    [
        ("$ aws eks list-pod-identity-associations --cluster-name a\n{ \"associations\": [] }", True, ""),
        ("$ aws emr describe-cluster --cluster-id j-1 --query 'Cluster.Tags'\n[]", True, ""),
        ("$ aws sns list-topics\n{ \"Topics\": [ { \"TopicArn\": \"t\", \"Tags\": [] } ] }", False, ""),
        ("$ aws iam get-role --role-name a\n\nAn error occurred (NoSuchEntity) when calling the GetRole operation: x",
         False, "NoSuchEntity"),
    ],
)  # fmt: skip
def test_nothing_and_errors_are_outputs(text: str, nothing: bool, error: str) -> None:
    (made,) = outputs(text)
    assert made.nothing is nothing and made.error == error


@pytest.mark.parametrize("text", ["", "aws", "aws s3", "the aws console shows nothing", "kubectl\n\n", "aws s3 ls"])
def test_a_command_without_output_is_none(text: str) -> None:
    assert outputs(text) == ()


def test_hostile_output_is_no_output() -> None:
    aliases = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    aliases += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise("abcdefgh")]
    assert len(outputs("kubectl get sa x -o yaml\n" + "\n".join(aliases))) <= 1  # in no time, and as lines
    for deep in ("[" * 9_000, "[" * 900 + "]" * 900, '{"a":' * 300 + "1" + "}" * 300):
        assert not outputs(f"aws kms describe-key --key-id x\n{deep}")[1:]
