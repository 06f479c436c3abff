"""Reference values for `src/math/random.rs`: the ChaCha8 generator from its definition.

    python3 streams.py

D. J. Bernstein, ChaCha, a variant of Salsa20, 2008: 8 rounds, 64-bit block counter, 64-bit stream.
Standard library only.
"""

import struct

MASK = 0xFFFFFFFF


def quarter_round(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & MASK
        s[z] ^= s[x]
        s[z] = ((s[z] << n) | (s[z] >> (32 - n))) & MASK


def block(key, counter, stream):
    start = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key))
    start += [counter & MASK, counter >> 32, stream & MASK, stream >> 32]
    s = start[:]
    for _ in range(4):
        for i in range(4):
            quarter_round(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter_round(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return [(x + y) & MASK for x, y in zip(s, start)]


for seed in (1, 2**63 + 5):
    for name, purpose in (("Split", 1), ("Initialization", 2), ("Shuffling", 3), ("Generation", 4)):
        key = struct.pack("<Q", seed) + b"descent random streams 1"
        words = [word for counter in range(3) for word in block(key, counter, purpose)]
        longs = [low | (high << 32) for low, high in zip(words[::2], words[1::2])]
        print(f"({seed}, Purpose::{name}, [{longs[0]:#018x}, {longs[1]:#018x}, {longs[23]:#018x}]),")
