"""Diagnose failures that are neither a denial nor a name conflict, using their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from diagnostics.diagnosis import FirstLook, Status, Step, Verdict
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.appsync_fields import refused_field
from diagnostics.text.answer.cluster_access import CLUSTER_NAMES, access_fix
from diagnostics.text.answer.credentials.certificates import anchors_differ
from diagnostics.text.answer.credentials.rejected_credentials import credentials_fix, credentials_verdict
from diagnostics.text.answer.database_grants import grants
from diagnostics.text.answer.key_state import KeyState, enabled_key_of_scaling, key_state
from diagnostics.text.answer.malformed_policy_reasons import malformed_reason
from diagnostics.text.answer.missing_roles_and_policies import (
    MAKE_SERVICE_ROLE,
    aws_managed_meant,
    aws_managed_near,
    create_it_first,
    name_another,
    not_found,
    own_policy_meant,
)
from diagnostics.text.answer.other_endpoints import refused_by_store, where_to_look_in_store
from diagnostics.text.answer.own_machine import NO_INSTANCE, STARTED_BEFORE, no_instance
from diagnostics.text.answer.permission_set_roles import permission_set_fix, permission_set_sentence
from diagnostics.text.answer.policy_documents.arn_shape import rejected_shape
from diagnostics.text.answer.policy_documents.operators import unknown_operator
from diagnostics.text.answer.policy_documents.partition_of_policy import ARN_OF_ANY, partition_fault
from diagnostics.text.answer.policy_documents.principals import principal_fault
from diagnostics.text.answer.policy_documents.region_in_arn import region_in_arn
from diagnostics.text.answer.regions.other_region import in_another_region, signed_for_another
from diagnostics.text.answer.regions.private_address import private_address
from diagnostics.text.answer.regions.region_in_host import HostFault, host_fault
from diagnostics.text.answer.search_collections import SERVERLESS, refused_by_collection
from diagnostics.text.answer.service_error import stated_error
from diagnostics.text.answer.shown_causes.table import shown_cause
from diagnostics.text.answer.undo_unexpected_successes import undone_by
from diagnostics.text.answer.unverified_identities import UNVERIFIED, steps_for, unverified
from diagnostics.text.answer.vault_logins import vault_lookup
from diagnostics.text.known_messages.not_refusals.appsync import APPSYNC_FIELD
from diagnostics.text.known_messages.not_refusals.connections import NAME_RESOLUTION, NETWORK, SERVER
from diagnostics.text.known_messages.not_refusals.ecs import TASK_NETWORK
from diagnostics.text.known_messages.not_refusals.kms import KEY_STATE, VOLUME_KEY
from diagnostics.text.known_messages.not_refusals.malformed_requests import NOT_SIGNED
from diagnostics.text.known_messages.not_refusals.organizations import CALLS_ORGANIZATIONS
from diagnostics.text.known_messages.not_refusals.other_servers import NO_ANSWER
from diagnostics.text.known_messages.not_refusals.roles_anywhere import ROLES_ANYWHERE
from diagnostics.text.read.author.contrasts import differences, version_that_works
from diagnostics.text.read.author.questions import answers, asks_only
from diagnostics.text.read.command_outputs import is_simulation, profile_is_shown
from diagnostics.text.read.forms.systems import (
    DATABASE,
    EXPECTED_BESIDE,
    LET_THROUGH,
    REDSHIFT,
    is_regional,
    is_sure,
    title_of,
    verdict_on,
    where_to_look,
)
from diagnostics.text.read.identities.instance_profiles import has_a_profile, of_beanstalk
from diagnostics.text.read.identities.management_account import callers_organization
from diagnostics.text.read.identities.own_account import callers
from diagnostics.text.read.messages.cut_off import cut_caller
from diagnostics.text.read.messages.exit_status import signal_words
from diagnostics.text.read.messages.policy_size import too_large
from diagnostics.text.read.messages.required_or_invalid_values import (
    CALL_UNKNOWN,
    HIDDEN,
    NOTHING_PRINTED,
    OWN_CAUSE,
    reported_failure,
)
from diagnostics.text.read.messages.service_errors import service_error
from diagnostics.text.read.sequence.did_not_stop import reported_success
from diagnostics.text.tokens.presigned import NEW_TOKEN
from diagnostics.who import Who
from diagnostics.words import ACTION_NAME
from iam.arn import Arn
from iam.claims import Ground, confidence
from iam.facts.needs import need_of
from iam.facts.two_sided_setups import SENTENCES
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.service_reference import action as action_of
from iam.words import listing

# The causes that the words alone make certain, and the sentence for each.
WORDS = {
    Trouble.QUOTA: ("quota.reached", "A quota is reached: AWS did not refuse this call because of a permission."),
    Trouble.SESSION_DURATION: ("session.duration", "The requested session is longer than allowed."),
    Trouble.PROTECTED_ROLE: (
        "role.service-owned",
        "IAM's calls cannot change the role, because it belongs to an AWS service.",
    ),
    Trouble.EMPTY_PROFILE: ("instance-profile.empty", "The instance profile contains no role."),
    Trouble.DELETE_CONFLICT: (
        "deletion.unfinished",
        "Something still depends on the resource that you want to delete: first remove what depends on it.",
    ),
    Trouble.INVALID_PRINCIPAL: (
        "principal.not-found",
        "The policy names a principal that AWS does not accept: the principal is deleted, mistyped, not created "
        "yet, or of a kind that no policy accepts (a group, a name with *). Permissions are not the cause.",
    ),
    Trouble.MALFORMED_POLICY: (
        "not-iam",
        "AWS does not accept this document as a policy: the document breaks the policy grammar, or is the wrong "
        "kind of policy for this call. Permissions are not the cause.",
    ),
    Trouble.SERVICE_ROLE_MISSING: (
        "principal.not-found",
        "The service-linked role that the service needs does not exist in this account.",
    ),
    Trouble.CONCURRENT: ("not-iam", "Try again: two changes were made at the same moment, and this is not a refusal."),
    Trouble.THROTTLING: ("not-iam", "Try again later: AWS throttled the calls, and this is not a refusal."),
    Trouble.NOT_IAM: ("not-iam", "Start with the other system that gave this answer, not with IAM's policies."),
}
_START_WITH = "Start with "
"""The beginning of the verdict on a system that has no sentence of its own."""

_UNKNOWN = "rolescope recognized no failure in the text."
_LOOKED_UP = "IAM checks each principal of a policy when the policy is written."

# IAM User Guide, "IAM identifiers": a profile that is created again has another ID
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
_GONE_PROFILE = regex(r"Instance Profile with id \S+ cannot be found", re.IGNORECASE)
_UNKNOWN_PROFILE = regex(
    r"invalid iam instance profile"
    r"|instance profile \S+\s+(?:(?:associated\s+with\s+the\s+environment\s+)?does not exist|not found)",
    re.IGNORECASE,
)


def cause_of(failure: OtherFailure) -> tuple[str, str]:
    """Return the cause's code and sentence according to the words; ``unreadable`` if nothing was recognized."""
    if failure.trouble is Trouble.EMPTY_PROFILE and _GONE_PROFILE.search(failure.text):
        return "instance-profile.missing", (
            "Attach the instance profile that exists now: EC2 no longer finds the attached instance profile, most "
            "likely because it was deleted, or deleted and created again."
        )
    if failure.trouble is Trouble.EMPTY_PROFILE and _nothing_attached(failure.text):
        if no_instance(failure.text):
            return "credentials.invalid", NO_INSTANCE
        if has_a_profile(failure.text) and "no instance profile" not in failure.text.lower():
            return "instance-profile.missing", STARTED_BEFORE
        return "instance-profile.missing", "The instance has no instance profile attached."
    if failure.trouble is Trouble.EMPTY_PROFILE and _UNKNOWN_PROFILE.search(failure.text):
        if profile_is_shown(failure.name, failure.text):
            return "instance-profile.missing", (
                f"The text shows that the instance profile {failure.name} exists. If the profile is new, wait a "
                "few seconds and make the call again, because EC2 cannot find a new instance profile immediately."
            )
        named = f" {failure.name}" if failure.name else ""
        if of_beanstalk(failure.text):
            return "instance-profile.missing", (
                f"The instance profile{named} of the environment does not exist in this account: create it with a "
                "role for the instances, or let the environment use another profile. AWS did not refuse the "
                "caller's own permissions."
            )
        return "instance-profile.missing", (
            f"EC2 cannot find instance profile{named}: the profile was never created, or was created only a moment ago."
        )
    if failure.trouble is Trouble.QUOTA and (large := too_large(failure.text)) is not None:
        size = large.size
        what = f"The {size.kind} is larger than its limit, {size.limit}" if size else "A policy is too large"
        return "quota.reached", f"{what}: make it smaller. No permission is missing."
    if failure.trouble is Trouble.INVALID_PRINCIPAL and (fault := principal_fault(failure.text)):
        return "principal.not-found", f"{fault.sentence} Permissions are not the cause."
    if failure.trouble is Trouble.MALFORMED_POLICY and (partition := partition_fault(failure.text)):
        return "not-iam", f"{partition.sentence} Permissions are not the cause."
    if failure.trouble is Trouble.MALFORMED_POLICY and (placed := region_in_arn(failure.text)):
        return "not-iam", f"{placed.sentence} Permissions are not the cause."
    if failure.trouble is Trouble.MALFORMED_POLICY and (unknown := unknown_operator(failure.text)):
        return "not-iam", f"{unknown.cause} Permissions are not the cause."
    if failure.trouble is Trouble.MALFORMED_POLICY and (why := malformed_reason(failure.text)):
        return "not-iam", f"AWS does not accept this policy, for this reason: “{why}”. Permissions are not the cause."
    if failure.trouble is Trouble.CREDENTIALS:
        verdict = credentials_verdict(failure)
        return verdict.cause, verdict.summary
    if failure.trouble is Trouble.NOT_IAM and failure.detail:
        if (state := _state_of_key(failure)) is not None:
            return "not-iam", state.sentence
        named = verdict_on(failure.detail, failure.name) or f"{_START_WITH}{failure.detail}, not with IAM's policies."
        if store := refused_by_store(failure.detail, failure.text):
            named = store
        if failure.detail == UNVERIFIED and (several := unverified(failure.text)):
            named = several
        if failure.detail == SERVERLESS:
            named = refused_by_collection(failure.text)
        if (shown := shown_cause(failure.detail, failure.text)) is not None:
            named = shown.sentence
        if granted := _granted(failure):
            named = f"The database refused this, not IAM. Ask the owner to run: {granted}"
        if is_regional(failure.detail) and (elsewhere := in_another_region(failure.text, failure.operation)):
            named = f"{elsewhere} {named}"
        if shape := rejected_shape(failure.text):
            named = f"{shape.sentence} No permission is missing."
        if signed := signed_for_another(failure.text):
            named = f"{signed} No permission is missing."
        if failure.detail == LET_THROUGH:
            named = f"{named} {undone_by(failure.name or '', failure.text)}".strip()
        if failure.detail == ROLES_ANYWHERE and (differ := anchors_differ(failure.text)):
            named = f"{differ} No permission is missing."
        if (host := _host_fault(failure)) is not None:
            named = host.sentence
        if failure.detail == APPSYNC_FIELD and (field := refused_field(failure.text)):
            named = field
        if failure.detail == CALLS_ORGANIZATIONS and (member := callers_organization(failure.text)) is not None:
            named = f"{member.sentence} No policy of the member account changes this."
        if failure.detail == NOT_SIGNED and (version := version_that_works(failure.text)):
            named = f"{named} The call works with {version}: pin that version until a newer version is corrected."
        if failure.detail == EXPECTED_BESIDE:
            error = stated_error(failure.text)
            own = error.sentence if error is not None and error.refuses_nothing else ""
            named = " ".join(filter(None, (own, named, signal_words(failure.name or ""))))
        return "not-iam", named
    if failure.trouble is Trouble.NOT_FOUND:
        return not_found(failure)
    if failure.trouble is Trouble.PROTECTED_ROLE and (named := permission_set_of(failure.name)):
        return "role.service-owned", permission_set_sentence(failure.name or "", named)
    return WORDS.get(
        failure.trouble,
        ("unreadable", f"{_UNKNOWN} Paste the error as it was printed, with the command or the lines above it."),
    )


def verdict_by_words(failure: OtherFailure, looks: Sequence[FirstLook] = ()) -> Verdict:
    """Return the verdict that the words alone imply: certain if AWS's own words have only one meaning.

    ``looks`` are the common causes of such a text: if there is one, the text is not reported as unknown.
    """
    if failure.trouble is Trouble.CREDENTIALS:
        return credentials_verdict(failure)
    cause, sentence = cause_of(failure)
    if looks and looks[0].decides:
        return Verdict(cause, confidence(Ground.LIKENESS), looks[0].cause)
    asked = answers(failure.text) if failure.trouble is Trouble.UNRECOGNIZED else ()
    worked = reported_success(failure.text) if failure.trouble is Trouble.UNRECOGNIZED else ""
    described = bool(looks) and looks[0].cause.startswith(NOTHING_PRINTED)
    looks = () if looks and looks[0].cause.startswith((CALL_UNKNOWN, NOTHING_PRINTED)) else looks
    of_question = (
        not looks or _is_of_difference(looks[0], failure.text) or looks[0].cause in [each.sentence for each in asked]
    )
    if failure.trouble is Trouble.UNRECOGNIZED and (cut := cut_caller(failure.text)):
        sentence = cut.sentence
    elif worked and not (asked and need_of(failure.text)):
        sentence = f"Nothing in the text failed: it says “{worked.rstrip('.')}”."
    elif (
        failure.trouble is Trouble.UNRECOGNIZED
        and (of_question or _is_of_difference(looks[0], failure.text))
        and (error := stated_error(failure.text))
    ):
        if error.refuses_nothing:
            return Verdict("not-iam", confidence(Ground.LIKENESS), error.sentence)
        sentence = error.sentence
    elif asked and of_question:
        sentence = asked[0].sentence
    elif (
        failure.trouble is Trouble.UNRECOGNIZED
        and looks
        and (
            is_simulation(failure.text) or looks[0].cause in SENTENCES or looks[0].cause.startswith((HIDDEN, NEW_TOKEN))
        )
    ):
        sentence = looks[0].cause
    elif failure.trouble is Trouble.UNRECOGNIZED and looks:
        own = looks[0].cause.startswith(OWN_CAUSE)
        because = "" if own else "This conclusion uses only the words of the text. "
        sentence = f"{looks[0].cause} {because}No denial by IAM was recognized in the text."
    elif failure.trouble is Trouble.UNRECOGNIZED and asks_only(failure.text):
        sentence = (
            "No error was recognized in the text, and rolescope has no answer to the question. Paste the error, or "
            "the command (aws SERVICE OPERATION) or action (service:Action) of your question."
        )
    elif failure.trouble is Trouble.UNRECOGNIZED and (line := reported_failure(failure.text)):
        sentence = f"No refusal by AWS was recognized in the text. The failure may be in this line: “{line}”."
    elif sentence.startswith(_START_WITH) and looks and not looks[0].guess:
        sentence = looks[0].cause
    elif described:
        sentence = f"No AWS error was recognized in the text.{_named(failure.text)} {_REFUSED_AT_ALL}"
    elif (cause, sentence) == WORDS.get(failure.trouble):  # it only says what the error means
        return Verdict(cause, confidence(Ground.STATED), sentence, general=True)
    sure = is_sure(failure.detail) and sentence != STARTED_BEFORE and not (looks and sentence == looks[0].cause)
    ground = Ground.STATED if sure and vault_lookup(failure.text) is None else Ground.LIKENESS
    return Verdict(cause, confidence(Ground.NOTHING if cause == "unreadable" else ground), sentence)


_REFUSED_AT_ALL = "First check whether AWS refused a call at all. If so, add the error of that call to the text."
_MOST_NAMED = 3


def _named(text: str) -> str:
    """A sentence with the calls, roles and users that a text without an error names; "" if it names none."""
    calls = [each for each in dict.fromkeys(ACTION_NAME.findall(text)) if action_of(each) is not None][:_MOST_NAMED]
    who = list(dict.fromkeys(_IDENTITY.findall(text)))[:_MOST_NAMED]
    return f" It names {listing([*calls, *who])}." if calls or who else ""


_IDENTITY = regex(r"\barn:[\w-]+:(?:iam|sts)::\d{12}:(?:role|user|assumed-role)/[\w+=,.@/-]*[\w+=@-]")


def _is_of_difference(look: FirstLook, text: str) -> bool:
    """Whether the cause is inferred from calls that succeed elsewhere.

    An error from the service itself takes precedence over such a cause.
    """
    return any(each.works in look.because.text for each in differences(text))


# STS API reference, "GetCallerIdentity": no permissions are required.
_WHO_AM_I = regex(r"get-?caller-?identity", re.IGNORECASE)


def fix_by_words(failure: OtherFailure) -> Fix | None:
    """Return what to do, if the wording alone shows it; None if the account has to be read, or nothing can be said."""
    match failure.trouble:
        case Trouble.CREDENTIALS:
            return credentials_fix(failure)
        case Trouble.PROTECTED_ROLE if named := permission_set_of(failure.name):
            return permission_set_fix(failure.name or "", named, failure.operation)
        case Trouble.THROTTLING:
            command = ShellCommand(
                failure.operation or "the calls", "export AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=8"
            )
            return Fix("Let the client wait and try again automatically", Who.CALLER, command)
        case Trouble.MALFORMED_POLICY:
            if partition := partition_fault(failure.text):
                return Fix("Write the account's partition in the ARNs", Who.CALLER, Note("the policy", partition.note))
            if placed := region_in_arn(failure.text):
                return Fix("Leave the Region out of the ARNs", Who.CALLER, Note("the policy", placed.note))
            command = ShellCommand("the policy's errors, and their places", "rolescope lint policy.json")
            return Fix("Correct the document", Who.CALLER, command)
        case Trouble.INVALID_PRINCIPAL:
            if fault := principal_fault(failure.text):
                return Fix(fault.title, Who.CALLER, Note("the policy", fault.note))
            note = Note("the policy", _LOOKED_UP)
            return Fix("Name a principal that exists, or create it first and wait a few seconds", Who.CALLER, note)
        case Trouble.NOT_FOUND if lookup := vault_lookup(failure.text):
            return Fix(lookup.title, Who.ACCOUNT_ADMIN, Note("Vault's AWS auth method", lookup.steps))
        case Trouble.NOT_FOUND:
            meant = aws_managed_meant(failure.name or "") or aws_managed_near(failure.name or "")
            if meant is not None and meant == failure.name:
                if ":policy/aws-service-role/" in meant:
                    return None
                return Fix("Write the account's partition in the ARN", Who.CALLER, Note("the ARN", ARN_OF_ANY))
            if not meant and (own := own_policy_meant(failure.name or "")):
                return create_it_first(own, failure.text)
            return name_another(failure.name or "what the call names", (meant,) if meant else ())
        case Trouble.SERVICE_ROLE_MISSING:
            note = Note("the service-linked role", MAKE_SERVICE_ROLE)
            return Fix("Ask somebody with the permission to create it once", Who.ACCOUNT_ADMIN, note)
        case Trouble.NOT_IAM if given := _of_a_cluster(failure):
            return given
        case Trouble.NOT_IAM:
            whose = failure.detail or "the other system"
            if (state := _state_of_key(failure)) is not None:
                return Fix(state.title, Who.RESOURCE_OWNER, Note(whose, state.step))
            if (shown := shown_cause(failure.detail, failure.text)) is not None:
                return Fix(shown.title, Who.RESOURCE_OWNER, Note(whose, shown.steps))
            where = where_to_look_in_store(failure.detail, failure.text) or where_to_look(failure.detail, failure.name)
            if failure.detail == UNVERIFIED and (steps := steps_for(failure.text)):
                where = steps
            note = Note(whose, _with_role(where, failure) or "No IAM policy can change this.")
            if signed := signed_for_another(failure.text):
                note = replace(note, text=signed)
            if (host := _host_fault(failure)) is not None:
                return Fix(host.title, Who.CALLER, Note(failure.name or "the host", host.steps))
            if granted := _granted(failure):
                note = replace(note, text=f"{granted} {note.text}")
            at = failure.name or "" if verdict_on(failure.detail, failure.name) else ""
            if at.startswith("sts.") and _WHO_AM_I.search(failure.text):
                note = replace(
                    note, text=f"{note.text} sts:GetCallerIdentity needs no permission, so no policy helps here."
                )
            if title := title_of(failure.detail):
                return Fix(title, Who.RESOURCE_OWNER, note)
            return Fix(
                f"Check {whose} ({at}), not IAM" if at else f"Check {whose}, not IAM",
                Who.RESOURCE_OWNER,
                note,
            )
    return None


def _with_role(where: str, failure: OtherFailure) -> str:
    """Return the sentence with the only calling role of the text in place of ROLE-ARN."""
    named = callers(failure.text, failure.principal) if _ROLE_ARN in where else ()
    arns = {_arn_of_role(arn) for each in named if (arn := Arn.parse_principal(each)) is not None}
    return f"{where.replace(_ROLE_ARN, arns.pop())} A role's path is part of its ARN." if len(arns) == 1 else where


def _arn_of_role(arn: Arn) -> str:
    return f"arn:{arn.partition}:iam::{arn.account}:role/{arn.session_role}" if arn.type == "assumed-role" else str(arn)


_ROLE_ARN = "ROLE-ARN"


def _host_fault(failure: OtherFailure) -> HostFault | None:
    if failure.detail in (NAME_RESOLUTION, NETWORK) and (fault := host_fault(failure.name, failure.text)):
        return fault
    return private_address(failure.text) if failure.detail in _UNREACHED else None


_UNREACHED = (NETWORK, SERVER, NO_ANSWER, TASK_NETWORK)


def _state_of_key(failure: OtherFailure) -> KeyState | None:
    if failure.detail not in (KEY_STATE, VOLUME_KEY):
        return None
    return key_state(failure.text) or (enabled_key_of_scaling(failure.text) if failure.detail == VOLUME_KEY else None)


def _of_a_cluster(failure: OtherFailure) -> Fix | None:
    """The command that gives the caller access to an EKS cluster whose access entries or policies the text shows."""
    return access_fix(failure.text) if failure.detail in CLUSTER_NAMES else None


def _granted(failure: OtherFailure) -> str:
    """The SQL statements that resolve a database's denial; "" for other failures, or if the user is unknown."""
    if failure.detail not in (DATABASE, REDSHIFT):
        return ""
    return grants(failure.text, redshift=failure.detail == REDSHIFT)


def _nothing_attached(text: str) -> bool:
    low = text.lower()
    return "does not contain a role" not in low and any(
        words in low
        for words in (
            "unable to locate credentials",
            "404 - not found",
            "no instance profile",
            "no iam role attached",
            "no ec2 instance role found",
        )
    )


def message_step(failure: OtherFailure) -> Step:
    said = ", ".join(part for part in (failure.code, failure.operation, failure.name, failure.detail) if part)
    known = failure.trouble is not Trouble.UNRECOGNIZED
    if not known and (error := service_error(failure.text)):
        said = ", ".join(filter(None, (error.code, error.operation, error.said)))
        return Step("message", "What the text says", Status.PASS, f"an error of a service: {said}")
    return Step(
        "message",
        "What the text says",
        Status.PASS if known else Status.UNKNOWN,
        f"{failure.trouble.value.replace('-', ' ')}{': ' + said if said else ''}",
    )
