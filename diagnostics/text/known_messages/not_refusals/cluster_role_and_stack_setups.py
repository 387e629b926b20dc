"""Failures in the setup of clusters, roles, stacks and tokens, each recognized by its own words."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

OF_NODES = "the nodes' access to the cluster"
UNREGISTERED = (
    r"Unable\s+to\s+register\s+node\s+with\s+API\s+server[\"':\s\\]{1,4}(?:err=[\"'\s\\]{0,3})?Unauthorized\b"
)
NODES_REFUSED = r"worker\s+nodes\s+do\s+not\s+have\s+access\s+to\s+the\s+cluster"
MODE_API = r"authenticationMode[\"': =]{1,6}API(?![\w_])"
_ROLE_ANEW = (
    r"\b(?:re-?creat\w*|deleted|destroyed|replaced)\s(?:[^.\n]{0,80}\s)?role\b|\brole\s(?:[^.\n]{0,60}\s)?"
    r"(?:was|were|is|got|has been) (?:re-?created|deleted|destroyed|replaced)\b"
)
_DROPPED = (
    r"(?:<>|->)\s+\S+[^\n]{0,80}\bPolicy\s+denied\s+DROPPED\b"
    r"|\bpolicy-verdict:\w+\s+(?:EGRESS|INGRESS)\s+DENIED\b"
)
SETUPS: tuple[System, ...] = (
    # Dockerfile reference and "Multi-platform builds" (https://docs.docker.com/build/building/multi-platform/).
    made_system(
        "the program's file format",
        "The image is for another CPU (arm64, amd64), or a script lacks its first line (#!/bin/sh): build for the "
        f"host's platform with docker build --platform. {NONE_MISSING}",
        r"exec\s+format\s+error",
        "exec format error",
        flags=re.IGNORECASE,
        verdict="The program could not start: its file is for another CPU, or is not a script. A missing permission is "
        "not the cause.",
    ),
    # Amazon ECR Public User Guide, "Pulling an image from the Amazon ECR Public Gallery": a login stays in docker's
    # configuration, and docker logout removes it (https://docs.aws.amazon.com/AmazonECR/latest/public/
    # docker-pull-ecr-image.html); "Registry authentication": its token is valid for 12 hours.
    made_system(
        "the stored login to public.ecr.aws",
        "Run docker logout public.ecr.aws (for Helm: helm registry logout public.ecr.aws) and pull again: everyone can "
        "pull without a login. For the higher limit, log in again: aws ecr-public get-login-password --region "
        "us-east-1 | docker login --username AWS --password-stdin public.ecr.aws. If the pull also fails without a "
        "login, check that the image and its tag exist.",
        r"^(?![^\n]*\bpush)[^\n]*\bpublic\.ecr\.aws/[^\n]{0,300}"
        r"(?:\b403\s+Forbidden|authorization\s+token\s+has\s+expired)",
        "public.ecr.aws",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"toomanyrequests:|authorized\s+to\s+perform",
        verdict="public.ecr.aws refused a pull, which needs no login and no permission: most likely docker sends an "
        "old login, whose token was valid for only 12 hours. Run docker logout public.ecr.aws.",
        title="Remove the old login: docker logout public.ecr.aws",
        sure=False,
    ),
    # Amazon EKS API Reference, "CreateAccessEntry": type (https://docs.aws.amazon.com/eks/latest/APIReference/
    # API_CreateAccessEntry.html); User Guide, "Create access entries" (https://docs.aws.amazon.com/eks/latest/
    # userguide/creating-access-entries.html).
    made_system(
        "the type of the nodes' access entry",
        "Delete the entry and create it again with that type: aws eks delete-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN, then aws eks create-access-entry --cluster-name CLUSTER --principal-arn ROLE-ARN "
        "--type EC2_LINUX (Windows: EC2_WINDOWS). The type of an entry cannot be updated. " + NONE_MISSING,
        r"group\s+name\s+system:(?:bootstrappers|node(?:s|-proxier))\s+is\s+invalid,\s+it\s+cannot\s+start\s+with",
        "cannot start with",
        verdict="An access entry of the type STANDARD cannot have the groups of nodes. The entry of a node role needs "
        "the type EC2_LINUX (or EC2_WINDOWS), which gives it these groups automatically.",
        title="Create the node role's access entry with the type EC2_LINUX",
    ),
    # Amazon EKS API Reference, "AccessEntry": principalArn (https://docs.aws.amazon.com/eks/latest/APIReference/
    # API_AccessEntry.html).
    made_system(
        "the access entry of a role that was created again",
        "Delete the entry and create it again, after the role: aws eks delete-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN, then aws eks create-access-entry with --type EC2_LINUX. In Terraform, have the "
        "entry replaced whenever the role is replaced (replace_triggered_by). " + NONE_MISSING,
        rf"(?:{_ROLE_ANEW})[\s\S]*?{UNREGISTERED}|{UNREGISTERED}[\s\S]*?(?:{_ROLE_ANEW})",
        "register node with api server",
        verdict="The nodes' role was deleted and created again, and the access entry still belongs to the deleted "
        "role. EKS stores the role's unique ID with the entry, so an entry with the same ARN does not work.",
        title="Delete the node role's access entry and create it again",
        sure=False,
    ),
    made_system(
        OF_NODES,
        "Look for the node's role in aws eks list-access-entries --cluster-name CLUSTER. It needs an entry of the type "
        "EC2_LINUX (Windows: EC2_WINDOWS; Auto Mode: EC2): aws eks create-access-entry --cluster-name CLUSTER "
        "--principal-arn ROLE-ARN --type EC2_LINUX. Or, with aws-auth, a line with system:bootstrappers and "
        "system:nodes. If the role was deleted and created again, also delete its entry and create it "
        "again. " + NONE_MISSING,
        rf"{UNREGISTERED}|{NODES_REFUSED}",
        "register node with api server",
        "worker nodes do not have access",
        unless=rf"{_ROLE_ANEW}|{MODE_API}",
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
        "To let the cluster accept access entries, run aws eks update-cluster-config --name CLUSTER --access-config "
        "authenticationMode=API_AND_CONFIG_MAP; in Terraform access_config "
        '{ authentication_mode = "API_AND_CONFIG_MAP" }. The cluster also continues to use aws-auth. You cannot '
        "return to CONFIG_MAP. " + NONE_MISSING,
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
        "Push under a tag that does not exist yet (the commit, a version), or skip the push if the image exists. If "
        "tags must be movable (latest, a cache), the repository's owner can make them mutable: aws ecr "
        "put-image-tag-mutability --repository-name NAME --image-tag-mutability MUTABLE. " + NONE_MISSING,
        r"\bcannot\s+be\s+overwritten\s+because\s+the\s+(?:tag|repository)\s+is\s+immutable\b|\bImageTagAlreadyExistsException\b",
        "cannot be overwritten because",
        "imagetagalreadyexists",
        subject=r"\b[Ii]mage\s+tag\s+'([^'\s]{1,128})'\s+already\s+exists",
        verdict="The repository already has an image with the tag {name}, and its tags are immutable: no permission is "
        "missing for the push.",
        title="Push under a new tag",
    ),
    # AWS CloudFormation User Guide, "Activate trusted access for StackSets with AWS Organizations"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html).
    made_system(
        "CloudFormation's trusted access in the organization",
        "In the organization's management account, as an administrator, run aws cloudformation "
        "activate-organizations-access (describe-organizations-access shows the state). aws organizations "
        "enable-aws-service-access alone is not enough. Then create the stack set again. " + NONE_MISSING,
        r"You\s+must\s+enable\s+organizations\s+access\s+to\s+operate\s+a\s+service\s+managed\s+stack\s+set",
        "enable organizations access",
        flags=re.IGNORECASE,
        verdict="A service-managed stack set needs trusted access to the organization: the management account must "
        "activate it once for StackSets.",
        title="Activate trusted access for StackSets in the management account",
    ),
    # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html).
    made_system(
        "the object ownership of the log bucket",
        "Turn on ACLs for the bucket (object ownership: bucket owner preferred), or use CloudFront's standard logging "
        "(v2), which needs no ACLs. " + NONE_MISSING,
        r"bucket\s+that\s+you\s+specified\s+for\s+CloudFront\s+logs\s+does\s+not\s+enable\s+ACL\s+access",
        "does not enable acl access",
        flags=re.IGNORECASE,
        verdict="CloudFront's older logging writes with ACLs, but ACLs are turned off for the bucket, as they are for "
        "all new buckets.",
        title="Let the bucket use ACLs, or log with version 2",
    ),
    # AWS CloudFormation API Reference, "CreateStack": Capabilities
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html).
    made_system(
        "the stack's capabilities",
        "Send the capability with the call: --capabilities {name} (CAPABILITY_NAMED_IAM covers CAPABILITY_IAM; macros "
        "and nested stacks need CAPABILITY_AUTO_EXPAND). In the console, select the check box. " + NONE_MISSING,
        r"\bRequires\s+capabilities\s*:\s*\[CAPABILITY_\w+|\bInsufficientCapabilities(?:Exception)?\b",
        "requires capabilities",
        "insufficientcapabilities",
        subject=r"Requires\s+capabilities\s*:\s*\[(CAPABILITY_\w+(?:,\s*CAPABILITY_\w+)*)",
        verdict="The template creates IAM resources or uses macros, but the call does not acknowledge that: "
        "CloudFormation requires {name}. No permission is missing.",
        title="Acknowledge the capability in the call",
    ),
    # Amazon EKS Pod Identity Webhook, README, "Usage with Non-root Container User"
    # (https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/README.md).
    made_system(
        "the file of the pod's token",
        "To let the pod's user read it, set securityContext.fsGroup in the pod (for example 65534, or the group of the "
        "program's user). The role and its trust policy were not evaluated. " + NONE_MISSING,
        r"\bserviceaccount/(?:eks-pod-identity-)?token[\"']?:?\s*(?:open[^\n]{0,120}:\s*)?[Pp]ermission\s+denied"
        r"|\bPermission\s+denied:?\s*[\"'][^\n\"']*serviceaccount/\S*token",
        "serviceaccount/",
        flags=re.IGNORECASE,
        verdict="The program's user is not allowed to read the file with the pod's token: the operating system refuses "
        "access, and AWS was not called.",
        title="Set fsGroup, so that the pod's user can read its token",
    ),
    # Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch": awslogs-create-group
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html).
    made_system(
        "the container's log group",
        "Create the log group in the Region of awslogs-region, or set awslogs-create-group: true in the log "
        "configuration and allow the execution role to perform logs:CreateLogGroup. Compare the spelling of the log "
        "group's name in both places. " + NONE_MISSING,
        r"create\s+Cloudwatch\s+log\s+stream:\s+ResourceNotFoundException:\s+The\s+specified\s+log\s+group\s+does\s+not"
        r"\s+exist",
        "log group does not exist",
        flags=re.IGNORECASE,
        verdict="The log group of the container does not exist, and the log driver creates it only if the log "
        "configuration says so.",
        title="Create the log group, or let the log driver create it",
    ),
    # Cilium documentation, "Policy Language", "IP/CIDR based" and "Entities based": CIDR rules do not match the
    # addresses of nodes (https://docs.cilium.io/en/stable/security/policy/language/); Hubble's output of a dropped flow
    # (https://docs.cilium.io/en/stable/observability/hubble/hubble-cli/).
    made_system(
        "a network policy of the cluster",
        "Allow the connection to {name} in the network policy. With Cilium, an address of the node itself is the "
        "entity host, which no ipBlock or CIDR matches: write toEntities: [host] with the port in a "
        "CiliumNetworkPolicy. This also applies to the agent of EKS Pod Identity (169.254.170.23, port "
        "80). " + NONE_MISSING,
        _DROPPED,
        "policy denied dropped",
        "policy-verdict:",
        subject=r"(?:<>|->)\s+([\w./:-]*\w:\d{1,5})\s[^\n]{0,60}(?:Policy\s+denied\s+DROPPED|policy-verdict:)",
        verdict="A network policy of the cluster drops the connection to {name}: no call reached AWS, and no "
        "permission was checked.",
        title="Allow the connection in the cluster's network policy",
    ),
    # AWS Glue web API reference, "ExecutionProperty": MaxConcurrentRuns, 1 unless set
    # (https://docs.aws.amazon.com/glue/latest/webapi/API_ExecutionProperty.html).
    made_system(
        "the limit of concurrent runs",
        "Another run has not finished yet: wait for it, stop it, or allow more concurrent runs (Glue: "
        f"MaxConcurrentRuns, 1 unless set). {NONE_MISSING}",
        r"\bConcurrentRunsExceeded(?:Exception)?\b|Concurrent\s+runs\s+exceeded",
        "concurrentrunsexceeded",
        "concurrent runs exceeded",
        verdict="Another run of the same job has not finished yet. A missing permission is not the cause.",
    ),
    # re:Post, "How do I resolve the PackedPolicyTooLarge error" (https://repost.aws/knowledge-center/iam-role-aws-sts-error);
    # Amazon EKS API Reference, "PodIdentityAssociation": disableSessionTags, six tags by default
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html); the README of
    # configure-aws-credentials, "Session tagging" (https://github.com/aws-actions/configure-aws-credentials).
    made_system(
        "the size of the session tags",
        "Send fewer or shorter tags. GitHub's action configure-aws-credentials sends none with "
        "role-skip-session-tagging: true. A session of EKS Pod Identity passes on six tags (the association's "
        f"disableSessionTags turns them off). {NONE_MISSING}",
        r"Packed\s+size\s+of\s+session\s+tags\s+consumes\s+\d+%",
        "packed size of session tags",
        verdict="The session tags of this AssumeRole call are too large together: the tags that the call sends, and "
        "the tags that the caller's session passes on. Neither the trust policy nor a permission is the cause.",
        title="Send fewer session tags",
    ),
    # AWS Toolkit for Azure DevOps asks Azure Pipelines for the OIDC token with System.AccessToken
    # (https://github.com/aws/aws-toolkit-azure-devops); Azure Pipelines, "Predefined variables", System.AccessToken
    # (https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken).
    made_system(
        "Azure Pipelines' own token",
        "In a classic pipeline, open the agent job and allow scripts to access the OAuth token; a YAML pipeline "
        f"provides the token automatically. {NONE_MISSING}",
        r"System\.AccessToken\s+is\s+undefined",
        "system.accesstoken is undefined",
        verdict="The task could not ask Azure Pipelines for an OIDC token, because the job does not provide "
        "System.AccessToken to it. AWS was not called: neither the role nor its trust policy was read.",
        title="Allow the job's scripts to access the OAuth token",
    ),
    # IAM User Guide, "Deleting a service-linked role": it is deleted only after the resources that use it
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html).
    made_system(
        "what still uses the service-linked role",
        "Delete the resources under RoleUsageList in their Regions (or turn the service's feature off there), then "
        f"delete the role again. {NONE_MISSING}",
        r"\"?RoleUsageList\"?\s*:\s*\[\s*\{",
        "roleusagelist",
        verdict="The service-linked role is still in use, so it was not deleted: first delete the resources under "
        "RoleUsageList. No permission is missing.",
        title="Delete what uses the role first",
    ),
)
