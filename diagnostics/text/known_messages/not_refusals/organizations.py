"""Rows for AWS Organizations: tag policies, calls that only some accounts make."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

CALLS_ORGANIZATIONS = "the account that calls Organizations"

DELEGATION: tuple[System, ...] = (
    made_system(
        "the organization's delegation",
        "Call from the organization's management account (StackSets: CallAs SELF), or from an account that is "
        "registered there as a delegated administrator of the service (StackSets: CallAs DELEGATED_ADMIN); the caller "
        "needs organizations:ListDelegatedAdministrators.",
        r"[Aa]ccount\s+used\s+is\s+not\s+a\s+delegated\s+admin|[Mm]ust\s+be\s+the\s+(?:management"
        r"|master)\s+account\s+or"
        r"\s+(?:a\s+)?delegated\s+admin",
        "is not a delegated admin",
        "account or delegated admin",
        "account or a delegated admin",
        verdict="Either the account is not a delegated administrator of the service, or the caller lacks "
        "organizations:ListDelegatedAdministrators. If the account is registered, allow the caller that action.",
        title="Compare the account's registration and the caller's policies",
        sure=False,
    ),
    # AWS Organizations API Reference, "ListAccounts" (and others): only the management account or a delegated
    # administrator can call them (https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html).
    made_system(
        CALLS_ORGANIZATIONS,
        "Call from the organization's management account, or from the account of a delegated administrator. If the "
        "caller is in one of these accounts, check whether its policies and the delegation policy allow the action.",
        r"calling\s+the\s+(?:ListAccounts|DescribeAccount|ListRoots|ListParents|ListChildren|ListPolicies"
        r"|DescribePolicy"
        r"|ListAccountsForParent|ListOrganizationalUnitsForParent)\s+operation:\s+You\s+don't\s+have\s+permissions\s+to"
        r"\s+access\s+this\s+resource",
        "permissions to access this resource",
        title="Call from the management account",
        sure=False,
    ),
)

TAG_POLICIES: tuple[System, ...] = (
    # AWS Organizations User Guide, "Tag policies": enforced tag policies refuse noncompliant values
    # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html).
    made_system(
        "the organization's tag policy",
        "Use a value that the tag policy permits for this key (aws organizations describe-effective-policy "
        f"--policy-type TAG_POLICY), or ask the organization's administrators to change the policy. {NONE_MISSING}",
        r"tag\s+policy\s+does\s+not\s+allow\s+the\s+specified\s+value\s+for\s+the\s+following\s+tag\s+key",
        "tag policy does not allow the specified value",
        verdict="A tag policy of the organization does not allow this value for this tag key: use a value that it "
        "permits. No permission is missing.",
        title="Use a permitted value",
    ),
)
