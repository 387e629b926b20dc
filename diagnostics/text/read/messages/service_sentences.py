"""Sentences in which a service reports a denial in prose, outside IAM's grammar.

Each row states who was denied, which actions on what, and the usual causes. ``page`` is where AWS, or the program's
maintainer, documents the permissions or the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from diagnostics.text.read.service_messages.account_and_organization_settings import SETTINGS
from diagnostics.text.read.service_messages.any_service import GENERAL
from diagnostics.text.read.service_messages.athena_glue_and_redshift import DATA_LAKE
from diagnostics.text.read.service_messages.availability import AVAILABILITY
from diagnostics.text.read.service_messages.backup_datasync_and_transfer_family import TRANSFERS
from diagnostics.text.read.service_messages.bedrock_and_sagemaker import MODELS
from diagnostics.text.read.service_messages.cloudformation_cdk_and_serverless import STACKS
from diagnostics.text.read.service_messages.codebuild_codepipeline_and_codedeploy import PIPELINES
from diagnostics.text.read.service_messages.database_imports_and_exports import DATABASE_FEATURES
from diagnostics.text.read.service_messages.databases import DATABASES
from diagnostics.text.read.service_messages.dynamodb_keyspaces_neptune_and_elasticache import KEY_VALUE_STORES
from diagnostics.text.read.service_messages.ebs_efs_and_fsx import STORAGE
from diagnostics.text.read.service_messages.ec2_elastic_beanstalk_and_image_builder import INSTANCES
from diagnostics.text.read.service_messages.ecr_images import CONTAINER_IMAGES
from diagnostics.text.read.service_messages.eks_ecs_and_batch import CLUSTERS
from diagnostics.text.read.service_messages.emr_quicksight_dms_and_airflow import ANALYTICS
from diagnostics.text.read.service_messages.eventbridge_pipes_sns_and_sqs import EVENTS
from diagnostics.text.read.service_messages.firehose_kinesis_and_msk import DATA
from diagnostics.text.read.service_messages.iot_core_and_greengrass import DEVICES
from diagnostics.text.read.service_messages.kendra_lex_comprehend_and_q_business import LANGUAGE_SERVICES
from diagnostics.text.read.service_messages.lake_formation_and_datazone import LAKE_GRANTS
from diagnostics.text.read.service_messages.lambda_and_step_functions import FUNCTIONS
from diagnostics.text.read.service_messages.logs_trails_and_invoked_functions import DELIVERIES
from diagnostics.text.read.service_messages.monitoring import MONITORING
from diagnostics.text.read.service_messages.opensearch import SEARCH
from diagnostics.text.read.service_messages.programs_over_s3 import CLIENT_PROGRAMS
from diagnostics.text.read.service_messages.refused_destinations import TARGETS
from diagnostics.text.read.service_messages.role_and_key_error_codes import SERVICE_CODES
from diagnostics.text.read.service_messages.roles_of_functions_and_containers import COMPUTE
from diagnostics.text.read.service_messages.s3_features import S3_FEATURES
from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause
from diagnostics.text.read.service_messages.sign_in_and_accounts import SIGN_IN_AND_ACCOUNTS
from diagnostics.text.read.service_messages.systems_manager import MANAGED_NODES
from iam.lazy_pattern import regex
from iam.service_reference import services

ROWS = (
    *(*ANALYTICS, *LAKE_GRANTS, *DATA, *DATA_LAKE, *DATABASES, *DATABASE_FEATURES, *KEY_VALUE_STORES, *S3_FEATURES),
    *(
        *STORAGE,
        *TRANSFERS,
        *SEARCH,
        *MODELS,
        *EVENTS,
        *FUNCTIONS,
        *DELIVERIES,
        *COMPUTE,
        *CLUSTERS,
        *CONTAINER_IMAGES,
    ),
    *(*INSTANCES, *MANAGED_NODES, *PIPELINES, *STACKS, *TARGETS),
    *(*SERVICE_CODES, *SETTINGS, *AVAILABILITY, *CLIENT_PROGRAMS, *DEVICES, *MONITORING),
    *(*SIGN_IN_AND_ACCOUNTS, *LANGUAGE_SERVICES, *GENERAL),
)
"""All rows; the first one with a sentence in the text is used."""


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence of the table, and its words in a text.

    ``principal`` is the ARN or name of the denied identity, if the sentence has it. ``in_table`` is False for a row
    that the grammar of prose produced (`diagnostics.text.read.messages.refusals_in_own_words`). ``names`` are the
    values that the sentence has for the names in the row's pattern.
    """

    row: ServiceSentence
    words: str
    start: int
    resource: str | None = None
    principal: str | None = None
    in_table: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


def _filled(row: ServiceSentence, groups: Mapping[str, str | None]) -> ServiceSentence:
    """Return the row with each ``{name}`` replaced by the text's words."""

    def fill(written: str) -> str:
        return _with_names(written, groups)

    causes = tuple(_of_words(each, groups) for each in row.causes)
    return replace(row, refused=fill(row.refused), reason=fill(row.reason), summary=fill(row.summary), causes=causes)


def _of_words(cause: UsualCause, groups: Mapping[str, str | None]) -> UsualCause:
    """Return the cause with each ``{name}`` replaced by the text's words."""
    written = (cause.sentence, cause.decides, cause.check or "")
    sentence, decides, check = (_with_names(each, groups) for each in written)
    return replace(cause, sentence=sentence, decides=decides, check=check or None)


def _with_names(written: str, groups: Mapping[str, str | None]) -> str:
    """Return the sentence with each ``{name}`` replaced by the text's words."""
    for name, value in groups.items():
        written = written.replace(f"{{{name}}}", " ".join((value or "").split()))
    return written


def _decided(row: ServiceSentence, text: str) -> ServiceSentence:
    """Return the row with only the cause that the rest of the text decides, if any.

    Otherwise return the row without those causes that only other words in the text can show, if these words are
    missing.
    """
    causes = []
    for cause in row.causes:
        stated = re.search(cause.shown_by, text, re.IGNORECASE) if cause.shown_by else None
        filled = _of_words(cause, stated.groupdict()) if stated else cause
        if stated and cause.decides:
            return replace(row, causes=(filled,), summary=filled.decides)
        if stated or not (cause.decides or cause.needs_evidence):
            causes.append(filled)
    return replace(row, causes=tuple(causes))


_PROGRAMS = regex(r"Exception|\b(?:ERROR|Error)\b|\berror:|denied|failed|cannot|CREATE_FAILED|\bStatus(?:Reason)?\b")
_REFUSES = regex(
    r"\b(?:polic(?:y|ies)|permissions?|denied|unauthori[sz]ed|not allowed|403|access)\b|AccessDenied", re.I
)
_PERSONS = regex(r"\b(?:I|we|our|my|added|fixed)\b", re.IGNORECASE)


def _is_printed(text: str, found: re.Match[str]) -> bool:
    """Whether a program printed the line of the sentence."""
    line = _line(text, found)
    return _PROGRAMS.search(line) is not None and _PERSONS.search(line) is None


def _line(text: str, found: re.Match[str]) -> str:
    end = text.find("\n", found.end())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]


@lru_cache(maxsize=16)
def sentence_in(text: str) -> FoundSentence | None:
    """Return the first row whose sentence is in the text, or None."""
    plain = text.replace("\u2019", "'")  # as long as before, so positions are the same in both
    low = " ".join(plain.lower().split())
    # What IAM's own sentence names is never replaced by a sentence of the common form.
    for row in ROWS[: -len(GENERAL)] if "authorized to perform" in low else ROWS:
        if not any(signal in low for signal in row.signals) or not (match := row.pattern.search(plain)):
            continue
        if row.unless is not None and row.unless.search(text):
            continue  # the text states another cause
        groups = match.groupdict()
        if "asked" in groups and not _is_printed(text, match):
            continue  # what a person says that a role needs is no refusal
        if "used" in groups and not (_REFUSES.search(text) and not _PERSONS.search(_line(text, match))):
            continue  # a service may also be unable to use something for other reasons
        if any(prefix not in services() for prefix in re.findall(r"([a-z][a-z0-9-]*):", groups.get("asked") or "")):
            continue  # the actions of another system
        words = " ".join(text[match.start() : match.end()].split())[:96]
        found = _decided(_filled(row, groups) if groups else row, text)
        names = {name: value for name, value in groups.items() if value}
        return FoundSentence(found, words, match.start(), groups.get("resource"), groups.get("principal"), names=names)
    return None


SIGNALS = tuple(dict.fromkeys(signal for row in ROWS for signal in row.signals))
