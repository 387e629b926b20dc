"""A denial's caller, action and resource, split into the parts that the rules use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.claims.kinds import Says, Sentence, TextPart
from diagnostics.commands import Untypable, simulate_principal_policy
from diagnostics.failure import Denial
from diagnostics.text.causes.build_causes import has_mask, matches, quoted, reading, says
from diagnostics.text.read.messages.additions_to_message import allowed_by, prose_in
from diagnostics.text.read.one_message import is_alone
from diagnostics.words import UNSIGNED
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import spelled

CALLED_SERVICE = regex(r"\(Service:\s*(?P<name>[\w .-]{2,50}?)[;,)]")
"""The names that AWS SDKs use for the called service."""
ADMIN = "AdministratorAccess"
CDK_ROLE = regex(r"cdk-\S+?-(?P<kind>cfn-exec|deploy|file-publishing|image-publishing|lookup)-role-")
"""The name of a role of CDK's bootstrap stack."""
_RUNS_AS = regex(
    r"\b(?:runs?|running|ran|executes?|executed|executing|deployed)\s+(?:under|as|with|using)\s+(?:the\s+|an?\s+)?(?:IAM\s+)?"
    r"(?:\w+\s+)?role\s+[\"'`]?(?P<role>(?!that\b|which\b|with\b|of\b|in\b|and\b|for\b)[\w+=,.@-]*[\w+=@-])",
    re.IGNORECASE,
)
"""A person's words about the role that a program runs with."""
_IAMS_REASON = regex(
    r"\bno [\w\s-]{1,40} polic(?:y|ies)\s+allows?\s+the\s+\S+\s+action|not authori[sz]ed\s+to\s+perform:?\s+\S+", 2
)
_ADMINISTRATOR = (
    r"(?<!not )(?<!n't )(?<!never )\b(?:has|have|with|attached|assigned|got|am|is|are|as|using"
    r"|gave|given|granted|added)\b(?! not?\b)[^.\n]{0,40}\b(?:AdministratorAccess\b(?!-)"
    r"|(?:full )?admin(?:istrator)? (?:access|permissions|policy|role)\b|full admin (?:rights|privileges)\b)"
)
# A role that a service's prose names by its function: "the provided role does not have sufficient permissions".
_ROLE_IN_PROSE = (
    r"(?:\b(?:provided|specified|execution|service|task|instance|node|job|build|crawler|delivery|IAM|machine)"
    r" role\b"
    r"|\brole (?:defined |configured |specified |provided )?for the \w+)"
    r"(?=[^.\n]{0,60}(?:\b(?:not|lacks?|denied|unable|cannot)|n't)\b)"
)

_CALLED_AS = r"\b(?:as|with) (?:the )?(?:IAM )?(?:role|user)[ :=]+(?=[\w+=,.@]*[-_\d])[\w+=,.@-]{3,64}(?![\w/:])"
"""A name after "as role" or "with user": its hyphen, underscore or digit shows that it is no ordinary word."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The parts of a denial.

    ``role`` and ``session`` are set if the caller is a session, ``user`` if the caller is a user; otherwise they are
    empty. ``action`` is in lower case. ``target`` is the resource's ARN, and ``target_role`` its name if it is a role.
    """

    denial: Denial
    caller: Arn | None
    role: str
    session: str
    user: str
    action: str
    target: Arn | None
    target_role: str

    @property
    def alone(self) -> bool:
        """Whether the text is the message alone, so that nothing has to be looked for around it."""
        return is_alone(self.denial)

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]

    @property
    def names_caller(self) -> bool:
        """Whether the text names the caller, including services and names without an ARN.

        A redacted name does not count.
        """
        return (
            self.caller is not None
            or re.search(r"[^\W_xX]{2}", self.denial.principal or "") is not None
            or (bool(self.role) and not self.denial.principal)
            or self.says(_ROLE_IN_PROSE)
            or self.says(_CALLED_AS)
            or prose_in(self.denial.text) is not None
        )

    @property
    def layer(self) -> str:
        """The kind of policy that the text names, spelled as in cause codes; "" if it names none."""
        layer = (self.denial.stated_reason or "").partition(":")[2]
        return "" if layer == "unknown" else layer

    @property
    def denied_explicitly(self) -> bool:
        return (self.denial.stated_reason or "").startswith("explicit")

    @property
    def unsigned(self) -> bool:
        """Whether the call has a token and no signature, so that no policy of a caller is evaluated.

        Source: STS API reference.
        """
        return self.action in UNSIGNED

    @property
    def is_root(self) -> bool:
        """Whether the caller is an account's root user, to whom no IAM policy of the account is attached."""
        return self.caller is not None and self.caller.resource == "root"

    @property
    def bucket(self) -> str | None:
        """The bucket's name; None if the text names none, or names an access point."""
        if self.target is None or self.target.service != "s3" or self.access_point:
            return None
        return self.target.resource.partition("/")[0]

    @property
    def access_point(self) -> str | None:
        """The name of the S3 access point that the resource, or the object, belongs to; None if there is none."""
        found = re.match(r"accesspoint[/:]([\w.-]+)", self.target.resource) if self.target else None
        return found[1] if found and self.target and self.target.service == "s3" else None

    @property
    def layer_version(self) -> tuple[str, str] | None:
        """The ARN of the Lambda layer and its version number, if the resource is one; else None."""
        found = re.fullmatch(r"layer:[\w-]+:(\d+)", self.target.resource) if self.target else None
        if found is None or self.target is None or self.target.service != "lambda":
            return None
        return str(self.target).rpartition(":")[0], found[1]

    @property
    def bucket_arn(self) -> str:
        """The bucket's ARN; "" if the text names no bucket, or names an access point."""
        if self.target is None or not self.bucket or self.target.account:
            return ""
        return f"arn:{self.target.partition}:s3:::{self.bucket}"

    @property
    def region(self) -> str:
        return self.target.region if self.target else ""

    @property
    def action_is(self) -> Sentence:
        """The sentence saying which action the text names."""
        refused = self.denial.action or self.denial.missing_action
        return says(f"the action is {refused}", TextPart.ACTION, refused)

    @property
    def resource_is(self) -> Sentence:
        return says(f"the resource is {self.denial.resource}", TextPart.RESOURCE, self.denial.resource)

    @property
    def caller_is(self) -> Sentence:
        return says(f"the caller is {self.denial.principal}", TextPart.PRINCIPAL, self.denial.principal)

    @property
    def operation_is(self) -> Sentence:
        return says(f"the operation is {self.denial.operation}", TextPart.OPERATION, self.denial.operation)

    def says(self, pattern: str) -> bool:
        return matches(self.denial.text, pattern)

    def quote(self, pattern: str) -> str:
        """Return the part of the text that the pattern matches, for quoting in a sentence; "" if there is no match."""
        return quoted(self.denial.text, pattern)

    @property
    def trust_read(self) -> str | None:
        return reading("iam", "get-role", ("role-name", self.target_role), query="Role.AssumeRolePolicyDocument")

    @property
    def caller_read(self) -> str | None:
        """The command that tests what the caller's own policies allow, or else the commands that list the policies."""
        return self.simulation or self.lists_policies

    @property
    def simulation(self) -> str | None:
        """The command that runs AWS's policy simulator with the text's values; None if a value is unknown.

        A session's ARN lacks its role's path, so the command looks up the role's ARN first.
        """
        action = self.denial.missing_action or self.denial.action or ""
        if not (self.role or self.user) or self.unsigned or known_action(action) is None:
            return None
        name = ("role", self.role) if self.role else ("user", self.user)
        source = reading("iam", f"get-{name[0]}", (f"{name[0]}-name", name[1]), query=f"{name[0].title()}.Arn")
        if source is None:
            return None
        resource = self.denial.resource or ""
        given = resource if resource.startswith("arn:") and self.denial.missing_action is None else ""
        if not given and self.denial.missing_action is None:
            given = self._entity_arn or ""
        if has_mask(given) or re.search(r"\s|(?<!:log-stream):$", given):
            given = ""
        try:
            return simulate_principal_policy(f'"$({source} --output text)"', [spelled(action)], given or None)
        except Untypable:
            return simulate_principal_policy(f'"$({source} --output text)"', [spelled(action)], None)

    @property
    def _entity_arn(self) -> str | None:
        """The ARN of a role, user or policy that IAM names without one, in the caller's account and without a path."""
        named = re.fullmatch(r"(role|user|group|policy) ([\w+=,.@-]+)", self.denial.resource or "")
        if named is None or self.caller is None or self.caller.account_id is None:
            return None
        return f"arn:{self.caller.partition}:iam::{self.caller.account}:{named[1]}/{named[2]}"

    @property
    def lists_policies(self) -> str | None:
        """The commands that list the caller's own policies, attached and inline; for a user, also the user's groups."""
        calls: tuple[str, ...] = ()
        option = ("", "")
        if self.role:
            calls, option = ("list-attached-role-policies", "list-role-policies"), ("role-name", self.role)
        elif self.user:
            calls = ("list-attached-user-policies", "list-user-policies", "list-groups-for-user")
            option = ("user-name", self.user)
        commands = [reading("iam", call, option) for call in calls]
        return " && ".join(filter(None, commands)) or None

    @property
    def two_accounts(self) -> tuple[str, str] | None:
        """The caller's account and the resource's; None if one is unknown, or both are the same."""
        ours = self.caller.account_id if self.caller else None
        theirs = self.target.account_id if self.target else None
        return (ours, theirs) if ours and theirs and ours != theirs else None

    @property
    def allowed_by(self) -> str:
        """The words with which the text says that somebody's policies allow the action; "" if it does not say so."""
        action = (self.denial.missing_action or self.denial.action or "").lower()
        if self.alone or action.startswith("sts:assumerole"):
            return ""
        text = _IAMS_REASON.sub("", self.denial.text)
        return allowed_by(action, text, managed=not self.denial.stated_reason)

    @property
    def granted(self) -> bool:
        """Whether the text says that somebody's policies allow the action."""
        return bool(self.allowed_by)

    @property
    def administrator(self) -> str:
        """The words that say that somebody has AdministratorAccess; "" if the text has none."""
        return self.quote(_ADMINISTRATOR)

    @property
    def takes_itself(self) -> bool:
        """Whether the caller is a session of the very role that it asks for, in the same account."""
        if not (self.role and self.role == self.target_role) or self.caller is None or self.target is None:
            return False
        return self.caller.account == self.target.account


def accounts_differ(ours: str, theirs: str) -> Sentence:
    """Return the sentence saying that the caller and the resource belong to two accounts."""
    return Sentence(
        "the two account numbers in the text differ",
        (Says(TextPart.PRINCIPAL, ours), Says(TextPart.RESOURCE, theirs)),
    )


def signs_of(denial: Denial) -> Signs:
    """Split a denial's text into the parts that the rules use; nothing else is read."""
    caller = Arn.parse_principal(denial.principal or "")
    # People mask ARNs in many ways: what remains of a session's ARN suffices for its two names.
    session = re.search(r"assumed-role/([^/\s]+)(?:/([^/\s]+))?", denial.principal or "")
    # IAM names a policy in this form: "on resource: policy arn:aws:iam::…".
    target = Arn.parse(re.sub(r"^(?:policy|role|user|group) (?=arn:)", "", denial.resource or ""))
    is_role = target is not None and target.service == "iam" and target.type == "role"
    named = re.fullmatch(r"role ([\w+=,.@-]+)", denial.resource or "")
    spoken = {each["role"] for each in _RUNS_AS.finditer(denial.text)} if not denial.principal else set()
    said_role = spoken.pop() if len(spoken) == 1 else ""
    return Signs(
        denial,
        caller,
        session[1] if session else caller.name if caller is not None and caller.type == "role" else said_role,
        (session[2] or "") if session else "",
        caller.name if caller and caller.type == "user" else "",
        (denial.action or "").lower(),
        target,
        target.name if target is not None and is_role else named[1] if named else "",
    )
