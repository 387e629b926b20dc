"""Failures whose wording shows that no permission was denied, each recognized by words that only it has.

Unlike other systems' messages, these are also read in a text with a denial: a denial that was overcome, or that a
ticket quotes, must not hide what stopped the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.read.context import read_context
from diagnostics.text.read.forms.other_answers import OTHER_ANSWERS
from diagnostics.text.read.forms.system import System, made_system

_NONE_MISSING = "No permission is missing for that."
_OTHER_SERVER = "another server"
_CONDITION = "the condition of the DynamoDB write"
# Hosts that are not AWS's: what AWS calls endpoints, consoles and distributions ends with one of these.
_NOT_AWS = (
    r"(?![\w.-]*(?:amazonaws\.c|\.aws\b|aws\.amazon|awsapps\.com|cloudfront\.net|awsstatic|elasticbeanstalk|on\.aws"
    r"|localhost|127\.0\.0\.1|169\.254|example\.))"
)
_SERVER = rf"https?://{_NOT_AWS}([a-z0-9][\w-]*(?:\.[\w-]+)+)"
_ENDINGS = r"(?:io|com|dev|org|net|cloud|internal|local|lan|corp|eu|de)"
_REGISTRY = rf"(?<![\w.@-])(?!ghcr\.io){_NOT_AWS}((?:[a-z0-9-]+\.)+{_ENDINGS}(?::\d{{2,5}})?)"

_SOURCE_RANGE = r"nginx\.ingress\.kubernetes\.io/(?:white|allow)list-source-range"
_NGINX_REFUSED = r"\b403\s+Forbidden[\s\x1e<][\s\S]{0,600}?\b(?:nginx|openresty)\b"
_NODE_TYPE = r"\btype[\"']?\s*[:=]\s*[\"']?EC2_(?:LINUX|WINDOWS)\b"
_NO_POLICY = r"accessEntries\[\d+\]\.policyARN\s+must\s+be\s+set"
_UNREGISTERED = (
    r"Unable\s+to\s+register\s+node\s+with\s+API\s+server[\"':\s\\]{1,4}(?:err=[\"'\s\\]{0,3})?Unauthorized\b"
)
_ROLE_ANEW = (
    r"\b(?:re-?creat\w*|deleted|destroyed|replaced)\s(?:[^.\n]{0,80}\s)?role\b|\brole\s(?:[^.\n]{0,60}\s)?"
    r"(?:was|were|is|got|has been) (?:re-?created|deleted|destroyed|replaced)\b"
)
_NODES_REFUSED = r"worker\s+nodes\s+do\s+not\s+have\s+access\s+to\s+the\s+cluster"
_MODE_API = r"authenticationMode[\"': =]{1,6}API(?![\w_])"
_ARN_INVALID = r"\bRequest\s+ARN\s+is\s+invalid\b"
_SHORT_ACCOUNT = r"\barn:[\w-]+:iam::(\d{6,11}):role/"
_LOCKED = r"(?:object\s+protected\s+by\s+object\s+lock|\bWORM[- ]protected\b)"
_LOCKED_SIGNALS = ("protected by object lock", "worm protected", "worm-protected")
_COMPLIANCE = r"\bMode[\"']?\s*[:=]?\s*[\"']?COMPLIANCE\b"

_DROPPED = (
    r"(?:<>|->)\s+\S+[^\n]{0,80}\bPolicy\s+denied\s+DROPPED\b"
    r"|\bpolicy-verdict:\w+\s+(?:EGRESS|INGRESS)\s+DENIED\b"
)
_NO_ANSWER = (
    r"(?:context\s+deadline\s+exceeded|timed?\s*out|timeout|no\s+route\s+to\s+host|connection\s+refused"
    r"|status\s+code:\s*401)"
)
_NO_METADATA = (
    r"(?:\bec2imds:\s+Get\w+|EC2MetadataError|\bfrom\s+(?:the\s+)?(?:EC2\s+)?instance\s+metadata"
    r"|\bec2\s+metadata\b|169\.254\.169\.254\S*/(?:latest/meta-data/(?!iam)|latest/dynamic))"
    rf"[^\n]{{0,300}}?{_NO_ANSWER}|\bEC2MetadataError:[^\x1e]{{0,80}}?{_NO_ANSWER}"
)

NO_REFUSALS: tuple[System, ...] = (
    *OTHER_ANSWERS,
    # Dockerfile reference and "Multi-platform builds" (https://docs.docker.com/build/building/multi-platform/).
    made_system(
        "the program's file format",
        "The image is for another CPU (arm64, amd64), or a script lacks its first line (#!/bin/sh): build for the "
        f"host's platform, docker build --platform. {_NONE_MISSING}",
        r"exec\s+format\s+error",
        "exec format error",
        flags=re.IGNORECASE,
        verdict="The program could not start: its file is for another CPU, or is not a script. No permission is "
        "missing for that.",
    ),
    # Amazon ECR Public User Guide, "Pulling an image from the Amazon ECR Public Gallery": a login stays in docker's
    # configuration, and docker logout removes it (https://docs.aws.amazon.com/AmazonECR/latest/public/
    # docker-pull-ecr-image.html); "Registry authentication": its token is valid for 12 hours.
    made_system(
        "the stored login to public.ecr.aws",
        "Run docker logout public.ecr.aws (for Helm: helm registry logout public.ecr.aws) and pull again: everyone may "
        "pull without a login. For the higher limit log in anew: aws ecr-public get-login-password --region us-east-1 "
        "| docker login --username AWS --password-stdin public.ecr.aws. If it fails without a login too, check that "
        "the image and its tag exist.",
        r"^(?![^\n]*\bpush)[^\n]*\bpublic\.ecr\.aws/[^\n]{0,300}"
        r"(?:\b403\s+Forbidden|authorization\s+token\s+has\s+expired)",
        "public.ecr.aws",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"toomanyrequests:|authorized\s+to\s+perform",
        verdict="public.ecr.aws refused a pull, which needs no login and no permission: most likely docker sends an "
        "old login for it, whose token was valid for 12 hours. Run docker logout public.ecr.aws.",
        title="Remove the old login: docker logout public.ecr.aws",
        sure=False,
    ),
    # eksctl's schema of accessEntries; EKS User Guide of eksctl, "EKS Access Entries"
    # (https://docs.aws.amazon.com/eks/latest/eksctl/access-entries.html); Amazon EKS API Reference,
    # "CreateAccessEntry" (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html).
    made_system(
        "the access entry's type",
        "For a role of nodes write only principalARN and type: EC2_LINUX (Windows: EC2_WINDOWS). Leave out "
        "accessPolicies, kubernetesGroups and kubernetesUsername, and invent no policyARN: EKS gives such an entry "
        f"what nodes need. {_NONE_MISSING}",
        rf"accessScope:?\s+{_NODE_TYPE}[\s\S]*?{_NO_POLICY}|{_NO_POLICY}[\s\S]*?accessScope:?\s+{_NODE_TYPE}",
        "policyarn must be set",
        verdict="EC2_LINUX and EC2_WINDOWS are types of the access entry itself, and no scope of an access policy: "
        "move type: up to the entry, and leave out its accessPolicies.",
        title="Give the entry its type, and no access policy",
    ),
    # Amazon EKS API Reference, "CreateAccessEntry": type (https://docs.aws.amazon.com/eks/latest/APIReference/
    # API_CreateAccessEntry.html); User Guide, "Create access entries" (https://docs.aws.amazon.com/eks/latest/
    # userguide/creating-access-entries.html).
    made_system(
        "the type of the nodes' access entry",
        "Delete the entry and create it anew with the type: aws eks delete-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN, then aws eks create-access-entry --cluster-name CLUSTER --principal-arn ROLE-ARN "
        "--type EC2_LINUX (Windows: EC2_WINDOWS). Its type cannot be updated. " + _NONE_MISSING,
        r"group\s+name\s+system:(?:bootstrappers|node(?:s|-proxier))\s+is\s+invalid,\s+it\s+cannot\s+start\s+with",
        "cannot start with",
        verdict="An access entry of the type STANDARD cannot have the groups of nodes. The entry of a node role needs "
        "the type EC2_LINUX (or EC2_WINDOWS), which gives it these groups by itself.",
        title="Create the node role's access entry with the type EC2_LINUX",
    ),
    # Amazon EKS API Reference, "AccessEntry": principalArn (https://docs.aws.amazon.com/eks/latest/APIReference/
    # API_AccessEntry.html).
    made_system(
        "the access entry of a role that was made again",
        "Delete the entry and create it again, after the role: aws eks delete-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN, then aws eks create-access-entry with --type EC2_LINUX. In Terraform let the entry "
        "be replaced with the role (replace_triggered_by). " + _NONE_MISSING,
        rf"(?:{_ROLE_ANEW})[\s\S]*?{_UNREGISTERED}|{_UNREGISTERED}[\s\S]*?(?:{_ROLE_ANEW})",
        "register node with api server",
        verdict="The nodes' role was made again, and the access entry still belongs to the deleted role: EKS stores "
        "the role's unique ID with the entry, so an entry with the same ARN does not work.",
        title="Delete the node role's access entry and create it again",
        sure=False,
    ),
    made_system(
        "the nodes' access to the cluster",
        "Look for the node's role in aws eks list-access-entries --cluster-name CLUSTER. It needs an entry of the type "
        "EC2_LINUX (Windows: EC2_WINDOWS; Auto Mode: EC2): aws eks create-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN --type EC2_LINUX. Or, with aws-auth, a line with system:bootstrappers and "
        "system:nodes. If the role was deleted and made again, delete its entry and create it again. " + _NONE_MISSING,
        rf"{_UNREGISTERED}|{_NODES_REFUSED}",
        "register node with api server",
        "worker nodes do not have access",
        unless=rf"{_ROLE_ANEW}|{_MODE_API}",
        verdict="The cluster does not accept the role of the node: the role has no access entry of a type for nodes "
        "(EC2_LINUX), and no line in aws-auth; or the entry belongs to a role that was deleted.",
        title="Create an access entry of the type EC2_LINUX for the nodes' role",
        sure=False,
    ),
    # Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": the cluster's
    # authentication
    # mode, and which changes of it are possible (https://docs.aws.amazon.com/eks/latest/userguide/
    # setting-up-access-entries.html).
    made_system(
        "the cluster's authentication mode",
        "Let the cluster accept access entries: aws eks update-cluster-config --name CLUSTER --access-config "
        "authenticationMode=API_AND_CONFIG_MAP; in Terraform access_config { authentication_mode = "
        '"API_AND_CONFIG_MAP" }. aws-auth stays in use beside them. There is no way back to CONFIG_MAP. '
        + _NONE_MISSING,
        r"cluster's\s+authentication\s+mode\s+must\s+be\s+set\s+to\s+one\s+of\s+\[API",
        "authentication mode must be set",
        flags=re.IGNORECASE,
        verdict="The cluster does not accept access entries: its authentication mode is CONFIG_MAP. Set it to "
        "API_AND_CONFIG_MAP, which changes the cluster in place.",
        title="Set the cluster's authentication mode to API_AND_CONFIG_MAP",
    ),
    # Amazon ECR User Guide, "Preventing image tags from being overwritten in Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html).
    made_system(
        "the repository's immutable tags",
        "Push under a tag that does not exist yet (the commit, a version), or skip the push if the image is there. If "
        "tags must move (latest, a cache), the repository's owner makes them mutable: aws ecr put-image-tag-mutability "
        "--repository-name NAME --image-tag-mutability MUTABLE. " + _NONE_MISSING,
        r"\bcannot\s+be\s+overwritten\s+because\s+the\s+(?:tag|repository)\s+is\s+immutable\b|\bImageTagAlreadyExistsException\b",
        "cannot be overwritten because",
        "imagetagalreadyexists",
        subject=r"\b[Ii]mage\s+tag\s+'([^'\s]{1,128})'\s+already\s+exists",
        verdict="The repository has an image with the tag {name} already, and its tags are immutable: no permission is "
        "missing for the push.",
        title="Push under a new tag",
    ),
    # AWS CloudFormation User Guide, "Activate trusted access for StackSets with AWS Organizations"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html).
    made_system(
        "CloudFormation's trusted access in the organization",
        "In the organization's management account, as an administrator, run aws cloudformation "
        "activate-organizations-access (describe-organizations-access shows the state). aws organizations "
        "enable-aws-service-access alone is not enough. Then create the stack set again. " + _NONE_MISSING,
        r"You\s+must\s+enable\s+organizations\s+access\s+to\s+operate\s+a\s+service\s+managed\s+stack\s+set",
        "enable organizations access",
        flags=re.IGNORECASE,
        verdict="StackSets has no trusted access to the organization, which a service-managed stack set needs: the "
        "management account must activate it once.",
        title="Activate trusted access for StackSets in the management account",
    ),
    # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html).
    made_system(
        "the object ownership of the log bucket",
        "Turn on ACLs for the bucket (object ownership: bucket owner preferred), or use CloudFront's standard logging "
        "(v2), which needs none. " + _NONE_MISSING,
        r"bucket\s+that\s+you\s+specified\s+for\s+CloudFront\s+logs\s+does\s+not\s+enable\s+ACL\s+access",
        "does not enable acl access",
        flags=re.IGNORECASE,
        verdict="CloudFront's older logging writes with ACLs, and the bucket has them turned off, as new buckets do.",
        title="Let the bucket use ACLs, or log with version 2",
    ),
    # AWS CloudFormation API Reference, "CreateStack": Capabilities
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html).
    made_system(
        "the stack's capabilities",
        "Send the capability with the call: --capabilities {name} (CAPABILITY_NAMED_IAM covers CAPABILITY_IAM; macros "
        "and nested stacks need CAPABILITY_AUTO_EXPAND). In the console tick the box. " + _NONE_MISSING,
        r"\bRequires\s+capabilities\s*:\s*\[CAPABILITY_\w+|\bInsufficientCapabilities(?:Exception)?\b",
        "requires capabilities",
        "insufficientcapabilities",
        subject=r"Requires\s+capabilities\s*:\s*\[(CAPABILITY_\w+(?:,\s*CAPABILITY_\w+)*)",
        verdict="The template makes IAM resources or uses macros, and the call does not acknowledge that: "
        "CloudFormation asks for {name}. No permission is missing.",
        title="Acknowledge the capability in the call",
    ),
    # Amazon EKS Pod Identity Webhook, README, "Usage with Non-root Container User"
    # (https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/README.md).
    made_system(
        "the file of the pod's token",
        "Let the pod's user read it: securityContext.fsGroup in the pod (for example 65534, or the group of the "
        "program's user). The role and its trust policy were not asked yet. " + _NONE_MISSING,
        r"\bserviceaccount/(?:eks-pod-identity-)?token[\"']?:?\s*(?:open[^\n]{0,120}:\s*)?[Pp]ermission\s+denied"
        r"|\bPermission\s+denied:?\s*[\"'][^\n\"']*serviceaccount/\S*token",
        "serviceaccount/",
        flags=re.IGNORECASE,
        verdict="The program's user may not read the file with the pod's token: the operating system refuses that, and "
        "AWS was not called.",
        title="Set fsGroup, so that the pod's user may read its token",
    ),
    # Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch": awslogs-create-group
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html).
    made_system(
        "the container's log group",
        "Create the log group in the Region of awslogs-region, or set awslogs-create-group: true in the log "
        "configuration and allow the execution role logs:CreateLogGroup. Compare how its name is written. "
        + _NONE_MISSING,
        r"create\s+Cloudwatch\s+log\s+stream:\s+ResourceNotFoundException:\s+The\s+specified\s+log\s+group\s+does\s+not"
        r"\s+exist",
        "log group does not exist",
        flags=re.IGNORECASE,
        verdict="The log group of the container does not exist, and the log driver does not create it unless it is "
        "told to.",
        title="Create the log group, or let the log driver create it",
    ),
    # Cilium documentation, "Policy Language", "IP/CIDR based" and "Entities based": CIDR rules do not match the
    # addresses of nodes (https://docs.cilium.io/en/stable/security/policy/language/); Hubble's output of a dropped flow
    # (https://docs.cilium.io/en/stable/observability/hubble/hubble-cli/).
    made_system(
        "a network policy of the cluster",
        "Allow the connection to {name} in the network policy. With Cilium, an address of the node itself is the "
        "entity host, which no ipBlock or CIDR matches: write toEntities: [host] with the port in a "
        "CiliumNetworkPolicy. So "
        "it is for the agent of EKS Pod Identity (169.254.170.23, port 80). " + _NONE_MISSING,
        _DROPPED,
        "policy denied dropped",
        "policy-verdict:",
        subject=r"(?:<>|->)\s+([\w./:-]*\w:\d{1,5})\s[^\n]{0,60}(?:Policy\s+denied\s+DROPPED|policy-verdict:)",
        verdict="A network policy of the cluster drops the connection to {name}: no call reached AWS, and no "
        "permission was checked.",
        title="Allow the connection in the cluster's network policy",
    ),
    # AWS Load Balancer Controller, "Installation", "Using the Amazon EC2 instance metadata server version 2": a hop
    # limit of 2, or --aws-region and --aws-vpc-id
    # (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/).
    made_system(
        "the instance's metadata service",
        "Name the VPC and the Region in the program's settings, so that it need not ask (AWS Load Balancer Controller: "
        "vpcId and region in the chart, --aws-vpc-id and --aws-region as flags). Or let the pod reach the metadata "
        "service: a hop limit of 2, or the host's network. " + _NONE_MISSING,
        _NO_METADATA,
        "metadata",
        "ec2imds",
        "169.254.169.254",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"credential|no\s+EC2\s+IMDS\s+role|meta-data/iam|authorized\s+to\s+perform",
        verdict="The program asked the instance's metadata service for its VPC or Region and got no answer: no call "
        "reached AWS, and no permission was checked. To a pod, the service does not answer with a hop limit of 1.",
        title="Tell the program its VPC and Region, or let it reach the metadata service",
        sure=False,
    ),
    # AWS Glue web API reference, "ExecutionProperty": MaxConcurrentRuns, 1 unless set
    # (https://docs.aws.amazon.com/glue/latest/webapi/API_ExecutionProperty.html).
    made_system(
        "the limit of concurrent runs",
        "Another run has not finished yet: wait for it, stop it, or allow more at once (Glue: MaxConcurrentRuns, 1 "
        f"unless set). {_NONE_MISSING}",
        r"\bConcurrentRunsExceeded(?:Exception)?\b|Concurrent\s+runs\s+exceeded",
        "concurrentrunsexceeded",
        "concurrent runs exceeded",
        verdict="Another run of the same job has not finished yet: no permission is missing for that.",
    ),
    # re:Post, "How do I resolve the PackedPolicyTooLarge error" (https://repost.aws/knowledge-center/iam-role-aws-sts-error);
    # Amazon EKS API Reference, "PodIdentityAssociation": disableSessionTags, six tags by default
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html); the README of
    # configure-aws-credentials, "Session tagging" (https://github.com/aws-actions/configure-aws-credentials).
    made_system(
        "the size of the session tags",
        "Send fewer or shorter tags. GitHub's action configure-aws-credentials sends none with "
        "role-skip-session-tagging: true. A session of EKS Pod Identity carries six tags on (the association's "
        "disableSessionTags turns them "
        f"off). {_NONE_MISSING}",
        r"Packed\s+size\s+of\s+session\s+tags\s+consumes\s+\d+%",
        "packed size of session tags",
        verdict="The session tags of this AssumeRole call are too large together: those that it sends, and those that "
        "its caller's session passes on. Neither the trust policy nor a permission is the cause.",
        title="Send fewer session tags",
    ),
    # AWS Toolkit for Azure DevOps asks Azure Pipelines for the OIDC token with System.AccessToken
    # (https://github.com/aws/aws-toolkit-azure-devops); Azure Pipelines, "Predefined variables", System.AccessToken
    # (https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken).
    made_system(
        "Azure Pipelines' own token",
        "In a classic pipeline open the agent job and allow scripts to access the OAuth token; a YAML pipeline gives "
        f"the token by itself. {_NONE_MISSING}",
        r"System\.AccessToken\s+is\s+undefined",
        "system.accesstoken is undefined",
        verdict="The task could not ask Azure Pipelines for an OIDC token, because the job does not give it "
        "System.AccessToken. AWS was not called: neither the role nor its trust policy was read.",
        title="Allow the job's scripts to access the OAuth token",
    ),
    # Amazon S3 API reference, "GetObject": InvalidObjectState, and "RestoreObject"
    # (https://docs.aws.amazon.com/botocore/latest/reference/services/s3/client/exceptions/InvalidObjectState.html).
    made_system(
        "the archived object",
        "Restore the object first: aws s3api restore-object --bucket BUCKET --key KEY --restore-request Days=7 (which "
        "needs s3:RestoreObject). Wait until head-object shows that it is restored, then read it. Nobody has removed a "
        "permission.",
        r"\bInvalidObjectState\b"
        r"|operation\s+is\s+not\s+valid\s+for\s+the\s+(?:source\s+)?object's\s+storage\s+class",
        "invalidobjectstate",
        "object's storage class",
        verdict="The object is archived (S3 Glacier Flexible Retrieval, Deep Archive or an archive tier): S3 returns "
        "it only after it is restored. The 403 is no refusal of a permission.",
        title="Restore the archived object",
    ),
    # Amazon S3 API Reference, "Error responses": PermanentRedirect
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    made_system(
        "the bucket's Region",
        "The bucket is in a different Region than the call: aws s3api head-bucket --bucket BUCKET returns its Region "
        f"(BucketRegion). Call it there (--region). {_NONE_MISSING}",
        r"\bPermanentRedirect\b|must\s+be\s+addressed\s+using\s+the\s+specified\s+endpoint"
        r"|\bAuthorizationHeaderMalformed\b[^\x1e\n]{0,200}\bregion\b",
        "authorizationheadermalformed",
        "permanentredirect",
        "addressed using the specified endpoint",
        verdict="The bucket is in a different Region than the one that was called: no permission is missing for that.",
    ),
    # Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    made_system(
        "S3's object ownership",
        "Leave out the ACL (--acl, or a library's default): the bucket's owner owns every object there, and only "
        "policies give access. Or change the bucket's object ownership.",
        r"\bAccessControlListNotSupported\b|bucket\s+does\s+not\s+allow\s+ACLs",
        "accesscontrollistnotsupported",
        "does not allow acls",
        verdict="The bucket does not accept ACLs, and the call sends one: no permission is missing for that.",
    ),
    # Amazon Kinesis Data Streams API reference, "GetShardIterator": an iterator expires after 5 minutes
    # (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html); Amazon DynamoDB API reference
    # of DynamoDB Streams, "GetShardIterator": after 15 minutes
    # (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html).
    made_system(
        "the age of the shard iterator",
        "Call GetShardIterator again, use its iterator at once, and go on with the NextShardIterator of each answer. "
        f"{_NONE_MISSING}",
        r"\bExpiredIterator(?:Exception)?\b",
        "expirediterator",
        verdict="The shard iterator is too old: Kinesis accepts one for 5 minutes, DynamoDB Streams for 15. Get a new "
        "one and use it at once. Neither a permission nor the credentials are at fault.",
        title="Get a new shard iterator and use it at once",
    ),
    # IAM User Guide, "Amazon Resource Names (ARNs)": partitions (https://docs.aws.amazon.com/IAM/latest/UserGuide/
    # reference-arns.html); Terraform, data source aws_partition
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition).
    made_system(
        "the partition in the ARN",
        "Write arn:aws-us-gov: in GovCloud and arn:aws-cn: in China. In Terraform use "
        "${data.aws_partition.current.partition}, in CloudFormation ${AWS::Partition}. " + _NONE_MISSING,
        r"\bInvalid\s+ARN\s+partition\b"
        r"|\A(?=[\s\S]*(?:\bus-gov-|\baws-us-gov\b|\bcn-north|\baws-cn\b))[\s\S]*?"
        r"\bARN\s+arn:aws:iam::aws:policy/[\w/+=,.@-]+\s+is\s+not\s+valid\b",
        "invalid arn partition",
        "is not valid",
        verdict="The policy's ARN has another partition than the account (GovCloud and China have their own), so no "
        "such policy exists there. No permission is missing.",
        title="Write the account's partition in the ARN",
    ),
    # AWS Secrets Manager API reference, "GetSecretValue": ResourceNotFoundException
    # (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
    made_system(
        "the secret's name, Region or account",
        "Check how the secret is written, its Region and its account (aws secretsmanager list-secrets). "
        f"{_NONE_MISSING}",
        r"Secrets\s+Manager\s+can(?:'|no)t\s+find\s+the\s+specified\s+secret",
        "find the specified secret",
        subject=r"--secret-id[ =][\"']?([\w/+=.@:-]{1,300})|SecretId[\"']?\s*[:=]\s*[\"']([\w/+=.@:-]{1,300})",
        verdict="Secrets Manager has no secret {name} where the call looked: check its spelling, the Region and the "
        "account. No permission is missing for that.",
    ),
    # AWS Lambda API reference, "GetFunction": ResourceNotFoundException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html).
    made_system(
        "the function's name, Region or account",
        f"Check how the function is written, the Region and the account of the call. {_NONE_MISSING}",
        r"\bFunction\s+not\s+found:\s+arn:",
        "function not found",
        subject=r"Function\s+not\s+found:\s+(arn:[\w:./$-]+)",
        verdict="Lambda has no function {name}: check its name, the Region and the account of the call. No permission "
        "is missing.",
    ),
    # Amazon ECR API reference, "InitiateLayerUpload": RepositoryNotFoundException
    # (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html).
    made_system(
        "the name, Region or account of the ECR repository",
        f"Check the repository's name, Region and account, or create it (aws ecr create-repository). {_NONE_MISSING}",
        r"\bRepositoryNotFoundException\b|The\s+repository\s+with\s+name\s+['\"][\w./-]+['\"]\s+does\s+not\s+exist",
        "repositorynotfound",
        "the repository with name",
        subject=r"repository\s+with\s+name\s+['\"]([\w./-]+)['\"]",
        verdict="ECR has no repository {name} in that registry and Region: check name, Region and account, or create "
        "it (aws ecr create-repository). No permission is missing for that.",
    ),
    # Amazon S3 User Guide, "Locking objects with Object Lock"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html): retention modes, legal holds.
    made_system(
        "the object's lock in compliance mode",
        "Wait until the lock's date, {name}: before it nobody can delete the version or shorten its retention, not "
        "even the root user, and s3:BypassGovernanceRetention has no effect.",
        rf"{_LOCKED}[\s\S]*?{_COMPLIANCE}|{_COMPLIANCE}[\s\S]*?{_LOCKED}",
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        subject=r"RetainUntilDate[\"']?\s*[:=]?\s*[\"']?(20\d\d-\d\d-\d\d)",
        verdict="Object Lock in compliance mode protects this version of the object until {name}: no permission is "
        "missing, and none can delete it before.",
        title="Wait until the lock's date",
    ),
    made_system(
        "the object's lock",
        "Read the lock: aws s3api get-object-retention and get-object-legal-hold, with --version-id. COMPLIANCE: "
        "nobody can delete the version before its date, not even the root user. GOVERNANCE: a caller with "
        "s3:BypassGovernanceRetention can, with --bypass-governance-retention. A legal hold must be removed first.",
        _LOCKED,
        *_LOCKED_SIGNALS,
        flags=re.IGNORECASE,
        unless=r"\bCOMPLIANCE\b",
        verdict="Object Lock refuses to delete or overwrite this version of the object: s3:DeleteObject and "
        "s3:DeleteObjectVersion do not help against it.",
        title="Read the version's retention and legal hold",
    ),
    # AWS Cloud Map API Reference, "CreatePrivateDnsNamespace": it creates the hosted zone
    # (https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html); Route 53 API Reference,
    # "LinkedService": Route 53 cannot change what another service created
    # (https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html).
    made_system(
        "the service that manages the hosted zone",
        "Change the records through AWS Cloud Map (external-dns: --provider=aws-sd), or exclude this zone "
        "(--domain-filter, --zone-id-filter) and use a hosted zone of your own. No IAM action opens it.",
        r"resource\s+hostedzone/\w+\s+can\s+only\s+be\s+managed\s+through",
        "can only be managed through",
        subject=r"can\s+only\s+be\s+managed\s+through\s+((?:AWS\s+)?[A-Z][\w ]{2,30}?)\s*(?:\(|[.\"\n])",
        verdict="The hosted zone belongs to {name}: Route 53 refuses direct changes to it, whatever policies allow.",
        title="Change the records through the service that manages the zone",
    ),
    # IAM API Reference, errors: EntityTemporarilyUnmodifiable
    # (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html).
    made_system(
        "a change of the same entity that is not finished",
        f"Wait some seconds up to a few minutes, and make the call again; let a script retry it. {_NONE_MISSING}",
        r"\bEntityTemporarilyUnmodifiable(?:Exception)?(?:\)\s+when|:)",
        "entitytemporarilyunmodifiable",
        verdict="IAM cannot change this entity yet, because it was just created or deleted. The call was allowed: no "
        "permission is missing.",
        title="Wait, and make the call again",
    ),
    # AWS Lambda API Reference, "AddPermission": StatementId, ResourceConflictException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the statement in the function's policy",
        "Look at it (aws lambda get-policy --function-name FUNCTION). Import it into the tool, remove it (aws lambda "
        f"remove-permission --function-name FUNCTION --statement-id {{name}}), or choose another ID. {_NONE_MISSING}",
        r"statement\s+id\s+\([\w-]{1,100}\)\s+provided\s+already\s+exists",
        "provided already exists",
        subject=r"statement\s+id\s+\(([\w-]{1,100})\)",
        verdict="The function's resource policy has a statement with the ID {name} already. No permission is missing.",
        title="Import or remove the statement, or choose another ID",
    ),
    # Amazon OpenSearch Service developer guide, "Using service-linked roles"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html).
    made_system(
        "the service-linked role of OpenSearch Service",
        "Create it once: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com (the "
        "caller needs iam:CreateServiceLinkedRole). Then make the call again: no role is passed, and a role of the old "
        "Elasticsearch name is not needed.",
        r"you\s+must\s+enable\s+a\s+service-linked\s+role\s+to\s+give\s+Amazon\s+(?:OpenSearch|ES|Elasticsearch)",
        "must enable a service-linked role",
        unless=r"perform:?\s+iam:CreateServiceLinkedRole",
        verdict="The call is allowed, but the account has no service-linked role for OpenSearch Service, which a "
        "domain in a VPC needs: create it once.",
        title="Create the service-linked role",
    ),
    # AWS Lake Formation developer guide, "Data filtering and cell-level security"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html); Athena User Guide, "Manage
    # Lake Formation and Athena user permissions"
    # (https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html).
    made_system(
        "the column, or Lake Formation's permission on it",
        "Compare the columns that DESCRIBE shows to this caller with those of the table (AWS Glue). If the table has "
        "the column, a Lake Formation administrator must grant SELECT on it. IAM policies, AdministratorAccess too, do "
        "not grant that. If it has none of that name, correct the query.",
        r"Column\s+'[^'\n]{1,128}'\s+cannot\s+be\s+resolved\s+or\s+requester\s+is\s+not\s+authorized",
        "or requester is not authorized",
        subject=r"Column\s+'([^'\n]{1,128})'",
        verdict="Athena refuses the column {name}: the table has none of that name, or Lake Formation does not grant "
        "this caller SELECT on it.",
        title="Compare the table's columns, and grant SELECT on the column",
        sure=False,
    ),
    # IAM Identity Center User Guide, "Custom permissions": customer managed policies have the same name and path in
    # every account (https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html).
    made_system(
        "the customer managed policy in that account",
        "Create the policy {name} in that account, with this name and path: a permission set finds a customer managed "
        "policy by both, in every account. A policy's path cannot be changed. Then provision again.",
        r"Received\s+a\s+404\s+status\s+error:\s+Not\s+supported\s+policy\s+arn:",
        "not supported policy",
        subject=r"Not\s+supported\s+policy\s+(arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]*\w)",
        verdict="The account has no policy {name}, which the permission set names. No permission is missing in IAM "
        "Identity Center.",
        title="Create the customer managed policy in that account",
    ),
    # Amazon SES developer guide, "Obtaining Amazon SES SMTP credentials": they differ by Region
    # (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html).
    made_system(
        "the SMTP password",
        "Use SMTP credentials of this endpoint's Region: each Region has its own, calculated from the secret key and "
        "the Region; the secret key itself is no SMTP password. Create new ones in SES there. Each Region has its own "
        "verified identities and sandbox, too.",
        r"\b535[ ,-][^\n]{0,20}Authentication\s+Credentials\s+Invalid",
        "authentication credentials invalid",
        flags=re.IGNORECASE,
        subject=r"\bemail-smtp(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com",
        unless=r"\A(?![\s\S]*(?:email-smtp|\bSES\b|amazonaws))",
        verdict="SES does not accept the SMTP user and password: this is authentication. No policy was evaluated, and "
        "no permission is missing.",
        title="Create SMTP credentials for this Region",
    ),
    # AWS KMS API Reference, "Decrypt": NotFoundException; keys are Regional
    # (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
    made_system(
        "the Region of the call to KMS",
        "Call KMS in {name}: check AWS_REGION, the profile's Region, and AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL, "
        "which "
        f"override them. {_NONE_MISSING}",
        r"NotFoundException[^\n]{0,80}[: ]Invalid\s+arn\s+[a-z]{2}(?:-[a-z]+)+-\d\b",
        "invalid arn",
        subject=r"Invalid\s+arn\s+([a-z]{2}(?:-[a-z]+)+-\d)\b",
        verdict="The key is in {name}, and the call went to KMS in another Region. No permission is missing.",
        title="Call KMS in the Region of the key",
    ),
    # Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": with the mode API only
    # access entries are used (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
    made_system(
        "the access entry of the nodes' role",
        "aws eks create-access-entry --cluster-name CLUSTER --principal-arn NODE-ROLE-ARN --type EC2_LINUX (Windows: "
        f"EC2_WINDOWS). aws-auth is not read in this mode. {_NONE_MISSING}",
        rf"(?:{_NODES_REFUSED}|{_UNREGISTERED})[\s\S]*?{_MODE_API}|{_MODE_API}[\s\S]*?(?:{_NODES_REFUSED}|{_UNREGISTERED})",
        "worker nodes do not have access",
        "register node with api server",
        verdict="The cluster's authentication mode is API, so a line in aws-auth has no effect: the role of the nodes "
        "needs an access entry.",
        title="Create an access entry for the role of the nodes",
    ),
    # AWS STS API Reference, "AssumeRoleWithWebIdentity", RoleArn: account IDs have 12 digits
    # (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html).
    made_system(
        "the account number in the role's ARN",
        "Write the account with its 12 digits: a leading zero is lost where a number is stored in place of a text, so "
        f"quote the value. {_NONE_MISSING}",
        rf"{_SHORT_ACCOUNT}[\s\S]*?{_ARN_INVALID}|{_ARN_INVALID}[\s\S]*?{_SHORT_ACCOUNT}",
        "request arn is invalid",
        subject=_SHORT_ACCOUNT,
        verdict="The account in the role's ARN, {name}, has not 12 digits: most likely a leading zero is lost. No "
        "permission is missing.",
        title="Write the account with its 12 digits",
    ),
    # AWS Lake Formation developer guide, "Granting data location permissions"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-location-permissions.html).
    made_system(
        "Lake Formation's permission on the location",
        "Let a Lake Formation administrator grant it: aws lakeformation grant-permissions --principal "
        "DataLakePrincipalIdentifier=ROLE-ARN --permissions DATA_LOCATION_ACCESS, with the registered location as "
        "DataLocation. S3 and Glue policies do not replace it, nor does CREATE_TABLE on the database.",
        r"Insufficient\s+Lake\s+Formation\s+permission\(s\)\s+on\s+s3://",
        "insufficient lake formation permission",
        subject=r"permission\(s\)\s+on\s+(s3://[^\s\"'()]{3,200})",
        verdict="Lake Formation refuses the location {name}: the role lacks its data location permission, which is a "
        "grant of its own.",
        title="Grant DATA_LOCATION_ACCESS on the location",
    ),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication": sso_region is the Region of the portal
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    made_system(
        "the Region of IAM Identity Center",
        "Set sso_region to the Region in which IAM Identity Center is enabled (its console shows it), and run aws sso "
        "login again. region, for the calls themselves, may be another one. No permission and no assignment is checked "
        "before that.",
        r"\bInvalid grant provided\b(?=[\s\S]*\bsso_region\b)|\bsso_region\b[\s\S]*?\bInvalid grant provided\b",
        "invalid grant provided",
        flags=re.IGNORECASE,
        subject=r"\bsso_region\s*=\s*([a-z]{2}(?:-[a-z]+)+-\d)",
        verdict="IAM Identity Center does not accept the sign-in: most likely sso_region ({name}) is not the Region of "
        "its instance. No permission is missing.",
        title="Correct sso_region",
        sure=False,
    ),
    # AWS CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections to AWS CodeCommit"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    made_system(
        "the password that the macOS keychain stores",
        "Delete the entry git-codecommit.REGION.amazonaws.com in Keychain Access, and take osxkeychain out for this "
        "host (git config --show-origin credential.helper), so that only the AWS CLI's helper is asked; or use "
        "git-remote-codecommit. If it still fails, check codecommit:GitPull and codecommit:GitPush.",
        r"git-codecommit\.[\s\S]{0,400}?\b403\b[\s\S]*?\bosxkeychain\b|\bosxkeychain\b[\s\S]*?git-codecommit\.[\s\S]{0,400}?"
        r"\b403\b",
        "osxkeychain",
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        verdict="CodeCommit refused git's password: most likely an expired one from the macOS keychain (osxkeychain), "
        "which stores what the AWS CLI's helper makes for minutes.",
        title="Let git ask only the AWS CLI's credential helper",
        sure=False,
    ),
    # ElastiCache User Guide, "Authenticating with IAM" and "Role-Based Access Control (RBAC)": access strings
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    made_system(
        "the access string of the cache's user",
        "Use a user whose access string allows the command and the key, or change this one's (ElastiCache: aws "
        "elasticache describe-users, modify-user --access-string; Redis: ACL GETUSER). IAM decides who may connect, "
        "and not which commands and keys.",
        r"\bNOPERM\b[^\n]{0,200}",
        "noperm",
        subject=r"\bNOPERM\b:?\s+([^\n\"]{5,120})",
        verdict="The cache refused the command by its user's access string, not by IAM: “{name}”.",
        title="Correct the user's access string",
    ),
    # PowerShell documentation, "about_Execution_Policies"
    # (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_execution_policies).
    made_system(
        "PowerShell's execution policy",
        "Allow the script for this session (Set-ExecutionPolicy -Scope Process RemoteSigned), or unblock a downloaded "
        "file (Unblock-File). If a group policy sets it, ask the Windows administrator. No call to AWS was made.",
        r"running\s+scripts\s+is\s+disabled\s+on\s+this\s+system|about_Execution_Policies|\bPSSecurityException\b"
        r"|\.ps1\s+is\s+not\s+digitally\s+signed",
        "running scripts is disabled",
        "about_execution_policies",
        "pssecurityexception",
        "is not digitally signed",
        flags=re.IGNORECASE,
        verdict="PowerShell did not load the script: its execution policy refuses that. AWS was not called, and no "
        "permission is missing.",
        title="Let PowerShell run the script",
    ),
    # GitHub Docs, "Working with the Container registry"
    # (https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry).
    made_system(
        "GitHub's package registry",
        "Give the job permissions: packages: write (read for a pull), and the repository access to the package (the "
        "package's settings, Manage Actions access). A personal token needs the scope write:packages. No AWS "
        "permission is missing.",
        r"\bghcr\.io/[^\n]{0,200}(?:denied|unauthorized|\b40[13]\b)|(?:denied|unauthorized"
        r"|\b40[13]\b)[^\n]{0,200}\bghcr\.io/"
        r"|permission_denied:\s+(?:write|read)_package",
        "ghcr.io",
        "permission_denied:",
        flags=re.IGNORECASE,
        verdict="GitHub's package registry refused, not AWS's: no AWS permission is missing.",
        title="Give the job or token access to the package in GitHub",
    ),
    # Distribution's "Registry errors" (https://distribution.github.io/distribution/spec/api/#errors-2).
    made_system(
        "another container registry",
        "Log in to {name} (docker login), and check who may pull or push the image there. No AWS permission is "
        "missing.",
        rf"(?:push|pull|solve|fetch|resolve|copy)\w*[^\n]{{0,200}}?{_REGISTRY}/[^\n]{{0,300}}?(?:denied|unauthorized"
        rf"|\b40[13]\b"
        r"|authentication\s+required|insufficient_scope)"
        rf"|(?:denied|unauthorized)\s+for\s+{_REGISTRY}/",
        *("push", "pull", "solve", "fetch", "resolve", "copy", "denied for", "unauthorized for"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        subject=_REGISTRY,
        verdict="{name} refused, and that registry is not ECR: no AWS permission is missing.",
        title="Log in to the registry that refused",
    ),
    # RFC 9110, "HTTP Semantics", 401 and 403: the server that is named in the request answers.
    made_system(
        _OTHER_SERVER,
        "Check what {name} itself requires: its token, its user, its own permissions. If it forwards AWS responses, an "
        "AWS error has a code and a request ID.",
        r"(?:\b(?:GET|POST|PUT|DELETE|PATCH|HEAD)\s+\"?|\b(?:for\s+url|calling|fetching|from|request\s+to"
        r"|url)[\s:'\"]{1,3})"
        rf"{_SERVER}[^\s\"]{{0,200}}[\s,\"][^\n]{{0,120}}?(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)"
        rf"|(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)[\s:,(][^\n]{{0,60}}?{_SERVER}",
        *("401", "403", "forbidden", "unauthorized"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform|x-amz|x-amzn|amazonaws|AccessDenied|aws4_request|Missing\s+Authentication"
        r"|could\s+not\s+be\s+satisfied"
        r"|calling\s+the\s+\w+\s+operation|\(Service:|execute-api|\bvault\b|/v1/sys|\bapi\s+error\b|StatusCode:",
        subject=_SERVER,
        verdict="{name} answered 401 or 403, and it is not an AWS endpoint: the text shows no refusal by IAM.",
        title="Check the credentials and permissions of the server that refused",
        sure=False,
    ),
    # Terraform, "State: Locking" (https://developer.hashicorp.com/terraform/language/state/locking).
    made_system(
        "the lock of Terraform's state",
        "Another run holds the lock (Lock Info: Who, Created): wait for it, or check that it is over and run "
        f"terraform force-unlock with the lock's ID. {_NONE_MISSING}",
        r"Error\s+acquiring\s+the\s+state\s+lock[\s\S]{0,600}?"
        r"(?:ConditionalCheckFailed|PreconditionFailed|StatusCode:\s*412|Lock\s+Info|already\s+locked)",
        "acquiring the state lock",
        subject=r"\bID:\s+([0-9a-f]{8}-[0-9a-f-]{27})",
        verdict="The Terraform state is locked by another run (lock {name}): no permission is missing for that.",
    ),
    # Amazon DynamoDB developer guide, "Error handling with DynamoDB": ConditionalCheckFailedException
    # (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
    made_system(
        _CONDITION,
        f"The write was allowed, but its own condition (ConditionExpression) was not met. {_NONE_MISSING}",
        r"\bConditionalCheckFailed(?:Exception)?\b",
        "conditionalcheckfailed",
        verdict="The write was allowed, but its own condition was not met: no permission is missing for that.",
    ),
    # Amazon ECR Public User Guide, "Registry authentication" and "Service quotas"
    # (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html,
    # https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html).
    made_system(
        "ECR Public's limit of pulls",
        "Log in to ECR Public: aws ecr-public get-login-password --region us-east-1 | docker login --username AWS "
        "--password-stdin public.ecr.aws. The login needs ecr-public:GetAuthorizationToken and "
        "sts:GetServiceBearerToken; the pull needs no permission.",
        r"public\.ecr\.aws[\s\S]{0,600}?\btoomanyrequests:|\btoomanyrequests:[\s\S]{0,600}?public\.ecr\.aws",
        "public.ecr.aws",
        flags=re.IGNORECASE,
        verdict="ECR Public limits pulls without a login, and that limit is reached: no permission is missing for the "
        "pull.",
        title="Log in to ECR Public before the pull",
    ),
    # Docker documentation, "Docker Hub usage and limits" (https://docs.docker.com/docker-hub/usage/).
    made_system(
        "Docker Hub's pull limit",
        "Pull with a Docker Hub login, through an ECR pull-through cache, or from public.ecr.aws/docker/library. "
        f"{_NONE_MISSING}",
        r"reached\s+your\s+(?:unauthenticated\s+)?pull\s+rate\s+limit|docker\.com/increase-rate-limit",
        "pull rate limit",
        "increase-rate-limit",
        flags=re.IGNORECASE,
        verdict="Docker Hub's limit of pulls is reached: neither IAM nor ECR refused the pull.",
    ),
    # nginx documentation, "Module ngx_http_access_module" (https://nginx.org/en/docs/http/ngx_http_access_module.html).
    made_system(
        "nginx's allow and deny rules",
        "Allow the address of the client ({name}) in the location's rules, or correct how nginx learns the address "
        "behind a proxy (set_real_ip_from). nginx refused by itself: what is behind it was not asked, and no policy of "
        "AWS decides.",
        r"access\s+forbidden\s+by\s+rule,\s+client:",
        "access forbidden by rule",
        subject=r"access\s+forbidden\s+by\s+rule,\s+client:\s*([0-9a-f.:]{3,45}?)(?=[,\s]|$)",
        verdict="A deny rule of nginx refuses the client {name}: no rule before it allows that address.",
        title="Correct nginx's allow and deny rules",
    ),
    # nginx documentation, "Module ngx_http_core_module" (https://nginx.org/en/docs/http/ngx_http_core_module.html#user).
    made_system(
        "the file's mode on the web server",
        "Let the user of nginx's workers read {name}, and enter each folder above it (owner, mode, SELinux). AWS was "
        "not asked.",
        r"open\(\)\s+\"[^\"]{1,300}\"\s+failed\s+\(13:\s+Permission\s+denied\)",
        "13: permission denied",
        subject=r"open\(\)\s+\"([^\"]{1,300})\"\s+failed\s+\(13:",
        verdict="The web server may not read its file {name}: the operating system refuses it, and no policy of AWS.",
        title="Let the web server read the file",
    ),
    # Ingress-NGINX Controller, "Annotations": whitelist-source-range, the ranges from which clients may come
    # (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#whitelist-source-range).
    made_system(
        "the ingress's allowed source ranges",
        "Call from one of these ranges, or let the ingress's owner add the range of the client. nginx refused by "
        "itself: AWS was not asked, and no IAM action opens this.",
        rf"{_SOURCE_RANGE}[\s\S]*?{_NGINX_REFUSED}|{_NGINX_REFUSED}[\s\S]*?{_SOURCE_RANGE}",
        "source-range",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform",
        subject=rf"{_SOURCE_RANGE}[\"']?\s*[:=]\s*[\"']?([0-9a-f.:/, ]{{7,200}})",
        verdict="nginx answered 403, and the ingress admits only clients from {name}: most likely this client's "
        "address is in none of these ranges.",
        title="Call from an allowed address, or let the ingress admit it",
        sure=False,
    ),
    made_system(
        "the web server (nginx)",
        "Read the web server's error log: files that it may not read, deny rules, or no index. The server did not ask "
        "IAM. If it forwards S3 responses, an S3 error has a code and a request ID.",
        r"403\s+Forbidden[^\x1f]{0,600}\b(?:nginx|openresty)(?:/\d|</center>|(?<=\x1enginx)\x1e)|\b(?:nginx"
        r"|openresty)/\d[^\x1f]{0,600}403\s+Forbidden"
        r"|\b403\b[^\x1f]{0,300}server:\s*(?:nginx|openresty)\b"
        r"|directory\s+index\s+of\s+\S+\s+is\s+forbidden",
        "nginx",
        "openresty",
        "is forbidden",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform|\.dkr\.|access\s+forbidden\s+by\s+rule,\s+client:"
        rf"|failed\s+\(13:|{_SOURCE_RANGE}",
        verdict="The web server (nginx) answered 403: the text shows no refusal by AWS.",
    ),
    # AWS STS API reference, "DecodeAuthorizationMessage": InvalidAuthorizationMessage
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
    made_system(
        "the encoded message",
        "It is cut off, contains line breaks, or has expired: take the whole message from the original output or from "
        "CloudTrail, or repeat the call. sts:DecodeAuthorizationMessage was allowed.",
        r"\bInvalidAuthorizationMessage(?:Exception)?\b",
        "invalidauthorizationmessage",
        verdict="The encoded message cannot be read: it is cut off, changed or expired. Decoding was allowed.",
    ),
    # Terraform CLI, "terraform apply" (https://developer.hashicorp.com/terraform/cli/commands/apply).
    made_system(
        "the answer to Terraform's question",
        "Nothing failed and nothing was changed: the plan was not confirmed. What the plan shows with - or + was not "
        "evaluated as a policy.",
        r"^\s*(?:Apply|Destroy)\s+cancelled\.",
        "apply cancelled.",
        "destroy cancelled.",
        verdict="Nothing failed: the plan was not confirmed, and nothing was changed.",
    ),
    # Amazon VPC User Guide, "Control traffic to your AWS resources using security groups".
    made_system(
        "the network to the server",
        "{name} could not be reached: check security groups, routes, and whether the server runs. " + _NONE_MISSING,
        r"dial\s+tcp\s+[\d.]+:(?!443\b|80\b)\d+:\s+(?:i/o\s+timeout|connect:\s+connection\s+(?:refused|timed\s+out))"
        r"|connection\s+to\s+server\s+at\s+\"[^\"]+\"[^\n]{0,80}(?:timed\s+out|refused)"
        r"|Communications\s+link\s+failure",
        "dial tcp",
        "connection to server at",
        "communications link failure",
        subject=r"dial\s+tcp\s+([\d.]+:\d+)|server\s+at\s+\"([\w.-]+)\"",
        verdict="{name} could not be reached: the network or the server failed, and no permission was checked.",
    ),
)
ROW_NAMES = frozenset(row.name for row in NO_REFUSALS)
_AROUND = 3


def no_refusals(cleaned: str) -> Iterator[tuple[int, OtherFailure]]:
    """Yield each failure of this table that the text states, with its position: the last line that states it."""
    low = cleaned.lower()
    read: list[str] = []
    registries = False
    for row in NO_REFUSALS:
        if row.name == _OTHER_SERVER and registries:
            continue  # it is that registry
        if row.name == _CONDITION and any("state lock" in text for text in read):
            continue  # the lock is such a condition
        if not any(signal in low for signal in row.signals):
            continue
        places = list(row.rule.finditer(cleaned))
        if not places or (row.unless and row.unless.search(cleaned)):
            continue
        found = places[-1]
        around = _lines_around(cleaned, found.start(), found.end())
        read.append(around)
        registries = registries or "registry" in row.name
        context = read_context(around, at=around.find(found[0]))
        yield (
            found.start(),
            OtherFailure(
                text=around,
                trouble=Trouble.NOT_IAM,
                code=context.code,
                operation=context.operation,
                name=row.named(around) or row.named(cleaned),
                detail=row.name,
            ),
        )


def _lines_around(text: str, start: int, end: int) -> str:
    """The lines of a place with some before and after it."""
    for _ in range(_AROUND):
        start = max(text.rfind("\n", 0, start), 0)
        after = text.find("\n", end + 1)
        end = after if after >= 0 else len(text)
    return text[start:end].strip("\n")
