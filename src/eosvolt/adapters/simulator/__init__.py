"""A charger park that does not exist: cars, drivers and chargers that speak real OCPP over real sockets."""
