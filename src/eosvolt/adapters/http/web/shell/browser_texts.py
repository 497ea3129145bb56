"""The texts of scripts (``ui/src/parts/texts.js``) by name; each page contains them in its language."""

from eosvolt.adapters.http.framework.texts import Text, current

_TEXTS = {
    "ago": Text("{time} ago"),
    "day": Text("The windows cover the whole day."),
    "days": Text("{days} d {hours} h"),
    "energy": Text("Energy"),
    "everywhere": Text("The price above applies all day."),
    "gaps": Text("The price above applies in the gaps."),
    "justNow": Text("just now"),
    "live.connecting": Text("Connecting"),
    "live.live": Text("Live"),
    "live.reconnecting": Text("Reconnecting"),
    "live.stale": Text("Stale"),
    "overlap": Text("Two windows overlap."),
    "power": Text("Power"),
    "selected": Text("{count} selected"),
    "silent": Text("No answer from the server. See the charger's recent commands before you try again."),
}


def browser_texts() -> dict[str, str]:
    """The texts by names, and the locale for numbers and dates."""
    return {
        "locale": current().locale.replace("_", "-"),
        **{name: str(text) for name, text in _TEXTS.items()},
    }
