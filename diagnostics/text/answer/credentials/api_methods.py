"""Compare the method of a request to API Gateway with the methods that the text lists for its path."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.api_paths import is_served
from iam.lazy_pattern import regex
from iam.words import listing

_CURL = regex(r"\bcurl\b[^\n]*?\bexecute-api\.[a-z0-9-]+\.[a-z.]+/[\w$-]+(?P<path>/[^\s\"'<>?#,;)]*)[^\n]*")
_REQUEST = regex(r"(?<![\w-])(?:-[a-zA-Z]*X ?|--request[ =])[\"']?(?P<method>[A-Z]{3,7})\b")
_BODY = regex(r"(?<![\w-])(?:-d|--data(?:-\w+)?|--json|-F|--form)(?![\w-])")
_HEAD = regex(r"(?<![\w-])(?:-I|--head)(?![\w-])")
_METHOD = regex(r"\b(?:GET|POST|PUT|PATCH|DELETE|ANY|OPTIONS|HEAD)\b")
_LISTED = regex(
    r"\"(?P<path>/[^\"\s]*)\"\s*,\s*\[(?P<methods>[^\]]+)\]"
    r"|\"path\"\s*:\s*\"(?P<of>/[^\"\s]*)\"\s*,\s*\"resourceMethods\"\s*:\s*\{(?P<had>(?:[^{}]|\{[^{}]*\})+)\}"
)
"""A path with its methods, as aws apigateway get-resources prints them, with a query or without."""


def unknown_method(text: str) -> dict[str, str]:
    """Return the called and the listed methods if the API's path does not have the called method; else nothing.

    curl, manual page: GET, unless another method or a body is given (https://curl.se/docs/manpage.html). API Gateway
    Developer Guide, "Set up a method": ANY matches every method
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html).
    """
    calls = list(_CURL.finditer(text))
    if len(calls) != 1:
        return {}
    call = calls[0]
    given = _REQUEST.search(call[0])
    method = (
        given["method"] if given else "POST" if _BODY.search(call[0]) else "HEAD" if _HEAD.search(call[0]) else "GET"
    )
    path = call["path"].rstrip("/.")
    for each in _LISTED.finditer(text):
        named = each["path"] or each["of"]
        methods = list(dict.fromkeys(re.findall(_METHOD.pattern, each["methods"] or each["had"])))
        if is_served(path, [named]) and methods and method not in methods and "ANY" not in methods:
            return {
                "called_path": f"{method} {path}",
                "named_path": f"{listing(methods)} for {named}",
                "wrong_part": "method",
            }
    return {}
