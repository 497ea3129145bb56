"""``/locations/{location}/opening-hours``, ``access`` and ``image``."""

from msgspec.structs import replace
from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.locations.form import location_row
from eosvolt.adapters.http.web.locations.rules import access_data, hours_data
from eosvolt.adapters.http.web.locations.rules.access_data import AccessFormData
from eosvolt.adapters.http.web.locations.rules.holders import holders_of
from eosvolt.adapters.http.web.locations.rules.hours_data import HoursFormData
from eosvolt.adapters.http.web.locations.rules.listed_customers import (
    customer_ids,
    customer_lines,
    with_addresses,
)
from eosvolt.adapters.http.web.locations.rules.view_models import AccessPage, HoursPage, PhotoPage
from eosvolt.adapters.http.web.shell.addresses import picture_address
from eosvolt.adapters.http.web.shell.location_labels import WEEKDAYS, WHO
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.images import LARGEST_MEBIBYTES, LARGEST_UPLOAD
from eosvolt.application.operations import location_images, locations
from eosvolt.application.operations.location_images import LocationImageInput, LocationImageRemoval
from eosvolt.application.operations.locations import LocationChangeInput, LocationTerms
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.domain.locations.opening_hours import WEEKDAYS as DAYS
from eosvolt.projections.locations import LocationRow


def location_rules_routes(pages: Pages) -> list[Route]:
    """The forms."""
    place = "/locations/{location}"
    return [
        pages.form(
            f"{place}/opening-hours", hours, set_hours, needs=locations.VIEW, operation=locations.change
        ),
        pages.form(f"{place}/access", access, set_access, needs=locations.VIEW, operation=locations.change),
        pages.form(
            f"{place}/image", photo, set_photo, needs=locations.VIEW, files=1, operation=location_images.put
        ),
        pages.post(f"{place}/image/remove", remove_photo, operation=location_images.remove),
    ]


async def hours(request: PageRequest) -> Response:
    """The form of opening hours."""
    row = await location_row(request)
    return await _hours(request, row, hours_data.known(row), {})


async def set_hours(request: PageRequest) -> Response:
    """Set the opening hours."""
    row = await location_row(request)
    form_data = hours_data.typed(request.form)
    wrong, wanted = hours_data.checked(form_data)
    if wanted is None:
        return await _hours(request, row, form_data, wrong)
    new_hours = wanted

    def changed(before: LocationTerms) -> LocationTerms:
        return replace(before, access=replace(before.access, opening_hours=new_hours))

    change = LocationChangeInput(location=row.location, changed=changed, seen=seen_version(request))
    try:
        await request.run(locations.change, change)
    except ChangedMeanwhile as refusal:
        values = form_data.values | {"exceptions": hours_data.exceptions_text(form_data)}
        lost = lost_update(request, refusal, _hours_values, values, hours_data.LABELS)
        theirs = hours_data.known(refusal.now)
        kept = lost.values["exceptions"] == values["exceptions"]
        merged = HoursFormData(lost.values, form_data.exceptions if kept else theirs.exceptions)
        return await _hours(request, row, merged, {}, lost)
    return redirect(f"/locations/{row.location}", gettext("Opening hours saved."))


def _hours_values(terms: LocationTerms) -> dict[str, str]:
    form_data = hours_data.known(terms)
    return form_data.values | {"exceptions": hours_data.exceptions_text(form_data)}


async def _hours(
    request: PageRequest,
    row: LocationRow,
    form_data: HoursFormData,
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    always = all(form_data.values[day] == "00:00–24:00" for day in DAYS)
    return await show(
        request,
        HoursPage(
            row=row,
            form_data=form_data,
            days=[(day, str(label)) for day, label in zip(DAYS, WEEKDAYS, strict=True)],
            always=always,
            problems=wrong,
            lost=lost,
            version=form_version(request, lost, row.version),
        ),
        status=422 if wrong else 409 if lost else 200,
    )


async def access(request: PageRequest) -> Response:
    """The form of access."""
    row = await location_row(request)
    return await _access(request, row, access_data.known(row), {})


async def set_access(request: PageRequest) -> Response:
    """Set the list and the schedule."""
    row = await location_row(request)
    form_data = access_data.typed(request.form)
    ids, unknown = await customer_ids(request, form_data.values["customers"], row.access.customers)
    form_data = form_data._replace(values=form_data.values | {"customers": ids})
    wrong, wanted = access_data.checked(form_data, row.details.type)
    if unknown:
        wrong["customers"] = unknown
    if wanted is None or wrong:
        return await _access(request, row, form_data, wrong)
    new = wanted

    def changed(before: LocationTerms) -> LocationTerms:
        return replace(
            before,
            details=replace(before.details, authorized_tokens=new.tokens),
            access=replace(
                before.access,
                groups=new.groups,
                customers=new.customers,
                customer_groups=new.customer_groups,
                schedule=new.schedule,
            ),
        )

    change = LocationChangeInput(location=row.location, changed=changed, seen=seen_version(request))
    try:
        await request.run(locations.change, change)
    except ChangedMeanwhile as refusal:
        values = form_data.values | {"schedule": access_data.schedule_text(form_data)}
        lost = lost_update(request, refusal, _access_values, values, access_data.LABELS)
        theirs = access_data.known(refusal.now)
        kept = lost.values["schedule"] == values["schedule"]
        merged = AccessFormData(lost.values, form_data.schedule if kept else theirs.schedule)
        return await _access(request, row, merged, {}, await with_addresses(request, lost))
    return redirect(f"/locations/{row.location}", gettext("Access saved."))


def _access_values(terms: LocationTerms) -> dict[str, str]:
    form_data = access_data.known(terms)
    return form_data.values | {"schedule": access_data.schedule_text(form_data)}


async def _access(
    request: PageRequest,
    row: LocationRow,
    form_data: AccessFormData,
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        AccessPage(
            row=row,
            form_data=form_data,
            customers=await customer_lines(request, form_data.values["customers"]),
            listed=await holders_of(request, row.details.authorized_tokens),
            groups=await request.queries.customer_groups(request.number),
            chosen=form_data.values["customerGroups"].split("\n"),
            day_choices=access_data.day_choices(form_data),
            who={key: str(text) for key, text in WHO.items()},
            problems=wrong,
            lost=lost,
            version=form_version(request, lost, row.version),
        ),
        status=422 if wrong else 409 if lost else 200,
    )


async def photo(request: PageRequest) -> Response:
    """The form of the photo."""
    return await _photo(request, await location_row(request), {})


async def set_photo(request: PageRequest) -> Response:
    """Take the uploaded photo, or show what is wrong with it."""
    row = await location_row(request)
    sent = request.form.get("image")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _photo(request, row, {"image": gettext("Choose a file.")})
    content = await sent.read(LARGEST_UPLOAD + 1)
    try:
        await request.run(location_images.put, LocationImageInput(location=row.location, content=content))
    except InvalidValue as refusal:
        return await _photo(request, row, {"image": translated(refusal)})
    return redirect(f"/locations/{row.location}", gettext("Photo saved."))


async def remove_photo(request: PageRequest) -> Response:
    """Remove the photo."""
    row = await location_row(request)
    await request.run(location_images.remove, LocationImageRemoval(location=row.location))
    return redirect(f"/locations/{row.location}", gettext("Photo removed."))


async def _photo(request: PageRequest, row: LocationRow, wrong: dict[str, str]) -> Response:
    return await show(
        request,
        PhotoPage(
            row=row,
            image=picture_address(row.info.image),
            mebibytes=LARGEST_MEBIBYTES,
            problems=wrong,
        ),
        status=422 if wrong else 200,
    )
