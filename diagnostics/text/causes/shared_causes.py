"""Common causes that denials and other failures share."""

from __future__ import annotations

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import SERVICE_ROLES, WHO_AM_I, Said, contains, quoted, reading, speaks_of
from diagnostics.text.read.messages.stack_status import FAILED_CREATION
from diagnostics.who import Who
from iam.facts.sdk_versions import POD_IDENTITY
from iam.lazy_pattern import regex

PROVIDERS = reading("iam", "list-open-id-connect-providers")

WRONG_THUMBPRINT = Said(
    r"certificate doesn'?t match[^.\n]{0,40}thumbprint",
    "AWS cannot check the token's signature: the issuer's certificate is not the one registered with the provider in "
    "IAM. Compare the provider's thumbprint.",
    PROVIDERS,
    Who.ACCOUNT_ADMIN,
)
UNFETCHED_KEYS = Said(
    r"verification key from your identity(?: provider)?",
    "AWS cannot check the token's signature, because it must fetch the issuer's keys "
    "(…/.well-known/openid-configuration, jwks_uri) from the internet.",
    PROVIDERS,
    Who.ACCOUNT_ADMIN,
)
"""Messages of STS about a web identity token, before any trust policy is evaluated."""

MISSING_SERVICE_ROLE = FirstLook(
    "The service is used for the first time in this account (or its role was deleted), and the caller is not allowed "
    "to create that role: have somebody with iam:CreateServiceLinkedRole create it once.",
    speaks_of("the text mentions a service-linked role", r"service[- ]linked role|AWSServiceRoleFor"),
    SERVICE_ROLES,
    Who.ACCOUNT_ADMIN,
)


def failed_stack(text: str) -> FirstLook | None:
    """Return what to do with a stack that a failed creation or rollback left behind; None if the text shows none."""
    if said := quoted(text, r"\bUPDATE_ROLLBACK_FAILED\b"):
        # CloudFormation API Reference, "ContinueUpdateRollback"
        # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html).
        return FirstLook(
            "When the cause is gone, continue the rollback: aws cloudformation continue-update-rollback --stack-name "
            "STACK. --resources-to-skip leaves out resources that still cannot be rolled back.",
            contains(said),
            None,
            Who.CALLER,
        )
    found = FAILED_CREATION.search(text)
    if found is None:
        return None
    return FirstLook(
        f"A stack in {found[0]} cannot be updated: delete it before it is created again.",
        contains(found[0]),
        None,
        Who.CALLER,
    )


def pull_without_batch(text: str) -> FirstLook | None:
    """Return the cause if a pull is denied and the policy has ecr:Get*, but not ecr:BatchGetImage; else None.

    Amazon ECR User Guide, "AWS managed policies for Amazon ECR": AmazonEC2ContainerRegistryPullOnly
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html).
    """
    said = quoted(text, r"\bpull\w*[^\n]{0,60}\bECR\b[^\n]{0,60}?(?:denied|403|forbidden|refused)")
    if not said or not quoted(text, r"\becr:Get\*") or quoted(text, r"\becr:(?:\*|Batch)"):
        return None
    return FirstLook(
        "ecr:Get* does not match ecr:BatchGetImage, which a pull needs. Add ecr:BatchGetImage on the repository; "
        "ecr:GetDownloadUrlForLayer and ecr:GetAuthorizationToken are matched already.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
    )


_NODES = r"\b(?:node|worker|instance)(?:'s|s'|s)?(?: (?:instance|IAM))? (?:role|profile)\b"
_WELL = r"\b(?:works?|worked|succeeds?|succeeded|is fine|goes through|goes away)\b"
_GIVES = r"\b(?:allow\w*|grant\w*|gives?|gave|given|giving|add\w*|attach\w*)\b"
_WHEN = r"\b(?:if|when|once|after|as soon as)\b"
_NODE_HELPS = (
    rf"{_WHEN}[^.\n]{{0,30}}{_GIVES}[^.\n]{{0,60}}{_NODES}[^.\n]{{0,80}}{_WELL}"
    rf"|{_WELL}[^.\n]{{0,30}}{_WHEN}[^.\n]{{0,30}}{_GIVES}[^.\n]{{0,60}}{_NODES}"
)
_NOT_ANNOTATED = (
    r"\bservice ?accounts? [\w-]+\b[^.\n]{0,40}\b(?:no|without an?|lacks an?|has no|not have (?:an?"
    r"|the)) (?:\w+ )?annotation\b"
    r"|\bservice ?accounts? [\w-]+[^.\n]{0,20}\b(?:is|are|was|were)(?: not|n't) annotated\b"
)
_OWN_ROLE = r"\bIRSA\b|\bpods\.eks\.|\bpod[ _-]?identity\b|eks\.amazonaws\.com/role-arn|AWS_WEB_IDENTITY_TOKEN_FILE"
_WRITES = (
    r"\b(?:backups?|snapshots?|uploads?)\b[^.\n]{0,30}"
    r"\b(?:created|written|work|works|succeed|succeeds|uploaded|fine)\b"
)
_READS = (
    r"\b\w*restores?\b[^\n]{0,80}\b(?:fail\w*|ends? with|stops?|denied|403)\b"
    r"|\b(?:clean-?up|deletion|purge|retention)\b[^\n]{0,80}\b(?:fail\w*|denied|403)\b"
)
_ASSOCIATED = r"\bpod[ _-]?identity\b|\bpods\.eks\.amazonaws\.com\b"
_NOT_ITS_OWN = (
    r"\b(?:no|without|not (?:use|using|have)|n't (?:use|have)) (?:IRSA|pod identity)\b|\bIRSA (?:isn't|is not)\b"
    r"|\b(?:pull|pulls|pulling|pulled)\b[^\n]{0,80}\bimages?\b|\bImagePull\w+|\becr:|\.dkr[.-]ecr"
)
_BEFORE = (
    r"\bwith IRSA\b[^.\n]{0,40}\b(?:works?|worked|used to work|is fine|was fine)\b"
    r"|\b(?:worked|works|used to work|was fine|is fine)\b[^.\n]{0,40}\bwith IRSA\b"
    r"|\b(?:replaced|switched|moved|migrated|changed)\b[^.\n]{0,60}\b(?:IRSA|annotation)\b[^.\n]{0,40}\b(?:by|to"
    r"|with|for)\b"
    r"[^.\n]{0,20}\bpod[ _-]?identity\b"
    r"|\baws[ -]?cli\b[^.\n]{0,60}\bsame service ?account\b[^.\n]{0,60}\b(?:can|works?|succeeds?|may)\b"
    r"|\bsame service ?account\b[^.\n]{0,60}\baws[ -]?cli\b[^.\n]{0,60}\b(?:can|works?|succeeds?|may)\b"
)


def pods_role_unused(text: str) -> FirstLook | None:
    """Return the cause if the text shows that a program in a pod does not use the pod's own role; else None.

    EKS User Guide, "Use pod identity with the AWS SDK"
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html), and "Configure Pods to use a Kubernetes
    service account" (https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html).
    """
    if not quoted(text, _OWN_ROLE) or quoted(text, _NOT_ITS_OWN):
        return None
    if said := quoted(text, _NOT_ANNOTATED):
        return FirstLook(
            "The service account of the pods that fail has no role, according to the text: annotate it "
            "(eks.amazonaws.com/role-arn) or give it a Pod Identity association, add it to the role's trust policy, "
            "and "
            "restart the pods. Until then these pods call with the node's role, or with none.",
            contains(said),
            None,
            Who.CALLER,
        )
    if said := quoted(text, _NODE_HELPS):
        return FirstLook(
            "The call works once the node's role has the permission, so it is made with the "
            "node's role, and the failing program does not use its pod's role. Look at the pod "
            "that makes this call (an operator's own pod has another service account): it needs "
            "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE. If it has them, this version of the "
            "program does not support IRSA for this call: update the program. Then remove the "
            "permission from the node's role.",
            contains(said),
            WHO_AM_I,
            Who.CALLER,
        )
    if (
        quoted(
            text,
            r"\b(?:operator"
            r"|controller)\b",
        )
        and (one := quoted(text, _WRITES))
        and (two := quoted(text, _READS))
    ):
        return FirstLook(
            "Look first at the pod that makes this call. An operator often reads, restores and deletes with its own "
            "service account, not with that of the pod that writes. If the operator's service account has no role (or "
            "the operator's version does not support IRSA for this call), the operator uses the node's role. Give the "
            "operator's service account the role too and restart its pod, or update the operator.",
            contains(one, two),
            WHO_AM_I,
            Who.CALLER,
        )
    if (associated := quoted(text, _ASSOCIATED)) and (before := quoted(text, _BEFORE)):
        return FirstLook(
            "Most likely the program's AWS SDK (or the S3 library that it uses instead) is too old for EKS Pod "
            "Identity, so the program uses the node's role or no role. The minimum versions are "
            f"{POD_IDENTITY}. Update the program, or use IRSA until then. The association, the trust policy and the "
            "role's policies are less likely causes.",
            contains(associated, before),
            WHO_AM_I,
            Who.CALLER,
        )
    return None


_NOT_TAKEN = r"\b(?:no|without(?: any| an)?|never an?) (?:sts:)?AssumeRole\b(?!\w)[^.\n]{0,40}"
_CALLED_AS = regex(r"arn:[\w-]+:sts::\d{12}:assumed-role/(?P<role>[\w+=,.@-]+)/")
_TO_TAKE = regex(r"\barn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<role>[\w+=,.@-]*[\w+=@-])")


def role_not_taken(text: str) -> FirstLook | None:
    """Return the cause if a program, as the text shows, called with its own role and not the role to assume; else None.

    AWS CloudTrail User Guide, "CloudTrail userIdentity element": the session's ARN names the role that signed
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
    """
    said = quoted(text, _NOT_TAKEN)
    own = {each["role"] for each in _CALLED_AS.finditer(text)}
    meant = {each["role"] for each in _TO_TAKE.finditer(text)} - own
    if not said or len(own) != 1 or len(meant) != 1:
        return None
    caller, role = own.pop(), meant.pop()
    return FirstLook(
        f"The program called with {caller} and did not assume {role}, as the text shows. So neither {role}'s trust "
        f"policy nor its policies are the cause: the setting for {role} is not used here, or this version ignores it. "
        f"Update the program, and give {caller} no permission for it.",
        contains(said, caller, role),
        WHO_AM_I,
        Who.CALLER,
    )
