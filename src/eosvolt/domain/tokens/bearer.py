"""Who presents a token, as far as the rules of locations ask."""

from typing import NamedTuple


class TokenBearer(NamedTuple):
    """The number of a token with its group, the customer whose it is, and the ids of customer groups.

    Texts are empty where there is none.
    """

    token: str
    group: str = ""
    customer: str = ""
    customer_groups: tuple[str, ...] = ()
