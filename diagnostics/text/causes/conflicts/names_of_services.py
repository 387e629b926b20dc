"""Causes of a taken name that AWS, its consoles or the CDK's bootstrap prescribe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import SERVICE_ROLES, contains, reading, says
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

# Names that AWS's consoles and guides prescribe: one per account, so a second creation finds the name taken.
PRESCRIBED = regex(
    r"dms-(?:vpc-role|cloudwatch-logs-role|access-for-endpoint)|ecs(?:TaskExecution|Instance|Autoscale|Service|Events)Role"
    r"|AWSBackupDefaultServiceRole|rds-monitoring-role|EMR_(?:EC2_|AutoScaling_)?DefaultRole|AWSCodePipelineServiceRole\S*"
    r"|aws-elasticbeanstalk-(?:ec2|service)-role|AWSDataLifecycleManagerDefaultRole|AmazonSageMaker-ExecutionRole\S*"
    r"|AWSControlTower(?:Execution|Admin|StackSetRole|CloudTrailRole)|AWSCloudFormationStackSet(?:Administration|Execution)Role"
    r"|OrganizationAccountAccessRole|AWS-QuickSetup-\S+|aws-quicksight-\S+"
    r"|flowlogsRole|AWSConfigRole|config-role|AWSGlueServiceRole(?:Default)?|KarpenterNodeRole-\S+"
    r"|AmazonEKS_(?:EBS|EFS)_CSI_DriverRole|vmimport|lambda_basic_execution|AWSLambdaBasicExecutionRole",
    re.IGNORECASE,
)


def name_is(name: str) -> Sentence:
    return says(f"the name is {name}", TextPart.NAME, name)


def service_owned(conflict: Conflict) -> Iterator[FirstLook]:
    name = conflict.name or ""
    if not name.startswith("AWSServiceRoleFor") and conflict.entity_type != "service-linked-role":
        return
    yield FirstLook(
        "The service-linked role exists already, and an account can have only one: use it as it is, and do not create "
        "it (Terraform: a data source, or an import).",
        name_is(name)
        if name
        else says("the text mentions a service-linked role", TextPart.KIND, "service-linked-role"),
        reading("iam", "get-role", ("role-name", name)) or SERVICE_ROLES,
        Who.CALLER,
    )


def prescribed(conflict: Conflict) -> Iterator[FirstLook]:
    if not conflict.name or not PRESCRIBED.fullmatch(conflict.name):
        return
    yield FirstLook(
        "AWS's console or guides use this name. Reuse the role if its trust policy fits (a cluster's role trusts only "
        "that cluster), and make sure that only one stack or tool creates it.",
        name_is(conflict.name),
        seen(conflict),
        Who.CALLER,
    )


# CDK Developer Guide, "Bootstrapping": the template fixes the names of its roles by the qualifier.
_BOOTSTRAP_ROLE = regex(
    r"cdk-(?P<qualifier>[a-z0-9]{1,10})-(?:deploy|cfn-exec|file-publishing|image-publishing|lookup)-role-\d{12}-"
    rf"(?P<region>{REGION_NAME})"
)


def bootstrap(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause for a role of CDK's bootstrap stack.

    The role is a leftover of an earlier bootstrap: no other stack would use its name.
    """
    named = _BOOTSTRAP_ROLE.fullmatch(conflict.name or "")
    if named is None or conflict.owner_stack:
        return
    yield FirstLook(
        "Most likely the role remains from an earlier CDK bootstrap, whose stack is gone. Check that nothing uses it. "
        f"Then delete it and everything else that remains of cdk-{named['qualifier']}-*, and bootstrap again. Or "
        "bootstrap with another --qualifier.",
        name_is(conflict.name or ""),
        seen(conflict),
        Who.ACCOUNT_ADMIN,
    )
    if "ROLLBACK" not in conflict.text:
        return
    yield FirstLook(
        "Delete the failed stack CDKToolkit before the next bootstrap: a stack in ROLLBACK_COMPLETE cannot be updated. "
        "Resources that were only cancelled (Resource creation cancelled) do not conflict.",
        contains("ROLLBACK"),
        reading(
            "cloudformation",
            "describe-stacks",
            ("stack-name", "CDKToolkit"),
            query="Stacks[].StackStatus",
            region=named["region"],
        ),
        Who.CALLER,
    )
