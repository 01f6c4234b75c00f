"""The hash that OneDrive and SharePoint tell of their files: 160 bits, each byte in turn 11 bits further on."""

from base64 import b64encode

BITS = 160
SHIFT = 11
PERIOD = 160
"""Bytes after which the same place comes again."""


def quick_xor(data: bytes) -> str:
    """In base64."""
    folded = 0
    for start in range(0, len(data), PERIOD):
        folded ^= int.from_bytes(data[start : start + PERIOD].ljust(PERIOD, b"\0"), "little")
    held = 0
    for place, byte in enumerate(folded.to_bytes(PERIOD, "little")):
        held ^= byte << (place * SHIFT % BITS)
    mask = (1 << BITS) - 1
    held = (held & mask) ^ (held >> BITS)
    held ^= len(data) << (BITS - 64)
    return b64encode(held.to_bytes(BITS // 8, "little")).decode()
