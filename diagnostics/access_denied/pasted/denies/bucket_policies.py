"""Say who can change a bucket policy that denies changes to itself."""

from __future__ import annotations

from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.policy.explain import DenyingStatement
from iam.policy.match import names_action, resource_matcher
from iam.policy.request import Request

OF_BUCKET_POLICY = ("s3:deletebucketpolicy", "s3:putbucketpolicy", "s3:getbucketpolicy")


def change_as_root(first: DenyingStatement, request: Request, word: str, *, of_nobody: bool) -> Fix | None:
    """Return who can change a bucket policy that denies changes to itself; None for other requests.

    ``of_nobody``: the Deny statement exempts no principal. If such a statement also denies changes to the policy, only
    the root user of the bucket owner's account can change the policy.

    Amazon S3 API Reference, "DeleteBucketPolicy": that root user can delete the policy, even if the policy denies it
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html); IAM User Guide, "Perform a privileged
    task on an AWS Organizations member account"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html).
    """
    statement = first.policy.document.statements[first.statement]
    bucket = request.resource.partition("/")[0]
    locked = (
        of_nobody
        and names_action(statement.action or (), "s3:PutBucketPolicy")
        and any(resource_matcher(each)(bucket) for each in statement.resource or ())
        and any(value == "*" for _, value in statement.principal or ())
    )
    if word != "resource" or not (request.action.lower() in OF_BUCKET_POLICY or locked):
        return None
    who_else = "The Deny also prevents everybody from changing this policy. " if locked else ""
    text = (
        f"{who_else}Delete or correct the bucket's policy as the root user of the account that owns the bucket, "
        "because a bucket policy cannot deny this to that root user. In an organization, the management account "
        "can delete the policy of a locked bucket (sts:AssumeRoot with the task S3UnlockBucketPolicy)."
    )
    return Fix("Change the bucket's policy as the root user", Who.RESOURCE_OWNER, Note("the bucket", text))
