"""Programs whose denials are common: how each is recognized, whose permissions it uses, where its policy is published.

A row is a program's manual page. ``page`` is the program's own or AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.first_look.denials.signs import Signs
from diagnostics.first_look.look import WHO_AM_I
from diagnostics.fix import Who
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Program:
    """A program that calls AWS by itself.

    ``marks`` recognize it in a text; ``actions`` are those it calls, so that a text that only mentions it is not taken
    for its own. ``identity`` is whose permissions it uses, ``usual`` what its denials most often come from.
    ``trap`` matches the actions for which ``usual`` comes before the causes that are usual for the caller's kind.
    ``versioned`` is whether each version of the program publishes the policy that it needs.
    ``retrieved`` is the date on which the page was opened; empty where it still has to be.
    """

    name: str
    marks: re.Pattern[str]
    actions: re.Pattern[str]
    identity: str
    usual: str
    page: str
    trap: re.Pattern[str] | None = None
    versioned: bool = False

    @property
    def retrieved(self) -> str:
        return "2026-11-29" if self.page in _OPENED else ""


def _program(
    name: str,
    marks: str,
    actions: str,
    identity: str,
    usual: str,
    page: str,
    *,
    trap: str = "",
    versioned: bool = False,
) -> Program:
    marked, called = regex(marks, re.IGNORECASE), regex(actions, re.IGNORECASE)
    of_trap = regex(trap, re.IGNORECASE) if trap else None
    return Program(name, marked, called, identity, usual, page, of_trap, versioned)


_SERVICE_ACCOUNT = "the role of its service account (IRSA or Pod Identity), and without one the node's role"
_OLDER = "the attached policy is older than the program: each version publishes the policy that it needs"
_NARROW = "the policy lacks the action, or names other resources"

_OPENED = frozenset(
    (
        "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
        "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
        "https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
        "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
        "https://github.com/aws/aws-node-termination-handler/blob/main/README.md",
        "https://github.com/nerdswords/yet-another-cloudwatch-exporter/blob/master/README.md",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
        "https://karpenter.sh/v1.15/reference/cloudformation/",
        "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
        "https://cert-manager.io/docs/configuration/acme/dns01/route53/",
        "https://external-secrets.io/latest/provider/aws-secrets-manager",
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
        "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
        "https://grafana.com/docs/loki/latest/setup/install/helm/deployment-guides/aws",
        "https://github.com/getsops/sops/blob/main/README.rst",
        "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
        "https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/AUTHENTICATION.md",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html",
    )
)
PROGRAMS: tuple[Program, ...] = (
    _program(
        "The AWS Load Balancer Controller",
        r"FailedDeployModel|\b(?:elbv2|ingress|service)\.k8s\.aws|load-?balancer-controller|\blb-controller"
        r"|\"controller\":\s?\"(?:ingress|targetGroupBinding)\"",
        r"elasticloadbalancing:|ec2:|acm:|wafv2:|waf-regional:|shield:|cognito-idp:|iam:createservicelinkedrole",
        _SERVICE_ACCOUNT,
        f"{_OLDER}; update it to that of the installed version, or add this action",
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
        versioned=True,
    ),
    _program(
        "Karpenter",
        r"karpenter",
        r"ec2:|iam:|eks:|ssm:|pricing:|sqs:",
        _SERVICE_ACCOUNT,
        f"{_OLDER}, or a condition on tags (karpenter.sh/nodepool, kubernetes.io/cluster/NAME) does not match",
        "https://karpenter.sh/v1.15/reference/cloudformation/",
        versioned=True,
    ),
    _program(
        "ExternalDNS",
        r"external-?dns",
        r"route53:|dynamodb:|servicediscovery:",
        _SERVICE_ACCOUNT,
        'the policy names another hosted zone, or lacks route53:ListHostedZones on "*"',
        "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
    ),
    _program(
        "cert-manager",
        r"cert-manager",
        r"route53:",
        _SERVICE_ACCOUNT,
        "the policy names another hosted zone, or lacks route53:GetChange on change/*",
        "https://cert-manager.io/docs/configuration/acme/dns01/route53/",
    ),
    _program(
        "External Secrets",
        r"external-?secrets|secretstore",
        r"secretsmanager:|ssm:|kms:",
        "the role that the SecretStore names, or else the role of its service account",
        f"{_NARROW}; pushing secrets needs more than reading them, and an encrypted secret also needs the use of "
        "its KMS key",
        "https://external-secrets.io/latest/provider/aws-secrets-manager",
    ),
    _program(
        "The cluster autoscaler",
        r"cluster-autoscaler",
        r"autoscaling:|ec2:|eks:",
        _SERVICE_ACCOUNT,
        f"{_NARROW}; writing actions are often allowed only for groups that have its tag",
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    ),
    _program(
        "The EBS CSI driver",
        r"ebs\.csi\.aws\.com|ebs-csi|could not (?:create|attach) volume \"[^\"\n]{1,80}\"(?:: | in EC2)"
        r"|failed to provision volume with StorageClass",
        r"ec2:|kms:",
        "the role of its controller's service account (ebs-csi-controller-sa), and without one the node's role",
        "AmazonEBSCSIDriverPolicy is not attached; with a KMS key of your own the role also needs kms:CreateGrant, "
        "kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext",
        "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
    ),
    _program(
        "The EFS CSI driver",
        r"efs\.csi\.aws\.com|efs-csi",
        r"elasticfilesystem:|ec2:",
        "the role of its controller's service account (efs-csi-controller-sa), and without one the node's role",
        "AmazonEFSCSIDriverPolicy is not attached, or is an older copy; that policy allows no tags of your own "
        "(controller.tags)",
        "https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
    ),
    _program(
        "Fluent Bit",
        r"\[output:\w+:\w+\.\d+\]|fluent-?bit",
        r"logs:|s3:|firehose:|kinesis:|es:|aoss:",
        "the role of its service account if it has one (IRSA or Pod Identity), otherwise the role of the node on "
        "which this pod runs: each node group has its own",
        "the policy (CloudWatchAgentServerPolicy for CloudWatch Logs) is attached to another node group's role, or to "
        "none",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html",
    ),
    _program(
        "The CloudWatch agent",
        r"amazon-cloudwatch-agent|cloudwatch-agent",
        r"logs:|cloudwatch:|ec2:describe|ssm:getparameter|xray:",
        "the instance's role, or in Kubernetes the role of its service account or of the node",
        "CloudWatchAgentServerPolicy is not attached to that role",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
    ),
    _program(
        "The VPC CNI plugin",
        r"\baws-node\b|\bipamd\b|vpc-cni",
        r"ec2:",
        "the role of the service account aws-node, and without one the node's role",
        "AmazonEKS_CNI_Policy (for IPv6 a policy of your own) is not attached to that role",
        "https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html",
    ),
    _program(
        "The Secrets Store CSI driver's AWS provider",
        r"secrets-store-csi|csi-secrets-store|secretproviderclass|failed to mount secrets store objects",
        r"secretsmanager:|ssm:|kms:",
        "the role of the mounting pod's own service account (IRSA or Pod Identity), not that of the driver",
        "that role lacks secretsmanager:GetSecretValue and secretsmanager:DescribeSecret on the secret (six more "
        "characters end its ARN), or ssm:GetParameters on the parameter",
        "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    ),
    _program(
        "The node termination handler",
        r"node-termination-handler|\baws-nth\b",
        r"autoscaling:|ec2:|sqs:",
        _SERVICE_ACCOUNT,
        "the policy lacks one of autoscaling:CompleteLifecycleAction, autoscaling:DescribeAutoScalingInstances, "
        "autoscaling:DescribeTags, ec2:DescribeInstances, sqs:ReceiveMessage and sqs:DeleteMessage",
        "https://github.com/aws/aws-node-termination-handler/blob/main/README.md",
    ),
    _program(
        "The CloudWatch exporter YACE",
        r"\byace\b|yet-another-cloudwatch-exporter",
        r"cloudwatch:|tag:|[\w-]+:(?:describe|list|get)|sts:assumerole",
        "the default credential chain where it runs, or the role that its job names",
        "the policy lacks tag:GetResources, cloudwatch:GetMetricData, cloudwatch:GetMetricStatistics or "
        "cloudwatch:ListMetrics, or other actions that the namespace needs",
        "https://github.com/nerdswords/yet-another-cloudwatch-exporter/blob/master/README.md",
    ),
    _program(
        "Terraform's S3 backend",
        r"(?:error|failed)[^\n]{0,40}(?:loading|acquiring|refreshing|configuring)[^\n]{0,20}(?:state|backend)"
        r"|failed to get existing workspaces|error inspecting states in the \"s3\" backend",
        r"s3:|dynamodb:|kms:|sts:assumerole",
        "the credentials of the backend's own block or of the environment, and not those of the provider",
        "they lack s3:ListBucket on the bucket, or s3:GetObject and s3:PutObject on the state's key (s3:DeleteObject "
        "too on KEY.tflock with use_lockfile)",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
    ),
    _program(
        "Cilium's operator",
        r"\bcilium\b",
        r"ec2:",
        "the role of the operator's service account, and without one the node's role",
        "the policy lacks one of the EC2 actions of ENI mode (network interfaces, private addresses, tags)",
        "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
    ),
    _program(
        "Flux",
        r"flux-system|source-controller|image-reflector-controller|\b(?:ocirepository|helmchart|helmrepository)\b",
        r"ecr:|s3:|kms:|codecommit:",
        "the role of its controller's service account (source-controller, image-reflector-controller), and without "
        "one the node's role",
        "that role may pull but not list images (ecr:ListImages, which AmazonEC2ContainerRegistryPullOnly lacks): "
        "attach AmazonEC2ContainerRegistryReadOnly to a separate role of the controller",
        "https://fluxcd.io/flux/integrations/aws/",
        trap=r"ecr:(?:listimages|describe)",
    ),
    _program(
        "EKS Auto Mode",
        r"auto[ -]?mode|eks:eks-cluster-name|AmazonEKSAutoCluster|NodeClass\b(?!\.karpenter)",
        r"ec2:|elasticloadbalancing:|iam:(?:createinstanceprofile|passrole|addrole)",
        "the cluster's role (and not the nodes' role)",
        "the nodes have tags of your own, which AmazonEKSComputePolicy does not allow that role to set: attach a "
        "policy that does",
        "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
        trap=r"ec2:(?:runinstances|createfleet|createlaunchtemplate|createtags|createvolume)",
    ),
    _program(
        "Velero",
        r"\bvelero\b",
        r"s3:|ec2:|kms:",
        "the credentials in its secret (cloud-credentials), or the role of its service account",
        f"{_NARROW}; the credentials in its secret are used where both are set",
        "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md",
    ),
    _program(
        "KEDA",
        r"\bkeda\b",
        r"sqs:|cloudwatch:|kinesis:|dynamodb:|sts:assumerole",
        "the role of the operator's service account, or the workload's if the TriggerAuthentication says so",
        f"{_NARROW}; the operator's role must also be allowed to assume the workload's role",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
    ),
    _program(
        "Grafana Loki",
        r"\bloki\b",
        r"s3:|kms:",
        _SERVICE_ACCOUNT,
        "the policy lacks s3:ListBucket on one of its buckets (chunks, ruler), or s3:PutObject, s3:GetObject and "
        "s3:DeleteObject on their objects",
        "https://grafana.com/docs/loki/latest/setup/install/helm/deployment-guides/aws",
    ),
    _program(
        "SOPS",
        r"\bsops\b|failed to get the data key",
        r"kms:|sts:assumerole",
        "the credentials of whoever runs it (in Flux the role of the controller's service account), or the role that "
        "the file names for its key",
        "the caller is not allowed to use the file's KMS key (kms:Decrypt, and kms:Encrypt to write), or the key "
        "belongs to another account",
        "https://github.com/getsops/sops/blob/main/README.rst",
    ),
    _program(
        "Vault's seal",
        r"awskms|auto-?unseal",
        r"kms:",
        "the credentials of the Vault server: its seal stanza, its environment, or the instance's or pod's role",
        "the role lacks kms:Encrypt, kms:Decrypt or kms:DescribeKey on the seal's key, or that key's policy refuses it",
        "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
    ),
    _program(
        "Crossplane",
        r"crossplane|(?<![\w-])provider-(?:upjet-)?aws\b|\bupbound\b",
        r"[\w-]+:",
        "the credentials that its ProviderConfig names (a secret, IRSA, Pod Identity, or a role to assume)",
        f"{_NARROW}; a ProviderConfig without a role uses the provider pod's own",
        "https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/AUTHENTICATION.md",
    ),
    _program(
        "Cluster API for AWS",
        r"\bcapa-|cluster-api-provider-aws",
        r"ec2:|elasticloadbalancing:|iam:|autoscaling:|eks:|secretsmanager:|ssm:",
        "the credentials or the role that its controller was set up with",
        "the policies of clusterawsadm's CloudFormation stack are older than the controller",
        "https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites",
    ),
    _program(
        "AWS Controllers for Kubernetes",
        r"services\.k8s\.aws|\back-\w+-controller",
        r"\w+:",
        "the role of the controller's service account, or the role that the namespace names",
        "the controller's recommended policy is not attached, or is outdated",
        "https://aws-controllers-k8s.github.io/community/docs/user-docs/irsa/",
    ),
    _program(
        "ECS",
        r"failed to initialize logging driver|log driver awslogs|awslogs-(?:group|create-group|region)",
        r"logs:",
        "the task's execution role (on EC2 the container instance's role), not the task role",
        "the role lacks the log actions; logs:CreateLogGroup is needed only with awslogs-create-group, and "
        "AmazonECSTaskExecutionRolePolicy does not contain it",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
    _program(
        "Session Manager",
        r"\bTerminateSession\b",
        r"ssm:terminatesession",
        "whoever started the session",
        "the Session Manager plugin is missing or outdated on this machine, so the AWS CLI ends the session that it "
        "could not use. Install the plugin first; then allow ssm:TerminateSession on the caller's own sessions",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html",
    ),
)


def program_in(text: str, action: str) -> tuple[Program, str] | None:
    """Return the program that speaks in the text of this action, and its mark there; None where none is known."""
    for program in PROGRAMS:
        if program.actions.match(action) and (found := program.marks.search(text)):
            return program, " ".join(found[0].split())
    return None


def of_unnamed_caller(signs: Signs) -> Iterator[FirstLook]:
    """The program first, where the text does not name whose permissions it used."""
    if not signs.denial.principal:
        yield from of_program(signs)


def of_trap(signs: Signs) -> Iterator[FirstLook]:
    """What a program is known for, before what is usual for the identity that it calls with."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].trap is not None and found[0].trap.match(signs.action):
        yield from of_program(signs)


def of_versioned(signs: Signs) -> Iterator[FirstLook]:
    """A program that publishes its policy, before what is usual for the single action: it likely lacks others too."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].versioned:
        yield from of_program(signs)


def of_program(signs: Signs) -> Iterator[FirstLook]:
    found = program_in(signs.denial.text, signs.action)
    if found is None or signs.layer not in ("", "identity"):
        return
    program, mark = found
    yield FirstLook(
        f"{program.name} calls with {program.identity}. Most often {program.usual} ({program.page}).",
        Sentence(
            f"the text contains “{mark}”, and the action is {signs.denial.action}",
            (Quotes(mark), *signs.action_is.claims),
        ),
        signs.caller_read or WHO_AM_I,
        Who.ACCOUNT_ADMIN,
        found_by=("identity",),
    )
