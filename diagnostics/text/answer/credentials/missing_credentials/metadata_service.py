"""Rows for programs that asked the metadata service of an instance (IMDS, 169.254.169.254) in vain."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.own_machine import NO_INSTANCE
from diagnostics.who import Who
from iam.claims import Ground

NO_INSTANCE_KEYS = (
    r"NoCredential|No (?:\w+ )?credential|Unable to (?:locate|load|find)|haven't specified the aws|EC2RoleRequestError"
    r"|no EC2 IMDS role found|ec2imds|MetadataRetrievalError|169\.254\.169\.254|Error retrieving metadata"
)

IMDS_V1_FORBIDDEN: tuple[CredentialFault, ...] = (
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": ec2_metadata_v1_disabled
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html); EC2 User Guide, "Use the
    # Instance Metadata Service": the hop limit in containers.
    fault(
        r"Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled",
        "The instance's metadata service gave the program no token (IMDSv2), and the configuration forbids IMDSv1. In "
        "a container, raise the instance's hop limit to 2.",
        "Let the program reach the metadata service",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "With a hop limit of 1, the response with the token does not reach a container that has its own network. Leave "
        "ec2_metadata_v1_disabled as it is.",
        also=("The program does not run on an EC2 instance, or a proxy or a firewall blocks 169.254.169.254.",),
        check="aws ec2 describe-instances --instance-ids INSTANCE --query 'Reservations[].Instances[].MetadataOptions'",
    ),
)

METADATA_SERVICE: tuple[CredentialFault, ...] = (
    # EC2 User Guide, "Use the Instance Metadata Service to access instance metadata": the answer to the PUT has a hop
    # limit of 1 unless somebody raised it.
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
    fault(
        r"Unable to (?:locate|load|find|resolve|retrieve)|NoCredential|No (?:\w+ )?credential|ec2imds|IMDS"
        r"|SharedCredsLoad|ec2metadata is not available",
        "The container cannot reach the instance's credentials: the metadata service (IMDS) does not answer the "
        "container's request for a token.{host_gives} Most likely the hop limit is 1.",
        "Raise the hop limit to 2, or give the container credentials of its own",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2 "
        "--http-endpoint enabled",
        "With a hop limit of 1, the response with the IMDSv2 token does not reach a container, which is two hops away: "
        "http-put-response-hop-limit must be 2.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        who=Who.ACCOUNT_ADMIN,
        needs="unreachable",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": AWS_EC2_METADATA_DISABLED
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        r"access disabled to EC2 IMDS via client option",
        "The program found no credentials of its own, and its settings forbid asking the instance for its role's "
        "credentials (AWS_EC2_METADATA_DISABLED). No permission is missing.",
        "On EC2 let the program ask the instance; elsewhere give it a profile or keys",
        f"env | grep ^AWS_EC2_METADATA_DISABLED  # where the program runs: must print nothing\n{CONFIGURED}",
        "If the program should use the instance's role, unset AWS_EC2_METADATA_DISABLED for the program and for "
        "its container (Terraform's own option: skip_metadata_api_check). Otherwise give the program a profile or "
        "keys.",
        check=None,
    ),
    # Amazon EKS User Guide, "Configure Pods to use a Kubernetes service account"; pgBackRest's configuration reference,
    # "repo-s3-key-type" (https://pgbackrest.org/configuration.html#section-repository/option-repo-s3-key-type).
    fault(
        r"169\.254\.169\.254|\bIMDS\b|ec2imds",
        "The pod has its own role{own_pods_role}, but the program asks the instance's metadata service instead of "
        "using that role. Neither a policy nor a hop limit is the cause.",
        "Let the program use the pod's web identity",
        "env | grep -E '^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)='  # where the program runs",
        "Set the program's credentials to web identity, and check that AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE "
        "reach its process.",
        check=None,
        needs="pods_token",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}",
        "The pod's own role has not taken effect: the pod asked the machine's metadata service, which answered "
        "that the machine has no role (404). Neither IMDSv2, the hop limit nor a policy is the cause.",
        "Give the pod its role",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "The service account has no role (IRSA's annotation, or an EKS Pod Identity association), or the pod was "
        "started before the service account got the role. The machine itself has no instance profile, or is not an EC2 "
        "instance.",
        check="kubectl get serviceaccount NAME -o yaml",
        needs="pod_without_role",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "Configure the Instance Metadata Service options": the token's answer travels as many hops as the
    # limit says (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    fault(
        NO_INSTANCE_KEYS,
        "The program in the container got no token from the instance's metadata service (IMDSv2): with a hop limit of "
        "1, the response does not reach a container. No permission is missing, and the instance's role is not at "
        "fault.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required "
        "--http-put-response-hop-limit 2",
        "The instance requires IMDSv2 (HttpTokens=required) and its HttpPutResponseHopLimit is 1, but a container is "
        "two hops away. Raise the limit to 2, use the host's network, or give the container its own role (ECS, EKS).",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_of_one_hop",
        ground=Ground.LIKENESS,
    ),
    fault(
        NO_INSTANCE_KEYS,
        "The instance requires IMDSv2 with a hop limit of 1, as the text shows. A program in a container then gets no "
        "token, and a program that supports only IMDSv1 gets no credentials on this instance at all. No permission is "
        "missing.",
        "If the program runs in a container, raise the hop limit to 2; otherwise update the program",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required "
        "--http-put-response-hop-limit 2",
        "Find out where the program runs. If the AWS CLI on the host gets the role but the program does not, the "
        "program runs in a container, or its SDK is too old for IMDSv2.",
        check=WHO,
        needs="tokens_of_one_hop",
        ground=Ground.PARTLY,
    ),
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|\bIMDS(?:v2)?\b|169\.254\.169\.254",
        "The program in the container got no answer from the instance's metadata service (IMDS): no permission is "
        "missing, and the instance's role was not used.",
        "Raise the hop limit to 2, or run the container in the host's network",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2",
        "Most likely the instance's hop limit is 1: with that limit, the response from IMDSv2 does not reach a "
        "container. Raise the limit to 2, use the host's network, or give the container its own role.",
        also=("The network of the container blocks 169.254.169.254, or the instance has no instance profile.",),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="container_times_out",
        ground=Ground.LIKENESS,
    ),
    # AWS SDKs and Tools Reference Guide, "IMDS credential provider": it is for code on EC2 instances
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html).
    fault(
        rf"{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}",
        NO_INSTANCE,
        "Give the program credentials where it runs",
        f"aws configure list-profiles\n{CONFIGURED}  # where the program runs",
        "Name a profile (AWS_PROFILE), or let the platform's own identity assume a role (web identity, IAM Roles "
        "Anywhere), instead of static keys.",
        needs="no_instance",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "IAM roles for Amazon EC2": an instance profile hands the role to the instance
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
    fault(
        NO_CREDENTIALS,
        "Attach an instance profile to the instance. Its metadata service answers 404 for the role, so most likely "
        "the instance has no role. Without credentials, no call to AWS was made, and no permission is known to be "
        "missing.",
        "Attach an instance profile with the role",
        "aws ec2 describe-iam-instance-profile-associations  # is an instance profile associated with this "
        "instance?\naws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile "
        "Name=PROFILE",
        "The instance has no instance profile: a role alone has no effect on an instance. A 401 without a token only "
        "shows that IMDSv2 is required, and is not the cause.",
        check="aws ec2 describe-iam-instance-profile-associations",
        needs="no_profile",
        ground=Ground.LIKENESS,
    ),
    # EC2 User Guide, "How Instance Metadata Service Version 2 works"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
    fault(
        NO_INSTANCE_KEYS,
        "The program supports only IMDSv1 and sends no token, but the instance's metadata service answers requests "
        "without a token with 401 (HttpTokens=required). The role and its policies are not at fault.",
        "Use a version of the program that supports IMDSv2",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'  # "
        "keep it required",
        "The program, or its SDK, is too old for IMDSv2: update it. A script requests a token first (PUT "
        "/latest/api/token) and sends it as X-aws-ec2-metadata-token.",
        check="aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]'",
        needs="tokens_required",
        ground=Ground.LIKENESS,
    ),
    # KEDA, "AWS (IRSA) Pod Identity Webhook": the operator reads the metrics, with its own identity unless it may
    # assume the workload's role (https://keda.sh/docs/latest/authentication-providers/aws/).
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|ec2imds|169\.254\.169\.254|NoCredentialProviders",
        "KEDA's operator, not the workload's pod, reads the metric, but the operator has no AWS identity: it "
        "assumed no role, and last asked an instance's metadata service. The workload's role is not used for this.",
        "Give the service account keda-operator a role, or let KEDA assume one",
        "kubectl get serviceaccount keda-operator -n keda -o yaml  # its annotation eks.amazonaws.com/role-arn",
        "Give the service account keda-operator a role (IRSA or Pod Identity) that allows the call, and restart "
        "the operator. Or set podIdentity.roleArn in the TriggerAuthentication: the operator's role must be "
        "allowed to assume that role, and that role must trust the operator's role.",
        check="kubectl get serviceaccount keda-operator -n keda -o yaml",
        speaker=r"\bkeda[- ]operator\b|\bkeda\b[\s\S]{0,2000}\b(?:ScaledObject|TriggerAuthentication|identityOwner)\b",
        ground=Ground.LIKENESS,
    ),
    # Karpenter, "NodeClasses", spec.metadataOptions: the default hop limit is 1 since its API v1, and was 2 before
    # (https://karpenter.sh/v1.0/concepts/nodeclasses/#specmetadataoptions).
    fault(
        NO_INSTANCE_KEYS,
        "The pod got no credentials from its node's metadata service (IMDS): most likely the hop limit of Karpenter's "
        "nodes is 1, the default since its API v1 (2 before). No permission is missing.",
        "Give the pod its own role, or set the hop limit to 2 in the EC2NodeClass and replace the nodes",
        "kubectl get ec2nodeclass -o custom-columns=NAME:.metadata.name,HOPS:.spec.metadataOptions."
        "httpPutResponseHopLimit",
        "Give the service account a role (IRSA, or an EKS Pod Identity association), which needs no IMDS, and restart "
        "the pod. If the pod must use the node's role, set metadataOptions.httpPutResponseHopLimit: 2 in the "
        "EC2NodeClass: Karpenter then replaces the nodes.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="karpenters_node",
    ),
)

METADATA_SERVICE_LAST: tuple[CredentialFault, ...] = (
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, and requested the credentials of an EC2 instance (IMDS), "
        "which does not exist here. No permission is missing.",
        "Give the pod that makes the call its role",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "The role of the service account has not taken effect in the pod that makes this call. The annotation is "
        "missing, the pod was started before the annotation was set, or the cluster's pod identity webhook did not add "
        "the token.",
        check="kubectl get serviceaccount NAME -o yaml",
        needs="off_ec2",
    ),
    # Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023"
    # (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's credentials from the metadata service "
        "(IMDS), and got none. No permission is missing. Managed nodes of Amazon Linux 2023 have a hop limit of 1 by "
        "default, so pods cannot use the node's role.",
        "Give the pod its own role, or raise the nodes' hop limit to 2 in their launch template",
        "kubectl get serviceaccount NAME -o yaml  # of the pod that makes the call: its annotation",
        "Give the service account a role (IRSA, or an EKS Pod Identity association), and start the pod again. If "
        "the pod must use the node's role, set HttpPutResponseHopLimit to 2 in the node group's launch template.",
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="al2023",
    ),
    # EC2 User Guide, "Use the Instance Metadata Service": in a container environment a hop limit of 1 loses the answer
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
    fault(
        r"no EC2 (?:IMDS|instance) role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata",
        "The pod found no role of its own, asked its node's metadata service (IMDS), and got no answer in time: most "
        "likely the node's hop limit is 1, or a network policy blocks IMDS. No permission is missing.",
        "Give the pod its own role, or raise the nodes' hop limit to 2",
        "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-put-response-hop-limit 2  # to use the "
        "node's role",
        "With a hop limit of 1, the response does not reach a pod. It is better to give the service account a role "
        "(IRSA, or an EKS Pod Identity association; for an add-on, with its own setting), because this needs no IMDS. "
        "Then restart the pods.",
        also=(
            "If the service account already has a role, the pod started before the role was set, or its SDK is too "
            "old for such a role.",
        ),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        ground=Ground.LIKENESS,
        needs="pod_times_out",
    ),
    # EC2 User Guide, "Use IMDSv2" (the hop limit in containers); EKS best practices, "Identity and access management".
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|(?:Error from server|webhook)[^\x1e]{0,400}NoCredentialProviders",
        "The program found no credentials of its own, requested the instance's credentials from the metadata service "
        "(IMDS), and got none: no permission is missing.",
        "Give the program its role, or let it reach the metadata service",
        "aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,IamInstanceProfile.Arn,MetadataOptions]'",
        "The service account's role has not taken effect: the service account has no annotation (IRSA) or Pod "
        "Identity association, or the pod was started before either existed.",
        also=(
            "If the pod should use the instance's role, check that the instance's hop limit is at least 2, which a "
            "container needs.",
        ),
        check="aws ec2 describe-instances --query "
        "'Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]'",
        needs="kubernetes",
    ),
    fault(
        r"no EC2 IMDS role found|EC2RoleRequestError|credentials[^\x1e]{0,120}ec2imds: GetMetadata"
        r"|credentials from (?:the instance profile metadata|EC2 Instance Metadata)",
        "The program found no credentials of its own, asked the metadata service of an EC2 instance (IMDS) last, and "
        "got none: no permission is missing.",
        "Name the profile, or give the program credentials",
        f"aws configure list-profiles\n{CONFIGURED}  # where the program runs\n{WHO}",
        "Outside EC2, the program needs a profile: name the profile (AWS_PROFILE, or the program's own setting), "
        "even after a sign-in. In a container, all files of the profile must exist (~/.aws, with sso/cache). On "
        "EC2 the instance needs an instance profile.",
    ),
)
