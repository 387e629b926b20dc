"""Read denials in prose that no row of `service_sentences` covers: who was denied, which actions, on what.

Services, agents and programs write such sentences in words of their own, but with a common grammar: a party (a role, a
user, a service, the caller), words of denial or need, IAM actions or operations, and a thing. Each part is taken only
from the text; what is missing is added only as a common cause that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from diagnostics.commands import Untypable, quoted, simulate_principal_policy
from diagnostics.text.read.asked import without_questions
from diagnostics.text.read.clean.known_words import VOCABULARY
from diagnostics.text.read.clean.records import clean, records, unwrap
from diagnostics.text.read.context import speaks_of_aws
from diagnostics.text.read.fields import trimmed
from diagnostics.text.read.material import is_code, stated_part
from diagnostics.text.read.sentences.service_sentence import ServiceSentence, UsualCause
from diagnostics.text.read.service_sentences import FoundSentence, sentence_in
from diagnostics.who import Who
from iam.api_operations import action_for, actions_behind
from iam.arn import Arn, service_of
from iam.claims import Ground
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services, spelled
from iam.services import iam_prefix, principal_short_name
from iam.words import listing

_LONGEST = 20_000
_MOST_ACTIONS = 12
_MOST_PIECES = 20
_NARROWEST = 40  # columns


class PartyKind(StrEnum):
    """The kind of identity that was denied."""

    ROLE = "role"
    USER = "user"
    SERVICE = "service"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Party:
    """Who was denied.

    ``words`` describe it in a sentence; ``name`` is its ARN or name, ``principal`` a service principal.
    """

    kind: PartyKind
    words: str
    name: str | None = None
    principal: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What was to be used.

    ``words`` describe it; ``arn`` is None if the text has no ARN. ``kind`` is its row in the table.
    """

    words: str
    kind: ThingKind
    arn: str | None = None


@dataclass(frozen=True, slots=True)
class ThingKind:
    """A kind of resource that services use for an account.

    ``read`` and ``write`` are the actions that are usually needed; ``policy`` is the name of its own policy, empty if
    it has none.
    """

    nouns: str
    service: str
    read: tuple[str, ...]
    write: tuple[str, ...]
    policy: str = ""
    encrypted: bool = False


# The services' own guides on what uses them: S3 "Bucket policies", KMS "Key policies", SNS and SQS "Access policies",
# CloudWatch Logs "Resource policies", Lambda "Resource-based policies" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
# reference_aws-services-that-work-with-iam.html).
_KINDS = (
    ThingKind(r"(?:encryption|KMS|customer[ -]managed) keys?|CMK", "kms", ("kms:Decrypt",),
              ("kms:GenerateDataKey", "kms:Decrypt"), "the key policy"),
    ThingKind(r"(?:S3 )?buckets?|S3 objects?|S3 URI|S3 location", "s3",
              ("s3:ListBucket", "s3:GetObject"), ("s3:PutObject",), "the bucket policy", True),
    ThingKind(r"(?:in|from|to|on|access) (?P<plain>(?:Amazon )?S3)", "s3",
              ("s3:ListBucket", "s3:GetObject"), ("s3:PutObject",), "the bucket policy", True),
    ThingKind(r"(?:SQS )?queues?", "sqs", ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
              ("sqs:SendMessage",), "the queue's policy", True),
    ThingKind(r"(?:SNS )?topics?", "sns", ("sns:GetTopicAttributes",), ("sns:Publish",), "the topic's policy", True),
    ThingKind(r"(?:CloudWatch )?log (?:groups?|streams?)|(?P<plain>CloudWatch Logs)", "logs", ("logs:GetLogEvents",),
              ("logs:CreateLogStream", "logs:PutLogEvents"), "CloudWatch Logs' resource policy"),
    ThingKind(r"secrets?(?: value)?", "secretsmanager", ("secretsmanager:GetSecretValue",),
              ("secretsmanager:PutSecretValue",), "the secret's policy", True),
    ThingKind(r"Lambda functions?", "lambda", ("lambda:InvokeFunction",), ("lambda:InvokeFunction",),
              "the function's resource-based policy"),
    ThingKind(r"ECR (?:repository|image)", "ecr", ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
              ("ecr:PutImage", "ecr:InitiateLayerUpload"), "the repository's policy"),
    ThingKind(r"DynamoDB tables?", "dynamodb", ("dynamodb:GetItem", "dynamodb:Query"), ("dynamodb:PutItem",)),
    ThingKind(r"(?:Kinesis |data )streams?", "kinesis", ("kinesis:GetRecords", "kinesis:DescribeStream"),
              ("kinesis:PutRecord", "kinesis:PutRecords")),
    ThingKind(r"SSM parameters?|Parameter Store", "ssm", ("ssm:GetParameters",), ("ssm:PutParameter",), "", True),
    # CodePipeline User Guide, "Troubleshooting": UseConnection, with the prefix of the connection's ARN
    # (https://docs.aws.amazon.com/codepipeline/latest/userguide/connections-permissions.html).
    ThingKind(r"CodeConnections? connections?", "codeconnections",
              ("codeconnections:UseConnection", "codestar-connections:UseConnection"),
              ("codeconnections:UseConnection", "codestar-connections:UseConnection")),
    ThingKind(r"CodeStar connections?", "codestar-connections", ("codestar-connections:UseConnection",),
              ("codestar-connections:UseConnection",)),
    ThingKind(r"EFS file systems?", "elasticfilesystem", ("elasticfilesystem:ClientMount",),
              ("elasticfilesystem:ClientWrite",), "the file system policy"),
)  # fmt: skip
_PATTERNS = tuple(
    (kind, regex(rf"(?<![/.\w-])(?:{kind.nouns})(?![\w-])".replace(" ", r"\s+"), re.IGNORECASE)) for kind in _KINDS
)
_ANY_THING = ThingKind("", "", (), ())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A denial in prose. A part that the text does not state is None or empty; ``words`` are the sentence itself.

    ``granted``: the text shows or says that a policy allows all the actions that the denial names. ``assumed`` is the
    role that the text says is assumed where the call is made; empty if it says so of none.
    """

    party: Party | None
    actions: tuple[str, ...]
    thing: Thing | None
    layer: str
    words: str
    start: int
    writes: bool = False
    granted: bool = False
    assumed: str = ""


_ASSUMED_THERE = regex(
    r"\bassum(?:es?|ed|ing)\s+(?:the\s+)?(?:role\s+)?[\"'`]?(?P<name>[\w+=.@-]*(?:[\d_-]|[a-z][A-Z])[\w+=.@-]*[\w@+=-])"
    r"[\"'`]?(?:\s+role)?\s+(?:there\b|in\s+(?:the|each|every|that|those|all|its)\b)"
)
_NOT_ABLE = (
    r"(?:(?:is|are|was|were)(?: not|n't| no longer) (?:allowed|permitted|authori[sz]ed|able|entitled)\b"
    r"|(?:is|are|was|were) unable\b"
    r"|can(?:not|'t| not)\b|could(?: not|n't)\b|may not\b|unable to\b"
    r"|(?:do(?:es)?|did)(?: not|n't) (?:currently )?(?:have|grant|allow|permit|let)\b|ha(?:s|ve) (?:no|insufficient)\b"
    r"|lacks?\b|is missing\b|needs?\b|requires?\b|must have\b|should have\b)"
)
_WANTING = r"(?:permissions?|privileges?|access|authori[sz]ation|rights?|actions?|polic(?:y|ies))"
_REFUSED = regex(
    (
        rf"{_NOT_ABLE}|\bnot (?:allowed|permitted|authori[sz]ed)\b"
        r"|\b(?:insufficient|missing|lacking|without|no)(?: the)?(?: required| necessary| sufficient)?"
        rf"(?: \w+)? {_WANTING}\b|\baccess (?:was |is |has been )?denied|\bAccessDenied\w*|\bdenied\b|\bforbidden\b"
        r"|\b(?:are|is|permissions?|actions?) (?:required|needed)\b|\b(?:ensure|make sure|verify|check)\b|\bgrant\b"
        r"|\badd (?:a|the)\b[^.]{0,40}polic"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
# What a person asks is no refusal, unless it says that something was refused.
_QUESTION = regex(
    r"\b(?:do|does|did|should|can|could|must|would)\s+(?:I|we|you|they)\b"
    r"|^\W{0,9}(?:so[ ,]+)?(?:what|which|why|how)\s+(?:is|are|else|am|permissions?|actions?|rights?)\b"
    r"|\b(?:what|which)\s+(?:permissions?|actions?|rights?)\b",
    re.IGNORECASE,
)
_OF_A_REFUSAL = regex(
    r"\b(?:denied|refused|rejected|forbidden|cannot|can['’]t|not (?:authori[sz]ed|allowed|permitted|able))\b",
    re.IGNORECASE,
)
# What a person says of what they use: its words are no refusal's, those beside it may be.
_REMARK = regex(
    r"\b(?:we|I|they)\s+(?:\w+\s+)?(?:do(?:n't| not)|did(?:n't| not)|never)\s+(?:\w+\s+)?"
    r"(?:use|run|own|see|know|want|store|call|touch|change)\b",
    re.IGNORECASE,
)
# What is over, or was only lacking before: "is now allowed", "was added to the role", "used to be refused".
_SETTLED = regex(
    r"\bno longer (?:being )?(?:denied|refused|rejected|forbidden|fails?|lacks?|needs?|requires?|missing)\b"
    r"|\bused to (?:be |get )?(?:denied|refused|rejected|forbidden|fail|lack|need|require)\w*"
    r"|\b(?:is|are) now (?:allowed|permitted|granted|able|authori[sz]ed|working|fixed)\b"
    r"|\b(?:was|were|has been|have been) (?:already )?(?:added|granted|allowed|fixed|resolved|solved)\b"
    r"|\bnow (?:works|has|succeeds)\b|\bworks now\b"
    r"|\b(?:denial|error|problem|AccessDenied\w*) (?:is gone|went away|disappeared)\b".replace(" ", r"\s{1,9}"),
    re.IGNORECASE,
)
_STILL = regex(r"\b(?:but|still|yet|however|although|nevertheless)\b", re.IGNORECASE)
# What is not asked for, or not refused.
_NOT_REFUSED = regex(
    (
        r"\b(?:do(?:es)?|did)(?: not|n't) (?:need|require)(?: to| any)?\b|\bneed(?: not|n't)\b"
        rf"|\bno (?:\w+ )?{_WANTING} (?:is|are) (?:needed|required|missing)\b"
        r"|\b(?:not|never|without being) (?:denied|refused|forbidden)\b|\bno (?:AccessDenied\w*|denials?|denied)\b"
    ).replace(" ", r"\s{1,9}"),
    re.IGNORECASE,
)
_FAILURE = regex(
    rf"{_NOT_ABLE}|\bnot (?:allowed|permitted|authori[sz]ed)\b|\b(?:insufficient|missing|lack\w*|without)\b|denied"
    r"|forbidden|fail|\berror|exception|reject|refus|invalid|\b40[13]\b|unauthorized".replace(" ", r"\s{1,9}"),
    re.IGNORECASE,
)
# What says by itself, without an action of IAM, that a permission is missing.
_OF_PERMISSION = regex(
    (
        rf"(?:{_NOT_ABLE}|\b(?:insufficient|no|missing))[^.\n]{{0,60}}?\b{_WANTING}\b"
        r"|(?:not|n't) (?:allowed|permitted|authori[sz]ed) to \w+"
        r"|\bread permission\b|access permissions?\b"
        r"|(?:could ?(?:not|n't)|can(?:not|'t)|unable to) (?:access|read|write|publish|deliver|upload)\b"
        r"|can(?:not|'t) be accessed"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
_NO_PERMISSION = regex(
    r"(?:\b(?:insufficient|no|lacks?|missing)|n't have|not have)\b[^.\n]{0,40}?\bpermissions?\b", re.IGNORECASE
)
_ACTION = regex(r"(?<![\w:/.-])(?!arn:|urn:|http)([A-Za-z][A-Za-z0-9-]{1,30}):([A-Z][A-Za-z0-9]{2,60}\*?)(?![\w:/])")
_OPERATION = regex(
    r"\b((?:Accept|Add|Assign|Associate|Attach|Batch|Cancel|Copy|Create|Delete|Deregister|Describe|Detach|Disassociate|"
    r"Enable|Execute|Export|Get|Head|Import|Invoke|Issue|List|Modify|Publish|Put|Query|Receive|Register|Remove|Restore|"
    r"Run|Scan|Send|Set|Start|Stop|Subscribe|Tag|Untag|Update|Upload|Write)[A-Z][A-Za-z0-9]+)\b"
)
_CALLED = regex(r"when\s+calling\s+the\s+\w+\s+operation|operation\s+error\s+[\w\s]{1,60}:\s*\w+", re.IGNORECASE)

_DESCRIBES = (
    r"execution|service|task|instance|profile|launch|access|data|bucket|index|channel|job|build|crawler|delivery|node|pod"
    r"|worker|function(?:'s)?|pipe(?:'s|line)?|project(?:'s)?|state|machine(?:'s)?|flow|logs?|logging|backup|restore"
    r"|replication|notification|pool's|iot|rule(?:'s)?|environment(?:'s)?|cluster(?:'s)?|notebook|studio|training|model"
    r"|agent(?:'s)?|gateway|connector(?:'s)?|import|export|scheduler?|target|cross-account|destination|source|admin"
    r"|administration|provisioning|deployment|user|iam|runtime|application|app|autoscaling|custom|specified|provided"
    r"|configured|group(?:'s)?|stack(?:'s)?|domain(?:'s)?|automation|maintenance|window|event|stream(?:'s)?|transfer"
    r"|canary(?:'s)?|workspace(?:'s)?|service-linked|linked"
)
_ROLE = regex(
    rf"(?P<before>(?:\b(?:(?i:{_DESCRIBES})|[a-z]+'s) ){{0,4}})(?<![\w/:-])"
    r"(?P<word>(?:[A-Za-z]*[a-z])?[Rr]ole)(?:'s)?\b(?:\s+ARN)?"
    r"(?P<purpose>\s+(?:for|of|in|on) (?:your|the|this) [\w' -]{2,40}?"
    r"(?=\s+(?:do|ha|is|can|lack|need|require|must)|[.,;:]))?"
    r"[\s:=]*(?P<quote>[\"'`(\[]?)(?P<name>arn:[^\s\"'`,;()\]]+|(?![a-z][a-z0-9-]+:[A-Z])(?=[^\sA-Za-z0-9]*[A-Za-z0-9])[\w+=,.@/-]{2,64})?"
)
_PROFILE = regex(r"[Ii]nstance [Pp]rofile [\"'`(]?([\w+=,.@-]*[\d_-][\w+=,.@-]*)")
_USER_ARN = regex(r"arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|root|assumed-role|federated-user)[^\s\"'`,;()\]]*")
_HOST = regex(r"(?<![\w./-])([a-z0-9-]+(?:\.[a-z0-9-]+)?)\.amazonaws\.com(?![\w/])")
_SERVICE_NAME = r"(?:(?:Amazon|AWS)\s{1,9})?[A-Z][A-Za-z0-9]{0,40}(?:[ -][A-Z][A-Za-z0-9]{0,40}){0,4}"
_SUBJECT = regex(
    rf"(?<![A-Za-z0-9])(?P<name>{_SERVICE_NAME})\s{{1,9}}(?:service\s{{1,9}})?"
    r"(?:currently\s{1,9}|still\s{1,9})?(?=" + _NOT_ABLE.replace(" ", r"\s{1,9}") + ")"
)
_SURE = regex(
    r"\b(?:ensure|sure|verify|check)\s{1,9}(?:that\s{1,9})?"
    rf"(?P<name>{_SERVICE_NAME})\s{{1,9}}(?:has|can|is\s{{1,9}}allowed|may)\b"
)
_CALLER = regex(
    r"\b(?:you(?:r (?:IAM )?(?:user|credentials|identity|principal|account))?|the caller|caller|requester|requestor"
    r"|(?:the |this |current )(?:user|principal|identity)|user(?= (?:do|is|has|lacks))|contact your administrator)\b",
    re.IGNORECASE,
)
_MARKED_NAME = regex(r"[\d_@+=-]|[a-z][A-Z]|/")
_LAYER_WORDS = (
    ("scp", r"service control polic|\bSCPs?\b"),
    ("boundary", r"permissions? boundar"),
    ("vpce", r"endpoint polic"),
    ("session", r"session polic|scope[d-]+ ?down polic"),
    ("resource", r"(?:bucket|key|queue|topic|resource(?:-based)?|repository|access|file system|secret)(?:'s)? polic"),
)
# IAM's own sentence with a caller: its grammar says more than this one.
_IAMS_OWN = regex(
    r"(?:\b(?:User|Principal|Caller|Identity|Role):\s*\S+(?:\s+\S+){0,2}?"
    r"|(?<![\w:])arn:[\w*<>-]{1,20}:(?:iam|sts):\S{1,300}|(?<![\"'`])[\"'`]\S{1,300}[\"'`])\s{1,9}"
    r"(?:is|are|was)\s+not\s+authori[sz]ed\s+to\s+perform|\bUser:\s*\S+(?:\s+Service:\s*\S+)?\s+Action:",
    re.IGNORECASE,
)
_IAMS_FORM = regex(r"not\s+authori[sz]ed\s+to\s+perform:?\s+[\"'`\[]?[\w-]+:\w", re.IGNORECASE)
# One of these is in every text that is read: an action, a role, or a thing of the table. Most lines of logs have none.
_OF_AWS_OR_ROLES = regex(
    r"\w:[A-Za-z]{3}|role|arn:|\bs3\b|bucket|queue|topic|(?:kms|encryption|managed)\s+key|\bcmk\b|secret|log\s+(?:group|stream)"
    r"|cloudwatch|lambda|\becr\b|dynamodb|kinesis|stream|parameter|\befs\b|instance\s+profile",
    re.IGNORECASE,
)
# EC2's code for a service-linked role that the caller may not make, which has a reading of its own.
_SERVICE_ROLE = regex(r"ServiceLinkedRoleCreationNotPermitted")
_WRITES = regex(r"\b(?:writ|put|upload|send|deliver|publish|stor|export)\w*|\blog(?:s|ging)?\b", re.IGNORECASE)
_STOP = regex(r"(?<=[.!?])\s+(?=[A-Z\"'(\[])|[\n\x1e]")
_NAME_OF = (
    r"[\s:(\"'`]{1,3}(?!\w+'t\b)(?!SSE-)(?P<name>(?=[^\s]*[\d._-]|[a-z0-9]+\b(?=[\"'`)]))[A-Za-z0-9][\w./-]{2,200})"
)

_LAST_WORD = regex(r" ([a-z][a-z0-9]{2,60})(?:[:;,)]|\.?\s*$)")
SIGNALS = (
    *("permission", "privilege", "authoriz", "authoris", "lack", "missing", "insufficient", "denied", "forbidden"),
    *("cannot", "can't", "not have", "n't have", "has no", "have no", "must have", "required", "requires", " needs "),
    *("not able", "n't able", "unable to", "not permitted", "not allow", "n't allow", "not grant", "n't grant"),
    *("could not", "couldn't", "may not", "accessdenied", "status code 403"),
)
"""Phrases in lower case; every text that the grammar can read contains one."""


def names_actions(text: str) -> bool:
    """Return whether the text denies IAM actions in prose: then no other system denied.

    Actions that somebody is said to have do not count.
    """
    found = refusal_in(text)
    return found is not None and bool(found.actions) and not found.granted


@lru_cache(maxsize=16)
def refusal_in(text: str) -> Refusal | None:
    """Return the denial that the text states in prose.

    None if there is none, or if it has the form of IAM's sentence.
    """
    return _refusal(stated_part(without_questions(text[:_LONGEST])), text[:_LONGEST])


def _refusal(text: str, whole: str) -> Refusal | None:
    """Return the denial in a text without questions and context lines, which are in ``whole``."""
    if not _OF_AWS_OR_ROLES.search(text):
        return None
    if _IAMS_OWN.search(text) or _SERVICE_ROLE.search(text) or not _REFUSED.search(text):
        return None
    sentences = list(_sentences(text))
    fails = any(_FAILURE.search(_NOT_REFUSED.sub(" ", each)) for _, each in sentences if not _settled(each))
    for index, (start, sentence) in enumerate(sentences):
        if not _states_refusal(_REMARK.sub(" ", sentence), fails) or _looks_like_code(sentence):
            continue
        if _QUESTION.search(sentence) and not _OF_A_REFUSAL.search(sentence):
            continue
        around = (each for _, each in sentences[max(0, index - 1) : index + 3])
        near = " ".join(each for each in around if not _looks_like_code(each) and not _settled(each))
        own = tuple(_actions(_LABEL_INSIDE.sub("\n", sentence) if _OF_A_CALL.search(sentence) else sentence))
        actions = own or _asked_for(sentences, index)
        if not actions and not (_OF_PERMISSION.search(sentence) or _OF_PERMISSION.search(near)):
            continue
        thing = _thing(sentence) or _thing(near)
        if any(each.lower().startswith("sts:assumerole") for each in actions):
            return None
        party = _party(sentence) or _party(near)
        if not actions:
            asked = tuple(_operations(sentence, thing.kind.service)) if thing is not None else ()
            of_aws = party is not None and party.kind in (PartyKind.ROLE, PartyKind.SERVICE)
            if not of_aws and not asked and (thing is None or not speaks_of_aws(text)):
                continue
            if not (thing is not None and thing.kind is not _ANY_THING) and not _NO_PERMISSION.search(sentence):
                continue
            actions = asked
        if actions and thing is not None and not thing.arn and thing.kind.service != service_of(actions[0]):
            thing = None
        if _IAMS_FORM.search(text) and (party is None or party.kind is PartyKind.CALLER):
            return None
        if actions == ("iam:PassRole",) and not _REFUSED_ROLE.search(sentence):
            party = None  # the role that is named is the one to be passed
        had = granted_in(whole)
        if own and had.issuperset(each.lower() for each in own) and (called := _refused_call(sentence, own[0])):
            actions = (called,)
        missing = tuple(each for each in actions if each.lower() not in had)
        writes = _WRITES.search(sentence) is not None
        asked = (missing or actions)[:_MOST_ACTIONS]
        granted = bool(actions) and not missing
        if granted and party is not None and party.kind is PartyKind.ROLE and not _REFUSED_ROLE.search(sentence):
            party = None  # the text only says that this role has the action
        if granted and not own:
            continue  # the policy's actions, beside a refusal that names none
        there = _ASSUMED_THERE.search(text) if granted else None
        assumed = there["name"] if there else ""
        return Refusal(party, asked, thing, _layer(near), _quoted(sentence), start, writes, granted, assumed)
    return None


@lru_cache(maxsize=16)
def prose_in(text: str) -> FoundSentence | None:
    """Return the service's sentence in the text: a row of the table, or one read by the grammar.

    None if there is none.
    """
    known = sentence_in(text)
    if known is not None and stated_part(text)[known.start : known.start + len(known.words)].strip():
        return known
    stated = stated_part(without_questions(text[:_LONGEST]))
    joined = _unbroken(stated)
    if joined != stated and _IAMS_OWN.search(joined):
        return None
    # A line may have been cut within a word, or broken between two: what says who was refused is read right.
    found = [
        each
        for each in (_refusal(joined, text[:_LONGEST]), _in_broken_lines(stated, text[:_LONGEST]))
        if each is not None
    ]
    refusal = next((each for each in found if each.party is not None), found[0] if found else None)
    return _as_sentence(refusal) if refusal is not None else None


def _unbroken(text: str) -> str:
    """The text without the breaks of a terminal, which cuts every line but the last at one column."""
    lines = text.split("\n")
    cut = len(lines) > 1 and len(lines[0]) >= _NARROWEST and all(len(each) == len(lines[0]) for each in lines[:-1])
    return "".join(lines) if cut and len(lines[-1]) <= len(lines[0]) else text


def _in_broken_lines(text: str, whole: str) -> Refusal | None:
    """The denial in a text whose lines a terminal or a program broke."""
    if not re.search(r"[\n\r]", text.strip()) or not _REFUSED.search(text):
        return None
    pieces = islice(records(clean(text[:_LONGEST])), _MOST_PIECES)
    joined = (" ".join(unwrap(each.text).split()) for each in pieces)
    return next((found for each in joined if (found := _refusal(each, whole)) is not None), None)


def _settled(sentence: str) -> bool:
    """Whether the sentence says that something works by now, and nothing against it."""
    return _SETTLED.search(sentence) is not None and _STILL.search(sentence) is None


def _states_refusal(sentence: str, fails: bool) -> bool:
    """Return whether the sentence denies something now.

    Advice ("grant the role …") does if ``fails``: another part of the text says that something failed.
    """
    if _settled(sentence):
        return False
    plain = _NOT_REFUSED.sub(" ", sentence)
    return (_REFUSED if fails else _FAILURE).search(plain) is not None and _REFUSED.search(plain) is not None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for cut in _STOP.finditer(text):
        if text[start : cut.start()].strip():
            yield start, text[start : cut.start()]
        start = cut.end()
    if text[start:].strip():
        yield start, text[start:]


_CODE = regex(r"\"(?:Effect|Action|Resource|Statement|Sid)\"\s*:|^\s*(?:#|//|at )")
# A field of a record: "What: athena:StartQueryExecution".
_A_FIELD = regex(r"^\s*(?:what|action|operation|event|api|call)\s*[:=]\s*[\w:-]+\s*$", re.IGNORECASE)
# What a person calls the document that follows: "policy of my role for the state bucket:".
_LABEL = regex(
    r"^\s*(?:(?:the|this is|here is|our|my)\s+){0,2}(?:\w+\s+)?(?:polic(?:y|ies)|permissions|statements?)\s+"
    r"(?:of|for|on|attached to|in)\b[^.\n]{0,100}:\s*$",
    re.IGNORECASE,
)


def _looks_like_code(sentence: str) -> bool:
    """Whether the line is a document or a program's: its actions are allowed or asked for there, not denied."""
    return any(each.search(sentence) for each in (_CODE, _LABEL, _A_FIELD)) or is_code(sentence)


def _actions(words: str) -> Iterator[str]:
    """The actions of IAM that the words name, each once; an operation in an action's form counts as its action."""
    found: dict[str, None] = {}
    for service, name in _ACTION.findall(words):
        low = service.lower()
        if low not in services():
            continue
        plain = name.rstrip("*")
        if name.endswith("*") or plain.lower() in action_names(low):
            found.setdefault(spelled(f"{low}:{name}"))
        elif behind := actions_behind(f"{low}:{name}"):
            found.update(dict.fromkeys(behind))
    yield from found


def _asked_for(sentences: list[tuple[int, str]], index: int) -> tuple[str, ...]:
    """The actions that the sentences after (or right before) a denial name: "Grant it the … permission"."""
    for _, each in (*sentences[index + 1 : index + 3], *sentences[max(0, index - 1) : index]):
        if (found := tuple(_actions(each))) and not _looks_like_code(each) and not _settled(each):
            return found
    return ()


_REFUSED_ROLE = regex(rf"\brole\b[^.\n]{{0,80}}?{_NOT_ABLE}", re.IGNORECASE)
_NAMED = r"[`\"']?[a-z][a-z0-9-]{1,30}:[A-Z*][\w*]*[`\"']?"
_HAS = regex(
    r"(?<!not )(?<!n['’]t )(?<!never )\b(?:has|have|had|grants?|allows?|includes?|contains?)"
    r"(?: only| already| the| both| all)*\s+"
    rf"(?P<actions>{_NAMED}(?:(?:,|,? and| and)\s+{_NAMED})*)"
)
_ARE_HAD = regex(
    rf"(?P<actions>{_NAMED}(?:(?:,|,? and| and)\s+{_NAMED})*) (?:is|are) (?:already |both |all )?(?:allowed|granted)\b"
    r"(?! only)"
)
_AMONG = regex(rf"(?P<actions>{_NAMED}) (?:is )?among (?:them|those|its)")
# "Policy: logs:PutLogEvents on *", "IAM: bedrock:InvokeModel* on *": a label, and what the document has.
_ON = r"(?:\s*(?:\.\.\.|…))?(?:\s+on\s+(?:(?:the|its|our)\s+)?[^\s,;]+)?"
_OF_A_POLICY = (
    r"(?:(?!require|missing|need|necessary|minim|add|attach|try|suggest|recommend|correct|new|denied|refus|lack|not\b"
    r"|fail)[\w'-]+[ \t]+){0,4}"
    r"(?:IAM|polic(?:y|ies)(?:[ \t]+of[ \t]+(?:the[ \t]+)?[\w.-]+)?"
    r"|(?:role|user|permission set)[ \t]+[\w-]+|(?:[\w'’-]+[ \t]+role|caller))[ \t]*:[ \t]*(?:allow\w*[ \t]+)?"
    rf"(?P<actions>{_NAMED}(?:{_ON}(?:,|,? and| and| \+)\s+{_NAMED})*)"
)
_LABELLED = regex(rf"(?:^|[.;]\s+|\n)[ \t]*{_OF_A_POLICY}", re.IGNORECASE)
_LABEL_INSIDE = regex(rf"\b{_OF_A_POLICY}", re.IGNORECASE)
_OF_A_CALL = regex(r"(?s)\(\w+\) when calling the \w+ operation(?!.*:(?:assumed-role|user)/)")
"""The call that the AWS CLI and the SDK for Python name, without its caller: a policy beside it says nothing of what
was denied."""
_ALLOWED_ELEMENT = regex(
    r"[\"']?\bactions?[\"']?\s*[:=]\s*(?P<actions>\[[^\]]{0,2000}\]|[\"']?[\w-]+:[\w*]+)", re.IGNORECASE
)
_WISHED = regex(
    r"\b(?:ensure|make sure|verify|check|confirm|must|should|needs?|grant|add|attach|update|please|whether|if|that)\b"
    r"[^.\n]*$",
    re.IGNORECASE,
)
_NONE_DOES = regex(r"\b(?:no|none|nothing|neither)\b(?: [\w-]+){0,4} ?$", re.IGNORECASE)
"""The words before an action that nothing allows, as in IAM's own sentence."""
_DENY = regex(r"[\"']?\beffect[\"']?\s*[:=]\s*[\"']?Deny", re.IGNORECASE)


@lru_cache(maxsize=16)
def granted_in(text: str) -> frozenset[str]:
    """Return the actions, in lower case, that the text says a policy contains, in prose or in a statement."""
    found: set[str] = set()
    for match in (*_HAS.finditer(text), *_ARE_HAD.finditer(text), *_AMONG.finditer(text), *_LABELLED.finditer(text)):
        before = text[max(0, match.start() - 100) : match.start()]
        if not _WISHED.search(before) and not _NONE_DOES.search(before):
            found.update(_actions(match["actions"]))
    for match in _ALLOWED_ELEMENT.finditer(text):
        around = text[max(0, match.start() - 120) : match.end() + 120]
        if not _DENY.search(around):
            found.update(_actions(match["actions"]))
    return frozenset(each.lower() for each in found)


_OF_THE_CALLER = regex(
    rf"(?:^|\n)[ \t]*(?:the[ \t]+)?caller[ \t]*:[ \t]*(?P<actions>{_NAMED}(?:{_ON}(?:,|,? and| and)\s+{_NAMED})*)",
    re.IGNORECASE,
)


def held_by_caller(text: str) -> frozenset[str]:
    """Return the actions, in lower case, that the text lists as the caller's: "caller: bedrock:InvokeAgent"."""
    return frozenset(each.lower() for found in _OF_THE_CALLER.finditer(text) for each in _actions(found["actions"]))


def _operations(sentence: str, service: str) -> Iterator[str]:
    for name in dict.fromkeys(_OPERATION.findall(_CALLED.sub("", sentence))):
        if action := action_for(name, service):
            yield action


_REFUSED_CALL = regex(
    r"\b(?:denied|refused|forbidden|not (?:allowed|authori[sz]ed|permitted))"
    rf"(?: (?:on|for|at|to call|when calling|calling)|:)? [\"'`]?{_OPERATION.pattern}"
)


def _refused_call(sentence: str, had: str) -> str | None:
    """The action of the operation that the sentence says is denied, of the service of an action that is had."""
    found = _REFUSED_CALL.search(sentence)
    action = action_for(found[1], service_of(had)) if found else None
    return action if action != had else None


def _thing(words: str) -> Thing | None:
    named = re.search(r"arn:[\w-]+:(?!iam:|sts:)[\w-]+:[^\s\"'`,;()\]]+", words)
    if named and (arn := trimmed(named[0])):
        parsed = Arn.parse(arn)
        service = parsed.service if parsed else ""
        kind = next((each for each in _KINDS if each.service == service), _ANY_THING)
        return Thing(arn, kind, arn)
    if uri := re.search(r"s3://[^\s\"'`,;()\]]+", words):
        return Thing(trimmed(uri[0]) or uri[0], _kind("s3"))
    plain = _ACTION.sub(" ", words)
    for kind, pattern in _PATTERNS:
        found = pattern.search(plain)
        if found is None:
            continue
        if said := found.groupdict().get("plain"):
            return Thing(" ".join(said.split()), kind)
        after = re.match(_NAME_OF, plain[found.end() :])
        noun, name = " ".join(found[0].split()), trimmed(after["name"]) if after else None
        if name is None and (ends := _LAST_WORD.match(plain[found.end() :])) and ends[1].lower() not in VOCABULARY:
            name = ends[1]
        return Thing(f"the {noun} {name}" if name else f"the {noun}", kind)
    return None


def _kind(service: str) -> ThingKind:
    return next(each for each in _KINDS if each.service == service)


def _takes_roles(principal: str) -> bool:
    from iam.known_principals import is_known_principal  # with a table that few texts need

    return is_known_principal(principal)


# The value of a condition is no caller.
_PASSED_TO = regex(r"iam:PassedToService[\"']?\s*(?:[:=]|is|to)\s*(?:\[[^\]]*\]?|\S+)", re.IGNORECASE)


def _party(words: str) -> Party | None:
    """Who was denied, by the words of one sentence: a service principal, a role, a user, a service, the caller."""
    words = _PASSED_TO.sub(" ", words)
    hosts = [host for host in _HOST.findall(words) if _takes_roles(f"{host}.amazonaws.com")]
    if hosts:
        principal = f"{hosts[0]}.amazonaws.com"
        return Party(PartyKind.SERVICE, principal, None, principal)
    subject = _subject_service(words)
    role = _role(words)
    if role is not None and not (subject is not None and role.name is None and role.words == "the role"):
        return role
    if user := _USER_ARN.search(words):
        arn = trimmed(user[0])
        return Party(PartyKind.USER, f"the caller {arn}", arn)
    if subject is not None:
        return subject
    if _CALLER.search(words):
        return Party(PartyKind.CALLER, "the caller")
    return None


def _role(words: str) -> Party | None:
    if profile := _PROFILE.search(words):
        return Party(PartyKind.ROLE, f"the role of the instance profile {profile[1]}")
    for found in _ROLE.finditer(words):
        name = trimmed(found["name"] or "")
        arn = name if name and name.startswith("arn:") else None
        marked = bool(name and (found["quote"] or _MARKED_NAME.search(name)))
        prefix = found["word"][:-4]
        if prefix and prefix.lower() not in ("dataaccess", "execution", "service", "iam", "task", "instance", "access"):
            continue
        before = re.sub(r"\b(?:IAM|iam)\b ?", "", " ".join((found["before"] or "").lower().split()))
        purpose = " ".join((found["purpose"] or "").split())
        if arn or marked:
            plain = arn.rpartition("/")[2] if arn else str(name).strip("\"'`")
            named = f"the {before + ' ' if before else ''}role {plain}"
            return Party(PartyKind.ROLE, named, arn or str(name).strip("\"'`"))
        if before or purpose:
            return Party(PartyKind.ROLE, f"the {before + ' ' if before else ''}role{' ' + purpose if purpose else ''}")
        if re.search(r"\b(?:the|your|its|this)\s+(?:IAM\s+)?$", words[: found.start("word")], re.IGNORECASE):
            return Party(PartyKind.ROLE, "the role")
    return None


def _subject_service(words: str) -> Party | None:
    for found in (*_SUBJECT.finditer(words), *_SURE.finditer(words)):
        name = " ".join(found["name"].split())
        parts = name.split(" ")
        for start in range(len(parts)):
            for end in range(len(parts), start, -1):
                said = " ".join(parts[start:end])
                short = principal_short_name(said)
                if short or (iam_prefix(said) and (said.startswith(("Amazon ", "AWS ")) or end == len(parts))):
                    # A service's endpoint and its principal are named alike in most services, not in all.
                    host = f"{short}.amazonaws.com" if short else None
                    shown = " ".join(parts[start:])
                    return Party(PartyKind.SERVICE, shown, None, host if host and _takes_roles(host) else None)
    return None


def _layer(words: str) -> str:
    return next((layer for layer, said in _LAYER_WORDS if re.search(said, words, re.IGNORECASE)), "")


def _quoted(sentence: str) -> str:
    """The words of the sentence that a cause quotes: they are in the text as they are."""
    return " ".join(sentence.split())[:96].strip()


# The row that a refusal amounts to.


_BUCKET = regex(r"arn:[\w-]+:s3:::[^/*:]+")
_OF_OBJECTS = regex(r"s3:(?:Get|Put|Delete|Restore|Replicate)Object\w*", re.IGNORECASE)


def _on_objects(refusal: Refusal) -> Refusal:
    """The refusal; an action on objects is for those of the bucket that it names, not for the bucket itself."""
    thing = refusal.thing
    if thing is None or not thing.arn or not _BUCKET.fullmatch(thing.arn) or not refusal.actions:
        return refusal
    if not all(map(_OF_OBJECTS.fullmatch, refusal.actions)):
        return refusal
    objects = f"{thing.arn}/*"
    return replace(refusal, thing=replace(thing, words=thing.words.replace(thing.arn, objects), arn=objects))


def _as_sentence(refusal: Refusal) -> FoundSentence:
    refusal = _on_objects(refusal)
    party, thing = refusal.party, refusal.thing
    asked = listing(refusal.actions[:4]) + (", …" if len(refusal.actions) > 4 else "") if refusal.actions else ""
    on = f" on {thing.words}" if thing is not None else ""
    who = party.words if party is not None else ""
    shown = f"{who[:1].upper()}{who[1:]}"
    if refusal.granted and refusal.assumed:
        summary = (
            f"Most likely {refusal.assumed} made the call, which the text says is assumed there: then that role needs "
            f"{asked} itself, and the role that assumed it does not count."
        )
        reason = "a call was refused"
    elif refusal.granted:
        summary = "A call was refused."
        reason = "a call was refused"
    elif asked and who:
        summary = f"{shown} needs {asked}{on}."
        reason = f"{who} lacks {asked}"
    elif asked:
        summary = f"{asked}{on} {'are' if len(refusal.actions) > 1 else 'is'} needed. Find out who made the call."
        reason = f"{asked} is missing"
    elif thing is None:
        summary = f"{shown or 'The caller'} lacks permissions. No action was recognized in the text."
        reason = f"{who or 'the caller'} lacks permissions"
    else:
        summary = f"{shown or 'The caller'} is not allowed to use {thing.words}. No action was recognized in the text."
        reason = f"{who or 'the caller'} is not allowed to use {thing.words}"
    if party is not None and party.kind is PartyKind.ROLE and not refusal.granted:
        summary += " Change that role, not the policies of whoever started it."
    elif party is not None and party.kind is PartyKind.SERVICE:
        summary += " A service is refused, not a person: its role or the resource's own policy decides."
    cause, ground = "unreadable", Ground.NOTHING
    if refusal.granted:
        pass
    elif asked and party is not None and party.kind is not PartyKind.SERVICE and refusal.layer in ("", "identity"):
        cause, ground = "identity.no-action", Ground.LIKENESS
    refused, causes = who or "whoever called", tuple(_causes(refusal))
    row = ServiceSentence((), _REFUSED, refused, reason, summary, causes, "", refusal.actions, cause, ground)
    named = party.name if party is not None else None
    on_arn = thing.arn if thing is not None else None
    return FoundSentence(
        row,
        refusal.words,
        refusal.start,
        on_arn,
        named,
        in_table=False,
        says_who=party is not None,
        granted=refusal.granted,
    )


def _causes(refusal: Refusal) -> Iterator[UsualCause]:
    party, thing, kind = refusal.party, refusal.thing, refusal.thing.kind if refusal.thing else _ANY_THING
    usual = kind.write if refusal.writes else kind.read
    asked = listing(refusal.actions) if refusal.actions else ""
    needed = asked or (f"what is needed there, often {listing(usual)}," if usual else "the missing actions")
    on = f" on {thing.words}" if thing is not None else ""
    check = simulation(party.name, refusal.actions, thing.arn if thing else None) if party and party.name else None
    of_resource = None
    if kind.policy:
        lets = (party.principal or party.words) if party is not None else "the caller"
        of_resource = UsualCause(
            f"{kind.policy[:1].upper()}{kind.policy[1:]} must also allow {lets} if it belongs to another account, or "
            "lists who may use it."
            if party is None or party.kind is not PartyKind.SERVICE
            else (
                f"{kind.policy[:1].upper()}{kind.policy[1:]} must let {lets} do {needed.rstrip(',')} (with the "
                "account as aws:SourceAccount)."
            ),
            None,
            Who.RESOURCE_OWNER,
        )
    if refusal.granted and refusal.assumed:
        yield UsualCause(
            f"Allow {asked} in the policies of {refusal.assumed}, in each account where it is assumed. What the role "
            "that assumes it is allowed ends with the new session.",
            None,
        )
        return
    if refusal.granted:
        return
    if refusal.layer in _LAYER_CAUSES:
        yield UsualCause(
            _LAYER_CAUSES[refusal.layer], None, Who.ORG_ADMIN if refusal.layer == "scp" else Who.ACCOUNT_ADMIN
        )
    if party is not None and party.kind is PartyKind.SERVICE:
        if of_resource is not None:
            yield of_resource
        yield UsualCause(
            f"{party.words} uses a role that was passed to it, or its service-linked role: that role lacks "
            f"{needed.rstrip(',')}{on}.",
            "aws iam list-roles --query 'Roles[].RoleName'",
        )
    elif refusal.layer == "resource" and of_resource is not None:
        yield of_resource
        yield _allow(party, needed, on, check)
    else:
        yield _allow(party, needed, on, check)
        if of_resource is not None:
            yield of_resource
    if kind.encrypted:
        what = kind.policy.removeprefix("the ").removesuffix(" policy").removesuffix("'s") or "data"
        yield UsualCause(
            f"If a customer managed KMS key encrypts the {what}, the key's policy and the caller's own must allow its "
            "use (kms:Decrypt; for writing also kms:GenerateDataKey).",
            None,
            Who.RESOURCE_OWNER,
        )
    if party is not None and party.kind is PartyKind.ROLE:
        yield UsualCause("Or another role is configured than the one whose policies you looked at.", None, Who.CALLER)
    elif party is None or party.kind is PartyKind.CALLER:
        whose = "The program may run under a different identity than you expect."
        yield UsualCause(whose, "aws sts get-caller-identity", Who.CALLER)


_LAYER_CAUSES = {
    "scp": "The text mentions a service control policy: if it refuses, no policy of the account can allow the call.",
    "boundary": "The text mentions a permissions boundary: it must allow the call as well as the policies.",
    "vpce": "The text mentions a VPC endpoint policy: it must allow the call as well as the identity's policies.",
    "session": "The text mentions a session policy (scope-down): it must allow the call as well as the role.",
}


def _allow(party: Party | None, needed: str, on: str, check: str | None) -> UsualCause:
    who = party.words if party is not None else "whoever makes the call"
    read = check or (None if party is not None and party.kind is PartyKind.ROLE else "aws sts get-caller-identity")
    return UsualCause(f"Allow {who} {needed.rstrip(',')}{on}: its policies lack it, or name another resource.", read)


def simulation(principal: str | None, actions: tuple[str, ...], resource: str | None) -> str | None:
    """Return the command that runs AWS's policy simulator; None if it does not accept the principal."""
    arn = Arn.parse(principal or "")
    if arn is None or arn.service != "iam" or arn.type not in ("role", "user") or not actions:
        return None
    if any(each.endswith("*") for each in actions) or re.search(r"[<>{}$*]|[xX]{4,}", principal or ""):
        return None
    try:
        on = resource if resource and "*" not in resource else None
        return simulate_principal_policy(quoted(principal or ""), actions, on)
    except Untypable:
        return None
