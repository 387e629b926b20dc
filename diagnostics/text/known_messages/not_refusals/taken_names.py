"""Rows for names of other services' resources that are taken: stacks, buckets, tables and queues."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OTHER_RESOURCE = "a resource of another service"
TAKEN_NAMES: tuple[System, ...] = (
    made_system(
        "a CloudFormation stack",
        "Check the stack's status (aws cloudformation describe-stacks): delete and recreate a stack whose creation "
        "failed; if the stack is complete, its tool can update it.",
        r"AlreadyExistsException:\s+Stack\s+\[",
        "alreadyexistsexception: stack",
        subject=r"Stack\s+\[([\w-]{1,128})\]\s+already",
        verdict="The CloudFormation stack {name} already exists: the stack's name is taken, not a role's name.",
    ),
    made_system(
        "a bucket that this account owns",
        "If the tool created this bucket earlier, its role may be unable to read it: allow s3:ListBucket on the "
        "bucket, and exempt the role from any Deny of that action in the bucket's policy. Otherwise import the bucket "
        "into the tool.",
        r"\bBucketAlreadyOwnedByYou\b",
        "bucketalreadyowned",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})",
        verdict="The bucket {name} exists and belongs to the caller's account: most likely the tool that tries to "
        "create it does not know that it exists, or could not read it.",
        title="Let the tool read the bucket, or import it",
    ),
    # Amazon S3 API Reference, "CreateBucket": BucketAlreadyExists
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
    made_system(
        "the bucket's name, which is taken",
        "Choose a different name: a bucket's name can exist only once in a partition, and another account uses this "
        "name. No permission is missing.",
        r"\bBucketAlreadyExists\b|The\s+requested\s+bucket\s+name\s+is\s+not\s+available",
        "bucketalreadyexists",
        "bucket name is not available",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})|s3://([\w.-]{3,63})"
        r"|--bucket[ =]([\w.-]{3,63})|-BucketName[ ]+([\w.-]{3,63})",
        verdict="Another account has a bucket of the name {name}, and a name can exist only once in a partition. No "
        "permission is missing.",
        title="Choose a different name for the bucket",
    ),
    # Amazon EKS API Reference, "CreatePodIdentityAssociation" and "PodIdentityAssociation"
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html).
    made_system(
        "the service account's Pod Identity association",
        "To see it, run aws eks list-pod-identity-associations --cluster-name CLUSTER --namespace NAMESPACE (eksctl "
        "get podidentityassociation). If the existing association has the right role, nothing has to be created: do "
        "not run the creation again, or import the association. To change its role, use aws eks "
        "update-pod-identity-association. Do not delete the role.",
        r"CreatePodIdentityAssociation[\s\S]{0,400}?(?:[Aa]ssociation\s+already\s+exists|ResourceInUseException)"
        r"|ResourceInUseException[^\n]{0,60}Association\s+already\s+exists:?\s+a-",
        "resourceinuse",
        "association already exists",
        verdict="The service account already has a Pod Identity association, and can have only one in the cluster. No "
        "permission is missing.",
        title="Use the association that exists, or change its role",
    ),
    # Amazon EKS User Guide, "Create access entries": a cluster has one entry for each principal
    # (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html); eksctl's "EKS Access Entries"
    # (https://docs.aws.amazon.com/eks/latest/eksctl/access-entries.html).
    made_system(
        "the principal's access entry",
        "Often this is the entry of the identity that created the cluster, which EKS makes an administrator by "
        "default. Leave that entry out, or turn the default off: accessConfig.bootstrapClusterCreatorAdminPermissions: "
        "false in eksctl and EKS, enable_cluster_creator_admin_permissions in Terraform's module. On an existing "
        "cluster, run aws eks list-access-entries --cluster-name CLUSTER, and import or delete the entry.",
        r"access\s+entry\s+resource\s+is\s+already\s+in\s+use\s+on\s+this\s+cluster",
        "access entry resource is already in use",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The cluster already has an access entry for this principal, and each principal can have only one. No "
        "permission is missing.",
        title="Define the principal's access entry once, or import it",
    ),
    # AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs": Lambda creates the log group when
    # the function first writes (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html).
    made_system(
        "the log group that a service created",
        "Import it: in CloudFormation as a resource import (identifier LogGroupName), in Terraform with terraform "
        "import aws_cloudwatch_log_group.NAME and the log group's name. Or delete it, if nobody needs its logs, and "
        "deploy before the service writes again. To set only the retention: aws logs put-retention-policy.",
        r"AWS::Logs::LogGroup[^\n]{0,200}?(?:\"|identifier\s+)/aws/[\w./#-]+[^\n]{0,40}?already\s+exists"
        r"|CloudWatch Logs Log Group\s+\(/aws/[^\n]{0,300}already\s+exists"
        r"|CloudWatch Log Group\s+\(/aws/[^\n]{0,300}already\s+exists"
        r"|/aws/[\w./#-]+\s+already\s+exists[^\n]{0,40}AWS::Logs::LogGroup",
        "aws::logs::loggroup",
        "cloudwatch logs log group",
        "cloudwatch log group",
        flags=re.IGNORECASE,
        subject=r"(/aws/[\w./#-]*[\w#])",
        verdict="The log group {name} exists already: most likely the service created it when it first wrote to it, as "
        "Lambda does. Import the log group, or delete it if nobody needs its logs. No permission is missing.",
        title="Import the log group, or delete it and deploy again",
    ),
    made_system(
        OTHER_RESOURCE,
        "Look for the resource of that name in its own service: it is not an IAM resource. To take it over, import it "
        "with that service.",
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
