"""What operations with pictures share: the upload as a picture, and the change that stores it."""

from eosvolt.application.images import InvalidPicture, Picture, PictureRule
from eosvolt.application.operations.operation import InvalidValue, OperationContext
from eosvolt.application.ports import Alongside


async def uploaded(
    context: OperationContext, content: bytes, rule: PictureRule, field: str = ""
) -> tuple[Picture, Alongside]:
    """The picture of an upload, encoded anew, and the change that stores it for the company.

    Raises ``InvalidValue`` for ``field`` if it is not a picture that the rule allows.
    """
    try:
        picture = await context.ports.images.encoded_anew(content, rule)
    except InvalidPicture as refusal:
        raise InvalidValue(field, str(refusal)) from None
    return picture, context.ports.pictures.kept(context.company, picture)
