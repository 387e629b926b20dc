"""Messages of cluster drivers, cluster controllers and file systems over S3 about their own rules and settings."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import NONE_MISSING, System, documented, made_system

OF_MOUNTS = "Mountpoint"
"""The beginning of the names of rows about messages of the operating system for a file on a mounted bucket."""
_NO_AMBIENT = r"empty credentials; perhaps you meant to enable ambient credentials"
_MOVED = r"\A(?=[\s\S]*\bIRSA\b)(?=[\s\S]*\bPod ?Identity\b)"
"""A text that compares the two ways to give a pod a role."""
_CSI = r"\b(?:MountVolume\.|s3-csi|s3\.csi\.aws\.com|kubernetes\.io~csi|[Mm]ountpoint pod)"
_POD_IDENTITY = (
    r"(?:\bpod[- ]?identity[- ](?:association|agent)|podidentityassociation|AWS_CONTAINER_CREDENTIALS_FULL_URI)"
)
_NO_CREDENTIALS = r"No\s+signing\s+credentials\s+(?:available|found)"
CLUSTER_DRIVERS: tuple[System, ...] = (
    # Mountpoint for Amazon S3, "Troubleshooting"
    # (https://github.com/awslabs/mountpoint-s3/blob/main/doc/TROUBLESHOOTING.md).
    documented(
        "Mountpoint's option --allow-delete",
        "Mountpoint was mounted without --allow-delete, so it cannot delete objects: mount the bucket again with that "
        "option. S3 was not called.",
        "With the CSI driver, add allow-delete to the volume's mountOptions. The role then needs s3:DeleteObject too.",
        "Deletes are disabled. Use '--allow-delete' mount option to enable it",
        title="Mount with --allow-delete",
    ),
    documented(
        "Mountpoint's option --allow-overwrite",
        "Mountpoint was mounted without --allow-overwrite, so an existing object cannot be overwritten: mount the "
        "bucket again with that option. S3 was not called.",
        "With the CSI driver, add allow-overwrite to mountOptions. The program must truncate the file when it opens "
        "it.",
        "file overwrite is disabled by default, you need to remount with --allow-overwrite",
        "is a remote inode and its attributes cannot be modified",
        title="Mount with --allow-overwrite",
    ),
    documented(
        "Mountpoint's kinds of writes",
        "Mountpoint does not support this operation on a bucket: it writes new objects from start to end, and renames "
        "only in directory buckets. S3 was not called.",
        "Write the file elsewhere and copy it into the mount, or copy and delete instead of renaming.",
        "out of order write NOT supported by Mountpoint",
        "inode error: rename is not supported on this bucket",
        title="Write or rename in a way that Mountpoint supports",
    ),
    # Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity": conditions on the tags
    # that Pod Identity sends (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html).
    made_system(
        "the trust policy of the pod identity association's role",
        "First try the trust policy without the condition on aws:SourceArn, and keep aws:SourceAccount. To limit the "
        "role to some pods, use the tags that Pod Identity sends (aws:RequestTag/kubernetes-namespace, "
        "aws:RequestTag/kubernetes-service-account). The log of eks-pod-identity-agent and the events "
        "AssumeRoleForPodIdentity in CloudTrail show the refusal. S3 was not called.",
        rf"\A(?=[\s\S]*{_POD_IDENTITY})(?=[\s\S]*pods\.eks\.amazonaws\.com[\s\S]{{0,600}}aws:SourceArn)"
        rf"[\s\S]*?{_NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The pod got no credentials: most likely the condition on aws:SourceArn in the role's trust policy "
        "does not match what EKS Pod Identity sends. S3 was not called.",
        title="Take the condition on aws:SourceArn out of the trust policy",
        sure=False,
    ),
    made_system(
        "the pod identity association",
        "Compare the association's namespace and service account with the pod's (with authenticationSource: pod, the "
        "pod that mounts; otherwise kube-system:s3-csi-driver-sa), and let the role's trust policy allow "
        "pods.eks.amazonaws.com sts:AssumeRole and sts:TagSession without further conditions. The log of "
        "eks-pod-identity-agent shows a refusal.",
        rf"\A(?=[\s\S]*{_CSI})(?=[\s\S]*{_POD_IDENTITY})[\s\S]*?{_NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The Mountpoint CSI driver got no credentials from EKS Pod Identity: compare the association with the "
        "pod's service account, and check the role's trust policy. S3 was not called.",
        unless=r"pods\.eks\.amazonaws\.com[\s\S]{0,600}aws:SourceArn",
        title="Check the association and the role's trust policy",
        sure=False,
    ),
    # Amazon EKS User Guide, "Mountpoint for Amazon S3 CSI Driver"
    # (https://docs.aws.amazon.com/eks/latest/userguide/mountpoint-for-s3-add-on.html).
    made_system(
        "the credentials of the Mountpoint CSI driver",
        "Give that service account a role: the annotation eks.amazonaws.com/role-arn, and a trust policy of the role "
        "that accepts the service account, such as kube-system:s3-csi-driver-sa. Then restart the driver's pods. With "
        f"authenticationSource: pod in the volume, it is the service account of the pod. {NONE_MISSING}",
        rf"\A(?=[\s\S]*{_CSI})[\s\S]*?{_NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The Mountpoint CSI driver found no AWS credentials: check whether its service account (by default "
        "s3-csi-driver-sa in kube-system) has a role. S3 was not called.",
        unless=f"(?i:{_POD_IDENTITY})",
        title="Give the driver's service account a role",
    ),
    documented(
        "Mountpoint's credentials",
        "Mountpoint found no AWS credentials: give it a profile (--profile), keys in its environment, or an instance "
        "or pod role. S3 was not called.",
        "With sudo or systemd, Mountpoint runs as a different user, with a different home and environment. For a "
        "public bucket, use --no-sign-request.",
        "No signing credentials available, see CRT debug logs",
        "No signing credentials found",
        unless=_CSI,
        title="Give Mountpoint credentials",
    ),
    # cert-manager, "Route53", ambient credentials (https://cert-manager.io/docs/configuration/acme/dns01/route53/);
    # Amazon EKS User Guide, "Use pod identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    made_system(
        "cert-manager's credentials of EKS Pod Identity",
        "An AWS SDK for Go older than November 2023 (v1: 1.47.11) ignores Pod Identity. Otherwise check that the EKS "
        "Pod Identity agent runs on the node, that cert-manager's pod was restarted after the association, and that an "
        "Issuer may use cert-manager's own credentials (--issuer-ambient-credentials; a ClusterIssuer may). Until then "
        f"IRSA works. {NONE_MISSING}",
        rf"{_MOVED}[\s\S]*?{_NO_AMBIENT}",
        "perhaps you meant to enable ambient credentials",
        flags=re.IGNORECASE,
        verdict="cert-manager found no credentials: most likely this version's AWS SDK is too old for EKS Pod "
        "Identity. Update cert-manager, or go back to IRSA; Route 53 was not called.",
        title="Update cert-manager, or use IRSA",
        sure=False,
    ),
    documented(
        "the issuer's credentials for Route 53",
        "The issuer has no AWS credentials of its own, and cert-manager lets only a ClusterIssuer use its own "
        "credentials (IRSA, an instance's role): use a ClusterIssuer, or give the Issuer a role or keys.",
        "For an Issuer, set auth.kubernetes.serviceAccountRef with role, or accessKeyIDSecretRef and "
        "secretAccessKeySecretRef. --issuer-ambient-credentials on the controller lets every Issuer use cert-manager's "
        "own role. Route 53 was not called.",
        "unable to construct route53 provider: empty credentials; perhaps you meant to enable ambient credentials",
        title="Use a ClusterIssuer, or give the Issuer credentials",
        unless=_MOVED,
    ),
    # Amazon EFS CSI Driver, pkg/driver (https://github.com/kubernetes-sigs/aws-efs-csi-driver).
    documented(
        "the mount option crossaccount",
        "Remove crossaccount from mountOptions: the EFS CSI driver sets it automatically, from the secret that names "
        "the role in the other account. EFS was not called.",
        "The StorageClass refers to that secret (csi.storage.k8s.io/provisioner-secret-name), whose awsRoleArn is the "
        "role in the file system's account.",
        "mount option 'crossaccount' cannot be set manually",
        title="Remove crossaccount from the mount options",
    ),
    # AWS Secrets and Configuration Provider, auth and provider packages
    # (https://github.com/aws/secrets-store-csi-driver-provider-aws).
    documented(
        "the CSI driver's tokenRequests",
        "The CSI driver passes the pod's token to the AWS provider only if its CSIDriver object has tokenRequests, "
        "which is missing. No role was assumed.",
        "In the chart of the Secrets Store CSI driver, set tokenRequests with the audiences sts.amazonaws.com (IRSA) "
        "and pods.eks.amazonaws.com (Pod Identity). The role's trust policy was not evaluated.",
        "serviceAccount.tokens not provided - ensure tokenRequests is configured in CSIDriver",
        "token for audience {} not found - ensure tokenRequests includes this audience in CSIDriver",
        title="Set tokenRequests of the CSI driver",
    ),
    documented(
        "the Region of the SecretProviderClass",
        "The SecretProviderClass uses the Region {name}, but the ARN of the secret or parameter has a different one: "
        "set parameters.region to the ARN's Region. AWS was not called.",
        "Without parameters.region, the provider uses the node's Region.",
        "ARN region must match region {name}:",
        title="Set the region of the SecretProviderClass",
    ),
    # External Secrets Operator, "AWS Secrets Manager", PushSecret
    # (https://external-secrets.io/latest/provider/aws-secrets-manager/).
    documented(
        "the tag of secrets that the operator manages",
        "External Secrets writes only to secrets that it manages, and this secret lacks its tag: add the tag "
        "managed-by = external-secrets, or push to a different name.",
        "aws secretsmanager tag-resource --secret-id NAME --tags Key=managed-by,Value=external-secrets (for a "
        "parameter, aws ssm add-tags-to-resource). After that, the operator replaces the value.",
        "secret not managed by external-secrets",
        title="Tag the secret, or push to a different name",
    ),
    # AWS Load Balancer Controller, "Certificate Discovery", "Subnet Auto-Discovery" and "Network Load Balancer"
    # (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/cert_discovery/,
    # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/).
    documented(
        "the certificate for the host",
        "ACM in this Region has no certificate for {name}: request or import one, or name an existing certificate "
        "(alb.ingress.kubernetes.io/certificate-arn).",
        "The controller searches ACM in the cluster's Region for the hosts of the Ingress (tls and rules). A "
        "certificate for *.example.com covers one level only, and a certificate that is not yet issued is ignored.",
        "no certificate found for host: {name}",
        title="Request a certificate for the host, or name one",
    ),
    documented(
        "the tags of the nodes' security groups",
        "The controller needs exactly one security group with the tag {name} on that network interface: remove the tag "
        "from all groups but one, or add it to one group.",
        "aws ec2 describe-security-groups --filters Name=tag-key,Values=kubernetes.io/cluster/CLUSTER. Or name a "
        "different tag with --service-target-eni-security-group-tags.",
        "expected exactly one securityGroup tagged with {name} for eni",
        title="Leave the cluster's tag on one security group",
    ),
    documented(
        "the tags of the subnets",
        "The controller found no subnet for the load balancer: add the tag kubernetes.io/role/elb = 1 to the subnets "
        "(internal: kubernetes.io/role/internal-elb), or name the subnets in the annotation.",
        "The annotation is alb.ingress.kubernetes.io/subnets, for a Service "
        "service.beta.kubernetes.io/aws-load-balancer-subnets. A subnet with another cluster's tag, or with fewer than "
        "8 free addresses, is ignored.",
        "unable to resolve at least one subnet",
        unless=r"UnauthorizedOperation|AccessDenied|not authorized",
        title="Tag the subnets, or name them",
    ),
    # AWS Node Termination Handler, Helm chart, awsRegion (https://github.com/aws/aws-node-termination-handler).
    documented(
        "the Region of the termination handler",
        "The node termination handler does not know its queue's Region: set awsRegion in its chart (AWS_REGION). AWS "
        "was not called.",
        "Otherwise the handler gets the Region from the metadata service, which a pod cannot reach with a hop limit of "
        "1, or from the queue's URL.",
        "Unable to find the AWS region to process queue events",
        title="Set the Region of the termination handler",
    ),
    # kube2iam, README, "Namespace Restrictions" (https://github.com/jtblin/kube2iam).
    documented(
        "kube2iam's list of roles of the namespace",
        "kube2iam does not give the role {name} to this namespace: add it to the namespace's annotation "
        "iam.amazonaws.com/allowed-roles. STS was not called.",
        'The annotation is a JSON list: ["ROLE"]. kube2iam runs with --namespace-restrictions.',
        "role requested {name} not valid for namespace of pod",
        title="Allow the role in the namespace's annotation",
    ),
    # Velero plugin for AWS, README, "Install and start Velero" (https://github.com/vmware-tanzu/velero-plugin-for-aws).
    documented(
        "Velero's credentials file",
        "Velero has no file with credentials: create its secret (--secret-file), or install it with --no-secret and "
        "give its service account a role. AWS was not called.",
        "In the chart: credentials.useSecret: false with a role, or credentials.existingSecret. The secret's key is "
        "cloud.",
        "open /credentials/cloud: no such file or directory",
        title="Give Velero a secret or a role",
    ),
    # Grafana, "Configure Grafana", [aws]
    # (https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#aws).
    documented(
        "Grafana's list of authentication methods",
        "Grafana's configuration does not allow the authentication method {name}: add it to allowed_auth_providers in "
        "[aws], or choose another in the data source.",
        "Set GF_AWS_ALLOWED_AUTH_PROVIDERS=default,keys,credentials,ec2_iam_role in the environment, then restart "
        "Grafana. AWS was not called.",
        "trying to use non-allowed auth method {name}",
        title="Allow the method in Grafana's configuration",
    ),
    documented(
        "Grafana's setting for assumed roles",
        "Grafana's configuration does not allow assuming a role: set assume_role_enabled = true in [aws], or remove "
        "the role from the data source.",
        "Set GF_AWS_ASSUME_ROLE_ENABLED=true in the environment, then restart Grafana. STS was not called.",
        "trying to use assume role but it is disabled in grafana config",
        title="Allow assumed roles in Grafana's configuration",
    ),
)
