#include "CTrees.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

enum { AHEAD = 24 };

static inline __attribute__((always_inline)) void add_row(
    const uint8_t *bins, const uint8_t *places, const uint32_t *first_cells, size_t features, int64_t gradient,
    int64_t *cells) {
    size_t feature = 0;
    if (places) {
        for (; feature < features; feature++) cells[first_cells[feature] + bins[places[feature]]] += gradient;
        return;
    }
    for (; feature + 4 <= features; feature += 4) {
        size_t a = first_cells[feature] + bins[feature], b = first_cells[feature + 1] + bins[feature + 1];
        size_t c = first_cells[feature + 2] + bins[feature + 2], d = first_cells[feature + 3] + bins[feature + 3];
        cells[a] += gradient;
        cells[b] += gradient;
        cells[c] += gradient;
        cells[d] += gradient;
    }
    for (; feature < features; feature++) cells[first_cells[feature] + bins[feature]] += gradient;
}

static inline __attribute__((always_inline)) void add_rows(
    const uint8_t *bins, size_t stride, const uint8_t *places, const uint32_t *first_cells, size_t features,
    const uint32_t *rows, size_t count, const int64_t *gradients, int64_t *cells) {
    if (!rows) {
        for (size_t row = 0; row < count; row++) {
            add_row(bins + row * stride, places, first_cells, features, gradients[row], cells);
        }
        return;
    }
    for (size_t index = 0; index < count; index++) {
        if (index + AHEAD < count) {
            size_t next = rows[index + AHEAD];
            __builtin_prefetch(bins + next * stride);
            __builtin_prefetch(bins + next * stride + stride - 1);
            __builtin_prefetch(gradients + next);
        }
        size_t row = rows[index];
        add_row(bins + row * stride, places, first_cells, features, gradients[row], cells);
    }
}

void la_add_rows(
    const uint8_t *bins, size_t stride, const uint8_t *places, const uint32_t *first_cells, size_t features,
    const uint32_t *rows, size_t count, const int64_t *gradients, int64_t *cells) {
    if (places) {
        add_rows(bins, stride, places, first_cells, features, rows, count, gradients, cells);
    } else {
        add_rows(bins, stride, 0, first_cells, features, rows, count, gradients, cells);
    }
}

void la_add_wide_rows(
    const uint16_t *bins, const uint32_t *rows, size_t count, const int64_t *gradients, int64_t *cells) {
    for (size_t index = 0; index < count; index++) {
        size_t row = rows ? rows[index] : index;
        cells[bins[row]] += gradients[row];
    }
}

static inline __attribute__((always_inline)) size_t part(
    const uint8_t *narrow, const uint16_t *wide, const uint8_t *marks, uint32_t *rows, size_t count, uint32_t *spare) {
    size_t left = 0;
    for (size_t index = 0; index < count; index++) {
        uint32_t row = rows[index];
        size_t goes_left = marks[narrow ? narrow[row] : wide[row]];
        // Both writes always happen, and one is overwritten: cheaper than a branch nobody can predict.
        rows[left] = row;
        spare[index - left] = row;
        left += goes_left;
    }
    return left;
}

size_t la_part_rows(const uint8_t *bins, const uint8_t *marks, uint32_t *rows, size_t count, uint32_t *spare) {
    return part(bins, 0, marks, rows, count, spare);
}

size_t la_part_wide_rows(const uint16_t *bins, const uint8_t *marks, uint32_t *rows, size_t count, uint32_t *spare) {
    return part(0, bins, marks, rows, count, spare);
}

// What follows is compiled twice; products and their order are the same, so both give the same bits.

static inline __attribute__((always_inline)) double softened(double gradient, double l1) {
    double size = fabs(gradient) - l1;
    return copysign(size > 0 ? size : 0, gradient);
}

static inline __attribute__((always_inline)) void score(
    const int64_t *below, size_t last, int64_t total, const la_split_rule *rule, double *scores, bool bounded) {
    double whole_gradient = (double)(total >> 32) * rule->gradient_unit;
    double whole_hessian = (double)(total & 0xffffffff) * rule->hessian_unit;
    double least = rule->least_hessian, l1 = rule->l1, l2 = rule->l2;
    double lower = rule->lower, upper = rule->upper, direction = rule->direction;
    for (size_t bin = 1; bin <= last; bin++) {
        double left_gradient = (double)(below[bin] >> 32) * rule->gradient_unit;
        double left_hessian = (double)(below[bin] & 0xffffffff) * rule->hessian_unit;
        double right_hessian = whole_hessian - left_hessian;
        double left = softened(left_gradient, l1), right = softened(whole_gradient - left_gradient, l1);
        double left_divisor = left_hessian + l2, right_divisor = right_hessian + l2;
        double gain;
        bool fits = left_hessian >= least && right_hessian >= least;
        if (bounded) {
            double left_value = left_divisor > 0 ? -left / left_divisor : 0;
            double right_value = right_divisor > 0 ? -right / right_divisor : 0;
            left_value = left_value < lower ? lower : left_value > upper ? upper : left_value;
            right_value = right_value < lower ? lower : right_value > upper ? upper : right_value;
            gain = -(2 * left * left_value + left_divisor * left_value * left_value) -
                   (2 * right * right_value + right_divisor * right_value * right_value);
            fits &= left_hessian == 0 || right_hessian == 0 || (right_value - left_value) * direction >= 0;
        } else {
            double product = left_divisor * right_divisor;
            gain = (left * left * right_divisor + right * right * left_divisor) / (product > 0 ? product : 1);
        }
        scores[bin] += fits ? gain : -INFINITY;
    }
}

#define DEFINE_SCORES(SCORES, BEST, TARGET)                                                                           \
    TARGET static void SCORES(                                                                                        \
        const int64_t *cells, size_t last, int64_t total, bool missing_goes_left, const la_split_rule *rule,          \
        double *scores) {                                                                                             \
        int64_t below[257];                                                                                           \
        int64_t sum = missing_goes_left ? cells[0] : 0;                                                               \
        for (size_t bin = 1; bin <= last; bin++) below[bin] = sum += cells[bin];                                      \
        if (rule->is_bounded) {                                                                                       \
            score(below, last, total, rule, scores, true);                                                            \
        } else {                                                                                                      \
            score(below, last, total, rule, scores, false);                                                           \
        }                                                                                                             \
    }                                                                                                                 \
    TARGET static size_t BEST(const double *scores, size_t last) {                                                    \
        double lanes[8] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY};   \
        size_t bin = 1;                                                                                               \
        for (; bin + 8 <= last + 1; bin += 8) {                                                                       \
            for (size_t lane = 0; lane < 8; lane++) {                                                                 \
                lanes[lane] = scores[bin + lane] > lanes[lane] ? scores[bin + lane] : lanes[lane];                    \
            }                                                                                                         \
        }                                                                                                             \
        double best = -INFINITY;                                                                                      \
        for (; bin <= last; bin++) best = scores[bin] > best ? scores[bin] : best;                                    \
        for (size_t lane = 0; lane < 8; lane++) best = lanes[lane] > best ? lanes[lane] : best;                       \
        for (bin = 1; bin < last && scores[bin] != best; bin++) {}                                                    \
        return bin;                                                                                                   \
    }

DEFINE_SCORES(add_scores, best_score, )
#if defined(__x86_64__)
#define VECTOR __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
DEFINE_SCORES(add_scores_avx512, best_score_avx512, VECTOR)
#endif

void la_add_split_scores(
    const int64_t *cells, size_t last, int64_t total, bool missing_goes_left, const la_split_rule *rule, double *scores) {
#if defined(__x86_64__)
    if (la_forest_is_supported()) {
        add_scores_avx512(cells, last, total, missing_goes_left, rule, scores);
        return;
    }
#endif
    add_scores(cells, last, total, missing_goes_left, rule, scores);
}

size_t la_best_score(const double *scores, size_t last) {
#if defined(__x86_64__)
    if (la_forest_is_supported()) return best_score_avx512(scores, last);
#endif
    return best_score(scores, last);
}

void la_subtract_cells(int64_t *whole, const int64_t *part, size_t count) {
    for (size_t cell = 0; cell < count; cell++) whole[cell] -= part[cell];
}
