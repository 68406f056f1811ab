"""Password hashes by Argon2id, with the library's current defaults (RFC 9106, low-memory profile)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backoffice.errors import Refusal
from backoffice.languages import gettext as _

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256

_hasher = PasswordHasher()


def use_quick_hashes() -> None:
    """Hash with the least work; only the test environment asks for it, since its passwords protect nothing."""
    global _hasher
    _hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    check_password_length(password)
    return _hasher.hash(password)


def check_password_length(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        sentence = _("The password is too short. Use %(number)s characters or more.", number=SHORTEST_PASSWORD)
        raise Refusal(sentence, "password")
    if len(password) > LONGEST_PASSWORD:
        sentence = _("The password is too long. Use %(number)s characters or fewer.", number=LONGEST_PASSWORD)
        raise Refusal(sentence, "password")


def is_password(password_hash: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def spend_the_same_time(password: str) -> None:
    """Verify against no account, so that an unknown address takes as long as a wrong password."""
    is_password(_nobody(), password)


def _nobody() -> str:
    if not hasattr(_nobody, "hash"):
        _nobody.hash = _hasher.hash("nobody has this password")
    return _nobody.hash
