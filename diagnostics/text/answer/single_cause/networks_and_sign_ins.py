"""A Deny, or an access point, that refuses calls by their network or because they are anonymous."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.claims.kinds import StatedFact
from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.stated_facts import Facts
from diagnostics.text.read.identities.unsigned_calls import unsigned_call
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing


def matches_a_sign_in(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a Deny in the text matches a call without a signature.

    The condition keys of a principal are absent in such a call.
    """
    found = unsigned_call(denial)
    if found is None:
        return None
    are = "are" if len(found.keys) > 1 else "is"
    absent = f"so {listing(found.keys)} {are} absent, and its condition is true then."
    if found.by_token:
        why = f"a sign-in with a token has no AWS principal, {absent} Neither the trust policy nor a permission set is"
        instead = (
            "Restrict sign-ins with a token in a separate statement, with condition keys of the identity provider "
            "(SAML or OIDC)."
        )
    else:
        why = f"an anonymous call has no AWS principal, {absent} No identity can pass it, and no other policy is"
        instead = (
            "Exclude public operations from a Deny that tests the caller, or exempt the accounts that offer these "
            "operations."
        )
    decision = decide(
        "rcp.explicit-deny" if found.of_organization else "trust.explicit-deny",
        found.words,
        f"The Deny in the text matches {found.call}: {why} the cause.",
        f"Take {found.call} out of this statement",
        Who.ORG_ADMIN if found.of_organization else Who.RESOURCE_OWNER,
        "the policy in the text",
        instead,
    )
    return replace(decision, nearer=True)


_BY_LAMBDA = regex(r"execution role does not have permissions to call (?P<operation>\w+) on EC2")


_BY_NETWORK = regex(
    r"(?:\"Sid\"\s*:\s*\"(?P<sid>[\w-]+)\"[^{}]{0,40})?\"Effect\"\s*:\s*\"Deny\"[\s\S]{0,800}?"
    r"\b(?P<key>aws:Source(?:Vpce?|Ip)|aws:VpcSourceIp)\b"
)


def from_lambdas_network(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a Deny on the network refuses Lambda's own call to create a network interface.

    Lambda makes this call with the function's execution role: Lambda Developer Guide, "Giving Lambda functions access
    to resources in an Amazon VPC" (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
    """
    text = denial.pasted or denial.text
    call, deny = _BY_LAMBDA.search(text), _BY_NETWORK.search(text)
    if call is None or deny is None:
        return None
    which = f"statement {deny['sid']}" if deny["sid"] else "the Deny"
    is_scp = _SCP.search(text) is not None
    action = f"ec2:{call['operation']}"
    decision = decide(
        "scp.explicit-deny" if is_scp else "identity.explicit-deny",
        f"{which} denies by {deny['key']}",
        f"Lambda calls {action} with the execution role from Lambda's own network, so {which} in the text denies "
        f"the call because of {deny['key']}. The role's policies are not the cause, and nobody can make this call "
        "in the VPC.",
        f"Exempt {action} of this role from {which}",
        Who.ORG_ADMIN if is_scp else Who.ACCOUNT_ADMIN,
        "the SCP in the text" if is_scp else "the policy in the text",
        f"Add {action} to the statement's NotAction, or add an ArnNotLike condition on aws:PrincipalArn for the "
        "execution role. The other calls for network interfaces (Describe…, Delete…) need the same.",
    )
    return replace(decision, nearer=True)


_SCP = regex(r"\bSCP\b|service control polic", re.IGNORECASE)


def from_its_vpc(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that an access point accepts only requests from its VPC, and this one came from elsewhere.

    Amazon S3 User Guide, "Creating access points restricted to a virtual private cloud"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html).
    """
    fact = facts.get(StatedFact.VPC_ORIGIN)
    layer = (denial.stated_reason or "").partition(":")[2]
    if fact is None or ":accesspoint/" not in (denial.resource or "") or layer not in ("resource", "", "unknown"):
        return None
    return decide(
        "resource.explicit-deny",
        f"“{fact.words}”",
        "The access point accepts only requests from its own VPC and refuses all others, even without a Deny in a "
        "policy. So this request came through a VPC endpoint of another VPC, or over the internet.",
        "Send the request through an S3 endpoint of the access point's VPC",
        Who.RESOURCE_OWNER,
        denial.resource or "the access point",
        "Compare VpcConfiguration.VpcId (aws s3control get-access-point) with the VPC of the endpoint to which the "
        "DNS name of S3 resolves. For a forwarded or shared endpoint, this is the VPC that contains the endpoint. Or "
        "create an access point for that VPC.",
    )
