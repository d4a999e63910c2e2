#include "CTrees.h"
#include <string.h>

/// Least significant digit first, on keys that are in the order of the numbers.
size_t la_sort_numbers(float *numbers, size_t count, uint32_t *room) {
    enum { BITS = 11, BUCKETS = 1 << BITS, PASSES = 3 };
    uint32_t *keys = room, *spare = room + count;
    size_t kept = 0;
    for (size_t index = 0; index < count; index++) {
        if (numbers[index] != numbers[index]) continue;
        float number = numbers[index] + 0.0f; /* one zero only */
        uint32_t bits;
        memcpy(&bits, &number, sizeof bits);
        keys[kept++] = bits >> 31 ? ~bits : bits | 0x80000000u;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        size_t starts[BUCKETS + 1] = {0};
        int shift = pass * BITS;
        for (size_t index = 0; index < kept; index++) starts[(keys[index] >> shift & (BUCKETS - 1)) + 1]++;
        for (size_t bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1] += starts[bucket];
        for (size_t index = 0; index < kept; index++) {
            spare[starts[keys[index] >> shift & (BUCKETS - 1)]++] = keys[index];
        }
        uint32_t *swapped = keys;
        keys = spare;
        spare = swapped;
    }
    for (size_t index = 0; index < kept; index++) {
        uint32_t bits = keys[index] >> 31 ? keys[index] & 0x7fffffffu : ~keys[index];
        memcpy(numbers + index, &bits, sizeof bits);
    }
    return kept;
}

#define DEFINE_FILL(NAME, TARGET)                                                                       \
    TARGET static void NAME(const float *values, size_t count, const float *cuts, uint8_t *bins) {      \
        for (size_t index = 0; index < count; index++) {                                                \
            float value = values[index];                                                                \
            uint32_t low = 0;                                                                           \
            for (uint32_t step = 128; step > 0; step /= 2) low += cuts[low + step - 1] < value ? step : 0; \
            bins[index] = value == value ? (uint8_t)(low + 1) : 0;                                      \
        }                                                                                               \
    }

DEFINE_FILL(fill, )
#if defined(__x86_64__)
DEFINE_FILL(fill_avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))))
#endif

void la_fill_bins(const float *values, size_t count, const float *cuts, uint8_t *bins) {
#if defined(__x86_64__)
    if (la_forest_is_supported()) {
        fill_avx512(values, count, cuts, bins);
        return;
    }
#endif
    fill(values, count, cuts, bins);
}
