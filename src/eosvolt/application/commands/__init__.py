"""The life of a command to a charger: request, dispatch, result, expiry."""
