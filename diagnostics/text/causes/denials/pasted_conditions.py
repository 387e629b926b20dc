"""Causes for a Deny whose condition alone is quoted, and for a Deny whose NotPrincipal does not list the session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.condition_remedies import inverted, remedy
from diagnostics.text.answer.denial.api_authorizers import OF_AUTHORIZER, is_of_authorizer
from diagnostics.text.answer.tool_settings_for_condition_keys import settings_of_tool
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.own_address import own_address
from diagnostics.text.read.identities.token_conditions import quoted_conditions
from diagnostics.who import Who
from iam.facts.client_calls import INFERENCE_PROFILE
from iam.facts.deployed_policies import DEPLOYED
from iam.lazy_pattern import regex

_WHOLE = regex(r"[\"']?Statement[\"']?\s*[:=]")
_WITH_MFA = "aws sts get-session-token --serial-number MFA-ARN --token-code CODE"


_OF_SERVICES_ONLY = ("aws:principalisawsservice", "aws:viaawsservice", "aws:principalservicename")
"""Keys that only calls of AWS services have: no caller can choose their values."""
_OF_VPCS = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip")


def pasted_condition(signs: Signs) -> Iterator[FirstLook]:
    """Yield how to avoid a Deny, if the text quotes the condition of the Deny without the rest of its statement."""
    text = signs.denial.pasted or signs.denial.text
    if not signs.denied_explicitly or _WHOLE.search(text):
        return
    if (endpoint := of_an_endpoint(signs)) is not None:
        yield endpoint
        return
    every = list(quoted_conditions(text))
    quoted = [each for each in every if each.key.lower() not in _OF_SERVICES_ONLY][:2] or every[:2]
    keys = {each.key.lower() for each in every}
    for each in quoted:
        if wrong := inverted(each.operator, each.key, each.values):
            if len(quoted) == 1:
                yield FirstLook(wrong, contains(each.said), None, Who.RESOURCE_OWNER)
            continue
        other = not each.negated and not each.operator.startswith(("Bool", "Null"))
        denies_true = each.operator.startswith("Bool") and each.values == ("true",)
        how = remedy(each.key, each.values if each.negated else (), other=other, denies_true=denies_true)
        if each.operator == "NotIpAddress" and (inside := _address_inside(each.key, each.values, text)):
            yield FirstLook(inside, contains(each.said), None, Who.CALLER)
            continue
        if each.negated and (through := _endpoint_listed(each.key, each.values, text)):
            yield FirstLook(through, contains(each.said), None, Who.RESOURCE_OWNER)
            continue
        if each.key.lower() == "aws:sourceip" and each.negated and not keys.isdisjoint(_OF_VPCS):
            how = "call from that network, or from a VPC that the same statement excepts"
        if each.key.lower() == "aws:requestedregion" and signs.service == "bedrock" and signs.quote(INFERENCE_PROFILE):
            how = (
                "use a profile or model that stays in the allowed Regions, or ask the owner of the Deny to exempt "
                "bedrock:InvokeModel*: an inference profile chooses the Region itself"
            )
        to_pass = settings_of_tool(((each.operator, each.key),), text) or f"To pass, {how}."
        yield FirstLook(
            f"The condition in the text denies calls whose {each.met_words}. {to_pass}",
            contains(each.said),
            None,
            Who.CALLER,
        )


def _address_inside(key: str, values: Sequence[str], text: str) -> str:
    """Return what to compare if the caller's address in the text is one that the Deny excepts; "" if it is not.

    IAM User Guide, "AWS: Denies access to AWS based on the source IP": a service that calls in the caller's name passes
    the caller's address on (forward access sessions)
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html).
    """
    address = own_address(text) if key.lower() == "aws:sourceip" else None
    if address is None or not any(_is_in(address, each) for each in values):
        return ""
    return (
        f"This Deny excepts the caller's address in the text, {address}, so the range is right. The refused call had "
        "another address, or none (through a VPC endpoint). Compare sourceIPAddress and vpcEndpointId in CloudTrail, "
        "also of the call before it if a service called in the caller's name: such a service passes the caller's "
        "address on (forward access sessions). A simulation with that address does not show the difference."
    )


_CALLED_ENDPOINT = regex(r"\b(vpce-[0-9a-f]{8,17})-[a-z0-9]{6,10}\.[a-z0-9.-]+\.vpce\.amazonaws\.com")


def _endpoint_listed(key: str, values: Sequence[str], text: str) -> str:
    """Return what to compare if the Deny excepts the VPC endpoint in the address that was called; else ""."""
    called = set(_CALLED_ENDPOINT.findall(text)) if key.lower() == "aws:sourcevpce" else set()
    if len(called) != 1 or not called <= set(values):
        return ""
    deployed = f" {DEPLOYED}" if "execute-api" in text else ""
    return (
        f"This Deny excepts the endpoint of the called address, {called.pop()}, so the list is right. Another "
        f"statement denies the call, or an earlier version of the policy is in effect.{deployed}"
    )


def _is_in(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


_ENDPOINT = regex(r"\b(?:gateway|vpc|interface|s3|private) ?endpoints?\b|\bvpce-[0-9a-f]+", re.IGNORECASE)


def of_an_endpoint(signs: Signs) -> FirstLook | None:
    """Return the cause if a Deny tests public IP addresses and the text mentions a VPC endpoint.

    A request through an endpoint has no public address. Amazon S3 User Guide, "Controlling access from VPC endpoints
    with bucket policies"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html).
    """
    text = signs.denial.pasted or signs.denial.text
    conditions, said = list(quoted_conditions(text))[:2], _ENDPOINT.search(text)
    if not signs.denied_explicitly or _WHOLE.search(text):
        return None
    only = [each for each in conditions if each.operator == "NotIpAddress" and each.key.lower() == "aws:sourceip"]
    if said is None or len(only) != len(conditions) or not only or "aws:SourceVpc" in text:
        return None
    found = re.search(r"\bvpce-[0-9a-f]+", text)
    endpoint = found[0] if found else "vpce-ID"
    return FirstLook(
        "A request through a VPC endpoint does not come from a public address, so this Deny matches it, whatever "
        "address a call to the internet shows. Exempt the endpoint from the Deny: add to its Condition "
        f'"StringNotEquals": {{"aws:SourceVpce": "{endpoint}"}}.',
        contains(said[0]),
        None,
        Who.RESOURCE_OWNER,
    )


# IAM User Guide, "AWS JSON policy elements: NotPrincipal".
_NOT_PRINCIPAL = regex(r"[\"']?NotPrincipal[\"']?\s*[:=]")
_SESSION = regex(r"arn:aws[\w-]*:sts::\d{12}:assumed-role/")


def not_principal(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Deny's NotPrincipal lists the role but not its session, which is another principal."""
    text = signs.denial.pasted or signs.denial.text
    found = _NOT_PRINCIPAL.search(text)
    if not signs.denied_explicitly or signs.layer not in ("resource", "") or found is None or not signs.role:
        return
    listed = text[found.end() : found.end() + 1500].partition("}")[0]
    if _SESSION.search(listed):
        return
    yield FirstLook(
        f"NotPrincipal in a Deny must list three ARNs: the session's (assumed-role/{signs.role}/{signs.session}), the "
        "role's and the account's. The text lists no session. Better: Principal “*” with ArnNotEquals on "
        "aws:PrincipalArn, which is the role's ARN in every session.",
        contains(excerpt(f"{found[0]}{listed}")),
        None,
        Who.RESOURCE_OWNER,
    )


# IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials".
_MFA = regex(
    r"\b(?:force|require|enforce|need|deny|without)[\w-]{0,20}mfa\w*|\bmfa[\w-]{0,12}(?:required|policy)", re.IGNORECASE
)


def mfa_named(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the policy's name says that it requires MFA.

    Access keys have no MFA, unlike a console session.
    """
    text = signs.denial.pasted or signs.denial.text
    found = _MFA.search(text)
    if (
        not signs.denied_explicitly
        or signs.layer not in ("identity", "")
        or found is None
        or any(quoted_conditions(text))
    ):
        return
    if signs.role:
        # IAM User Guide, "Secure API access with MFA": AssumeRole takes the serial number and the code
        # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
        yield FirstLook(
            f"The policy most likely denies everything without MFA, and a session of {signs.role} has MFA only if the "
            "role was assumed with an MFA code (mfa_serial in the profile, SerialNumber and TokenCode in AssumeRole). "
            "A service or a federated sign-in sends no MFA code: in that case, the policy's owner must exempt the "
            "role.",
            contains(found[0]),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "The policy most likely denies everything without MFA, and calls with access keys alone have no MFA: "
        f"{_WITH_MFA}, and use the credentials that it returns. A sign-in to the console with MFA does not apply to "
        "access keys.",
        contains(found[0]),
        None,
        Who.CALLER,
    )


_ENCRYPTED = regex(
    r"\b(?:polic(?:y|ies)|rules?|statements?|SCP|bucket)\b[^.\n]{0,60}"
    r"\b(?:demand|require|enforce|insist|want|need|den(?:y|ies)|forbid|reject|only allow|only accept)\w*[^.\n]{0,40}"
    r"(?:\b(?:un|non-?)?encrypt(?:ed|ion)|\bSSE\b|\bserver-side)",
    re.IGNORECASE,
)


_SENDS_IT = regex(
    r"--sse(?:-kms-key-id)?[ =][\w:/-]+|--server-side-encryption[ =][\w:]+"
    r"|(?<!s3:)\b(?:ServerSideEncryption|server_side_encryption|x-amz-server-side-encryption)\b[\"']?\s*[:=]\s*[\"']?[\w:]+"
)


def encryption_demanded(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the bucket's policy requires encrypted uploads, and a Deny refused one.

    Amazon S3 User Guide, "Using server-side encryption with Amazon S3 managed keys (SSE-S3)"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html).
    """
    text = signs.denial.pasted or signs.denial.text
    found = _ENCRYPTED.search(text)
    action = (signs.denial.action or "").lower()
    if not signs.denied_explicitly or signs.layer not in ("resource", "") or action != "s3:putobject":
        return
    if found is None or any(quoted_conditions(text)):
        return
    if (sent := _SENDS_IT.search(text)) is not None:
        yield FirstLook(
            "The call in the text already requests encryption. Compare its value with the conditions of the Deny in "
            "the bucket's policy: the algorithm (AES256 or aws:kms), and with aws:kms the key, which a policy usually "
            "names by its key ARN and not by an alias.",
            contains(" ".join(sent[0].split())),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "The Deny most likely refuses uploads without the header x-amz-server-side-encryption, which a program may "
        "send for some objects and leave out for others. Compare the statement's condition with this upload. Let the "
        "program send the header for this object, too, or exempt the object in the statement: the bucket's default "
        "encryption encrypts it anyway.",
        contains(found[0]),
        None,
        Who.RESOURCE_OWNER,
    )


def authorizer(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if API Gateway reports what a Lambda authorizer returned.

    IAM's own messages name the caller and execute-api:Invoke instead.
    """
    found = OF_AUTHORIZER.search(signs.denial.text)
    if found is None or not is_of_authorizer(signs.denial):
        return
    yield FirstLook(
        "Read what the API's Lambda authorizer returned (see its log; an answer is cached for its TTL): it denies this "
        "method's ARN, or allows only another method or stage. The caller's IAM policies are not evaluated.",
        contains(found[0]),
        None,
        Who.RESOURCE_OWNER,
    )
