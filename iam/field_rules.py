"""IAM's rules for the fields of a request. Each function returns one sentence that says what is wrong, or None.

Lengths and patterns: IAM API reference of CreateRole, CreateInstanceProfile, CreatePolicy, TagRole; sizes: IAM User
Guide, "IAM and AWS STS quotas". White space does not count toward the size of a document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from iam.arn import Arn, name_of
from iam.facts import quotas
from iam.foreign_text import shortened
from iam.policy.document import Document, PolicyError
from iam.policy.shared_providers import COGNITO, issuer_of, untested_keys
from iam.policy.statements import Statement
from iam.words import with_article

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]+")
_PATH = re.compile(r"/|/[\u0021-\u007e]+/")
_DESCRIPTION = re.compile(r"[\t\n\r\u0020-\u007e\u00a1-\u00ff]*")
_DOCUMENT = re.compile(r"[\t\n\r\u0020-\u00ff]+")
_ARN_OF_POLICY = re.compile(r"arn:[a-z0-9-]+:iam::(?:\d{12}|aws):policy/[\u0021-\u007e]+")

# An account, everybody, a principal's unique ID (IAM says itself that it was deleted), or an ARN.
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|A[A-Z0-9]{15,}|arn:[a-z-]+:iam::\d{12}:(root|(role|user)/\S+)"
    r"|arn:[a-z-]+:sts::\d{12}:(assumed-role/[^/\s]+/\S+|federated-user/\S+)"
)
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|internal)")

ROLE_NAME, OTHER_NAME = 64, 128
TRUST_SIZE = quotas.TRUST_SIZE.usual
INLINE_SIZE = quotas.INLINE_SIZE_OF_ROLE.usual
MANAGED_SIZE = quotas.MANAGED_SIZE.usual
ATTACHED_POLICIES = quotas.POLICIES_OF_ROLE.usual
"""The default quota of managed policies per role, used if GetAccountSummary does not return the account's own quota."""
LARGEST_TRUST_SIZE = quotas.LARGEST_TRUST_SIZE
"""The highest quota that an account can get. A longer trust policy is rejected, whatever the account's quota is."""
SHORTEST_SESSION, LONGEST_SESSION = 3_600, 43_200
MOST_TAGS = quotas.TAGS_OF_ENTITY.usual
RESERVED = ("AWSServiceRoleFor", "AWSReservedSSO_")

TRUST_ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
)


def name_fault(name: str, what: str = "role") -> str | None:
    """Return what is wrong with a name, or None. ``what`` is ``role``, ``instance profile`` or ``policy``."""
    longest = ROLE_NAME if what == "role" else OTHER_NAME
    if not name:
        return f"The {what} needs a name."
    if len(name) > longest:
        return f"The name has {len(name)} characters; the maximum for {with_article(what)} is {longest}."
    if not _NAME.fullmatch(name):
        return f"The name contains {_first_bad(name, _NAME)}, and may contain only letters, digits and _+=,.@-."
    if what == "role" and name.lower().startswith(tuple(each.lower() for each in RESERVED)):
        return f"Names that begin with {' or '.join(RESERVED)} are reserved for AWS: choose another."
    return None


def path_fault(path: str) -> str | None:
    if len(path) > 512:
        return f"The path has {len(path)} characters; the maximum is 512."
    if not path.startswith("/") or not path.endswith("/"):
        return "The path must begin and end with a slash, as in /app/."
    if path == "//":
        return "The path has two slashes in a row."
    if not _PATH.fullmatch(path):
        bad = next((char for char in path if not "!" <= char <= "~"), None)
        return f"The path contains {_shown(bad)}, and may contain only printable ASCII."
    if path.startswith(("/aws-service-role/", "/aws-reserved/")):
        return f"The path {shortened(path)} is reserved for AWS: choose another."
    return None


def description_fault(description: str) -> str | None:
    if len(description) > 1000:
        return f"The description has {len(description)} characters; the maximum is 1,000."
    if not _DESCRIPTION.fullmatch(description):
        return (
            f"The description contains {_first_bad(description, _DESCRIPTION)}, and may contain only Latin-1 "
            "characters."
        )
    return None


def session_fault(seconds: int) -> str | None:
    if not SHORTEST_SESSION <= seconds <= LONGEST_SESSION:
        return f"The maximum session is {seconds} seconds, but must be 3,600 (1 hour) to 43,200 (12 hours)."
    return None


def tag_fault(key: str, value: str) -> str | None:
    if not key:
        return "A tag needs a key."
    shown = shortened(key, 40)
    if len(key) > 128:
        return f"The tag key {shown} has {len(key)} characters; the maximum is 128."
    if len(value) > 256:
        return f"The value of tag {shown} has {len(value)} characters; the maximum is 256."
    if key.lower().startswith("aws:"):
        return f"The tag key {shown} begins with aws:, which is reserved for AWS."
    for what, text in (("key", key), ("value", value)):
        bad = next((char for char in text if not _in_tags(char)), None)
        if bad is not None:
            taken = "it may contain letters, digits, spaces and _.:/=+-@"
            return f"The tag {what} {shortened(text, 40)} contains {_shown(bad)}: {taken}."
    return None


def tags_fault(tags: Mapping[str, str] | Iterable[tuple[str, str]]) -> str | None:
    """Return what is wrong with tags, or None. Keys are compared without regard to case.

    ``tags`` is a mapping, or pairs as they were typed.
    """
    pairs = list(tags.items() if isinstance(tags, Mapping) else tags)
    if len(pairs) > MOST_TAGS:
        return f"There are {len(pairs)} tags; the maximum for a role is {MOST_TAGS}."
    seen: dict[str, str] = {}
    for key, value in pairs:
        if fault := tag_fault(key, value):
            return fault
        if key.lower() in seen:
            both = f"{shortened(seen[key.lower()])} and {shortened(key)}"
            return f"The tags {both} have the same key: IAM ignores case."
        seen[key.lower()] = key
    return None


def boundary_fault(arn: str) -> str | None:
    if not _ARN_OF_POLICY.fullmatch(arn) or not 20 <= len(arn) <= 2048:
        return "The boundary must be the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/NAME."
    return None


def policy_arn_fault(arn: str) -> str | None:
    if not _ARN_OF_POLICY.fullmatch(arn):
        return (
            f"{shortened(arn, 80)} is not the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess."
        )
    if ":policy/aws-service-role/" in arn:
        return f"{name_of(arn)} is only for service-linked roles, and cannot be attached."
    return None


# Documents.


def size(document: Document | str) -> int:
    """Return the number of characters that count toward the quota: all except white space."""
    text = document if isinstance(document, str) else document.text
    return sum(1 for char in text if not char.isspace())


def document_fault(document: Document, what: str) -> str | None:
    """Return why IAM would reject the document whatever kind of policy it is, or None.

    ``what`` is the word for it in the sentence (``trust policy``).
    """
    text = document.text
    if not text.strip():
        return f"The {what} is empty."
    bad = next((char for char in text if not _DOCUMENT.fullmatch(char)), None)
    if bad is not None:
        line = text[: text.index(bad)].count("\n") + 1
        hint = ' Write straight quotes (").' if bad in "“”„‟‘’" else ""
        return f"The {what} contains {_shown(bad)} in line {line}, which IAM does not accept.{hint}"
    problems = document.problems
    if problems:
        first = problems[0]
        place = f"line {first.line}, column {first.column}"
        said = first.message.rstrip(".")
        return f"The {what}: {said}." if place in said else f"The {what}: {said} ({place})."
    return None


def trust_fault(document: Document, limit: int = LARGEST_TRUST_SIZE) -> str | None:
    """Return why IAM would reject a trust policy, or None. ``limit`` is the account's own quota, if known."""
    if fault := document_fault(document, "trust policy"):
        return fault
    try:
        statements = document.statements
    except PolicyError as error:
        return f"The trust policy: {error}"
    if not statements:
        return "The trust policy has no statement, so nobody could assume the role."
    for statement in statements:
        if fault := _trust_statement_fault(statement):
            return fault
    if fault := _repeated_sid(statements, "trust policy"):
        return fault
    if size(document) > limit:
        return f"The trust policy has {size(document):,} characters without white space; the maximum is {limit:,}."
    return None


def _trust_statement_fault(statement: Statement) -> str | None:
    where = f"Statement {statement.index + 1} of the trust policy (line {statement.first_line})"
    if statement.resource is not None or statement.not_resource is not None:
        return f"{where} has a Resource, which a trust policy cannot have: move it to the permissions."
    if statement.not_principal is not None and statement.effect == "Allow":
        return f"{where} allows with NotPrincipal, which IAM does not accept: name the principals to allow."
    if not statement.principal and not statement.not_principal:
        return f"{where} has no Principal: name who is allowed to assume the role."
    wrong = [action for action in statement.action or () if not _is_trust_action(action)]
    if wrong:
        return f"{where} allows {wrong[0]}, and may allow only the sts:AssumeRole actions."
    for kind, value in statement.principal or ():
        if kind == "AWS" and value != "*" and ("*" in value or "?" in value):
            return (
                f"{where} names {value}: IAM accepts no wildcard in a principal's ARN; test aws:PrincipalArn instead."
            )
        if kind == "AWS" and not _AWS_PRINCIPAL.fullmatch(value):
            return (
                f"{where} names {shortened(value, 80)}, which is not a principal: write an account's 12 digits, or "
                "the ARN of a role, user or session."
            )
        if kind == "Service" and not _SERVICE.fullmatch(value):
            return f"{where} names the service {shortened(value)}, but a service has a name like lambda.amazonaws.com."
        if kind == "CanonicalUser":
            return f"{where} names a canonical user, which only S3 supports."
        if kind == "Federated" and statement.effect == "Allow" and (fault := _sharing_fault(value, statement)):
            return f"{where} {fault}"
    return None


def _sharing_fault(federated: str, statement: Statement) -> str | None:
    """Return what is missing for IAM to accept a trust in a provider that many customers share, or None."""
    keys = untested_keys(federated, ((block.operator, block.key, block.values) for block in statement.conditions))
    if not keys:
        return None
    if federated == COGNITO:
        return f"trusts Cognito and does not test {keys[0]}: require the identity pool's ID."
    words = f"trusts {issuer_of(federated)}, which many customers share, and does not test {' or '.join(keys)}"
    return f"{words}: IAM rejects this; name the issuer's tokens to accept."


def _is_trust_action(action: str) -> bool:
    pattern = re.escape(action.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return action.lower().startswith("sts:") and any(re.fullmatch(pattern, each.lower()) for each in TRUST_ACTIONS)


def _repeated_sid(statements: Sequence[Statement], what: str) -> str | None:
    seen: set[str] = set()
    for statement in statements:
        if statement.sid and statement.sid in seen:
            return f"Two statements of the {what} have the Sid {shortened(statement.sid)}: the Sids must differ."
        seen.add(statement.sid or "")
    return None


def permissions_fault(document: Document, what: str) -> str | None:
    """Return why IAM would reject an identity policy, or None. ``what`` is the word for the policy."""
    if fault := document_fault(document, what):
        return fault
    try:
        statements = document.statements
    except PolicyError as error:
        return f"The {what}: {error}"
    for statement in statements:
        where = f"Statement {statement.index + 1} of the {what} (line {statement.first_line})"
        if statement.principal is not None or statement.not_principal is not None:
            return f"{where} has a Principal: only trust and resource-based policies have one."
        if statement.resource is None and statement.not_resource is None:
            return f"{where} has no Resource: name the resources to which it applies."
        for action in (*(statement.action or ()), *(statement.not_action or ())):
            if action != "*" and not re.fullmatch(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+", action):
                return f"{where} names {action[:60]!r}, which is not an action: write service:Action."
        for resource in (*(statement.resource or ()), *(statement.not_resource or ())):
            if not _is_arn(resource):
                shown = shortened(resource, 80)
                return f"{where} names {shown}, which is not an ARN: an ARN has six parts, as in arn:aws:s3:::bucket/*."
    return _repeated_sid(statements, what)


def _is_arn(text: str) -> bool:
    """Whether IAM accepts ``text`` as a Resource.

    It accepts ``*``, or six parts of which partition, service and resource are not empty.
    """
    arn = Arn.parse(text)
    return text == "*" or (arn is not None and all((arn.partition, arn.service, arn.resource)))


def managed_fault(document: Document, name: str) -> str | None:
    """Return why IAM would reject a customer managed policy, or None."""
    if fault := permissions_fault(document, f"policy {name}"):
        return fault
    if document.value.get("Version") != "2012-10-17":
        return f"The policy {name} has no Version 2012-10-17, which IAM requires for a managed policy."
    if size(document) > MANAGED_SIZE:
        return (
            f"The policy {name} has {size(document):,} characters without white space; the maximum is "
            f"{MANAGED_SIZE:,}: split it by service."
        )
    return None


def inline_total_fault(documents: Sequence[Document], limit: int = INLINE_SIZE) -> str | None:
    total = sum(size(document) for document in documents)
    if total > limit:
        return (
            f"The inline policies have {total:,} characters in total; the maximum is {limit:,}: turn one into a "
            "managed policy."
        )
    return None


def _in_tags(char: str) -> bool:
    return unicodedata.category(char)[0] in "LZN" or char in "_.:/=+-@"


def _first_bad(text: str, pattern: re.Pattern[str]) -> str:
    return _shown(next((char for char in text if not pattern.fullmatch(char)), None))


def _shown(char: str | None) -> str:
    """Return a character for use in a sentence; an invisible one as its code and name."""
    if char is None:
        return "something"
    if char == " ":
        return "a space"
    name = unicodedata.name(char, "a control character").lower()
    return f"“{char}”" if char.isprintable() and ord(char) < 0x3000 else f"U+{ord(char):04X} ({name})"
