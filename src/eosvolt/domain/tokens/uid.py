"""How the numbers of cards and keys are compared."""


def folded(uid: str) -> str:
    """The number as it is stored and compared: in upper case and without blanks at either end.

    Readers pad the number or write it with a blank before each byte; blanks inside belong to it.
    """
    return uid.strip().upper()
