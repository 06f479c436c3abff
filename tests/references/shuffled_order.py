"""An independent twin of the shuffled order: ChaCha with 8 rounds (D. J. Bernstein, 2008) seeded by
rand_core's expansion of a 64-bit seed, numbers below n by D. Lemire's method (2019), and the
Fisher-Yates shuffle from the end. Prints the reference numbers of tests/data_batches.rs.

    python tests/references/shuffled_order.py
"""

MASK = 0xFFFFFFFF
SHUFFLING = 3  # the stream of the order of samples


def seed_bytes(seed):
    state, key = seed, []
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) % 2**64
        xorshifted = (((state >> 18) ^ state) >> 27) & MASK
        turn = state >> 59
        key.append(((xorshifted >> turn) | (xorshifted << (32 - turn) % 32)) & MASK)
    return key


def quarter(x, a, b, c, d):
    for first, second, third, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[first] = (x[first] + x[second]) & MASK
        y = x[third] ^ x[first]
        x[third] = ((y << turn) | (y >> (32 - turn))) & MASK


def words(seed, stream):
    key, counter = seed_bytes(seed), 0
    while True:
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key,
                 counter & MASK, counter >> 32, stream & MASK, stream >> 32]
        x = list(start)
        for _ in range(4):
            for k in range(4):
                quarter(x, k, 4 + k, 8 + k, 12 + k)
            for k in range(4):
                quarter(x, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4)
        yield from ((a + b) & MASK for a, b in zip(x, start))
        counter += 1


def below(source, n):
    threshold = (2**32 - n) % n
    while True:
        product = next(source) * n
        if product & MASK >= threshold:
            return product >> 32


def shuffled(source, n):
    order = list(range(n))
    for last in range(n - 1, 0, -1):
        other = below(source, last + 1)
        order[last], order[other] = order[other], order[last]
    return order


for seed in (0, 42):
    source = words(seed, SHUFFLING)
    print(seed, shuffled(source, 10), shuffled(source, 10))
source = words(7, SHUFFLING)
long = shuffled(source, 1000)
print(7, long[:5], long[-5:], sum(k * index for k, index in enumerate(long)))
