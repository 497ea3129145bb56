"""Where the messages of a notification rule may go, as people and programs write it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from eosvolt.application.email_addresses import is_email_address
from eosvolt.domain.notification_rules.events import Channel

MOST_ADDRESSES = 20


def addresses_problem(channel: Channel, addresses: Sequence[str]) -> str:
    """Why messages cannot go to these addresses; empty where they can."""
    if channel is not Channel.EMAIL:
        return "Only rules by e-mail have addresses." if addresses else ""
    if not addresses:
        return "A rule by e-mail needs an address."
    if len(addresses) > MOST_ADDRESSES:
        return f"A rule has at most {MOST_ADDRESSES} addresses."
    wrong = next((each for each in addresses if not is_email_address(each)), None)
    return "" if wrong is None else f"{wrong} is not an e-mail address."


def url_problem(channel: Channel, url: str) -> str:
    """Why messages cannot be posted there; empty where they can."""
    if channel is not Channel.WEBHOOK:
        return "Only rules by webhook have an address to post to." if url else ""
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not url.isascii() or not url.isprintable() or " " in url:
        return "A webhook's address begins with https:// or http:// and names a host."
    if "@" in urlsplit(url).netloc:
        return "A webhook's address holds no user name: messages are signed instead."
    return ""
