"""Compare the path of a request to API Gateway with the paths that the text says the API has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from iam.lazy_pattern import regex

# API Gateway Developer Guide, "Invoke REST APIs in API Gateway": the stage is the first part of the path
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html).
_CALLED = regex(
    r"\bexecute-api\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)(?P<path>/[^\s\"'<>?#,;)]*)", re.IGNORECASE
)
_NAMED = regex(
    r"\b(?:resources?|routes?|paths?|methods?|endpoints?|resourcePath)\b[\"']?(?:[ \t]+(?:is|are|called|named))?"
    r"[ \t]*[:=]?[ \t]*[\"'`]?(?:(?:GET|POST|PUT|PATCH|DELETE|ANY|OPTIONS|HEAD)[ \t]+)?(?P<path>/[\w{}+/.-]*)",
    re.IGNORECASE,
)
_METHOD = r"(?:GET|POST|PUT|PATCH|DELETE|ANY|OPTIONS|HEAD)"
_LISTED = regex(rf"\b{_METHOD}[ \t]+(?P<first>/[\w{{}}+/.-]*)(?:[ \t]*[,;|][ \t]*{_METHOD}[ \t]+/[\w{{}}+/.-]*)+")
"""Several methods with their paths, one after the other."""
_LISTED_PATH = regex(rf"{_METHOD}[ \t]+(?P<path>/[\w{{}}+/.-]*)")
_RESOURCES = regex(r"\bapigateway get-resources\b[^\n]*\n(?P<answer>(?:[ \t]*[\[{\"\]}][^\n]*(?:\n|$)){1,200})")
_QUOTED_PATH = regex(r"\"(?P<path>/[^\"\s]*)\"")
_ROUTE_KEY = regex(
    rf"[\"'][ \t]*{_METHOD}[ \t]+(?P<path>/[^\"'\s]*)[\"']|\b[Mm]ethods? {_METHOD} (?P<said>/[\w./{{}}+-]*[\w}}+])"
)
# Serverless Framework, "Deploying to AWS": it prints the deployed endpoints
# (https://www.serverless.com/framework/docs/providers/aws/guide/deploying).
_DEPLOYED = regex(
    rf"{_METHOD}[ \t]+-[ \t]+https?://[\w.-]*\bexecute-api\.[\w.-]+(?P<path>/[^\s\"'<>?#,;)]*)", re.IGNORECASE
)
"""The URL of a method, as a deployment prints it: nobody called it."""
_BASE_URL = regex(
    r"\b(?:\w*(?:url|endpoint|value)|\w+ url)[\"']?[ \t]*[:=|]?[ \t]*[\"']?"
    r"https?://[\w.-]*\bexecute-api\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)(?P<path>/[\w-]+)/?[\"']?"
    r"[ \t,|]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The URL of a stage, as a deployment prints it: nobody called it."""
_STAGE = regex(
    r"\bstage(?:[ _-]?name)?[\"']?(?:[ \t]+(?:is|called|named))?[ \t]*[:=]?[ \t]*[\"'`]?(?P<stage>[\w-]+)",
    re.IGNORECASE,
)
_NO_STAGE = frozenset(("is", "was", "and", "the", "deployed", "of", "in", "to", "for", "variable", "variables", "name"))
_VARIABLE = regex(r"\\\{[\w]+(?P<rest>\\\+)?\\\}")


# API Gateway Developer Guide, "Use API mappings": a mapping already contains the stage, and its path comes first
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html).
_DOMAIN = regex(r"--domain-name[ =][\"']?(?P<domain>[\w-]+(?:\.[\w-]+)+)")
_BASE = regex(r"[\"']?(?:basePath|ApiMappingKey)[\"']?[ \t]*[:=][ \t]*[\"']?(?P<base>\(none\)|[\w/.-]*)", re.IGNORECASE)
_MAPPED_STAGE = regex(r"[\"']?\bstage[\"']?[ \t]*[:=][ \t]*[\"']?(?P<stage>[\w-]+)", re.IGNORECASE)


def _other_than_mapped(text: str) -> dict[str, str]:
    """Return a custom domain's called and mapped paths, if the URL does not follow the domain's only mapping."""
    domain = _DOMAIN.search(text)
    bases = {found["base"] for found in _BASE.finditer(text)}
    if domain is None or len(bases) != 1:
        return {}
    called = {
        found[1].rstrip("/.")
        for found in re.finditer(rf"https?://{re.escape(domain['domain'])}(/[^\s\"'<>?#,;)]*)", text, re.IGNORECASE)
    }
    if len(called) != 1:
        return {}
    path, base = called.pop(), bases.pop().strip("/")
    base = "" if base == "(none)" else base
    stages = {found["stage"] for found in _MAPPED_STAGE.finditer(text)}
    first, _, rest = path.lstrip("/").partition("/")
    if base and path != f"/{base}" and not path.startswith(f"/{base}/"):
        rest = rest if first in stages else path.lstrip("/")
        return {
            "called_path": f"the path {path}",
            "named_path": f"the path /{base}/{rest}, as the domain's mapping says",
        }
    behind = path.removeprefix(f"/{base}").lstrip("/") if base else path.lstrip("/")
    first, _, rest = behind.partition("/")
    if first not in stages or not rest:
        return {}
    meant = "/".join(("", *filter(None, (base, rest))))
    return {
        "called_path": f"the path {path}",
        "named_path": f"the path {meant}, because the domain's mapping already adds the stage {first}",
    }


def unknown_path(text: str) -> dict[str, str]:
    """Return the called path and the intended path, if the form of the called path matches no path in the text.

    The function treats the stage in the same way. The intended path is the only one, or the most similar. If the text
    has several called paths, no values are returned.
    """
    if mapped := _other_than_mapped(text):
        return mapped
    called = _called(text)
    named = _named(text)
    if len(called) != 1:
        return {}
    stage, _, rest = called.pop().lstrip("/").partition("/")
    stages = {found["stage"] for found in _STAGE.finditer(text)} - _NO_STAGE
    if stages and stage not in stages and len(stages) == 1:
        return {"called_path": f"the stage {stage}", "named_path": f"the stage {stages.pop()}"}
    if not named:
        return {}
    path = f"/{rest}" if rest else "/"
    own = [each.removeprefix(f"/{stage}") or "/" for each in named]
    if not stage or is_served(path, own):
        return {}
    meant = nearest_path(path, own) or (own[0] if len(own) == 1 else "")
    return {"called_path": f"the path {path}", "named_path": f"the path {meant}"} if meant else {}


def nearest_path(path: str, paths: Sequence[str]) -> str:
    """Return the path most similar to a called one, with the call's values in place of its parameters; "" if none is.

    ``/orders/{id}`` is ``/orders/7`` for a call of ``/order/7``.
    """
    filled = [_filled(each, path) for each in paths]
    return next(iter(get_close_matches(path, filled, n=1, cutoff=0.8)), "")


def _filled(named: str, called: str) -> str:
    """Return the API's path with the parts of the called path in place of its parameters, if both have as many."""
    ours, theirs = called.split("/"), named.split("/")
    if len(ours) != len(theirs):
        return named
    return "/".join(value if part.startswith("{") else part for value, part in zip(ours, theirs, strict=True))


def is_served(path: str, paths: Sequence[str]) -> bool:
    """Return whether one of the API's paths has the form of the called path."""
    return any(re.fullmatch(_form(each), path) for each in paths)


def listed_paths(text: str) -> list[str]:
    """Return the API's paths from a list of its resources, routes or methods, each once, in order."""
    found = [
        (each.start("answer") + path.start(), path["path"])
        for each in _RESOURCES.finditer(text)
        for path in _QUOTED_PATH.finditer(each["answer"])
    ]
    found += [(each.start(), each["path"] or each["said"]) for each in _ROUTE_KEY.finditer(text)]
    found += [(each.start(), f"/{each['path'].lstrip('/').partition('/')[2]}") for each in _DEPLOYED.finditer(text)]
    return list(dict.fromkeys(path for _, path in sorted(found)))


def _called(text: str) -> set[str]:
    """Return the called paths with their stages, without the URL of a stage that a deployment printed."""
    called = {found["path"].rstrip("/.") for found in _CALLED.finditer(_DEPLOYED.sub(" ", text))}
    bases = {found["path"] for found in _BASE_URL.finditer(text)}
    return {each for each in called if each not in bases} if called - bases else called


def _named(text: str) -> list[str]:
    """Return the paths that the text says the API has, each once, in order."""
    found = [(each.start(), each["path"]) for each in _NAMED.finditer(text)]
    found += [
        (each.start() + path.start(), path["path"])
        for each in _LISTED.finditer(text)
        for path in _LISTED_PATH.finditer(each[0])
    ]
    named = [path.rstrip("/.") or "/" for _, path in sorted(found)]
    return list(dict.fromkeys((*named, *listed_paths(text))))


def _form(path: str) -> str:
    """Return a pattern for the requests of a path: ``{id}`` is one part of it, ``{proxy+}`` is all that follows."""
    return _VARIABLE.sub(lambda found: ".+" if found["rest"] else "[^/]+", re.escape(path))
