"""boto3's clients, made in a third of the time: what botocore finds out for each of them is the same in one process."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import botocore.endpoint_provider
import botocore.hooks
import botocore.httpsession
from botocore.auth import SigV4Auth
from botocore.client import ClientCreator
from botocore.endpoint_provider import RuleSet
from botocore.hooks import EVENT_ALIASES, EventAliaser, NodeList, _PrefixTrie
from botocore.loaders import JSONFileLoader, Loader
from botocore.model import ServiceModel
from pytest import MonkeyPatch


@contextmanager
def made_sooner() -> Iterator[None]:
    models: dict[object, ServiceModel] = {}
    methods: dict[int, dict[str, Any]] = {}
    aliases: dict[str, str] = {}
    files: dict[str, Any] = {}
    services: dict[object, list[str]] = {}
    rule_sets: dict[int, tuple[object, RuleSet]] = {}
    load, create, begin = ClientCreator._load_service_model, ClientCreator._create_methods, EventAliaser.__init__
    load_file, list_services = JSONFileLoader.load_file, Loader.list_available_services

    def load_once(creator: ClientCreator, service: str, version: str | None = None) -> ServiceModel:
        if (service, version) not in models:
            models[service, version] = load(creator, service, version)
        return models[service, version]

    def create_once(creator: ClientCreator, model: ServiceModel) -> dict[str, Any]:
        if id(model) not in methods:
            methods[id(model)] = create(creator, model)
        return dict(methods[id(model)])

    def begin_knowing(emitter: EventAliaser, *given: Any) -> None:
        begin(emitter, *given)
        if emitter._event_aliases == EVENT_ALIASES:
            emitter._alias_name_cache = aliases

    def load_file_once(loader: JSONFileLoader, path: str) -> Any:
        if path.endswith("/service-2"):
            return load_file(loader, path)  # kept above, with what its loader adds
        if path not in files:
            files[path] = load_file(loader, path)
        return files[path]

    def rules_once(*, rules: object, **given: Any) -> RuleSet:
        """The rules by which a service's endpoint is chosen. They stay as they are when one is."""
        if id(rules) not in rule_sets:
            rule_sets[id(rules)] = rules, RuleSet(rules=rules, **given)
        return rule_sets[id(rules)][1]

    def list_services_once(loader: Loader, type_name: str) -> list[str]:
        key = (*loader.search_paths, type_name)
        if key not in services:
            services[key] = list_services(loader, type_name)
        return services[key]

    with MonkeyPatch.context() as patch:
        patch.setattr(Loader, "list_available_services", list_services_once)
        patch.setattr(JSONFileLoader, "load_file", load_file_once)
        patch.setattr(_PrefixTrie, "_recursive_copy", lambda trie, node: _copied(node))
        patch.setattr(botocore.endpoint_provider, "RuleSet", rules_once)
        patch.setattr(ClientCreator, "_load_service_model", load_once)
        patch.setattr(ClientCreator, "_create_methods", create_once)
        patch.setattr(EventAliaser, "__init__", begin_knowing)
        patch.setattr(botocore.hooks, "accepts_kwargs", _accepts_keywords)
        # One for all, and numbers: nothing is sent.
        patch.setattr(
            botocore.httpsession, "create_urllib3_context", cache(botocore.httpsession.create_urllib3_context)
        )
        patch.setattr(botocore.endpoint, "uuid", SimpleNamespace(uuid4=count().__next__))
        # Neither moto nor the demo checks a signature: they read who calls in the words before it.
        patch.setattr(SigV4Auth, "canonical_request", lambda signer, request: "")
        patch.setattr(SigV4Auth, "signature", lambda signer, string_to_sign, request: "0" * 64)
        yield


_ask = botocore.hooks.accepts_kwargs


def _accepts_keywords(function: Callable[..., object]) -> object:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code.co_flags & inspect.CO_VARKEYWORDS if code else _ask(function)


def _copied(node: dict[str, Any]) -> dict[str, Any]:
    """A node of the handlers by event, with lists of its own."""
    found = dict(node)
    for key, value in node.items():
        if isinstance(value, NodeList):
            found[key] = NodeList(value.first[:], value.middle[:], value.last[:])
        elif isinstance(value, dict):
            found[key] = _copied(value)
    return found
