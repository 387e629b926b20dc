"""Rows for names of other services' resources that are taken: stacks, buckets, tables and queues."""

from __future__ import annotations

from diagnostics.text.read.forms.system import System, made_system

OTHER_RESOURCE = "a resource of another service"
TAKEN_NAMES: tuple[System, ...] = (
    made_system(
        "a CloudFormation stack",
        "Check the stack's status (aws cloudformation describe-stacks): delete and recreate a stack whose creation "
        "failed; if the stack is complete, its tool can update it.",
        r"AlreadyExistsException:\s+Stack\s+\[",
        "alreadyexistsexception: stack",
        subject=r"Stack\s+\[([\w-]{1,128})\]\s+already",
        verdict="The CloudFormation stack {name} exists already: the name of the stack is taken, not that of a role.",
    ),
    made_system(
        "a bucket that this account owns",
        "Import it into the tool that creates it. If the tool created this bucket earlier, the tool's role may be "
        "unable to read it: allow s3:ListBucket on the bucket, in the bucket's own policy too.",
        r"\bBucketAlreadyOwnedByYou\b",
        "bucketalreadyowned",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})",
        verdict="The bucket {name} exists and belongs to the caller's account: most likely the tool that creates it "
        "does not know it, or could not read it.",
        title="Import the bucket, or let the tool read it",
    ),
    # Amazon S3 API Reference, "CreateBucket": BucketAlreadyExists
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
    made_system(
        "the bucket's name, which is taken",
        "Choose another name: a bucket's name can exist only once in a partition, and another account has this one. No "
        "permission is missing.",
        r"\bBucketAlreadyExists\b|The\s+requested\s+bucket\s+name\s+is\s+not\s+available",
        "bucketalreadyexists",
        "bucket name is not available",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})|s3://([\w.-]{3,63})"
        r"|--bucket[ =]([\w.-]{3,63})|-BucketName[ ]+([\w.-]{3,63})",
        verdict="Another account has a bucket of the name {name}, and a name can exist only once in a partition. No "
        "permission is missing.",
        title="Choose another name for the bucket",
    ),
    made_system(
        OTHER_RESOURCE,
        "Look for the resource of that name in its own service: it is not an IAM resource. To take it over, import it "
        "there.",
        r"(?:ResourceConflict|ResourceInUse)Exception[^\n]{0,300}\bexists?\b|ResourceExistsException"
        r"|QueueAlreadyExists|DBInstanceAlreadyExists|RepositoryAlreadyExists\w*",
        "resourceconflict",
        "resourceinuse",
        "resourceexists",
        "queuealreadyexists",
        "dbinstancealreadyexists",
        "repositoryalreadyexists",
        subject=r"(?:table|function|queue|stream|log group|cluster|secret|repository|bucket|instance|domain|topic|key"
        r"|alias|resource)(?:\s+(?:with|named|name|identifier))*[:\s]+[\"'`\[(]*(arn:[^\s\"'`\])]+"
        r"|[\w./-]*[\d_.-][\w./-]*|(?<=[\"'`])\w+"
        r"(?=[\"'`]))[\"'`\])]*(?=[^\n]{0,60}(?:exist|in use))|already exist(?:s|ing)?:\s+[\"'`]?([\w./-]{2,120})",
        verdict="The name {name} is taken in its own service: it is not an IAM name, and no permission is missing for "
        "that.",
    ),
)
