"""Chargers: OCPP-J over WebSocket. Messages become reports of the domain, commands become CALLs."""
