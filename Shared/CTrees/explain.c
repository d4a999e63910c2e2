#include "CTrees.h"
#include <math.h>

// Products and their order are the same in every version, and none is fused, so all give the same bits.
#pragma STDC FP_CONTRACT OFF

typedef double points __attribute__((vector_size(LA_POINTS * sizeof(double))));

struct la_feature_state {
    /// Of the feature's factor in the path's product.
    points inverse;
    /// What the factor's derivative by the feature's being known is, over the factor.
    points term;
    /// The share of training rows that the path's questions about the feature let through.
    double share;
    /// Whether the row passes them all.
    bool is_open;
};

typedef struct {
    const la_explained_node *nodes;
    const float *row;
    const uint32_t *words;
    la_feature_state *states;
    double *contributions;
    points known, unknown, inverse_unknown, weight;
} explanation;

size_t la_feature_state_size(void) { return sizeof(la_feature_state); }

void la_reset_features(la_feature_state *states, size_t count) {
    for (size_t feature = 0; feature < count; feature++) {
        states[feature] = (la_feature_state){.share = 1, .is_open = true};
        states[feature].inverse += 1;
    }
}

static inline __attribute__((always_inline)) bool goes_right(
    const la_explained_node *node, const float *row, const uint32_t *words) {
    float value = row[node->feature];
    if (value != value || (node->zero_is_missing && fabsf(value) <= 1e-35f)) return !node->missing_goes_left;
    if (!node->set) return !(value <= node->threshold);
    if (!(value >= 0 && value <= 65535)) return true;
    const uint32_t *set = words + node->set - 1;
    uint32_t category = (uint32_t)value;
    return category / 32 >= set[0] || !(set[1 + category / 32] >> category % 32 & 1);
}

uint32_t la_next_node(const la_explained_node *node, const float *row, const uint32_t *words) {
    return node->left + goes_right(node, row, words);
}

double la_add_paths(
    const uint32_t *places, size_t count, const uint32_t *starts, const la_path_step *steps, double *contributions,
    double sum) {
    enum { AHEAD = 12, LINE = 64 };
    for (size_t tree = 0; tree < count; tree++) {
        if (tree + AHEAD < count) {
            const char *next = (const char *)(steps + starts[places[tree + AHEAD]]);
            __builtin_prefetch(next);
            __builtin_prefetch(next + LINE);
        }
        const la_path_step *leaf = steps + starts[places[tree]];
        sum += leaf->change;
        for (const la_path_step *step = leaf + 1, *end = step + leaf->feature; step < end; step++) {
            contributions[step->feature] += step->change;
        }
    }
    return sum;
}

#define DEFINE_WALK(NAME, TARGET)                                                                                     \
    TARGET static void NAME(explanation *context, const la_explained_node *node, const points *product, points *sum) { \
        la_feature_state *state = context->states + node->feature;                                                    \
        la_feature_state before = *state;                                                                             \
        points all = {0}, attributed = {0};                                                                           \
        uint32_t chosen = goes_right(node, context->row, context->words);                                             \
        for (uint32_t side = 0; side < 2; side++) {                                                                   \
            const la_explained_node *child = context->nodes + node->left + side;                                      \
            double share = before.share * (side ? 1 - node->left_share : node->left_share);                           \
            bool is_open = before.is_open && chosen == side;                                                          \
            if (!is_open && share == 0) continue; /* nothing gets there */                                            \
            points factor = share * context->unknown, inverse, term;                                                  \
            if (is_open) {                                                                                            \
                factor += context->known;                                                                             \
                inverse = 1 / factor;                                                                                 \
                term = (1 - share) * inverse;                                                                         \
            } else {                                                                                                  \
                inverse = (1 / share) * context->inverse_unknown;                                                     \
                term = -context->inverse_unknown;                                                                     \
            }                                                                                                         \
            points next = *product * (before.inverse * factor), below;                                                \
            if (child->feature < 0) {                                                                                 \
                below = next * child->value;                                                                          \
            } else {                                                                                                  \
                *state = (la_feature_state){inverse, term, share, is_open};                                           \
                NAME(context, child, &next, &below);                                                                  \
            }                                                                                                         \
            attributed += below * (term - before.term);                                                               \
            all += below;                                                                                             \
        }                                                                                                             \
        *state = before;                                                                                              \
        *sum = all;                                                                                                   \
        attributed *= context->weight;                                                                                \
        context->contributions[node->feature] +=                                                                      \
            ((attributed[0] + attributed[1]) + (attributed[2] + attributed[3])) +                                     \
            ((attributed[4] + attributed[5]) + (attributed[6] + attributed[7]));                                      \
    }

DEFINE_WALK(walk, )
#if defined(__x86_64__)
DEFINE_WALK(walk_avx512, __attribute__((target("avx512f,avx512dq,avx512vl"))))
#endif

void la_explain(
    const la_explained_node *nodes, const float *row, const uint32_t *words, const la_rule *rule,
    la_feature_state *states, double *contributions) {
    if (nodes->feature < 0) return;
    explanation context = {
        .nodes = nodes, .row = row, .words = words, .states = states, .contributions = contributions};
    for (int point = 0; point < LA_POINTS; point++) {
        context.known[point] = rule->point[point];
        context.unknown[point] = 1 - rule->point[point];
        context.inverse_unknown[point] = 1 / (1 - rule->point[point]);
        context.weight[point] = rule->weight[point];
    }
    points one = {0}, sum;
    one += 1;
#if defined(__x86_64__)
    if (la_forest_is_supported()) {
        walk_avx512(&context, nodes, &one, &sum);
        return;
    }
#endif
    walk(&context, nodes, &one, &sum);
}
