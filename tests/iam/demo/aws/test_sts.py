"""STS assumes a role only when the trust policy and the caller's own policies let it, and says so in AWS's words."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iam.demo.account.facts import ACCOUNT, COGNITO_POOL, EKS, GITHUB, NOW
from iam.demo.aws.authorization.encoded import authorization_detail, encode

ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
MFA = {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/ben", "TokenCode": "123456"}
Sessions = Callable[..., Any]


def token(issuer: str, **claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    body = {"iss": f"https://{issuer}", "exp": NOW.timestamp() + 600, **claims}
    return f"{part({'alg': 'none'})}.{part(body)}.x"


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def assume(session: Any, role: str, **arguments: Any) -> Any:
    return session.client("sts").assume_role(RoleArn=ROLE + role, RoleSessionName="s-1", **arguments)


def refused(who: str, action: str, role: str) -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {ROLE}{role}"


def test_callers_are_who_they_are(demo_session: Sessions) -> None:
    def arn(user: str | None) -> str:
        return str(demo_session(user).client("sts").get_caller_identity()["Arn"])

    assert arn(None) == f"arn:aws:sts::{ACCOUNT}:assumed-role/saml-admin/org-admin"
    assert arn("ci-legacy") == f"arn:aws:iam::{ACCOUNT}:user/ci-legacy"


def test_mfa_opens_the_emergency_role(demo_session: Sessions) -> None:
    ben = demo_session("ben")
    who = f"arn:aws:iam::{ACCOUNT}:user/ben"
    role = "human/break-glass-admin"
    expected = ("AccessDenied", refused(who, "sts:AssumeRole", role))
    assert refusal(assume, session=ben, role=role) == expected
    made = assume(ben, role, **MFA)
    assert made["Credentials"]["Expiration"] == NOW + timedelta(hours=1)
    code, message = refusal(assume, session=ben, role=role, SerialNumber=MFA["SerialNumber"], TokenCode="12345x")
    assert (code, message[:26]) == ("AccessDenied", "MultiFactorAuthentication ")


def test_a_session_acts_with_the_role_s_policies(demo_session: Sessions, demo_world: Any) -> None:
    from iam.demo.aws.sessions import session_for
    from iam.demo.open import serve

    credentials = assume(demo_session("ben"), "human/platform-operator")["Credentials"]
    session = session_for(
        serve(demo_world),
        access_key=credentials["AccessKeyId"],
        secret=credentials["SecretAccessKey"],
        token=credentials["SessionToken"],
        region="us-east-1",
    )
    assert session.client("sts").get_caller_identity()["Arn"].endswith(":assumed-role/platform-operator/s-1")
    assert session.client("lambda").list_functions()["Functions"]
    code, message = refusal(session.client("iam").list_roles)
    assert code == "AccessDenied"
    assert "because no identity-based policy allows the iam:ListRoles action. Go to https:" in message
    _, message = refusal(session.client("s3").get_bucket_policy, Bucket="elsewhere")
    assert message.endswith(
        f"with an explicit deny in an identity-based policy: arn:aws:iam::{ACCOUNT}:policy/operate-all-but-identity"
    )


def test_a_session_policy_limits(demo_session: Sessions, demo_world: Any) -> None:
    from iam.demo.aws.sessions import session_for
    from iam.demo.open import serve

    narrow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:List*", "Resource": "*"}]}
    made = assume(demo_session("ben"), "human/platform-operator", Policy=json.dumps(narrow))
    key = made["Credentials"]["AccessKeyId"]
    session = session_for(serve(demo_world), access_key=key, token="t", region="us-east-1")
    assert session.client("lambda").list_functions()["Functions"]
    _, message = refusal(session.client("lambda").get_function, FunctionName="orders-api")
    assert message.endswith("because no session policy allows the lambda:GetFunction action")


def test_session_tags_need_a_permission_of_their_own(demo_session: Sessions) -> None:
    tags = [{"Key": "project", "Value": "ferry"}]
    assert assume(demo_session("alice"), "human/project-developer", Tags=tags)["Credentials"]
    who = f"arn:aws:iam::{ACCOUNT}:user/ben"
    _, message = refusal(assume, session=demo_session("ben"), role="human/project-developer", Tags=tags)
    assert message == (
        refused(who, "sts:TagSession", "human/project-developer")
        + " because no identity-based policy allows the sts:TagSession action"
    )


def test_the_caller_s_own_policies_are_named_and_the_trust_policy_is_not(demo_session: Sessions) -> None:
    dora = f"arn:aws:iam::{ACCOUNT}:user/dora"
    assert refusal(assume, session=demo_session("dora"), role="human/project-developer")[1] == (
        refused(dora, "sts:AssumeRole", "human/project-developer")
        + " because no identity-based policy allows the sts:AssumeRole action"
    )
    ben = f"arn:aws:iam::{ACCOUNT}:user/ben"
    assert refusal(assume, session=demo_session("ben"), role="human/contractor-scoped")[1] == refused(
        ben, "sts:AssumeRole", "human/contractor-scoped"
    )
    # A role that is not there is refused in the same words: nobody learns which exist.
    assert refusal(assume, session=demo_session("ben"), role="human/none")[1] == refused(
        ben, "sts:AssumeRole", "human/none"
    )


def test_session_length(demo_session: Sessions) -> None:
    assert refusal(assume, session=demo_session(), role="human/release-manager", DurationSeconds=7200) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    assert refusal(assume, session=demo_session("ben"), role="human/release-manager", DurationSeconds=7200) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )


def web(session: Any, role: str, web_token: str) -> Any:
    return session.client("sts").assume_role_with_web_identity(
        RoleArn=ROLE + role, RoleSessionName="s-1", WebIdentityToken=web_token
    )


def test_web_identity(demo_session: Sessions) -> None:
    session, role = demo_session(), "ci/gha-deploy-storefront"
    good = token(GITHUB, aud="sts.amazonaws.com", sub="repo:harbor-demo/storefront:ref:refs/heads/main")
    made = web(session, role, good)
    assert made["SubjectFromWebIdentityToken"] == "repo:harbor-demo/storefront:ref:refs/heads/main"
    moved = token(
        GITHUB, aud="sts.amazonaws.com", sub="repo:harbor-demo@5550101/storefront@90210077:ref:refs/heads/main"
    )
    denied = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert refusal(web, session=session, role=role, web_token=moved) == denied
    pod = token(EKS, aud="sts.amazonaws.com", sub="system:serviceaccount:inventory-v2:inventory-api")
    assert refusal(web, session=session, role="app/inventory-irsa", web_token=pod) == denied
    other = token(GITHUB, aud="elsewhere", sub="x")
    assert refusal(web, session=session, role=role, web_token=other) == (
        "InvalidIdentityToken",
        "Incorrect token audience",
    )
    unknown = token("idp.example", aud="x", sub="x")
    code, message = refusal(web, session=session, role=role, web_token=unknown)
    assert (code, message) == (
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account for https://idp.example",
    )
    old = token(GITHUB, aud="sts.amazonaws.com", sub="x", exp=NOW.timestamp() - 5)
    assert refusal(web, session=session, role=role, web_token=old)[0] == "ExpiredTokenException"
    assert refusal(web, session=session, role=role, web_token="nonsense")[0] == "InvalidIdentityToken"


def test_cognito_guests_are_not_signed_in_users(demo_session: Sessions) -> None:
    issuer, role = "cognito-identity.amazonaws.com", "app/cognito-mobile-auth"
    member = token(issuer, aud=COGNITO_POOL, sub="us-east-1:1", amr=["authenticated", "accounts.google.com"])
    assert web(demo_session(), role, member)["Credentials"]
    guest = token(issuer, aud=COGNITO_POOL, sub="us-east-1:2", amr=["unauthenticated"])
    assert refusal(web, session=demo_session(), role=role, web_token=guest)[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [("https://signin.aws.amazon.com/saml", True), ("https://eu-west-1.signin.aws.amazon.com/saml", False)],
)
def test_saml(demo_session: Sessions, endpoint: str, allowed: bool) -> None:
    response = (
        '<Response xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><NameID>erin</NameID>'
        f'<SubjectConfirmationData Recipient="{endpoint}"/>'
        '<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><AttributeValue>erin'
        "</AttributeValue></Attribute></Response>"
    )
    arguments = {
        "RoleArn": ROLE + "human/saml-admin",
        "PrincipalArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP",
        "SAMLAssertion": base64.b64encode(response.encode()).decode(),
    }
    sts = demo_session().client("sts")
    if allowed:
        made = sts.assume_role_with_saml(**arguments)
        assert made["AssumedRoleUser"]["Arn"].endswith(":assumed-role/saml-admin/erin")
    else:
        expected = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
        assert refusal(sts.assume_role_with_saml, **arguments) == expected


def test_messages_are_decoded_by_whoever_may(demo_session: Sessions) -> None:
    detail = authorization_detail(
        principal_id="AIDAX",
        principal_arn=f"arn:aws:iam::{ACCOUNT}:user/x",
        action="ec2:StopInstances",
        resource="*",
        explicit_deny=False,
        context={"aws:RequestedRegion": ("us-east-1",)},
    )
    message = encode(detail)
    sts = demo_session().client("sts")
    assert json.loads(sts.decode_authorization_message(EncodedMessage=message)["DecodedMessage"]) == detail
    code, _ = refusal(sts.decode_authorization_message, EncodedMessage=message[:-20])
    assert code == "InvalidAuthorizationMessageException"
    assert refusal(demo_session("ben").client("sts").decode_authorization_message, EncodedMessage=message)[0] == (
        "AccessDenied"
    )


def test_ec2_s_refusals_carry_an_encoded_message(demo_session: Sessions) -> None:
    ec2 = demo_session("alice").client("ec2")
    code, message = refusal(ec2.stop_instances, InstanceIds=["i-0f1e2d3c4b5a69788"])
    assert code == "UnauthorizedOperation"
    encoded = message.rpartition("Encoded authorization failure message: ")[2]
    decoded = demo_session().client("sts").decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"]
    assert json.loads(decoded)["context"]["action"] == "ec2:StopInstances"
