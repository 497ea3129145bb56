"""Files that a charger was asked for: which may still come, and which of them a report is about."""

from datetime import datetime

import msgspec

from eosvolt.domain.maintenance.events import FileReceived, MaintenanceEvent, UploadOpened, UploadProgressed

UPLOADS_REMEMBERED = 16
ACCEPTED, REJECTED, IDLE, DONE = "Accepted", "Rejected", "Idle", "Uploaded"
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

    def expects(self, now: datetime) -> bool:
        """Whether the file may still come."""
        return not self.closed and self.received is None and now < self.opened.expires_at


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


def uploads_after(uploads: tuple[Upload, ...], event: MaintenanceEvent) -> tuple[Upload, ...]:
    """The uploads after ``event``; most events leave them as they are."""
    match event:
        case UploadOpened():
            return (*uploads, Upload(event))[-UPLOADS_REMEMBERED:]
        case UploadProgressed(upload=upload, status=status):
            return tuple(_after_report(each, uploads, upload, status) for each in uploads)
        case FileReceived(upload=upload):
            return tuple(
                msgspec.structs.replace(each, received=event) if each.opened.upload == upload else each
                for each in uploads
            )
        case _:
            return uploads


def _after_report(each: Upload, uploads: tuple[Upload, ...], upload: str, status: str) -> Upload:
    if each.opened.upload == upload:
        return msgspec.structs.replace(each, status=status, closed=REJECTED if status == REJECTED else "")
    told = upload_named(uploads, upload)
    if status != REJECTED and told is not None and told.log == each.log and each.opened.at <= told.opened.at:
        # A charger does one at a time: getting on with the next gives up the one before.
        return msgspec.structs.replace(each, closed="superseded") if each.received is None else each
    return each
