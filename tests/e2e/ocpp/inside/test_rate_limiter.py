"""A charger that says too much waits, and loses neither an answer nor its connection."""

import asyncio

from eosvolt.adapters.ocpp.endpoint import OcppSettings
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.inside.gateway import serving


async def test_a_flood_is_answered_to_the_last_frame_and_no_faster_than_it_may() -> None:
    async with serving(OcppSettings(messages_per_second=10)) as gateway:
        await gateway.add_charger("CP-1")
        await gateway.add_charger("CP-2")
        async with charger(gateway.url("242/CP-1")) as flood, charger(gateway.url("242/CP-2")) as calm:
            began = asyncio.get_running_loop().time()
            for number in range(220):
                await flood.say(f'[2,"{number}","Heartbeat",{{}}]')
            assert "currentTime" in await calm.call("Heartbeat")
            heard = [(await flood.receive())[1] for _ in range(220)]
            took = asyncio.get_running_loop().time() - began
            assert heard == [str(number) for number in range(220)]
            assert took > 1.5, "200 at once, the others at 10 a second"
            assert "currentTime" in await flood.call("Heartbeat")
