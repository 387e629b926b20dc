"""Name the cause of another system's refusal if the text shows it beside the message: a listing, or two names."""

from __future__ import annotations

from collections.abc import Callable

from diagnostics.text.answer.credentials.certificates import unfit_certificate
from diagnostics.text.answer.search_collections import SERVERLESS
from diagnostics.text.answer.shown_causes.aws_cli_version import of_the_cli
from diagnostics.text.answer.shown_causes.cognito_callback_urls import of_callback_urls
from diagnostics.text.answer.shown_causes.database_users_and_passwords import user_without_iam, without_a_token
from diagnostics.text.answer.shown_causes.ec2_instance_connect import another_user
from diagnostics.text.answer.shown_causes.efs_and_root import squashed_root
from diagnostics.text.answer.shown_causes.lake_formation_columns import ungranted_column
from diagnostics.text.answer.shown_causes.postgresql_replication import not_replicating
from diagnostics.text.answer.shown_causes.scim_users import of_scim_user
from diagnostics.text.answer.shown_causes.search_collections import another_session, policy_too_new
from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from diagnostics.text.answer.shown_causes.vault_roles import of_vaults_role
from diagnostics.text.known_messages.not_refusals.databases import PASSWORD_LOGIN
from diagnostics.text.known_messages.not_refusals.iam_identity_center import SCIM_USER
from diagnostics.text.known_messages.not_refusals.lake_formation import COLUMN
from diagnostics.text.known_messages.not_refusals.roles_anywhere import ROLES_ANYWHERE
from diagnostics.text.read.forms.systems import SIGN_IN


def shown_cause(system: str | None, text: str) -> ShownCause | None:
    """Return the cause of the system's refusal that the text shows; None if it shows none."""
    return rule(text) if (rule := _RULES.get(system or "")) is not None else None


_RULES: dict[str, Callable[[str], ShownCause | None]] = {
    SIGN_IN: lambda text: user_without_iam(text) or without_a_token(text),
    PASSWORD_LOGIN: without_a_token,
    COLUMN: ungranted_column,
    "SSH or Git": another_user,
    "the operating system": squashed_root,
    "the database": not_replicating,
    SCIM_USER: of_scim_user,
    ROLES_ANYWHERE: unfit_certificate,
    "the command of the AWS CLI": of_the_cli,
    "the principals of the role in Vault": of_vaults_role,
    "the callback URLs of the Cognito app client": of_callback_urls,
    SERVERLESS: lambda text: another_session(text) or policy_too_new(text),
}
