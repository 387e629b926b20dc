"""Programs of Kubernetes clusters: how to recognize each, whose permissions it uses, and where to find its policy."""

from __future__ import annotations

from diagnostics.text.programs.program_row import Program, program_row

_SERVICE_ACCOUNT = "the role of its service account (IRSA or Pod Identity), or else the node's role"
_OLDER = "the attached policy is older than the program: each version publishes the policy that it needs"
_NARROW = "the policy lacks the action, or names other resources"
# A label or an apiVersion has a slash after the group: that is an object, not the controller's own line.
_FLUX = (
    r"flux-system|source-controller|kustomize-controller|image-(?:reflector|automation)-controller"
    r"|\b(?:source|kustomize|image|helm)\.toolkit\.fluxcd\.io\b(?!/)"
    r"|\b(?:ocirepository|helmrepository|imagerepository)\b|cannot get sops data key"
)
# A name followed by two dots is a host's, or an annotation that somebody wrote.
_NO_HOST = r"(?!\.[\w-]+\.\w)"
_EXTERNAL_SECRETS = r"external-?secrets|secretstore|pushsecret"
_OF_A_STORE = (
    "the keys or the service account that the SecretStore names, or else those of the controller's pod; with these "
    "credentials it assumes the store's role, if the store names a role"
)
# What only EKS Auto Mode has: certain volumes, load balancers, node classes, and the role's suggested name.
_AUTO_MODE = r"ebs\.csi\.eks\.amazonaws\.com|\beks\.amazonaws\.com/(?:alb|nlb|nodeclass)\b|AmazonEKSAutoCluster"

_LB_CONTROLLER = (
    r"FailedDeployModel|\b(?:elbv2|ingress|service)\.k8s\.aws|load-?balancer-?controller|\b(?:aws-?)?lb-?controller"
    r"|\b(?:awslbc|aws-lbc|albc)\b|awslbcontroller|\b(?:aws-)?alb-ingress-controller"
    r"|\"controller\":\s?\"(?:ingress|targetGroupBinding|service)\""
)
_LB_CONTROLLER_PAGE = "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/"

IN_CLUSTERS: tuple[Program, ...] = (
    program_row(
        "The AWS Load Balancer Controller",
        _LB_CONTROLLER,
        r"elasticloadbalancing:|ec2:(?!describeregions)|acm:(?:describe|list)|wafv2:|waf-regional:|shield:|cognito-idp:"
        r"|iam:(?:createservicelinkedrole|(?:list|get)servercertificate)",
        _SERVICE_ACCOUNT,
        f"{_OLDER}; update it to that of the installed version, or add this action",
        "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
        _LB_CONTROLLER_PAGE,
        versioned=True,
        foreign=_AUTO_MODE,
    ),
    program_row(
        "The AWS Load Balancer Controller",
        _LB_CONTROLLER,
        r"sts:assumerole",
        _SERVICE_ACCOUNT,
        "a TargetGroupBinding names a role to assume (iamRoleArnToAssume), and the published policy has no "
        "sts:AssumeRole: add it for that role, which must trust the controller's role",
        "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/",
        foreign=_AUTO_MODE,
    ),
    program_row(
        "The AWS Load Balancer Controller",
        _LB_CONTROLLER,
        r"globalaccelerator:|ec2:describeregions",
        _SERVICE_ACCOUNT,
        "the policy for Global Accelerator (aga_controller_iam_policy.json), which is also required, is not attached",
        _LB_CONTROLLER_PAGE,
        foreign=_AUTO_MODE,
    ),
    program_row(
        "The AWS Load Balancer Controller",
        _LB_CONTROLLER,
        r"acm:|acm-pca:|route53:",
        _SERVICE_ACCOUNT,
        "the policy for certificates that the controller creates (iam_policy_acm_certs.json), which is also required, "
        "is not attached",
        _LB_CONTROLLER_PAGE,
        foreign=_AUTO_MODE,
    ),
    program_row(
        "Karpenter",
        r"karpenter(?!NodeRole|NodeInstanceProfile|Controller(?:Role|\w*Policy)|InterruptionQueue|\.sh/|\.k8s)"
        r"|assumed-role/[\w+=,.@-]*karpenter(?!NodeRole)|\bcontroller\.(?:provisioner|nodeclaim|disruption|interruption)\b"
        r"|\"controllerGroup\":\s?\"karpenter\.",
        r"ec2:|iam:(?!passrole)|eks:|ssm:|pricing:|sqs:|arc-zonal-shift:",
        "the role of its service account (IRSA or Pod Identity)",
        f"{_OLDER}, or a condition on tags (karpenter.sh/nodepool, kubernetes.io/cluster/NAME, eks:eks-cluster-name) "
        "does not match",
        "https://karpenter.sh/docs/reference/cloudformation/",
        versioned=True,
    ),
    program_row(
        "ExternalDNS",
        rf"external[-_]?dns{_NO_HOST}|failed to list hosted zones:|failed to list resource records sets"
        r"|records retrieval failed|when submitting change batch",
        r"route53:",
        "what the AWS SDK finds in its pod: keys of its environment or files, the role of its service account (IRSA or "
        "Pod Identity), or else the node's role",
        'the policy names another hosted zone, or lacks route53:ListHostedZones on "*" or '
        "route53:ChangeResourceRecordSets, route53:ListResourceRecordSets or route53:ListTagsForResources on its zones",
        "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md",
        needs="route53:ListHostedZones route53:ListResourceRecordSets route53:ChangeResourceRecordSets",
    ),
    program_row(
        "cert-manager",
        rf"cert-?manager{_NO_HOST}"
        r"|failed to (?:determine Route 53 hosted zone ID|change Route 53 record set|query Route 53 change status)",
        r"route53:",
        "the access key or the ServiceAccount that the issuer names, or else those of its own pod (IRSA, Pod "
        "Identity, environment, files or the node's role), which by default only a ClusterIssuer may use; with these "
        "credentials it assumes the issuer's role, if the issuer names a role",
        "the policy names another hosted zone, or lacks route53:GetChange on change/* or, where the issuer names no "
        'hostedZoneID, route53:ListHostedZonesByName on "*"',
        "https://cert-manager.io/docs/configuration/acme/dns01/route53/",
        needs="route53:GetChange route53:ListResourceRecordSets route53:ChangeResourceRecordSets",
    ),
    program_row(
        "External Secrets",
        _EXTERNAL_SECRETS,
        r"secretsmanager:",
        _OF_A_STORE,
        f"{_NARROW}; a PushSecret needs more than reading, and dataFrom.find also secretsmanager:ListSecrets or "
        'secretsmanager:BatchGetSecretValue on "*"',
        "https://external-secrets.io/latest/provider/aws-secrets-manager",
        "https://external-secrets.io/latest/provider/aws-access",
    ),
    program_row(
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
    program_row(
        "The cluster autoscaler",
        r"(?<!k8s\.io/)cluster-?autoscaler",
        r"autoscaling:|ec2:|eks:",
        "the role of its service account (IRSA), or else the instance's role, or outside AWS the keys in its pod",
        f"{_NARROW}; discovery by tags needs the manual's policy for all features, and not only its minimal one",
        "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md",
    ),
    program_row(
        "The EBS CSI driver",
        r"ebs\.csi\.aws\.com|ebs[-_]?csi|could not create volume in EC2"
        r"|could not (?:create|attach|detach|delete|modify|resize) (?:volume|snapshot)(?: ID| tags)?(?: \([a-z ]+\))?"
        r" \\?\"",
        r"ec2:|kms:",
        "the keys of a Secret if its chart names one, or else the role of its controller's service account "
        "(ebs-csi-controller-sa), or else the node's role",
        "AmazonEBSCSIDriverPolicyV2 (or the older AmazonEBSCSIDriverPolicy) is not attached, or the volume or snapshot "
        "lacks the tag ebs.csi.aws.com/cluster that V2 asks for; with a KMS key of your own the role also needs "
        "permissions on it (at least kms:CreateGrant, kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext)",
        "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md",
        "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
        foreign=_AUTO_MODE,
    ),
    program_row(
        "The EFS CSI driver",
        r"efs\.csi\.aws\.com|efs[-_]?csi",
        r"elasticfilesystem:(?!client)|ec2:",
        "the role of its controller's service account (efs-csi-controller-sa), or else the node's role",
        "AmazonEFSCSIDriverPolicy is not attached; that policy allows no tag except efs.csi.aws.com/cluster",
        "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/install.md",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html",
    ),
    program_row(
        "The VPC CNI plugin",
        r"\baws-node\b(?!-termination)|\bipamd\b|vpc[-_]?cni|amazon-vpc-cni-k8s",
        r"ec2:",
        "the role of the service account aws-node, or else the node's role",
        "AmazonEKS_CNI_Policy is not attached to that role, or the cluster uses IPv6, which needs a policy of your own",
        "https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html",
        "https://aws.github.io/amazon-vpc-cni-k8s/docs/iam-policy.html",
    ),
    program_row(
        "The Secrets Store CSI driver's AWS provider",
        r"secrets-store-csi|csi-secrets-store|secretproviderclass|failed to mount secrets store objects",
        r"secretsmanager:|ssm:",
        "the role of the mounting pod's own service account (IRSA, or Pod Identity with usePodIdentity), and not that "
        "of the driver",
        "that role lacks secretsmanager:GetSecretValue and secretsmanager:DescribeSecret on the secret (its ARN ends "
        "with six more characters), or ssm:GetParameters on the parameter",
        "https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    ),
    program_row(
        "The node termination handler",
        r"node-termination-handler|\baws-nth\b",
        r"autoscaling:|ec2:|sqs:",
        "the role of its service account (IRSA), or else the instance's role",
        "the queue mode's policy lacks one of autoscaling:CompleteLifecycleAction, "
        "autoscaling:DescribeAutoScalingInstances, autoscaling:DescribeTags, ec2:DescribeInstances, "
        "sqs:ReceiveMessage and sqs:DeleteMessage",
        "https://github.com/aws/aws-node-termination-handler/blob/main/README.md",
    ),
    program_row(
        "Cilium's operator",
        r"\bcilium[- ]operator\b|ipam-allocator-aws|\bsubsys=eni\b|synchronize EC2 interface list"
        r"|retrieve EC2 (?:subnets|security group) list",
        r"ec2:",
        "the credentials of the pod of cilium-operator, as the agents do not call EC2",
        "the policy lacks one of the EC2 actions of ENI mode (network interfaces, private addresses, tags, lists)",
        "https://docs.cilium.io/en/stable/network/concepts/ipam/eni/",
    ),
    program_row(
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
    program_row(
        "Flux",
        _FLUX,
        r"s3:|kms:|codecommit:",
        "the role of the service account that the object names (for S3 and KMS also the keys of the secret that it "
        "names), or else the credentials of its controller (source-controller, kustomize-controller, "
        "image-automation-controller)",
        f"{_NARROW}: the manual gives AmazonS3ReadOnlyAccess for a Bucket, kms:Decrypt and kms:DescribeKey in the "
        "key's own policy for SOPS, codecommit:GitPull for a GitRepository and codecommit:GitPush to update images",
        "https://fluxcd.io/flux/integrations/aws/",
    ),
    program_row(
        "EKS Auto Mode",
        rf"\bEKS auto[ -]?mode|{_AUTO_MODE}|\b(?-i:NodeClass)\b(?!\.karpenter)",
        r"ec2:|elasticloadbalancing:|wafv2:|shield:|acm:|cognito-idp:"
        r"|iam:(?:createinstanceprofile|passrole|addrole|createservicelinkedrole)",
        "the cluster's role (and not the nodes' role)",
        "the resources that it creates get tags of your own, which Auto Mode's managed policies do not allow that role "
        "to set: attach a policy that allows these tags",
        "https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html",
        foreign=r"karpenter\.k8s\.aws|EC2NodeClass",
        trap=r"ec2:(?:runinstances|createfleet|createlaunchtemplate|createtags|createvolume)",
    ),
    program_row(
        "Velero",
        r"\bvelero\b|\bBackupStorageLocation\b|\bbackup-storage-location\b",
        r"s3:|ec2:|kms:",
        "the keys of its secret (a BackupStorageLocation or VolumeSnapshotLocation may name its own), or after an "
        "installation with --no-secret the role of its pod",
        f"{_NARROW}; config.tagging also needs s3:PutObjectTagging, and ebsKmsKeyId needs KMS actions on that key, "
        "whose own policy must let EC2 use it",
        "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md",
        needs="s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject",
    ),
    program_row(
        "KEDA",
        r"\bkeda\b|\bTriggerAuthentication\b",
        r"sts:assumerole$",
        "the role of the operator's service account",
        "the workload's role trusts only its own service account: it must also trust the operator's role, which needs "
        "sts:AssumeRole on the workload's role. Or allow the operator's role the queries itself, without roleArn and "
        "identityOwner",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
        trap=r"sts:assumerole$",
    ),
    program_row(
        "KEDA",
        r"\bkeda\b",
        r"sqs:|cloudwatch:|kinesis:|dynamodb:|secretsmanager:|aps:",
        "the role of the operator's service account, or what the TriggerAuthentication gives: a role (roleArn or "
        "identityOwner: workload) or keys",
        f"{_NARROW}; another role must also trust the operator, by its web identity or by its role, which then needs "
        "sts:AssumeRole",
        "https://keda.sh/docs/2.20/authentication-providers/aws",
        "https://keda.sh/docs/2.20/scalers/aws-sqs/",
    ),
    program_row(
        "Crossplane",
        r"crossplane|(?<![\w-])provider-(?:upjet-)?aws\b|\bupbound\b",
        r"[\w-]+:",
        "the credentials of its ProviderConfig's source (Secret, IRSA, PodIdentity or WebIdentity), or the last role "
        "of its assumeRoleChain",
        f"{_NARROW}; a ProviderConfig that names no source uses Secret, and not the role of the provider's pod",
        "https://github.com/crossplane-contrib/provider-upjet-aws/blob/main/AUTHENTICATION.md",
    ),
    program_row(
        "Cluster API for AWS",
        r"\bcapa-|cluster-api-provider-aws",
        r"ec2:|elasticloadbalancing:|iam:|autoscaling:|eks:|secretsmanager:|ssm:",
        "the credentials that its controller was set up with",
        "its policies are not those of its version, which clusterawsadm creates (bootstrap iam "
        "create-cloudformation-stack) or prints (print-policy): they change with new features",
        "https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites",
        versioned=True,
    ),
    program_row(
        "AWS Controllers for Kubernetes",
        r"services\.k8s\.aws|\back-\w+-controller|\bACK\.(?:Recoverable|Terminal)\b",
        r"[\w-]+:",
        "the role of the controller's service account (Pod Identity or IRSA), or the role that CARM sets for the "
        "namespace, or that an IAMRoleSelector sets for the namespace or the kind of the resource",
        _NARROW,
        "https://aws-controllers-k8s.github.io/docs/guides/configure-iam",
        "https://aws-controllers-k8s.github.io/docs/guides/cross-account",
    ),
    program_row(
        "Argo CD Image Updater",
        r"argocd-?image-?updater",
        r"ecr:",
        "the credentials that its registry's script (ext:) finds in its pod",
        "they lack the action: AmazonEC2ContainerRegistryReadOnly contains the actions for reading, such as "
        "ecr:GetAuthorizationToken, ecr:ListImages and ecr:BatchGetImage",
        "https://argocd-image-updater.readthedocs.io/en/stable/basics/authentication/",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryReadOnly.html",
    ),
    program_row(
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
    program_row(
        "The FSx CSI driver",
        r"fsx\.csi\.aws\.com|fsx[-_]?csi|\bCreateFileSystem failed",
        r"fsx:|s3:|iam:createservicelinkedrole|iam:attachrolepolicy|iam:putrolepolicy",
        "the role of its controller's service account (fsx-csi-controller-sa), or else the node's role",
        "AmazonFSxFullAccess is not attached; with a policy of your own also allow iam:CreateServiceLinkedRole for "
        "fsx.amazonaws.com and, for S3 data repositories, for their own service principal, with iam:AttachRolePolicy "
        "and iam:PutRolePolicy",
        "https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md",
    ),
    program_row(
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
    program_row(
        "The AWS cloud controller manager",
        r"cloud-controller-manager|cloud-provider-aws|SyncLoadBalancerFailed|\bservice-controller\b|\btagging[-_]controller\b",
        r"ec2:|elasticloadbalancing:|autoscaling:|iam:createservicelinkedrole|kms:describekey",
        "the control plane's role (on EKS the cluster's role, elsewhere the instance role of the control plane)",
        "that role's policy lacks the action: on EKS AmazonEKSClusterPolicy is not attached, elsewhere its policy is "
        "not the manual's Control Plane Policy",
        "https://cloud-provider-aws.sigs.k8s.io/prerequisites/",
        "https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
    ),
)
