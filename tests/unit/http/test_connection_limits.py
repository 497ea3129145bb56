"""Who keeps a place where there are fewer path_parameters than connections."""

from eosvolt.adapters.web_server.limits import ANONYMOUS_FOR_SECONDS, ConnectionLimits, Ticket
from eosvolt.application.throttle import network

LATER = ANONYMOUS_FOR_SECONDS + 1


class Server:
    """Limits with a clock that stands, and the connections that they closed."""

    def __init__(self, most: int = 100, per_address: int = 3) -> None:
        self.now = 0.0
        self.closed: list[str] = []
        self.limits = ConnectionLimits(most, per_address, lambda: self.now)

    def enter(self, name: str, address: str = "192.0.2.1") -> Ticket | None:
        return self.limits.enter(address, lambda: self.closed.append(name))

    def entered(self, name: str, address: str = "192.0.2.1") -> Ticket:
        ticket = self.enter(name, address)
        assert ticket is not None
        return ticket


def test_one_anonymous_connection_too_many_from_an_address_costs_the_oldest_its_place() -> None:
    server = Server(per_address=2)
    for name in "abc":
        server.entered(name)
        server.now += LATER
    assert server.closed == ["a"]
    assert server.limits.anonymous == server.limits.connected == 2


def test_anonymous_connections_that_come_all_at_once_are_waited_for() -> None:
    server = Server(per_address=2)
    for number in range(50):
        server.entered(str(number))
    assert server.closed == []
    server.now += LATER
    server.entered("late")
    assert server.closed == ["0"]


def test_whoever_proved_something_is_never_closed_for_another() -> None:
    server = Server(most=4, per_address=2)
    for name in "abc":
        server.entered(name).proven()
    server.now += LATER
    assert server.limits.anonymous == 0
    server.entered("anonymous")
    server.entered("another")
    assert server.closed == ["anonymous"]
    assert server.limits.connected == 4


def test_an_address_does_not_pay_for_another() -> None:
    server = Server(per_address=1)
    server.entered("a", "192.0.2.1")
    server.now += LATER
    server.entered("b", "192.0.2.2")
    assert server.closed == []


def test_the_whole_of_an_ipv6_site_counts_as_one() -> None:
    server = Server(per_address=1)
    server.entered("a", "2001:db8:1:2::1")
    server.now += LATER
    server.entered("b", "2001:db8:1:3::1")
    assert server.closed == []
    server.entered("c", "2001:db8:1:2:ffff::9")
    assert server.closed == ["a"]


def test_without_an_anonymous_connection_to_close_a_newcomer_finds_no_place() -> None:
    server = Server(most=1)
    server.entered("a").proven()
    assert server.enter("b") is None
    assert server.limits.refused == 1


def test_leaving_frees_a_place_once() -> None:
    server = Server(most=1)
    first = server.entered("a")
    first.left()
    first.left()
    first.proven()
    assert server.limits.connected == 0
    server.entered("b")
    assert server.closed == []


def test_an_address_stands_for_its_network() -> None:
    assert network("192.0.2.1") == "192.0.2.1"
    assert network("::ffff:192.0.2.1") == "192.0.2.1"
    assert network("2001:db8::1") == network("2001:db8::ffff:1") == "2001:db8::/64"
    assert network("fe80::1%eth0") == "fe80::/64"
    assert network("") == ""
    assert network("testclient") == "testclient"
