"""Rows for programs that find no credentials, or whose provider gives none, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, NO_CREDENTIALS, WHO, CredentialFault, fault
from diagnostics.text.answer.credentials.missing_credentials.containers_and_ecs_tasks import (
    CONTAINER_ROLE_TOKEN,
    CONTAINER_WITHOUT_CONFIGURATION,
    DOCKER_WITHOUT_KEYS,
    TASK_ROLE,
)
from diagnostics.text.answer.credentials.missing_credentials.ecr_logins import LOGIN_NOT_SENT
from diagnostics.text.answer.credentials.missing_credentials.eks_pod_identity import (
    AGENT_READS_NO_TOKEN,
    SDK_WITHOUT_POD_IDENTITY,
    WITHOUT_POD_IDENTITY,
)
from diagnostics.text.answer.credentials.missing_credentials.github_actions import WITHOUT_INPUTS
from diagnostics.text.answer.credentials.missing_credentials.identity_tokens import TOKENS_NOT_ACCEPTED
from diagnostics.text.answer.credentials.missing_credentials.instances import (
    NOTHING_ON_INSTANCE,
    WITHOUT_INSTANCE_PROFILE,
)
from diagnostics.text.answer.credentials.missing_credentials.lambda_environment_variables import (
    ENVIRONMENT_NOT_DECRYPTED,
)
from diagnostics.text.answer.credentials.missing_credentials.laravel import LARAVEL
from diagnostics.text.answer.credentials.missing_credentials.metadata_service import (
    IMDS_V1_FORBIDDEN,
    METADATA_SERVICE,
    METADATA_SERVICE_LAST,
)
from diagnostics.text.answer.credentials.missing_credentials.polars_and_object_store import (
    OBJECT_STORE_AND_PROFILES,
    OBJECT_STORE_IN_PODS,
)
from diagnostics.text.answer.credentials.missing_credentials.powershell_and_windows_accounts import POWERSHELL
from diagnostics.text.answer.credentials.missing_credentials.profiles_and_sso import (
    CREDENTIAL_PROCESS,
    PROFILE_SECTIONS,
    PROFILE_SETTINGS,
    PROFILE_WITH_MFA,
    PROFILES_NOT_FOUND,
    PROFILES_WITHOUT_KEYS,
)
from diagnostics.text.answer.credentials.missing_credentials.programs_and_shells import (
    OTHER_USER_OR_KEY,
    STARTED_BEFORE_OR_APART,
)
from diagnostics.text.answer.credentials.missing_credentials.sdk_providers import (
    EMPTY_AND_FAILED_PROVIDERS,
    MODULE_MISSING,
    PROVIDER_WITH_REASON,
)
from diagnostics.text.answer.credentials.missing_credentials.sdks_without_imds_tokens import SDK_WITHOUT_TOKENS
from diagnostics.text.answer.credentials.missing_credentials.spark_and_hadoop_s3a import S3A

NONE_FOUND = "No usable credentials were found where the program looks for them."

OF_PROVIDERS: tuple[CredentialFault, ...] = (
    *SDK_WITHOUT_TOKENS,
    *PROFILE_SECTIONS,
    *CONTAINER_WITHOUT_CONFIGURATION,
    *OBJECT_STORE_IN_PODS,
    *S3A,
    *OBJECT_STORE_AND_PROFILES,
    *PROFILE_SETTINGS,
    *IMDS_V1_FORBIDDEN,
    *WITHOUT_POD_IDENTITY,
    *ENVIRONMENT_NOT_DECRYPTED,
    *CONTAINER_ROLE_TOKEN,
    *EMPTY_AND_FAILED_PROVIDERS,
    *CREDENTIAL_PROCESS,
    *MODULE_MISSING,
    *AGENT_READS_NO_TOKEN,
    *PROVIDER_WITH_REASON,
)
NOT_FOUND: tuple[CredentialFault, ...] = (
    *WITHOUT_INPUTS,
    *TOKENS_NOT_ACCEPTED,
    *PROFILES_NOT_FOUND,
    *SDK_WITHOUT_POD_IDENTITY,
    *LOGIN_NOT_SENT,
    *PROFILE_WITH_MFA,
    *WITHOUT_INSTANCE_PROFILE,
    *DOCKER_WITHOUT_KEYS,
    *METADATA_SERVICE,
    *LARAVEL,
    *METADATA_SERVICE_LAST,
    *TASK_ROLE,
    *STARTED_BEFORE_OR_APART,
    *POWERSHELL,
    *OTHER_USER_OR_KEY,
    *NOTHING_ON_INSTANCE,
    *PROFILES_WITHOUT_KEYS,
    fault(
        NO_CREDENTIALS,
        NONE_FOUND,
        "See which credentials the program finds",
        f"{CONFIGURED}\naws configure list-profiles\n{WHO}",
    ),
)
