"""Files that a charger was asked for: which may still come, and which of them a report is about."""

import msgspec

from eosvolt.domain.maintenance.events import FileReceived, MaintenanceEvent, UploadOpened, UploadProgressed

UPLOADS_REMEMBERED = 16
ACCEPTED, REJECTED, IDLE, DONE = "Accepted", "Rejected", "Idle", "Uploaded"
# OCPP 2.0.1's word for an upload that was given up for a newer one.
CANCELED = "AcceptedCanceled"
CLOSING = frozenset({REJECTED, CANCELED})
DIAGNOSTICS = "diagnostics"


class Upload(msgspec.Struct, frozen=True):
    """A place for one file.

    ``status`` is the last report about it, ``closed`` why no file may come any more.
    """

    opened: UploadOpened
    status: str = ""
    received: FileReceived | None = None
    closed: str = ""

    @property
    def log(self) -> bool:
        """Whether it was asked for as a log of the security extension, which numbers its requests."""
        return self.opened.kind != DIAGNOSTICS


def upload_named(uploads: tuple[Upload, ...], upload: str) -> Upload | None:
    """The upload of this id."""
    return next((each for each in uploads if each.opened.upload == upload), None)


def upload_meant(uploads: tuple[Upload, ...], request: int | None) -> Upload | None:
    """The upload that a report is about: the one of its number, else the newest that was not given up."""
    if request is not None:
        of_request = [each for each in uploads if each.log and each.opened.request == request]
        if of_request:
            return of_request[-1]
    return next((each for each in reversed(uploads) if not each.closed), None)


def given_up_for(uploads: tuple[Upload, ...], upload: Upload) -> list[Upload]:
    """The earlier ones that end when the charger gets on with ``upload``: it does one of a kind at a time."""
    return [
        each
        for each in uploads
        if each.log == upload.log
        and each.received is None
        and not each.closed
        and each.opened.at <= upload.opened.at
        and each is not upload
    ]


def uploads_after(uploads: tuple[Upload, ...], event: MaintenanceEvent) -> tuple[Upload, ...]:
    """The uploads after ``event``; most events leave them as they are."""
    match event:
        case UploadOpened():
            return (*uploads, Upload(event))[-UPLOADS_REMEMBERED:]
        case UploadProgressed(upload=upload, status=status):
            closed = status if status in CLOSING else ""
            return tuple(
                msgspec.structs.replace(each, status=status, closed=closed)
                if each.opened.upload == upload
                else each
                for each in uploads
            )
        case FileReceived(upload=upload):
            return tuple(
                msgspec.structs.replace(each, received=event) if each.opened.upload == upload else each
                for each in uploads
            )
        case _:
            return uploads
