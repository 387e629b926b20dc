"""Causes that concern which credentials a program really used: the environment's, a bearer token, or a profile's.

AWS CLI User Guide, "Configuration and credential file settings": keys in the environment take precedence over
AWS_PROFILE, and --profile takes precedence over both
(https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.shared_causes import role_not_taken
from diagnostics.text.causes.works_elsewhere import of_difference
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.layout.shell import PROFILE_OPTION, PROFILE_VARIABLE, WORKED
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_SHOW = "env | grep ^AWS_ | cut -d= -f1"


def keys_override(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text shows keys in the environment in addition to AWS_PROFILE."""
    if signs.alone:
        return
    from diagnostics.text.read.identities.meant_account import overriding_keys

    keys = overriding_keys(signs.denial)
    if keys is None:
        return
    yield FirstLook(
        f"{keys.sentence} Remove them, or call with --profile {keys.profile}, which overrides them. Grant this caller "
        "nothing.",
        contains(keys.profile),
        _SHOW,
        Who.CALLER,
    )


_CLI_WORKS = regex(
    rf"\baws [a-z][\w-]* [a-z][\w-]*[^\n]{{0,300}}?(?:#|->|=>)\s*(?:this )?(?:{WORKED}|200)\b",
    re.IGNORECASE,
)


def role_left_out(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program did not assume the role that it was given."""
    if not signs.denied_explicitly and (look := role_not_taken(signs.denial.text)) is not None:
        yield look


_MACHINES_ROLE = r"\binstance (?:profile|role)\b|\brunner's role\b|\brole of the runner\b|\bself-hosted runners?\b"
_SIGNED_IN_BEFORE = (
    r"\b(?:earlier|previous|preceding|another|other) (?:step|job|stage|action)\b[^.\n]{0,60}"
    r"\b(?:OIDC|log(?:s|ged)? in(?:to)? (?:to )?AWS|configure-aws-credentials|assumes? (?:a|another|the) role)\b"
)


def earlier_sign_in(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an earlier step of the job signed in, but the call was meant to use the machine's role.

    AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before the instance
    (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    """
    if signs.denial.principal or signs.denial.stated_reason:
        return
    if not (own := signs.quote(_MACHINES_ROLE)) or not (before := signs.quote(_SIGNED_IN_BEFORE)):
        return
    yield FirstLook(
        "Most likely the call is made with the role of the earlier step: its keys (AWS_ACCESS_KEY_ID, "
        "AWS_SESSION_TOKEN) stay in the job's environment and override the instance profile. Run this step before the "
        "earlier step's sign-in or in a separate job, or unset these variables for this step. Or grant the permission "
        "to the role of the earlier step.",
        contains(own, before),
        WHO_AM_I,
        Who.CALLER,
    )


def own_settings(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the program's own settings name a profile or keys, but the shell has a different identity."""
    if signs.denial.principal or signs.denial.stated_reason or signs.alone:
        return
    from diagnostics.text.read.identities.callers import answered_identities
    from diagnostics.text.read.identities.tool_settings import tool_setting

    own, shell = tool_setting(signs.denial.text), answered_identities(signs.denial.text)
    if own is None or len(set(shell)) != 1:
        return
    with_what = f"the profile {own.profile}" if own.profile else "the keys"
    check = f"aws sts get-caller-identity --profile {own.profile}" if own.profile else _SHOW
    works = " That identity can list, as the text shows." if signs.says(_LISTS) else ""
    yield FirstLook(
        f"{own.program} calls with {with_what} of its own settings, not with the identity that the shell shows "
        f"({shell[0].partition(':assumed-role/')[2] or shell[0].rpartition('/')[2]}).{works} Correct that setting, "
        "or remove it. Grant nothing before that.",
        contains(own.words),
        check,
        Who.CALLER,
    )


_LISTS = r"\baws s3 ls s3://[^\n]*(?:\n[^\n]{0,40}(?:PRE |\d{4}-\d\d-\d\d )|[^\n]*\b(?:works|ok|fine)\b)"


def by_hand(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the same command works by hand, and the refusal names no caller."""
    if signs.denial.principal or signs.denial.stated_reason:
        return
    if (look := of_difference(signs.denial.text, among=(Difference.BY_HAND,))) is not None:
        yield look


_HIGH_LEVEL = regex(r"\baws s3 (?P<command>ls|cp|mv|rm|sync)\b")
_COMMAND = regex(r"\baws (?P<service>[a-z][\w-]*) (?P<operation>[a-z][\w-]*)")
_OF_HIGH_LEVEL = {
    # AWS CLI Command Reference, "s3": what each command does with buckets and objects.
    "ls": ("s3:listbucket", "s3:listallmybuckets"),
    "cp": ("s3:getobject", "s3:putobject", "s3:listbucket"),
    "mv": ("s3:getobject", "s3:putobject", "s3:listbucket", "s3:deleteobject"),
    "rm": ("s3:deleteobject", "s3:listbucket"),
    "sync": ("s3:getobject", "s3:putobject", "s3:listbucket"),
}


def _is_another_call(command: str, action: str) -> bool:
    """Whether the AWS CLI command is known to need actions other than the refused action."""
    if not action:
        return "get-caller-identity" in command
    if high := _HIGH_LEVEL.search(command):
        return action not in _OF_HIGH_LEVEL[high["command"]]
    found = _COMMAND.search(command)
    if found is None:
        return False
    own = action_for(found["operation"].replace("-", ""), iam_prefix(found["service"]) or found["service"])
    return own is not None and own.lower() != action


_BEARER = r"AWS_BEARER_TOKEN_\w+|\bBedrock API keys?\b|\bAPI[- ]key login\b|\bbearer token\b"


def profile_works_in_the_cli(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program is denied although the AWS CLI works with the same profile.

    Amazon Bedrock User Guide, "Use an Amazon Bedrock API key": SDKs send AWS_BEARER_TOKEN_BEDROCK instead of a
    signature (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html).
    """
    text = signs.denial.text
    worked, given = _CLI_WORKS.search(text), PROFILE_VARIABLE.search(text)
    if worked is not None and _is_another_call(worked[0], signs.action):
        return
    named = PROFILE_OPTION.search(worked[0]) if worked else None
    if signs.denial.principal or worked is None or named is None or given is None or named["name"] != given["name"]:
        return
    yield FirstLook(
        f"The profile {given['name']} works in the AWS CLI, so its policies allow the call: the program sends "
        f"different credentials from that profile's.{_clear_the_token(signs)} Grant nothing.",
        contains(excerpt(worked[0])),
        _SHOW,
        Who.CALLER,
    )


def same_credentials_work(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the same credentials work in another program."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or signs.alone:
        return
    from diagnostics.text.read.author import contrasts  # few refusals have prose

    if (proof := contrasts.same_credentials_work(denial.text)) is None:
        return
    if (look := _chosen_only_there(proof.works, denial.text)) is not None:
        yield look
        return
    newer = of_difference(denial.text, among=(Difference.NEWER,)) is not None
    back = " If only the newer version fails, go back to the previous version, and report the fault." if newer else ""
    yield FirstLook(
        "According to the text, the same credentials work in another program: most likely this program sends different "
        f"credentials, or calls another Region or model.{_clear_the_token(signs)} The program's debug output shows "
        f"which of these it uses.{back} Grant nothing before you know this.",
        contains(proof.works),
        _SHOW,
        Who.CALLER,
    )


_PASSED = regex(
    r"(?:--(?P<option>[a-z][a-z-]{2,40})[ =]|(?<![\w-])(?P<name>[A-Za-z][A-Za-z_]{2,40})\s*=\s*)"
    r"[\"'“‘]?(?P<value>[\w./:-]{2,100})"
)
# Optional parameters of calls, without separators, and what is used without them. Amazon Athena User Guide, "How
# workgroups work" (https://docs.aws.amazon.com/athena/latest/ug/user-created-workgroups.html); AWS Glue API Reference,
# "GetTable", CatalogId (https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html); Amazon S3 User Guide, "Using
# Requester Pays buckets" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html).
_WITHOUT = {
    "workgroup": "Athena runs the query in the workgroup primary, which these credentials may not be allowed to use",
    "region": "the program may call another Region",
    "regionname": "the program may call another Region",
    "catalogid": "Glue looks in the catalog of the caller's own account",
    "requestpayer": "a bucket with Requester Pays refuses the request",
}


def _chosen_only_there(works: str, text: str) -> FirstLook | None:
    """Return the cause if only the call that works passes an optional parameter; None otherwise."""
    rest = text.replace(works, "")
    for each in _PASSED.finditer(works):
        name = each["option"] or each["name"]
        plain = re.sub(r"[-_]", "", name).lower()
        written = "[-_]?".join(plain)
        if plain not in _WITHOUT or re.search(rf"--{written}\b|{written}(?:_?name)?[\"']?\s*[:=]", rest, re.IGNORECASE):
            continue
        return FirstLook(
            f"With the same credentials, a call with {name} {each['value']} works, and nothing else in the text sets "
            f"{name}. Without it, {_WITHOUT[plain]}: set {name} in the configuration of the program that fails.",
            contains(works),
            None,
            Who.CALLER,
        )
    return None


def _clear_the_token(signs: Signs) -> str:
    if not (signs.says(_BEARER) or signs.says(r"\bbedrock\b")):
        return ""
    return (
        " If the program has a Bedrock API key (AWS_BEARER_TOKEN_BEDROCK, or a key stored at its login), it sends "
        "that key instead of signing with the profile: clear the key first."
    )


def works_otherwise(signs: Signs) -> Iterator[FirstLook]:
    """Yield the advice to compare the calls, if a call by another program or with other options works."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or denial.claims_trust or denial.encoded_message or signs.alone:
        return
    from diagnostics.text.read.author.contrasts import works_as, works_in_another_program

    works, fails = works_as(denial.text)
    if works and fails and works != fails:
        yield FirstLook(
            "One command works and the other does not, so compare what differs before you change a policy: the "
            "credentials (run this check once with each command's profile and variables), the Region, and the "
            "endpoint. Until then, use the command that works.",
            contains(works, fails),
            WHO_AM_I,
            Who.CALLER,
        )
    elif (proof := works_in_another_program(denial.text)) is not None:
        yield FirstLook(
            "The call works in another program, so compare what both programs send before you change a policy: this "
            "program may use other credentials or none, another Region, or another endpoint. Its debug output shows "
            "these.",
            contains(proof.works),
            _SHOW,
            Who.CALLER,
        )


def role_taken_in_the_cli(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the AWS CLI can assume the role: the program's call differs.

    AWS CLI User Guide, "Using an IAM role in the AWS CLI": the CLI asks for an MFA code (mfa_serial) and sends the
    external_id
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html).
    """
    if signs.action != "sts:assumerole" or signs.layer or signs.denied_explicitly or signs.alone:
        return
    from diagnostics.text.read.author.contrasts import works_in_the_cli

    if (proof := works_in_the_cli(signs.denial.text)) is None:
        return
    mfa = (
        " There, the CLI asked for an MFA code: if this program sends none, a trust policy that requires MFA refuses "
        "it."
        if signs.says(r"\bMFA code\b|\bmfa_serial\b")
        else ""
    )
    yield FirstLook(
        "The AWS CLI can assume the role, so compare the two calls before you change a policy: the keys (this check in "
        "both places), the role's ARN, and what the CLI's profile adds (mfa_serial, external_id, "
        f"role_session_name).{mfa}",
        contains(proof.works),
        WHO_AM_I,
        Who.CALLER,
    )


_SETS_ROLE = regex(r"\[profile (?P<profile>[\w.@+-]{1,64})\][^\[]{0,600}?sso_role_name\s*=\s*(?P<set>[\w+=,.@-]{1,64})")


def chosen_set(signs: Signs) -> Iterator[FirstLook]:
    """Yield the profile in the text that selects the permission set whose session was denied.

    IAM Identity Center User Guide, "Permission sets": a person signs in with one permission set at a time
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html).
    """
    if not signs.role.startswith("AWSReservedSSO_"):
        return
    name = signs.role.removeprefix("AWSReservedSSO_").rpartition("_")[0]
    found = next((each for each in _SETS_ROLE.finditer(signs.denial.text) if each["set"] == name), None)
    if found is None:
        return
    yield FirstLook(
        f"Profile {found['profile']} chooses the permission set {name} (sso_role_name), and a session has only one "
        "permission set. If another of your permission sets allows the call, set sso_role_name to that permission set "
        f"and sign in again. If {name} is the right one, add the permission to it in IAM Identity Center, never in the "
        "role.",
        contains(name),
        None,
        Who.CALLER,
    )


_ANONYMOUS = (
    r"[^\n]{0,60}\b(?:using|falling back to|fall back to) anonymous (?:credentials|access)\b"
    r"|[^\n]{0,60}\b(?:request|requests) (?:is|are|was|were) not signed\b|\bNo AWSAccessKey was presented\b"
)
_FUSION = r"\bfusion\b"


_UNSIGNED_CODE = regex(
    r"(?:\bif (?:self\.)?(?P<unless>\w+)\s*:[^\n]*\n\s*else\s*:[^\n]*\n?[^\n]*?)?"
    r"\bsignature_version\s*=\s*(?:botocore\.)?UNSIGNED\b"
)


def unsigned_by_code(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if code in the text creates a client that does not sign requests, and the denial names no caller.

    AWS CLI reference, "Global options", --no-sign-request: credentials are not loaded
    (https://docs.aws.amazon.com/cli/latest/reference/); the equivalent in botocore is UNSIGNED.
    """
    found = _UNSIGNED_CODE.search(signs.denial.text)
    if found is None or signs.denial.principal or signs.service not in ("", "s3"):
        return
    setting = found["unless"]
    unless = f" unless {setting} is set" if setting else ""
    remedy = f"Set {setting}, or let the client sign." if setting else "Let the client sign."
    yield FirstLook(
        f"The code in the text calls without a signature{unless}: S3 then sees an anonymous caller, whatever "
        f"credentials are in the environment. {remedy} "
        "Neither the bucket's policy nor IAM has to change.",
        contains("UNSIGNED"),
        None,
        Who.CALLER,
    )


def without_signature(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program says that it has no credentials and calls without a signature.

    Nextflow's reference, "fusion" (https://nextflow.io/docs/latest/reference/config.html#fusion).
    """
    if signs.denial.principal or not (said := signs.quote(_ANONYMOUS)):
        return
    how = "Provide credentials where the program runs (environment, profile, or the machine's or container's role)."
    if signs.says(_FUSION):
        how = (
            "In nextflow.config set fusion.exportStorageCredentials = true, which passes the keys to the task's "
            "container. Or give the machines an instance role that is allowed to use the bucket."
        )
    yield FirstLook(
        f"The program has no credentials where it runs, and made the call without a signature. {how} The keys, the "
        "bucket's policy and the user's policies are less likely causes.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
