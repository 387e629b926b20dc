"""Causes that the text proves by itself, whatever its policy documents allow. The first rule that applies is used."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.proven_causes.buckets_and_file_systems import (
    of_a_delivery,
    of_a_file_system,
    of_a_trails_account,
    of_an_access_point,
    of_the_tags_of_parts,
)
from diagnostics.access_denied.pasted.proven_causes.decoded_messages import of_decoded
from diagnostics.access_denied.pasted.proven_causes.grants import (
    of_a_function_url,
    of_a_grant,
    of_a_revision,
    of_a_secrets_name,
    of_an_unlisted_secret,
    of_the_sandbox,
)
from diagnostics.access_denied.pasted.proven_causes.identity_pools import of_an_identity_pool, of_an_identitys_key
from diagnostics.access_denied.pasted.proven_causes.iot_devices import of_a_device
from diagnostics.access_denied.pasted.proven_causes.kms_keys import (
    of_a_bucket_key,
    of_a_keys_region,
    of_a_keys_state,
    of_a_managed_key,
)
from diagnostics.access_denied.pasted.proven_causes.limits import of_a_call_without_permission
from diagnostics.access_denied.pasted.proven_causes.service_accounts import of_an_unbound_account
from diagnostics.access_denied.pasted.proven_causes.terraform_permissions import of_another_source
from diagnostics.access_denied.pasted.proven_causes.transfer_users import of_a_transfer_user
from diagnostics.access_denied.pasted.proven_causes.trust_policies import (
    of_a_certificate,
    of_a_database_user,
    of_a_role_of_redshift,
    of_a_run_phase,
    of_an_audience,
)
from diagnostics.failure import Denial

RULES = (
    of_a_keys_state,
    of_a_keys_region,
    of_the_tags_of_parts,
    of_the_sandbox,
    of_a_delivery,
    of_a_call_without_permission,
    of_a_run_phase,
    of_a_role_of_redshift,
    of_a_database_user,
    of_an_access_point,
    of_a_trails_account,
    of_a_managed_key,
    of_a_function_url,
    of_a_file_system,
    of_an_audience,
    of_an_identity_pool,
    of_an_identitys_key,
    of_a_device,
    of_a_transfer_user,
    of_a_bucket_key,
    of_a_revision,
    of_a_certificate,
    of_a_secrets_name,
    of_an_unlisted_secret,
    of_a_grant,
    of_another_source,
    of_an_unbound_account,
)


def cause_without_policies(denial: Denial) -> Finding | None:
    """Return the cause that the text proves without its policies; None if no rule applies.

    AWS's decoded message, if the text has one, comes first.
    """
    if denial.decoded is not None and (decoded := of_decoded(denial, denial.decoded)) is not None:
        return decoded
    return next((found for rule in RULES if (found := rule(denial)) is not None), None)
