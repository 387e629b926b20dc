"""Rules about the account's own credentials: the root user, users with passwords and keys, access to AWS Support.

They cover what benchmarks require for an account (`iam.facts.controls`), as far as IAM's lists show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.rules.care import deactivate
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Group, Role, User
from iam.arn import name_of
from iam.policy.document import Document
from iam.risks.administrator import administrators
from iam.risks.risk import Severity
from iam.words import joined, listing, plural

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
ROOT_KEY = Rule(
    "root.access-key",
    Severity.CRITICAL,
    "The root user has an access key",
    _USER_GUIDE + "root-user-best-practices.html#ru-bp-access-keys",
)
ROOT_MFA = Rule(
    "root.no-mfa",
    Severity.HIGH,
    "The root user has no MFA device",
    _USER_GUIDE + "root-user-best-practices.html#ru-bp-mfa",
)
NO_MFA = Rule(
    "users.no-mfa",
    Severity.MEDIUM,
    "A user can sign in with a password alone",
    _USER_GUIDE + "id_credentials_mfa.html",
)
UNUSED = Rule(
    "users.unused-credentials",
    Severity.LOW,
    "A user's credentials are not used",
    _USER_GUIDE + "id_credentials_finding-unused.html",
)
TWO_KEYS = Rule(
    "keys.two-active",
    Severity.LOW,
    "A user has two active access keys",
    _USER_GUIDE + "id-credentials-access-keys-update.html",
)
DIRECT = Rule(
    "users.direct-policy",
    Severity.LOW,
    "A user has policies of its own",
    _USER_GUIDE + "best-practices.html",
)
PASSWORD_POLICY = Rule(
    "account.password-policy",
    Severity.LOW,
    "Users may have short passwords, or reuse old ones",
    _USER_GUIDE + "id_credentials_passwords_account-policy.html",
)
NO_ANALYZER = Rule(
    "account.no-analyzer",
    Severity.LOW,
    "No Access Analyzer checks for access from outside",
    _USER_GUIDE + "access-analyzer-create-external.html",
)
SUPPORT = Rule(
    "support.no-role",
    Severity.INFO,
    "No role, user or group has AWSSupportAccess",
    "https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
)
_SUMMARY = "iam:GetAccountSummary"
_SUPPORT_ACCESS = "policy/AWSSupportAccess"
_BY_ROOT = "Only the root user itself can do this: y copies the steps."
_WHICH_GROUP = "You decide which group fits: create the group, then move the policies there."
_WHICH_ROLE = "You decide which role may open support cases."
_WHICH_FORM = "Every user's next password has to satisfy the new policy: tell the users first (y copies the command)."
LEAST_LENGTH, LEAST_REMEMBERED = 14, 24
"""The minimum password length and history in CIS AWS Foundations 3.0, 1.8 and 1.9."""
_EXTERNAL = ("ACCOUNT", "ORGANIZATION")
"""The types of analyzers that check external access: Access Analyzer API reference, CreateAnalyzer."""
MOST_USERS = 200
"""The maximum number of users that are read one by one for a password and MFA devices."""


def _of_root(reviewed: ReviewedAccount, rule: Rule, sentence: str, proof: str, fix: Fix) -> Finding:
    return rule.finding(reviewed.arn("root"), sentence, [Evidence(proof, call=_SUMMARY)], fixes=[fix])


def root_key(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report access keys of the root user. No policy limits what such a key may do, except SCPs in a member account."""
    keys = (reviewed.account.summary or {}).get("AccountAccessKeysPresent", 0)
    if keys:
        note = "Sign in as the root user, deactivate the key, watch for failures, then delete it."
        fix = Fix("Delete the root user's access key", Who.ACCOUNT_ADMIN, Note(reviewed.arn("root"), note, _BY_ROOT))
        sentence = "The root user has an access key, which can do everything in the account without MFA."
        yield _of_root(reviewed, ROOT_KEY, sentence, f"AccountAccessKeysPresent is {keys}", fix)


def root_mfa(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report a root user without MFA.

    A root user without password and keys, as in members with centrally managed root access, needs no MFA.
    """
    summary = reviewed.account.summary or {}
    without = summary.get("AccountPasswordPresent") == 0 and not summary.get("AccountAccessKeysPresent")
    if summary.get("AccountMFAEnabled") == 0 and not without:
        note = "Sign in as the root user and register a passkey or security key under Security credentials."
        fix = Fix(
            "Register an MFA device for the root user", Who.ACCOUNT_ADMIN, Note(reviewed.arn("root"), note, _BY_ROOT)
        )
        sentence = "The root user has no MFA device, so the root user's password alone gives access to the account."
        yield _of_root(reviewed, ROOT_MFA, sentence, "AccountMFAEnabled is 0", fix)


def _users(reviewed: ReviewedAccount, what: str) -> Sequence[User]:
    users = reviewed.account.users or ()
    if len(users) > MOST_USERS:
        reviewed.cannot_tell(
            what, f"Only {MOST_USERS} of {len(users):,} users were checked for passwords and MFA devices."
        )
    return users[:MOST_USERS]


def no_mfa(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """Report users with a console password and no MFA device."""
    for user in _users(reviewed, "passwords"):
        yield None
        profile = reviewed.login_profile(user.name)
        if profile.value is None:
            if profile.why:
                reviewed.cannot_tell("passwords", profile.why)
            continue
        devices = reviewed.mfa_devices(user.name)
        if devices.value is None:
            reviewed.cannot_tell("passwords", devices.why)
        elif not devices.value:
            note = (
                f"{user.name} registers a device under Security credentials; a policy can deny everything else until "
                "then."
            )
            yield NO_MFA.finding(
                user.arn,
                f"{user.name} can sign in to the console with a password alone: no MFA device is registered.",
                [Evidence("has a password", arn=user.arn, call="iam:GetLoginProfile"),
                 Evidence("no MFA device", arn=user.arn, call="iam:ListMFADevices")],
                fixes=[Fix("Register an MFA device", Who.CALLER, Note(user.arn, note))],
            )  # fmt: skip


def unused_credentials(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """Report users who have an active access key and made no request within the limit."""
    since = reviewed.account.now - timedelta(days=reviewed.limits.unused_days)
    for user in reviewed.account.users or ():
        yield None
        keys = [
            key
            for key in reviewed.access_keys(user.name) or ()
            if key.active and key.created is not None and key.created < since
        ]
        used = reviewed.last_accessed(user.arn) if keys else None
        if not used or any(each.last_authenticated is not None and each.last_authenticated >= since for each in used):
            continue
        yield UNUSED.finding(
            user.arn,
            f"{user.name} has an active access key, but has made no request in {reviewed.limits.unused_days} days.",
            [Evidence(f"{key.id} is active", arn=user.arn, call="iam:ListAccessKeys") for key in keys],
            fixes=[
                deactivate(
                    *(user.arn, user.name, keys, f"Deactivate {listing([key.id for key in keys])}"),
                    "Delete it once nothing has failed",
                )
            ],
        )


def two_keys(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report users with two active access keys. A second key is meant only for the time of a rotation."""
    for user in reviewed.account.users or ():
        active = [key for key in reviewed.access_keys(user.name) or () if key.active]
        if len(active) > 1:
            older = min(active, key=lambda key: (key.created is None, str(key.created)))
            yield TWO_KEYS.finding(
                user.arn,
                f"{user.name} has {plural(len(active), 'active access key')}, but a second key is only for rotation.",
                [Evidence(f"{key.id} is active", arn=user.arn, call="iam:ListAccessKeys") for key in active],
                fixes=[
                    deactivate(
                        *(user.arn, user.name, [older], f"Deactivate the older key, {older.id}"),
                        "First check which key is used: aws iam get-access-key-last-used",
                    )
                ],
            )


def direct_policies(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report policies of a user itself instead of a group.

    Policies that only deny are left out, because they grant nothing.
    """
    for user in reviewed.account.users or ():
        names = [policy.name for policy in user.inline or () if _allows(policy.document)]
        for attached in user.attached or ():
            policy = reviewed.account.policy(attached.arn)
            if policy is None or policy.document is None or _allows(policy.document):
                names.append(attached.name)
        if names:
            note = "Add the user to that group."
            yield DIRECT.finding(
                user.arn,
                f"{user.name} has policies attached directly, not through a group: {listing(names)}.",
                [Evidence(f"has {name}", arn=user.arn, call="iam:GetAccountAuthorizationDetails") for name in names],
                fixes=[
                    Fix(
                        "Move the policies to a group",
                        Who.YOU,
                        Note(user.arn, note, _WHICH_GROUP),
                    )
                ],
            )


def password_policy(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report weak password requirements in an account that has users."""
    if not reviewed.account.users:
        return
    reading = reviewed.reader.password_policy()
    policy = reading.value
    if policy is None:
        reviewed.cannot_tell("password policy", reading.why)
        return
    lacking = [f"be {policy.length} characters long"] if policy.length < LEAST_LENGTH else []
    if policy.remembered < LEAST_REMEMBERED:
        again = f"after {policy.remembered} others" if policy.remembered else "at once"
        lacking.append(f"be used again {again}")
    if lacking:
        by = "AWS's default policy" if policy.default else "The account's password policy"
        command = (
            "aws iam update-account-password-policy replaces the entire policy: --minimum-password-length "
            f"{LEAST_LENGTH} --password-reuse-prevention {LEAST_REMEMBERED}"
        )
        yield PASSWORD_POLICY.finding(
            reviewed.arn("root"),
            f"{by} allows passwords to {joined(lacking)}.",
            [Evidence(f"MinimumPasswordLength is {policy.length}, PasswordReusePrevention {policy.remembered}",
                      call="iam:GetAccountPasswordPolicy")],
            fixes=[Fix("Require longer passwords, and prevent reuse", Who.ACCOUNT_ADMIN,
                       Note(reviewed.arn("root"), command, _WHICH_FORM))],
        )  # fmt: skip


def no_analyzer(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report an account without an analyzer for external access in any Region that was read.

    A member account's calls do not list the organization's analyzers, which are in the management account or a
    delegated administrator's account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html
    """
    reading = reviewed.analyzers
    if reading.value is None or reading.note:
        reviewed.cannot_tell("Access Analyzer", reading.why or reading.note)
        return
    if not any(each.type in _EXTERNAL for each in reading.value.analyzers):
        note = "aws accessanalyzer create-analyzer --analyzer-name outside --type ACCOUNT, in each Region in use."
        elsewhere = reviewed.account.in_organization is not False
        what = "the organization may have one in another account" if elsewhere else "nothing reports external access"
        yield NO_ANALYZER.finding(
            reviewed.arn("root"),
            f"No Region that was read has an analyzer of external access; {what}.",
            [Evidence("no analyzer of type ACCOUNT or ORGANIZATION", call="access-analyzer:ListAnalyzers")],
            hangs_on=("the organization's analyzers (not read)",) if elsewhere else (),
            fixes=[Fix("Create an analyzer for external access", Who.ACCOUNT_ADMIN,
                       Note(reviewed.arn("root"), note, "Access Analyzer is not part of IAM: y copies the command."))],
        )  # fmt: skip


def _allows(document: Document) -> bool:
    return any(statement.effect != "Deny" for statement in document.readable_statements)


def no_support(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report that AWS's policy for support cases is not attached to anything, if every principal was read."""
    account = reviewed.account
    if account.users is None or account.groups is None or account.incomplete:
        return
    holders: tuple[Role | User | Group, ...] = (*account.roles, *account.users, *account.groups)
    if any(holder.attached is None for holder in holders):
        return
    if not any(policy.arn.endswith(_SUPPORT_ACCESS) for holder in holders for policy in holder.attached or ()):
        note = f"Attach {name_of(_SUPPORT_ACCESS)} to the role that opens cases."
        yield SUPPORT.finding(
            reviewed.arn("root"),
            f"AWSSupportAccess is attached to no role, user or group{_can_open_cases(reviewed)}.",
            [Evidence("not attached", call="iam:GetAccountAuthorizationDetails")],
            fixes=[Fix("Let a role open support cases", Who.YOU, Note(reviewed.arn("root"), note, _WHICH_ROLE))],
        )


def _can_open_cases(reviewed: ReviewedAccount) -> str:
    """Return a clause about principals with full access, which can therefore also open support cases."""
    found = [name_of(arn) for arn in administrators(reviewed)]
    return f"; support cases can be opened by {listing(found, limit=3)}, with full access" if found else ""
