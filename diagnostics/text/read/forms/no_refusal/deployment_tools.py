"""What Terraform, SAM and eksctl refuse by themselves: arguments that were removed, accounts, confirmations."""

from __future__ import annotations

from diagnostics.text.read.forms.system_row import NONE_MISSING, System, documented, made_system

# Terraform v1.10's changelog, "backend/s3: Removes deprecated attributes for assuming IAM role"
# (https://github.com/hashicorp/terraform/blob/v1.10/CHANGELOG.md).
_OF_ASSUMED_ROLE = (
    r"(role_arn|session_name|external_id|assume_role_(?:duration_seconds|policy|policy_arns|tags|transitive_tag_keys))"
)
_IN_BACKEND = r"(?:\bbackend\s+\"s3\"|terraform\s+init|[Bb]ackend\s+configuration)"
DEPLOYMENT_TOOLS: tuple[System, ...] = (
    made_system(
        "an argument that the S3 backend no longer has",
        'Write assume_role = { role_arn = "…" } in backend "s3" (session_name, external_id, duration, policy, '
        "policy_arns, tags and transitive_tag_keys belong there too), then terraform init -reconfigure. On the command "
        f"line: -backend-config='assume_role={{role_arn=\"…\"}}'. {NONE_MISSING}",
        rf"backend\s+configuration\s+argument\s+[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}\s+given\s+on\s+the\s+command\s+line"
        rf"|{_IN_BACKEND}[\s\S]{{0,600}}?argument\s+named\s+[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}\s+is\s+not\s+expected\s+here",
        "backend",
        "argument named",
        subject=rf"argument\s+(?:named\s+)?[\"\\]{{1,2}}{_OF_ASSUMED_ROLE}[\"\\]{{1,2}}",
        verdict="The S3 backend no longer has the argument {name} (since Terraform 1.10): the role to assume belongs "
        "into its argument assume_role. No role was assumed.",
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
        "The credentials are of account {name}, which allowed_account_ids or forbidden_account_ids rules out: use "
        "credentials of the account that is meant. AWS refused nothing.",
        'See aws sts get-caller-identity in the same shell, and the lists in the provider or in backend "s3".',
        "AWS account ID not allowed: {name}",
        title="Use credentials of an account that is allowed",
    ),
    # AWS SAM, "Troubleshooting AWS SAM CLI"
    # (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-troubleshooting.html).
    documented(
        "SAM's question about the API",
        "SAM asked whether a function's API may have no authorization, and the answer was no: define Auth for the API, "
        "or answer y. Nothing was deployed.",
        "In the template: Auth with a DefaultAuthorizer, or of the event. The question comes with sam deploy --guided "
        "and confirm_changeset.",
        "Security Constraints Not Satisfied!",
        title="Define Auth for the API, or confirm",
    ),
    documented(
        "the Region of the bucket for artifacts",
        "The bucket for the deployment's artifacts is in another Region than the stack: use one in the stack's Region "
        "(--s3-bucket, or --resolve-s3).",
        "Correct s3_bucket or region in samconfig.toml; sam deploy --guided makes a bucket in the right Region.",
        "deployment s3 bucket is in a different region, try sam deploy --guided",
        title="Use a bucket in the stack's Region",
    ),
    # eksctl, "IAM Roles for Service Accounts" (https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html).
    documented(
        "the cluster's OIDC provider",
        "The account has no IAM OIDC provider for this cluster: eksctl utils associate-iam-oidc-provider --cluster "
        "CLUSTER --approve, then run the command again.",
        "In a config file: iam.withOIDC: true. EKS Pod Identity needs no such provider.",
        "unable to create iamserviceaccount(s) without IAM OIDC provider enabled",
        title="Create the cluster's IAM OIDC provider",
    ),
    # AWS Fargate on EKS, "Simplify compute management with AWS Fargate": the Regions
    # (https://docs.aws.amazon.com/eks/latest/userguide/fargate.html).
    documented(
        "Fargate in this account and Region",
        "EKS does not offer Fargate to this account, or not in {name}: use another Region, or nodes. An allow "
        "statement does not help.",
        "The refusal is not about the caller. If the account can use Fargate in other Regions, the Region is the "
        "reason. Otherwise ask AWS Support.",
        "either account is not authorized to use Fargate or region {name} is not supported",
        title="Use another Region, or nodes instead of Fargate",
        sure=False,
    ),
)
