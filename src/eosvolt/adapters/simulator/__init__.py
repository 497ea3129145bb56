"""A simulated charger park: cars, drivers and chargers that use real OCPP over real sockets."""
