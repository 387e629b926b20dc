"""What a text may show with a failure's message: a decoded message, the sequence, credentials, misspellings."""

from __future__ import annotations

from dataclasses import dataclass

Values = tuple[tuple[str, tuple[str, ...]], ...]
"""Condition keys, each with its values."""


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that AWS's decoded message contains.

    Fields are None or empty if the message does not contain them.
    """

    sid: str | None
    effect: str | None
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: Values = ()


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    """The content of a decoded authorization message, apart from principal, action and resource.

    ``failures`` are the failures that AWS lists.
    """

    explicit: bool
    context: Values = ()
    statements: tuple[MatchedStatement, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequel:
    """What the rest of the pasted text shows about a failure.

    The same call succeeded later:
    ``succeeded`` is the text of that success.
    ``otherwise`` is how the successful call differed: ``profile``, ``region``, ``host``, ``path`` (the API lacks the
    path of the failed call), ``another path``, or empty. ``profile`` is the profile with which it succeeded.
    ``there`` is the Region in which IAM allowed the call, and ``creates`` says that the call creates something.
    ``dry``: the success is a dry run. ``stated``: only the author says that the call succeeded.
    ``with_mfa``: CloudTrail's event of the success has MFA, and that of the failure has none.
    ``external_id`` is the external ID that the successful call sent, and that the text's trust policy requires.
    ``left_out`` are the options without which the same call works in a later command.
    ``settled``: the call was made in a different way, and the author asks whether more is needed.
    ``overcome``: the call worked in another way, and the text has another failure that has to be explained.
    ``run_again``: the author says that a second run succeeded.
    ``changed`` is the line that says that a policy, key or role was changed between the failure and the success.
    ``recent``: the text has a policy, key or role that was made or changed before.

    The failure was not the last one:
    ``now`` is the line with another failure after the later success.
    ``fails_otherwise`` is the line in which the same call later fails for another reason. ``unlisted``: that failure is
    not one of the failures that were read from the text.
    ``aside`` is the text that shows that the program continued after this failure and was stopped by another one.
    ``earlier``: ``aside`` says only that the failure is from an earlier time.
    ``stopped_by`` is the line about something else, not a failed call, that stopped the program.
    ``made_by`` is the program or caller that had this failure, and ``stopped`` is the other one, whose failure must be
    explained.
    ``ended`` is the line that says that the program continued, or that its run ended well, in spite of the failure.
    ``alone``: ``aside`` sets this failure apart, no other one was read, and ``now`` is what the text says of the
    present.

    Causes and effects:
    ``caused_by`` is the action of the earlier failure that caused this one. ``then`` is what is left to do when that
    cause is removed, as a sentence.
    ``emptied`` is the variable that a shell set to an empty value because of the failure.
    ``missing`` is the line of a later command that shows that a thing named by the failure does not exist.
    ``exists`` is the line that shows that what the refused call creates exists already.
    ``rolled_back`` is the refused action that started the rollback in which this call was made.
    ``later`` is the text of a success that may be of a different call.
    """

    succeeded: str = ""
    otherwise: str = ""
    there: str = ""
    profile: str = ""
    creates: bool = False
    later: str = ""
    caused_by: str = ""
    aside: str = ""
    stopped_by: str = ""
    ended: str = ""
    overcome: bool = False
    stopped: str = ""
    made_by: str = ""
    emptied: str = ""
    now: str = ""
    settled: bool = False
    dry: bool = False
    stated: bool = False
    fails_otherwise: str = ""
    recent: bool = False
    changed: str = ""
    with_mfa: bool = False
    earlier: bool = False
    external_id: str = ""
    missing: str = ""
    unlisted: bool = False
    left_out: str = ""
    exists: str = ""
    rolled_back: str = ""
    run_again: bool = False
    alone: bool = False
    then: str = ""

    @property
    def over(self) -> bool:
        """Whether the same call succeeded later, so that nothing has to be explained."""
        return bool(self.succeeded) and (self.settled or bool(self.now) or not self.otherwise)

    @property
    def beside(self) -> bool:
        """Whether another failure in the text has to be explained instead of this one."""
        return bool(
            self.caused_by
            or self.aside
            or self.made_by
            or self.overcome
            or self.fails_otherwise
            or self.missing
            or self.exists
        )


@dataclass(frozen=True, slots=True)
class CredentialChain:
    """What a pasted text shows about the credentials that a program finds.

    A field is empty or False if nothing is known. ``exported`` are environment variables that contain keys; ``profile``
    is the value of AWS_PROFILE, over which they take precedence. ``signed_in``: a sign-in to IAM Identity Center
    succeeded. ``stored``: `aws configure list` shows that the keys come from the credentials file. ``token_file`` is a
    web identity token file other than the one that EKS renews. ``unreachable``: in a container, IMDS does not answer
    the request for a token; ``host_role`` is the role that IMDS returns on the host. ``role`` is the role that the
    program was configured to assume. ``retired`` is the text that shows that an access key was made inactive or
    deleted. ``half_session``: the key belongs to a session, but no session token is given with it.

    ``unsigned_token`` is the text about a presigned URL that fails although the same session's key works otherwise;
    ``long_lived_works`` is the text that says that a key without a session works, ``no_keys`` the text that says that
    no keys are set. ``home`` is the partition of the identity that the same keys belong to, ``region`` the Region that
    `aws configure list` shows. ``spoken`` is the only partition other than ``aws`` in the text's ARNs, and ``called``
    the Region that the text's first command names.
    """

    exported: tuple[str, ...] = ()
    profile: str = ""
    signed_in: bool = False
    stored: bool = False
    token_file: str = ""
    unreachable: bool = False
    host_role: str = ""
    role: str = ""
    retired: str = ""
    half_session: bool = False
    unsigned_token: str = ""
    long_lived_works: str = ""
    no_keys: str = ""
    home: str = ""
    region: str = ""
    spoken: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A name or number that is misspelled in the text, because it was typed, scanned or mangled.

    ``said`` is the text's spelling, ``read`` the corrected one.
    """

    said: str
    read: str
