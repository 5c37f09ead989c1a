/*
 * Durations in fixed memory: each power of two is cut into 64 buckets, so a
 * quantile is right within 1.6 %. The maximum is exact.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <string.h>

enum { CUT_BITS = 6, CUTS = 1 << CUT_BITS, POWERS = 64 - CUT_BITS };

struct histogram {
  uint64_t buckets[POWERS * CUTS];
  uint64_t count;
  int64_t most;
};

static inline void histogram_clear(struct histogram *h) {
  memset(h, 0, sizeof *h);
}

static inline int bucket_of(uint64_t value) {
  if (value < CUTS) return (int)value;
  int shift = 63 - __builtin_clzll(value) - CUT_BITS;
  return (shift + 1) * CUTS + (int)((value >> shift) & (CUTS - 1));
}

/* The largest value that falls into the bucket. */
static inline int64_t bucket_end(int bucket) {
  if (bucket < CUTS) return bucket;
  int shift = bucket / CUTS - 1;
  uint64_t start = (uint64_t)(CUTS + bucket % CUTS) << shift;
  return (int64_t)(start + (1ull << shift) - 1);
}

static inline void histogram_add(struct histogram *h, int64_t value) {
  if (value < 0) value = 0;
  h->buckets[bucket_of((uint64_t)value)]++;
  h->count++;
  if (value > h->most) h->most = value;
}

/* The value that a share of all values does not exceed; 0 when there are none. */
static inline int64_t histogram_quantile(const struct histogram *h,
                                         double share) {
  uint64_t rank = (uint64_t)(share * (double)h->count + 0.5), seen = 0;
  if (rank < 1) rank = 1;
  for (int bucket = 0; bucket < POWERS * CUTS && h->count > 0; bucket++) {
    seen += h->buckets[bucket];
    if (seen < rank) continue;
    int64_t end = bucket_end(bucket);
    return end < h->most ? end : h->most;
  }
  return h->most;
}

#endif
