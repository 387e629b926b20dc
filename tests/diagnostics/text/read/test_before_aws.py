"""Answers that are no IAM policy's and name their thing: proxies, TLS, names, stacks, Identity Center, Pod Identity."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.causes.find_causes import first_look

S3 = "s3.eu-west-1.amazonaws.com"
STACK = "eksctl-web-addon-iamserviceaccount-team-a-api"

# text → what it is a matter of, words of the verdict
SYSTEMS = [
    (f"> CONNECT {S3}:443 HTTP/1.1\n< HTTP/1.1 403 Forbidden\n< X-Squid-Error: ERR_ACCESS_DENIED 0\n"
     "curl: (56) CONNECT tunnel failed, response 403", "a proxy on the way", f"A proxy blocked the connection to {S3}"),
    (f"<title>Zscaler</title> Access to https://{S3}/ is blocked by your organization's policy", "a proxy on the way",
     S3),
    ("Forcepoint: the category Cloud Storage is blocked for your group", "a proxy on the way", "a proxy on the way"),
    (f"HTTPSConnectionPool(host='{S3}', port=443): Max retries exceeded (Caused by ProxyError('Cannot connect to "
     "proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required')))", "a proxy on the way", S3),
    (f"SSL validation failed for https://{S3}/ [SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate",
     "the TLS connection", f"The TLS connection to {S3} was not trusted"),
    (f'Get "https://{S3}/": x509: certificate signed by unknown authority', "the TLS connection", S3),
    ("x509: certificate signed by unknown authority", "the certificate of the server", "the certificate of the server"),
    (f"dial tcp: lookup {S3}: i/o timeout", "name resolution", f"The name {S3} could not be resolved"),
    (f"dial tcp: lookup {S3} on 10.0.0.2:53: no such host", "name resolution", f"The name {S3} could not be resolved"),
    (f'Could not connect to the endpoint URL: "https://{S3}/"', "the network", f"{S3} could not be reached"),
    (f'Connect timeout on endpoint URL: "https://{S3}/"\nthe gateway endpoint for S3 is there',
     "the way to the gateway endpoint", f"{S3}, which is behind a gateway endpoint, could not be reached"),
    ('Connect timeout on endpoint URL: "https://sts.eu-west-1.amazonaws.com/"\nthe s3 gateway endpoint is there',
     "the network", "could not be reached"),
    (f"Unable to execute HTTP request: Connect to {S3}:443 [{S3}/1.1.1.1] failed: connect timed out",
     "the network", f"{S3} could not be reached"),
    (f"Connection to {S3} timed out. (connect timeout=60)", "the network", f"{S3} could not be reached"),
    ("New-S3Bucket -BucketName logs\nNew-S3Bucket : The requested bucket name is not available. The bucket namespace "
     "is shared by all users of the system.", "the bucket's name, which is taken", "logs"),
    ("CreatePodIdentityAssociation, https response error StatusCode: 409, RequestID: 1, ResourceInUseException: "
     "Association already exists: a-1b2c3d4e", "the service account's Pod Identity association", "has a Pod Identity"),
    ("An error occurred (ResourceInUseException) when calling the CreatePodIdentityAssociation operation: Association "
     "already exists: a-9f8e", "the service account's Pod Identity association", "has a Pod Identity"),
    ("Error: creating EKS Pod Identity Association (app:web): operation error EKS: CreatePodIdentityAssociation, https "
     "response error StatusCode: 409, RequestID: 1, ResourceInUseException: Association already exists: a-2f3e",
     "the service account's Pod Identity association", "has a Pod Identity"),
    ("CreateAccessEntry, https response error StatusCode: 409, RequestID: 1, ResourceInUseException: The specified "
     "access entry resource is already in use on this cluster.", "the principal's access entry", "for this principal"),
    ("AWS::EKS::AccessEntry/AccessEntry: CREATE_FAILED - The specified access entry resource is already in use on this "
     "cluster. (Service: Eks, Status Code: 409)", "the principal's access entry", "for this principal"),
    ("An error occurred (ResourceInUseException) when calling the CreateAccessEntry operation: The specified access "
     "entry resource is already in use on this cluster.", "the principal's access entry", "for this principal"),
    ("mc: <ERROR> Failed to copy `r`. The Access Key Id you provided does not exist in our records.\n+ mc alias "
     "list lab\n  URL : https://minio.lab.example:9000", "the keys of the store", "has its own keys"),
    ("POST https://app.shop.example/api/avatar  403\nServer: CloudFront\n<H2>The request could not be satisfied.</H2> "
     "Request blocked.", "CloudFront", "CloudFront"),
    (f"AlreadyExistsException: Stack [{STACK}] already exists", "a CloudFormation stack",
     f"The CloudFormation stack {STACK} already exists"),
    ("ResourceInUseException: Table already exists: orders-eu", "a resource of another service", "orders-eu"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "detail", "words"), SYSTEMS)
def test_what_is_not_iam_is_named(text: str, detail: str, words: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_IAM, detail)
    diagnosis = collect_offline(failure)
    assert words in diagnosis.verdict.summary
    assert "{name}" not in str(diagnosis.fixes)


def test_a_refusal_of_aws_beside_a_proxys_name_is_still_aws() -> None:
    text = (
        "User: arn:aws:iam::444455556666:user/eva is not authorized to perform: s3:GetObject because no identity-based "
        "policy allows the s3:GetObject action (via Zscaler, not blocked)"
    )
    assert isinstance(read_text(text)[0], Denial)


def test_get_caller_identity_needs_no_permission_where_sts_was_called() -> None:
    text = '$ aws sts get-caller-identity\nConnect timeout on endpoint URL: "https://{}.eu-west-1.amazonaws.com/"'
    said = [str(collect_offline(read_text(text.format(service))[0]).fixes) for service in ("sts", "s3")]
    assert ["needs no permission" in each for each in said] == [True, False]


def test_eksctls_stack_gives_its_command() -> None:
    text = (
        f'building iamserviceaccount stack "{STACK}" for "team-a/api"\n'
        f"AlreadyExistsException: Stack [{STACK}] already exists"
    )
    causes = [look.cause for look in first_look(read_text(text)[0])]
    assert "delete iamserviceaccount --cluster web --namespace team-a --name api" in causes[0]


NO_ACCESS = "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access"
LISTED = '{"roleList": [{"roleName": "Auditor", "accountId": "444455556666"}]}'
PROFILE = "\n[profile x]\nsso_account_id = 444455556666\nsso_role_name = Auditor\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [(NO_ACCESS + PROFILE, "Auditor is not assigned to this person in account 444455556666"),
     (f"{NO_ACCESS}{PROFILE}the portal shows 444455556566", "If Identity Center shows 444455556566, correct"),
     (f"{NO_ACCESS}{PROFILE}other account: 111122223333", "Auditor is not assigned to this person"),
     (NO_ACCESS, "the profile's permission set (sso_role_name) is not assigned"),
     (NO_ACCESS + PROFILE + LISTED, "the list in the text has Auditor for account 444455556666"),
     (NO_ACCESS + PROFILE + LISTED.replace("444455556666", "111122223333"), "Auditor is not assigned to this person"),
     (NO_ACCESS + PROFILE + LISTED.replace("Auditor", "Reader"), "Write sso_role_name = Reader in the profile"),
     (f"GetRoleCredentials, https response error StatusCode: 403, ForbiddenException: No access{PROFILE}", "Auditor"),
     (f"connect: unable to authenticate -> ForbiddenException: No access{PROFILE}", "Auditor is not assigned"),
     (NO_ACCESS + PROFILE.replace("Auditor", "AWSServiceRoleForSSO"), "AWSServiceRoleForSSO is a service-linked role"),
     (NO_ACCESS + PROFILE.replace("Auditor", "arn:aws:iam::444455556666:role/ops/Admin"), "Admin is an IAM role"),
     (NO_ACCESS + PROFILE.replace("Auditor", "OrganizationAccountAccessRole"), "Write the name of a permission set")],
)  # fmt: skip
def test_an_assignment_of_identity_center_is_no_policy_of_iam(text: str, words: str) -> None:
    failure = read_text(text)[0]
    assert collect_offline(failure).verdict.cause == "not-iam"
    assert words in first_look(failure)[0].cause


@pytest.mark.parametrize(
    "text",
    [
        "tool: ForbiddenException: No access to the workspace\n[profile x]\nsso_role_name = Auditor",
        "kafka-ui: ForbiddenException: No access",
    ],
)
def test_another_service_that_gives_no_access_is_not_identity_center(text: str) -> None:
    assert all("permission set" not in look.cause for failure in read_text(text) for look in first_look(failure))


POD = "unable to fetch credentials from EKS Auth: (AccessDeniedException): EKS does not have permissions to assume the "
POD += "associated role., fault: client"
ROLE = "arn:aws:iam::444455556666:role/app/api"


@pytest.mark.parametrize(
    ("text", "role"),
    [(POD, None), (f'{POD}\n"roleArn": "{ROLE}"', ROLE), (f"{POD}\n(-> role {ROLE})", ROLE),
     (f"{POD}\n\nrole {ROLE}\nrole {ROLE}2", None)],
)  # fmt: skip
def test_pod_identity_wants_two_actions_of_the_role_that_the_text_names(text: str, role: str | None) -> None:
    failure = next(each for each in read_text(text) if isinstance(each, Denial) and each.claims_trust)
    assert (failure.service, failure.resource) == ("pods.eks", role)
    assert "sts:TagSession" in collect_offline(failure).verdict.summary
    assert all("that role lacks" not in look.cause for look in first_look(failure))


USER = "arn:aws:iam::444455556666:user/eva"
SESSION = "arn:aws:sts::444455556666:assumed-role/ops/eva"
PANELS = [
    (f"Benutzer: {USER}\nAktion: ec2:RunInstances\nKontext: no identity-based policy allows the action",
     (USER, "ec2:RunInstances", None, "implicit:identity")),
    (f"Utilisateur : {SESSION}\nAction : iam:ListUsers\nSur les ressources : arn:aws:iam::444455556666:user/\n"
     "Contexte : no service control policy allows the action",
     (SESSION, "iam:ListUsers", "arn:aws:iam::444455556666:user/", "implicit:scp")),
    (f"\u7528\u6237\uff1a{USER}\n\u64cd\u4f5c\uff1aec2:StopInstances\n"
     "\u4e0a\u4e0b\u6587\uff1awith an explicit deny in an identity-based policy",
     (USER, "ec2:StopInstances", None, "explicit:identity")),
    (f"\uc0ac\uc6a9\uc790: {USER}\n\uc11c\ube44\uc2a4: ec2\n\uc791\uc5c5: ec2:RunInstances\n"
     "\ucee8\ud14d\uc2a4\ud2b8: no permissions boundary allows the action",
     (USER, "ec2:RunInstances", None, "implicit:boundary")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), PANELS)
def test_the_consoles_panel_is_read_in_any_language(text: str, told: tuple[str | None, ...]) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource, failure.stated_reason) == told
