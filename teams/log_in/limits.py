"""How often one may try to log in.

A whole school sits behind one address, so what is counted is the account, and each way in for itself: whoever
wears out the password of a colleague has not touched their codes. An address is counted only against floods.
"""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from esw.core.limits import Limit

MINUTE, DAY = 60, 86_400
WRONG_PASSWORDS = Limit("wrong-passwords", 10, 5 * MINUTE)  # by account
CODES = Limit("codes", 5, 10 * MINUTE)  # by account
CODES_A_DAY = Limit("codes-a-day", 20, DAY)  # by account: with five tries each, at most a hundred guesses a day
CODE_TRIES = Limit("code-tries", 5, 15 * MINUTE)  # by code
LOG_INS_FROM_HERE = Limit("log-ins-from-here", 1200, MINUTE)  # by address
LETTERS_FROM_HERE = Limit("letters-from-here", 300, 10 * MINUTE)  # by address: a staff of 200, and some of them twice


def take_code(email: str) -> bool:
    """Count a code for this account; False when it has had enough of them for now."""
    return CODES.take(email) and CODES_A_DAY.take(email)


def give_code_back(email: str) -> None:
    """The letter could not be sent."""
    CODES.give_back(email)
    CODES_A_DAY.give_back(email)


def from_here(limit: Limit, request: HttpRequest) -> bool:
    """Count one more for the address that the request comes from; True when that is unknown."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return True
    return limit.take(_network(address))


def _network(address: str) -> str:
    """A house has 2^64 addresses of IPv6; they count as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address  # noqa: PLR2004
