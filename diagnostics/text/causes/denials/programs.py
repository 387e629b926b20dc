"""Programs whose denials are common: how to recognize each, whose permissions it uses, where its policy is published.

A row says only what its pages say. ``pages`` are the program's own or AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.denials.signs import Signs
from diagnostics.text.causes.look import WHO_AM_I
from diagnostics.text.read.beside_message import differences
from diagnostics.text.read.difference import Difference
from diagnostics.who import Who
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Program:
    """A program that calls AWS by itself.

    ``marks`` recognize its output in a text. ``actions`` match the actions that it calls, so that a text that only
    mentions the program is not taken for its output. ``identity`` says whose permissions it uses, ``usual`` names the
    most frequent cause of its denials. ``trap`` matches the actions for which ``usual`` is shown before the usual
    causes for the caller's kind. ``versioned`` is whether each version of the program publishes the policy that it
    needs. ``foreign`` recognizes another program that prints the same words. ``retrieved`` is the date on which the
    oldest of the pages was opened; empty if one has not been opened yet.
    """

    name: str
    marks: re.Pattern[str]
    actions: re.Pattern[str]
    identity: str
    usual: str
    pages: tuple[str, ...]
    trap: re.Pattern[str] | None = None
    versioned: bool = False
    foreign: re.Pattern[str] | None = None

    @property
    def retrieved(self) -> str:
        return min(_OPENED.get(page, "") for page in self.pages)


def _program(
    name: str,
    marks: str,
    actions: str,
    identity: str,
    usual: str,
    *pages: str,
    trap: str = "",
    versioned: bool = False,
    foreign: str = "",
) -> Program:
    marked, called = regex(marks, re.IGNORECASE), regex(actions, re.IGNORECASE)
    of_trap = regex(trap, re.IGNORECASE) if trap else None
    others = regex(foreign, re.IGNORECASE) if foreign else None
    return Program(name, marked, called, identity, usual, pages, of_trap, versioned, others)


_SERVICE_ACCOUNT = "the role of its service account (IRSA or Pod Identity), and without one the node's role"
_OLDER = "the attached policy is older than the program: each version publishes the policy that it needs"
_NARROW = "the policy lacks the action, or names other resources"
# A label or an apiVersion has a slash behind the group: that is an object, and not the controller's own line.
_FLUX = (
    r"flux-system|source-controller|kustomize-controller|image-(?:reflector|automation)-controller"
    r"|\b(?:source|kustomize|image|helm)\.toolkit\.fluxcd\.io\b(?!/)"
    r"|\b(?:ocirepository|helmrepository|imagerepository)\b|cannot get sops data key"
)
# A name with two dots behind it is a host's, or an annotation that somebody wrote.
_NO_HOST = r"(?!\.[\w-]+\.\w)"
_EXTERNAL_SECRETS = r"external-?secrets|secretstore|pushsecret"
_OF_A_STORE = (
    "the keys or the service account that the SecretStore names, or else those of the controller's pod; with them it "
    "assumes the store's role if it names one"
)

# What only EKS Auto Mode has: its volumes, load balancers, node classes and the suggested name of its role.
_AUTO_MODE = r"ebs\.csi\.eks\.amazonaws\.com|\beks\.amazonaws\.com/(?:alb|nlb|nodeclass)\b|AmazonEKSAutoCluster"

# What Terraform says where its backend failed.
_STATE = (
    r"\bError (?:loading|refreshing|saving|persisting|uploading|inspecting|reading) (?:the )?states?\b(?! store)"
    r"|the state lock\b|Unable to retrieve item from DynamoDB table|configuring (?:the )?(?:backend|S3 Backend)"
    r"|Failed to (?:load|save|persist|upload|unlock) (?:the )?(?:\w+ )?state\b|Error unlocking S3 state"
    r"|failed to get (?:existing workspaces|configured named states)|error inspecting states in the \"s3\" backend"
    r"|Unable to list objects in S3 bucket \"|failed to (?:un)?lock (?:s3\b|both S3|DynamoDB)"
)
_OF_THE_BACKEND = (
    "what the backend's own block names (keys, a profile, assume_role), or else the environment, the files in "
    "~/.aws or the role of the instance or task, and not the credentials of the provider"
)
_PAGES = (
    "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
    "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
    "https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html",
    "https://github.com/aws/aws-node-termination-handler/blob/main/README.md",
    "https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/README.md",
    "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
    "https://karpenter.sh/docs/reference/cloudformation/",
    "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
    "https://cert-manager.io/docs/configuration/acme/dns01/route53/",
    "https://external-secrets.io/latest/provider/aws-secrets-manager",
    "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md",
    "https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/AUTHENTICATION.md",
    "https://developer.hashicorp.com/terraform/language/backend/s3",
    "https://fluxcd.io/flux/integrations/aws/",
    "https://github.com/prometheus/cloudwatch_exporter/blob/master/README.md",
    "https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/blob/master/README.md",
    "https://developer.hashicorp.com/packer/integrations/hashicorp/amazon",
    "https://docs.aws.amazon.com/eks/latest/eksctl/minimum-iam-policies.html",
    "https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md",
    "https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md",
    "https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/",
    "https://cloud-provider-aws.sigs.k8s.io/prerequisites/",
    "https://distribution.github.io/distribution/storage-drivers/s3/",
    "https://thanos.io/tip/thanos/storage.md/",
    "https://www.nextflow.io/docs/latest/aws.html",
    "https://kops.sigs.k8s.io/getting_started/aws/",
    "https://argocd-image-updater.readthedocs.io/en/stable/basics/authentication/",
    "https://getsops.io/docs/usage/identities/amazon-aws-kms/",
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html",
    "https://external-secrets.io/latest/provider/aws-access",
    "https://external-secrets.io/latest/provider/aws-parameter-store",
    "https://grafana.com/docs/loki/latest/setup/install/helm/deployment-guides/aws",
    "https://aws-controllers-k8s.github.io/docs/guides/configure-iam",
    "https://aws-controllers-k8s.github.io/docs/guides/cross-account",
    "https://repost.aws/knowledge-center/ecs-container-logs-cloudwatch",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryReadOnly.html",
    "https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md",
    "https://github.com/aws/aws-cli/issues/9837",
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
    "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    "https://keda.sh/docs/2.20/authentication-providers/aws",
    "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
    "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md",
    "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/install.md",
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html",
    "https://repost.aws/knowledge-center/cloudwatch-stream-container-logs-eks",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html",
    "https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites",
    "https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
    "https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/configure/",
    "https://docs.aws.amazon.com/cli/latest/reference/ssm/register-default-host-management-configuration.html",
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/",
    "https://docs.fluentbit.io/manual/administration/aws-credentials",
    "https://opentofu.org/docs/language/settings/backends/s3/",
    "https://keda.sh/docs/2.20/scalers/aws-sqs/",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Credentials-Preference.html",
    "https://docs.aws.amazon.com/cli/latest/reference/ssm/update-managed-instance-role.html",
    "https://github.com/aws/aws-application-networking-k8s/blob/main/files/controller-installation/"
    "recommended-inline-policy.json",
)
_OPENED = dict.fromkeys(_PAGES, "2026-11-30")
"""When each page was opened and compared with its rows, fact by fact."""
PROGRAMS: tuple[Program, ...] = (
    _program(
        "The AWS Load Balancer Controller",
        r"FailedDeployModel|\b(?:elbv2|ingress|service)\.k8s\.aws|load-?balancer-?controller|\b(?:aws-?)?lb-?controller"
        r"|\b(?:awslbc|aws-lbc|albc)\b|awslbcontroller|\b(?:aws-)?alb-ingress-controller"
        r"|\"controller\":\s?\"(?:ingress|targetGroupBinding|service)\"",
        r"elasticloadbalancing:|ec2:|acm:|wafv2:|waf-regional:|shield:|cognito-idp:|globalaccelerator:|sts:assumerole"
        r"|iam:(?:createservicelinkedrole|(?:list|get)servercertificate)",
        f"{_SERVICE_ACCOUNT}, or a TargetGroupBinding's iamRoleArnToAssume",
        f"{_OLDER}; update it to that of the installed version, or add this action",
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
        "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/",
        versioned=True,
        foreign=_AUTO_MODE,
    ),
    _program(
        "Karpenter",
        r"karpenter(?!NodeRole|NodeInstanceProfile|Controller(?:Role|\w*Policy)|InterruptionQueue|\.sh/|\.k8s)"
        r"|assumed-role/[\w+=,.@-]*karpenter(?!NodeRole)|\bcontroller\.(?:provisioner|nodeclaim|disruption|interruption)\b"
        r"|\"controllerGroup\":\s?\"karpenter\.",
        r"ec2:|iam:(?!passrole)|eks:|ssm:|pricing:|sqs:|arc-zonal-shift:",
        "the role of its service account (IRSA or Pod Identity)",
        f"{_OLDER}, or a condition on tags (karpenter.sh/nodepool, kubernetes.io/cluster/NAME) does not match",
        "https://karpenter.sh/docs/reference/cloudformation/",
        versioned=True,
    ),
    _program(
        "ExternalDNS",
        rf"external[-_]?dns{_NO_HOST}|failed to list hosted zones:|failed to list resource records sets"
        r"|records retrieval failed|when submitting change batch",
        r"route53:",
        "what the AWS SDK finds in its pod: keys of its environment or files, the role of its service account (IRSA or "
        "Pod Identity), or else the node's role",
        'the policy names another hosted zone, or lacks route53:ListHostedZones on "*" or '
        "route53:ChangeResourceRecordSets, route53:ListResourceRecordSets or route53:ListTagsForResources on its zones",
        "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
    ),
    _program(
        "cert-manager",
        rf"cert-?manager{_NO_HOST}"
        r"|failed to (?:determine Route 53 hosted zone ID|change Route 53 record set|query Route 53 change status)",
        r"route53:",
        "the access key or the ServiceAccount that the issuer names, or else those of its own pod (IRSA, Pod Identity, "
        "environment, files or the node's role), which by default only a ClusterIssuer may use; with them it assumes "
        "the issuer's role if it names one",
        "the policy names another hosted zone, or lacks route53:GetChange on change/* or, where the issuer names no "
        'hostedZoneID, route53:ListHostedZonesByName on "*"',
        "https://cert-manager.io/docs/configuration/acme/dns01/route53/",
    ),
    _program(
        "External Secrets",
        _EXTERNAL_SECRETS,
        r"secretsmanager:",
        _OF_A_STORE,
        f"{_NARROW}; a PushSecret needs more than reading, and dataFrom.find also secretsmanager:ListSecrets or "
        'secretsmanager:BatchGetSecretValue on "*"',
        "https://external-secrets.io/latest/provider/aws-secrets-manager",
        "https://external-secrets.io/latest/provider/aws-access",
    ),
    _program(
        "External Secrets",
        _EXTERNAL_SECRETS,
        r"ssm:|tag:getresources",
        _OF_A_STORE,
        "the policy names other parameters, or lacks ssm:GetParameter*; pushing also needs ssm:PutParameter*, "
        "ssm:AddTagsToResource and ssm:ListTagsForResource, and finding by tags ssm:DescribeParameters and "
        'tag:GetResources on "*"',
        "https://external-secrets.io/latest/provider/aws-parameter-store",
        "https://external-secrets.io/latest/provider/aws-access",
    ),
    _program(
        "The cluster autoscaler",
        r"(?<!k8s\.io/)cluster-?autoscaler",
        r"autoscaling:|ec2:|eks:",
        "the role of its service account (IRSA), or else the instance's role, or outside AWS the keys in its pod",
        f"{_NARROW}; discovery by tags needs the manual's policy for all features, and not only its minimal one",
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    ),
    _program(
        "The EBS CSI driver",
        r"ebs\.csi\.aws\.com|ebs[-_]?csi|could not create volume in EC2"
        r"|could not (?:create|attach|detach|delete|modify|resize) (?:volume|snapshot)(?: ID| tags)?(?: \([a-z ]+\))?"
        r" \\?\"",
        r"ec2:|kms:",
        "the keys of a Secret if its chart names one, or else the role of its controller's service account "
        "(ebs-csi-controller-sa), and without one the node's role",
        "AmazonEBSCSIDriverPolicyV2 (or the older AmazonEBSCSIDriverPolicy) is not attached, or the volume or snapshot "
        "lacks the tag ebs.csi.aws.com/cluster that V2 asks for; with a KMS key of your own the role also needs "
        "permissions on it (at least kms:CreateGrant, kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext)",
        "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md",
        "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
        foreign=_AUTO_MODE,
    ),
    _program(
        "The EFS CSI driver",
        r"efs\.csi\.aws\.com|efs[-_]?csi",
        r"elasticfilesystem:(?!client)|ec2:",
        "the role of its controller's service account (efs-csi-controller-sa), and without one the node's role",
        "AmazonEFSCSIDriverPolicy is not attached; that policy allows no tag but efs.csi.aws.com/cluster",
        "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/install.md",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html",
    ),
    _program(
        "Fluent Bit",
        r"\[output:\w+:[\w.-]+\]|\[(?:cloudwatch|firehose|kinesis) \d+\]|fluent-?bit",
        r"logs:|s3:|firehose:|kinesis:|es:|aoss:|aps:|sts:assumerole",
        "the keys of its environment or files, or else the role of its service account, task or instance (in EKS the "
        "node's), and with them the plugin's role_arn if it has one",
        "that role lacks the policy: for CloudWatch Logs CloudWatchAgentServerPolicy",
        "https://docs.fluentbit.io/manual/administration/aws-credentials",
        "https://repost.aws/knowledge-center/cloudwatch-stream-container-logs-eks",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html",
    ),
    _program(
        "The CloudWatch agent",
        r"cloudwatch-?agent|\bcwagent\b",
        r"logs:|cloudwatch:|ec2:describe|ecs:|ssm:getparameter|xray:|sts:assumerole",
        "the keys of a file or of its environment if it has them (common-config.toml names its own file), or else the "
        "role of its task (ECS), of its service account or node (EKS) or of the instance, and with them the role_arn "
        "of its configuration if it has one",
        "CloudWatchAgentServerPolicy is not attached, or the parameter's name does not begin with AmazonCloudWatch-, "
        "as that policy requires",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Credentials-Preference.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
        "https://repost.aws/knowledge-center/cloudwatch-stream-container-logs-eks",
    ),
    _program(
        "The VPC CNI plugin",
        r"\baws-node\b(?!-termination)|\bipamd\b|vpc[-_]?cni|amazon-vpc-cni-k8s",
        r"ec2:",
        "the role of the service account aws-node, and without one the node's role",
        "AmazonEKS_CNI_Policy is not attached to that role, or the cluster uses IPv6, which needs a policy of your own",
        "https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html",
        "https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html",
    ),
    _program(
        "The Secrets Store CSI driver's AWS provider",
        r"secrets-store-csi|csi-secrets-store|secretproviderclass|failed to mount secrets store objects",
        r"secretsmanager:|ssm:",
        "the role of the mounting pod's own service account (IRSA, or Pod Identity with usePodIdentity), and not that "
        "of the driver",
        "that role lacks secretsmanager:GetSecretValue and secretsmanager:DescribeSecret on the secret (six more "
        "characters end its ARN), or ssm:GetParameters on the parameter",
        "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    ),
    _program(
        "The node termination handler",
        r"node-termination-handler|\baws-nth\b",
        r"autoscaling:|ec2:|sqs:",
        "the role of its service account (IRSA), and without one the instance's role",
        "the queue mode's policy lacks one of autoscaling:CompleteLifecycleAction, "
        "autoscaling:DescribeAutoScalingInstances, autoscaling:DescribeTags, ec2:DescribeInstances, "
        "sqs:ReceiveMessage and sqs:DeleteMessage",
        "https://github.com/aws/aws-node-termination-handler/blob/main/README.md",
    ),
    _program(
        "The CloudWatch exporter YACE",
        r"\byace\b|yet-another-cloudwatch-exporter",
        r"cloudwatch:|tag:|[\w-]+:(?:describe|list|get)|sts:assumerole",
        "the default credential chain where it runs, or the role that its job names",
        "the policy lacks tag:GetResources, cloudwatch:GetMetricData, cloudwatch:GetMetricStatistics or "
        "cloudwatch:ListMetrics, or other actions that the namespace needs",
        "https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/README.md",
    ),
    _program(
        "Terraform's S3 backend",
        _STATE,
        r"dynamodb:",
        _OF_THE_BACKEND,
        "they lack dynamodb:DescribeTable, dynamodb:GetItem, dynamodb:PutItem or dynamodb:DeleteItem on the lock "
        "table, which needs all of them. force-unlock is only for a lock that was taken and could not be released. "
        "use_lockfile locks in the bucket instead (Terraform calls locking with DynamoDB "
        "deprecated, OpenTofu keeps it)",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        "https://opentofu.org/docs/language/settings/backends/s3/",
    ),
    _program(
        "Terraform's S3 backend",
        _STATE,
        r"s3:|kms:|sts:assumerole",
        _OF_THE_BACKEND,
        "they lack s3:ListBucket on the bucket, or s3:GetObject and s3:PutObject on the state's key; with use_lockfile "
        "they need both and s3:DeleteObject on KEY.tflock, and with kms_key_id kms:Encrypt, kms:Decrypt and "
        "kms:GenerateDataKey",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
    ),
    _program(
        "Cilium's operator",
        r"\bcilium[- ]operator\b|ipam-allocator-aws|\bsubsys=eni\b|synchronize EC2 interface list"
        r"|retrieve EC2 (?:subnets|security group) list",
        r"ec2:",
        "the credentials of the pod of cilium-operator, as the agents do not call EC2",
        "the policy lacks one of the EC2 actions of ENI mode (network interfaces, private addresses, tags, lists)",
        "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
    ),
    _program(
        "Flux",
        _FLUX,
        r"ecr:",
        "the role of the service account that the object names, or else that of its controller's service account "
        "(source-controller, image-reflector-controller), or else the node's role",
        "AmazonEC2ContainerRegistryReadOnly is not attached to that role; AmazonEC2ContainerRegistryPullOnly lacks "
        "ecr:ListImages",
        "https://fluxcd.io/flux/integrations/aws/",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html",
        trap=r"ecr:(?:listimages|describe)",
    ),
    _program(
        "Flux",
        _FLUX,
        r"s3:|kms:|codecommit:",
        "the role of the service account that the object names (for S3 and KMS also the keys of the secret that it "
        "names), or else the credentials of its controller (source-controller, kustomize-controller)",
        f"{_NARROW}: the manual gives AmazonS3ReadOnlyAccess for a Bucket, kms:Decrypt and kms:DescribeKey in the "
        "key's own policy for SOPS, codecommit:GitPull for a GitRepository and codecommit:GitPush to update images",
        "https://fluxcd.io/flux/integrations/aws/",
    ),
    _program(
        "EKS Auto Mode",
        rf"\bEKS auto[ -]?mode|{_AUTO_MODE}|\b(?-i:NodeClass)\b(?!\.karpenter)",
        r"ec2:|elasticloadbalancing:|wafv2:|shield:|acm:|cognito-idp:"
        r"|iam:(?:createinstanceprofile|passrole|addrole|createservicelinkedrole)",
        "the cluster's role (and not the nodes' role)",
        "what it creates has tags of your own, which the managed policies of Auto Mode do not allow that role to set: "
        "attach a policy that does",
        "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
        foreign=r"karpenter\.k8s\.aws|EC2NodeClass",
        trap=r"ec2:(?:runinstances|createfleet|createlaunchtemplate|createtags|createvolume)",
    ),
    _program(
        "Velero",
        r"\bvelero\b|\bBackupStorageLocation\b|\bbackup-storage-location\b",
        r"s3:|ec2:|kms:",
        "the keys of its secret (a BackupStorageLocation or VolumeSnapshotLocation may name its own), or after an "
        "installation with --no-secret the role of its pod",
        f"{_NARROW}; config.tagging also needs s3:PutObjectTagging, and ebsKmsKeyId actions of KMS on that key, whose "
        "own policy must let EC2 use it",
        "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md",
    ),
    _program(
        "KEDA",
        r"\bkeda\b",
        r"sqs:|cloudwatch:|kinesis:|dynamodb:|secretsmanager:|aps:|sts:assumerole",
        "the role of the operator's service account, or what the TriggerAuthentication gives: a role (roleArn or "
        "identityOwner: workload) or keys",
        f"{_NARROW}; another role must also trust the operator, by its web identity or by its role, which then needs "
        "sts:AssumeRole",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
        "https://keda.sh/docs/2.20/scalers/aws-sqs/",
    ),
    _program(
        "Grafana Loki",
        r"(?<![\w.:/-])loki(?![\w.:/-])|failed to flush chunks: store put chunk"
        r"|\b(?:pod|deploy(?:ment)?|sts|statefulset)/loki\b|\bLokiServiceAccountRole\b"
        r"|\bloki-(?:\d|write|read|backend|ingester|compactor|querier|ruler|index-gateway)\b",
        r"s3:",
        "the keys in its configuration, or else the role of its service account (IRSA)",
        "the policy lacks s3:ListBucket on one of its buckets (chunks, ruler), or s3:PutObject, s3:GetObject and "
        "s3:DeleteObject on their objects",
        "https://grafana.com/docs/loki/latest/setup/install/helm/deployment-guides/aws",
    ),
    _program(
        "SOPS",
        r"\bsops\b|failed to get the data key",
        r"kms:|sts:assumerole",
        "the default credentials where it runs, or the profile or the role that the file names for its key",
        "the caller is not allowed to use the file's KMS key (kms:Decrypt, and kms:Encrypt to write), or the key "
        "belongs to another account and the file names no role for it",
        "https://getsops.io/docs/usage/identities/amazon-aws-kms/",
    ),
    _program(
        "Vault's seal",
        r"\bseal\s+[\"']awskms|awskms\W{1,4}(?:seal|wrapper)|parsing Seal configuration|auto-?unseal"
        r"|failed to decrypt encrypted stored keys",
        r"kms:",
        "its server's credentials: the seal stanza, the environment, files, or the instance's or task's role",
        "the role lacks kms:Encrypt, kms:Decrypt or kms:DescribeKey on the seal's key, or that key's policy refuses it",
        "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
    ),
    _program(
        "Crossplane",
        r"crossplane|(?<![\w-])provider-(?:upjet-)?aws\b|\bupbound\b",
        r"[\w-]+:",
        "the credentials of its ProviderConfig's source (Secret, IRSA, PodIdentity or WebIdentity), or the last role "
        "of its assumeRoleChain",
        f"{_NARROW}; a ProviderConfig that names no source uses Secret, and not the role of the provider's pod",
        "https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/AUTHENTICATION.md",
    ),
    _program(
        "Cluster API for AWS",
        r"\bcapa-|cluster-api-provider-aws",
        r"ec2:|elasticloadbalancing:|iam:|autoscaling:|eks:|secretsmanager:|ssm:",
        "the credentials that its controller was set up with",
        "its policies are not those of its version, which clusterawsadm creates (bootstrap iam "
        "create-cloudformation-stack) or prints (print-policy): they change with new features",
        "https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites",
        versioned=True,
    ),
    _program(
        "AWS Controllers for Kubernetes",
        r"services\.k8s\.aws|\back-\w+-controller|\bACK\.(?:Recoverable|Terminal)\b",
        r"[\w-]+:",
        "the role of the controller's service account (Pod Identity or IRSA), or the role that CARM gives the "
        "namespace or an IAMRoleSelector the namespace or the kind of the resource",
        _NARROW,
        "https://aws-controllers-k8s.github.io/docs/guides/configure-iam",
        "https://aws-controllers-k8s.github.io/docs/guides/cross-account",
    ),
    _program(
        "ECS",
        r"failed to initialize logging driver|log driver awslogs|awslogs-(?:group|create-group|region)"
        r"|failed to validate logger args",
        r"logs:",
        "the task's execution role, or on EC2 without one the container instance's role, and not the task role",
        "that role lacks logs:CreateLogStream and logs:PutLogEvents, which AmazonECSTaskExecutionRolePolicy has; with "
        "awslogs-create-group also allow logs:CreateLogGroup",
        "https://repost.aws/knowledge-center/ecs-container-logs-cloudwatch",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
        foreign=r"\bdocker(?: run\b|[ -]compose\b)|--log-driver",
    ),
    _program(
        "Argo CD Image Updater",
        r"argocd-?image-?updater",
        r"ecr:",
        "the credentials that its registry's script (ext:) finds in its pod",
        "they lack the action: AmazonEC2ContainerRegistryReadOnly has those of reading, such as "
        "ecr:GetAuthorizationToken, ecr:ListImages and ecr:BatchGetImage",
        "https://argocd-image-updater.readthedocs.io/en/stable/basics/authentication/",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryReadOnly.html",
    ),
    _program(
        "Prometheus' CloudWatch exporter",
        r"(?<!another-)cloudwatch[-_]exporter|io\.prometheus\.cloudwatch",
        r"cloudwatch:|tag:|sts:assumerole",
        "the credentials that the AWS SDK for Java finds where it runs, or the role_arn of its configuration",
        "the policy lacks cloudwatch:ListMetrics, cloudwatch:GetMetricStatistics or cloudwatch:GetMetricData, or with "
        "aws_tag_select tag:GetResources",
        "https://github.com/prometheus/cloudwatch_exporter/blob/master/README.md",
    ),
    _program(
        "Fluentd",
        r"\bfluentd\b|out_cloudwatch_logs|fluent-plugin-cloudwatch",
        r"logs:|sts:assumerole",
        "the keys or the role of its configuration (aws_sts_role_arn with aws_use_sts, web_identity_credentials), or "
        "else the credentials where it runs",
        "the policy lacks logs:DescribeLogGroups, logs:DescribeLogStreams, logs:CreateLogGroup, logs:CreateLogStream, "
        "logs:PutLogEvents or logs:PutRetentionPolicy, or to read logs:GetLogEvents and logs:DescribeLogStreams",
        "https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/blob/master/README.md",
    ),
    _program(
        "Packer",
        r"\bpacker\b|==> amazon-ebs|\bamazon-(?:ebs|chroot|instance|ebssurrogate|ebsvolume)\b[:.]",
        r"ec2:|iam:passrole|iam:getinstanceprofile|kms:|ec2-instance-connect:",
        "the credentials of whoever runs packer build, or the role of assume_role, and not the instance profile of the "
        "build's instance",
        "the policy lacks one of EC2's actions for the build (key pair, security group, image, snapshot, tags), with "
        "an instance profile iam:PassRole and iam:GetInstanceProfile, or for encryption kms:ReEncrypt* and "
        "kms:GenerateDataKey* (another account's key also needs kms:CreateGrant and kms:DescribeKey)",
        "https://developer.hashicorp.com/packer/integrations/hashicorp/amazon",
    ),
    _program(
        "eksctl",
        r"\beksctl\s+(?:create|delete|get|upgrade|update|scale|utils|enable|drain|register)\b",
        r"cloudformation:|eks:|ec2:|iam:|ssm:|kms:|logs:|autoscaling:",
        "the credentials of whoever runs it",
        "the policies allow less than the four that its documentation lists: all of EC2 and CloudFormation, eks:*, and "
        "its IAM actions on roles, instance profiles and OIDC providers",
        "https://docs.aws.amazon.com/eks/latest/eksctl/minimum-iam-policies.html",
    ),
    _program(
        "The Mountpoint for Amazon S3 CSI driver",
        r"s3\.csi\.aws\.com|s3-csi|mountpoint-s3-csi",
        r"s3:|s3express:|s3-outposts:|s3-object-lambda:|kms:",
        "the driver's secret, or else the role of its service account s3-csi-driver-sa, or else the instance's role; "
        "with authenticationSource: pod the role of the mounting pod's service account",
        "the policy lacks s3:ListBucket on the bucket, or s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and "
        "s3:DeleteObject on its objects; a directory bucket needs s3express:CreateSession, and SSE-KMS kms:Decrypt "
        "and kms:GenerateDataKey",
        "https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md",
        "https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md",
    ),
    _program(
        "The FSx CSI driver",
        r"fsx\.csi\.aws\.com|fsx[-_]?csi|\bCreateFileSystem failed",
        r"fsx:|s3:|iam:createservicelinkedrole|iam:attachrolepolicy|iam:putrolepolicy",
        "the role of its controller's service account (fsx-csi-controller-sa), and without one the node's role",
        "AmazonFSxFullAccess is not attached; with a policy of your own also allow iam:CreateServiceLinkedRole, "
        "iam:AttachRolePolicy and iam:PutRolePolicy for the service-linked role of S3 data repositories",
        "https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md",
    ),
    _program(
        "The AWS Gateway API Controller",
        r"gateway-api-controller|application-networking\.k8s\.aws|aws-application-networking|\blattice/\w+\.go\b"
        r"|\bTargetGroupManager\b",
        r"vpc-lattice:|ec2:describe|tag:|logs:|firehose:|s3:|acm:|iam:createservicelinkedrole",
        "the role of its service account (Pod Identity or IRSA)",
        f"{_OLDER}; update it to that of the installed version (recommended-inline-policy.json)",
        "https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/",
        "https://github.com/aws/aws-application-networking-k8s/blob/main/files/controller-installation/"
        "recommended-inline-policy.json",
        versioned=True,
    ),
    _program(
        "The AWS cloud controller manager",
        r"cloud-controller-manager|cloud-provider-aws|SyncLoadBalancerFailed|\bservice-controller\b|\btagging[-_]controller\b",
        r"ec2:|elasticloadbalancing:|autoscaling:|iam:createservicelinkedrole|kms:describekey",
        "the control plane's role (on EKS the cluster's role, elsewhere the instance role of the control plane)",
        "that role's policy lacks the action: on EKS AmazonEKSClusterPolicy is not attached, elsewhere it is not the "
        "Control Plane Policy of the manual",
        "https://cloud-provider-aws.sigs.k8s.io/prerequisites/",
        "https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
    ),
    _program(
        "The Docker registry's S3 driver",
        r"s3aws:|registry/storage/driver|storage-drivers?/s3|\bREGISTRY_STORAGE_S3",
        r"s3:",
        "the keys of its configuration (accesskey, secretkey), or else the role that it has where it runs",
        "the policy lacks s3:ListBucket, s3:GetBucketLocation or s3:ListBucketMultipartUploads on the bucket, or "
        "s3:PutObject, s3:GetObject, s3:DeleteObject, s3:ListMultipartUploadParts or s3:AbortMultipartUpload on its "
        "objects",
        "https://distribution.github.io/distribution/storage-drivers/s3/",
    ),
    _program(
        "Thanos",
        r"\bthanos\b(?!-io/objstore)|\bcaller=sidecar\.go",
        r"s3:|kms:",
        "the keys in its objstore configuration, or else those of its environment or of ~/.aws/credentials, and "
        "without them the instance's role; with aws_sdk_auth the AWS SDK's own chain",
        "the policy lacks s3:ListBucket on the bucket, or s3:GetObject, s3:PutObject or s3:DeleteObject on its "
        "objects; with SSE-KMS also kms:Encrypt, kms:Decrypt and kms:GenerateDataKey on the key",
        "https://thanos.io/tip/thanos/storage.md/",
    ),
    _program(
        "Nextflow",
        r"\bn\s?e\s?x\s?t\s?f\s?l\s?o\s?w\b(?=[\s\S]{0,20000}\b(?:aws[ .]?batch|batch:))"
        r"|\b(?:aws[ .]?batch\b|batch:\w)(?=[\s\S]{0,20000}\bnextflow\b)",
        r"batch:|s3:|ec2:|ecs:|ecr:",
        "the credentials of whoever runs nextflow; its tasks use the instance role of the compute environment, or the "
        "role of aws.batch.jobRole",
        "the policy lacks one of the actions that the manual lists for Batch (such as batch:SubmitJob, "
        "batch:RegisterJobDefinition and batch:TagResource), EC2, ECS, ECR or the bucket",
        "https://www.nextflow.io/docs/latest/aws.html",
    ),
    _program(
        "kOps",
        r"(?<![\w./-])kops(?![\w./-])|executor\.go:\d+\] error running task|error determining default DNS zone",
        r"ec2:|s3:|iam:|route53:|autoscaling:|elasticloadbalancing:|sqs:|events:",
        "the credentials of whoever runs kops",
        "the group or user lacks one of AmazonEC2FullAccess, AmazonRoute53FullAccess, AmazonS3FullAccess, "
        "IAMFullAccess, AmazonVPCFullAccess, AmazonSQSFullAccess and AmazonEventBridgeFullAccess",
        "https://kops.sigs.k8s.io/getting_started/aws/",
        foreign=r"\bnodeup\b",
    ),
    _program(
        "Grafana",
        r"\bgrafana\b(?![ -]?(?:loki|mimir|tempo|agent|alloy))|tsdb\.cloudwatch",
        r"cloudwatch:|logs:|tag:|ec2:describe|oam:|pi:getresourcemetrics",
        "the data source's credentials: its keys or those that Grafana finds, and with them the Assume Role ARN if it "
        "has one",
        "the policy lacks an action of metrics (cloudwatch:ListMetrics, cloudwatch:GetMetricData, tag:GetResources), "
        "of logs (logs:DescribeLogGroups, logs:StartQuery, logs:GetQueryResults) or of EC2, which the manual allows on "
        '"*"',
        "https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/configure/",
    ),
    _program(
        "The SSM agent",
        r"amazon-ssm-agent|\bSSM ?Agent\b",
        r"ssm:(?:update(?:instance|association)|getparameter|getdocument|getmanifest|getdeployablepatch"
        r"|put(?:inventory|compliance|configure)|list(?:instance)?associations|describe(?:association|document)\b)"
        r"|ssmmessages:|ec2messages:",
        "the instance's role, or without one the role of Default Host Management Configuration; outside EC2 the role "
        "of its activation",
        "AmazonSSMManagedInstanceCore is not attached to the instance's role",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html",
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/register-default-host-management-configuration.html",
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/update-managed-instance-role.html",
    ),
    _program(
        "Session Manager",
        r"\bTerminateSession\b",
        r"ssm:terminatesession",
        "the credentials of whoever ends the session",
        "aws ssm start-session says this where the Session Manager plugin is not installed on this machine. Install "
        "the plugin first; to end sessions, allow ssm:TerminateSession on the caller's own",
        "https://github.com/aws/aws-cli/issues/9837",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html",
    ),
)


# Names that others give: of resources, of modules and resources of Terraform, of files, buckets and images.
_NAMES = regex(
    r"arn:[\w-]*:(?!sts:)\S+|\bs3a?://\S+|\b(?:module|data|var|local)\.\S+|\baws_\w+\.\S+|\S+\.(?:tf|tfvars|ya?ml|json|ts|py)\b"
)
_CALLER = regex(r"(?:arn:[\w-]*:sts::\S*|\bassumed-role/\S*)")
# What tells that a tool that declares resources made the call: a program of that name is what it sets up.
_DECLARES = regex(r"\bwith (?:module\.|aws_)|\bon \S+\.tf line\b|Resource handler returned message|\bCREATE_FAILED\b")


def program_in(text: str, action: str) -> tuple[Program, str] | None:
    """Return the program whose output about this action the text shows, and the words that identify it.

    None if none is known.
    """
    called = [program for program in PROGRAMS if program.actions.match(action)]
    if not called or _DECLARES.search(text):
        return None
    spoken = _NAMES.sub(" ", text)
    possible = [program for program in called if program.foreign is None or not program.foreign.search(text)]
    # What a program prints says more than the name of the caller's role, which others may use, too.
    for part in (_CALLER.sub(" ", spoken), spoken):
        for program in possible:
            if found := program.marks.search(part):
                return program, " ".join(found[0].split())
    return None


def of_unnamed_caller(signs: Signs) -> Iterator[FirstLook]:
    """Yield the program's common cause first if the text does not name the caller."""
    if not signs.denial.principal:
        yield from of_program(signs)


def of_trap(signs: Signs) -> Iterator[FirstLook]:
    """Yield a program's best-known cause before the causes that are usual for its identity."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].trap is not None and found[0].trap.match(signs.action):
        yield from of_program(signs)


def of_versioned(signs: Signs) -> Iterator[FirstLook]:
    """Yield a program that publishes its policy before the causes for the single action: it likely lacks others too."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].versioned:
        yield from of_program(signs)


def of_program(signs: Signs) -> Iterator[FirstLook]:
    found = program_in(signs.denial.text, signs.action)
    if found is None or signs.layer not in ("", "identity"):
        return
    program, mark = found
    if _of_another_program(signs, program):
        return
    usual = "" if _has_it(signs) else f". Often {program.usual}"
    yield FirstLook(
        f"{program.name} calls with {program.identity}{usual} ({', '.join(program.pages)}).",
        Sentence(
            f"the text contains “{mark}”, and the action is {signs.denial.action}",
            (Quotes(mark), *signs.action_is.claims),
        ),
        signs.caller_read or WHO_AM_I,
        Who.ACCOUNT_ADMIN,
        found_by=("identity",),
    )


_ELSEWHERE = (Difference.AGAIN, Difference.OPTION, Difference.BY_HAND, Difference.PROGRAM)
"""Differences after which the policy that the program uses lacks nothing."""


def _has_it(signs: Signs) -> bool:
    """Whether the text says that somebody has the action, or that the same call works in another way."""
    works = any(each.difference in _ELSEWHERE for each in differences(signs.denial.text))
    return works or signs.granted or (not signs.layer and bool(signs.administrator))


def _of_another_program(signs: Signs, program: Program) -> bool:
    """Whether the caller's role or user has the name of another program, which then made the call."""
    name = f" {signs.role or signs.user} "
    if not name.strip() or program.marks.search(name):
        return False
    return any(each.marks.search(name) and each.actions.match(signs.action) for each in PROGRAMS)
