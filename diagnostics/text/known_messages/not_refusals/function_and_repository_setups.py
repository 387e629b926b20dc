"""Failures other than denials in the setup of clusters, functions and repositories, recognized by AWS's messages."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system
from iam.facts.eks_registries import MOST, REGISTRIES
from iam.facts.global_services import partition_of_region, url_suffix

_GIT_SSH = r"git-codecommit\.[\w-]+\.amazonaws\.com"
_RESERVED = r":role/AWSReservedSSO_"
SERVICE_SETUPS: tuple[System, ...] = (
    # Amazon EKS API Reference, "CreateAccessEntry": principalArn
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html).
    made_system(
        "the path of Identity Center's role in the access entry",
        "Take the ARN from aws iam get-role --role-name ROLE --query Role.Arn, and write it in full: access entries "
        f"require the path, unlike aws-auth. {NONE_MISSING}",
        rf"{_RESERVED}[\s\S]{{0,900}}?principalArn\s+is\s+invalid|principalArn\s+is\s+invalid[\s\S]{{0,900}}?{_RESERVED}",
        "principalarn is invalid",
        verdict="The access entry's ARN lacks the path of Identity Center's roles: it must be "
        "…:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_…, as IAM shows it (some have no Region).",
        title="Name the role by its full ARN, with its path",
        sure=False,
    ),
    made_system(
        "the principal of the access entry",
        "Name a role or user that exists, by its IAM ARN with its path (aws iam get-role --role-name ROLE --query "
        "Role.Arn): not the ARN of a session (assumed-role) or of a service-linked role. A new role can take a few "
        f"seconds to become usable. {NONE_MISSING}",
        r"specified\s+principalArn\s+is\s+invalid|principalArn\s+parameter\s+format\s+is\s+not\s+valid",
        "principalarn is invalid",
        "principalarn parameter format",
        unless=rf"{_RESERVED}|MalformedPolicyDocument",
        verdict="EKS does not accept the access entry's principal: the role or user does not exist, or the ARN lacks "
                "the path or belongs to a session.",
        title="Name the role by its IAM ARN, with its path",
    ),
    # Amazon EKS API Reference, "CreateAddon": resolveConflicts
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html).
    made_system(
        "the fields of the add-on that somebody else set",
        "Decide who owns the fields: aws eks update-addon --resolve-conflicts OVERWRITE puts EKS's values there, "
        f"PRESERVE (for updates) keeps the existing ones. An add-on's role belongs in --service-account-role-arn. "
        f"{NONE_MISSING}",
        r"Conflicts\s+found\s+when\s+trying\s+to\s+apply\.\s+Will\s+not\s+continue\s+due\s+to\s+resolve\s+conflicts\s+mode",
        "due to resolve conflicts mode",
        flags=re.IGNORECASE,
        verdict="The EKS add-on conflicts with what is in the cluster already (Helm, kubectl or an older version set "
                "the same fields), and the add-on's setting does not allow overwriting those fields.",
        title="Choose OVERWRITE or PRESERVE for the add-on's conflicts",
    ),
    # AWS Systems Manager API Reference, "CreateActivation", IamRole
    # (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html).
    documented(
        "the role of the activation",
        "Systems Manager finds no role of this name: give --iam-role the role's name, with its path but without the "
        "ARN before it (service-role/NAME).",
        "The role must exist in this account and trust ssm.amazonaws.com. Whoever creates the activation needs "
        "iam:PassRole on it.",
        "Not existing role: {name}",
        title="Name the role without its ARN",
        unless=r"AccessDenied",
    ),
    # Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    documented(
        "the task definition's execution role",
        "The task definition names no execution role, with which ECS pulls the image, fetches the secrets and writes "
        "the logs: set executionRoleArn (execution_role_arn). The task role does not replace it.",
        "The role trusts ecs-tasks.amazonaws.com and has AmazonECSTaskExecutionRolePolicy; for secrets it also needs "
        "secretsmanager:GetSecretValue or ssm:GetParameters on them, and for a customer managed key kms:Decrypt. "
        "Whoever registers the task definition needs iam:PassRole on it.",
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'",
        title="Set the execution role of the task definition",
    ),
    # Amazon ECS Developer Guide, "Viewing Amazon ECS service event messages"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html).
    made_system(
        "the account's quota for Fargate",
        "Raise the vCPU quota of AWS Fargate (On-Demand or Spot) in Service Quotas, in this Region, or stop other "
        f"tasks. {NONE_MISSING}",
        r"reached\s+the\s+limit\s+on\s+the\s+number\s+of\s+(?:vCPUs|tasks)\s+you\s+can\s+run\s+concurrently",
        "you can run concurrently",
        flags=re.IGNORECASE,
        verdict="The account's quota for Fargate in this Region is used up. Raise it, or stop other tasks.",
        title="Raise the Fargate quota",
    ),
    # Amazon ECS Developer Guide, "Access Amazon ECS features with account settings"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html).
    made_system(
        "the account's setting for long ARNs in ECS",
        "Run aws ecs put-account-setting-default --name serviceLongArnFormat --value enabled (taskLongArnFormat, "
        "containerInstanceLongArnFormat likewise), in this Region; the root user or an administrator sets the default. "
        f"Or leave out the tags. {NONE_MISSING}",
        r"new\s+ARN\s+and\s+resource\s+ID\s+format\s+must\s+be\s+enabled",
        "arn and resource id format must be enabled",
        verdict="Opt in to ECS's long ARNs for this account (or identity): services and tasks can have tags only "
                "with long ARNs.",
        title="Opt in to the long ARN format",
    ),
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda"
    # (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html).
    made_system(
        "the modes of the files in the function's package",
        "Make the files readable before packing them: chmod -R o+rX . (directories 755, files 644), then deploy the "
        f"package again. {NONE_MISSING}",
        r"(?:[Pp]ermission\s+denied\W{1,12}(?:open\s+\W?)?|EACCES\W[^\n]{0,60}?)/var/task/",
        "/var/task/",
        unless=r"fork/exec|Exec\s+format|exec:",
        verdict="The files in the function's package are not readable for the user that Lambda runs as: change their "
        "modes before packing. It is not IAM.",
        title="Make the package's files readable",
    ),
    # AWS Lambda API Reference, "AddPermission": Qualifier
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the qualifier of the function's policy",
        f"Leave out --qualifier, or name a published version or an alias. {NONE_MISSING}",
        r"do\s+not\s+support\s+adding\s+policies\s+for\s+\$LATEST",
        "adding policies for $latest",
        flags=re.IGNORECASE,
        verdict="$LATEST cannot have a separate policy: remove the qualifier, so that the statement goes into the "
        "function's policy.",
        title="Leave out the qualifier",
    ),
    # AWS CodeCommit User Guide, "Setup steps for SSH connections"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ssh.html).
    made_system(
        "the SSH key for CodeCommit",
        "In ~/.ssh/config, Host git-codecommit.*.amazonaws.com needs User with the ID of the SSH key (APKA…, from the "
        "IAM user's security credentials) and IdentityFile with the private key of the uploaded public key. A role "
        f"has no SSH keys: use git-remote-codecommit. {NONE_MISSING}",
        rf"{_GIT_SSH}[\s\S]{{0,600}}?Permission\s+denied\s+\(publickey\)"
        rf"|Permission\s+denied\s+\(publickey\)[\s\S]{{0,600}}?{_GIT_SSH}",
        "permission denied (publickey)",
        verdict="CodeCommit does not know the SSH key, or ssh sends another one: the User in ~/.ssh/config must be "
        "the ID of the SSH key that is uploaded to the IAM user.",
        title="Set User and IdentityFile for CodeCommit's host",
    ),
    # Amazon Lightsail API Reference: RegionSetupInProgressException
    # (https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetInstances.html).
    made_system(
        "the setup of the Region or the account in Lightsail",
        f"Wait some minutes, and make the call again. {NONE_MISSING}",
        r"\b(?:Region|Account)SetupInProgressException\b",
        "setupinprogressexception",
        verdict="Lightsail is still being set up for this account in this Region (an opt-in Region that was enabled "
        "just now): wait, then call again.",
        title="Wait, then call again",
    ),
    # Amazon EventBridge User Guide, "Connections for HTTP endpoint targets"
    # (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html).
    made_system(
        "the connection's credentials at the other service",
        "Correct the connection's credentials (aws events update-connection): an OAuth client, its token endpoint and "
        "scope, or the API key. The other service refused them; IAM did not.",
        r"(?:[Cc]onnection\s?[Ss]tate|\bconnection\b)[^\n]{1,80}?DEAUTHORIZED\b",
        "deauthorized",
        verdict="EventBridge's connection is deauthorized: the other service refused the connection's credentials, or "
        "they were removed. No IAM permission is missing.",
        title="Correct the connection's credentials",
    ),
    # Amazon EKS User Guide, "View Amazon container image registries for Amazon EKS add-ons"
    # (https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html).
    *(
        made_system(
            f"EKS's registry in {region}",
            f"Name {account}.dkr.ecr.{region}.{url_suffix(partition_of_region(region))} in the manifest or the chart's "
            f"values (image, registry). {NONE_MISSING}",
            rf"{MOST}\.dkr\.ecr\.{region}\.amazonaws\.com[^\n]{{0,500}}?(?:403|denied|not\s+found|authori[sz])",
            f"{MOST}.dkr.ecr.{region}",
            flags=re.IGNORECASE,
            verdict=f"EKS's registry in {region} is account {account}, not {MOST}: correct the account in the image's "
            "name. No policy of the nodes is the cause.",
            title=f"Name account {account} in the image's name",
        )
        for region, account in REGISTRIES.items()
    ),
)  # fmt: skip
