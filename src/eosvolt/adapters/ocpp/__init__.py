"""Chargers: OCPP over WebSocket, translated at the door into the words of the domain."""
