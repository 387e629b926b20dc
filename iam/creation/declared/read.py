"""A file that declares roles, whichever tool's it is, as the values of a spec file (`iam.creation.spec_file`).

Only what the file says is in the specs: what it leaves out stays as it is in the account.
"""

from __future__ import annotations

from typing import Any

from iam.account import Account
from iam.creation.declared.template import is_template, specs_of_template, template_of
from iam.creation.declared.terraform import is_plan, specs_of_plan
from iam.creation.spec_file import SpecError, decoded_json


def declared(text: str, account: Account, region: str) -> Any:
    """The specs of a template or of what ``terraform show -json`` prints; else the text as JSON. Raises `SpecError`."""
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
