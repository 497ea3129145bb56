"""What the business knows: deciders, their events and commands, and the values they speak in."""
