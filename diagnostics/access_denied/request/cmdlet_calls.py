"""The calls that the cmdlets of the AWS Tools for PowerShell in a text make, with their parameters and tags.

AWS Tools for PowerShell, "Cmdlet reference" (https://docs.aws.amazon.com/powershell/latest/reference/): the cmdlets'
parameters have the names of the API's parameters, and a tag is a hash table of Key and Value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from diagnostics.access_denied.request.templates import Described
from diagnostics.text.read.messages.cmdlets import CMDLET, operation_of_cmdlet, service_of_cmdlet
from iam.claims import Source, Values
from iam.lazy_pattern import regex

_MOST = 20
_LINE = regex(rf"(?<![\w-])(?P<name>{CMDLET})(?P<rest>[ \t]+-(?:`[ \t]*\n|[^\n|])*)")
_PARAMETER = regex(
    r"(?<![\w\"'])-(?P<name>[A-Z]\w+)[ \t:]+(?P<value>@\((?:[^()]|\([^()]*\))*\)|@\{[^{}]*\}"
    r"|\"[^\"\n]*\"|'[^'\n]*'|[^\s;,\"'-][^\s;]*)"
)
_TAG = regex(
    r"@\{\s*(?:Tag)?Key\s*=\s*[\"'](?P<key>[^\"']+)[\"']\s*;\s*(?:Tag)?Value\s*=\s*[\"'](?P<value>[^\"']*)[\"']\s*;?\s*\}",
    re.IGNORECASE,
)


def cmdlet_calls(text: str) -> Iterator[Described]:
    """Yield the calls of the text's cmdlets. A value in a variable is left out."""
    for found in islice(_LINE.finditer(text), _MOST):
        operation, service = operation_of_cmdlet(found["name"]), service_of_cmdlet(found["name"])
        if operation is None or service is None:
            continue
        parameters: dict[str, tuple[Values, str]] = {}
        tags: dict[str, str] = {}
        for each in _PARAMETER.finditer(found["rest"]):
            value = each["value"].strip("\"'")
            if value.startswith("@"):
                tags.update({tag["key"]: tag["value"] for tag in _TAG.finditer(value)})
            elif "$" not in value:
                parameters.setdefault(each["name"].lower(), ((value,), f"-{each['name']} {value}"))
        yield Described(service, operation.lower(), found["name"], Source.COMMAND, True, parameters, tags)
