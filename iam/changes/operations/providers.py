"""The write calls that change OIDC identity providers."""

from __future__ import annotations

from iam.changes.call import Call
from iam.changes.operations.operation import Existing, Look, Operation, ParameterKind, adds, inverse, removes
from iam.changes.operations.seen import EntityReader, Seen, State, done_if, unread


def _look_provider(*, created: bool) -> Look:
    def look(call: Call, reader: EntityReader) -> Seen:
        reading = reader.oidc_provider(call.text("OpenIDConnectProviderArn") or call.target)
        return unread(reading) if reading.unreadable else done_if((reading.value is not None) == created)

    return look


def _look_audience(*, added: bool) -> Look:
    def look(call: Call, reader: EntityReader) -> Seen:
        reading = reader.oidc_provider(call.text("OpenIDConnectProviderArn"))
        if reading.unreadable:
            return unread(reading)
        provider = reading.value
        if provider is None:
            return done_if(not added)
        if provider.client_ids is None:
            return Seen(State.UNKNOWN, f"The audiences of {provider.url} could not be read.")
        return done_if((call.text("ClientID") in provider.client_ids) == added)

    return look


def _delete(call: Call, held: Existing, index: int) -> Call:
    why = f"Delete the new provider {call.text('Url')}."
    return inverse(call, "DeleteOpenIDConnectProvider", why, OpenIDConnectProviderArn=call.target)


def _remove(call: Call, held: Existing, index: int) -> Call:
    given = {name: call.text(name) for name in _AUDIENCE}
    why = f"Remove the audience {given['ClientID']}."
    return inverse(call, "RemoveClientIDFromOpenIDConnectProvider", why, **given)


def _add(call: Call, held: Existing, index: int) -> Call:
    given = {name: call.text(name) for name in _AUDIENCE}
    return inverse(call, "AddClientIDToOpenIDConnectProvider", f"Add the audience {given['ClientID']} again.", **given)


_AUDIENCE = {"OpenIDConnectProviderArn": ParameterKind.TEXT, "ClientID": ParameterKind.TEXT}

OPERATIONS = (
    Operation(
        "CreateOpenIDConnectProvider",
        {"Url": ParameterKind.TEXT, "ClientIDList": ParameterKind.LIST},
        _look_provider(created=True),
        _delete,
        optional=frozenset({"ClientIDList"}),
        creates="identity provider",
    ),
    Operation(
        "DeleteOpenIDConnectProvider",
        {"OpenIDConnectProviderArn": ParameterKind.TEXT},
        _look_provider(created=False),
        deletes="identity provider",
    ),
    Operation(
        "AddClientIDToOpenIDConnectProvider",
        _AUDIENCE,
        _look_audience(added=True),
        _remove,
        {"identity provider": adds("audience", "ClientID")},
    ),
    Operation(
        "RemoveClientIDFromOpenIDConnectProvider",
        _AUDIENCE,
        _look_audience(added=False),
        _add,
        {"identity provider": removes("audience", "ClientID")},
    ),
)
