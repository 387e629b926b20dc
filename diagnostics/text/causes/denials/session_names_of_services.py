"""Causes of denials for sessions that AWS services create: the session's name shows whose permissions apply.

Source: ECS Developer Guide, "Task IAM role".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains, reading, says, speaks_of
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.invoking_service import INVOKED_BY
from diagnostics.who import Who
from diagnostics.words import TASK_START
from iam.lazy_pattern import regex

_TASK = regex(r"[0-9a-f]{32}")
# A task's ID if the text itself says that a task is started.
_OF_A_TASK = regex(r"[0-9a-f-]{16,36}")
# What ECS does for a task, with the execution role.
_OF_THE_TASK_ITSELF = regex(r"ecr:|logs:|ssm:getp|secretsmanager:|kms:decrypt")
_SESSIONS = tuple(
    (regex(session), cause)
    for session, cause in (
        (
            r"AWSCodeBuild-.*",
            "The build's own service role made the call: CodeBuild's project sets this role, not the pipeline or "
            "whoever starts the build.",
        ),
        (
            "CognitoIdentityCredentials",
            "The call came with the role that the identity pool gives this user: the role for guests, for signed-in "
            "users or for a group.",
        ),
        (
            "SageMaker",
            "SageMaker made the call with the execution role of its job, notebook or Studio profile: allow that role "
            "the action. The permissions of other roles, or of whoever starts the job, do not matter.",
        ),
        (
            "GlueJobRunnerSession|AWS-Crawler",
            "The role of the Glue job or crawler made the call: the policies of whoever starts it make no difference.",
        ),
        (
            "APPSYNC_ASSUME_ROLE|AppSync.*",
            "The role of AppSync's data source made the call: compare the table in the resolver with the table in the "
            "role's policy. To query an index, the policy must also name the index.",
        ),
        # AWS managed policy reference, AWSBatchServiceRole
        # (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBatchServiceRole.html).
        (
            "aws-batch",
            "AWS Batch made the call with the service role of its compute environment: most likely that role has no "
            "AWSBatchServiceRole yet, or got it only after the environment was created (Terraform: depends_on). "
            "Attach this policy, and create the environment again or update it.",
        ),
        (
            "BackplaneAssumeRoleSession",
            "API Gateway made the call, with the role that its integration or authorizer names.",
        ),
        (
            "AmplifyHosting|AWSAmplify.*",
            "Amplify made the call with its compute or service role; its backend uses other roles for signed-in users.",
        ),
        (
            r"eks-[\w-]+-[0-9a-f]{8}-[0-9a-f-]{27}",
            "The call came with the role of the pod's Pod Identity association.",
        ),
    )
)
_HANDLER = r"HandlerErrorCode|cloudformation service role"
# CloudFormation CLI User Guide, "Registering public extensions" (a third-party type has an execution role of its own):
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/registry-public.html.
_THIRD_PARTY = regex(
    r"(?<![\w:])(?!AWS::|Aws::|Alexa::|Custom::)(?P<type>[A-Z]\w{1,63}::[A-Z]\w{1,63}::[A-Z]\w{1,63})(?![\w:])"
)
_FAILED_OF_AWS = regex(
    r"\b(?:CREATE|UPDATE|DELETE)_FAILED\b[^\n]{0,80}\bAWS::\w+::\w+|\bAWS::\w+::\w+[^\n]{0,80}_FAILED\b"
)
_FAILED_THIRD = regex(
    r"(?:CREATE|UPDATE|DELETE)_FAILED\b[^\n]{0,80}(?<![\w:])(?!AWS::|Custom::)[A-Z]\w+::[A-Z]\w+::[A-Z]\w+"
    r"|(?<![\w:])(?!AWS::|Custom::)[A-Z]\w+::[A-Z]\w+::[A-Z]\w+[^\n]{0,80}_FAILED\b"
)
_BY_A_HANDLER = r"Resource handler returned message|HandlerErrorCode|\b(?:CREATE|UPDATE|DELETE)_FAILED\b"


def third_party(signs: Signs) -> Iterator[FirstLook]:
    third = _THIRD_PARTY.search(signs.denial.text)
    if _FAILED_OF_AWS.search(signs.denial.text) and not _FAILED_THIRD.search(signs.denial.text):
        return  # the text only names the other type: a hook's, or another resource's
    if third is not None and signs.session != "AWSCloudFormation" and signs.says(_BY_A_HANDLER):
        named = f", here {signs.role}" if signs.role else ""
        yield FirstLook(
            f"The resource type {third['type']} is a third party's: its handler calls with the execution role that was "
            f"set when the type was activated{named}. The permissions of the stack's role and of whoever deploys do "
            "not matter.",
            contains(third["type"]),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


def cloudformation(signs: Signs) -> Iterator[FirstLook]:
    # A named caller that is not a session of CloudFormation has the role of something else.
    of_handler = signs.says(_HANDLER) and not signs.denial.principal and not _THIRD_PARTY.search(signs.denial.text)
    if signs.session == "AWSCloudFormation" or of_handler:
        yield FirstLook(
            f"CloudFormation made the call with the stack's service role {signs.role}: the permissions of whoever "
            "updates the stack do not matter."
            if signs.session == "AWSCloudFormation"
            else "CloudFormation makes the call for the stack: with the stack's service role if it has one, otherwise "
            "with the permissions of whoever updates the stack.",
            signs.caller_is
            if signs.session == "AWSCloudFormation"
            else speaks_of("the text comes from CloudFormation", _HANDLER),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


# AWS Lambda Developer Guide, "Python handlers": the code of a function is in /var/task.
_IN_A_FUNCTION = r"\bFunctionError\b[\"']?\s*[:=]|/var/(?:task|runtime)/[\w./-]+"
_OF_A_TRACE = r"\"(?:stackTrace|stack|trace)\"\s*:"
# Hosting providers that run functions on AWS Lambda in their own accounts, with keys that the customer sets.
_OF_A_HOST = r"\bvercel\b|\bnetlify\b"
_KEYS_IN_CODE = r"\baws_access_key_id\s*=|\baccessKeyId\s*:|\bcredentials\s*[:=]\s*\{"
_INVOKED_WELL = r"\bStatusCode[\"']?\s*[:=]\s*200\b"


def function(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Lambda function's own code was refused: its execution role lacks the permission.

    AWS Lambda API Reference, "Invoke": FunctionError says that the function itself failed
    (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html); AWS Lambda Developer Guide, "Defining Lambda
    function permissions with an execution role"
    (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html).
    """
    if signs.denial.principal or signs.layer or not (said := signs.quote(_IN_A_FUNCTION)):
        return
    if signs.says(_OF_A_HOST) or signs.says(_KEYS_IN_CODE):
        return  # not the function's execution role: the host's, or keys that the code passes
    action = signs.denial.missing_action or signs.denial.action or signs.denial.operation or ""
    if action.lower().removeprefix("lambda:").startswith("invoke") or (not action and not signs.says(_OF_A_TRACE)):
        return
    worked = signs.quote(_INVOKED_WELL)
    invoked = " The invocation worked, so lambda:InvokeFunction is not missing." if worked else ""
    absent = (
        " The object may also be missing: without s3:ListBucket, S3 answers 403 instead of 404."
        if action.lower() == "s3:getobject"
        else ""
    )
    name = re.search(r"--function-name[ =]+([\w:-]+)", signs.denial.text)
    yield FirstLook(
        "The code of the Lambda function was refused. It calls with the function's execution role: check whether that "
        f"role allows {action or 'the call of the stack trace'} on the resource.{invoked} Then check the resource's "
        f"own policy and, for encrypted data, the KMS key.{absent}",
        contains(said, worked) if worked else contains(said),
        reading(
            "lambda", "get-function-configuration", ("function-name", name[1] if name else "FUNCTION"), query="Role"
        ),
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def services(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the name of the caller's session shows that a service made the call.

    The role that the service uses lacks a permission, or is not the intended role.
    """
    for session, cause in _SESSIONS:
        if session.fullmatch(signs.session) and not signs.denied_explicitly:
            because = signs.caller_is
            # In some of these causes a different role was intended, which the caller's policies do not show.
            yield FirstLook(cause, because, signs.caller_read, Who.ACCOUNT_ADMIN, found_by=("identity",))


_STARTS_TASKS = ("iam:passrole", "ecs:runtask")
_BY_EVENTBRIDGE = r"\b(?:events|scheduler)\.amazonaws\.com\b|\bEventBridge\b|\b[\w-]*Events?Role[\w-]*"
_OF_AN_INSTANCE = regex(r"i-[0-9a-f]{8,17}")
_TASK_ROLE = r"\btask(?:'s)? (?:IAM )?role\b|\btask_?role_?arn\b|\bECS task\b(?! definition)"
_OF_THE_HOST = regex(
    r"ecs:(?:registercontainer|poll|discoverpoll|submit|starttelemetry|deregister)|ecr:|ssmmessages:|ssm:u"
)


def instance_instead_of_task(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a container of ECS calls with its instance's role, although the text names a task role.

    Amazon ECS Developer Guide, "Amazon ECS task IAM role"
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
    """
    if not _OF_AN_INSTANCE.fullmatch(signs.session) or signs.layer not in ("", "identity"):
        return
    if _OF_THE_HOST.match(signs.action) or not (said := signs.quote(_TASK_ROLE)):
        return
    yield FirstLook(
        "The container calls with its instance's role, so the task role is not in effect: the running task's "
        "definition has no taskRoleArn (or the service runs an older revision), or the program does not see "
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. With host networking the agent needs "
        "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true. Grant the instance's role nothing.",
        contains(said, signs.session),
        "aws ecs describe-task-definition --task-definition TASK --query taskDefinition.[taskRoleArn,networkMode]",
        Who.CALLER,
        ruled_out_by=("identity",),
    )


def task(signs: Signs) -> Iterator[FirstLook]:
    started = signs.quote(TASK_START) if _OF_A_TASK.fullmatch(signs.session) else ""
    if not started and not _TASK.fullmatch(signs.session):
        return
    if not started and any(by != "ecs-tasks.amazonaws.com" for by in INVOKED_BY.findall(signs.denial.text)):
        return  # the sessions of other services have this form, too
    if not started and signs.action in _STARTS_TASKS and (by := signs.quote(_BY_EVENTBRIDGE)):
        # Amazon ECS Developer Guide, "Amazon ECS EventBridge IAM Role"
        # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html).
        yield FirstLook(
            "EventBridge starts the task with the role of the rule's or schedule's target: allow that role ecs:RunTask "
            "on the task definition, and iam:PassRole on both the task role and the execution role.",
            contains(by),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        return
    said = f"the session {signs.session} has the form of an ECS task's ID"
    because = says(said, TextPart.PRINCIPAL, signs.session)
    if not started and re.search(r"exec", signs.role, re.IGNORECASE) and not _OF_THE_TASK_ITSELF.match(signs.action):
        yield FirstLook(
            "This is the task's execution role, which pulls the image, reads its secrets and writes its logs. The "
            "program's own calls use the task role.",
            because,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )
        return
    if started:
        yield FirstLook(
            "This is the task's execution role (it pulls the image, reads the secrets of the task definition and "
            "writes the logs), not the task role.",
            contains(started),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )
        return
    yield FirstLook(
        "A role of an ECS task made the call. The task role is for the program; the execution role is for the image, "
        "the secrets and the logs. The two are easily confused.",
        because,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        shown_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )
