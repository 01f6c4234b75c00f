"""The vendor's content_hash: SHA-256 over the SHA-256 digests of blocks of 4 MiB."""

import hashlib

BLOCK = 4 * 1024 * 1024


def content_hash(content: bytes) -> str:
    digests = [hashlib.sha256(content[start : start + BLOCK]).digest() for start in range(0, len(content), BLOCK)]
    return hashlib.sha256(b"".join(digests)).hexdigest()
