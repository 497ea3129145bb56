"""``eosvolt simulate``: runs simulated chargers against a server on this machine."""

from typing import Annotated

import typer

from eosvolt.adapters.simulator import console as park


def simulate(
    url: Annotated[str, typer.Option(help="Where chargers connect, e.g. ws://127.0.0.1:8000/ocpp/242/.")],
    chargers: Annotated[
        int, typer.Option(min=1, help="How many chargers, counted up after the prefix.")
    ] = 10,
    charger: Annotated[
        list[str] | None, typer.Option(help="A charge box id; may be given many times.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="What charge box ids begin with.")] = "CP-",
    token: Annotated[
        list[str] | None, typer.Option(help="A token to charge with; may be given many times.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, help="Simulated seconds per second.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed plays the same life.")] = 1,
    duration: Annotated[
        float | None, typer.Option(min=1, help="Seconds to run; until Ctrl-C without it.")
    ] = None,
    password: Annotated[str | None, typer.Option(help="The chargers' password.")] = None,
    busyness: Annotated[float, typer.Option(min=0, help="Drivers, relative to an ordinary day.")] = 1.0,
    quirky: Annotated[
        bool, typer.Option("--quirky", help="Give the chargers known protocol violations.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the delivered sessions as JSON.")] = False,
) -> None:
    """Run simulated chargers that speak real OCPP."""
    code = park.simulate(
        url,
        charger or chargers,
        prefix=prefix,
        tokens=token or (),
        speed=speed,
        seed=seed,
        duration_s=duration,
        password=password,
        busyness=busyness,
        quirky=quirky,
        as_json=as_json,
    )
    raise typer.Exit(code)
