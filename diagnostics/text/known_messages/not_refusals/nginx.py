"""Rows for nginx: allow and deny rules, files, an ingress's source ranges."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_SOURCE_RANGE = r"nginx\.ingress\.kubernetes\.io/(?:white|allow)list-source-range"
_NGINX_REFUSED = r"\b403\s+Forbidden[\s\x1e<][\s\S]{0,600}?\b(?:nginx|openresty)\b"

NGINX: tuple[System, ...] = (
    # nginx documentation, "Module ngx_http_access_module" (https://nginx.org/en/docs/http/ngx_http_access_module.html).
    made_system(
        "nginx's allow and deny rules",
        "Allow the address of the client ({name}) in the location's rules, or correct how nginx learns the address "
        "behind a proxy (set_real_ip_from). nginx itself refused the request: the server behind it was not called, and "
        "no AWS policy decides this.",
        r"access\s+forbidden\s+by\s+rule,\s+client:",
        "access forbidden by rule",
        subject=r"access\s+forbidden\s+by\s+rule,\s+client:\s*([0-9a-f.:]{3,45}?)(?=[,\s]|$)",
        verdict="A deny rule of nginx refuses the client {name}: no rule before it allows that address.",
        title="Correct nginx's allow and deny rules",
    ),
    # nginx documentation, "Module ngx_http_core_module" (https://nginx.org/en/docs/http/ngx_http_core_module.html#user).
    made_system(
        "the file's mode on the web server",
        "Let the user of nginx's workers read {name}, and enter each folder above it (owner, mode, SELinux). AWS was "
        "not called.",
        r"open\(\)\s+\"[^\"]{1,300}\"\s+failed\s+\(13:\s+Permission\s+denied\)",
        "13: permission denied",
        subject=r"open\(\)\s+\"([^\"]{1,300})\"\s+failed\s+\(13:",
        verdict=(
            "The web server is not allowed to read its file {name}: the operating system refuses it, not an AWS policy."
        ),
        title="Let the web server read the file",
    ),
    # Ingress-NGINX Controller, "Annotations": whitelist-source-range, the ranges from which clients may come
    # (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#whitelist-source-range).
    made_system(
        "the ingress's allowed source ranges",
        "Call from one of these ranges, or ask the ingress's owner to add the client's range. nginx itself refused the "
        "request: AWS was not called, and no IAM permission changes this.",
        rf"{_SOURCE_RANGE}[\s\S]*?{_NGINX_REFUSED}|{_NGINX_REFUSED}[\s\S]*?{_SOURCE_RANGE}",
        "source-range",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform",
        subject=rf"{_SOURCE_RANGE}[\"']?\s*[:=]\s*[\"']?([0-9a-f.:/, ]{{7,200}})",
        verdict="nginx answered 403, and the ingress admits only clients from {name}: most likely this client's "
        "address is in none of these ranges.",
        title="Call from an allowed address, or let the ingress admit it",
        sure=False,
    ),
    made_system(
        "the web server (nginx)",
        "Read the web server's error log: files that it is not allowed to read, deny rules, or no index. The server "
        "did not ask IAM. If it forwards S3 responses, an S3 error has a code and a request ID.",
        r"403\s+Forbidden[^\x1f]{0,600}\b(?:nginx|openresty)(?:/\d|</center>|(?<=\x1enginx)\x1e)|\b(?:nginx"
        r"|openresty)/\d[^\x1f]{0,600}403\s+Forbidden"
        r"|\b403\b[^\x1f]{0,300}server:\s*(?:nginx|openresty)\b"
        r"|directory\s+index\s+of\s+\S+\s+is\s+forbidden",
        "nginx",
        "openresty",
        "is forbidden",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform|\.dkr\.|access\s+forbidden\s+by\s+rule,\s+client:"
        rf"|failed\s+\(13:|{_SOURCE_RANGE}",
        verdict="The web server (nginx) answered 403: no refusal by AWS was recognized in the text.",
    ),
)
