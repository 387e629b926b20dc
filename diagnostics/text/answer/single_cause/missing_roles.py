"""A role or instance profile that most likely does not exist in the account, as other words in the text show."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import Arn, account_of
from iam.facts.generated_roles import path_of
from iam.lazy_pattern import regex

_OF_NEW_ACCOUNTS = "OrganizationAccountAccessRole"


_INVITED = regex(r"\bINVITED\b|\b(?:was|were|is|are|been|we|I|they) (?:only )?invited\b[^.\n?]{0,60}")


def of_an_invited_account(denial: Denial) -> Decision | None:
    """Return the decision for a missing access role of AWS Organizations in an account that was invited.

    AWS Organizations creates this role only in the accounts that it creates: AWS Organizations User Guide, "Creating
    OrganizationAccountAccessRole for an invited account"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_create-cross-account-role.html).
    """
    role, text = Arn.parse_entity(denial.resource or "", "role"), denial.pasted or denial.text
    if role is None or role.name != _OF_NEW_ACCOUNTS:
        return None
    # AWS Organizations API Reference, "Account", JoinedMethod
    # (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html).
    listed = re.search(
        rf"(?<!\d){role.account}(?!\d)(?:[^\n{{}}]*|[^{{}}]*\bJoinedMethod\W{{1,6}})\b(?:INVITED|CREATED)\b", text
    )
    invited = listed or _INVITED.search(denial.text)
    if invited is None or invited[0].endswith("CREATED"):
        return None
    caller = account_of(denial.principal or "") or "the management account"
    if caller == role.account:
        return _in_the_own_account(role, invited[0])
    return decide(
        "principal.not-found",
        f"“{invited[0]}”",
        f"Account {role.account} was invited to the organization, so most likely it has no role {_OF_NEW_ACCOUNTS}: "
        "AWS creates that role only in accounts that were created in the organization. Create the role in account "
        f"{role.account}.",
        f"Create {_OF_NEW_ACCOUNTS} in account {role.account}",
        Who.RESOURCE_OWNER,
        f"account {role.account}",
        f"Sign in to account {role.account}, and check whether the role exists (aws iam get-role --role-name "
        f"{_OF_NEW_ACCOUNTS}). If not, create it with a trust policy that names {caller}, and with the intended "
        "permissions. STS does not say whether a role is missing or does not trust the caller.",
    )


def _in_the_own_account(role: Arn, words: str) -> Decision:
    """Return the decision for a caller that is already in the account of the missing access role."""
    return decide(
        "principal.not-found",
        f"“{' '.join(words.split())}”",
        f"The caller is already in account {role.account}, which was not created in the organization and so most "
        f"likely has no role {_OF_NEW_ACCOUNTS}: in this account, make the calls with the caller's own credentials.",
        f"Assume no role in account {role.account}",
        Who.CALLER,
        f"the calls in account {role.account}",
        f"Leave this account out of the loop over roles. AWS creates {_OF_NEW_ACCOUNTS} only in accounts that were "
        "created in the organization, and not in the management account. No policy is known to be the cause.",
    )


_SETS = r"\bstack ?-?sets?\b"
_TO_ORGANIZATION = r"\b(?:service[-_ ]managed|organi[sz]ation|OUs?|root)\b"
_STACK_SET = regex(
    rf"\bservice[-_ ]managed\b[^.\n]{{0,40}}{_SETS}|{_SETS}[^.\n]{{0,60}}{_TO_ORGANIZATION}", re.IGNORECASE
)
_MANAGES = r"(?:management|payer|master|org(?:anization)? root) account"


def of_a_management_account(denial: Denial) -> Decision | None:
    """Return the decision for a role that a StackSet deploys to an organization, in its management account.

    AWS CloudFormation User Guide, "Create CloudFormation StackSets with service-managed permissions": StackSets does
    not deploy to the management account
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html).
    """
    text = denial.pasted or denial.text
    role = Arn.parse_entity(denial.resource or "", "role")
    if role is None or not _STACK_SET.search(text):
        return None
    number = rf"(?<!\d){role.account}(?!\d)"
    said = re.search(
        rf"\b{_MANAGES}\b[^.\n\w]{{0,4}}(?:(?:is|has|ID)\W{{1,3}}){{0,2}}{number}"
        rf"|{number}[^.\n\w]{{0,4}}(?:is )?(?:(?:our|the) )?{_MANAGES}\b"
        rf"|(?:Master|Management)AccountId\W{{1,6}}{number}",
        text,
        re.IGNORECASE,
    )
    if said is None:
        return None
    return decide(
        "principal.not-found",
        f"“{said[0]}”",
        f"Most likely the role {role.name} does not exist in account {role.account}, because a service-managed "
        "StackSet does not deploy to the organization's management account. Create the role there with a separate "
        "stack.",
        f"Create {role.name} in account {role.account}",
        Who.ORG_ADMIN,
        f"account {role.account}",
        f"aws iam get-role --role-name {role.name} in account {role.account} shows whether the role exists (STS "
        "does not say so). Deploy the StackSet's template in that account as an ordinary stack.",
    )


_NO_PROFILE = regex(
    r"\bInstance Profile (?P<name>[\w+=,.@-]{1,128}) "
    r"(?:cannot be found|associated with the environment does not exist)",
    re.IGNORECASE,
)


def without_its_profile(denial: Denial) -> Decision | None:
    """Return the decision for an instance profile that does not exist, perhaps although a role of the same name does.

    An instance profile is separate from the role in it; only the console creates both at once: IAM User Guide, "Use
    instance profiles"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html).
    """
    missing = _NO_PROFILE.search(denial.text)
    if missing is None or (denial.action and denial.principal):
        return None
    name = missing["name"]
    role = re.search(rf"\barn:[\w-]+:iam::\d{{12}}:role/(?:[\w/-]+/)?{re.escape(name)}(?![\w+=,.@-])", denial.text)
    exists = f"The role {name} exists, but no" if role is not None else "There is no"
    return decide(
        "not-iam",
        f"“{missing[0]}”",
        f"{exists} instance profile {name}: create it, and add the role to it. A missing permission is not the cause.",
        f"Create the instance profile {name}",
        Who.ACCOUNT_ADMIN,
        "the account",
        f"aws iam create-instance-profile --instance-profile-name {name}; then aws iam "
        f"add-role-to-instance-profile --instance-profile-name {name} --role-name "
        f"{name if role is not None else 'ROLE'}. For EMR's default roles, aws emr create-default-roles creates "
        "both.",
    )


_NO_ROLE = regex(
    r"\(NoSuchEntity\) when calling the GetRole operation: The role with name (?P<name>[\w+=,.@-]{1,64}) cannot be "
    r"found"
)


_WITH_PROFILE = regex(r"\baws (?:[^\n]*\s)?iam get-role\b[^\n]*--profile\b|\bAWS_PROFILE=\S+ aws iam get-role\b")


_DELETES = regex(r"\b(?:deleted|removed|destroyed|dropped|pruned|cleaned up|got rid of)\b", re.IGNORECASE)
_DOUBTS = regex(
    r"\b(?:not|no|never|if|whether|would|should|polic(?:y|ies)|permissions?|statements?|tags?|from)\b|n['’]t\b|\?"
    r"|An error occurred",
    re.IGNORECASE,
)
_THE_ROLE = regex(
    r"\b(?:the|that|this|its|their|those|these|all|old|unused)\b(?: [a-z]+){0,3} roles?\b(?! [\w*]*[-_*\d])",
    re.IGNORECASE,
)
"""Words for the role of the request, without a name that may belong to another role."""
_AGAIN = regex(r"\bre-?(?:created|made|added)\b|\bcreated? (?:it |them )?(?:again|anew)\b", re.IGNORECASE)
_CLAUSE = regex(r"(?:[^.;!\n]|[.;](?!\s|$))+")
_WAS_DELETED = "was deleted"
_LEAST = 3
"""The minimum number of characters, without wildcards, in a pattern that identifies a role."""


def _said_deleted(name: str, text: str) -> str:
    """Return the words that say that the role was deleted; "" if none do, or if it was created again."""
    if deleted := re.search(rf"\bdelete-role\b[^\n]*(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])", text):
        return "" if "create-role" in text[deleted.end() :] else deleted[0]
    if _AGAIN.search(text):
        return ""
    for clause in _CLAUSE.finditer(text):
        said = " ".join(clause[0].split())
        if _DELETES.search(said) and not _DOUBTS.search(said) and (_names(name, said) or _THE_ROLE.search(said)):
            return said[:120]
    return ""


def _names(name: str, words: str) -> bool:
    """Return whether the words contain the role's name, or a pattern that matches it."""
    parts = [each.strip("\"'`(),:").rpartition("/")[2] for each in words.split()]
    patterns = (each for each in parts if len(each.replace("*", "")) >= _LEAST)
    return any(fnmatchcase(name, each) for each in patterns)


def of_a_missing_role(denial: Denial) -> Decision | None:
    """Return the decision for a role that cannot be assumed and that, according to the text, does not exist.

    Another command did not find it, or the text says that it was deleted. STS and the services refuse a role that does
    not exist in the same words as one that does not trust the caller. `aws iam get-role` looks in the account of its
    own credentials. AWS STS API Reference, "AssumeRole"
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    """
    if not (denial.claims_trust or (denial.action or "").lower().startswith("sts:assumerole")):
        return None
    role, missing = Arn.parse_entity(denial.resource or "", "role"), _NO_ROLE.search(denial.text)
    if missing is None:
        deleted = _said_deleted(role.name, denial.text) if role is not None else ""
        return _decided(denial, role, role.name, deleted, _WAS_DELETED) if role is not None and deleted else None
    name = missing["name"]
    if (role is not None and role.name != name) or name.startswith("AWSServiceRoleFor"):
        return None
    caller = account_of(denial.principal or "")
    if role is not None and caller and caller != role.account and not _WITH_PROFILE.search(denial.text):
        return None  # the caller's own account was asked
    return _decided(denial, role, name, missing[0], "does not exist")


_STACK_OPERATIONS = ("UpdateStack", "DeleteStack", "RollbackStack", "ContinueUpdateRollback", "ExecuteChangeSet")


def of_an_existing_stack(denial: Denial) -> bool:
    """Return whether CloudFormation cannot assume the service role that it keeps for an existing stack."""
    passed = re.search(r"--role-arn\b", denial.text) is not None
    return denial.service == "cloudformation" and denial.operation in _STACK_OPERATIONS and not passed


def _decided(denial: Denial, role: Arn | None, name: str, words: str, state: str) -> Decision:
    """Return the decision for a missing role. ``state`` says how it is missing, ``words`` show that.

    A stack keeps its service role: AWS CloudFormation User Guide, "CloudFormation service role"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
    """
    account = f" {role.account}" if role is not None and role.account else ""
    title = f"Create the role {name}, or correct the ARN"
    sentence = (
        f"The role {name} does not exist in the account of the get-role call: create it in that account with its "
        "trust policy, or let the call name another role (correct the name or the account in its ARN)."
    )
    note = (
        "STS refuses a missing role in the same words as a role whose trust policy does not name the caller. No "
        "permission of the caller is known to be missing."
    )
    if of_an_existing_stack(denial):
        sentence = (
            f"The stack still uses its service role {name}, which {state}: pass another role that trusts "
            "cloudformation.amazonaws.com (--role-arn ARN with delete-stack or update-stack), or create the role "
            "again."
        )
        title = f"Pass another service role, or create {name} again"
        note = f"{note} Whoever passes another role needs iam:PassRole on it."
    elif state == _WAS_DELETED:
        sentence = (
            f"According to the text, the role {name} was deleted: let the call name another role, or create the "
            "role again with its trust policy."
        )
    return decide(
        "principal.not-found",
        f"“{words}”",
        sentence,
        title,
        Who.RESOURCE_OWNER,
        f"account{account}" if account else "the account",
        note,
    )


_SERVICE = regex(r"[a-z][a-z0-9.-]+\.amazonaws\.com")
_LINKED = "AWSServiceRoleFor"
"""IAM User Guide, "Create a service-linked role": the beginning of these roles' names, and the path in their ARNs
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html)."""


def without_its_path(denial: Denial) -> Decision | None:
    """Return the decision for a role that a service cannot assume because its ARN most likely lacks the role's path.

    Another ARN in the text has the path, or the name is one that a tool gives to roles with a path. A role's ARN
    contains its path: IAM User Guide, "IAM identifiers"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    role = Arn.parse_entity(denial.resource or "", "role")
    by = _SERVICE.fullmatch(denial.principal or "")
    if role is None or not (denial.claims_trust or by) or role.resource != f"role/{role.name}":
        return None
    arns = rf"arn:[\w-]+:iam::{role.account}:role/(?P<path>[\w+=,.@/-]+)/{re.escape(role.name)}(?![\w+=,.@/-])"
    shown = re.search(arns, denial.text)
    path, tool = (shown["path"], "") if shown else path_of(role.name)
    if not path and by is not None and role.name.startswith(_LINKED):
        path, tool = f"aws-service-role/{by[0]}", "AWS"
    if not path or re.search(r"\"Path\"\s*:\s*\"/\"", denial.text):
        return None
    whole = f"arn:{role.partition}:iam::{role.account}:role/{path}/{role.name}"
    why = "as the text shows" if shown else f"which {tool} gives to roles of this name"
    return decide(
        "principal.not-found",
        f"the role's ARN has no path, but most likely the role has the path {path}/",
        f"Most likely the ARN lacks the role's path, {why}: pass {whole} instead of the bare name.",
        "Pass the role's full ARN",
        Who.CALLER,
        "the call",
        f"aws iam get-role --role-name {role.name} --query Role.Arn prints the ARN: get-role finds a role by its "
        "name, but an ARN must also have the path. A program that builds the ARN from a bare name omits the path. "
        "If the printed ARN has no path, look at the role's trust policy.",
    )
