"""Rows for logins to a container registry that have expired, are missing or are for another registry."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_REGISTRY = regex(rf"\b\d{{12}}\.dkr[.-]ecr[\w-]*\.(?P<region>{REGION_NAME})\.[\w.]*amazonaws\.com[\w.]*")
_LOGIN = regex(
    r"\bdocker login\b[^\n]*?(?P<registry>\b\d{12}\.dkr[.-]ecr[\w-]*\.[a-z0-9-]+\.[\w.]*amazonaws\.com)[^\n]*"
)
_HELPER = regex(
    r"\bamazon-ecr-credential-helper\b|\bdocker-credential-ecr-login\b|\becr[- ]credential[- ]helper\b|\becr-login\b"
    r"|\bcredHelpers\b",
    re.IGNORECASE,
)


def registry_values(text: str) -> dict[str, str]:
    """Return the values that the rows' sentences need: the registry, its Region, and what logs docker in to it."""
    values = {"registry": "REGISTRY", "region_option": ""}
    if helper := _HELPER.search(_NOT_IN_USE.sub("", text)):
        values["credential_helper"] = helper[0]
    if (registry := _REGISTRY.search(text)) is None:
        return values
    values |= {"registry": registry[0], "region_option": f" --region {registry['region']}"}
    logins = {each["registry"] for each in _LOGIN.finditer(text)}
    called = {each[0] for each in _REGISTRY.finditer(_LOGIN.sub("", text))}
    if len(logins) == len(called) == 1 and not logins & called and "Login Succeeded" in text:
        target = _REGISTRY.match(called.pop())
        assert target is not None
        values |= {
            "signed_in_registry": logins.pop(),
            "registry": target[0],
            "region_option": f" --region {target['region']}",
        }
    return values


_NOT_IN_USE = regex(
    r"[^\n.;]*\b(?:removed?|uninstalled|dropped|instead of|used to|stopped using|without|not using|no longer)\b[^\n;]*",
    re.IGNORECASE,
)
"""Sentences about a credential or a login that is not in use."""
REGISTRY_LOGINS: tuple[CredentialFault, ...] = (
    # ECR User Guide, "Private registry authentication": a token is valid for 12 hours
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html).
    fault(
        r"authorization token has expired|no basic auth credentials"
        r"|\.dkr[.-]ecr[^\n]{0,200}?(?:401|[Uu]nauthorized)(?=[\s\S]{0,2000}\b(?:12|twelve) (?:h\b|hours))"
        r"|\b(?:12|twelve) (?:h\b|hours)[\s\S]{0,2000}?\.dkr[.-]ecr[^\n]{0,200}?(?:401|[Uu]nauthorized)",
        "The stored ECR token for this registry is missing, or has expired after its 12 hours. Permissions are not "
        "the cause.",
        "Renew the stored token now, and then on a schedule",
        "aws ecr get-login-password{region_option}  # the new password, user AWS, for the stored secret",
        "The program (Argo CD, Flux, Helm) or the pull secret of a cluster stores an ECR token, which expires "
        "after 12 hours: a job must renew the token (a CronJob, External Secrets' ECRAuthorizationToken). The "
        "kubelet can also get tokens itself, with the ecr-credential-provider.",
        check=None,
        speaker=r"\A(?=[\s\S]*(?:\.dkr[.-]ecr|public\.ecr\.aws|token has expired))[\s\S]*?"
        r"(?:argo ?cd|\bflux\b|source-controller|ComparisonError|HelmRepository|imagePullSecret|secret docker-registry"
        r"|(?:kubelet|ErrImagePull|ImagePullBackOff)(?=[\s\S]*authorization token has expired))",
        ground=Ground.PARTLY,
    ),
    # ECR User Guide, "Private registry authentication": a login is for one registry, of one account and Region
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html).
    fault(
        r"no basic auth credentials|pull access denied|authentication\s+required|401 Unauthorized",
        "Docker is logged in to {signed_in_registry}, but this call goes to {registry}, and each login is valid "
        "for only one registry. No permission is missing.",
        "Log docker in to this registry, in its own Region",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "The login is for a registry in another account or Region: log in to {registry}.",
        check=None,
        needs="signed_in_registry",
    ),
    # Amazon ECR Docker Credential Helper, README, "Configuration" and "Troubleshooting"
    # (https://github.com/awslabs/amazon-ecr-credential-helper); ECR User Guide, "Private registry authentication".
    fault(
        r"no basic auth credentials",
        "Docker got no password from the ECR credential helper ({credential_helper}). Check that Docker calls the "
        "helper for this registry, then run the helper by hand to see its error. No docker login is needed.",
        "Run the credential helper by hand, as the user who runs docker",
        "echo {registry} | docker-credential-ecr-login get | cut -c1-70  # without the password\n"
        "cat ~/.docker/config.json  # credHelpers must have the registry's exact name, or credsStore be ecr-login\n"
        "ls ~/.ecr/log  # no log: docker never called the helper",
        'Docker does not call the helper: Docker\'s configuration ("credHelpers": {"{registry}": '
        '"ecr-login"}) is missing or belongs to another user, such as root, or docker-credential-ecr-login is not '
        "on the PATH.",
        also=(
            "The helper has no AWS credentials, or its credentials lack permissions: the role of the machine that "
            "pulls needs ecr:GetAuthorizationToken on *, and ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on "
            "the repository. The policy of a repository in another account does not replace these.",
        ),
        check="aws ecr get-login-password{region_option} > /dev/null  # as that role: the token's error, if any",
        ground=Ground.PARTLY,
        needs="credential_helper",
    ),
    # Kubernetes documentation, "Configure a kubelet image credential provider"
    # (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/); EKS User Guide, "Amazon EKS
    # node IAM role" (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
    fault(
        r"no basic auth credentials",
        "The node sent no login to ECR: the kubelet has no ecr-credential-provider for this registry, or the "
        "provider got no token with the node's role. A docker login on the node has no effect.",
        "Look at the kubelet's log on that node, and at the role of the node",
        "journalctl -u kubelet | grep -i credential  # on the node; --image-credential-provider-config must be set",
        "The node's role lacks ecr:GetAuthorizationToken (AmazonEC2ContainerRegistryPullOnly has it), the kubelet "
        "runs without --image-credential-provider-config, or its matchImages lack this registry.",
        also=("A pod outside AWS needs imagePullSecrets, whose ECR token must be renewed within 12 hours.",),
        check=None,
        speaker=r"\A(?=[\s\S]*\.dkr[.-]ecr)[\s\S]*?(?:\bkubelet\b|ErrImagePull|ImagePullBackOff)",
        ground=Ground.PARTLY,
    ),
    # ECR Public User Guide, "Registry authentication in Amazon ECR public"
    # (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html).
    fault(
        r"authorization token has expired|no basic auth credentials",
        "Docker has no valid login for public.ecr.aws. A login to a private registry "
        "(ACCOUNT.dkr.ecr.REGION.amazonaws.com) is not valid for public.ecr.aws.",
        "Log docker in to public.ecr.aws",
        "aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin "
        "public.ecr.aws",
        "Log in with aws ecr-public. The login needs ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken.",
        speaker=r"\b(?:docker|podman|finch|nerdctl|buildah|crane|skopeo)\b[^\n]*?\bpublic\.ecr\.aws/[^\n]*\n(?:[^\n]*\n){0,4}?"
        r"[^\n]*(?:authorization token has expired|no basic auth credentials)",
        check=None,
    ),
    # ECR User Guide, "Private registry authentication": a token is valid for 12 hours.
    fault(
        r"authorization token has expired|no basic auth credentials",
        "Docker is not logged in to this ECR registry: a login lasts 12 hours and is independent of the AWS "
        "credentials.",
        "Log docker in to the registry again",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "Docker is not logged in to the registry, or the login is older than 12 hours (aws ecr get-login-password).",
        speaker=r"\.dkr[.-]ecr|public\.ecr\.aws|Reauthenticate|\baws ecr\b|amazon-ecr-login",
    ),
)
