"""Rows for OpenSearch: sign-in, security roles, the service-linked role, the Terraform provider."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OPENSEARCH_PROVIDER = "the OpenSearch domain"

OPENSEARCH: tuple[System, ...] = (
    # The Terraform providers for OpenSearch and Elasticsearch (https://github.com/opensearch-project/
    # terraform-provider-opensearch, and olivere/elastic, errors.go).
    made_system(
        OPENSEARCH_PROVIDER,
        "Check with which identity the provider calls (sign_aws_requests, aws_assume_role_arn, aws_profile, or "
        "username and password). The domain's access policy must allow that identity es:ESHttp*, and with "
        "fine-grained access control it must be mapped to a security role.",
        r"\belastic: Error 403 \(Forbidden\)(?!:)"
        r"|\bHTTP 403 Forbidden: Permission denied\. Please ensure that the correct credentials are being used to "
        r"access the cluster",
        "elastic: error 403",
        "http 403 forbidden: permission denied",
        sure=False,
        verdict="The OpenSearch domain refused the provider's request, without a reason: look at the identity with "
        "which the provider calls the domain, and at the security roles to which it is mapped.",
        title="Compare the provider's identity with the domain's access policy and role mappings",
    ),
    made_system(
        "OpenSearch",
        "Check the role mapping of the domain's fine-grained access control (OpenSearch Dashboards, Security).",
        r"no\s+permissions\s+for\s+\[[\w:/*, \[\]-]+\]\s+and\s+User|security_exception\b[^\n]{0,300}no\s+permissions",
        "no permissions",
        verdict="OpenSearch's fine-grained access control refused the request, not IAM: no security role that is "
        "mapped to the caller has this permission.",
        title="Map the caller to a security role of the domain that has the permission",
    ),
)

OPENSEARCH_SIGN_IN: tuple[System, ...] = (
    # Amazon OpenSearch Service Developer Guide, "Fine-grained access control in Amazon OpenSearch Service"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html).
    made_system(
        "OpenSearch's sign-in",
        "Sign the request with IAM credentials (service es), or give the internal user's name and password; with "
        "fine-grained access control, map the role or user in OpenSearch Dashboards, Security.",
        r"\b(?:AuthenticationException\(401|401\s+Unauthorized|\b401\b[^\n]{0,40}Unauthorized)[\s\S]{0,300}\.es\.amazonaws\.com"
        r"|\.es\.amazonaws\.com[\s\S]{0,300}\b401\b",
        ".es.amazonaws.com",
        verdict="OpenSearch refused the sign-in (401): the request was not signed, or the user or password is wrong.",
        sure=False,
    ),
)

OPENSEARCH_ROLE: tuple[System, ...] = (
    # Amazon OpenSearch Service developer guide, "Using service-linked roles"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html).
    made_system(
        "the service-linked role of OpenSearch Service",
        "Create it once: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com (the "
        "caller needs iam:CreateServiceLinkedRole). Then make the call again: the call passes no role, and a role with "
        "the old Elasticsearch name is not needed.",
        r"you\s+must\s+enable\s+a\s+service-linked\s+role\s+to\s+give\s+Amazon\s+(?:OpenSearch|ES|Elasticsearch)",
        "must enable a service-linked role",
        unless=r"perform:?\s+iam:CreateServiceLinkedRole",
        verdict="The call is allowed, but the account has no service-linked role for OpenSearch Service, which a "
        "domain in a VPC needs: create it once.",
        title="Create the service-linked role",
    ),
)
