"""The compression of VBA source and of the dir stream, both ways.

Source: [MS-OVBA] 2.4.1 (Compression and Decompression): a container is a signature byte and chunks, each of at
most 4096 bytes when decompressed; a chunk is a row of flag bytes, each before eight tokens, and a token is a
literal byte or a copy of bytes already written in the same chunk.
"""

import struct
from collections import defaultdict

SIGNATURE = 0x01  # 2.4.1.1.1 CompressedContainer
CHUNK_BYTES = 4096  # 2.4.1.1.3 DecompressedChunk
HEADER_SIGNATURE = 0b011 << 12  # 2.4.1.1.5 CompressedChunkHeader
HEADER_COMPRESSED = 1 << 15
TOKENS_PER_FLAG = 8
SHORTEST_COPY = 3  # 2.4.1.3.19.2 Unpack CopyToken: a length below it is not written as a copy
# How many earlier places are tried for a copy. More would save a few bytes of a text and cost time.
PLACES_TRIED = 48


def compress(data: bytes) -> bytes:
    """`data` as a CompressedContainer. The same bytes give the same container.

    Raises ValueError for a last chunk that neither shrinks nor fills 4096 bytes: it has no exact form
    (2.4.1.1.10 RawChunk pads it). No text is like that.
    """
    chunks = (data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES))
    return bytes([SIGNATURE]) + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: bytes) -> bytes:
    body = _tokens(chunk)
    if len(body) <= CHUNK_BYTES:
        header = HEADER_COMPRESSED | HEADER_SIGNATURE | (len(body) - 1)
    elif len(chunk) == CHUNK_BYTES:
        header, body = HEADER_SIGNATURE | (CHUNK_BYTES - 1), chunk
    else:
        raise ValueError("the last chunk can't be compressed, and uncompressed it would be padded")
    return struct.pack("<H", header) + body


def _tokens(chunk: bytes) -> bytes:
    out = bytearray()
    places: dict[bytes, list[int]] = defaultdict(list)
    at = 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(TOKENS_PER_FLAG):
            if at >= len(chunk):
                break
            offset, length = _longest_copy(chunk, at, places)
            if length:
                flags |= 1 << bit
                tokens += _copy_token(at, offset, length)
            else:
                length = 1
                tokens.append(chunk[at])
            for place in range(at, at + length):
                places[chunk[place : place + SHORTEST_COPY]].append(place)
            at += length
        out.append(flags)
        out += tokens
    return bytes(out)


def _longest_copy(chunk: bytes, at: int, places: dict[bytes, list[int]]) -> tuple[int, int]:
    """Offset back and length of the longest earlier run equal to the bytes at `at`; (0, 0) if none is worth it."""
    best = (0, 0)
    limit = min(_longest(at), len(chunk) - at)
    if limit < SHORTEST_COPY:
        return best
    for place in reversed(places[chunk[at : at + SHORTEST_COPY]][-PLACES_TRIED:]):
        length = SHORTEST_COPY
        while length < limit and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best[1]:
            best = (at - place, length)
    return best


def _offset_bits(written: int) -> int:
    """How many bits of a copy token hold the offset once `written` bytes of the chunk are there (2.4.1.3.19.1)."""
    return max(4, (written - 1).bit_length())


def _longest(written: int) -> int:
    return (0xFFFF >> _offset_bits(written)) + SHORTEST_COPY


def _copy_token(written: int, offset: int, length: int) -> bytes:
    bits = _offset_bits(written)
    return struct.pack("<H", ((offset - 1) << (16 - bits)) | (length - SHORTEST_COPY))


def decompress(container: bytes) -> bytes:
    """What `compress` was given. Raises ValueError for bytes that are no CompressedContainer."""
    if not container or container[0] != SIGNATURE:
        raise ValueError("a compressed container begins with byte 1")
    out = bytearray()
    at = 1
    while at < len(container):
        (header,) = struct.unpack_from("<H", container, at)
        end = at + (header & 0x0FFF) + SHORTEST_COPY
        body = container[at + 2 : end]
        out += _expanded(body) if header & HEADER_COMPRESSED else body
        at = end
    return bytes(out)


def _expanded(body: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(body):
        flags = body[at]
        at += 1
        for bit in range(TOKENS_PER_FLAG):
            if at >= len(body):
                break
            if flags >> bit & 1:
                (token,) = struct.unpack_from("<H", body, at)
                at += 2
                bits = _offset_bits(len(out))
                offset = (token >> (16 - bits)) + 1
                if offset > len(out):
                    raise ValueError("a copy reaches before the chunk's beginning")
                for _ in range((token & (0xFFFF >> bits)) + SHORTEST_COPY):
                    out.append(out[-offset])
            else:
                out.append(body[at])
                at += 1
    return bytes(out)
