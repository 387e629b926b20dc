"""Rows for pods that get no credentials from the EKS Pod Identity agent (169.254.170.23)."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.missing_credentials.metadata_service import NO_INSTANCE_KEYS
from iam.claims import Ground
from iam.facts.sdk_versions import POD_IDENTITY

LATEST = (
    "If the program worked before, the image's tag (latest) now points to another build: go back to the image that "
    "worked, and pin that image by version or digest."
)
# SDK for JavaScript 3, @smithy/credential-provider-imds, fromContainerMetadata: its hosts are localhost and
# 127.0.0.1; @aws-sdk/credential-provider-node, remoteProvider: fromHttp is asked before it
# (https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-node).
_NO_AGENT_IN_JAVASCRIPT = (
    r"169\.254\.170\.23 is not a valid container metadata service hostname",
    "The provider fromContainerMetadata of the SDK for JavaScript never accepts 169.254.170.23, the address of the "
    "EKS Pod Identity agent. AWS was not called, and no permission is missing.",
    "Let the program use the SDK's default credentials with fromHttp, or use IRSA",
    "kubectl exec POD -- npm ls @aws-sdk/credential-provider-http  # fromHttp",
)

# Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
_BROKEN_OFF = r"[Gg]et credentials: (?:request canceled|context (?:canceled|deadline exceeded))"
# EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html).
_WITHOUT_POD_IDENTITY = rf"{_BROKEN_OFF}|{NO_CREDENTIALS}|{NO_INSTANCE_KEYS}"

WITHOUT_POD_IDENTITY: tuple[CredentialFault, ...] = (
    fault(
        _WITHOUT_POD_IDENTITY,
        "Most likely the pod asks the EKS Pod Identity agent for credentials through the pod's HTTP proxy, which "
        "cannot reach the agent: add 169.254.170.23 to NO_PROXY. No permission is missing.",
        "Add the agent's addresses to the pod's NO_PROXY, and restart the pod",
        'kubectl set env deployment/NAME NO_PROXY="$NO_PROXY,169.254.170.23,[fd00:ec2::23]"',
        "The pod has HTTP_PROXY or HTTPS_PROXY, but its NO_PROXY lacks 169.254.170.23 (for IPv6 [fd00:ec2::23]).",
        also=("The program's SDK is too old for Pod Identity, or the agent does not run on the node.",),
        check="kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        ground=Ground.LIKENESS,
        needs="agent_proxied",
    ),
    fault(
        _WITHOUT_POD_IDENTITY,
        "The pod got no credentials at all, so AWS checked no permission. {no_agent}",
        "Install the EKS Pod Identity Agent, then restart the pods",
        "aws eks create-addon --cluster-name CLUSTER --addon-name eks-pod-identity-agent\n"
        "kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        "Without the agent, the program looks for credentials at the node's metadata service. A pod cannot reach "
        "this service with a hop limit of 1 (the default of AL2023 nodes), or if a network policy blocks it.",
        check="aws eks list-addons --cluster-name CLUSTER",
        ground=Ground.LIKENESS,
        needs="no_agent",
    ),
    fault(
        _WITHOUT_POD_IDENTITY,
        "The pod got no credentials at all, so AWS checked no permission. {other_association}",
        "Create the association for the pod's own service account, then restart the pods",
        "aws eks list-pod-identity-associations --cluster-name CLUSTER\n"
        "aws eks create-pod-identity-association --cluster-name CLUSTER --namespace NAMESPACE "
        "--service-account ACCOUNT --role-arn ROLE",
        "An association is for one service account of one namespace. Create an association for {of_pod}, or let "
        "the pod run with the other service account, and restart the pod.",
        check="aws eks list-pod-identity-associations --cluster-name CLUSTER",
        ground=Ground.LIKENESS,
        needs="other_association",
    ),
    fault(
        _BROKEN_OFF,
        "The pod got no credentials at all: the request for them timed out, so AWS checked no permission. Check the "
        "agent or endpoint that should provide the credentials.",
        "Make the source of the pod's credentials reachable, then start the pods again",
        "aws eks describe-addon --cluster-name CLUSTER --addon-name eks-pod-identity-agent\n"
        "kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        "With EKS Pod Identity: the add-on eks-pod-identity-agent does not run on the node, so an association has "
        "no effect, or the pod is older than the association. Install the add-on, and start the pods again.",
        also=(
            "Without Pod Identity or IRSA, the pod asks the instance's metadata service. The pod cannot reach this "
            "service with a hop limit of 1 (the default of AL2023 nodes), or if a network policy blocks it.",
        ),
        check="kubectl get pods -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide",
        speaker=r"\b(?:pods?|EKS|kube\w*|CSI|service ?account)\b",
        ground=Ground.LIKENESS,
    ),
    fault(
        _BROKEN_OFF,
        "The program got no credentials at all: the request for them timed out, so AWS checked no permission.",
        "Make the source of the credentials reachable",
        f"{CONFIGURED}\n{WHO}",
        "The endpoint that provides the credentials (the instance's metadata service, a container's agent, or STS) is "
        "not reachable from where the program runs. Usual causes are the network, a proxy, or a hop limit of 1.",
        ground=Ground.LIKENESS,
    ),
)

AGENT_READS_NO_TOKEN: tuple[CredentialFault, ...] = (
    # EKS User Guide, "Use pod identity with the AWS SDK": the versions that can.
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
    fault(
        r"Service\s+account\s+token\s+cannot\s+be\s+parsed",
        "The Pod Identity agent could not read the token that the program sent: AWS was not called, and policies are "
        "not the cause. The program must send the token file's content unchanged, without a word such as Bearer before "
        "it.",
        "Update the program, or its AWS SDK, to a version that supports EKS Pod Identity",
        "kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
        "The program reads the token with its own code, and sends the token in a form that the agent does not "
        "accept. The SDK's own credential chain sends the token correctly.",
        check="kubectl logs -n kube-system daemonset/eks-pod-identity-agent",
    ),
)

SDK_WITHOUT_POD_IDENTITY: tuple[CredentialFault, ...] = (
    # EKS User Guide, "Use Pod Identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    fault(
        r"invalid endpoint host[^\x1e]{0,60}169\.254\.170\.23[^\x1e]{0,60}only loopback hosts are allowed"
        r"|169\.254\.170\.23[\s\S]{0,80}AWS_CONTAINER_CREDENTIALS_FULL_URI\s+has\s+an",
        "No credentials were found, because the AWS SDK in this program is too old to accept the EKS Pod Identity "
        "agent (169.254.170.23). No permission is missing.",
        "Use a version of the program (or of its plugin) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        f"The program's AWS SDK is older than EKS Pod Identity, which needs {POD_IDENTITY}. Update the program, choose "
        "a plugin or output with a newer SDK, or give the service account its role with IRSA.",
        also=(LATEST,),
        check=None,
    ),
    # EKS User Guide, as above; the message is that of the AWS SDK for Go 1 alone (aws/credentials/chain_provider.go,
    # https://github.com/aws/aws-sdk-go).
    fault(
        r"no valid providers in chain\. Deprecated|CredentialsChainVerboseErrors",
        "The program found no credentials. The message comes from the AWS SDK for Go 1, which supports EKS Pod "
        "Identity only from v1.47.11 on: an older build ignores the association. No permission is missing.",
        "Use a version of the program whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version\n"
        "kubectl exec POD -- env | grep AWS_CONTAINER  # AWS_CONTAINER_CREDENTIALS_FULL_URI must be set",
        "If AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the pod, the program's SDK is too old: update the program, or "
        "give the service account its role with IRSA.",
        also=(
            "If the variable is not set, the association is for another service account, the pod was started "
            "before the association existed, or the cluster lacks the add-on eks-pod-identity-agent.",
        ),
        check=None,
        ground=Ground.LIKENESS,
        speaker=r"\bpod[ _-]?identity\b",
    ),
    # Botocore's list of allowed hosts, which older versions print without the agent's address.
    fault(
        r"Unsupported host '169\.254\.170\.23'",
        "No credentials were found, because the boto3 in this program is too old to accept the EKS Pod Identity "
        "agent (169.254.170.23). No permission is missing.",
        "Update boto3 and botocore in the image to 1.34.41 or later, or use IRSA",
        "kubectl exec POD -- pip list  # the versions of boto3 and botocore",
        "boto3 and botocore are older than EKS Pod Identity (needed: 1.34.41). Use a newer image of the program, or "
        "give the service account its role with IRSA.",
        check=None,
    ),
    fault(
        *_NO_AGENT_IN_JAVASCRIPT,
        "The version that fails uses this provider only if fromHttp, which calls the agent, failed before or was "
        "left out. Until this is corrected, use the version that worked.",
        check=None,
        speaker=r"\b(?:since|after)\b[^.\n]{0,40}\b(?:moved|updat|upgrad|bump)\w*|\bbefore\b[^.\n]{0,20}\b(?:updat|upgrad)\w*",
        ground=Ground.LIKENESS,
    ),
    fault(
        *_NO_AGENT_IN_JAVASCRIPT,
        "The program itself chooses that provider (for example with a setting “ecs”), or its SDK's default chain lacks "
        "fromHttp: remove the setting, or update the SDK (at least 3.458.0). IRSA works without it.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # EKS User Guide, "Use Pod Identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html): its variables name the agent.
    fault(
        NO_CREDENTIALS,
        "Update the AWS SDK: {old_pod_sdk} is too old for EKS Pod Identity, so it gets no credentials from it. No "
        "permission is missing.",
        "Update the SDK, or give the service account its role with IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "The program's SDK is {old_pod_sdk}. With an older one, use IRSA.",
        check=None,
        needs="old_pod_sdk",
        ground=Ground.LIKENESS,
    ),
    fault(
        NO_CREDENTIALS,
        "The pod has a role through EKS Pod Identity, but the program's AWS SDK gets no credentials from it. First "
        "check whether the SDK is too old for Pod Identity. No permission is missing.",
        "Use a version of the program (or of its library) whose SDK supports EKS Pod Identity, or IRSA",
        "kubectl get pod POD -o jsonpath='{.spec.containers[*].image}'  # the program's version",
        "Compare the SDK in the program or its plugin with the oldest version that supports Pod Identity: "
        f"{POD_IDENTITY}. If it is older, update it, choose another plugin or output, or give the service account its "
        "role with IRSA.",
        check=None,
        needs="pod_identity",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"only loopback hosts are allowed",
        "No credentials were found, because the program's AWS SDK refuses the address of the container credentials "
        "(AWS_CONTAINER_CREDENTIALS_FULL_URI). No permission is missing.",
        "Check which address the container's environment gives, and whether the SDK's version accepts it",
        "env | grep ^AWS_CONTAINER | cut -d= -f1",
        "The program's AWS SDK is older than the method by which its container gets credentials.",
        check=None,
    ),
)
