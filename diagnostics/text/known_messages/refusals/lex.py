"""Messages of Amazon Lex."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_LEX_V2 = "https://docs.aws.amazon.com/lexv2/latest/dg/lambda-attach-console.html"
_V1, _V2 = r"\blex-models\b|\bLex ?V1\b|:intent:\w", r"\blexv2(?!\.amazonaws)|\bLex ?V2\b|:bot-alias/"
"""What only a bot of Lex V1 or of Lex V2 has."""

LEX: tuple[ServiceSentence, ...] = (
    *(
        row(
            ("from amazon lex", "amazon lex", "lex v2", "lexv2"),
            r"Access denied while invoking lambda function[^\n]{0,200}? from Amazon Lex"
            r"|\bLex(?: ?V[12])? (?:does not|doesn't|did not|cannot|can't|could not)[^\n]{0,40}?\binvoke[^\n]{0,40}"
            r"(?:[Ff]unction|[Ll]ambda)\b",
            "Lex, which invokes the function",
            "the function's policy does not let Lex invoke it",
            "The function's resource-based policy does not let Lex invoke it: add lexv2.amazonaws.com (Lex V1: "
            "lex.amazonaws.com) there. The function's own role is not the cause.",
            UsualCause("aws lambda add-permission --function-name FUNCTION --statement-id lex --action "
                       f"lambda:InvokeFunction --principal {principal} --source-arn {source}. Each alias of "
                       "the bot needs this permission, and so does the version or alias of the function that the bot "
                       "names.",
                       "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
            page=_LEX_V2,
            actions=("lambda:InvokeFunction",),
            cause="resource.no-action",
            ground=Ground.LIKENESS,
            unless=unless,
            asks=asks,
        )
        for principal, source, unless, asks in (
            ("lexv2.amazonaws.com", "BOT-ALIAS-ARN", rf"\A(?![\s\S]*(?:{_V2}))|{_V1}",
             (OwnRequest("lexv2.amazonaws.com", "lambda:InvokeFunction"),)),
            ("lex.amazonaws.com", "INTENT-ARN", rf"\A(?![\s\S]*(?:{_V1}))|{_V2}",
             (OwnRequest("lex.amazonaws.com", "lambda:InvokeFunction"),)),
            ("lexv2.amazonaws.com", "BOT-ALIAS-ARN", "", ()),
        )
    ),
)  # fmt: skip
