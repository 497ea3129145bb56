"""The labels of plug types."""

from eosvolt.adapters.http.framework.texts import Text, gettext

# The types of OCPI and some more, the usual ones first.
CONNECTOR_TYPES = {
    "iec62196T2": Text("Type 2"),
    "iec62196T2Combo": "CCS (Combo 2)",
    "iec62196T1": Text("Type 1"),
    "iec62196T1Combo": "CCS (Combo 1)",
    "chademo": "CHAdeMO",
    "domesticF": "Schuko",
    "teslaS": "Tesla (NACS)",
    "saeJ3400": "NACS (SAE J3400)",
    "gbtAc": "GB/T AC",
    "gbtDc": "GB/T DC",
    "chaoji": "ChaoJi",
    "mcs": "MCS",
    "saeMcs": "MCS (SAE)",
    "iec62196T3A": Text("Type 3A"),
    "iec62196T3C": Text("Type 3C"),
    "teslaR": "Tesla Roadster",
    "pantographBottomUp": Text("Pantograph, bottom up"),
    "pantographTopDown": Text("Pantograph, top down"),
    "iec603092Single16": Text("CEE 16 A, one phase"),
    "iec603092Three16": Text("CEE 16 A, three phases"),
    "iec603092Three32": Text("CEE 32 A, three phases"),
    "iec603092Three64": Text("CEE 64 A, three phases"),
    **{f"domestic{letter}": f"Domestic {letter}" for letter in "ABCDEGHIJKLMNO"},
    **{
        f"nema{kind}": f"NEMA {kind[:-2]}-{kind[-2:]}"
        for kind in ("520", "630", "650", "1030", "1050", "1430", "1450")
    },
    "unknown": Text("Unknown"),
}
_CONNECTOR_TYPES = {name.lower(): spoken for name, spoken in CONNECTOR_TYPES.items()}


def connector_type(value: str) -> str:
    """The label of a plug's type."""
    return _CONNECTOR_TYPES.get(value.lower(), value or gettext("Plug"))
