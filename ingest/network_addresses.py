"""Which network addresses a document may be fetched from: those of the public internet.

In: an IP address. Out: the reason why it is forbidden, or "". The networks are those of the IANA
special-purpose address registries (RFC 6890 and its updates); what stands in none of them is public.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Table = tuple[tuple[IPv4Network | IPv6Network, str], ...]


def _table(rows: dict[str, str]) -> Table:
    return tuple((ip_network(network), called) for called, line in rows.items() for network in line.split())


# Where a cloud machine asks for its own credentials. No document lies there, so nobody may allow these.
_METADATA = _table(
    {
        "a cloud machine's metadata address": "169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200"
        " 192.0.0.192 168.63.129.16 fd00:ec2::254 fd00:ec2::23 fd20:ce::254"
    }
)
# Of one's own machine or network: a user may allow them.
_OWN = _table(
    {
        "a loopback address": "127.0.0.0/8 ::1",
        "a private address": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10",
        "a link-local address": "169.254.0.0/16 fe80::/10",
        "an address of a carrier's own network": "100.64.0.0/10",
        "an address for benchmarks": "198.18.0.0/15",
    }
)
# IPv6 addresses that lead to an IPv4 address, and how many bits stand below it.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0, "an IPv4 address in IPv6 notation"),
    (IPv6Network("64:ff9b::/96"), 0, "a NAT64 address"),
    (IPv6Network("2002::/16"), 80, "a 6to4 address"),
)
_NEVER = _table(
    {
        "the unspecified address": "0.0.0.0/8 ::",
        "a multicast address": "224.0.0.0/4 ff00::/8",
        "a reserved address": "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.51.100.0/24 203.0.113.0/24"
        " 240.0.0.0/4 2001::/23 2001:db8::/32 3fff::/20",
    }
)
_PUBLIC_IPV6 = IPv6Network("2000::/3")  # all that IANA has given out for unicast


def forbidden(address: str, allow_private: bool = False) -> str:
    """What makes a numeric address forbidden ("a loopback address"), or "" for one that may be used.

    `allow_private` opens loopback, private, link-local and carrier addresses, and lets an IPv6 address
    that carries an IPv4 one pass if that one may be used. Metadata, multicast, reserved and unspecified
    addresses are never opened. Raises ValueError where `address` is no address.
    """
    return _forbidden(ip_address(address), allow_private)


def _forbidden(address: Address, allow_private: bool) -> str:
    for network, below, called in _CARRIERS:
        if address in network:
            carried = IPv4Address(int(address) >> below & 0xFFFFFFFF)
            return _forbidden(carried, True) if allow_private else called
    if called := _called(address, _METADATA):
        return called
    if called := _called(address, _OWN):
        return "" if allow_private else called
    if called := _called(address, _NEVER):
        return called
    return "" if address.version == 4 or address in _PUBLIC_IPV6 else "a reserved address"


def _called(address: Address, table: Table) -> str:
    return next((called for network, called in table if address in network), "")
