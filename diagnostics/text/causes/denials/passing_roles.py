"""Causes in a call that passes a role to a service: which service receives the role, and what the caller needs.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Says, Sentence, TextDenies, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    TERRAFORM_RESOURCE,
    contains,
    excerpt,
    reading,
    says,
)
from diagnostics.text.causes.denials.parts_of_the_denial import CALLED_SERVICE, Signs
from diagnostics.text.read.messages.additions_to_message import allowed_by
from diagnostics.text.read.not_the_failure.lines_without_failure import is_printed
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.facts.default_roles import service_of_default_role
from iam.lazy_pattern import regex
from iam.passed_roles import principal_of_operation, principal_of_service, principal_passed_to
from iam.service_reference import spelled
from iam.services import iam_prefix

_A_ROLE = regex(r"arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")
_ROLE_NAMED = regex(
    r"\b(?:for|with|using) (?:the )?role [\"'`]?(?P<arn>arn:\S+?:role/\S+?)[\"'`]?(?=[\s:,;.]|$)"
    r"|\b\w*role_?(?:arn)?[\"']?\s*[:=]\s*[\"']?(?P<set>arn:[^\s\"',}]+|aws_iam_role\.\S+|\$\{\S+|module\.\S+|var\.\S+)",
    re.IGNORECASE,
)
# "The target has a delivery role": a role of the thing that the call makes, told in prose.
_ROLE_IN_PROSE = regex(
    r"\b(?:target|rule|task|job|pipeline|function|stream|flow log|project|cluster|service|schedule|pipe|crawler|stack"
    r"|api|integration|endpoint|state machine|domain)s?\b[^.\n]{0,40}"
    r"\b(?:has|have|with|uses?|gets?|takes?|needs?) (?:an?|its|the) (?:[\w-]+ )?role\b",
    re.IGNORECASE,
)
_ASSUMED = regex(r"source_profile|credential_source|web_identity_token_file|assume_role|role-to-assume|AWS_ROLE_ARN")
"""Words near a role that is assumed directly, not passed to a service."""


def passes_too(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call passes a role to the service.

    Service Authorization Reference, "Dependent actions".
    """
    # If IAM's own sentence named the action, it would have named iam:PassRole.
    by_iam = (signs.action in line.lower() and is_printed(line) for line in signs.denial.text.splitlines())
    if signs.denial.principal or signs.denial.stated_reason or any(by_iam):
        return
    text, takes_one = signs.denial.text, bool(principal_passed_to(signs.action))
    given = (
        each
        for each in _ROLE_NAMED.finditer(text)
        if not _ASSUMED.search(text[max(0, each.start() - 200) : each.end() + 80])
    )
    found = sorted((each for each in given if takes_one or each["arn"]), key=lambda each: each["arn"] is None)
    told = _ROLE_IN_PROSE.search(text) if takes_one and not found else None
    if not found and told is None:
        return
    named = found[0] if found else None
    role = _A_ROLE.search(named["arn"] or named["set"] or "") if named is not None else None
    which = f" on the role {role['name']}" if role else " on the role that it names"
    held = allowed_by(signs.action, text)
    left = (
        f"According to the text, a policy has {held}, so most likely iam:PassRole was refused: compare the role and "
        "iam:PassedToService with the statement that allows it."
        if held
        else "The message does not say which of the two was refused; the call's event in CloudTrail shows it."
    )
    said = (named or told or [""])[0]
    yield FirstLook(
        f"{spelled(signs.action)} passes a role: the caller then also needs iam:PassRole{which}. {left}",
        contains(excerpt(said)),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def passing_denied(signs: Signs) -> Iterator[FirstLook]:
    if "iam:passrole" in (signs.action, (signs.denial.missing_action or "").lower()):
        yield FirstLook(
            "A Deny refuses iam:PassRole, and no Allow can override it: check which roles and which services it "
            "exempts (iam:PassedToService).",
            Sentence(
                "the action is iam:PassRole, and the text says explicit deny",
                (Says(TextPart.ACTION, "iam:PassRole"), TextDenies()),
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("explicit-denies",),
        )


# What texts call a thing that is given a role, and the service that gets it (each service's page on its roles). A noun
# counts after a verb of making or deploying: else it may be who calls.
_MAKES = r"(?:creat|updat|regist|deploy|launch)\w*(?:\s+(?:an?|the|aws|amazon|new))*\s+"
_RECEIVERS = (
    (
        rf"task definition|ECS::TaskDefinition|deploy(?:ment)? \(ECS\)|{_MAKES}(?:to )?ecs|to access ECS\b",
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
_CALL = regex(r"(?<![\w/-])aws[ \t]+(?P<service>[a-z][a-z0-9-]+)[ \t]+(?P<operation>[a-z][a-z0-9-]+)")


def _of_command(signs: Signs) -> str | None:
    """The service to which the AWS CLI commands in the text pass the role; None if that is no service, or several."""
    calls = [
        action_for(each["operation"].replace("-", ""), iam_prefix(each["service"]) or each["service"])
        for each in _CALL.finditer(signs.denial.text)
    ]
    found = {service for call in calls if call and (service := principal_passed_to(call))}
    return found.pop() if len(found) == 1 else None


def _receiver(signs: Signs) -> str:
    """The principal of the service that receives the role; "" if the text does not show it.

    The API that takes the role shows the service; who makes the call does not.
    """
    operation = signs.denial.operation or ""
    principal = principal_of_operation(operation) or principal_passed_to(action_for(operation) or "")
    principal = principal or _of_command(signs) or service_of_default_role(signs.target_role)
    # The ARNs and the session's name show who calls, not what is created.
    prose = re.sub(r"arn:\S+", "", signs.denial.text)
    if not principal and (called := CALLED_SERVICE.search(prose)):
        principal = principal_of_service(iam_prefix(called["name"]) or "")
    return principal or receiver_in_words(prose)


def receiver_in_words(prose: str) -> str:
    """Return the principal of the only service that gets a role by the words of ``prose``, without ARNs; else ""."""
    found = {service for words, service in _RECEIVERS if re.search(words, prose, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else ""


def path_taken_for_a_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a folder has the role's name: a program resolved an empty setting to a path."""
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
        f"Most likely {role} is not a role: it is a path in the text, and the program used this path as the role's "
        f"name. Correct {setting} first: set it to the ARN of the role that you want, or remove the setting. Do not "
        f"allow iam:PassRole on {signs.denial.resource}. For the role you want, you then need iam:PassRole{to}.",
        contains(named["path"]),
        None,
        Who.CALLER,
    )


# AWS Step Functions Developer Guide, "Integrating AWS SDK services": the state machine's role makes the call
# (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
_STATE = regex(r"states:::aws-sdk:(?P<service>[a-z0-9]+):(?P<operation>[a-zA-Z]+)")
_ROLE_OF_STATE = regex(
    r"\"(?P<name>\w*[Rr]ole(?:Arn|ARN)?)(?:\.\$)?\"\s*:\s*\"(?P<arn>arn:[^\s\"]+?:role/[\w+=,.@/-]+)\""
)


def of_a_state(signs: Signs) -> Iterator[FirstLook]:
    """Yield which role needs iam:PassRole if a Step Functions state in the text passes a role in its parameters."""
    state, given = _STATE.search(signs.denial.text), {*_ROLE_OF_STATE.findall(signs.denial.text)}
    if "iam:passrole" not in (signs.action, (signs.denial.missing_action or "").lower()):
        return
    if state is None or len(given) != 1:
        return
    name, arn = given.pop()
    operation = state["operation"][0].upper() + state["operation"][1:]
    to = principal_of_operation(operation) or principal_passed_to(
        action_for(operation, iam_prefix(state["service"])) or ""
    )
    if not to or (signs.target_role and not arn.endswith(f"/{signs.target_role}")):
        return
    condition = f", with iam:PassedToService = {to}"
    yield FirstLook(
        f"Allow the state machine's execution role to perform iam:PassRole on {arn}{condition}: {operation} passes "
        f"that role ({name}). A tool that generates the execution role may not add this statement: update the tool, or "
        "add the statement yourself. The passed role itself needs no iam:PassRole, and its trust policy is not the "
        "cause.",
        contains(state[0], arn),
        "aws stepfunctions describe-state-machine --state-machine-arn STATE-MACHINE --query roleArn",
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
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
                "The role is service-linked: most services use their own service-linked role although no caller "
                "passes it, so leave the role out unless the service requires it (such as EC2 Auto Scaling for a role "
                "with a suffix of your own).",
                says(f"the role is {signs.target_role}", TextPart.RESOURCE, signs.target_role),
                None,
                Who.CALLER,
            )
    if signs.action in ("sts:tagsession", "sts:setsourceidentity"):
        trust = f"the role's trust policy must allow {signs.denial.action} in addition to sts:AssumeRole"
        tags = signs.action == "sts:tagsession"
        if tags and (meant := _runners_own_role(signs)):
            yield FirstLook(
                f"The caller is {signs.role}, the runner's own role, and not GitHub's web identity: the job got no "
                "OIDC token, so the runner's credentials were used. Give the job permissions: id-token: write and "
                "contents: read. Change the trust policy only if the runner's role is to assume the role itself.",
                contains(meant),
                None,
                Who.CALLER,
            )
            return
        yield FirstLook(
            f"The call sends session tags: {trust}; across accounts, the caller's policies must allow this action, "
            f"too.{_tagger(signs)}"
            if tags
            # IAM User Guide, "Monitor and control actions taken with assumed roles"
            # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
            else (
                f"The call sends a source identity, which a session keeps once it is set: {trust}, and the caller's "
                "own policies must allow that action on this role. The same applies to each further role in the chain."
            ),
            signs.action_is,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )
        if tags:
            yield from _pods_tags(signs)


def _runners_own_role(signs: Signs) -> str:
    """The words that show that a GitHub job on a runner with a role should use OIDC; "" if its token is in the text.

    GitHub Docs, "Configuring OpenID Connect in Amazon Web Services": the job needs id-token: write
    (https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws).
    """
    if not signs.role or signs.session == "GitHubActions" or signs.says(r"role-chaining|id-token\W{1,4}write"):
        return ""
    if not (signs.says(r"\brunners?\b|self-hosted") and signs.says(r"\bGitHub\b|configure-aws-credentials")):
        return ""
    return signs.quote(r"\bby OIDC\b|\b(?:via|with|using|through) (?:GitHub )?OIDC\b|\bGitHub['’]s OIDC provider\b")


_POD_SESSION = regex(r"^eks-")
_POD_IDENTITY = r"\bpod[ _-]?identity\b|\bpods\.eks\.amazonaws\.com\b"


def _pods_tags(signs: Signs) -> Iterator[FirstLook]:
    """Yield where the session tags of a pod come from, and which roles must allow them.

    EKS User Guide, "Pod Identity role target": the agent's tags are transitive.
    """
    said = signs.quote(_POD_IDENTITY)
    if not (_POD_SESSION.search(signs.session) or said):
        return
    yield FirstLook(
        "The tags come from EKS Pod Identity. Unlike IRSA, EKS Pod Identity passes its session tags on to every "
        "further role: each role that the pod assumes next needs sts:TagSession in its trust policy. "
        "disableSessionTags in the association leaves them out.",
        contains(said)
        if said
        else says(
            f"the session {signs.session} begins with eks-, as those of Pod Identity do",
            TextPart.PRINCIPAL,
            signs.session,
        ),
        signs.trust_read,
        Who.RESOURCE_OWNER,
    )


_GITHUB_ACTION = r"configure-aws-credentials|GitHubActions\b"


def _tagger(signs: Signs) -> str:
    """A sentence on who sends the tags, if the text shows GitHub's action (README, "role-skip-session-tagging")."""
    if signs.says(_GITHUB_ACTION) and not signs.says(r"role-skip-session-tagging:\s*[\"']?true"):
        return " GitHub's action sends tags; its input role-skip-session-tagging: true leaves them out."
    return ""
