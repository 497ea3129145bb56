"""What the terms of a notification rule are limited to."""

from eosvolt.domain.notification_rules.events import Terms, Trigger

# In minutes, and in messages.
LONGEST_DELAY = 7 * 24 * 60
MOST_PER_HOUR = 1000


def needless(terms: Terms) -> tuple[str, ...]:
    """The terms about faults that are set although the rule is not about faults, by their names."""
    if terms.trigger is Trigger.FAULTS:
        return ()
    given = {
        "kinds": terms.kinds,
        "severities": terms.severities,
        "codes": terms.codes,
        "locations": terms.locations,
        "after_minutes": terms.after_minutes,
        "on_recovery": terms.on_recovery,
    }
    return tuple(name for name, value in given.items() if value)
