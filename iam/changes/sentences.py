"""Sentences about write calls that AWS rejected: what failed, why, and what to do.

The errors and their texts: IAM API reference and collected messages (the document "aws-iam.md", §2.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from iam import field_rules as fields
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call
from iam.facts import quotas
from iam.foreign_text import shortened
from iam.policy.document import Document

Sentence = Callable[[Call, "re.Match[str]"], str]


def sentence_for(call: Call, code: str, message: str) -> tuple[str, str]:
    """Return the sentence that explains an error by AWS's rules, and what to open next (`Failure.way_out`)."""
    for known, pattern, sentence, way_out in _SENTENCES:
        match = re.search(pattern, message) if code == known else None
        if match:
            text = sentence(call, match) if callable(sentence) else sentence.format(*match.groups(), **_names(call))
            return text, way_out
    return (
        f"AWS refused to {what_it_does(call)} ({code}): {ended(message)} Correct the cause and resume, or roll back.",
        "edit",
    )


def what_it_does(call: Call) -> str:
    """Return the first sentence of ``why`` in a form for use within a sentence: no capital letter, no period."""
    first = call.why.split(". ")[0].rstrip(".")
    return f"{first[:1].lower()}{first[1:]}" if first else call.operation


def ended(text: str) -> str:
    text = text.rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _names(call: Call) -> dict[str, str]:
    return {
        "role": call.text("RoleName"),
        "policy": call.text("PolicyArn") or call.text("PolicyName"),
        "profile": call.text("InstanceProfileName"),
        "what": what_it_does(call),
    }


# Sentences that need more than names.


def _document(call: Call, match: re.Match[str]) -> str:
    """Return the sentence for a document that AWS rejects without saying where it is invalid.

    The fault is located here.
    """
    trust = call.text(OPERATIONS[call.operation].trust)
    if trust:
        fault = fields.trust_fault(Document(trust))
    else:
        name = call.text("PolicyName") or call.text("PolicyArn").rpartition("/")[2]
        fault = fields.permissions_fault(Document(call.text("PolicyDocument")), f"policy {name}")
    said = f"IAM does not accept the policy document ({match[1].rstrip('.')})"
    return f"{said}. {fault or 'Check it with the linter.'} Correct it and make the plan again, or roll back."


_CONSTRAINT = re.compile(
    r"Value '(.*?)' at '([\w.]+)' failed to satisfy constraint: (?:Member must )?(.*?)(?:; Value|$)"
)
_LABELS = {
    "roleName": "role's name",
    "instanceProfileName": "instance profile's name",
    "policyName": "policy's name",
    "path": "path",
    "description": "description",
    "maxSessionDuration": "longest session",
    "assumeRolePolicyDocument": "trust policy",
    "policyDocument": "policy document",
    "permissionsBoundary": "boundary",
}


def _field(call: Call, match: re.Match[str]) -> str:
    found = _CONSTRAINT.search(match.string)
    if found is None:
        return (
            f"A field breaks IAM's rules: {ended(match.string)} Correct the field and make the plan again, or roll "
            "back."
        )
    value, name, rule = found.groups()
    label = _LABELS.get(name, name)
    longest = re.search(r"length less than or equal to (\d+)", rule)
    if longest:
        fault = f"The {label} has {len(value)} characters; the maximum is {longest[1]}"
    elif "regular expression" in rule or "match pattern" in rule:
        fault = f"The {label} {shortened(value)} contains a character that IAM does not accept there"
    else:
        fault = f"The {label} is {shortened(value)}, and must {rule.rstrip('.')}"
    return f"{fault}: correct the value and make the plan again, or roll back."


def _missing_policy(call: Call, match: re.Match[str]) -> str:
    return (
        f"There is no policy {match[1] or match[2]} that can be attached: check its path (service-role/, "
        "job-function/), its spelling and its partition."
    )


_AGAIN = "this was added after the plan was made. Remove it and resume, or roll back and make the plan again."
_CORRECT = "Correct it and make the plan again, or roll back."

_ROLES, _INSTANCE_PROFILES = quotas.ROLES.code, quotas.INSTANCE_PROFILES.code
_CUSTOMER_POLICIES, _POLICIES_OF_ROLE = quotas.CUSTOMER_POLICIES.code, quotas.POLICIES_OF_ROLE.code
_TRUST_SIZE = quotas.TRUST_SIZE.code

# (code, pattern in AWS's message, sentence, what to open next). The first matching row is used.
_SENTENCES: tuple[tuple[str, str, str | Sentence, str], ...] = (
    (
        "EntityAlreadyExists",
        r"Role with name (\S+) already exists",
        "A role named {0} already exists (IAM ignores case and path when it compares names): look at that role before "
        "you adopt it, or choose another name.",
        "already-exists",
    ),
    (
        "EntityAlreadyExists",
        r"policy called (\S+) already exists",
        "A customer policy named {0} already exists, at this or another path: give it a new version, or choose "
        "another name.",
        "already-exists",
    ),
    (
        "EntityAlreadyExists",
        r"Instance Profile (\S+) already exists",
        "An instance profile named {0} already exists: use it if it is empty, or choose another name.",
        "already-exists",
    ),
    ("EntityAlreadyExists", r"(.*)", "The name is taken: {0} See which entity has the name.", "already-exists"),
    (
        "LimitExceeded",
        r"RolesPerAccount: (\d+)",
        "The account has reached its quota of {0} roles: delete roles that nobody uses, or request a quota increase "
        f"(quota {_ROLES}).",
        "quota",
    ),
    (
        "LimitExceeded",
        r"InstanceProfilesPerAccount: (\d+)",
        "The account has reached its quota of {0} instance profiles: delete empty profiles, or request a quota "
        f"increase ({_INSTANCE_PROFILES}).",
        "quota",
    ),
    (
        "LimitExceeded",
        r"PoliciesPerAccount: (\d+)",
        "The account has reached its quota of {0} customer policies: delete unused policies, or request a quota "
        f"increase ({_CUSTOMER_POLICIES}).",
        "quota",
    ),
    (
        "LimitExceeded",
        r"PoliciesPerRole: (\d+)",
        "The role {role} has reached its quota of {0} managed policies: merge two into one (a boundary is not "
        f"counted), or request a quota increase (quota {_POLICIES_OF_ROLE}).",
        "quota",
    ),
    (
        "LimitExceeded",
        r"ACLSizePerRole: (\d+)",
        "The trust policy of {role} is longer than {0} characters, white space not counted: shorten it, or "
        f"request a quota increase (quota {_TRUST_SIZE}).",
        "edit",
    ),
    (
        "LimitExceeded",
        r"Maximum policy size of (\d+) bytes exceeded",
        "The inline policies of one entity can have at most {0} characters together, white space not counted: move "
        "one into a managed policy.",
        "edit",
    ),
    (
        "LimitExceeded",
        r"PolicySize: (\d+)",
        "A managed policy can have at most {0} characters, white space not counted: split it by service.",
        "edit",
    ),
    (
        "LimitExceeded",
        r"InstanceSessionsPerInstanceProfile",
        "The instance profile {profile} already has a role, and can contain only one. Remove that role first "
        "(instances that use the profile lose the role), or use another profile.",
        "already-exists",
    ),
    (
        "LimitExceeded",
        r"up to 5 versions",
        "The policy {policy} has 5 versions, the limit: delete the oldest that is not the default, then resume.",
        "edit",
    ),
    (
        "LimitExceeded",
        r"TagsPerRole: (\d+)",
        "The role {role} can have at most {0} tags: remove some, then resume.",
        "edit",
    ),
    (
        "LimitExceeded",
        r"(.*)",
        "A quota of IAM is reached: {0} Delete unused entities, or request an increase.",
        "quota",
    ),
    (
        "MalformedPolicyDocument",
        r"[Ii]nvalid principal in policy: (.*)",
        "IAM does not find the principal {0}: check its spelling and path, or name its account and test "
        "aws:PrincipalArn in a condition.",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"prohibited field (?:Not)?Resource|must not contain resources",
        f"A trust policy has no Resource: move that statement to the role's permissions. {_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"prohibited field (?:Not)?Principal",
        "A permissions policy has no Principal: move that statement to the trust policy, or remove the Principal. "
        f"{_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"may only specify STS AssumeRole actions",
        f"A trust policy allows only the sts:AssumeRole actions: move the others to the permissions. {_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"required field Principal",
        f"A statement of the trust policy names nobody: say in Principal who may assume the role. {_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"Allow with NotPrincipal",
        "A trust policy cannot allow everybody with exceptions (NotPrincipal): name who may assume the role. "
        f"{_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"must evaluate, using .*?([\w-]+\.[\w./-]+:\w+)",
        "IAM accepts trust in a shared provider only with a test of {0}: name the organization, project and "
        f"branch. {_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"condition block must be present for the Cognito provider",
        f"A trust policy for Cognito must test the identity pool: require the pool's ID as aud. {_CORRECT}",
        "edit",
    ),
    (
        "MalformedPolicyDocument",
        r"valid version string|must be version",
        f"IAM does not accept the policy's Version: write 2012-10-17. {_CORRECT}",
        "edit",
    ),
    ("MalformedPolicyDocument", r"(.*)", _document, "edit"),
    (
        "NoSuchEntity",
        r"Policy (\S+) does not exist or is not attachable|Scope ARN: (\S+) does not exist",
        _missing_policy,
        "edit",
    ),
    (
        "NoSuchEntity",
        r"(.*)",
        "An entity that this call needs does not exist: {0} Somebody may have deleted it. Read the account again, or "
        "roll back.",
        "edit",
    ),
    (
        "PolicyNotAttachable",
        r".*",
        f"The policy {{policy}} is only for service-linked roles: choose another. {_CORRECT}",
        "edit",
    ),
    (
        "UnmodifiableEntity",
        r".*",
        "The role {role} belongs to an AWS service, and only that service may change it. Roll back the earlier calls.",
        "edit",
    ),
    (
        "DeleteConflict",
        r"detach all policies",
        f"A managed policy is still attached to {{role}}: {_AGAIN}",
        "edit",
    ),
    ("DeleteConflict", r"delete policies first", f"{{role}} still has an inline policy: {_AGAIN}", "edit"),
    (
        "DeleteConflict",
        r"remove roles from instance profile",
        f"A role is still in an instance profile: {_AGAIN}",
        "edit",
    ),
    (
        "DeleteConflict",
        r"attached to entities",
        f"The policy {{policy}} is still attached to an identity, or is the boundary of one: {_AGAIN}",
        "edit",
    ),
    (
        "DeleteConflict",
        r"more than one version",
        "The policy {policy} still has other versions: delete those that are not the default, then resume.",
        "edit",
    ),
    ("DeleteConflict", r"(.*)", f"Something still depends on this entity ({{0}}): {_AGAIN}", "edit"),
    (
        "ConcurrentModification",
        r".*",
        "This was not done, because somebody else keeps changing the same entity: {what}. Look at the changes, "
        "then resume.",
        "retry",
    ),
    (
        "InvalidInput",
        r"Duplicate tag keys",
        f"Two tags have the same key (IAM ignores case in keys): remove one of them. {_CORRECT}",
        "edit",
    ),
    (
        "InvalidInput",
        r"ARN (.*) is not valid",
        f"{{0}} is not the ARN of a policy, such as arn:aws:iam::111122223333:policy/NAME. {_CORRECT}",
        "edit",
    ),
    ("InvalidInput", r"(.*)", f"IAM does not accept a value of this call: {{0}} {_CORRECT}", "edit"),
    ("ValidationError", r".*", _field, "edit"),
    (
        "IncorrectState",
        r"existing association for instance (\S+)",
        "{0} got an instance profile after the plan was made: make the plan again. The new plan replaces that profile.",
        "edit",
    ),
    (
        "InvalidAssociationID.NotFound",
        r".*",
        "Somebody gave the instance another profile after the plan was made. Make the plan again, or roll back.",
        "edit",
    ),
    ("InvalidInstanceID.NotFound", r"(.*)", "This instance no longer exists: {0}", "edit"),
    (
        "InvalidParameterValue",
        r"Invalid IAM Instance Profile",
        "EC2 does not know the instance profile yet: this may take a minute after the profile is created. Resume, or "
        "roll back.",
        "retry",
    ),
    (
        "ServiceFailure",
        r".*",
        "IAM had an internal failure. Resume or roll back: both first check whether this was done: {what}.",
        "retry",
    ),
)
