"""The connector standards that a plug may have: those of OCPI 2.2.1 and 2.3, in camelCase."""

CONNECTOR_TYPES = frozenset(
    {
        "chademo",
        "chaoji",
        *(f"domestic{letter}" for letter in "ABCDEFGHIJKLMNO"),
        "gbtAc",
        "gbtDc",
        *(f"iec603092{kind}" for kind in ("Single16", "Three16", "Three32", "Three64")),
        "iec62196T1",
        "iec62196T1Combo",
        "iec62196T2",
        "iec62196T2Combo",
        "iec62196T3A",
        "iec62196T3C",
        "mcs",
        *(f"nema{kind}" for kind in ("520", "630", "650", "1030", "1050", "1430", "1450")),
        "pantographBottomUp",
        "pantographTopDown",
        "saeJ3400",
        "saeMcs",
        "teslaR",
        "teslaS",
        "unknown",
    }
)
