"""Compare the path of a request to API Gateway with the paths that the text says the API has."""

from __future__ import annotations

import re
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
_STAGE = regex(
    r"\bstage(?:[ _-]?name)?[\"']?(?:[ \t]+(?:is|called|named))?[ \t]*[:=]?[ \t]*[\"'`]?(?P<stage>[\w-]+)",
    re.IGNORECASE,
)
_NO_STAGE = frozenset(("is", "was", "and", "the", "deployed", "of", "in", "to", "for", "variable", "variables", "name"))
_VARIABLE = regex(r"\\\{[\w]+(?P<rest>\\\+)?\\\}")


def unknown_path(text: str) -> dict[str, str]:
    """Return the called path and the path that is meant, if no path of the text has the called one's form.

    The same holds for the stage. The meant path is the only one, or the most similar. Return no values if the text has
    several called paths.
    """
    called = {found["path"].rstrip("/.") for found in _CALLED.finditer(text)}
    named = list(dict.fromkeys(found["path"].rstrip("/.") or "/" for found in _NAMED.finditer(text)))
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
    if not stage or any(re.fullmatch(_form(each), path) for each in own):
        return {}
    meant = own if len(own) == 1 else get_close_matches(path, own, n=1, cutoff=0.8)
    return {"called_path": f"the path {path}", "named_path": f"the path {meant[0]}"} if meant else {}


def _form(path: str) -> str:
    """Return a pattern for the requests of a path: ``{id}`` is one part of it, ``{proxy+}`` is all that follows."""
    return _VARIABLE.sub(lambda found: ".+" if found["rest"] else "[^/]+", re.escape(path))
