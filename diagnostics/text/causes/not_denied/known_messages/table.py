"""Messages whose words alone indicate their common cause: the rules of all subjects, in order."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import causes_by_words
from diagnostics.text.causes.not_denied.known_messages.api_gateway import FORBIDDEN_MESSAGES, UNAUTHORIZED_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.bedrock import BEDROCK_MESSAGES, key_of_bedrock
from diagnostics.text.causes.not_denied.known_messages.ecs_exec import ECS_EXEC_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.ecs_exec_checker import of_the_exec_checker
from diagnostics.text.causes.not_denied.known_messages.github_actions_and_codecommit import (
    GITHUB_AND_CODECOMMIT_MESSAGES,
)
from diagnostics.text.causes.not_denied.known_messages.iceberg_catalogs import ICEBERG_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.iot_core import IOT_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.keda_and_vpc_cni import KEDA_AND_CNI_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.metadata_service import METADATA_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.quicksight import QUICKSIGHT_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.ram_shares import RAM_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.s3 import S3_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.sdk_profiles_and_retries import SDK_MESSAGES, unread_section
from diagnostics.text.causes.not_denied.known_messages.session_manager import (
    SESSION_LOG_MESSAGES,
    SESSION_MANAGER_MESSAGES,
    no_profile,
)
from diagnostics.text.causes.not_denied.known_messages.session_policy_size import SESSION_POLICY_MESSAGES
from diagnostics.text.causes.not_denied.known_messages.zappa import ZAPPA_MESSAGES
from diagnostics.text.causes.shared_causes import UNFETCHED_KEYS, WRONG_THUMBPRINT, pull_without_batch

_STATED = (
    *S3_MESSAGES,
    *SDK_MESSAGES,
    *ZAPPA_MESSAGES,
    *RAM_MESSAGES,
    *SESSION_POLICY_MESSAGES,
    *KEDA_AND_CNI_MESSAGES,
    *BEDROCK_MESSAGES,
    *FORBIDDEN_MESSAGES,
    *SESSION_MANAGER_MESSAGES,
    *ECS_EXEC_MESSAGES,
    *SESSION_LOG_MESSAGES,
    *METADATA_MESSAGES,
    WRONG_THUMBPRINT,
    UNFETCHED_KEYS,
    *GITHUB_AND_CODECOMMIT_MESSAGES,
    *IOT_MESSAGES,
    *QUICKSIGHT_MESSAGES,
    *UNAUTHORIZED_MESSAGES,
    *ICEBERG_MESSAGES,
)


def by_words(failure: OtherFailure) -> Iterator[FirstLook]:
    if (pull := pull_without_batch(failure.text)) is not None:
        return iter((pull,))
    for rule in (key_of_bedrock, no_profile, of_the_exec_checker, unread_section):
        if (found := rule(failure.text)) is not None:
            return iter((found,))
    return causes_by_words(failure.text, _STATED)
