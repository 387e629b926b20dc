"""To which service a role is passed: ``iam:PassRole`` depends on it, and texts seldom say it."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.access_denied.trusted import trusted_services
from diagnostics.failure import Denial
from iam.account import Account

# Operations that hand a role to a service, and that service's principal (the services' own authorization pages).
_OPERATIONS = {
    "AssociateIamInstanceProfile": "ec2.amazonaws.com",
    "CreateCluster": None,
    "CreateCrawler": "glue.amazonaws.com",
    "CreateDevEndpoint": "glue.amazonaws.com",
    "CreateFunction": "lambda.amazonaws.com",
    "CreateJob": "glue.amazonaws.com",
    "CreateNotebookInstance": "sagemaker.amazonaws.com",
    "CreatePipeline": "codepipeline.amazonaws.com",
    "CreateProject": "codebuild.amazonaws.com",
    "CreateSchedule": "scheduler.amazonaws.com",
    "CreateStack": "cloudformation.amazonaws.com",
    "CreateStateMachine": "states.amazonaws.com",
    "CreateTrainingJob": "sagemaker.amazonaws.com",
    "ExecuteCommand": "ecs-tasks.amazonaws.com",
    "PutTargets": "events.amazonaws.com",
    "RegisterTaskDefinition": "ecs-tasks.amazonaws.com",
    "ReplaceIamInstanceProfileAssociation": "ec2.amazonaws.com",
    "RequestSpotInstances": "ec2.amazonaws.com",
    "RunInstances": "ec2.amazonaws.com",
    "RunTask": "ecs-tasks.amazonaws.com",
    "StartTask": "ecs-tasks.amazonaws.com",
    "UpdateFunctionConfiguration": "lambda.amazonaws.com",
    "UpdateProject": "codebuild.amazonaws.com",
    "UpdateStack": "cloudformation.amazonaws.com",
    "UpdateStateMachine": "states.amazonaws.com",
}


def is_guess(denial: Denial, context: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the service is only the one that the role's trust policy names."""
    told = any(key.lower() == "iam:passedtoservice" for key in context)
    return not told and not _OPERATIONS.get(denial.operation or "")


def services_passed_to(
    denial: Denial, role_arn: str, account: Account, context: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The service that gets the role: as told, by the operation, else those that the role's trust policy names."""
    told = next((values for key, values in context.items() if key.lower() == "iam:passedtoservice"), None)
    if told:
        return told
    by_operation = _OPERATIONS.get(denial.operation or "")
    if by_operation:
        return (by_operation,)
    role = account.role(role_arn)
    return trusted_services(role) if role is not None else ()
