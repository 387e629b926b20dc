"""A row for a program whose denials are common (`programs` has the rules that read the rows).

A row says only what its pages say. ``pages`` are the program's own or AWS's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Program:
    """A program that calls AWS on its own.

    ``marks`` recognize the program's output in a text. ``actions`` match the actions that the program calls, so that a
    text that only mentions it is not mistaken for its output. ``identity`` says whose permissions the program uses;
    ``usual`` names the most frequent cause of its denials. ``trap`` matches the actions for which ``usual`` is shown
    before the usual causes for the caller's kind. ``versioned``: each version of the program publishes the policy that
    this version needs. ``needs`` are the actions of its published policy that every installation uses, empty if the
    pages do not list them. ``foreign`` recognizes another program that prints the same words. ``retrieved`` is the
    date on which the oldest of the pages was opened; empty if a page has not been opened yet.
    """

    name: str
    marks: re.Pattern[str]
    actions: re.Pattern[str]
    identity: str
    usual: str
    pages: tuple[str, ...]
    trap: re.Pattern[str] | None = None
    versioned: bool = False
    needs: tuple[str, ...] = ()
    foreign: re.Pattern[str] | None = None

    @property
    def retrieved(self) -> str:
        return min(_OPENED.get(page, "") for page in self.pages)


def program_row(
    name: str,
    marks: str,
    actions: str,
    identity: str,
    usual: str,
    *pages: str,
    trap: str = "",
    versioned: bool = False,
    needs: str = "",
    foreign: str = "",
) -> Program:
    marked, called = regex(marks, re.IGNORECASE), regex(actions, re.IGNORECASE)
    of_trap = regex(trap, re.IGNORECASE) if trap else None
    others = regex(foreign, re.IGNORECASE) if foreign else None
    return Program(name, marked, called, identity, usual, pages, of_trap, versioned, tuple(needs.split()), others)


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
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/",
    "https://developer.hashicorp.com/terraform/language/state/locking",
)
_OPENED = dict.fromkeys(_PAGES, "2026-11-30") | {
    "https://manpages.ubuntu.com/manpages/jammy/man1/restic-unlock.1.html": "2026-12-02",
    "https://grafana.com/docs/mimir/latest/configure/configure-object-storage-backend": "2026-12-02",
    "https://grafana.com/docs/tempo/latest/configuration/hosted-storage/s3.md": "2026-12-02",
    "https://vector.dev/docs/reference/configuration/sinks/aws_cloudwatch_logs/": "2026-12-03",
}
"""The date on which each page was opened and the facts of the rows that cite it were compared with the page."""
