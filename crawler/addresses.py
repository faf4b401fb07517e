"""Says whether an IP address is out on the public internet. Pure.

`ipaddress.is_global` alone is not enough: Python 3.11 calls multicast, the deprecated IPv4-compatible and site-local
ranges and the addresses behind NAT64 and 6to4 global. An IPv4 address inside an IPv6 one is taken out and judged
itself. Source: IANA special-purpose address registries.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_CLOSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: clouds answer with credentials at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
_OPEN_6 = IPv6Network("2000::/3")  #: the only space that IANA gives out
_CLOSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 leads to an IPv4 address that we did not ask for
        "2620:4f:8000::/48",
        "3fff::/20",  # documentation
        "3ffe::/16",  # the former 6bone
    )
)


def is_public(text: str) -> bool:
    """Whether the address may be connected to. What is no IPv4 or IPv6 literal is not public."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public_4(address.ipv4_mapped)
        if address.scope_id is not None:
            return False
        return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)
    return _is_public_4(address)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in _CLOSED_4)
