"""Messages of Amazon Neptune."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

NEPTUNE_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "credential for iam_role_arn",
        r"Couldn['’]t find the aws credential for iam_role_arn\b(?::\s*(?P<principal>arn:[^\s\"',]+))?",
        "the Neptune cluster",
        "the cluster does not have the role of the load",
        "Neptune found no credentials for the load's role: add the role to the cluster, and make the role trust "
        "rds.amazonaws.com. The caller's permissions are not the cause.",
        UsualCause(
            "Run aws neptune add-role-to-db-cluster, and wait until the role's status is ACTIVE. The role "
            "needs s3:Get* and s3:List* on the bucket; an S3 endpoint must be in the VPC.",
            "aws neptune describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'",
            Who.RESOURCE_OWNER,
            needs=("s3:GetObject", "s3:ListBucket"),
        ),
        page="https://docs.aws.amazon.com/neptune/latest/userguide/bulk-load-tutorial-IAM-CreateRole.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)

NEPTUNE_LOADS: tuple[ServiceSentence, ...] = (
    row(
        "unable to perform s3 list operation",
        r"Unable to perform S3 list operation",
        "the role of the load",
        "the load's role is not allowed to list the bucket",
        "The role of the Neptune load is not allowed to list the bucket or folder: allow the role s3:List* and s3:Get* "
        "there.",
        UsualCause(
            "Change the role named in the load request (iamRoleArn), not the caller. If the bucket is in "
            "another account, its policy must allow that role, too, and the objects' KMS key must allow that "
            "role kms:Decrypt."
        ),
        page="https://docs.aws.amazon.com/neptune/latest/userguide/loader-message.html",
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    no_permission(
        "unable to connect to s3 endpoint",
        r"Unable to connect to s3 endpoint(?![\s\S]*access test failed)",
        "The service cannot reach S3 from its VPC: the VPC needs a gateway endpoint for S3 (or another way out), and "
        "for "
        "Neptune the bucket must be in the cluster's Region. No permission is missing.",
        "Look for the endpoint com.amazonaws.REGION.s3 in the route table of the subnets of the cluster or agent, and "
        "for port 443 in its security group. Then compare the Region of the call with the bucket's.",
        "https://docs.aws.amazon.com/neptune/latest/userguide/loader-message.html",
        "aws ec2 describe-vpc-endpoints",
    ),
)
