#include "CTrees.h"

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

#define DEFINE_WALK(NAME, TARGET)                                                                                     \
    TARGET static void NAME(explanation *context, uint32_t index, const points *product, points *sum) {               \
        const la_explained_node *node = context->nodes + index;                                                       \
        if (node->feature < 0) {                                                                                      \
            *sum = *product * node->value;                                                                            \
            return;                                                                                                   \
        }                                                                                                             \
        la_feature_state *state = context->states + node->feature;                                                    \
        la_feature_state before = *state;                                                                             \
        points all = {0}, attributed = {0};                                                                           \
        for (uint32_t side = 0; side < 2; side++) {                                                                   \
            const la_explained_node *child = context->nodes + node->left + side;                                      \
            double share = before.share * (node->cover > 0 ? child->cover / node->cover : 0.5);                       \
            bool is_open = before.is_open && node->goes_right == side;                                                \
            if (!is_open && share == 0) continue; /* nothing gets there */                                            \
            points factor = share * context->unknown;                                                                 \
            if (is_open) {                                                                                            \
                factor += context->known;                                                                             \
                state->inverse = 1 / factor;                                                                          \
                state->term = (1 - share) * state->inverse;                                                           \
            } else {                                                                                                  \
                state->inverse = (1 / share) * context->inverse_unknown;                                              \
                state->term = -context->inverse_unknown;                                                              \
            }                                                                                                         \
            state->share = share;                                                                                     \
            state->is_open = is_open;                                                                                 \
            points change = state->term - before.term;                                                                \
            points next = *product * (before.inverse * factor), below;                                                \
            NAME(context, node->left + side, &next, &below);                                                          \
            attributed += below * change;                                                                             \
            all += below;                                                                                             \
        }                                                                                                             \
        *state = before;                                                                                              \
        *sum = all;                                                                                                   \
        attributed *= context->weight;                                                                                \
        context->contributions[node->feature] += ((attributed[0] + attributed[1]) + (attributed[2] + attributed[3])) + \
                                                 ((attributed[4] + attributed[5]) + (attributed[6] + attributed[7])); \
    }

DEFINE_WALK(walk, )
#if defined(__x86_64__)
DEFINE_WALK(walk_avx512, __attribute__((target("avx512f,avx512dq,avx512vl"))))
#endif

void la_explain(
    const la_explained_node *nodes, const la_rule *rule, la_feature_state *states, double *contributions) {
    explanation context = {.nodes = nodes, .states = states, .contributions = contributions};
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
        walk_avx512(&context, 0, &one, &sum);
        return;
    }
#endif
    walk(&context, 0, &one, &sum);
}
