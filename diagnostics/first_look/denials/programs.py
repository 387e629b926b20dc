"""Programs whose denials are common: how each is recognized, whose permissions it uses, where its policy is published.

A row says what its pages say, and no more. ``pages`` are the program's own or AWS's.
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
    ``retrieved`` is the date on which the oldest of the pages was opened; empty where one still has to be.
    """

    name: str
    marks: re.Pattern[str]
    actions: re.Pattern[str]
    identity: str
    usual: str
    pages: tuple[str, ...]
    trap: re.Pattern[str] | None = None
    versioned: bool = False

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
) -> Program:
    marked, called = regex(marks, re.IGNORECASE), regex(actions, re.IGNORECASE)
    of_trap = regex(trap, re.IGNORECASE) if trap else None
    return Program(name, marked, called, identity, usual, pages, of_trap, versioned)


_SERVICE_ACCOUNT = "the role of its service account (IRSA or Pod Identity), and without one the node's role"
_OLDER = "the attached policy is older than the program: each version publishes the policy that it needs"
_NARROW = "the policy lacks the action, or names other resources"
_EXTERNAL_SECRETS = r"external-?secrets|secretstore|pushsecret"
_OF_A_STORE = (
    "the keys or the service account that the SecretStore names, or else those of the controller's pod; with them it "
    "assumes the store's role if it names one"
)

# What Terraform says where its backend failed.
_STATE = (
    r"\bError (?:loading|refreshing|saving|persisting|uploading|inspecting|reading) (?:the )?states?\b(?! store)"
    r"|the state lock\b|configuring (?:the )?(?:backend|S3 Backend)"
    r"|Failed to (?:load|save|persist|upload) (?:the )?(?:\w+ )?state\b"
    r"|failed to get (?:existing workspaces|configured named states)|error inspecting states in the \"s3\" backend"
    r"|Unable to list objects in S3 bucket \""
)
_ON_THE_29TH = (
    "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
    "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
    "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    "https://keda.sh/docs/2.20/authentication-providers/aws",
    "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
)
_ON_THE_30TH = (
    "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
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
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonGrafanaCloudWatchAccess.html",
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
)
_OPENED = {**dict.fromkeys(_ON_THE_29TH, "2026-11-29"), **dict.fromkeys(_ON_THE_30TH, "2026-11-30")}
"""When each page was opened; those of the second day were compared with their rows fact by fact."""
PROGRAMS: tuple[Program, ...] = (
    _program(
        "The AWS Load Balancer Controller",
        r"FailedDeployModel|\b(?:elbv2|ingress|service)\.k8s\.aws|load-?balancer-?controller|\b(?:aws-?)?lb-?controller"
        r"|\b(?:awslbc|aws-lbc|albc)\b|awslbcontroller|\b(?:aws-)?alb-ingress-controller"
        r"|\"controller\":\s?\"(?:ingress|targetGroupBinding|service)\"",
        r"elasticloadbalancing:|ec2:|acm:|wafv2:|waf-regional:|shield:|cognito-idp:|iam:createservicelinkedrole",
        _SERVICE_ACCOUNT,
        f"{_OLDER}; update it to that of the installed version, or add this action",
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
        versioned=True,
    ),
    _program(
        "Karpenter",
        r"karpenter(?!NodeRole|\.sh/|\.k8s)|\bcontroller\.(?:provisioner|nodeclaim|disruption|interruption)\b",
        r"ec2:|iam:|eks:|ssm:|pricing:|sqs:|arc-zonal-shift:",
        _SERVICE_ACCOUNT,
        f"{_OLDER}, or a condition on tags (karpenter.sh/nodepool, kubernetes.io/cluster/NAME) does not match",
        "https://karpenter.sh/docs/reference/cloudformation/",
        versioned=True,
    ),
    _program(
        "ExternalDNS",
        r"external-?dns",
        r"route53:|dynamodb:|servicediscovery:",
        _SERVICE_ACCOUNT,
        'the policy names another hosted zone, or lacks route53:ListHostedZones on "*" or '
        "route53:ListResourceRecordSets and route53:ListTagsForResources on the zones",
        "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
    ),
    _program(
        "cert-manager",
        r"cert-?manager",
        r"route53:",
        _SERVICE_ACCOUNT,
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
        r"cluster-?autoscaler",
        r"autoscaling:|ec2:|eks:",
        _SERVICE_ACCOUNT,
        f"{_NARROW}; writing actions are often allowed only for groups that have its tag",
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    ),
    _program(
        "The EBS CSI driver",
        r"ebs\.csi\.aws\.com|ebs[-_]?csi|could not (?:create|attach) volume \"[^\"\n]{1,80}\"(?:: | in EC2)"
        r"|failed to provision volume with StorageClass",
        r"ec2:|kms:",
        "the role of its controller's service account (ebs-csi-controller-sa), and without one the node's role",
        "AmazonEBSCSIDriverPolicy is not attached, or an older copy of it is; with a KMS key of your own the role also "
        "needs kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey* and kms:ReEncrypt*",
        "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
    ),
    _program(
        "The EFS CSI driver",
        r"efs\.csi\.aws\.com|efs[-_]?csi",
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
        r"cloudwatch-?agent|\bcwagent\b",
        r"logs:|cloudwatch:|ec2:describe|ssm:getparameter|xray:",
        "the instance's role, or in Kubernetes the role of its service account or of the node",
        "CloudWatchAgentServerPolicy is not attached to that role",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
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
        "https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/README.md",
    ),
    _program(
        "Terraform's S3 backend",
        _STATE,
        r"dynamodb:",
        "the credentials of the backend's own block or of the environment, and not those of the provider",
        "they lack dynamodb:GetItem, dynamodb:PutItem or dynamodb:DeleteItem on the lock table; locking with DynamoDB "
        "is deprecated, and use_lockfile locks in the bucket instead",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
    ),
    _program(
        "Terraform's S3 backend",
        _STATE,
        r"s3:|kms:|sts:assumerole",
        "the credentials of the backend's own block or of the environment, and not those of the provider",
        "they lack s3:ListBucket on the bucket, or s3:GetObject and s3:PutObject on the state's key; with use_lockfile "
        "they need both and s3:DeleteObject on KEY.tflock, and with kms_key_id kms:Encrypt, kms:Decrypt and "
        "kms:GenerateDataKey",
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
        r"\bEKS auto[ -]?mode|eks:eks-cluster-name|AmazonEKSAutoCluster|NodeClass\b(?!\.karpenter)",
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
        "the keys of its secret (a BackupStorageLocation may name its own), or after an installation with --no-secret "
        "the role of its pod",
        f"{_NARROW}; config.tagging also needs s3:PutObjectTagging, and ebsKmsKeyId the use of that KMS key, which its "
        "key policy must allow, too",
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
        r"(?<![\w./-])loki(?![\w./-])|\b(?:pod|deploy(?:ment)?|sts|statefulset)/loki\b|\bLokiServiceAccountRole\b"
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
        "the credentials of whoever runs it (in Flux the role of the controller's service account), or the role that "
        "the file names for its key",
        "the caller is not allowed to use the file's KMS key (kms:Decrypt, and kms:Encrypt to write), or the key "
        "belongs to another account",
        "https://getsops.io/docs/usage/identities/amazon-aws-kms/",
    ),
    _program(
        "Vault's seal",
        r"\bseal\s+[\"']awskms|awskms\W{1,4}(?:seal|wrapper)|Seal configuration|wrapping key information|auto-?unseal",
        r"kms:",
        "the credentials of the Vault server: its seal stanza, its environment, or the instance's or pod's role",
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
        "the credentials or the role that its controller was set up with",
        "the policies of clusterawsadm's CloudFormation stack are older than the controller",
        "https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites",
        versioned=True,
    ),
    _program(
        "AWS Controllers for Kubernetes",
        r"services\.k8s\.aws|\back-\w+-controller",
        r"[\w-]+:",
        "the role of the controller's service account (Pod Identity or IRSA), or the role that an IAMRoleSelector or "
        "CARM gives the namespace",
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
    ),
    _program(
        "Argo CD Image Updater",
        r"argocd-?image-?updater",
        r"ecr:",
        "the credentials that its registry's script (ext:) finds in its pod",
        "they lack ecr:GetAuthorizationToken, ecr:ListImages or ecr:BatchGetImage: AmazonEC2ContainerRegistryReadOnly "
        "has them",
        "https://argocd-image-updater.readthedocs.io/en/stable/basics/authentication/",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryReadOnly.html",
    ),
    _program(
        "Prometheus' CloudWatch exporter",
        r"(?<!another-)cloudwatch[-_]exporter|io\.prometheus\.cloudwatch",
        r"cloudwatch:|tag:",
        "the default credential chain of the AWS SDK for Java where it runs, or the role_arn of its configuration",
        "the policy lacks cloudwatch:ListMetrics, cloudwatch:GetMetricStatistics or cloudwatch:GetMetricData, or with "
        'aws_tag_select tag:GetResources; all of them only on "*"',
        "https://github.com/prometheus/cloudwatch_exporter/blob/master/README.md",
    ),
    _program(
        "Fluentd",
        r"\bfluentd\b|out_cloudwatch_logs|fluent-plugin-cloudwatch",
        r"logs:|s3:|firehose:|kinesis:",
        "the role of its service account if it has one, otherwise the role of the node on which the pod runs",
        "the policy lacks logs:DescribeLogGroups or logs:DescribeLogStreams, which the plugin calls before it writes, "
        "or logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents or logs:PutRetentionPolicy",
        "https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/blob/master/README.md",
    ),
    _program(
        "Packer",
        r"\bpacker\b|==> amazon-ebs|\bamazon-(?:ebs|chroot|instance|ebssurrogate|ebsvolume)\b[:.]",
        r"ec2:|iam:passrole|iam:getinstanceprofile|kms:|ec2-instance-connect:|ssm:",
        "the credentials of whoever runs packer build, not the instance profile of the build's instance",
        "the policy lacks one of EC2's actions for the build (key pair, security group, image, snapshot, tags), "
        "iam:PassRole and iam:GetInstanceProfile with iam_instance_profile, or for encrypted images kms:CreateGrant, "
        "kms:DescribeKey, kms:GenerateDataKey* and kms:ReEncrypt*",
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
        r"s3\.csi\.aws\.com|s3-csi|mountpoint[-_]s3|\bmount-s3\b",
        r"s3:|s3express:|kms:",
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
        r"fsx\.csi\.aws\.com|fsx[-_]?csi",
        r"fsx:|s3:|iam:createservicelinkedrole|iam:attachrolepolicy|iam:putrolepolicy",
        "the role of its controller's service account (fsx-csi-controller-sa), and without one the node's role",
        "AmazonFSxFullAccess is not attached; with a policy of your own also allow iam:CreateServiceLinkedRole, "
        "iam:AttachRolePolicy and iam:PutRolePolicy for the service-linked role of S3 data repositories",
        "https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md",
    ),
    _program(
        "The AWS Gateway API Controller",
        r"gateway-api-controller|application-networking\.k8s\.aws|aws-application-networking",
        r"vpc-lattice:|ec2:describe|tag:|logs:|firehose:|s3:|acm:|iam:createservicelinkedrole",
        _SERVICE_ACCOUNT,
        f"{_OLDER}; update it to that of the installed version (recommended-inline-policy.json)",
        "https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/",
        versioned=True,
    ),
    _program(
        "The AWS cloud controller manager",
        r"cloud-controller-manager|cloud-provider-aws|SyncLoadBalancerFailed|\bservice-controller\b",
        r"ec2:|elasticloadbalancing:|autoscaling:|iam:createservicelinkedrole|kms:describekey",
        "the control plane's role (on EKS the cluster's role, elsewhere the instance role of the control plane)",
        "that role's policy lacks the action: on EKS AmazonEKSClusterPolicy is not attached, in other clusters the "
        "policy is older than the version",
        "https://cloud-provider-aws.sigs.k8s.io/prerequisites/",
    ),
    _program(
        "The Docker registry's S3 driver",
        r"s3aws:|registry/storage/driver|storage-drivers?/s3|\bREGISTRY_STORAGE_S3",
        r"s3:|kms:",
        "the keys of its configuration (accesskey, secretkey), or else the role of the pod, task or instance",
        "the policy lacks s3:ListBucket, s3:GetBucketLocation or s3:ListBucketMultipartUploads on the bucket, or "
        "s3:PutObject, s3:GetObject, s3:DeleteObject, s3:ListMultipartUploadParts or s3:AbortMultipartUpload on its "
        "objects",
        "https://distribution.github.io/distribution/storage-drivers/s3/",
    ),
    _program(
        "Thanos",
        r"\bthanos\b",
        r"s3:|kms:",
        "the keys in its objstore configuration, or else the role of its service account, and without one the node's",
        "the policy lacks s3:ListBucket on the bucket, or s3:GetObject, s3:PutObject or s3:DeleteObject on its "
        "objects; with SSE-KMS also kms:Encrypt, kms:Decrypt and kms:GenerateDataKey on the key",
        "https://thanos.io/tip/thanos/storage.md/",
    ),
    _program(
        "Nextflow",
        r"\bnextflow\b(?=[\s\S]{0,20000}\b(?:aws[ .]?batch|awsbatch|batch:))"
        r"|\b(?:aws[ .]batch|awsbatch)\b(?=[\s\S]{0,20000}\bnextflow\b)",
        r"batch:|s3:|ec2:|ecs:|ecr:|iam:passrole|logs:",
        "the credentials of whoever runs nextflow; its tasks use the instance role of the compute environment, or the "
        "job role of aws.batch.jobRole",
        "the policy lacks batch:RegisterJobDefinition, batch:DescribeJobDefinitions, batch:SubmitJob, "
        "batch:TerminateJob or batch:TagResource; with a job or execution role also iam:PassRole on it",
        "https://www.nextflow.io/docs/latest/aws.html",
    ),
    _program(
        "kOps",
        r"\bkops\b",
        r"ec2:|s3:|iam:|route53:|autoscaling:|elasticloadbalancing:|sqs:|events:",
        "the credentials of whoever runs kops; in the cluster the instance roles that kOps makes for the control plane "
        "and the nodes",
        "the group or user lacks one of AmazonEC2FullAccess, AmazonRoute53FullAccess, AmazonS3FullAccess, "
        "IAMFullAccess, AmazonVPCFullAccess, AmazonSQSFullAccess and AmazonEventBridgeFullAccess",
        "https://kops.sigs.k8s.io/getting_started/aws/",
    ),
    _program(
        "Grafana",
        r"\bgrafana\b(?![ -]?(?:loki|mimir|tempo|agent|alloy))|tsdb\.cloudwatch",
        r"cloudwatch:|logs:|tag:|ec2:describe|oam:",
        "the data source's credentials: its keys, Grafana's own role, or the role of assumeRoleArn, which Grafana's "
        "role must be allowed to assume",
        "the policy lacks cloudwatch:ListMetrics, cloudwatch:GetMetricData, logs:DescribeLogGroups, "
        'logs:StartQuery, logs:GetQueryResults or tag:GetResources, which need Resource "*" or the log groups',
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonGrafanaCloudWatchAccess.html",
    ),
    _program(
        "The SSM agent",
        r"amazon-ssm-agent|\bSSM ?Agent\b",
        r"ssm:(?:updateinstanceinformation|getparameter|put|list|describe|getdocument)|ssmmessages:|ec2messages:",
        "the instance's role, or the role of Default Host Management Configuration",
        "AmazonSSMManagedInstanceCore is not attached to that role",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html",
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
# What tells that a tool that declares resources made the call: a program of that name is what it sets up.
_DECLARES = regex(r"\bwith (?:module\.|aws_)|\bon \S+\.tf line\b|Resource handler returned message|\bCREATE_FAILED\b")


def program_in(text: str, action: str) -> tuple[Program, str] | None:
    """Return the program that speaks in the text of this action, and its mark there; None where none is known."""
    called = [program for program in PROGRAMS if program.actions.match(action)]
    if not called or _DECLARES.search(text):
        return None
    spoken = _NAMES.sub(" ", text)
    for program in called:
        if found := program.marks.search(spoken):
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
    pages = ", ".join(program.pages)
    yield FirstLook(
        f"{program.name} calls with {program.identity}. Most often {program.usual} ({pages}).",
        Sentence(
            f"the text contains “{mark}”, and the action is {signs.denial.action}",
            (Quotes(mark), *signs.action_is.claims),
        ),
        signs.caller_read or WHO_AM_I,
        Who.ACCOUNT_ADMIN,
        found_by=("identity",),
    )
