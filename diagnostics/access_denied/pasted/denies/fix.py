"""Choose the fix with which a Deny statement no longer denies the request: the first rule that holds.

The fix is for the caller if a value of the request decides, otherwise for the policy's owner.
"""

from __future__ import annotations

from diagnostics.access_denied.pasted.denies.deny import Deny, Rule
from diagnostics.access_denied.pasted.denies.exemptions import (
    exempt_the_account,
    use_a_role_instead_of_root,
    write_the_new_id,
)
from diagnostics.access_denied.pasted.denies.listed_exceptions import (
    add_the_action,
    add_the_bucket,
    add_the_objects,
    add_the_resource,
    allow_only_the_service,
    change_the_resource_policy,
    complete_the_prefix,
    exempt_the_caller,
    keep_the_guard,
    let_users_sign_in,
)
from diagnostics.access_denied.pasted.denies.meet_conditions import (
    correct_the_inverted_condition,
    leave_out_requests_without_the_key,
    make_a_request_that_passes,
)
from diagnostics.access_denied.pasted.denies.regions import (
    leave_out_a_global_service,
    leave_out_for_cloudfront,
    use_a_geographic_profile,
)
from diagnostics.fix import Fix

_RULES: tuple[Rule, ...] = (
    leave_out_requests_without_the_key,
    let_users_sign_in,
    correct_the_inverted_condition,
    add_the_bucket,
    leave_out_a_global_service,
    leave_out_for_cloudfront,
    use_a_geographic_profile,
    use_a_role_instead_of_root,
    exempt_the_account,
    write_the_new_id,
    make_a_request_that_passes,
    add_the_objects,
    complete_the_prefix,
    add_the_resource,
    allow_only_the_service,
    exempt_the_caller,
    add_the_action,
    keep_the_guard,
    change_the_resource_policy,
)


def fix_of_deny(deny: Deny) -> Fix | None:
    """Return the fix that keeps the statement from denying the request."""
    return next((fix for rule in _RULES if (fix := rule(deny)) is not None), None)
