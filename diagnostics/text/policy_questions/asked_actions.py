"""The actions that a question about a policy asks about, recognized by name, by a command or by verbs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.service_reference import action as known_action
from iam.services import iam_prefix

_MOST_ACTIONS = 3


# The actions that a question is about.
NAMED = regex(r"(?<![\w:/.-])(?P<service>[a-z][a-z0-9-]{1,40}):(?P<call>[A-Z][A-Za-z0-9]{2,60})(?![\w*]|:\w)")


_CLI = regex(r"\baws[ ]+(?P<service>[a-z0-9-]+)[ ]+(?P<call>[a-z]+(?:-[a-z0-9]+)+)")


_CALL = regex(r"(?<![\w:/.*-])(?P<call>[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+)(?![\w*]|:\w)")


_YES_OR_NO = regex(
    r"\b(?:can|could|may|might|will|would|do|does|did|is|are|am|should|shall|able|allow\w*|permit\w*|let|lets|cover\w*"
    r"|denied|blocked|forbid\w*|kann|können|darf|dürfen|erlaubt|wird|est-ce|peut|peuvent|puede|pueden|permite)\b",
    re.IGNORECASE,
)


_WHY = regex(r"^\W*(?:why|how|which|who|when|where|what)\b", re.IGNORECASE)


def actions_asked(question: str, document: Document) -> tuple[str, ...]:
    """Return the actions that a yes-or-no question names, or else describes in words.

    Only actions of the services in the policy can be described in words.
    """
    if not _YES_OR_NO.search(question) or _WHY.search(question):
        return ()
    services = _services(document, question)
    named = _written(question)
    for found in _CALL.finditer(question):
        named += [action_for(found["call"], service) or "" for service in services]
    if _ASSUMES.search(question):
        # which of the actions is meant depends on who assumes the role: the policy names it
        named += [each for one in document.statements for each in one.action or () if ASSUME.fullmatch(each)]
    known = [action.name for each in named if (action := known_action(each)) is not None]
    if not known and _OF_THE_READER.search(question):
        return ()
    return tuple(dict.fromkeys(known or _meant(question, services)))[:_MOST_ACTIONS]


def actions_named(text: str) -> tuple[str, ...]:
    """Return the actions that the text names, by themselves or with a command of the AWS CLI."""
    known = [action.name for each in _written(text) if (action := known_action(each)) is not None]
    return tuple(dict.fromkeys(known))


def _written(text: str) -> list[str]:
    named = [found[0] for found in NAMED.finditer(text)]
    for found in _CLI.finditer(text):
        operation = "".join(part.capitalize() for part in found["call"].split("-"))
        service = "s3" if found["service"] == "s3api" else iam_prefix(found["service"])
        named += [action_for(operation, service) or ""] if service else []
    return named


_OF_THE_READER = regex(
    r"\b(?:can|could|would|will) you\b(?![^?]*\b(?:can|could|would|will)\b)"
    r"|\b(?:get|have) (?:a|an|your) (?:\w+ )?(?:review|opinion)\b",
    re.IGNORECASE,
)


_ASSUMES = regex(r"\bassum(?:e|es|ed|ing)\b", re.IGNORECASE)


ASSUME = regex(r"sts:AssumeRole(?:With\w+)?")


def _services(document: Document, question: str) -> list[str]:
    """The services of the policy's actions.

    If the policy names every action, also those of its resources and the question.
    """
    found: dict[str, None] = {}
    for statement in document.statements:
        for pattern in (*(statement.action or ()), *(statement.not_action or ())):
            found[pattern.partition(":")[0].lower()] = None
        for resource in statement.resource or ():
            found[resource.split(":")[2] if resource.count(":") > 2 else "*"] = None
        if statement.effect == "Allow" and statement.not_action is not None:
            found["*"] = None  # every other service
    if "*" in found:
        found.update(
            dict.fromkeys(each.service for each in _VERBS if re.search(rf"\b{each.service}\b", question, re.I))
        )
        found.update(dict.fromkeys(service for noun, service in _NOUNS.items() if re.search(noun, question, re.I)))
    return [each for each in found if each.isidentifier() or "-" in each]


_NOUNS = {
    r"\bbuckets?\b": "s3",
    r"\b(?:EC2|instances)\b": "ec2",
    r"\btables?\b": "dynamodb",
    r"\btrails?\b": "cloudtrail",
    r"\bstacks?\b": "cloudformation",
    r"\bsecrets?\b": "secretsmanager",
}
"""For each kind of resource, the service to assume if a policy names no service."""


@dataclass(frozen=True, slots=True)
class _Verb:
    """A word for an action of a service. ``of`` matches what a question must name after the word, if anything."""

    service: str
    word: re.Pattern[str]
    action: str
    of: re.Pattern[str] | None = None

    def is_in(self, question: str) -> bool:
        """Return whether the question contains the word, followed by ``of`` within four words if ``of`` is given."""
        for found in self.word.finditer(question):
            after = " ".join(question[found.end() :].split()[:4])
            if self.of is None or self.of.search(after):
                return True
        return False


_GERUND = regex(r"\b(?P<stem>[a-z]{3,})ing\b", re.IGNORECASE)


def _base_forms(found: re.Match[str]) -> str:
    """Return the possible base forms of a word in -ing, such as creating, passing and stopping."""
    stem = found["stem"]
    return f"{stem} {stem[:-1] if stem[-1:] == stem[-2:-1] else stem + 'e'}"


def _verb(word: str, name: str, of: str = "") -> _Verb:
    service, _, _ = name.partition(":")
    return _Verb(service, _words(word), name, _words(of) if of else None)


def _words(words: str) -> re.Pattern[str]:
    return regex(rf"\b(?:{words})\b(?! (?:job|task|script|process|window)s?\b)", re.IGNORECASE)


_READS = r"reads?|read back|downloads?|fetch\w*|opens?|lesen|lire|leer"


_WRITES = r"writes?|puts?|uploads?|overwrites?|stores?|saves?|hochladen|schreiben|subir|escribir|écrire|téléverser"


_DELETES = r"deletes?|removes?|drops?|destroys?|wipes?|purges?|löschen|supprimer|borrar|eliminar"


_STARTS = r"starts?|launch\w*|creates?|runs?|spin up"


_SENDS = r"sends?|publish\w*|posts?|senden|envoyer|enviar"


_VERBS = (
    _verb(_WRITES, "s3:PutObject"),
    _verb(_READS, "s3:GetObject"),
    _verb(r"lists?|ls|auflisten|lister|listar", "s3:ListBucket"),
    _verb(
        _DELETES,
        "s3:DeleteBucket",
        r"bucket itself|(?:the|our|my|a|this|that|prod\w*) (?:\w+ )?bucket\b(?! polic)|buckets",
    ),
    _verb(_DELETES, "s3:DeleteObject", r"objects?|files?|uploads?|keys?|it|them|anything|things|data|Dateien|fichiers"),
    _verb(r"terminate[sd]?|terminating|kills?|destroys?", "ec2:TerminateInstances"),
    _verb(r"stops?|shut ?down", "ec2:StopInstances"),
    _verb(r"starts?", "ec2:StartInstances"),
    _verb(r"reboots?|restarts?", "ec2:RebootInstances"),
    _verb(r"launch\w*|runs?|creates?|spin up", "ec2:RunInstances", r"instances?|box(?:es)?|machines?|VMs?"),
    _verb(_DELETES, "rds:DeleteDBInstance", r"databases?|dbs?|instances?"),
    _verb(r"stops?", "rds:StopDBInstance"),
    _verb(r"reboots?|restarts?", "rds:RebootDBInstance"),
    _verb(_DELETES, "dynamodb:DeleteTable", r"tables?"),
    _verb(_DELETES, "dynamodb:DeleteItem", r"items?|rows?|records?|entries"),
    _verb(_WRITES + r"|inserts?", "dynamodb:PutItem"),
    _verb(_READS, "dynamodb:GetItem"),
    _verb(_SENDS, "sqs:SendMessage"),
    _verb(r"receives?|receiving|consumes?|polls?", "sqs:ReceiveMessage"),
    _verb(r"purges?", "sqs:PurgeQueue"),
    _verb(_DELETES, "sqs:DeleteQueue", r"queues?"),
    _verb(_SENDS, "sns:Publish"),
    _verb(r"subscrib\w+", "sns:Subscribe"),
    _verb(r"invok\w+|calls?|triggers?", "lambda:InvokeFunction"),
    _verb(r"deploys?", "lambda:UpdateFunctionCode"),
    _verb(_DELETES, "lambda:DeleteFunction", r"functions?|lambdas?"),
    _verb(r"decrypts?|entschlüsseln|déchiffrer", "kms:Decrypt"),
    _verb(r"encrypts?|verschlüsseln|chiffrer", "kms:Encrypt"),
    _verb(_DELETES, "kms:ScheduleKeyDeletion", r"keys?"),
    _verb(_READS, "secretsmanager:GetSecretValue"),
    _verb(_WRITES + r"|chang\w+|updates?", "secretsmanager:PutSecretValue"),
    _verb(_DELETES, "secretsmanager:DeleteSecret", r"secrets?"),
    _verb(_READS, "ssm:GetParameter", r"parameters?|values?"),
    _verb(_WRITES + r"|chang\w+|updates?", "ssm:PutParameter", r"parameters?|values?"),
    _verb(r"creates?|adds?", "iam:CreateUser", r"users?"),
    _verb(r"creates?|adds?", "iam:CreateRole", r"roles?"),
    _verb(r"creates?|makes?", "iam:CreateAccessKey", r"access keys?|keys"),
    _verb(_DELETES, "iam:DeleteRole", r"roles?"),
    _verb(_DELETES, "iam:DeleteUser", r"users?"),
    _verb(r"pass(?:es)?", "iam:PassRole", r"roles?"),
    _verb(r"attach\w*", "iam:AttachRolePolicy", r"polic\w+"),
    _verb(r"assum\w+", "sts:AssumeRole"),
    _verb(r"push\w*", "ecr:PutImage"),
    _verb(r"pulls?", "ecr:BatchGetImage"),
    _verb(r"stops?|turn off|disables?", "cloudtrail:StopLogging"),
    _verb(_DELETES, "cloudtrail:DeleteTrail", r"trails?"),
    _verb(_DELETES, "logs:DeleteLogGroup", r"log groups?|logs?"),
    _verb(_DELETES, "cloudformation:DeleteStack", r"stacks?"),
    _verb(r"deploys?|updates?", "ecs:UpdateService", r"services?"),
    _verb(_DELETES, "ecs:DeleteService", r"services?"),
)


_PUTS_A_POLICY = regex(r"\bput (?:this|that|the policy)(?: \w+)? (?:on|onto|into?|to)\b", re.IGNORECASE)


def _meant(question: str, services: list[str]) -> list[str]:
    """The actions that the question's verbs mean.

    If the question names services, only the actions of those services.
    """
    said = _GERUND.sub(_base_forms, _PUTS_A_POLICY.sub(" ", question))
    found = [each for each in _VERBS if each.service in services and each.is_in(said)]
    if len({each.service for each in found}) > 1:
        found = [each for each in found if re.search(rf"\b{re.escape(each.service)}\b", question, re.IGNORECASE)]
    return [each.action for each in found]
