"""Examples for the types of the API, made from their JSON schemas.

The name of a field chooses its example if the schema allows that value; otherwise the schema alone decides.
So an example is always valid.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

_NAMES: Mapping[str, tuple[Any, ...]] = {
    "address": ("Am Hafen 1, 04105 Leipzig", "198.51.100.7"),
    "addresses": (["ops@cpo.example"],),
    "amount": ("2.50", "24.92"),
    "averagePrice": ("0.59",),
    "acknowledgedBy": ("admin:4f7d2c1e",),
    "acknowledgement": ("On my way.",),
    "bic": ("COBADEFFXXX",),
    "bufferPercent": ("10",),
    "by": ("admin:4f7d2c1e",),
    "cap": ("10.00",),
    "charger": ("LEJ-AUG-02",),
    "chargeBoxId": ("LEJ-AUG-02",),
    "chargers": (["LEJ-AUG-01", "LEJ-AUG-02"],),
    "city": ("Leipzig",),
    "code": ("GroundFailure",),
    "codes": (["GroundFailure"],),
    "country": ("DE",),
    "currency": ("EUR",),
    "cursor": ("WyJ1aWQiLCAiMDQiXQ",),
    "detail": ("This is missing.", "Values are invalid."),
    "duration": (3600,),
    "email": ("help@cpo.example",),
    "energyWh": (42_180,),
    "evidenceSha256": ("c0de" * 16,),
    "expiresIn": (3600,),
    "fiscalTimeZone": ("Europe/Berlin",),
    "fingerprint": ("9f2b" * 16,),
    "firmware": ("1.4.2",),
    "from": ("22:00",),
    "fault": ("242/LEJ-AUG-02#7",),
    "gross": ("24.89",),
    "groupUid": ("FLEET",),
    "groupToken": ("FLEET",),
    "hours": ("Mon-Fri 8-18",),
    "iban": ("DE89370400440532013000",),
    "ibanMasked": ("DE •••• 3000",),
    "id": ("018f3c52-7d1a-7c3e-9b40-2f6a1d5e8c11", 173203),
    "idTag": ("04A1B2C3D4",),
    "intervalMinutes": (15,),
    "invoicePrefix": ("RE-",),
    "legalName": ("Volt Ltd",),
    "level": ("major",),
    "key": ("eosvolt_live_…", "HeartbeatInterval"),
    "label": ("Fleet card 12",),
    "language": ("en",),
    "latitude": (51.3397,),
    "limit": (16.0, 50),
    "location": ("018f3c52-51aa-7d0e-8a11-7c2f90b3d6a4", "https://maker.example/firmware.bin"),
    "locationId": ("018f3c52-51aa-7d0e-8a11-7c2f90b3d6a4",),
    "logo": ("c0de" * 16,),
    "longitude": (12.3731,),
    "maxPowerW": (22_000,),
    "model": ("HYC50",),
    "mostPerHour": (20,),
    "name": ("Harbour",),
    "net": ("20.92",),
    "note": ("Fuse replaced.",),
    "number": (1,),
    "offered": (["ocpp1.6"],),
    "owner": ("admin:4f7d2c1e",),
    "password": ("a secret of twenty b",),
    "phone": ("+49 341 1234567",),
    "plug": (1,),
    "pointer": ("/price",),
    "position": (48_211,),
    "postalCode": ("04105",),
    "price": ("0.59",),
    "progress": (100,),
    "protocol": ("ocpp1.6",),
    "quantity": ("42.18",),
    "reason": ("Remote",),
    "secret": ("whsec_…",),
    "serial": ("51B0A7",),
    "serialNumber": ("51B0A7",),
    "session": ("173203",),
    "sessionId": ("173203",),
    "severity": ("error",),
    "sha256": ("c0de" * 16,),
    "size": (48_211,),
    "state": ("open",),
    "status": ("accepted", "Available"),
    "stream": ("session:173203",),
    "street": ("Am Hafen 1",),
    "taxNumber": ("231/123/45678",),
    "text": ("Ground fault detected",),
    "timeZone": ("Europe/Berlin",),
    "title": ("Invalid request",),
    "to": ("06:00",),
    "token": ("04A1B2C3D4",),
    "total": ("24.89",),
    "traceId": ("5b1f0c2e9a7d4e63",),
    "uid": ("04A1B2C3D4",),
    "unit": ("kWh",),
    "url": ("https://hooks.example/eosvolt",),
    "value": ("300",),
    "vat": ("3.97",),
    "vatId": ("DE136695976",),
    "vatRate": ("0.19",),
    "vendor": ("alpitronic",),
}
_TEXTS = (
    "text",
    "2026-07-01T08:30:00Z",
    "2026-07-01",
    "https://maker.example/firmware.bin",
    "04A1B2C3D4",
    "0.59",
    "06:00",
    "EUR",
)
_FORMATS = {"date-time": "2026-07-01T08:30:00Z", "date": "2026-07-01", "uuid": _NAMES["id"][0]}


def example(schema: Mapping[str, Any], components: Mapping[str, Any], name: str = "") -> Any:  # noqa: ANN401 - JSON
    """A value of ``schema``, whose references are in ``components``. ``name`` is the name of its field.

    Raises ``LookupError`` for a schema without a known value.
    """
    return _made(schema, components, name, ())


def _made(  # noqa: PLR0911 - one for each kind of schema
    schema: Mapping[str, Any], components: Mapping[str, Any], name: str, inside: tuple[str, ...]
) -> Any:  # noqa: ANN401 - JSON
    if "$ref" in schema:
        reference = schema["$ref"].rpartition("/")[2]
        if reference in inside:
            raise RecursionError(reference)
        return _made(components[reference], components, name, (*inside, reference))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next((each for each in schema["enum"] if each), schema["enum"][0])
    if "anyOf" in schema:
        return _first(schema["anyOf"], components, name, inside)
    if "allOf" in schema:
        return _first(schema["allOf"], components, name, inside)
    match schema.get("type"):
        case "object":
            return dict(_members(schema, components, inside))
        case "array":
            return _list(schema, components, name, inside)
        case _:
            return _plain(schema, name)


def _first(
    choices: list[Mapping[str, Any]], components: Mapping[str, Any], name: str, inside: tuple[str, ...]
) -> Any:  # noqa: ANN401 - JSON
    """The example of the first choice that is not null."""
    for choice in choices:
        if choice.get("type") != "null":
            try:
                return _made(choice, components, name, inside)
            except RecursionError:
                continue
    return None


def _members(
    schema: Mapping[str, Any], components: Mapping[str, Any], inside: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    for name, member in schema.get("properties", {}).items():
        try:
            yield name, _made(member, components, name, inside)
        except RecursionError:
            if name in schema.get("required", ()):
                raise
    others = schema.get("additionalProperties")
    if isinstance(others, dict) and others and "properties" not in schema:
        yield "name", _made(others, components, "", inside)


def _list(
    schema: Mapping[str, Any], components: Mapping[str, Any], name: str, inside: tuple[str, ...]
) -> list[Any]:
    for known in _NAMES.get(name, ()):
        if isinstance(known, list) and _fits(known, {**schema, "items": {}}) and _texts(schema):
            return known
    if "prefixItems" in schema:
        return [_made(each, components, name, inside) for each in schema["prefixItems"]]
    items = schema.get("items")
    return [_made(items, components, name.removesuffix("s"), inside)] if isinstance(items, dict) else []


def _texts(schema: Mapping[str, Any]) -> bool:
    items = schema.get("items")
    return isinstance(items, dict) and items.get("type") == "string" and "enum" not in items


def _plain(schema: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    """An example text, number or boolean."""
    if written := _FORMATS.get(schema.get("format", "")):
        return written
    least = schema.get("minimum", 1)
    for candidate in (
        *_NAMES.get(name, ()),
        True,
        least,
        float(least),
        *_TEXTS,
        "x" * schema.get("minLength", 1),
    ):
        if _fits(candidate, schema):
            return candidate
    if not schema:
        return {}
    raise LookupError(f"no example is known for {name}: {dict(schema)}")


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    # In JSON Schema ``true`` is no number, unlike in Python.
    plain = {name: rule for name, rule in schema.items() if name != "default"}
    return bool(plain) and jsonschema_rs.is_valid(plain, value)
