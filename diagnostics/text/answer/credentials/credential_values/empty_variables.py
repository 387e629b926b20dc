"""Read which half of a key pair the text sets to nothing."""

from __future__ import annotations

from iam.lazy_pattern import regex

_NAME = r"(?<![\w.])(?P<name>AWS_(?:SECRET_)?ACCESS_KEY(?:_ID)?|aws_(?:secret_)?access_key(?:_id)?)[ \t]*=[ \t]*"
_EMPTY = regex(rf"{_NAME}(?:\"\"|'')?[ \t]*(?=[,;\n]|$)")
_SET = regex(rf"{_NAME}[\"']?[\w*<$]")


def of_empty_variables(text: str) -> dict[str, str]:
    """Return the variable or setting that is empty, as ``empty_half``, if the other one of the pair has a value.

    AWS SDKs and Tools Reference Guide, "AWS access keys": both are needed
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html).
    """
    empty = {each["name"] for each in _EMPTY.finditer(text)}
    if len(empty) != 1:
        return {}
    (name,) = empty
    others = {each["name"].lower() for each in _SET.finditer(text)} - {name.lower()}
    return {"empty_half": name} if others else {}
