"""The output of another command in the text decides why a call was refused."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import refused_call

CALLER = "arn:aws:sts::111122223333:assumed-role/ops/kim"
REFUSED = (
    f"An error occurred (AccessDenied) when calling the AssumeRole operation: User: {CALLER} is not authorized to "
    "perform: sts:AssumeRole on resource: arn:aws:iam::{}:role/{}"
)
ACCESS_ROLE = REFUSED.format("444455556666", "OrganizationAccountAccessRole")
NO_ROLE = "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name {} cannot be found."
NOT_BY_LAMBDA = (
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role defined "
    "for the function cannot be assumed by Lambda."
)
NO_KEY = (
    "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a customer "
    "master key that does not exist, does not exist in this region, or you are not allowed to access."
)
ENCRYPT = "aws kms encrypt --region {} --key-id alias/app --plaintext fileb://a"
INVALID = (
    "Execution failed due to configuration error: Invalid permissions on Lambda function\nEndpoint request URI: "
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:{}"
    "/invocations"
)
INVOKE = (
    f"User: {CALLER} is not authorized to perform: lambda:InvokeFunction on resource: "
    "arn:aws:lambda:eu-west-1:444455556666:function:{} because no resource-based policy allows it"
)
EMR = "An error occurred (ValidationException) when calling the RunJobFlow operation: Invalid InstanceProfile: {0}."
STACK = (
    "An error occurred (ValidationError) when calling the DeleteStack operation: Role "
    "arn:aws:iam::111122223333:role/cfn-old is invalid or cannot be assumed"
)
ONLY_NEW = (
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error> from d2k9x.cloudfront.net, only for new "
    "objects, which are SSE-KMS\n"
)
BUCKET_POLICY = (
    '{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": '
    '"arn:aws:s3:::assets/*"}\n'
)
ENDS = refused_call("TerminateSession", "ssm:TerminateSession")
NO_PROFILE = (
    "An error occurred (NoSuchEntity) when calling the GetInstanceProfile operation: Instance Profile {} cannot be "
    "found."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ACCESS_ROLE}\nINVITED\tACTIVE", "Account 444455556666 was invited to the organization"),
        (f'{ACCESS_ROLE}\n"JoinedMethod": "INVITED"', "most likely it has no role OrganizationAccountAccessRole"),
        (f"that account was invited last spring\n{ACCESS_ROLE}", "Create the role in account"),
        (f"{ACCESS_ROLE}\nCREATED\tACTIVE", ""),
        (f"555566667777\tINVITED\tlab\n444455556666\tCREATED\tshop\n{ACCESS_ROLE}", ""),
        (
            f"444455556666 | ACTIVE | INVITED | bought\n555566667777 | ACTIVE | CREATED | lab\n{ACCESS_ROLE}",
            "Account 444455556666 was invited",
        ),
        (
            f'{ACCESS_ROLE}\n{{"Id": "444455556666",\n "Status": "ACTIVE",\n "JoinedMethod": "CREATED"}}\n'
            '{"Id": "555566667777",\n "JoinedMethod": "INVITED"}',
            "",
        ),
        (
            f"{REFUSED.format('111122223333', 'OrganizationAccountAccessRole')}\n111122223333\tINVITED\troot",
            "The caller is already in account 111122223333",
        ),
        (f"{REFUSED.format('444455556666', 'deploy')}\nINVITED\tACTIVE", ""),
        (f"{REFUSED.format('111122223333', 'deploy')}\n{NO_ROLE.format('deploy')}", "The role deploy does not exist"),
        (
            f"{REFUSED.format('444455556666', 'deploy')}\n$ aws iam get-role --role-name deploy --profile target\n"
            + NO_ROLE.format("deploy"),
            "The role deploy does not exist",
        ),
        (f"{NOT_BY_LAMBDA}\n{NO_ROLE.format('fn-exec')}", "The role fn-exec does not exist"),
        (
            f"{STACK}\n{NO_ROLE.format('cfn-old')}",
            "The stack still uses its service role cfn-old, which does not exist",
        ),
        (
            f"{STACK}\nwe cleaned up all the *-old roles",
            "The stack still uses its service role cfn-old, which was deleted",
        ),
        (f"The platform team removed the role cfn-old. Then:\n{STACK}", "pass another role that trusts cloudformation"),
        (f"{REFUSED.format('444455556666', 'deploy')}\nsomebody deleted that role", "the role deploy was deleted"),
        (f"{STACK}\nwe deleted the old bucket from the stack", ""),
        (f"{STACK}\nthe role was deleted and recreated", ""),
        (f"{STACK}\nI removed the inline policy from the role", ""),
        (f"{STACK}\nwe deleted all the web-* roles", ""),
        (f"{STACK}\nthe role web-2 was removed in May", ""),
        (f"{ONLY_NEW}{BUCKET_POLICY}", "Most likely the key policy does not let cloudfront.amazonaws.com decrypt"),
        (f"{ONLY_NEW.replace('SSE-KMS', 'aws:kms')}{BUCKET_POLICY}", "add this permission to it"),
        (f"{ONLY_NEW}{BUCKET_POLICY.replace('s3:GetObject', 's3:*')}", "lets CloudFront perform s3:*"),
        (ONLY_NEW, ""),
        (f"{ONLY_NEW.replace('SSE-KMS', 'private')}{BUCKET_POLICY}", ""),
        (f"{ONLY_NEW}{BUCKET_POLICY}{BUCKET_POLICY.replace('s3:GetObject', 'kms:Decrypt')}", ""),
        # The caller's own account was asked, another role was asked for.
        (f"{REFUSED.format('444455556666', 'deploy')}\n{NO_ROLE.format('deploy')}", ""),
        (f"{REFUSED.format('111122223333', 'deploy')}\n{NO_ROLE.format('deploy-old')}", ""),
        (f"AWS_REGION=us-east-2\n{NO_KEY}\n$ {ENCRYPT.format('us-east-1')}", "call Decrypt in us-east-1"),
        (f"$ aws kms decrypt --region eu-west-1\n{NO_KEY}\nencrypted with a key in eu-north-1", "in eu-north-1, but"),
        (
            f"$ aws kms generate-data-key --region eu-west-3 --key-id k\n$ aws kms decrypt --region "
            f"eu-west-1\n{NO_KEY}",
            "call Decrypt in eu-west-3",
        ),
        (f"AWS_REGION=us-east-1\n{NO_KEY}\n$ {ENCRYPT.format('us-east-1')}", ""),
        (
            f"AWS_REGION=us-west-2\n{NO_KEY}\nKeyId: 01234567-89ab-cdef-0123-456789abcdef, region: ca-central-1",
            "call Decrypt in ca-central-1",
        ),
        (f"AWS_REGION=us-west-2\n{NO_KEY}\nKeyId: mrk-0123456789abcdef0123456789abcdef, region: ca-central-1", ""),
        (f"{NO_KEY}\n$ {ENCRYPT.format('us-east-1')}", ""),
        (f"{INVALID.format('q:live')}\n$ aws lambda get-policy --function-name q", "add the permission to live"),
        (f"{INVALID.format('q:7')}\n$ aws lambda get-policy --function-name q", "add the permission to 7"),
        (f"{INVOKE.format('q:prod')}\n$ aws lambda get-policy --function-name q", "add the permission to prod"),
        (f"{INVALID.format('q:live')}\n$ aws lambda get-policy --function-name q --qualifier live", ""),
        (f"{INVALID.format('q')}\n$ aws lambda get-policy --function-name q", ""),
        (
            f"{EMR.format('emr-ec2')}\n{NO_PROFILE.format('emr-ec2')}\narn:aws:iam::111122223333:role/emr-ec2",
            "The role emr-ec2 exists, but no instance profile emr-ec2",
        ),
        (f"{EMR.format('emr-ec2')}\n{NO_PROFILE.format('emr-ec2')}", "There is no instance profile emr-ec2"),
        (f"{EMR.format('emr-ec2')}", ""),
        (f"{ENDS}\n$ session-manager-plugin\n-bash: session-manager-plugin: command not found", "Install the Session"),
        (f"{ENDS}\nSessionManagerPlugin is not found. Please refer to SessionManager Documentation", "Install the"),
        (f"{ENDS}\n$ which session-manager-plugin\nwhich: no session-manager-plugin in (/usr/bin)", "Install the"),
        (f"{ENDS}\n$ session-manager-plugin\nThe Session Manager plugin was installed successfully.", ""),
        (f"$ aws ssm terminate-session --session-id s-1\n{ENDS}\nsession-manager-plugin: command not found", ""),
        (f"{refused_call('RunInstances', 'ec2:RunInstances')}\n{NO_PROFILE.format('web')}", ""),
    ],
)
def test_another_commands_output_decides_why_a_call_was_refused(text: str, said: str) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    decided = any(step.title == "What the text decides" for step in diagnosis.steps)
    assert decided == bool(said), diagnosis.verdict.summary
    assert said in diagnosis.verdict.summary


NO_TRUST = "ClientError: SageMaker was unable to assume the role 'arn:aws:iam::333344445555:role/{}'"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            NO_TRUST.format("AmazonSageMaker-ExecutionRole-20250301T101010"),
            "service-role/AmazonSageMaker-ExecutionRole-",
        ),
        (f"{NO_TRUST.format('train')}\nRole: arn:aws:iam::333344445555:role/teams/ml/train", "role/teams/ml/train"),
    ],
)
def test_an_arn_without_the_roles_path_is_corrected(text: str, whole: str) -> None:
    assert whole in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        NO_TRUST.format("train"),
        NO_TRUST.format("service-role/AmazonSageMaker-ExecutionRole-20250301T101010"),
        f'{NO_TRUST.format("AmazonSageMaker-ExecutionRole-20250301T101010")}\n"Path": "/"',
        f"{NO_TRUST.format('train')}\nRole: arn:aws:iam::999944445555:role/teams/ml/train",
    ],
)
def test_a_role_that_may_have_no_path_is_not(text: str) -> None:
    assert "lacks the role's path" not in collect_offline(read_text(text)[0]).verdict.summary
