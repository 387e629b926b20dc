"""Read a file that declares roles, in any supported format, and return the values of a spec file.

See `iam.creation.spec_file`. The specs contain only what the file declares; anything else stays as it is in the
account.
"""

from __future__ import annotations

from typing import Any

from iam.account import Account
from iam.creation.declared.template import is_template, specs_of_template, template_of
from iam.creation.declared.terraform import is_plan, specs_of_plan
from iam.creation.spec_file import SpecError, decoded_json


def declared(text: str, account: Account, region: str) -> Any:
    """Return the specs from a template or from ``terraform show -json``; for any other JSON, the decoded JSON.

    Raises `SpecError`.
    """
    try:
        value = decoded_json(text)
    except SpecError:
        value = template_of(text)
        if value is None:
            raise
    if is_template(value):
        return {"roles": specs_of_template(value, account, region)}
    if is_plan(value):
        return {"roles": specs_of_plan(value)}
    return value
