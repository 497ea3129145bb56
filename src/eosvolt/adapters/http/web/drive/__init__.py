"""``/drive``: the web app of drivers, for phones first. It shows what ``/api/v1/driver`` answers."""
