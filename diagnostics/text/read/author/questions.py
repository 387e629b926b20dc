"""Answer questions without an error: which permission a call needs, on what, and whether it needs one at all.

The answers come from the Service Authorization Reference and from the tables of `iam.facts`; no account is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.author.quoted_values import without_quoted_values
from iam.api_operations import action_for, actions_behind
from iam.facts.needs import need_of
from iam.facts.next_actions import next_actions
from iam.facts.no_permission import FREE, PUBLIC_REGISTRY
from iam.lazy_pattern import regex
from iam.service_reference import action as action_of
from iam.services import iam_prefix
from iam.words import joined, listing

_LONGEST = 8_000
_MOST = 4
_NAME = regex(r"(?<![\w:/-])(?P<service>[a-z][a-z0-9-]{1,40}):(?P<call>[A-Z][A-Za-z0-9]{2,60})(?![\w*:])")
_CLI = regex(r"\baws[ ]+(?P<service>[a-z0-9-]+)[ ]+(?P<call>[a-z]+(?:-[a-z0-9]+)+)")
_BARE_CALL = regex(r"\b(?P<call>Get(?:CallerIdentity|SessionToken))\b")
_METHOD = regex(r"\b(?P<call>[a-z]{2,20}(?:_[a-z0-9]+)+)\(")
_ORDER = regex(r"\border\b", re.IGNORECASE)
_DENIES = regex(
    r"\"Effect\"\s*:\s*\"Deny\"[\s\S]*\"Effect\"\s*:\s*\"Allow\""
    r"|\"Effect\"\s*:\s*\"Allow\"[\s\S]*\"Effect\"\s*:\s*\"Deny\""
)
# IAM User Guide, "Policy evaluation logic"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
_NO_ORDER = "The order of statements does not matter: what a Deny matches is refused, whatever any Allow says."


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence, and the words of the text that ask for it. ``check`` is a command that shows more, or empty."""

    sentence: str
    quote: str
    check: str = ""


_ASKS = regex(
    r"\?(?![\w-]+=)|\b(?:which|what|how|why|whether|does|do|need|needs|needed|required?|enough|missing)\b[^\n]{0,80}"
    r"\b(?:permissions?|actions?|rights?|allow(?:ed)?|polic(?:y|ies)|need(?:s|ed)?|statements?|order)\b",
    re.IGNORECASE,
)


# A program's own line may ask, too: "Warning! … - have you deployed yet?"; PostgreSQL's have these words, too.
_PROGRAMS_OWN = regex(
    r"^\W*(?:warn(?:ing)?|error|fatal|info|notice|hint|detail|context)\b[^\n]*", re.IGNORECASE | re.MULTILINE
)
_FAILS = regex(
    r"\b(?:error|exception|fails?|failed|failing|failure|\w*denied|refused|unauthori[sz]ed|forbidden|40[0-9]"
    r"|not authorized)\b"
    r"|Exception\b|Error\b|\berrorCode\b",
    re.IGNORECASE,
)
"""Words that show that a text has an error. A question in the text is then about that error."""
_BREAKS = regex(
    r"\bstay(?:s|ed)? empty\b|\b(?:no longer|never|stopped) (?:arriv|work|deliver|com)\w*"
    r"|\b(?:arriv\w*|works?|delivers?|comes?)\b[^.\n]{0,40}\bany ?more\b|\b(?:arrives?|comes?|works?) any ?more\b"
    r"|\bno \w+(?: \w+)? arrives?\b|\bwhere is the (?:bug|mistake|fault)\b|\bwhat did (?:we|I) break\b",
    re.IGNORECASE,
)
"""Words that show that something stopped working. A list of the permissions that it needs is then no answer."""
_OF_THINGS = regex(
    r"(?<!\")\bresources?\b|\barns?\b(?!:)|\bnarrow|\brestrict|\bscope|\bonly (?:on|one|for)\b|\bon (?:an? |the |which "
    r"|what "
    r"|every |all )"
    r"|\bwildcard",
    re.IGNORECASE,
)
_ROLE = regex(r"\broles?\b|\bpermissions?\b", re.IGNORECASE)
_QUESTION = regex(r"\?(?=\s|[\"')]|$)|^\s*(?:which|what|how|whether)\b", re.IGNORECASE | re.MULTILINE)


def asks_only(text: str) -> bool:
    """Return whether the text is a question and contains no words for a failure."""
    text = without_quoted_values(_without_suppositions(NOTHING_FAILS.sub(" ", text[:_LONGEST])))
    return _QUESTION.search(text) is not None and _FAILS.search(text) is None and _REFUSES.search(text) is None


_REFUSES = regex(
    r"n['’]t\b|\bcannot\b|\bcould not\b|\bcant\b|\bunable\b|\bmissing\b|\black(?:s|ing)?\b|\bnot (?:allowed|permitted"
    r"|authori|able"
    r"|work)"
    r"|\bparameter \S+ not found\b|\bblock(?:s|ed)?\b|\bsays?:|\blogs?:(?![*A-Z])|\bprints?\b",
    re.IGNORECASE,
)


NOTHING_FAILS = regex(
    r"\b(?:no|without(?: an?)?|not? an?|nothing(?:'s| is| has| was| had)?(?: yet| actually)?)\s+"
    r"(?:error|failure|fail\w*|broken?|denied)s?\b",
    re.IGNORECASE,
)


_SUPPOSED = regex(
    r"\b(?:otherwise|or else|else|without (?:it|that))[, ]+(?:we|you|i|it|they|he|she|this|that)"
    r"(?:['’]d|['’]ll|\s+(?:would|will|might|may|could))\s+(?:just |only |then )?"
    r"(?:get|see|fail|hit|receive|throw|return|end|be)\b[^\n?]*"
    r"|\b(?:(?:an? |the )?(?:access ?denied|denial|refusal)(?: error| message)?|an error) would "
    r"(?:only |just |really )?be (?!the\b)[^\n?.,;]*",
    re.IGNORECASE,
)


def supposes(text: str) -> bool:
    """Whether the text only supposes a failure that did not happen: "otherwise we'd get AccessDenied"."""
    return _SUPPOSED.search(text[:_LONGEST]) is not None


def _without_suppositions(text: str) -> str:
    """Return the text without failures that only would happen otherwise ("otherwise we'd get AccessDenied")."""
    return _SUPPOSED.sub(" ", text)


def answers(text: str) -> tuple[Answer, ...]:
    """Return answers about the calls and actions that a text without an error asks about."""
    found: dict[str, Answer] = {}
    for answer in _answers(text[:_LONGEST]):
        found.setdefault(answer.sentence, answer)
    return tuple(found.values())[:_MOST]


def _of_managed_policies(text: str, actions: tuple[str, ...]) -> Iterator[Answer]:
    """Yield answers about AWS-managed policies that the text names.

    The import is local because only questions need it.
    """
    from diagnostics.text.read.author.managed_policy_questions import of_managed_policies

    yield from (Answer(*each) for each in of_managed_policies(text, actions))


def _of_who(text: str) -> Iterator[Answer]:
    """Yield answers to the question who may do something. The import is local because few questions need it."""
    if not asks_only(text):
        return
    from diagnostics.text.read.author.who_questions import of_who
    from diagnostics.text.read.author.why_still_allowed_questions import of_still_allowed

    found = tuple(of_still_allowed(text)) or tuple(of_who(text))
    yield from (Answer(each.sentence, each.quote, each.check) for each in found)


_PATH = regex(r"\bs3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<key>/[^\s\"'),;?]*)?")
_READS = regex(r"\b(?:read|get|download|fetch|lesen|herunterladen|leer|descargar|lire)\w*\b", re.IGNORECASE)
_LISTS = regex(r"\b(?:list\w*|ls|auflisten|listar|lister)\b", re.IGNORECASE)
_WRITES = regex(
    r"\b(?:write|put(?=s?\s+(?:objects?|files?|to|into|s3:)\b|Object)|upload|schreib|hochlad|escribir|subir|écrire)\w*\b",
    re.IGNORECASE,
)
_NEEDS = regex(
    r"\b(?:need\w*|require\w*|permissions?|brauch\w*|benötig\w*|Rechte|necesit\w*|permisos)\b", re.IGNORECASE
)


def _of_a_path(text: str) -> Iterator[Answer]:
    """Yield what is needed to read, list and write under one S3 path, if a text asks only that.

    Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html); SSE-S3 uses no KMS key
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html).
    """
    paths = {(found["bucket"], (found["key"] or "/").lstrip("/")) for found in _PATH.finditer(text)}
    if len(paths) != 1 or not asks_only(text) or not _NEEDS.search(text):
        return
    bucket, prefix = paths.pop()
    under = f"{prefix.rstrip('*')}*"
    objects = [action for action, asked in (("s3:GetObject", _READS), ("s3:PutObject", _WRITES)) if asked.search(text)]
    lists = _LISTS.search(text) is not None
    if not objects and not lists:
        return
    parts = [f"{joined(objects)} on arn:aws:s3:::{bucket}/{under}"] if objects else []
    narrowed = f", best with the condition s3:prefix = {under} (StringLike)" if prefix else ""
    parts += [f"s3:ListBucket on arn:aws:s3:::{bucket}{narrowed}"] if lists else []
    key = " SSE-S3 needs no permission of KMS." if re.search(r"\bSSE-S3\b|\bAES256\b", text) else ""
    both = _IN_TWO_ACCOUNTS if len(set(_ACCOUNTS.findall(text))) > 1 else ""
    yield Answer(f"Allow {' and '.join(parts)}{both}.{key}", f"s3://{bucket}")


_ACCOUNTS = regex(r"(?<![\w-])\d{12}(?![\w-])")
_IN_TWO_ACCOUNTS = (
    " in the caller's own policy and in the bucket's policy: across accounts both must allow it, and neither is enough"
)
"""The end of an answer about a call from another account.

IAM User Guide, "Cross-account policy evaluation logic"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
"""


_PULLS = regex(
    r"\bpull(?:s|ed|ing)?\b|\btoomanyrequests\b|\brate limit|\blog(?:ged)? ?in\b|\bsign in\b|\banonym", re.IGNORECASE
)
_SYNC = regex(r"\baws s3 sync[ ]+(?P<from>\S+)[ ]+(?P<to>\S+)(?P<options>[^\n]*)")


def _of_a_sync(text: str) -> Iterator[Answer]:
    """Yield what `aws s3 sync` needs, if a text without an error asks which permissions its commands need.

    AWS CLI reference, "s3 sync" (https://docs.aws.amazon.com/cli/latest/reference/s3/sync.html): the command lists
    objects, and copies those that differ; there is no action named SyncObjects. Amazon S3 User Guide, "Using
    server-side encryption with AWS KMS keys"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    found = _SYNC.search(text)
    if found is None or _FAILS.search(NOTHING_FAILS.sub(" ", text)) or not _NEEDS_OF.search(text):
        return
    parts = []
    for path, actions in ((found["from"], ["s3:GetObject"]), (found["to"], ["s3:PutObject"])):
        place = _PATH.match(path)
        if place is None:
            continue
        if actions == ["s3:PutObject"] and "--delete" in found["options"]:
            actions = [*actions, "s3:DeleteObject"]
        key = (place["key"] or "/").lstrip("/")
        bucket = f"arn:aws:s3:::{place['bucket']}"
        parts.append(f"s3:ListBucket on {bucket}, {joined(actions)} on {bucket}/{key}*")
        if _WITH_KMS.search(text):
            of_key = "kms:Decrypt" if actions == ["s3:GetObject"] else "kms:GenerateDataKey and kms:Decrypt"
            parts.append(f"{of_key} on the ARN of the bucket's KMS key, not its alias")
    if parts:
        yield Answer(f"aws s3 sync needs {'; '.join(parts)}. S3 has no action s3:SyncObjects.", "aws s3 sync")


_WITH_KMS = regex(r"\bSSE-KMS\b|\baws:kms\b|\bKMS[ -](?:key|encrypt)|\bkey alias/", re.IGNORECASE)
_NEEDS_OF = regex(r"\b(?:least[- ]privilege|polic(?:y|ies)|permissions?|actions?|need\w*|require\w*)\b", re.IGNORECASE)


def _answers(text: str) -> Iterator[Answer]:
    if _ORDER.search(text) and (both := _DENIES.search(text)):
        yield Answer(_NO_ORDER, both[0].split("\n")[0][:40])
    if "public.ecr.aws" in text and _PULLS.search(text) and "push" not in text:
        yield Answer(PUBLIC_REGISTRY, "public.ecr.aws")
        return
    if synced := list(_of_a_sync(text)):
        yield from synced
        return
    if of_a_path := list(_of_a_path(text)) or list(_of_who(text)):
        yield from of_a_path
        return
    names, asks = tuple(dict.fromkeys(_names(text))), _ASKS.search(without_quoted_values(_PROGRAMS_OWN.sub(" ", text)))
    managed = list(_of_managed_policies(text, tuple(name for name, _ in names))) if asks else []
    yield from managed
    if managed:
        return
    of_a_named_one = names and _OF_THINGS.search(text)
    if (
        asks
        and not of_a_named_one
        and not _FAILS.search(NOTHING_FAILS.sub(" ", text))
        and not _BREAKS.search(text)
        and (need := need_of(text)) is not None
    ):
        found = need.first.search(text)
        sides = f"{_BOTH_ACCOUNTS} " if _is_across_accounts(text) and "cross-account" not in need.sentence else ""
        yield Answer(f"{sides}{need.sentence}", " ".join(found[0].split())[:40] if found else "")
        return
    if asks and _ROLE.search(text) and asks_only(text):
        from iam.facts.service_roles.asked import asked_role, needs_sentence

        if (row := asked_role(text)) is not None:
            yield Answer(needs_sentence(row), "role")
            return
    if asks and _MORE.search(text) and (more := _of_more(tuple(name for name, quote in names if quote == name))):
        yield Answer(more, names[0][1])
        return
    free = {each.action.lower(): each for each in FREE}
    for name, quote in names:
        if needs_none := free.get(name.lower()):
            yield Answer(f"{needs_none.sentence} {needs_none.stops}", quote)
    named = {name for name, quote in names if quote == name}
    fails = _FAILS.search(NOTHING_FAILS.sub(" ", text)) is not None
    for name, quote in names:
        if name.lower() in free:
            continue
        if behind := actions_behind(name):
            yield Answer(f"{name} is an API call, not an IAM action: the permission for it is {joined(behind)}.", quote)
        elif quote != name and not fails and _is_asked_about(quote, text):
            others = [
                each for each in sorted(named) if each.partition(":")[0] == name.partition(":")[0] and each != name
            ]
            are = "are other permissions" if len(others) > 1 else "is another permission"
            alone = f"; {joined(others)} {are}, for other calls" if others and name in named else ""
            yield Answer(f"The permission for {quote.rstrip('(')} is {name}{alone}.", quote)
        elif (
            asks
            and (not fails or _is_asked_about(quote, text))
            and not _was_run(quote, text)
            and (said := _of_resources(name, text)) is not None
        ):
            yield Answer(said, quote)


def _was_run(quote: str, text: str) -> bool:
    """Whether the text shows this command at a shell's prompt, and no line asks about it."""
    at_prompt = re.search(rf"^[ \t]*\$[ \t]+{re.escape(quote)}", text, re.MULTILINE)
    return at_prompt is not None and not _is_asked_about(quote, text)


def _is_asked_about(quote: str, text: str) -> bool:
    """Whether a line with a question names the command, or the command follows such a line.

    A command in a log is not asked about.
    """
    lines = [line for line in without_quoted_values(text).splitlines() if line.strip()]
    named = (number for number, line in enumerate(lines) if quote in " ".join(line.split()))
    return any(_ASKS.search(line) for number in named for line in lines[max(0, number - 1) : number + 1])


_MORE = regex(
    r"\b(?:what|anything|something|which) (?:\w+ ){0,4}?(?:else|more|additional(?:ly)?|missing|lacking)\b"
    r"|\b(?:is|are|will|would) (?:this|that|it|these|they)(?: be)? (?:enough|sufficient)\b",
    re.IGNORECASE,
)
_MOST_MORE = 5


def _of_more(names: tuple[str, ...]) -> str:
    """Return what calls with these actions usually need in addition; "" if nothing is known."""
    found = {
        need.words: None
        for name in names
        if (following := next_actions(name)) is not None
        for need in following.needs
        if need.action.lower() not in {each.lower() for each in names}
    }
    if not found:
        return ""
    return f"Beside {joined(names[:_MOST])} the calls may need: {listing(list(found), limit=_MOST_MORE)}."


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Yield the actions or calls that the text names, each with the words that name it.

    Those in commands and methods come first.
    """
    services = {found["service"] for found in _NAME.finditer(text)}
    for found in _METHOD.finditer(text):
        operation = "".join(part.capitalize() for part in found["call"].split("_"))
        for service in sorted(services):
            if action := action_for(operation, service):
                yield action, found[0]
    for found in _CLI.finditer(text):
        operation = "".join(part.capitalize() for part in found["call"].split("-"))
        service = "s3" if found["service"] == "s3api" else iam_prefix(found["service"])
        if service and (action := action_for(operation, service)):
            yield action, found[0]
    for found in _BARE_CALL.finditer(text):
        yield f"sts:{found['call']}", found["call"]
    for found in _NAME.finditer(text):
        yield found[0], found[0]


_VARIABLE = regex(r"\$\{(\w+)\}")


def _placeholder(found: re.Match[str]) -> str:
    return "aws" if found[1] == "Partition" else found[1].upper()


_NARROWS = regex(r"\bnarrow|\brestrict|\bscope|\blimit(?:ed)? (?:it|this|to)\b|\bconditions?\b(?!\")", re.IGNORECASE)


def _of_resources(name: str, text: str) -> str | None:
    """Return which resources the action can be allowed on; None for a name that the reference does not have.

    If the question is not about resources, an answer is given only for an action that supports none.
    """
    action = action_of(name)
    if action is None:
        return None
    own = [
        key for key in action.keys if key.startswith(f"{name.partition(':')[0].lower()}:") and "tag" not in key.lower()
    ]
    keys = f" Narrow it with {listing(own[:3])}." if own and _NARROWS.search(text) else ""
    if not action.resource_types:
        if _EVERYTHING.search(text):
            return None
        return f'{action.name} supports no resources: its statement needs Resource "*".{keys}'
    if not _OF_THINGS.search(text):
        return None
    arns = [_VARIABLE.sub(_placeholder, each.arn) for each in action.resource_types if each.name in action.required]
    if not arns:
        optional = [_VARIABLE.sub(_placeholder, each.arn) for each in action.resource_types]
        return f'A statement for {action.name} names {joined(optional[:2], "or")}, or Resource "*".{keys}'
    return f"A statement for {action.name} names {joined(arns[:2], 'or')}."


_EVERYTHING = regex(r"\bResources?\W{1,6}(?:\*|arn:[^:\s]*:s3:::\*)(?![\w/.-])")
"""A statement whose Resource covers actions without resource types, too."""


# IAM User Guide, "Cross-account policy evaluation logic"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
_BOTH_ACCOUNTS = (
    "Both accounts must allow it: the caller's own policies, and the policy of the resource (queue, topic, bucket, "
    "key, secret …), which names the caller."
)
_ACROSS = regex(r"\bcross[- ]account\b|\b(?:another|an?other|the other|a different) (?:AWS )?account\b", re.IGNORECASE)
_ACCOUNT = regex(r"(?<!\d)\d{12}(?!\d)")


def _is_across_accounts(text: str) -> bool:
    """Whether a question is about access from one account to another."""
    return _ACROSS.search(text) is not None or len(set(_ACCOUNT.findall(text))) > 1
