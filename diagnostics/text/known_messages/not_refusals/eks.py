"""Rows for Amazon EKS: access entries, nodes, subnets, add-ons, EKS's own registries."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system
from iam.facts.eks_registries import MOST, REGISTRIES
from iam.facts.global_services import partition_of_region, url_suffix

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

EKS_ACCESS_ENTRIES: tuple[System, ...] = (
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
)

NODE_ACCESS_ENTRIES: tuple[System, ...] = (
    # Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": with the mode API only
    # access entries are used (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
    made_system(
        "the access entry of the nodes' role",
        "aws eks create-access-entry --cluster-name CLUSTER --principal-arn NODE-ROLE-ARN --type EC2_LINUX (Windows: "
        f"EC2_WINDOWS). aws-auth is not read in this mode. {NONE_MISSING}",
        rf"(?:{NODES_REFUSED}|{UNREGISTERED})[\s\S]*?{MODE_API}|{MODE_API}[\s\S]*?(?:{NODES_REFUSED}|{UNREGISTERED})",
        "worker nodes do not have access",
        "register node with api server",
        verdict="The cluster's authentication mode is API, so a line in aws-auth has no effect: the role of the nodes "
        "needs an access entry.",
        title="Create an access entry for the role of the nodes",
    ),
)

EKS_SUBNETS: tuple[System, ...] = (
    # Amazon EKS User Guide, "Troubleshoot problems with Amazon EKS clusters and nodes": insufficient capacity; "Subnet
    # requirements" (https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html).
    made_system(
        "the Availability Zones of the cluster's subnets",
        "Create the cluster with subnets in other zones: the message, or the page on EKS's subnet requirements, names "
        "them. No permission is missing.",
        r"Cannot\s+create\s+cluster[^\n]{0,200}?targeted\s+availability\s+zone",
        "targeted availability zone",
        flags=re.IGNORECASE,
        verdict="EKS cannot use one of the Availability Zones of the given subnets: name subnets in other zones.",
        title="Use subnets in other Availability Zones",
    ),
)
_RESERVED = r":role/AWSReservedSSO_"

EKS_PRINCIPALS_AND_ADD_ONS: tuple[System, ...] = (
    # Amazon EKS API Reference, "CreateAccessEntry": principalArn
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html).
    made_system(
        "the path of Identity Center's role in the access entry",
        "Take the ARN from aws iam get-role --role-name ROLE --query Role.Arn, and write it in full: access entries "
        f"require the path, unlike aws-auth. {NONE_MISSING}",
        rf"{_RESERVED}[\s\S]{{0,900}}?principalArn\s+is\s+invalid|principalArn\s+is\s+invalid[\s\S]{{0,900}}?{_RESERVED}",
        "principalarn is invalid",
        verdict="The access entry's ARN lacks the path of Identity Center's roles: it must be "
        "…:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_…, as IAM shows it (some have no Region).",
        title="Name the role by its full ARN, with its path",
        sure=False,
    ),
    made_system(
        "the principal of the access entry",
        "Name a role or user that exists, by its IAM ARN with its path (aws iam get-role --role-name ROLE --query "
        "Role.Arn): not the ARN of a session (assumed-role) or of a service-linked role. A new role can take a few "
        f"seconds to become usable. {NONE_MISSING}",
        r"specified\s+principalArn\s+is\s+invalid|principalArn\s+parameter\s+format\s+is\s+not\s+valid",
        "principalarn is invalid",
        "principalarn parameter format",
        unless=rf"{_RESERVED}|MalformedPolicyDocument",
        verdict="EKS does not accept the access entry's principal: the role or user does not exist, or the ARN lacks "
                "the path or belongs to a session.",
        title="Name the role by its IAM ARN, with its path",
    ),
    # Amazon EKS API Reference, "CreateAddon": resolveConflicts
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html).
    made_system(
        "the fields of the add-on that somebody else set",
        "Decide who owns the fields: aws eks update-addon --resolve-conflicts OVERWRITE puts EKS's values there, "
        f"PRESERVE (for updates) keeps the existing ones. An add-on's role belongs in --service-account-role-arn. "
        f"{NONE_MISSING}",
        r"Conflicts\s+found\s+when\s+trying\s+to\s+apply\.\s+Will\s+not\s+continue\s+due\s+to\s+resolve\s+conflicts\s+mode",
        "due to resolve conflicts mode",
        flags=re.IGNORECASE,
        verdict="The EKS add-on conflicts with what is in the cluster already (Helm, kubectl or an older version set "
                "the same fields), and the add-on's setting does not allow overwriting those fields.",
        title="Choose OVERWRITE or PRESERVE for the add-on's conflicts",
    ),
)  # fmt: skip

EKS_REGISTRIES: tuple[System, ...] = (
    # Amazon EKS User Guide, "View Amazon container image registries for Amazon EKS add-ons"
    # (https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html).
    *(
        made_system(
            f"EKS's registry in {region}",
            f"Name {account}.dkr.ecr.{region}.{url_suffix(partition_of_region(region))} in the manifest or the chart's "
            f"values (image, registry). {NONE_MISSING}",
            rf"{MOST}\.dkr\.ecr\.{region}\.amazonaws\.com[^\n]{{0,500}}?(?:403|denied|not\s+found|authori[sz])",
            f"{MOST}.dkr.ecr.{region}",
            flags=re.IGNORECASE,
            verdict=f"EKS's registry in {region} is account {account}, not {MOST}: correct the account in the image's "
            "name. No policy of the nodes is the cause.",
            title=f"Name account {account} in the image's name",
        )
        for region, account in REGISTRIES.items()
    ),
)  # fmt: skip

EKS_FARGATE: tuple[System, ...] = (
    # AWS Fargate on EKS, "Simplify compute management with AWS Fargate": the Regions
    # (https://docs.aws.amazon.com/eks/latest/userguide/fargate.html).
    documented(
        "Fargate in this account and Region",
        "EKS does not offer Fargate to this account, or not in {name}: use another Region, or nodes. An Allow "
        "statement does not help.",
        "The refusal is not about the caller. If the account can use Fargate in other Regions, the Region is the "
        "reason. Otherwise ask AWS Support.",
        "either account is not authorized to use Fargate or region {name} is not supported",
        title="Use another Region, or nodes instead of Fargate",
        sure=False,
    ),
)
