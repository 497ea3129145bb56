"""A request for a host name that is not this system's is for somebody else."""

import httpx2
import pytest

from tests.e2e.running import RunningSystem

PATHS = ("/", "/sign-in", "/api/v1/company", "/api/openapi.json", "/static/logo.svg", "/nothing")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"])
def test_another_name_is_refused(system: RunningSystem, path: str, host: str) -> None:
    key = f"Bearer {system.create_company(242, 'Volt Harbour')}"
    refused = httpx2.get(system.base_url + path, headers={"Host": host, "Authorization": key})
    assert refused.status_code == 421
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["", "a b", "evil.example@127.0.0.1", "[::1", "127.0.0.1:port", "a/b"])
def test_what_is_no_host_is_malformed(system: RunningSystem, host: str) -> None:
    assert httpx2.get(system.base_url + "/sign-in", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.:1", "127.0.0.1", "127.8.8.8:99", "[::1]:8000"])
def test_this_machine_has_several_names(system: RunningSystem, host: str) -> None:
    assert httpx2.get(system.base_url + "/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_supervisors_ask_by_whatever_address_they_know(system: RunningSystem, path: str) -> None:
    assert httpx2.get(system.base_url + path, headers={"Host": "10.1.2.3:9"}).status_code == 200


def test_the_public_address_and_further_names_are_configured(own_system: RunningSystem) -> None:
    own_system.settings = {
        "EOSVOLT_PUBLIC_URL": "https://Charging.example/",
        "EOSVOLT_ALLOWED_HOSTS": "inside.example, 192.0.2.7",
    }
    own_system.start()
    for host in ("charging.example", "charging.example:443", "inside.example", "192.0.2.7:80"):
        assert httpx2.get(own_system.base_url + "/sign-in", headers={"Host": host}).status_code == 200
    refused = httpx2.get(own_system.base_url + "/sign-in", headers={"Host": "charging.example.evil.example"})
    assert refused.status_code == 421
