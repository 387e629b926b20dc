"""Answers for every recipe of a new role."""

from __future__ import annotations

from collections.abc import Mapping

from iam.facts.service_roles.table import SERVICE_ROLES

ACCOUNT = "111122223333"


EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"


POOL = "us-east-1:5c1d8a40-0f3e-4f0a-9d3c-2b7a6e5d4c31"


TRUSTS: list[tuple[str, Mapping[str, str]]] = [
    *[("service", {"service": use.id}) for use in SERVICE_ROLES],
    ("service", {"service": "states", "source_arn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:nightly"}),
    ("service", {"service": "greengrass.amazonaws.com"}),
    ("pod-identity", {}),
    ("pod-identity", {"namespace": "search", "service_account": "api"}),
    ("irsa", {"provider": f"https://{EKS}", "namespace": "search", "service_account": "api"}),
    ("account", {}),
    ("account", {"account": "444455556666", "external_id": "hl-9", "mfa": "yes", "mfa_age": "900"}),
    ("account", {"organization": "o-exampleorgid", "principals": f"arn:aws:iam::{ACCOUNT}:user/alice"}),
    ("github", {"organization": "harbor-demo", "repository": "storefront", "branch": "main"}),
    ("github", {"organization": "harbor-demo", "repository": "storefront", "environment": "prod"}),
    ("github", {"organization": "harbor-demo"}),
    (
        "github",
        {
            "organization": "harbor-demo",
            "repository": "storefront",
            "tag": "v*",
            "form": "both",
            "organization_id": "5550101",
            "repository_id": "90210077",
        },
    ),
    ("github", {"organization": "harbor-demo", "form": "id", "organization_id": "5550101", "branch": "main"}),
    ("gitlab", {"group": "harbor/apps", "project": "storefront", "branch": "main"}),
    ("gitlab", {"group": "harbor", "form": "id", "project_id": "77"}),
    ("terraform", {"organization": "harbor", "workspace": "prod", "run_phase": "apply"}),
    ("cognito", {"pool": POOL}),
    ("google", {"client_id": "1234.apps.googleusercontent.com", "subject": "42"}),
    ("oidc", {"provider": "idp.harbor.example/oidc", "audience": "sts.amazonaws.com", "subject": "job:deploy"}),
    ("saml", {"provider": "HarborIdP"}),
    ("saml", {"provider": "HarborIdP", "regions": "us-east-1, eu-west-1", "session_tags": "yes"}),
    ("saml", {"provider": "HarborIdP", "access": "programmatic", "attribute": "SAML:sub", "value": "jo"}),
]


FEW_TRUSTS = [each for each in TRUSTS if each[0] != "service"] + [each for each in TRUSTS if each[0] == "service"][::9]
"""Every other kind, and some of the services: their documents differ in the principal alone."""


PERMISSIONS: list[tuple[str, Mapping[str, str]]] = [
    ("read-bucket", {"bucket": "harbor-assets"}),
    ("read-bucket", {"bucket": "harbor-assets", "prefix": "public/", "key": "11111111-2222-3333-4444-555555555555"}),
    ("write-bucket", {"bucket": "harbor-assets\nharbor-reports", "delete": "yes"}),
    ("read-table", {"table": "orders"}),
    ("write-table", {"table": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders", "key": "abc"}),
    ("consume-queue", {"queue": "orders"}),
    ("send-queue", {"queue": "orders"}),
    ("publish-topic", {"topic": "alarms", "key": "abc"}),
    ("put-events", {}),
    ("read-stream", {"stream": "clicks"}),
    ("read-secret", {"secret": "orders/db", "key": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/abc"}),
    ("read-parameter", {"parameter": "/orders/*"}),
    ("function-logs", {"function": "orders-api"}),
    ("write-logs", {"group": "/harbor/orders"}),
    ("put-metrics", {"namespace": "Harbor/Orders"}),
    ("invoke-function", {"function": "orders-api"}),
    ("start-execution", {"machine": "nightly"}),
    ("pull-image", {"repository": "orders"}),
    ("pass-role", {"role": "app/orders-api-lambda", "service": "lambda"}),
    ("assume-role", {"role": "arn:aws:iam::444455556666:role/broker"}),
]
