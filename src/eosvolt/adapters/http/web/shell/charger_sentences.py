"""Sentences about a charger: its place in the network, its connections, and what it reports."""

from eosvolt.adapters.http.framework.texts import Text, gettext, ngettext
from eosvolt.adapters.http.web.shell.device_labels import connector_label
from eosvolt.adapters.http.web.shell.labels import plug_label
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.charge_points import events as charger
from eosvolt.domain.kernel import Event
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "boot-asked": Text("The charger was asked for its boot notification."),
    "charge-point-added": Text("Added to the network."),
    "charge-point-removed": Text("Removed from the network."),
    "charge-point-silent": Text("Still disconnected after the time a reconnect takes."),
    "remote-start-lapsed": Text("No session followed the remote start."),
}


def charger_sentence(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """What happened to a charger; empty for events of other things."""
    match event:
        case charger.ChargePointConnected(protocol=protocol, secure=secure, address=address):
            way = gettext("{protocol} over TLS", protocol=protocol) if secure else protocol
            origin = address or gettext("an unknown address")
            return gettext("Connected with {protocol} from {address}.", protocol=way, address=origin)
        case charger.ChargePointDisconnected(reason=why):
            return gettext("Disconnected: {reason}.", reason=translated(why.rstrip(".")))
        case charger.ChargePointBooted(vendor=vendor, model=model, firmware=firmware, pending=pending):
            if firmware:
                booted = gettext(
                    "Booted: {vendor} {model}, firmware {firmware}.",
                    vendor=vendor,
                    model=model,
                    firmware=firmware,
                )
            else:
                booted = gettext("Booted: {vendor} {model}.", vendor=vendor, model=model)
            return f"{booted} {gettext('Told to wait (Pending).')}" if pending else booted
        case charger.ConnectorReported(connector=plug, status=status, error_code=code):
            state = plug_label(status.value)
            if code not in {"", "NoError"}:
                state = f"{state}, {code}"
            return gettext("Plug {number} is {state}.", number=plug, state=state)
        case charger.ConnectorSeen(connector=plug, status=status):
            return gettext(
                "Plug {number} was reported again, or late: {state}.",
                number=plug,
                state=plug_label(status.value),
            )
        case charger.StationReported(status=status):
            return gettext("The charger as a whole is {state}.", state=plug_label(status.value))
        case charger.TransactionOpened(connector=plug, transaction=number):
            return gettext("Transaction {number} began on plug {plug}.", number=number, plug=plug)
        case charger.TransactionClosed(connector=plug):
            return gettext("The transaction on plug {plug} ended.", plug=plug)
        case charger.TransactionReopened(connector=plug):
            return gettext("The transaction on plug {plug} goes on.", plug=plug)
        case charger.StopOrphaned(transaction=number):
            return gettext("A stop of transaction {number} belongs to no known session.", number=number)
        case charger.ReadingsUnassigned(connector=plug):
            return gettext("Meter values of {plug} belong to no session.", plug=connector_label(plug))
        case charger.RemoteStartPending(connector=plug):
            where = connector_label(plug) if plug else gettext("any plug")
            return gettext("A remote start on {plug} was accepted; a session should follow.", plug=where)
        case charger.PasswordChanged(has_password=given):
            return gettext("Its password was set.") if given else gettext("Its password was removed.")
        case charger.ChargePointChanged(disabled=disabled, connectors=plugs):
            if disabled:
                return gettext("Changed: it may not connect.")
            return ngettext(
                "Changed: {number} plug.", "Changed: {number} plugs.", len(plugs), number=len(plugs)
            )
        case charger.ConnectionPolicyChanged(conformance=conformance, security_profile=profile, held=held):
            treated = gettext(
                "Treated as {conformance} from here, with security profile {profile}.",
                conformance=conformance.value,
                profile=profile,
            )
            return f"{treated} {gettext('It is told to wait at its boot.')}" if held else treated
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))
