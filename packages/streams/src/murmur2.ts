const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** MurmurHash2 of 32 bits with Kafka's seed, signed, of the first bytes, as `org.apache.kafka.common.utils.Utils.murmur2`. */
export function murmur2(bytes: Uint8Array, length: number): number {
  const tail = length & ~3;
  const at = (index: number): number => bytes[index] ?? 0;
  let hash = SEED ^ length;
  for (let index = 0; index < tail; index += 4) {
    let word = at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    word = Math.imul(word, MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (tail < length) {
    const rest = length - tail;
    if (rest === 3) hash ^= at(tail + 2) << 16;
    if (rest >= 2) hash ^= at(tail + 1) << 8;
    hash = Math.imul(hash ^ at(tail), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}
