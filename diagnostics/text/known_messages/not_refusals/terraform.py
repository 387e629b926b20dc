"""Rows for Terraform and its AWS provider: arguments, accounts, Regions, the lock of the state."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

STATE_LOCK = "the lock of Terraform's state"

STATE_LOCKS: tuple[System, ...] = (
    # Terraform, "State: Locking" (https://developer.hashicorp.com/terraform/language/state/locking).
    made_system(
        STATE_LOCK,
        "Another run holds the lock (Lock Info: Who, Created): wait for it, or check that it is over and run "
        f"terraform force-unlock with the lock's ID. {NONE_MISSING}",
        r"Error\s+acquiring\s+the\s+state\s+lock[\s\S]{0,600}?"
        r"(?:ConditionalCheckFailed|PreconditionFailed|StatusCode:\s*412|Lock\s+Info|already\s+locked)",
        "acquiring the state lock",
        subject=r"\bID:\s+([0-9a-f]{8}-[0-9a-f-]{27})",
        verdict="The Terraform state is locked by another run, which may be over by now (lock {name}). A missing "
        "permission is not the cause.",
    ),
)
UNCONFIRMED_PLANS: tuple[System, ...] = (
    # Terraform CLI, "terraform apply" (https://developer.hashicorp.com/terraform/cli/commands/apply).
    made_system(
        "the answer to Terraform's question",
        "Nothing failed and nothing was changed: the plan was not confirmed. The plan's lines with - or + were not "
        "evaluated as a policy.",
        r"^\s*(?:Apply|Destroy)\s+cancelled\.",
        "apply cancelled.",
        "destroy cancelled.",
        verdict="Nothing failed: the plan was not confirmed, and nothing was changed.",
    ),
)
# Terraform v1.10's changelog, "backend/s3: Removes deprecated attributes for assuming IAM role"
# (https://github.com/hashicorp/terraform/blob/v1.10/CHANGELOG.md).
_OF_ASSUMED_ROLE = (
    r"(role_arn|session_name|external_id|assume_role_(?:duration_seconds|policy|policy_arns|tags|transitive_tag_keys))"
)
_IN_BACKEND = r"(?:\bbackend\s+\"s3\"|terraform\s+init|[Bb]ackend\s+configuration)"

TERRAFORM_ARGUMENTS_AND_ACCOUNTS: tuple[System, ...] = (
    made_system(
        "an argument that the S3 backend no longer has",
        'Write assume_role = { role_arn = "…" } in backend "s3" (session_name, external_id, duration, policy, '
        "policy_arns, tags and transitive_tag_keys belong there too), then run terraform init -reconfigure. On the "
        f"command line, use -backend-config='assume_role={{role_arn=\"…\"}}'. {NONE_MISSING}",
        rf"backend\s+configuration\s+argument\s+[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}\s+given\s+on\s+the\s+command\s+line"
        rf"|{_IN_BACKEND}[\s\S]{{0,600}}?argument\s+named\s+[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}\s+is\s+not\s+expected\s+here",
        "backend",
        "argument named",
        subject=rf"argument\s+(?:named\s+)?[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}",
        verdict="The S3 backend no longer has the argument {name} (since Terraform 1.10): the role to assume must be "
        "in its argument assume_role. No role was assumed.",
        title="Move the role into assume_role of the backend",
    ),
    # Terraform AWS Provider, "Version 5 Upgrade Guide", Provider Arguments
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade).
    made_system(
        "an argument that the provider no longer has",
        "Since version 5.0 of the AWS provider: shared_credentials_file is shared_credentials_files (a list), "
        "s3_force_path_style is s3_use_path_style, assume_role's duration_seconds is duration, and "
        f"skip_get_ec2_platforms is removed. Or pin the provider's older version. {NONE_MISSING}",
        r"provider\s+[\"\\]{1,2}aws[\s\S]{0,400}?argument\s+named\s+[\"\\]{1,2}"
        r"(shared_credentials_file|s3_force_path_style|skip_get_ec2_platforms|duration_seconds)[\"\\]{1,2}"
        r"\s+is\s+not\s+expected\s+here",
        "argument named",
        subject=r"argument\s+named\s+[\"\\]{1,2}(\w+)[\"\\]{1,2}",
        verdict="The AWS provider no longer has the argument {name}: it was removed or renamed in version 5.0. AWS was "
        "not called.",
        title="Rename the provider's argument",
    ),
    # Terraform, "Backend Type: s3", and AWS provider, "Provider Configuration": allowed_account_ids and
    # forbidden_account_ids (https://developer.hashicorp.com/terraform/language/backend/s3).
    documented(
        "the list of accounts that Terraform may use",
        "The credentials belong to account {name}, which allowed_account_ids or forbidden_account_ids excludes: use "
        "credentials of the intended account. AWS refused nothing.",
        "Compare the output of aws sts get-caller-identity in the same shell with the lists in the provider or in "
        'backend "s3".',
        "AWS account ID not allowed: {name}",
        title="Use credentials of an account that is allowed",
    ),
)
TERRAFORM_REGIONS: tuple[System, ...] = (
    # Terraform AWS Provider, "Provider Configuration", region; the message is that of aws-sdk-go-base, validation
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
    documented(
        "the name of the Region",
        "{name} is no Region that Terraform's provider knows: write one such as us-east-1, without the letter of an "
        "Availability Zone. AWS was not called.",
        "If the Region is newer than your version of the provider, upgrade the provider or set "
        "skip_region_validation = true.",
        "Invalid AWS Region: {name}",
        title="Correct the Region",
    ),
)
