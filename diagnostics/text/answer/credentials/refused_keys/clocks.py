"""Rows for a clock or a time of the signature that differs from AWS's."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import WRONG_SIGNATURE, CredentialFault, fault
from iam.claims import Ground

_CLOCK = (
    r"RequestTimeTooSkewed|RequestInTheFuture|Signature expired: ?\d|Signature not yet current|is now earlier than"
    r"|request time and the (?:current|server) time|request'?s? time[^\n]{0,40}skewed"
)

TWO_CLOCKS: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": a request's timestamp must be near AWS's time
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        rf"not able to validate the provided access credentials|\bAuthFailure\b|{WRONG_SIGNATURE}",
        "First correct the calling machine's clock, which is {clock_apart} {clock_direction} the other clock in "
        "the text. AWS does not accept a signature whose time is more than 5 minutes off (S3: 15). No permission "
        "is missing.",
        "Correct the clock of the machine that made the call, then try again",
        "timedatectl; chronyc tracking  # is it synchronized?\n"
        "sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        "If the call still fails with a correct clock, check the keys: aws sts get-caller-identity.",
        check=None,
        ground=Ground.LIKENESS,
        needs="clock_apart",
    ),
)

TIME_DIFFERS: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Troubleshoot Signature Version 4 signing": the times are in UTC.
    fault(
        _CLOCK,
        "The request's time is {hours} {direction} AWS's clock. Correct the UTC time of the calling machine, unless "
        "the program sends local time as UTC.",
        "Correct the UTC time of the machine that made the call",
        "date -u; timedatectl  # UTC must be right, whatever the local time",
        "A difference of full hours suggests the time zone or its switch to summer time. If the machine's UTC time is "
        "wrong, let NTP (chrony, the hypervisor's tools) set it.",
        check=None,
        needs="hours",
    ),
    # A request cannot be signed later than it is sent: if its time is ahead of AWS's, the machine's clock is wrong.
    fault(
        _CLOCK,
        "The request's time is {apart} ahead of AWS's clock, and AWS refuses more than {window}: the clock of the "
        "calling machine is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
        needs="ahead",
    ),
    fault(
        _CLOCK,
        "The clock is right, so the signature was too old when the request was sent: its age is {late} s over the "
        "limit of {window}. Most likely the program retried the call until then, and the call's first error is the "
        "cause.",
        "Find the first error of this call in CloudTrail",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=OPERATION --query "
        "'Events[].CloudTrailEvent'  # the earlier attempts, with their errorCode",
        "The program repeats one signed request after an error that it does not show, often a quota "
        "(LimitExceededException) or throttling. Renewing the credentials or correcting the clock does not change "
        "this.",
        check=None,
        needs="late",
        ground=Ground.LIKENESS,
    ),
    # Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)": each request has its own time
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
    fault(
        _CLOCK,
        "Most likely the program signs with the time of its start, so it works at first, and fails once that time "
        "is {window} old. Update the library, or make a new client. Correct the clock only if date -u is wrong.",
        "Let the program read the time again for each request",
        "date -u  # compare it with the real time: if it is right, the library keeps the time",
        "The text says that the program works at first (“{works_at_first}”). With a wrong clock, the first request "
        "would also fail. Neither a key nor a permission is the cause.",
        check=None,
        needs="works_at_first",
        ground=Ground.LIKENESS,
    ),
    fault(
        _CLOCK,
        "The request's time is {apart} {direction} AWS's clock, and AWS refuses more than {window}. Correct the "
        "clock of the calling machine, unless the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        "{date_is_signed}",
        check=None,
        needs="apart",
    ),
    fault(
        r"Signature not yet current|RequestInTheFuture",
        "The request's timestamp is ahead of AWS's clock: the calling machine's clock is fast.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
    fault(
        _CLOCK,
        "The request's time and AWS's differ by more than {window}. Correct the clock of the calling machine, unless "
        "the request was sent long after it was signed.",
        "Correct the clock of the machine that made the call",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
        check=None,
    ),
)
