"""Messages about service-linked roles of any service."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

SERVICE_LINKED_ROLES_NOT_READY: tuple[ServiceSentence, ...] = (
    # Amazon EKS API Reference, "RegisterCluster": ResourcePropagationDelayException.
    of_codes(
        "ServiceLinkedRoleFailure ResourcePropagationDelay",
        "the service",
        "a new service-linked role is not ready yet",
        "The service-linked role was created a moment ago and is not ready yet.",
        "Make the call again after a minute. Changing a policy does not help.",
        f"{_API}/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html",
        who=Who.CALLER,
        refuses=False,
    ),
    of_codes(
        "ServiceLinkedRoleNotFoundFault",
        "the service",
        "the service-linked role does not exist in this account",
        "The service-linked role that the service needs does not exist in this account.",
        "Somebody with iam:CreateServiceLinkedRole must create this role once: aws iam create-service-linked-role "
        "--aws-service-name SERVICE.amazonaws.com (elasticache, memorydb, dax).",
        f"{_API}/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html",
        check="aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'",
        refuses=False,
    ),
)  # fmt: skip

SERVICE_LINKED_ROLE_CREATION: tuple[ServiceSentence, ...] = (
    row(
        ("service-linked role", "service linked role"),
        r"(?:permissions?|authorized) to create (?:(?:a|the) )?service[- ]linked role"
        r"(?: (?:for|in) [\w .-]{2,60}?(?=[.,;:\"'\n]|$)"
        r"|(?=[.,;:\"'\n]|$))|Failed (?:creating|to create) (?:a |the )?service[- ]linked role",
        "the caller",
        "the caller is not allowed to create a service-linked role",
        "The service has no service-linked role in this account yet, and the caller is not allowed to create it "
        "(iam:CreateServiceLinkedRole).",
        UsualCause("A custom resource calls with the role of its Lambda function: allow that role to perform "
                   "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = the service's "
                   "principal. Or create the service-linked role once beforehand. The deployer's own permissions do "
                   "not matter.",
                   None, shown_by=r"\bcustom resource\b", needs_evidence=True),
        UsualCause("The service is used for the first time in this account (or its role was deleted), and the caller "
                   "is not allowed to create that role: have somebody with iam:CreateServiceLinkedRole create it once.",
                   "aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'"),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

SERVICE_LINKED_ROLE_NAMES: tuple[ServiceSentence, ...] = (
    row(
        "cannot find service linked role template for",
        r"Cannot find Service Linked Role template for (?P<name>[\w.-]*\w)",
        "nobody",
        "no service-linked role belongs to the name {name}",
        "{name} is not the service principal of a service with a service-linked role: the name is misspelled, or the "
        "service has no such role. No permission is missing.",
        UsualCause(
            "Write the service principal exactly as on the service's page about its service-linked role: it is "
            "case-sensitive, and ends with .amazonaws.com (opensearchservice.amazonaws.com for OpenSearch Service, for "
            "example).",
            None,
            Who.CALLER,
        ),
        page=f"{_API}/IAM/latest/APIReference/API_CreateServiceLinkedRole.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
