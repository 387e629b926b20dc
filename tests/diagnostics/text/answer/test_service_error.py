"""What is said of a service's own error: what to do, and that it refuses no permission."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.service_error import stated_error

CALLED = "An error occurred ({}) when calling the {} operation: {}"
SAID = (
    (CALLED.format("InvalidSnapshot.InUse", "DeleteSnapshot", "snap-1 is in use by ami-0777c"),
     "deregister ami-0777c, if nobody needs this image"),
    (CALLED.format("DependencyViolation", "DeleteVpc", "it has dependencies"), "Remove what still uses it first"),
    (CALLED.format("ValidationException", "DeleteTable",
                   "Resource cannot be deleted as it is currently protected against deletion."), "on purpose: ask"),
    (CALLED.format("InvalidParameterCombination", "DeleteDBInstance",
                   "Cannot delete protected DB Instance, please disable deletion protection and try again."),
     "turn that protection off"),
    (CALLED.format("ValidationError", "DeleteStack", "Stack [a] cannot be deleted while TerminationProtection is on"),
     "turn that protection off"),
    (CALLED.format("QueueNameExists", "CreateQueue", "A queue already exists with this name"),
     "choose another name"),
    (CALLED.format("InvalidIPAddress.InUse", "CreateNetworkInterface", "Address 10.0.0.7 is already in use"),
     "use or import it, or choose another"),
    (CALLED.format("IncorrectInstanceState", "StopInstances", "i-1 is not in a state from which it can be stopped"),
     "Wait until the resource's state allows the call"),
    (CALLED.format("InsufficientInstanceCapacity", "RunInstances", "no capacity"), "Request less"),
    (CALLED.format("ActiveStatementsExceededException", "ExecuteStatement", "The number exceeds the limit"),
     "Wait until earlier ones have finished"),
    (CALLED.format("ServiceException", "StartBuild", "Maximum number of concurrent builds has been reached"),
     "Wait until earlier ones have finished"),
    (CALLED.format("ClientException", "CreateRule", "Your account exceeds the limit of rules"), "Request less"),
    (CALLED.format("InvalidInputException", "CreateJob", "The job is not running"), "Correct what the message names"),
    (CALLED.format("OperationDisabledException", "CreateEndpoint",
                   "The operation you are attempting is not available in this region."),
     "does not exist in the Region of the call: call another Region"),
    (CALLED.format("UnsupportedCommandException", "DescribeRepositories", "The action isn't supported in this Region."),
     "does not exist in the Region of the call: call another Region"),
    (CALLED.format("ClientException", "RegisterTaskDefinition",
                   "Fargate requires task definition to have execution role ARN to support ECR images."),
     "the task definition has no execution role ARN. Set the execution role ARN. Whoever makes the call then "
     "needs iam:PassRole"),
    (CALLED.format("InvalidParameterException", "CreateNodegroup",
                   "Following required service principals [ec2.amazonaws.com] were not found in the trust "
                   "relationships of nodeRole arn:aws:iam::444455556666:role/ng"),
     "The trust policy of arn:aws:iam::444455556666:role/ng lacks ec2.amazonaws.com"),
    ('{"eventName":"TerminateInstances","awsRegion":"eu-west-1","errorCode":"Client.OperationNotPermitted",'
     '"errorMessage":"i-1 may not be terminated","userIdentity":{"arn":"arn:aws:sts::444455556666:assumed-role/o/i"}}',
     "TerminateInstances failed with OperationNotPermitted: “i-1 may not be terminated”."),
    ("Remove-EC2Volume vol-0c3\nRemove-EC2Volume : Volume vol-0c3 is currently attached to i-0aa4\n",
     "DeleteVolume failed: “Volume vol-0c3 is currently attached to i-0aa4”. This is not an access denial. "
     "Remove what"),
    ("$ aws dynamodb describe-table --table-name t\n"
     + CALLED.format("ResourceNotFoundException", "DescribeTable", "Table: t not found")
     + "\n$ env | grep AWS\nAWS_PROFILE=prod\nAWS_ACCESS_KEY_ID=ASIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=***",
     "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN first: they override AWS_PROFILE=prod."),
    ("Parameter validation failed:\nInvalid length for parameter ExternalId, value: 0, valid min length: 2",
     "ExternalId is empty or shorter than 2 characters"),
    ("InvalidParameter: 1 validation error(s) found.\n- missing required field, PutObjectInput.Bucket.",
     "Bucket is not set"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SAID)
def test_the_kind_of_the_error_says_what_to_do(text: str, said: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert said in verdict.summary


def test_a_cmdlet_of_another_module_is_no_service_of_aws() -> None:
    assert stated_error("Get-ADUser : Cannot find an object with identity: 'kim' under: 'DC=example'\n") is None


def test_a_dry_run_before_it_shows_that_the_permission_is_granted() -> None:
    failed = CALLED.format("InvalidSnapshot.InUse", "DeleteSnapshot", "snap-1 is in use by ami-0777c")
    text = f"Request would have succeeded, but DryRun flag is set.\n{failed}\nwhich permission do I need?"
    assert "earlier dry run shows that the permission is granted" in collect_offline(read_text(text)[0]).verdict.summary


def test_a_missing_service_linked_role_is_created_once() -> None:
    text = CALLED.format("InvalidServiceLinkedRoleStateFault", "CreateReplicationGroup",
                         "Service Linked Role for ElastiCache is not available")  # fmt: skip
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "The service-linked role is missing in this account" in summary


def test_an_error_that_speaks_of_a_key_is_not_said_to_refuse_nothing() -> None:
    text = CALLED.format("InvalidRequestException", "CreateJob", "The encryption key cannot be used by the service")
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "unreadable"
    assert "not an access denial" not in verdict.summary


UNSENT = (
    "configure session: assume role by ARN: InvalidParameter: 1 validation error(s) found.\n- minimum field size of "
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{UNSENT}2, AssumeRoleInput.RoleSessionName.", "RoleSessionName (often from AWS_ROLE_SESSION_NAME or"),
        (f"{UNSENT}20, AssumeRoleInput.RoleArn.", "RoleArn (often from AWS_ROLE_ARN or role_arn)"),
        (f"{UNSENT}1, GetObjectInput.Key.", "Key is empty or shorter"),
    ],
)
def test_what_no_service_received_depends_on_no_version_of_a_policy(text: str, said: str) -> None:
    diagnosis = collect_offline(read_text(f"After the update to 1.13.0 the backup fails:\n{text}")[0])
    assert said in diagnosis.verdict.summary
    assert [look.cause for look in diagnosis.first_look if "policy" in look.cause] == []
    assert "go back to the previous version" in diagnosis.first_look[0].cause
    assert not collect_offline(read_text(text)[0]).first_look
