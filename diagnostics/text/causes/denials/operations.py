"""Causes in the operation: what one call needs in addition to the action of its name, and on which resources.

Source: Service Authorization Reference, each service's actions, resource types and dependent actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import Quotes, Says, Sentence, TextDenies, TextPart
from diagnostics.diagnosis import FirstLook, Probe
from diagnostics.text.answer.denial import cut_words, remark
from diagnostics.text.causes.denials.s3 import BESIDE_UPLOADS
from diagnostics.text.causes.denials.signs import Signs, accounts_differ
from diagnostics.text.causes.look import (
    AN_ALLOW_HELPS,
    SERVICE_ROLES,
    TERRAFORM_RESOURCE,
    WHO_AM_I,
    Said,
    affirmed,
    contains,
    reading,
    says,
    speaks_of,
    told,
)
from diagnostics.text.causes.shared_causes import MISSING_SERVICE_ROLE
from diagnostics.text.read.beside_message import prose_in
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.arn import Arn
from iam.facts.key_actions import KEY_ACTIONS
from iam.lazy_pattern import regex
from iam.passed_roles import principal_of_operation, principal_of_service, principal_passed_to
from iam.service_reference import action, has_resource_types, spelled
from iam.services import iam_prefix
from iam.words import listing

# What shells, templates and programs leave where nobody filled a variable in. The number of the account is not looked
# at: people blank it so.
# ``$LATEST`` is a version of a function, ``$default`` a stage, ``_$folder$`` an object: names of AWS and its tools.
_UNFILLED = regex(
    r"\$(?!LATEST\b)[A-Z][A-Z0-9_]*\b(?!\$)|\$\{[^}]*\}|\{\{[^}]*\}\}|(?<=[/:])(?:undefined|null|None|NaN)(?=$|[/:])"
)


def unfilled(signs: Signs) -> Iterator[FirstLook]:
    resource = signs.target.resource if signs.target else ""
    if found := _UNFILLED.search(resource):
        yield FirstLook(
            f"Unless somebody masked the name for the paste, {found[0]} in it is a variable, a secret or an output "
            "that was never filled in: no policy names such a resource.",
            signs.resource_is,
            None,
            Who.CALLER,
        )


def cut_off(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a line that was truncated within the action."""
    yield FirstLook(
        "The line was cut off where it was printed (a table, a log's column): "
        f"{cut_words(signs.denial.action or '')}. Get the full line before you change anything.",
        signs.action_is,
        None,
        Who.CALLER,
    )


# What takes a name, by the service of the ARN: API references, the parameter of each.
_NAME_PARAMETER = {
    "firehose": "DeliveryStreamName",
    "kinesis": "StreamName",
    "logs": "logGroupName",
    "s3": "Bucket",
    "ecr": "repositoryName",
    "sagemaker": "its name parameter",
    "iam": "RoleName, UserName or PolicyName",
}
_INNER_ARN = regex(r"(?<=.)arn:[\w-]+:[\w-]+:[^\s]*")


def doubled(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an ARN contains another ARN: the call was given an ARN where it takes a name."""
    outer = signs.target
    found = _INNER_ARN.search(str(outer)) if outer is not None else None
    inner = Arn.parse(found[0]) if found else None
    if inner is None or outer is None or outer.service != inner.service:
        return
    if outer.service == "s3" and not outer.resource.startswith("arn:"):
        return  # a key may be any text
    parameter = _NAME_PARAMETER.get(inner.service, "the parameter that names it")
    yield FirstLook(
        "The resource's ARN contains a second ARN: an ARN was passed instead of a name. Pass the plain name "
        f"({inner.id or inner.name}) as {parameter}; a statement for the doubled ARN would only hide the mistake.",
        signs.resource_is,
        None,
        Who.CALLER,
    )


def told_other_action(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text names an action other than the operation's own, or other than its sentence's."""
    denial = signs.denial
    if signs.layer not in ("", "identity") or next(tagging(signs), None) is not None:
        return
    operation, refused = denial.operation or denial.action, denial.missing_action or denial.action
    if not operation or not refused or ":" not in refused or refused.lower() in ("iam:passrole", *BESIDE_UPLOADS):
        return
    if refused.lower().startswith("sts:"):
        return  # `passing` has what a call to assume a role sends
    if refused.lower().startswith("kms:") and operation in KEY_ACTIONS:
        return  # `keys` has all of the actions on the key
    own = operation if ":" in operation else action_for(operation, signs.service) or action_for(operation)
    if own is None or own.lower() == refused.lower() or refused.partition(":")[2].lower() not in denial.text.lower():
        return
    if action(own) is None or (signs.service == "s3" and refused.lower() == "s3:listbucket"):
        return  # no action of IAM; `missing_object` has S3's answer for an object that is not there
    yield FirstLook(
        f"The call {operation.rpartition(':')[2]} also needs {refused}: allowing {own} alone is not enough.",
        says(f"the operation is {operation}, and the refused action is {refused}", TextPart.ACTION, refused),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_A_ROLE = regex(r"arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")
_ROLE_NAMED = regex(
    r"\b(?:for|with|using) (?:the )?role [\"'`]?(?P<arn>arn:\S+?:role/\S+?)[\"'`]?(?=[\s:,;.]|$)"
    r"|\b\w*role_?(?:arn)?[\"']?\s*[:=]\s*[\"']?(?P<set>arn:[^\s\"',}]+|aws_iam_role\.\S+|\$\{\S+|module\.\S+|var\.\S+)",
    re.IGNORECASE,
)


_ASSUMED = regex(r"source_profile|credential_source|web_identity_token_file|assume_role|role-to-assume|AWS_ROLE_ARN")
"""Words near a role that is assumed directly, not passed to a service."""


def passes_too(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call passes a role to the service.

    Service Authorization Reference, "Dependent actions".
    """
    # Where IAM's own sentence names the action, it would have named iam:PassRole.
    if signs.denial.principal or signs.denial.stated_reason or signs.action in signs.denial.text.lower():
        return
    text, takes_one = signs.denial.text, bool(principal_passed_to(signs.action))
    given = (
        each
        for each in _ROLE_NAMED.finditer(text)
        if not _ASSUMED.search(text[max(0, each.start() - 200) : each.end() + 80])
    )
    found = sorted((each for each in given if takes_one or each["arn"]), key=lambda each: each["arn"] is None)
    if not found:
        return
    named = found[0]
    role = _A_ROLE.search(named["arn"] or named["set"] or "")
    which = f" on the role {role['name']}" if role else " on the role that it names"
    yield FirstLook(
        f"{spelled(signs.action)} is given a role: the caller then also needs iam:PassRole{which}. The message does "
        "not say which of the two was refused; the call's event in CloudTrail does.",
        contains(" ".join(named[0].split())[:96]),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def passing_denied(signs: Signs) -> Iterator[FirstLook]:
    if "iam:passrole" in (signs.action, (signs.denial.missing_action or "").lower()):
        yield FirstLook(
            "A Deny refuses iam:PassRole, and no Allow can override it: see which roles it excepts, and which services "
            "(iam:PassedToService).",
            Sentence(
                "the action is iam:PassRole, and the text says explicit deny",
                (Says(TextPart.ACTION, "iam:PassRole"), TextDenies()),
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("explicit-denies",),
        )


def remarked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the service's own reason in brackets: trusted access, an account to leave out of the call, a setting."""
    if said := remark(signs.denial):
        yield FirstLook(
            f"The service gives its own reason: “{said.rstrip('.')}”. Follow it first: it names no policy.",
            contains(said),
            None,
            Who.ACCOUNT_ADMIN,
        )


# What texts call a thing that is given a role, and the service that gets it (each service's page on its roles). A noun
# counts after a verb of making or deploying: else it may be who calls.
_MAKES = r"(?:creat|updat|regist|deploy|launch)\w*(?:\s+(?:an?|the|aws|amazon|new))*\s+"
_RECEIVERS = (
    (
        rf"task definition|ECS::TaskDefinition|deploy(?:ment)? \(ECS\)|{_MAKES}ecs|to access ECS\b",
        "ecs-tasks.amazonaws.com",
    ),
    (rf"{_MAKES}lambda function|Lambda::Function\b", "lambda.amazonaws.com"),
    (rf"{_MAKES}(?:\w+ ){{0,2}}state machine|StepFunctions::StateMachine", "states.amazonaws.com"),
    (rf"{_MAKES}glue (?:job|crawler)|Glue::(?:Job|Crawler)", "glue.amazonaws.com"),
    (rf"{_MAKES}codebuild project|CodeBuild::Project", "codebuild.amazonaws.com"),
    (rf"{_MAKES}codepipeline|CodePipeline::Pipeline", "codepipeline.amazonaws.com"),
    (rf"{_MAKES}(?:eventbridge )?schedule\b|Scheduler::Schedule\b", "scheduler.amazonaws.com"),
    (rf"{_MAKES}sagemaker|SageMaker::", "sagemaker.amazonaws.com"),
    (rf"{_MAKES}eks cluster|EKS::Cluster", "eks.amazonaws.com"),
    (rf"{_MAKES}ec2 instance|EC2::Instance\b", "ec2.amazonaws.com"),
    (r"\bAPI: cloudformation", "cloudformation.amazonaws.com"),
    (rf"Events::Rule\b|{TERRAFORM_RESOURCE}cloudwatch_event_target\b", "events.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}iot_role_alias\b|{_MAKES}iot role alias|IoT::RoleAlias", "credentials.iot.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}sfn_state_machine\b", "states.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}lambda_function\b", "lambda.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}glue_(?:job|crawler)\b", "glue.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}ecs_(?:task_definition|service)\b", "ecs-tasks.amazonaws.com"),
    (rf"{TERRAFORM_RESOURCE}scheduler_schedule\b", "scheduler.amazonaws.com"),
)
# Roles that consoles make for one service, and that service: each page says the name and the trust policy.
_MADE_FOR = (
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
    (r"Amazon_EventBridge_Invoke_", "events.amazonaws.com"),
    (r"Amazon_EventBridge_Pipe_", "pipes.amazonaws.com"),
    (r"Amazon_EventBridge_Scheduler_", "scheduler.amazonaws.com"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    (r"AmazonSageMaker(?:Service)?-?ExecutionRole", "sagemaker.amazonaws.com"),
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    (r"ecsTaskExecutionRole$", "ecs-tasks.amazonaws.com"),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    (r"AWSBackupDefaultServiceRole$", "backup.amazonaws.com"),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    (r"codebuild-[\w+=,.@-]+-service-role$", "codebuild.amazonaws.com"),
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-service-role.html
    (r"AWSCodePipelineServiceRole-", "codepipeline.amazonaws.com"),
    # https://docs.aws.amazon.com/mediaconvert/latest/ug/creating-the-iam-role-in-mediaconvert-configured.html
    (r"MediaConvert_Default_Role$", "mediaconvert.amazonaws.com"),
    # https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
    (r"EMR_DefaultRole(?:_V2)?$", "elasticmapreduce.amazonaws.com"),
    (r"EMR_EC2_DefaultRole$", "ec2.amazonaws.com"),
)


_CALL = regex(r"(?<![\w/-])aws[ \t]+(?P<service>[a-z][a-z0-9-]+)[ \t]+(?P<operation>[a-z][a-z0-9-]+)")


def _of_command(signs: Signs) -> str | None:
    """The service that gets the role of the text's commands of the AWS CLI; None unless they give it to exactly one."""
    calls = [
        action_for(each["operation"].replace("-", ""), iam_prefix(each["service"]) or each["service"])
        for each in _CALL.finditer(signs.denial.text)
    ]
    found = {service for call in calls if call and (service := principal_passed_to(call))}
    return found.pop() if len(found) == 1 else None


def _of_its_name(signs: Signs) -> str | None:
    """The service for which the console made the role, by its name."""
    return next((service for name, service in _MADE_FOR if re.match(name, signs.target_role)), None)


_CALLED_SERVICE = regex(r"\(Service:\s*(?P<name>[\w .-]{2,50}?)[;,)]")


def _receiver(signs: Signs) -> str:
    """The principal of the service that is given the role; "" where the text shows none.

    It is known by the API that takes the role, never by who calls.
    """
    operation = signs.denial.operation or ""
    principal = principal_of_operation(operation) or principal_passed_to(action_for(operation) or "")
    principal = principal or _of_command(signs) or _of_its_name(signs)
    # The ARNs and the session's name say who calls, and not what is made.
    prose = re.sub(r"arn:\S+", "", signs.denial.text)
    if not principal and (called := _CALLED_SERVICE.search(prose)):
        principal = principal_of_service(iam_prefix(called["name"]) or "")
    found = {service for words, service in _RECEIVERS if re.search(words, prose, re.IGNORECASE)}
    if not principal and len(found) == 1:
        principal = found.pop()
    return principal or ""


def path_taken_for_a_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the role's name is a folder in the text, to which a program resolved an empty setting."""
    role = signs.target.id if signs.target is not None and signs.target_role else ""
    if signs.action != "iam:passrole" or "/" not in role:
        return
    named = re.search(
        rf"(?:^|[\s\"'=(./])(?P<path>{re.escape(role)}/[\w.-]+\.\w+|(?<==|\s)(?:\./)?{re.escape(role)}(?=[\s\"')]))",
        re.sub(r"arn:\S+", "", signs.denial.text),
    )
    if named is None:
        return
    empty = re.search(
        r"^[ \t]*-{0,2}(?P<name>[\w.-]*role[\w.-]*)[ \t]*[:=][ \t]*(?:\"\"|''|null|~)?[ \t]*$",
        signs.denial.text,
        re.IGNORECASE | re.MULTILINE,
    )
    setting = f"{empty['name']}, which is empty," if empty else "the setting of the role"
    receiver = _receiver(signs)
    to = f" to {receiver}" if receiver else ""
    yield FirstLook(
        f"Most likely {role} is not a role: it is a path in the text, and the program took it for the role's name. "
        f"Correct {setting} first: give it the ARN of the role you want, or leave it out. Do not allow iam:PassRole on "
        f"{signs.denial.resource}. For the role you want, you then need iam:PassRole{to}.",
        contains(named["path"]),
        None,
        Who.CALLER,
    )


def passing(signs: Signs) -> Iterator[FirstLook]:
    if "iam:passrole" in (signs.action, (signs.denial.missing_action or "").lower()):
        receiver = _receiver(signs)
        here = f": here it is {receiver}" if receiver else ""
        yield FirstLook(
            "The call passes a role to a service, and the caller is not allowed to pass that role: allow "
            f"iam:PassRole on the role's ARN (and check iam:PassedToService{here}).",
            says(
                f"the action is iam:PassRole{f', in {signs.denial.operation}' if signs.denial.operation else ''}",
                TextPart.ACTION,
                "iam:PassRole",
            ),
            reading("iam", "get-role", ("role-name", signs.target_role), query="Role.Arn") or signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        if signs.denial.operation in (
            "RunTask",
            "RegisterTaskDefinition",
            "CreateService",
            "UpdateService",
            "StartTask",
        ):
            yield FirstLook(
                "ECS receives two roles, the task role and the execution role: iam:PassRole is needed on both.",
                signs.operation_is,
                reading("iam", "list-roles", query="Roles[].RoleName"),
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
        if signs.target_role.startswith("AWSServiceRoleFor"):
            # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-api-permissions.html: one with a
            # suffix is passed.
            yield FirstLook(
                "The role is service-linked: most services use theirs by themselves, so leave the role out unless the "
                "service requires it (such as EC2 Auto Scaling for a role with a suffix of your own).",
                says(f"the role is {signs.target_role}", TextPart.RESOURCE, signs.target_role),
                None,
                Who.CALLER,
            )
    if signs.action in ("sts:tagsession", "sts:setsourceidentity"):
        tags = signs.action == "sts:tagsession"
        brings = "session tags" if tags else "a source identity"
        yield FirstLook(
            f"The call sends {brings}: the role's trust policy must allow {signs.denial.action} in addition to "
            f"sts:AssumeRole; across accounts, the caller's policies must too.{_tagger(signs)}",
            signs.action_is,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )
        # EKS User Guide, "Pod Identity role target": the agent's session tags are transitive.
        if signs.action == "sts:tagsession" and _POD_SESSION.search(signs.session):
            yield FirstLook(
                "The tags come from EKS Pod Identity, which passes its session tags on to every further role "
                "(disableSessionTags in the association leaves them out).",
                says(
                    f"the session {signs.session} begins with eks-, as those of Pod Identity do",
                    TextPart.PRINCIPAL,
                    signs.session,
                ),
                signs.trust_read,
                Who.RESOURCE_OWNER,
            )


def service_linked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the missing service-linked role, before the common causes for the program that needs it."""
    if signs.action == "iam:createservicelinkedrole":
        yield from _service_linked(signs)


_LINKED_TO = regex(r"aws-service-role/(?P<service>[\w.-]+\.amazonaws\.com(?:\.cn)?)/")


def _service_linked(signs: Signs) -> Iterator[FirstLook]:
    """IAM User Guide, "Create a service-linked role": the permission, and the key iam:AWSServiceName."""
    linked = _LINKED_TO.search(signs.denial.resource or "")
    if linked is None:
        yield replace(MISSING_SERVICE_ROLE, because=signs.action_is)
        return
    yield FirstLook(
        f"The service-linked role does not exist yet: allow iam:CreateServiceLinkedRole on this ARN with "
        f"iam:AWSServiceName = {linked['service']}, or let an administrator create it once. Then repeat the call that "
        "needs it.",
        signs.resource_is,
        SERVICE_ROLES,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_POD_SESSION = regex(r"^eks-")
_GITHUB_ACTION = r"configure-aws-credentials|GitHubActions\b"


def _tagger(signs: Signs) -> str:
    """Who sends the tags, where the text shows GitHub's action (its README, "role-skip-session-tagging")."""
    if signs.says(_GITHUB_ACTION) and not signs.says(r"role-skip-session-tagging:\s*[\"']?true"):
        return " GitHub's action sends tags; its input role-skip-session-tagging: true leaves them out."
    return ""


# What the CDK's maintainers say of sagemaker:AddTags (https://github.com/aws/aws-cdk/issues/26012).
_STEP_FUNCTIONS = r"\bStep ?Functions\b|\bstate ?machine\b|\bstepfunctions|IntegrationPattern\.RUN_JOB|\.sync\b"


def tagging(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a call sets tags, for which most services require an action of its own.

    Service Authorization Reference.
    """
    verb = signs.action.partition(":")[2]
    if said := signs.quote(r"not authorized to perform \w+ with tags"):
        because = Sentence(f"“{said}”", (Quotes(said),))
    elif re.fullmatch(r"(?:tag|createtags|addtags)\w*", verb) and signs.service not in ("ec2", "sts", "logs"):
        if (signs.denial.operation or "").lower() == verb:
            return  # a call that does nothing but tag
        because = signs.action_is
    else:
        return
    if signs.service == "sagemaker" and (waits := signs.quote(_STEP_FUNCTIONS)):
        yield FirstLook(
            "Step Functions tags each job for which it waits (.sync, RUN_JOB), whatever the job's own tags: allow "
            "sagemaker:AddTags to the state machine's role, and not to the role that the job runs with. Newer versions "
            "of the CDK grant it by themselves.",
            contains(waits),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        return
    yield FirstLook(
        "The call sets tags (perhaps a tool's default tags), which is a separate action from the creation: allow it, "
        "or leave out the tags.",
        because,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_STATE = (
    r"(?:Error|Failed(?: to)?)\s+(?:refresh|acquir|load|lock|sav|upload|persist)\w*\s+(?:the\s+|s3\s+)?(?:remote\s+)?"
    r"state\b(?! machine)|state to backend|Failed to get existing workspaces|Error acquiring the state lock"
)


def terraform_state(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a denied Terraform backend.

    Terraform's documentation of the backend "s3": its permissions and credentials.
    """
    if signs.denial.principal or not (said := signs.quote(_STATE)):
        return
    yield FirstLook(
        "Terraform's backend is refused, not a provider: it uses credentials of its own (profile, assume_role in the "
        "backend), or the bucket belongs to another account.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
    yield FirstLook(
        "A state in S3 needs s3:ListBucket on the bucket, s3:GetObject and s3:PutObject on the state's object, and "
        "s3:DeleteObject or DynamoDB for the lock. If a KMS key encrypts it: kms:Decrypt and kms:GenerateDataKey.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_ARTIFACTS = (
    r"(?:DOWNLOAD_SOURCE|UPLOAD_ARTIFACTS)\W{1,4}(?:State: )?(?:FAILED\w*|CLIENT_ERROR)"
    r"|primary source and source version|Upload to S3 failed"
    r"|provided role does not have permissions to perform this action"
)
_OF_A_ROLE = (
    Said(
        r"execution role have permission to (\w+)",
        "The function's own execution role lacks the permission (whoever deploys does not need it), or its "
        "policy is attached only after the function or mapping is created.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"images included in the model[^\x1e]{1,120}permissions to access them",
        "The model's execution role is not allowed to pull the image (ecr:GetAuthorizationToken, ecr:BatchGetImage, "
        "ecr:GetDownloadUrlForLayer), or the image is in another Region or account.",
        reading("sagemaker", "list-models", query="Models[].ModelName"),
        Who.ACCOUNT_ADMIN,
    ),
)
# A role that is said to lack access to a service, without the action.
_OF_A_SERVICE = (
    Said(
        r"(?:provided|pipeline(?:'s)?) role[^.\n]{0,80}does not have (?:sufficient |the )?permissions? to access (\w+)",
        "The role that was given to the service (a pipeline's service role, or the action's own) lacks that "
        "service's actions, or those on the artifacts' bucket and key.",
        reading("codepipeline", "list-pipelines"),
        Who.ACCOUNT_ADMIN,
    ),
)


def in_prose(signs: Signs) -> Iterator[FirstLook]:
    """Yield the common causes of a service's own sentence (`diagnostics.text.read.service_sentences`)."""
    found = prose_in(signs.denial.text)
    denial = signs.denial
    if found and (found.in_table or not (denial.claims_trust or (denial.principal and denial.stated_reason))):
        told = [signs.quote(cause.told_by) if cause.told_by else "" for cause in found.row.causes]
        for words, cause in sorted(zip(told, found.row.causes, strict=True), key=lambda each: not each[0]):
            yield FirstLook(cause.sentence, contains(words or found.words), cause.check, cause.who)


def with_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a service that names what its role cannot do, but not the role's policies."""
    if not signs.denial.principal and (said := signs.quote(_ARTIFACTS)):
        yield FirstLook(
            "The role of the pipeline, of the action or of the build is not allowed to use the artifacts. It needs "
            "s3:GetObject, s3:GetObjectVersion and s3:PutObject on their bucket, and kms:Decrypt and "
            "kms:GenerateDataKey on the bucket's KMS key.",
            contains(said),
            reading("codepipeline", "list-pipelines"),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    yield from told(signs.denial.text, _OF_A_ROLE if signs.action else (*_OF_A_ROLE, *_OF_A_SERVICE))
    if said := signs.quote(r"Not authorized for images: \S+"):
        image = re.search(r"ami-[0-9a-f]+", said)
        yield FirstLook(
            "The image was deregistered, is in another Region, or is private and not shared with this account.",
            contains(said),
            reading("ec2", "describe-images", ("image-ids", image[0] if image else None)),
            Who.CALLER,
        )


# CloudWatch Logs API reference, "LogGroup"
# (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html).
_WITHOUT_STAR = ("logs:tagresource", "logs:untagresource", "logs:listtagsforresource")
# Service Authorization Reference, the resource types of EKS and ECS that a cluster holds.
_HELD = regex(
    r"(?P<kind>podidentityassociation|nodegroup|fargateprofile|addon|access-entry|identityproviderconfig|service|task"
    r"|container-instance)/(?P<cluster>[\w-]+)/"
)


def parts_of_resources(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for resources with a part that policies often lack: an index, a version, a stream, an execution."""
    if signs.target is None or signs.layer not in ("", "identity"):
        return
    resource, region = signs.target.resource, signs.region
    match signs.target.service:
        case "dynamodb" if "/index/" in resource or "/stream/" in resource:
            word = "index" if "/index/" in resource else "stream"
            table = "/".join(resource.split("/")[:2])
            an = "An index" if word == "index" else "A stream"
            name = table.partition("/")[2]
            yield _part(signs, f"{an} is a separate resource: also allow table/{name}/{word}/*.", table)
        case "logs" if signs.action in _WITHOUT_STAR:
            if resource.startswith("log-group:"):
                yield _part(
                    signs,
                    f"Unlike for most CloudWatch Logs actions, for {signs.denial.action} the policy must name the log "
                    "group's ARN without a trailing :*.",
                    f"{resource.removesuffix(':*')}:*",
                )
        case "logs" if ":log-stream:" in resource and not _names_its_streams(signs):
            yield _part(
                signs,
                "The group's ARN needs :* at its end (log-group:NAME:*), or it does not cover this resource."
                if resource.endswith(":log-stream:")
                else "Log streams are separate resources: the policy needs log-group:NAME:* (with :*) as well as the "
                "group.",
                resource.partition(":log-stream:")[0],
            )
        case "states" if signs.action in ("states:stopexecution", "states:describeexecution"):
            machine = resource.split(":")[1] if resource.startswith("execution:") else ""
            yield _part(
                signs,
                "This action applies to executions (execution:MACHINE:*), not to the state machine.",
                f"stateMachine:{machine}" if machine else "",
            )
        case "secretsmanager" if said := _without_suffix(signs):
            yield FirstLook(
                f"The text names {said} without the dash and six random characters that end a secret's ARN: a policy "
                "that names it so does not cover it. NAME-?????? does.",
                contains(said),
                signs.caller_read,
                Who.ACCOUNT_ADMIN,
                ruled_out_by=("identity",),
            )
        case "ssm" if resource == "*" and signs.action.startswith("ssm:getparameter"):
            yield FirstLook(
                "The ARN in the message is not that of a parameter: often the requested name is empty, mistyped "
                "or belongs to a parameter that does not exist here. Check the name before the policies.",
                signs.resource_is,
                reading("ssm", "describe-parameters", region=region, query="Parameters[].Name"),
                Who.CALLER,
            )
        case "ssm" if "parameter" in resource and (said := signs.quote(r"arn:[\w-]+:ssm:\S*?:parameter//\S*")):
            yield FirstLook(
                "A parameter's ARN has one slash before its path (parameter/PATH), even if its name begins with a "
                "slash. With two slashes, a policy covers no parameter.",
                contains(said),
                signs.caller_read,
                Who.ACCOUNT_ADMIN,
                ruled_out_by=("identity",),
            )
        case "eks" | "ecs" if (holder := _HELD.match(resource)) is not None:
            kind, cluster = holder["kind"], holder["cluster"]
            yield _part(
                signs,
                f"The resource is the {kind}: a statement for the cluster's ARN does not cover it, one for "
                f"{kind}/{cluster}/* does.",
                f"cluster/{cluster}",
            )
        case "lambda" if resource.count(":") > 1:
            yield _part(
                signs,
                "A version, alias or layer version is a separate resource: allow the ARN including the part after "
                "the last colon.",
                resource.rpartition(":")[0],
            )
        case "ses" if resource.startswith("identity/"):
            yield _part(
                signs,
                "SES checks each identity that takes part: the sender's address or its domain, whichever is "
                "verified, and the recipients' too, while the account is in the sandbox.",
                check=reading("sesv2", "list-email-identities", region=region),
            )
        case "cloudformation" if "transform/" in resource:
            yield _part(signs, "The template uses a transform (SAM's or a macro): allow it as a resource.")


def _names_its_streams(signs: Signs) -> bool:
    """Whether the text has the log group's ARN with the ``:*`` that covers its streams, or that of all groups."""
    group = signs.target.resource.partition(":log-stream:")[0] if signs.target is not None else ""
    text = signs.denial.pasted or signs.denial.text
    return f"{group}:*" in text or "log-group:*" in text


def _without_suffix(signs: Signs) -> str:
    """The denied secret's ARN without its suffix, where the text has it apart from the secret's own; else empty."""
    named = re.fullmatch(r"(?P<name>.+)-[A-Za-z0-9]{6}", str(signs.target))
    text = signs.denial.pasted or signs.denial.text
    return named["name"] if named and re.search(rf"{re.escape(named['name'])}(?![\w/+=.@?*-])", text) else ""


def _part(signs: Signs, cause: str, parent: str = "", check: str | None = None) -> FirstLook:
    """Return a cause in the caller's own policies.

    It holds if they allow the action on ``parent``: the resource part of what contains the requested resource.
    """
    assert signs.target is not None
    holder = str(replace(signs.target, resource=parent)) if parent else ""
    return FirstLook(
        cause,
        signs.resource_is,
        check or signs.caller_read,
        Who.ACCOUNT_ADMIN,
        ruled_out_by=("identity",),
        probe=Probe(signs.action, holder, allowed=True, decides=True) if holder else None,
    )


_NO_OWN_KEY = r"\"?KmsKeyId\"?\W{1,8}(?:null|None|absent|missing|not set|unset|empty)\b"
_MANAGED_KEY = (
    r"KmsKeyId\]?'?\s+\[[^\]]{0,200}\bnull\b|\balias/aws/\w+"
    r"|(?<![\w/])aws/secretsmanager\b(?![^\n]{0,20}\bwork)"
    r"|\b(?:encryption|KMS)[ _-]?key\b\W{1,4}(?:default|DefaultEncryptionKey)\b|\bdefault (?:KMS |encryption )?key\b"
    r"|\b(?:created|made|stored)\b[^.\n]{0,30}\bwith (?:the )?defaults\b"
)
"""Pattern of signs that an AWS managed key encrypts the data: a secret without its own key, or the key's alias."""
# How services say that KMS refused them, or did not find the key, without naming KMS's action.
_KEY_REFUSED = r"ciphertext refers to a customer master key|KMS access was denied|Access to KMS is not allowed"


def unusable_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a KMS key that cannot be used.

    KMS developer guide, "Troubleshooting key access"; Lambda developer guide, "Troubleshoot execution issues".
    """
    if not (said := signs.quote(_KEY_REFUSED)):
        return
    because, role = Sentence(f"“{said}”", (Quotes(said),)), "the caller"
    own = "no identity-based policy" in signs.denial.text  # the key policy leaves the decision to the role's policies
    if not own and (managed := signs.quote(_NO_OWN_KEY) or affirmed(signs.denial.text, _MANAGED_KEY)):
        # Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account"
        # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
        yield FirstLook(
            "The data is encrypted with the AWS managed key of its account, which no other account can use, and whose "
            "policy cannot be changed. Its owner must encrypt it with a customer managed key "
            "(KmsKeyId) whose key policy allows the caller kms:Decrypt.",
            contains(managed),
            None,
            Who.RESOURCE_OWNER,
        )
        return
    if signs.says(r"decrypt the environment variables|Lambda was unable to decrypt"):
        role = "the function's execution role"
        if not own:
            # re:Post, "How do I resolve Lambda KMS access denied errors": the grant of a role that was made anew.
            yield FirstLook(
                "If the function has no customer managed key, and its execution role was deleted and created again, "
                "the grant on the key belongs to the old role. Set the function's role to another one and back.",
                because,
                None,
                Who.CALLER,
            )
    elif signs.says("execution resource retrieval"):
        role = "the task's execution role"
    writing = (
        ""
        if re.search(r"kms:decrypt\b", signs.denial.text, re.IGNORECASE)
        else ", and for writing kms:GenerateDataKey,"
    )
    named = f" {signs.role}" if signs.role and role != "the caller" else ""
    key = f" on {signs.target}" if signs.target is not None and signs.target.service == "kms" else ""
    yield FirstLook(
        f"The data that is read or written is encrypted with a KMS key, and {role}{named} is not allowed to use it: "
        f"allow it kms:Decrypt{writing}{key} in its policies."
        + ("" if own else _IN_THE_KEY_POLICY)
        + (_READ_ENCRYPTED if signs.says(_WITHOUT_DECRYPTION) and signs.says(r"--with-decryption\b") else ""),
        because,
        _reading_of_the_key(signs) if role == "the caller" or signs.role else None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
    # KMS API reference, "Decrypt": the ciphertext names its key.
    if not own and (gone := signs.quote(r"master key that does not exist")):
        yield FirstLook(
            "The data names the key that encrypted it. That key was deleted, or the data was copied from another "
            "Region or account, whose key this caller is not allowed to use.",
            contains(gone),
            None,
            Who.RESOURCE_OWNER,
        )


# KMS Developer Guide, "Default key policy"
# (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
_IN_THE_KEY_POLICY = (
    " The key policy must allow it too: the default one leaves it to IAM's policies, within the key's own account only."
)
_WITHOUT_DECRYPTION = r"\bssm get-parameter\S*(?![^\n]*--with-decryption)[^\n]*\n+[ \t]*[\"\[{]"
_READ_ENCRYPTED = " The text has such a call without --with-decryption that is answered: no ssm action is missing."


def _reading_of_the_key(signs: Signs) -> str | None:
    """The command that shows what the caller's own policies allow on the key, as far as the text names the key."""
    return signs.caller_read if signs.service == "kms" else signs.lists_policies


_KEY_POLICIES = r"no\s+resource-based\s+policies\s+allow"


def _is_kms(called: re.Match[str]) -> bool:
    return iam_prefix(called["name"].strip()) == "kms" or "kms" in called["name"].lower()


def keys(signs: Signs) -> Iterator[FirstLook]:
    if signs.service != "kms":
        return
    if re.fullmatch(r"[\w.-]+\.amazonaws\.com(?:\.cn)?", signs.denial.principal or ""):
        # SQS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted queues".
        yield FirstLook(
            f"Allow {signs.denial.principal} {signs.denial.action} in the key's own policy: a service has no IAM "
            "policies. A service that writes encrypted data needs kms:GenerateDataKey* and kms:Decrypt. The policy of "
            "an AWS managed key (alias/aws/…) cannot be changed: use a customer managed key.",
            says("the caller is a service", TextPart.PRINCIPAL, signs.denial.principal),
            reading("kms", "get-key-policy", ("key-id", signs.denial.resource), query="Policy"),
            Who.RESOURCE_OWNER,
            asserts=AN_ALLOW_HELPS,
        )
        return
    if signs.says(_KEY_POLICIES):
        yield FirstLook(
            "Check first whether the key exists in the account and the Region of the call: an alias belongs to one of "
            "each. Then read its key policy: it must let the caller use the key, or leave that to the account's IAM "
            "policies.",
            speaks_of("the text names the key's policies", _KEY_POLICIES),
            reading("kms", "list-aliases", region=signs.region),
            Who.RESOURCE_OWNER,
            told_by=("resource",),
        )
        return
    if signs.two_accounts is not None and signs.layer in ("", "identity"):
        ours, theirs = signs.two_accounts
        # KMS Developer Guide, "Allowing users in other accounts to use a KMS key"
        # (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
        yield FirstLook(
            f"The key belongs to account {theirs}, so both sides must allow {signs.denial.action}: the caller's own "
            f"policies on the key's ARN, and the key policy for account {ours} or this caller.",
            accounts_differ(ours, theirs),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    if wanted := KEY_ACTIONS.get(signs.denial.operation or ""):
        yield FirstLook(
            f"{signs.denial.operation} on an encrypted {wanted.thing} needs {listing(wanted.actions)} on the KMS key: "
            f"allow all of them, or the next one is refused. Access to the key is missing, not to the {wanted.thing}.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif signs.layer == "identity" and (called := _CALLED_SERVICE.search(signs.denial.text)) and not _is_kms(called):
        yield FirstLook(
            f"What the call to {called['name'].strip()} reads or writes is encrypted: the caller also needs "
            f"{signs.denial.action} on its KMS key.",
            contains(called[0].rstrip(";,)")),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif not signs.layer and signs.two_accounts is None and has_resource_types(signs.action) and not signs.is_root:
        # KMS developer guide, "Key policies": most leave the decision to the IAM policies of the key's account.
        yield FirstLook(
            f"Allow {signs.denial.action} on the key's ARN in the caller's own policies. The key policy must allow the "
            "caller too, unless it leaves that to IAM policies.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_ROLE_TO_CHECK = r"\b(?:ensure|verify|make sure)\b[^.\n]{0,40}\brole\b[^.\n]{0,20}\b(?:has|have|allows?)\b"
"""A pattern of a service's sentence that blames another role than the caller's."""
_PUBLIC = ("cognito-identity:getid", "cognito-identity:getcredentialsforidentity", "cognito-identity:getopenidtoken")
"""Calls that need no credentials (https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html)."""


def without_resource(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the action has no resource types, so that only ``*`` allows it.

    Source: Service Authorization Reference.
    """
    # SQS and others name their Region and account and no resource: "arn:aws:sqs:eu-west-1:111122223333:".
    nothing = signs.denial.resource in (None, "*") or (signs.target is not None and not signs.target.resource)
    if signs.layer not in ("", "identity") or signs.denied_explicitly or not nothing:
        return
    if signs.action not in signs.denial.text.lower() and signs.says(_ROLE_TO_CHECK):
        return
    if signs.action in _PUBLIC and not signs.denial.principal:
        yield FirstLook(
            "The call needs no permission of the caller: it is public, and the identity pool decides. An identity that "
            "signed in needs its login's token, valid and of a provider that the pool knows; without one, the pool "
            "must allow guests. The pool's roles must trust cognito-identity.amazonaws.com for this pool.",
            signs.action_is,
            reading("cognito-identity", "list-identity-pools", ("max-results", "60")),
            Who.RESOURCE_OWNER,
        )
    elif has_resource_types(signs.action) is False:
        yield FirstLook(
            f'{signs.denial.action} supports no resources: only a statement with Resource "*" allows it, and one that '
            "names resources does not count.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )


_ASKED_TOGETHER = frozenset(("appconfig", "bedrock-agentcore", "dms", "ec2", "ecs", "glue", "rds", "ses", "sso"))
"""Services that check all resource types that an action requires at once; for others, they are often alternatives."""


def _kind_in_words(kind: str) -> str:
    """A resource type in words; Glue's catalog is listed as two types (``rootcatalog``)."""
    return {"rootcatalog": "catalog"}.get(kind, kind.strip("/").replace("-", " ").replace("/", " "))


_TOGETHER = 3
"""The maximum number of further resource types in one request."""


def kinds_of_resource(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the action also needs other resource types than the one denied.

    Service Authorization Reference: many actions are checked on several resource types at once, and a policy that names
    only the first does not cover the others.
    """
    known = action(signs.action)
    if (
        known is None
        or signs.target is None
        or signs.service not in _ASKED_TOGETHER
        or signs.action in ("ec2:runinstances", "ec2:createvolume")  # said by `ec2`
        or re.match(r"(?:un)?tag|list\w*tags", signs.action.partition(":")[2])
        or signs.denial.missing_action
        or signs.layer not in ("", "identity")
        or signs.denied_explicitly
    ):
        return
    kinds = [each for each in known.resource_types if each.fits(str(signs.target))]
    if len(kinds) != 1 or known.required <= {kinds[0].name}:
        return
    name = _kind_in_words(kinds[0].name)
    others = sorted(_kind_in_words(each) for each in known.required - {kinds[0].name})
    if len(others) > _TOGETHER:
        return  # the list has kinds of which a request has one
    yield FirstLook(
        f"An Allow of {known.name} must cover every resource of the request: this {name}, and also the "
        f"{listing(others)}.",
        signs.resource_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        ruled_out_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )
