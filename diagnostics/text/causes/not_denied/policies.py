"""Causes for documents that AWS does not accept as policies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.answer.cluster_access import CLUSTER_NAMES
from diagnostics.text.answer.malformed_policy_reasons import malformed_reason
from diagnostics.text.answer.policy_documents.operators import unknown_operator
from diagnostics.text.answer.policy_documents.partition_of_policy import partition_fault
from diagnostics.text.answer.policy_documents.principals import principal_fault
from diagnostics.text.answer.policy_documents.region_in_arn import region_in_arn
from diagnostics.text.causes.build_causes import Said, causes_by_words, contains, reading
from diagnostics.text.known_messages.not_refusals.arns_and_account_numbers import ROLE_IN_THE_REQUEST
from diagnostics.text.known_messages.not_refusals.eks import OF_NODES
from diagnostics.text.read.author.misspelled_keys import mistakes
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

# IAM User Guide, "Grammar of the IAM JSON policy language", "AWS JSON policy elements: Principal"; S3 User Guide,
# "Policies and permissions in Amazon S3".
_OF_ROLES = r"(?:\bRESOURCE_CONTROL_POLICY\b|\bRCPs?\b|resource control polic)"
_MALFORMED = (
    # AWS Organizations User Guide, "RCP syntax" and "SCP syntax"
    # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
    Said(
        r"does not meet the requirements of the specified policy type",
        "A service control policy has no Principal and no NotPrincipal, and every statement has Effect, an action and "
        "Resource (“*” for an Allow): compare each statement with the syntax of the policy type in the call.",
        None,
        Who.CALLER,
        gone=_OF_ROLES,
    ),
    Said(
        r"does not meet the requirements of the specified policy type",
        "A resource control policy has only statements with Effect Deny and Principal “*” (exceptions go into the "
        "Condition), and only actions of the services that support RCPs. AWS itself attaches the only Allow, "
        "RCPFullAWSAccess.",
        None,
        Who.CALLER,
    ),
    Said(
        r"Invalid principal in policy[^\n]{0,120}|(?:one or more )?invalid principals|unsupported principal"
        r"|MalformedPolicy\w*: Invalid principal[^\n]{0,120}"
        r"|PrincipalNotFound",
        "A principal that the policy names does not exist (a role, a user, or a service-linked role that was never "
        "created) or is misspelled; AWS checks each principal. A principal created a moment ago takes a few seconds "
        "to be found; a deleted principal shows as an ID (AROA…).",
        reading("iam", "list-roles", query="Roles[].Arn"),
        Who.CALLER,
    ),
    Said(
        r"should not specify a principal|has prohibited field (?:Not)?Principal",
        "A policy of a role, user or group has no Principal, because it applies to the identity to which it is "
        "attached. Here, a trust policy or a resource policy was put where an identity policy belongs.",
        None,
        Who.CALLER,
    ),
    Said(
        r"\bVendor \S+ is not valid",
        "No AWS service has the prefix that the action has before its colon: correct the spelling "
        "(a correct action is, for example, lambda:InvokeFunction).",
        None,
        Who.CALLER,
    ),
    Said(
        r"has prohibited field (?:Not)?Resource",
        "A trust policy has no Resource, because the role itself is the resource: remove Resource (resources in HCL) "
        "from the statement of the trust policy. If the statement was meant as a permission, put it in a policy that "
        "is attached to the role.",
        None,
        Who.CALLER,
    ),
    Said(
        r"may only specify STS AssumeRole actions",
        "A trust policy can contain only STS actions (sts:AssumeRole…, sts:TagSession, sts:SetSourceIdentity): put "
        "the role's permissions in a separate policy.",
        None,
        Who.CALLER,
    ),
    Said(
        r"missing required field Principal|federated principals must be",
        "A trust policy and a resource-based policy need a Principal: an account, role, user, service, or the ARN of "
        "an identity provider of this account.",
        None,
        Who.CALLER,
    ),
    Said(
        r"does not apply to any resource|policy has invalid resource|unsupported resource",
        "Compare each Resource with the bucket's ARN, its partition included: a bucket policy names only this bucket. "
        "Actions on objects need arn:aws:s3:::BUCKET/*, and actions on the bucket need the bucket's ARN without /*.",
        None,
        Who.CALLER,
    ),
    Said(
        r"must be in ARN format|legacy parsing|the following resource",
        "A resource is not an ARN: a variable was empty, a name was given instead of an ARN, or a field is missing.",
        None,
        Who.CALLER,
    ),
    Said(
        r"must contain resources",
        "The document in the text is a trust policy: it names who may assume a role, and has no Resource. Pass it as "
        "the role's trust policy (AssumeRolePolicyDocument of create-role or update-assume-role-policy). Permissions "
        "need a policy with Resource and without Principal.",
        None,
        Who.CALLER,
        gone=r"\A(?![\s\S]*\bPrincipal\b[\s\S]{0,300}?\bsts:AssumeRole)|\bResource\b[\"']?\s*[:=]",
    ),
    Said(
        r"must contain (?:resources|actions)",
        "A statement has no Resource or Action, or an empty list. Most often the list is filled from a variable, "
        "another list or a module's option, which has no value. Set the value, or leave out the statement if "
        "there is none.",
        None,
        Who.CALLER,
    ),
    Said(
        r"prefaced by a vendor",
        "An action or condition key lacks its service before the colon (s3:GetObject, aws:SourceIp).",
        None,
        Who.CALLER,
    ),
    Said(
        r"statement ids? \(sid\)[^.\n]{0,60}",
        "The Sids of one policy must differ from each other, and in IAM policies must contain only letters and digits.",
        None,
        Who.CALLER,
    ),
    Said(
        r"syntax errors? in policy|MalformedPolicy\w*",
        "The document is not a valid policy: broken JSON, an empty list, or an element that is missing or has the "
        "wrong type. Run rolescope lint FILE to see where.",
        None,
        Who.CALLER,
    ),
)
_NOT_SHOWN = (
    "The text does not show the document: print what the program sends as the policy. The document must be a JSON "
    "object with Statement. A string that was encoded as JSON twice (json.dumps of a string), a variable without a "
    "value and an empty list give this answer, too. Run rolescope lint FILE to see where."
)
_A_DOCUMENT = regex(r"\bStatement\b\W{1,4}[\[{]|\b[Ee]ffect\b\W{0,3}[:=]|\bfile(?:b)?://\S")
"""Signs that the text contains the document, or names its file."""


def malformed_policy(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield only the cause for the most specific message: the last row of the table matches every malformed policy."""
    if failure.trouble not in (Trouble.INVALID_PRINCIPAL, Trouble.MALFORMED_POLICY):
        return
    refused = partition_fault(failure.text) or region_in_arn(failure.text)
    if failure.trouble is Trouble.MALFORMED_POLICY and refused is not None:
        return  # the verdict says everything
    why = malformed_reason(failure.text)
    if fault := principal_fault(failure.text) if failure.trouble is Trouble.INVALID_PRINCIPAL else None:
        yield FirstLook(fault.sentence, contains(fault.words), fault.check, Who.CALLER)
    elif unknown := unknown_operator(failure.text):
        yield FirstLook(unknown.cause, contains(unknown.words), None, Who.CALLER)
    elif moved := _not_for_a_trust_policy(failure.text):
        yield moved
    elif named := _placeholder(failure.text) or _name_for_an_arn(failure.text):
        yield named
    elif first := next(causes_by_words(failure.text, _MALFORMED[:-1] if why else _MALFORMED), None):
        shown = first.cause != _MALFORMED[-1].cause or _A_DOCUMENT.search(failure.text)
        yield first if shown else replace(first, cause=_NOT_SHOWN)
    elif why:
        yield FirstLook(
            "The text says what AWS does not accept in the document: check that, not the permissions.",
            contains(why[:96]),
            None,
            Who.CALLER,
        )


_ONLY_STS = regex(r"may only specify STS AssumeRole actions", re.IGNORECASE)
_ACTIONS = regex(r"(?<![\w:/.-])(?!sts:|aws:|arn:)[a-z][a-z0-9-]{1,30}:(?:[A-Z]\w+\*?|\*)")


def _not_for_a_trust_policy(text: str) -> FirstLook | None:
    """Return the cause if the text has actions that a trust policy cannot have; else None.

    IAM User Guide, "AWS JSON policy elements: Principal" and "Create a role": a role's permissions are in its other
    policies (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create.html).
    """
    said, named = _ONLY_STS.search(text), dict.fromkeys(_ACTIONS.findall(text))
    if said is None or not named:
        return None
    what = listing(list(named)[:3])
    return FirstLook(
        f"Move {what} out of the trust policy: it can contain only STS actions (sts:AssumeRole…, sts:TagSession, "
        "sts:SetSourceIdentity). Put the role's permissions in a permission policy that is attached to the role.",
        contains(said[0], next(iter(named))),
        None,
        Who.CALLER,
    )


_REJECTED = regex(
    r"\b(?:Partition|Vendor|Resource|[Pp]rincipal)\b[^\n]{0,20}?[\"'`\s](?P<value>[^\s\"'`]*"
    r"(?P<mark>\$\{[\w.-]+\}|\{\{[^}\n]{1,60}\}\}|\$\([\w.-]+\)|%\w+%|<[\w-]+>|__\w+__))[^\n]{0,60}?"
    r"(?:is not valid|must be in ARN format|[Ii]nvalid)"
)
"""A value that AWS rejects, with a placeholder of a template. ``${aws:username}`` and its like are IAM's own."""


def _placeholder(text: str) -> FirstLook | None:
    """Return the cause if the rejected value is a template's placeholder that nothing replaced; else None."""
    found = _REJECTED.search(text)
    if found is None:
        return None
    partition = (
        " Its value is aws (aws-cn in China, aws-us-gov in GovCloud)." if found[0].startswith("Partition") else ""
    )
    return FirstLook(
        f"{found['mark']} is a placeholder of a template, and the program sent it to AWS without replacing it: give it "
        f"a value where the template is filled in.{partition} If this worked before, the template is newer than the "
        "program: update the program, or use the older template.",
        contains(found["mark"]),
        None,
        Who.CALLER,
        decides=True,
    )


_NO_ARN = regex(r"\bResource (?P<value>\S*) ?must be in ARN format")
_OF_BUCKETS = regex(r"\bs3\b|bucket", re.IGNORECASE)


def _name_for_an_arn(text: str) -> FirstLook | None:
    """Return the cause if the text shows the value that a policy has as Resource in place of an ARN; else None.

    IAM User Guide, "IAM JSON policy elements: Resource"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html); Amazon S3 User Guide,
    "Policy resources for Amazon S3"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html).
    """
    found = _NO_ARN.search(text)
    value = found["value"].strip("\"'\\") if found else ""
    if found is None or not _BARE_NAME.fullmatch(value):
        return None
    name, of_objects = value.removesuffix("/*"), value.endswith("/*")
    if _OF_BUCKETS.search(text):
        bucket = f"arn:aws:s3:::{name}"
        write = f"{bucket}/*" if of_objects else f"{bucket} for the bucket, and {bucket}/* for its objects"
        write = f"write {write} if it is a bucket"
    else:
        write = "write the ARN of what has this name"
    return FirstLook(
        f"The Resource {value} is a name, and a policy needs an ARN: {write}. In Terraform reference the attribute "
        ".arn, not .id, .name or .bucket; in CloudFormation !GetAtt NAME.Arn, if !Ref gives the name.",
        contains(found[0]),
        None,
        Who.CALLER,
        decides=True,
    )


_BARE_NAME = regex(r"[A-Za-z0-9][\w.-]{2,127}(?:/\*)?")


def mistyped_keys(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield keys of the configuration that are almost right (`diagnostics.text.read.author.misspelled_keys`)."""
    if failure.trouble is Trouble.MALFORMED_POLICY and _NAMED_BY_IT.search(failure.text):
        return  # the message names what is wrong
    if failure.trouble in (Trouble.THROTTLING, Trouble.QUOTA):
        return
    of_a_cluster = failure.detail in (*CLUSTER_NAMES, ROLE_IN_THE_REQUEST, OF_NODES)
    for each in mistakes(failure.text):
        if failure.trouble is not Trouble.NOT_IAM or (of_a_cluster and each.decides):
            yield FirstLook(each.sentence, contains(each.said), None, Who.CALLER)


_NAMED_BY_IT = regex(r"Invalid Condition type|prohibited field", re.IGNORECASE)
