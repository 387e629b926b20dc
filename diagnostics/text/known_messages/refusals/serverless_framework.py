"""Messages of the Serverless Framework."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

SERVERLESS_BUCKETS: tuple[ServiceSentence, ...] = (
    # https://github.com/serverless/serverless/issues/7478: the function of a custom resource gets provider.cfnRole.
    row(
        "lambdafunction - the role defined for the function cannot be assumed",
        r"CustomDashresourceDash(?P<of>\w+?)LambdaFunction - The role defined for the function cannot be assumed by "
        r"Lambda",
        "Lambda, with the role of Serverless's own custom resource",
        "Lambda cannot assume the role of the function that Serverless adds for a custom resource",
        "The function is Serverless's own, for a custom resource (an existing bucket, user pool or event bus): it runs "
        "with provider.cfnRole (deploymentRole), and that role does not trust lambda.amazonaws.com.",
        UsualCause("Let the trust policy of that role name lambda.amazonaws.com in addition to "
                   "cloudformation.amazonaws.com, or leave out cfnRole: Serverless then creates a role for the "
                   "function. For "
                   "EventBridge, provider.eventBridge.useCloudFormation: true needs no custom resource.", None,
                   Who.RESOURCE_OWNER, shown_by=r"\bcfnRole\b|\bdeploymentRole\b"),
        page="https://www.serverless.com/framework/docs/providers/aws/guide/iam",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    # Serverless Framework 3 calls GetBucketLocation, later versions HeadBucket (s3:ListBucket)
    # (https://github.com/serverless/serverless/tree/main/packages/serverless/lib/plugins/aws/lib).
    row(
        "could not locate deployment bucket",
        r"Could not locate deployment bucket(?:: \"(?P<bucket>[\w.-]+)\"| \[?(?P<named>[\w.-]+)\]?)?\W{1,4}"
        r"Error: (?:Access ?Denied|Forbidden|AllAccessDisabled|User: )",
        "whoever deploys",
        "the Serverless Framework is not allowed to locate the deployment bucket {bucket}",
        "The Serverless Framework asks where the bucket {bucket} is before it uploads: whoever deploys lacks "
        "s3:GetBucketLocation (version 4: s3:ListBucket) on the bucket itself, without /*.",
        UsualCause("Allow whoever deploys s3:GetBucketLocation and s3:ListBucket on the bucket's ARN, and "
                   "s3:GetObject, s3:PutObject and s3:DeleteObject on its objects (/*). If the bucket is of another "
                   "account, its policy "
                   "must allow the deploying role the same, on both ARNs.", "aws sts get-caller-identity",
                   needs=("s3:GetBucketLocation", "s3:ListBucket")),
        UsualCause("Check the profile that Serverless uses (Credentials: in its output): with the credentials of "
                   "another "
                   "account, a bucket that exists is refused, too.", None, Who.CALLER),
        page="https://www.serverless.com/framework/docs/providers/aws/guide/iam",
        actions=("s3:GetBucketLocation",),
    ),
)  # fmt: skip

SERVERLESS_STATE: tuple[ServiceSentence, ...] = (
    # Serverless Framework, "State": what version 4 keeps outside the stack, in us-east-1 whatever the service's Region.
    row(
        "/serverless-framework/state/s3-bucket",
        r"Access denied when [^\n]{0,60}?/serverless-framework/state/s3-bucket\b",
        "whoever runs the Serverless Framework",
        "the caller was refused the parameter of the state bucket, or that bucket",
        "The Serverless Framework (version 4) was refused its parameter /serverless-framework/state/s3-bucket, which "
        "is in us-east-1 whatever the service's Region, or the bucket that it names.",
        UsualCause("Allow ssm:GetParameter on the parameter in us-east-1 (for the first use also ssm:PutParameter and "
                   "s3:CreateBucket). On the bucket that the parameter names, allow s3:GetBucketVersioning, "
                   "s3:GetObject and s3:PutObject. CloudTrail in us-east-1 names the refused call.",
                   "aws ssm get-parameter --name /serverless-framework/state/s3-bucket --region us-east-1"),
        UsualCause("Or set an existing bucket with versioning in the setting state: then the parameter is not used.",
                   None, Who.CALLER),
        page="https://www.serverless.com/framework/docs/guides/state",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "/serverless-framework/deployment/s3-bucket",
        r"Access denied when [^\n]{0,60}?/serverless-framework/deployment/s3-bucket\b",
        "whoever runs the Serverless Framework",
        "the caller was refused the parameter of the deployment bucket",
        "The Serverless Framework (version 4) was refused its parameter /serverless-framework/deployment/s3-bucket, "
        "which names the deployment bucket of the Region. Even the command package reads it.",
        UsualCause("Allow ssm:GetParameter on the parameter, and for the first use in a Region also ssm:PutParameter "
                   "and s3:CreateBucket; or set an existing bucket in provider.deploymentBucket.",
                   "aws ssm get-parameter --name /serverless-framework/deployment/s3-bucket"),
        page="https://www.serverless.com/framework/docs/guides/deployment-bucket",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
