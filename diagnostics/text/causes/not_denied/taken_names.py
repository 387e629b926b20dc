"""Causes for stacks and buckets whose name is already taken."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, quoted, reading, says
from diagnostics.who import Who
from iam.lazy_pattern import regex

# eksctl names a service account's stack after cluster, namespace and name.
_ACCOUNT_STACK = regex(r"eksctl-(?P<cluster>.+)-addon-iamserviceaccount-(?P<rest>.+)")


_SERVICE_ACCOUNT = regex(r"(?P<namespace>[a-z0-9-]{1,63})/(?P<name>[a-z0-9.-]{1,253})")


def service_account_stack(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if eksctl's stack for a service account exists already.

    Eksctl's documentation, "IAM Roles for Service Accounts".
    """
    named = _ACCOUNT_STACK.fullmatch(failure.name or "")
    if named is None or failure.detail != "a CloudFormation stack":
        return
    found = next(
        (each for each in _SERVICE_ACCOUNT.finditer(failure.text)
         if f"{each['namespace']}-{each['name']}" == named["rest"]), None
    )  # fmt: skip
    options = f" --namespace {found['namespace']} --name {found['name']}" if found else ""
    yield FirstLook(
        "The stack remains from an earlier eksctl run. If the stack failed or is unused, run eksctl delete "
        f"iamserviceaccount --cluster {named['cluster']}{options}, then create again. If the stack is complete, the "
        "role exists already.",
        says(f"the text names the stack {failure.name}", TextPart.NAME, failure.name),
        reading("cloudformation", "describe-stacks", ("stack-name", failure.name), query="Stacks[].StackStatus"),
        Who.CALLER,
    )


_UNREAD_BUCKET = r"HeadBucket[^\n]{0,80}(?:403|Forbidden)|removing from state|planned for (?:re)?creation"


_DENIES_LISTING = r"\"Deny\"[^{}]{0,120}\"Action\"\s*:\s*[^{}]{0,120}?s3:(?:ListBucket\b|List\*|\*)"


def owned_bucket(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if the bucket belongs to the caller's account already.

    S3 API Reference, "Error responses" (BucketAlreadyOwnedByYou) and "HeadBucket" (it needs s3:ListBucket):
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html.
    """
    if failure.trouble is not Trouble.NOT_IAM or not (said := quoted(failure.text, r"BucketAlreadyOwnedByYou")):
        return
    unread = quoted(failure.text, _UNREAD_BUCKET)
    if unread and (denies := quoted(failure.text, _DENIES_LISTING)):
        yield FirstLook(
            "The bucket exists and belongs to the caller's account. The tool treated it as deleted, most likely "
            "because the Deny in the text refuses HeadBucket, which needs s3:ListBucket. No Allow overrides it: "
            "exempt the tool's role from this Deny, and from any other Deny of the tool's actions. Do not recreate "
            "the bucket.",
            contains(said, unread, denies),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    if unread:
        yield FirstLook(
            "The bucket exists and belongs to the caller's account. The tool treated it as deleted, most likely "
            "because HeadBucket was refused (403): the tool's role lacks s3:ListBucket on the bucket, or a Deny in "
            "the bucket's policy applies to the role. Exempt the role from that Deny; do not choose another name.",
            contains(said, unread),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    yield FirstLook(
        "The bucket exists and belongs to the caller's account: import it into the tool (or delete it, if nothing "
        "needs it).",
        contains(said),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.CALLER,
    )


# The CDK names its bucket cdk-QUALIFIER-assets-ACCOUNT-REGION.
_BOOTSTRAP_BUCKET = regex(r"\bcdk-[a-z0-9]{1,10}-assets-\d{12}-[a-z0-9-]+\d")


def bootstrap_left(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a bucket remains from an earlier CDK bootstrap.

    CDK v2 Developer Guide, "Troubleshoot AWS CDK bootstrapping issues"
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-troubleshoot.html).
    """
    bucket = _BOOTSTRAP_BUCKET.search(failure.text)
    if bucket is None or failure.trouble is not Trouble.NOT_IAM or "already exists" not in failure.text:
        return
    stack = " Delete the failed stack CDKToolkit first (ROLLBACK_COMPLETE)." if "ROLLBACK_" in failure.text else ""
    yield FirstLook(
        f"Most likely an earlier bootstrap left the bucket {bucket[0]}, which remains when its stack is "
        f"deleted.{stack} Empty and delete the bucket if nothing uses it, then bootstrap again; or choose another "
        "qualifier (--qualifier).",
        contains(bucket[0], "already exists"),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.RESOURCE_OWNER,
    )


_IN_STACK = regex(
    r"already exists in stack (?P<arn>arn:[\w-]+:cloudformation:[\w-]+:\d{12}:stack/(?P<stack>[\w-]+)/[\w-]+)"
)


def stack_of_the_name(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the stack that owns the resource: CloudFormation does not create a resource that another stack owns.

    AWS CloudFormation User Guide, "Move resources between stacks".
    """
    found = _IN_STACK.search(failure.text)
    if found is None or failure.trouble is not Trouble.NOT_IAM:
        return
    yield FirstLook(
        f"The existing resource belongs to the stack {found['stack']}: give this resource another name, or refer to "
        "the other stack's resource. Or remove the existing resource from that stack with DeletionPolicy: Retain, and "
        "import it into this stack.",
        contains(" ".join(found[0].split())[:96]),
        reading("cloudformation", "describe-stack-resources", ("stack-name", found["arn"])),
        Who.RESOURCE_OWNER,
    )
