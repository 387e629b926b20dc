"""What a failure that is neither a denial nor a conflict states."""

from __future__ import annotations

from diagnostics.diagnosis import Status, Step
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.messages.reasons import stated_in

# The causes that the words alone make certain, and the sentence for each.
WORDS = {
    Trouble.CREDENTIALS: (
        "credentials.invalid",
        "The credentials are expired, unknown or wrongly signed: this is no question of permissions.",
    ),
    Trouble.QUOTA: ("quota.reached", "A quota of the account is used up: this is no question of permissions."),
    Trouble.SESSION_DURATION: ("session.duration", "The session that was asked for is longer than allowed."),
    Trouble.PROTECTED_ROLE: ("role.service-owned", "The role belongs to an AWS service: IAM's calls cannot change it."),
    Trouble.EMPTY_PROFILE: ("instance-profile.empty", "The instance profile holds no role."),
    Trouble.DELETE_CONFLICT: (
        "deletion.unfinished",
        "Something still hangs on what was to be deleted: it has to go first.",
    ),
    Trouble.INVALID_PRINCIPAL: (
        "principal.not-found",
        "The policy names a principal that IAM cannot find: deleted, mistyped, or not made yet. This is no question of "
        "permissions.",
    ),
    Trouble.CONCURRENT: ("not-iam", "Two changes were made at the same moment: this is no refusal, try again."),
    Trouble.THROTTLING: ("not-iam", "AWS asked for fewer calls a second: this is no refusal, try again later."),
    Trouble.NOT_IAM: ("not-iam", "No policy of IAM made this answer: it is another system's."),
}


def cause_of(failure: OtherFailure) -> tuple[str, str]:
    """The code and the sentence that the words carry; ``unreadable`` where nothing was recognized."""
    if failure.trouble is Trouble.EMPTY_PROFILE and _nothing_attached(failure.text):
        return "instance-profile.missing", "The instance has no instance profile attached."
    if failure.trouble is Trouble.CREDENTIALS and (stated := stated_in(failure.text)):
        return stated.cause, stated.sentence
    return WORDS.get(
        failure.trouble,
        ("unreadable", "No failure that this tool knows was recognized in the text."),
    )


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
    return Step(
        "message",
        "What the text says",
        Status.PASS if known else Status.UNKNOWN,
        f"{failure.trouble.value.replace('-', ' ')}{': ' + said if said else ''}",
    )
