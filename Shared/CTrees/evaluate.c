#include "CTrees.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,bmi,bmi2,popcnt")))
#define INLINE VECTOR static inline __attribute__((always_inline))

enum { MISSING = 255, ROWS_AT_ONCE = 64 };

bool la_forest_is_supported(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("bmi2");
}

/// Replaces values by ranks: how many of the column's thresholds are below. Returns whether any is missing.
INLINE bool rank(const la_columns *columns, const float *row, uint8_t *ranks) {
    bool any = false;
    for (size_t column = 0; column < columns->count; column++) {
        float value = row[columns->features[column]];
        __m512 wide = _mm512_set1_ps(value);
        const float *thresholds = columns->thresholds + 256 * column;
        unsigned part = _mm_popcnt_u32(
            _mm512_cmp_ps_mask(_mm512_load_ps(columns->pivots + 16 * column), wide, _CMP_LT_OQ));
        unsigned rest =
            _mm_popcnt_u32(_mm512_cmp_ps_mask(_mm512_load_ps(thresholds + 16 * part), wide, _CMP_LT_OQ));
        bool missing = value != value;
        ranks[column] = missing ? MISSING : (uint8_t)(16 * part + rest);
        any |= missing;
    }
    return any;
}

/// The ranks of one row, in as many registers as there are.
typedef struct {
    __m512i page[4];
} row_ranks;

INLINE row_ranks load(const uint8_t *ranks, size_t stride) {
    row_ranks loaded;
    loaded.page[0] = _mm512_load_si512(ranks);
    if (stride > 64) loaded.page[1] = _mm512_load_si512(ranks + 64);
    if (stride > 128) {
        loaded.page[2] = _mm512_load_si512(ranks + 128);
        loaded.page[3] = _mm512_load_si512(ranks + 192);
    }
    return loaded;
}

/// Which of 64 splits send the row right.
INLINE uint64_t goes_right(
    row_ranks ranks, size_t stride, __m512i column, __m512i threshold, bool any_missing, uint64_t missing_left) {
    __m512i asked;
    if (stride == 64) {
        asked = _mm512_permutexvar_epi8(column, ranks.page[0]);
    } else {
        asked = _mm512_permutex2var_epi8(ranks.page[0], column, ranks.page[1]);
        if (stride > 128) {
            asked = _mm512_mask_blend_epi8(
                _mm512_movepi8_mask(column), asked,
                _mm512_permutex2var_epi8(ranks.page[2], column, ranks.page[3]));
        }
    }
    uint64_t right = _mm512_cmpgt_epu8_mask(asked, threshold);
    if (any_missing) right &= ~(_mm512_cmpeq_epi8_mask(asked, _mm512_set1_epi8((char)MISSING)) & missing_left);
    return right;
}

/// From each split, the last split of the path; doubles the length of the path each time.
INLINE __m512i last_splits(__m512i left, __m512i right, uint64_t goes_right, int doublings) {
    __m512i next = _mm512_mask_blend_epi8(goes_right, left, right);
    for (int step = 0; step < doublings; step++) next = _mm512_permutexvar_epi8(next, next);
    return next;
}

INLINE double add_leaves(
    double sum, __m512i last, uint64_t right, unsigned trees, const uint8_t *roots, const double *leaves) {
    if (trees == 1) {
        unsigned split = (unsigned)_mm_cvtsi128_si32(_mm512_castsi512_si128(last)) & 63;
        return sum + leaves[2 * split + (right >> split & 1)];
    }
    uint8_t splits[64] __attribute__((aligned(64)));
    _mm512_store_si512(splits, last);
    for (unsigned tree = 0; tree < trees; tree++) {
        unsigned split = splits[roots[tree]];
        sum += leaves[2 * split + (right >> split & 1)];
    }
    return sum;
}

VECTOR static void add_blocks(
    const la_forest *forest, const uint8_t *ranks, size_t count, bool any_missing, double *output) {
    size_t stride = forest->columns.stride;
    const uint8_t *roots = forest->roots;
    for (size_t block = 0; block < forest->block_count; block++) {
        const la_block *splits = forest->blocks + block;
        __m512i column = _mm512_load_si512(splits->column), threshold = _mm512_load_si512(splits->threshold);
        __m512i left = _mm512_load_si512(splits->left), right = _mm512_load_si512(splits->right);
        uint64_t missing_left = forest->missing_left[block];
        unsigned trees = forest->tree_counts[block];
        const double *leaves = forest->leaves + 128 * block;
        for (size_t row = 0; row < count; row++) {
            uint64_t mask =
                goes_right(load(ranks + row * stride, stride), stride, column, threshold, any_missing, missing_left);
            __m512i last = last_splits(left, right, mask, forest->doublings);
            output[row] = add_leaves(output[row], last, mask, trees, roots, leaves);
        }
        roots += trees;
    }
}

VECTOR static void add_symmetric_blocks(
    const la_forest *forest, const uint8_t *ranks, size_t count, bool any_missing, double *output) {
    size_t stride = forest->columns.stride;
    const uint8_t *levels = forest->roots;
    const double *leaves = forest->leaves;
    for (size_t block = 0; block < forest->block_count; block++) {
        const la_symmetric_block *questions = forest->symmetric_blocks + block;
        __m512i column = _mm512_load_si512(questions->column), threshold = _mm512_load_si512(questions->threshold);
        uint64_t missing_left = forest->missing_left[block];
        unsigned trees = forest->tree_counts[block];
        size_t used = 0;
        for (size_t row = 0; row < count; row++) {
            uint64_t mask =
                goes_right(load(ranks + row * stride, stride), stride, column, threshold, any_missing, missing_left);
            double sum = output[row];
            used = 0;
            for (unsigned tree = 0; tree < trees; tree++) {
                sum += leaves[used + _bzhi_u64(mask, levels[tree])];
                mask >>= levels[tree];
                used += (size_t)1 << levels[tree];
            }
            output[row] = sum;
        }
        levels += trees;
        leaves += used;
    }
}

VECTOR void la_forest_predict(const la_forest *forest, const float *rows, size_t count, double *output) {
    uint8_t ranks[ROWS_AT_ONCE * 256] __attribute__((aligned(64)));
    size_t stride = forest->columns.stride;
    for (size_t start = 0; start < count; start += ROWS_AT_ONCE) {
        size_t part = count - start < ROWS_AT_ONCE ? count - start : ROWS_AT_ONCE;
        bool any_missing = false;
        for (size_t row = 0; row < part; row++) {
            any_missing |= rank(
                &forest->columns, rows + (start + row) * forest->feature_count, ranks + row * stride);
            output[start + row] = forest->base;
        }
        if (forest->blocks) {
            add_blocks(forest, ranks, part, any_missing, output + start);
        } else {
            add_symmetric_blocks(forest, ranks, part, any_missing, output + start);
        }
    }
}

VECTOR void la_forest_find(const la_forest *forest, const float *row, uint32_t *places) {
    uint8_t ranks[256] __attribute__((aligned(64))), splits[64] __attribute__((aligned(64)));
    size_t stride = forest->columns.stride;
    bool any_missing = rank(&forest->columns, row, ranks);
    row_ranks loaded = load(ranks, stride);
    const uint8_t *roots = forest->roots;
    for (size_t block = 0; block < forest->block_count; block++) {
        const la_block *asked = forest->blocks + block;
        uint64_t right = goes_right(
            loaded, stride, _mm512_load_si512(asked->column), _mm512_load_si512(asked->threshold), any_missing,
            forest->missing_left[block]);
        _mm512_store_si512(
            splits, last_splits(
                        _mm512_load_si512(asked->left), _mm512_load_si512(asked->right), right, forest->doublings));
        unsigned trees = forest->tree_counts[block];
        for (unsigned tree = 0; tree < trees; tree++) {
            unsigned split = splits[roots[tree]];
            *places++ = (uint32_t)(128 * block + 2 * split + (right >> split & 1));
        }
        roots += trees;
    }
}

#else

bool la_forest_is_supported(void) { return false; }
void la_forest_predict(const la_forest *forest, const float *rows, size_t count, double *output) {}
void la_forest_find(const la_forest *forest, const float *row, uint32_t *places) {}

#endif
