"""Commands to chargers: request, dispatch, result, expiry."""
