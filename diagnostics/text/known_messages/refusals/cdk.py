"""Messages of the AWS CDK about its bootstrap."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

CDK_BOOTSTRAP: tuple[ServiceSentence, ...] = (
    # AWS CDK CLI, cdk-assets: it asks S3 and ECR for these names, and prints this if they do not exist
    # (https://github.com/aws/aws-cdk-cli).
    row(
        ("no bucket named 'cdk-", "no ecr repository named 'cdk-"),
        r"No (?:bucket|ECR repository) named '(?P<asset>cdk-[\w-]+-(?P<account>\d{12})-"
        rf"(?P<region>{REGION_NAME}))'",
        "the CDK",
        "the CDK's bootstrap stack is missing here",
        "The CDK finds no {asset}, so account {account} is most likely not bootstrapped in {region}: run cdk bootstrap "
        "aws://{account}/{region}. A missing permission is not the cause.",
        UsualCause("Run cdk bootstrap aws://{account}/{region} with the qualifier and options that you used for the "
                   "working Region: each account and Region must be bootstrapped separately. This also creates the "
                   "bootstrap roles, so it most likely resolves any warning that they could not be assumed.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit --region {region}"),
        UsualCause("If the stack CDKToolkit exists, somebody deleted the resources that it created: delete the stack, "
                   "and run cdk bootstrap again."),
        UsualCause("If {region} was not meant, correct the stack's env, AWS_REGION or the profile.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
        ground=Ground.LIKENESS,
    ),
    row(
        (
            "has the environment been bootstrapped",
            "please run 'cdk bootstrap'",
            "region has not been bootstrapped",
            "toolkit stack must be deployed to the environment",
        ),
        r"(?:SSM parameter (?P<parameter>/cdk-bootstrap/\S+) not found\. )?Has the environment been bootstrapped\?"
        r"|Please run 'cdk bootstrap'|given region has not been bootstrapped"
        r"|toolkit stack must be deployed to the environment",
        "the CDK, or its lookup role",
        "the CDK finds no bootstrap stack here",
        "The CDK finds no bootstrap stack in this account and Region: bootstrap them, or use a different account or "
        "Region.",
        UsualCause("Run cdk bootstrap aws://ACCOUNT/REGION again with a current CLI, and with the qualifier, trust and "
                   "policies of the first time: it updates the stack CDKToolkit.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN,
                   shown_by=r"requires bootstrap stack version '(?P<wanted>\d+)', found '(?P<had>\d+)'",
                   decides="The bootstrap stack exists but is too old: it has version {had}, and this deployment needs "
                   "{wanted}. Run cdk bootstrap again. A missing permission is not the cause."),
        UsualCause("Ask an administrator to run npx cdk bootstrap aws://ACCOUNT/REGION once: the command creates "
                   "roles, a bucket and a stack, which AmplifyBackendDeployFullAccess and other deployment policies do "
                   "not allow. Afterwards, the deployer's own permissions are enough.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN,
                   shown_by=r"given region has not been bootstrapped"
                   r"|cdk bootstrap\b[^\n]{0,60}\b(?:denied|refused|fails)",
                   decides="The account is not bootstrapped for the CDK in this Region: an administrator must "
                   "bootstrap it once. First check that this is the intended account and Region."),
        UsualCause("Run cdk bootstrap {environment}, with the options used in the Region that works; or deploy to "
                   "another Region, if that was meant. Bootstrapping also creates the bootstrap roles: most likely the "
                   "refused AssumeRole needs no other change. If the bootstrap stack exists (a custom qualifier may go "
                   "with a stack name other than CDKToolkit), the caller is not allowed to assume its roles or read "
                   "the parameter (ssm:GetParameter on /cdk-bootstrap/*).",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit --region {region}", Who.ACCOUNT_ADMIN,
                   shown_by=r"bootstrapped\?(?=\s+\((?P<environment>aws://(?P<account>\d{12}|ACCOUNT)/"
                   rf"(?P<region>{REGION_NAME})(?: --qualifier \w+)?)\))",
                   decides="aws://{account}/{region} is not, or no longer, bootstrapped for the CDK with this "
                   "qualifier: run cdk bootstrap {environment}. Bootstrapping applies to one account and one Region."),
        UsualCause("The account and Region were never bootstrapped, or only with a different qualifier: cdk bootstrap "
            "aws://ACCOUNT/REGION creates the stack CDKToolkit with its roles, bucket and version parameter.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN),
        UsualCause("The credentials belong to another account, or this is the wrong Region.",
                   "aws sts get-caller-identity", Who.CALLER),
        UsualCause("The caller is not allowed to read the parameter: it needs ssm:GetParameter on /cdk-bootstrap/*, or "
                   "permission to assume the bootstrap roles (sts:AssumeRole on cdk-*)."),
        page="https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
    ),
)  # fmt: skip
