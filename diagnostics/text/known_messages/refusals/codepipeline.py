"""Messages of AWS CodePipeline about its roles and artifacts."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_PIPE_FAILS = f"{_DOCS}/codepipeline/latest/userguide/troubleshooting.html"
_PIPELINE = "aws codepipeline get-pipeline --name PIPELINE --query 'pipeline.[roleArn,artifactStore]'"

CODEPIPELINE_ROLES_AND_ARTIFACTS: tuple[ServiceSentence, ...] = (
    row(
        "is getting s3 access denied for the s3 bucket",
        r"service role \"?(?P<principal>arn:[^\s\"]+)\"? is getting S3 access denied for the S3 bucket "
        r"\"?(?P<bucket>[\w.-]*[\w-])",
        "the pipeline's service role",
        "the service role is not allowed to see the artifact bucket",
        "S3 does not let the pipeline's service role use the artifact bucket {bucket}: the role needs s3:ListBucket "
        "there, in its own policy, and the bucket's policy must not deny it.",
        UsualCause("Allow the service role s3:ListBucket on arn:aws:s3:::{bucket}. If the bucket's policy restricts "
                   "who may use the bucket, it must allow the role, too. Whoever released the change does not need "
                   "this permission.",
                   "aws s3api get-bucket-policy --bucket {bucket}"),
        page=_PIPE_FAILS,
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "service role or action role does",
        r"service role or action role does(?:n't| not) have the permissions required to access the Amazon S3 bucket"
        r" named (?P<bucket>[\w.-]*[\w-])",
        "the action's role, or the pipeline's service role",
        "the role of the action, or the service role, is not allowed to use the artifact bucket",
        "The role of this action, or else the pipeline's service role, is not allowed to use the artifact bucket "
        "{bucket}. The message does not say whether its own policies, the bucket's policy or the KMS key is the cause.",
        UsualCause("The action's role is of account {account}, but the pipeline is in another: the role's own policies "
                   "are not enough. The bucket's policy must allow the role, and the artifact store needs a customer "
                   "managed key (encryptionKey) with a key policy that allows the role: another account cannot use the "
                   "default key aws/s3.", _PIPELINE, Who.RESOURCE_OWNER,
                   shown_by=r"\brole_?[Aa]rn\b\W{0,6}arn:[\w-]+:iam::(?P<account>\d{12}):role/"
                   r"(?=[\s\S]{0,800}?\bpipeline\b[^\n]{0,30}?(?!(?P=account))\d{12}\b)",
                   decides="The action's role is of account {account}, but the pipeline is in another: that role's own "
                   "policies are not enough. The bucket's policy must allow the role, and the artifacts need a "
                   "customer managed KMS key that it can use."),
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow this role s3:GetObject and "
                   "s3:PutObject on arn:aws:s3:::{bucket}/*, s3:GetBucketLocation on the bucket, and kms:Decrypt and "
                   "kms:GenerateDataKey on the artifact store's key.",
                   _PIPELINE,
                   needs=("s3:GetObject", "s3:PutObject", "s3:GetBucketLocation", "kms:Decrypt",
                          "kms:GenerateDataKey")),
        UsualCause("If the action works in another account, the bucket's policy and the key policy must allow its "
                   "role, and the key must be a customer managed key.",
                   "aws s3api get-bucket-policy --bucket {bucket}", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/codepipeline/latest/userguide/pipelines-create-cross-account.html",
    ),
    row(
        "unable to access the artifact with amazon s3 object key",
        r"Unable to access the artifact with Amazon S3 object key '(?P<key>[^'\n]+)' located in the Amazon S3 artifact "
        r"bucket '(?P<bucket>[^'\n]+)'",
        "the action's role, or the pipeline's service role",
        "the role of the action is not allowed to read the artifact",
        "The role of this action (or else the pipeline's service role) is not allowed to read the artifact in "
        "{bucket}: this role needs s3:GetObject and s3:GetObjectVersion there, and kms:Decrypt on the artifact's key.",
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow this role the actions on "
                   "arn:aws:s3:::{bucket}/*, and kms:Decrypt and kms:DescribeKey on the artifact store's key.",
                   _PIPELINE),
        UsualCause("The action works in another account: the bucket's policy and the key policy must allow that role, "
                   "and the key must be a customer managed key.", "aws s3api get-bucket-policy --bucket {bucket}",
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/codepipeline-access-denied-errors",
        actions=("s3:GetObject", "s3:GetObjectVersion"),
    ),
    row(
        "the provided role does not have sufficient permissions: service:",
        r"The provided role does not have sufficient permissions: Service:(?P<service>[\w-]+)",
        "the pipeline's service role",
        "the pipeline's service role lacks permissions in {service}",
        "The pipeline's service role lacks permissions in {service}, which the deployment uses. Whoever released the "
        "change does not need them.",
        UsualCause("Add the actions of this service to the policy of the pipeline's service role; for Elastic "
                   "Beanstalk these are elasticbeanstalk:*, ec2:*, elasticloadbalancing:*, autoscaling:*, "
                   "cloudwatch:*, cloudformation:* and s3:* of CodePipeline's example policy. CloudTrail names the "
                   "action that was refused.", _PIPELINE),
        page=_PIPE_FAILS,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "artifact or the amazon s3 bucket could not be found",
        r"artifact or the Amazon S3 bucket could not be found",
        "the pipeline's artifact bucket",
        "the artifact, or its bucket, does not exist where the pipeline looks",
        "The artifact or its bucket does not exist where the pipeline looks: it was deleted, a lifecycle rule removed "
        "it, or the bucket is in a different Region from the pipeline.",
        UsualCause("Check that the bucket exists in the pipeline's Region, and check its lifecycle rules. Then release "
                   "the change again: this creates a new artifact.", _PIPELINE, Who.RESOURCE_OWNER),
        page=_PIPE_FAILS,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "read the task definition artifact file",
        r"Exception while trying to read the task definition artifact file from:?\s?(?P<artifact>[\w.-]*)",
        "the pipeline's artifact",
        "the task definition is not in the artifact, or the artifact is too large",
        "The pipeline finds no task definition in the artifact, or the artifact is larger than 3 MB compressed. No "
        "permission is named.",
        UsualCause("Put the task definition file (taskdef.json) under the configured name into the artifact of the "
                   "action, and keep the ZIP below 3 MB. To make it smaller, let the source action include only the "
                   "needed files.",
                   _PIPELINE, Who.CALLER),
        page=_PIPE_FAILS,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

CODEPIPELINE_APPROVALS: tuple[ServiceSentence, ...] = (
    row(
        "invalidapprovaltokenexception",
        r"\bInvalidApprovalTokenException\b",
        "the token of the approval",
        "the approval was answered already, or has expired",
        "Somebody has already answered the approval, or the approval has expired. Credentials and permissions are "
        "not the cause.",
        UsualCause("Take the token of the present approval from aws codepipeline get-pipeline-state "
                   "(latestExecution.token of the action), and answer with that token.",
                   "aws codepipeline "
                                                                                  "get-pipeline-state --name "
                                                                                  "PIPELINE", Who.CALLER),
        page=f"{_DOCS}/codepipeline/latest/APIReference/API_PutApprovalResult.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip

CODEPIPELINE_SOURCES: tuple[ServiceSentence, ...] = (
    row(
        "could not access the codecommit repository",
        r"Could not access the CodeCommit repository (?P<name>[\w.-]+?)\.? Make sure that the pipeline IAM role",
        "the pipeline's service role",
        "the pipeline's service role cannot read the repository {name}",
        "The pipeline's service role lacks CodeCommit permissions on the repository {name}. Whoever started the "
        "pipeline does not need them.",
        UsualCause("Allow the pipeline's service role to perform codecommit:GetBranch, codecommit:GetCommit, "
                   "codecommit:GetRepository, codecommit:UploadArchive, codecommit:GetUploadArchiveStatus and "
                   "codecommit:CancelUploadArchive on the repository.", "aws codepipeline list-pipelines",
                   needs=("codecommit:GetBranch", "codecommit:GetCommit", "codecommit:GetRepository",
                          "codecommit:UploadArchive", "codecommit:GetUploadArchiveStatus",
                          "codecommit:CancelUploadArchive")),
        page="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
