"""The part of a location's form that drivers see: support and hints, from texts to values and back."""

import re
from collections.abc import Iterator, Mapping

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.location_labels import CABLES
from eosvolt.application import support_contacts
from eosvolt.domain.locations.events import Cable, DriverInfo, Fit
from eosvolt.domain.support import SupportContact, stripped

LOWEST_CM, HIGHEST_CM = 50, 2000
LONGEST_PARKING = 2000
FIELDS = ("supportPhone", "supportEmail", "supportHours", "maxHeight", "cable", "wheelchair", "parking")

LABELS = {
    "supportPhone": Text("Support phone"),
    "supportEmail": Text("Support e-mail"),
    "supportHours": Text("Support hours"),
    "maxHeight": Text("Maximum height in cm"),
    "cable": Text("Cable"),
    "wheelchair": Text("Wheelchair"),
    "parking": Text("Parking"),
}
_SUPPORT = {"phone": "supportPhone", "email": "supportEmail", "hours": "supportHours"}
_WHEELCHAIR = {"yes": True, "no": False}
_HEIGHT = re.compile(r"[0-9]{2,4}")


def wrong(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Everything that is wrong, as pairs of a field and a sentence."""
    contact = _contact(values)
    for name, sentence in support_contacts.problems(contact):
        yield _SUPPORT[name], sentence
    if contact.hours and not contact:
        yield "supportPhone", gettext("Support hours need a phone number or an e-mail address.")
    height = values["maxHeight"]
    if height and not (_HEIGHT.fullmatch(height) and LOWEST_CM <= int(height) <= HIGHEST_CM):
        yield (
            "maxHeight",
            gettext("{lowest} to {highest}, or leave empty.", lowest=LOWEST_CM, highest=HIGHEST_CM),
        )
    if values["cable"] and values["cable"] not in CABLES:
        yield "cable", gettext("Choose one of the list.")
    if values["wheelchair"] and values["wheelchair"] not in _WHEELCHAIR:
        yield "wheelchair", gettext("Choose one of the list.")
    if len(values["parking"]) > LONGEST_PARKING:
        yield "parking", gettext("At most {longest} characters.", longest=LONGEST_PARKING)


def info(values: Mapping[str, str], image: str = "") -> DriverInfo:
    """What the form says, where nothing is wrong with it; without a contact the company's holds."""
    contact = _contact(values)
    return DriverInfo(
        support=contact or None,
        fit=Fit(
            max_height_cm=int(values["maxHeight"]) if values["maxHeight"] else None,
            cable=Cable(values["cable"]) if values["cable"] else None,
            wheelchair=_WHEELCHAIR.get(values["wheelchair"]),
            parking=values["parking"],
        ),
        image=image,
    )


def known(info: DriverInfo) -> dict[str, str]:
    """The fields as they show a location."""
    contact, fit = info.support or SupportContact(), info.fit
    return {
        "supportPhone": contact.phone,
        "supportEmail": contact.email,
        "supportHours": contact.hours,
        "maxHeight": "" if fit.max_height_cm is None else str(fit.max_height_cm),
        "cable": "" if fit.cable is None else fit.cable.value,
        "wheelchair": "" if fit.wheelchair is None else "yes" if fit.wheelchair else "no",
        "parking": fit.parking,
    }


def _contact(values: Mapping[str, str]) -> SupportContact:
    return stripped(SupportContact(values["supportPhone"], values["supportEmail"], values["supportHours"]))
