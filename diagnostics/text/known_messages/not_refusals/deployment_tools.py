"""What Terraform, SAM, Packer, Ansible and CI servers refuse themselves, before or without a call to AWS."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

# Terraform v1.10's changelog, "backend/s3: Removes deprecated attributes for assuming IAM role"
# (https://github.com/hashicorp/terraform/blob/v1.10/CHANGELOG.md).
_OF_ASSUMED_ROLE = (
    r"(role_arn|session_name|external_id|assume_role_(?:duration_seconds|policy|policy_arns|tags|transitive_tag_keys))"
)
_IN_BACKEND = r"(?:\bbackend\s+\"s3\"|terraform\s+init|[Bb]ackend\s+configuration)"
_OTHER_ACCOUNT = (
    r"Need\s+to\s+perform\s+AWS\s+calls\s+for\s+account\s+\d{12},\s+but\s+the\s+current\s+credentials\s+are\s+for"
)
_FAULTY_CDK = r"(?<![\d.])2\.163\.0(?![\d.]*\d)"
DEPLOYMENT_TOOLS: tuple[System, ...] = (
    # AWS CDK issue 31845, "Cross-account deployments are failing in v2.163.0"
    # (https://github.com/aws/aws-cdk/issues/31845).
    made_system(
        "the CDK CLI",
        "Use 2.162.1 or a later release that corrects it (npm install -g aws-cdk@VERSION), and name the version where "
        "the CLI is installed: an unpinned installation changes by itself. Most likely no permission is missing: "
        "change no trust policy and no bootstrap for this.",
        rf"(?=[\s\S]*{_FAULTY_CDK}){_OTHER_ACCOUNT}|{_FAULTY_CDK}[\s\S]*?{_OTHER_ACCOUNT}",
        "perform aws calls for account",
        verdict="Most likely a defect of version 2.163.0 of the CDK CLI: its check of the bootstrap version uses the "
        "wrong credentials when it deploys to another account.",
        title="Use another version of the CDK CLI",
        sure=False,
    ),
    # AWS CDK CLI, sdk-provider.ts: what it prints without credentials for the stack's account
    # (https://github.com/aws/aws-cdk-cli).
    made_system(
        "the account of the CDK's credentials",
        "Call the CDK with a profile of account {name} (--profile, AWS_PROFILE). If a different account was "
        "intended, correct the stack's env. If credentials of one account should deploy to another account, bootstrap "
        "the other account with --trust, and check whether the caller is allowed sts:AssumeRole on its cdk-* roles. If "
        "that is done and an earlier version of the CDK CLI worked, go back to that version.",
        _OTHER_ACCOUNT,
        "perform aws calls for account",
        unless=_FAULTY_CDK,
        subject=r"AWS\s+calls\s+for\s+account\s+(\d{12})",
        verdict="The stack's env names account {name}, but the credentials belong to a different account, and the CDK "
        "has taken on no role of {name} for this call.",
        title="Use credentials of the stack's account",
        sure=False,
    ),
    # AWS CDK, PolicyDocument.validateForIdentityPolicy and validateForResourcePolicy
    # (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-iam/lib/policy-document.ts); IAM User Guide,
    # "Identity-based policies and resource-based policies"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html).
    documented(
        "a Principal in a policy of a role",
        "The policy of a role, user or group must not have a Principal: remove principals from the PolicyStatement, or "
        "add the statement to the resource's policy (addToResourcePolicy). CDK did not call AWS.",
        "If the role itself is meant to get the permission, remove principals from the statement. If others are meant "
        "to get it, put the statement into the policy of the bucket, queue, key or repository. Who may assume the role "
        "is set in assumedBy or assumeRolePolicy.",
        "A PolicyStatement used in an identity-based policy cannot specify any IAM principals",
        title="Remove the principals, or add the statement to the resource",
    ),
    documented(
        "a statement without a resource",
        "The PolicyStatement of a role, user or group lacks resources: name them, or write * where the action supports "
        "no single resource. CDK did not call AWS.",
        "A trust policy has no resources: who may assume the role belongs to assumedBy or assumeRolePolicy, not to "
        "addToPolicy.",
        "A PolicyStatement used in an identity-based policy must specify at least one resource",
        title="Add resources to the statement",
    ),
    documented(
        "a resource policy without a principal",
        "The PolicyStatement of a resource's policy lacks principals: name who is allowed. CDK did not call AWS.",
        "In the policy of a bucket, queue, key or repository, each statement needs principals; for an AWS service, a "
        "ServicePrincipal with a condition on aws:SourceArn or aws:SourceAccount.",
        "A PolicyStatement used in a resource-based policy must specify at least one IAM principal",
        title="Add principals to the statement",
    ),
    documented(
        "a statement without an action",
        "The PolicyStatement has neither actions nor notActions: add its actions. CDK did not call AWS.",
        "A list of actions that is filled later, or by a condition in the code, may be empty.",
        "A PolicyStatement must specify at least one 'action' or 'notAction'",
        title="Add actions to the statement",
    ),
    # GitHub, "Reuse workflows": permissions can only be kept or reduced from the calling to the called workflow
    # (https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows).
    made_system(
        "the permissions of the calling workflow",
        "A called workflow cannot have more permissions than its caller, and a permissions block grants only what it "
        f"names. {NONE_MISSING}",
        r"nested job '[^'\n]{1,200}' is requesting '[^'\n]{1,300}', but is only allowed",
        "is requesting '",
        subject=r"is requesting '([^'\n]{1,300})'",
        verdict="GitHub refuses the workflow before any call to AWS: add the setting permissions: {name} to the "
        "workflow or job that calls the nested one. The role's trust policy is not the cause.",
        title="Write the permissions into the calling workflow",
    ),
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
    # AWS SAM, "Troubleshooting AWS SAM CLI"
    # (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-troubleshooting.html).
    documented(
        "SAM's question about the API",
        "SAM asked whether a function's API may have no authorization, and the answer was no: define Auth for the API, "
        "or answer y. Nothing was deployed.",
        "In the template, set Auth with a DefaultAuthorizer, or Auth of the event. SAM asks this with sam deploy "
        "--guided and confirm_changeset.",
        "Security Constraints Not Satisfied!",
        title="Define Auth for the API, or confirm",
    ),
    documented(
        "the Region of the bucket for artifacts",
        "The bucket for the deployment's artifacts is in a different Region from the stack: use a bucket in the "
        "stack's Region (--s3-bucket, or --resolve-s3).",
        "Correct s3_bucket or region in samconfig.toml; sam deploy --guided creates a bucket in the right Region.",
        "deployment s3 bucket is in a different region, try sam deploy --guided",
        title="Use a bucket in the stack's Region",
    ),
    # AWS Fargate on EKS, "Simplify compute management with AWS Fargate": the Regions
    # (https://docs.aws.amazon.com/eks/latest/userguide/fargate.html).
    documented(
        "Fargate in this account and Region",
        "EKS does not offer Fargate to this account, or not in {name}: use another Region, or nodes. An Allow "
        "statement does not help.",
        "The refusal is not about the caller. If the account can use Fargate in other Regions, the Region is the "
        "reason. Otherwise ask AWS Support.",
        "either account is not authorized to use Fargate or region {name} is not supported",
        title="Use another Region, or nodes instead of Fargate",
        sure=False,
    ),
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
    # Packer, "Amazon EBS builder" (https://developer.hashicorp.com/packer/integrations/hashicorp/amazon).
    documented(
        "the key of an image that is shared",
        "Packer refuses to share an image that is encrypted with the account's default key: no other account may use "
        "that key. Encrypt the image with a customer managed key (kms_key_id, region_kms_key_ids).",
        "The key's policy must let the other accounts use it (ami_users, ami_org_arns, ami_ou_arns). Or leave the "
        "sharing out. No call was made yet.",
        "Cannot share AMI encrypted with default KMS key",
        "Cannot share snapshot encrypted with default KMS key",
        title="Encrypt the image with a customer managed key",
    ),
    documented(
        "the instance profile of Packer's instance",
        "With session_manager, Packer's instance needs an instance profile whose role has "
        "AmazonSSMManagedInstanceCore: set iam_instance_profile.",
        "Or let Packer make one for the build: temporary_iam_instance_profile_policy_document (its caller then needs "
        "the actions of IAM for that, and iam:PassRole). No call was made yet.",
        "no iam_instance_profile defined; session_manager connectivity requires a valid instance profile",
        title="Set iam_instance_profile",
    ),
    # Ansible, amazon.aws, module_utils/botocore.py and "Amazon Web Services Guide"
    # (https://docs.ansible.com/ansible/latest/collections/amazon/aws/docsite/guide_aws.html).
    documented(
        "Ansible's two sources of credentials",
        "The task gets a profile and keys, and Ansible accepts only one of the two: leave the profile or the keys out. "
        "AWS was not called.",
        "Look at the task, module_defaults and the environment: AWS_PROFILE and AWS_ACCESS_KEY_ID count too.",
        "Passing both a profile and access tokens is not supported",
        title="Leave out the profile or the keys",
    ),
    # Jenkins, Credentials Binding plugin (https://plugins.jenkins.io/credentials-binding/).
    documented(
        "the credentials in Jenkins",
        "Jenkins has no credentials with the ID {name} that this job may use: create them, or correct the ID or their "
        "folder and scope. AWS was not called.",
        "Credentials of a folder serve only jobs in it, and scope System serves no job. The type must fit the step "
        "(AWS Credentials).",
        "Could not find credentials entry with ID '{name}'",
        title="Give the job its credentials in Jenkins",
    ),
    # Apache Airflow, provider for Amazon, "Amazon Web Services Connection"
    # (https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/aws.html).
    documented(
        "the connection in Airflow",
        "Airflow has no connection {name}: create it, or correct the task's conn_id. No call was made with it.",
        "For AWS: airflow connections add NAME --conn-type aws, or AIRFLOW_CONN_NAME in the worker's environment. "
        "aws_conn_id=None takes the worker's own credentials.",
        "The conn_id `{name}` isn't defined",
        title="Create the connection in Airflow",
    ),
    # dbt, "Athena setup" and "Redshift setup": the required fields of a profile
    # (https://docs.getdbt.com/docs/core/connect-data-platform/athena-setup).
    documented(
        "the target in dbt's profiles.yml",
        "The target in dbt's profiles.yml lacks a required field: the message names it after “invalid:”. AWS was not "
        "called.",
        "Athena requires s3_staging_dir, region_name, database and schema. dbt debug shows which profiles.yml is read.",
        'Credentials in profile "{}", target "{}" invalid: {} is a required property',
        title="Add the field to the target in profiles.yml",
    ),
    # AWS CLI, eks get-token: the API versions that it prints
    # (https://github.com/aws/aws-cli/blob/develop/awscli/customizations/eks/get_token.py).
    documented(
        "the version in the kubeconfig",
        "The kubeconfig or the AWS CLI is too old for this kubectl: it no longer reads v1alpha1. Update the AWS CLI, "
        "then run aws eks update-kubeconfig again.",
        "In the kubeconfig, apiVersion under users: exec: is then client.authentication.k8s.io/v1beta1. The cluster "
        "was not called.",
        'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
        'no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1"',
        "plugin returned version client.authentication.k8s.io/v1alpha1",
        title="Update the AWS CLI and the kubeconfig",
    ),
)
