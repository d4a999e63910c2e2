#ifndef CTREES_H
#define CTREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Trees of up to 64 splits that are evaluated together, split by split in the bytes of a vector.
///
/// A split asks whether the rank of a column is above `threshold`; then it goes right. Children are splits of the same
/// block; a split whose child is a leaf names itself, so that following children ends at the last split of the path.
typedef struct {
    uint8_t column[64];
    uint8_t threshold[64];
    uint8_t left[64];
    uint8_t right[64];
} la_block;

/// Trees whose levels each ask one question: `column` and `threshold` of up to 64 levels, tree after tree.
typedef struct {
    uint8_t column[64];
    uint8_t threshold[64];
} la_symmetric_block;

/// The columns that rows are ranked by: a feature, and up to 254 of its thresholds.
typedef struct {
    /// A multiple of 64 of them, at most 256, those not in use included.
    size_t stride;
    size_t count;
    const uint32_t *features;
    /// 256 a column, ascending, filled up with infinity.
    const float *thresholds;
    /// 16 a column: each 16th threshold.
    const float *pivots;
} la_columns;

typedef struct {
    la_columns columns;
    size_t feature_count;
    double base;
    size_t block_count;
    /// Either of these.
    const la_block *blocks;
    const la_symmetric_block *symmetric_blocks;
    /// By block: the splits that send missing values left.
    const uint64_t *missing_left;
    /// By block: how many trees it has.
    const uint8_t *tree_counts;
    /// By tree: the place of its root in the block, or its number of levels.
    const uint8_t *roots;
    /// 128 a block: the leaf left of split 0, the one right of it, and so on. Symmetric: all leaves of all trees.
    const double *leaves;
    /// 2 to this power is no less than the number of splits below the root on any path.
    int doublings;
} la_forest;

/// Whether this processor has the instructions that `la_forest_predict` uses.
bool la_forest_is_supported(void);

/// Writes the predictions for `count` rows of `feature_count` values that follow each other.
void la_forest_predict(const la_forest *forest, const float *rows, size_t count, double *output);

/// Writes, by tree, the place in `leaves` of the leaf that the row comes to. For trees that branch.
void la_forest_find(const la_forest *forest, const float *row, uint32_t *places);

/// A split on the way to a leaf: what going on from it changed of the expected value. Before a leaf's splits comes one more,
/// with the leaf's value, and how many splits follow. Packed: how many cache lines a row's paths are in is what they cost.
typedef struct __attribute__((packed)) {
    double change;
    uint16_t feature;
} la_path_step;

/// Adds the steps of the leaves at `places` to their features, and returns `sum` plus the leaves' values, in order.
/// `starts[p]` is where the steps of place p begin.
double la_add_paths(
    const uint32_t *places, size_t count, const uint32_t *starts, const la_path_step *steps, double *contributions,
    double sum);

/// A node of a tree that can be explained; children follow each other.
typedef struct {
    /// Negative for a leaf.
    int32_t feature;
    /// The left child, counted from the root.
    uint32_t left;
    /// Values up to this go left.
    float threshold;
    /// Of a set's words, where the split asks for a category: their number and then a bit a category. 0 for none.
    uint32_t set;
    bool missing_goes_left;
    bool zero_is_missing;
    /// The share of the node's training rows that go left.
    double left_share;
    /// A leaf's value, or the mean below a split.
    double value;
} la_explained_node;

/// The place of the child that the row goes to.
uint32_t la_next_node(const la_explained_node *node, const float *row, const uint32_t *words);

enum { LA_POINTS = 8 };

/// Eight points of an integration rule over 0 to 1.
typedef struct {
    double point[LA_POINTS];
    double weight[LA_POINTS];
} la_rule;

/// What the path so far says of a feature; all of `la_feature_state_size` bytes, on a cache line's boundary.
typedef struct la_feature_state la_feature_state;
size_t la_feature_state_size(void);

/// Prepares the states of `count` features. A tree leaves them as it found them.
void la_reset_features(la_feature_state *states, size_t count);

/// Adds what each feature adds to the value of the tree, by the points of one rule. Recurses as deep as the tree.
/// - words: what category sets are read from.
void la_explain(
    const la_explained_node *nodes, const float *row, const uint32_t *words, const la_rule *rule,
    la_feature_state *states, double *contributions);

/// Adds rows to the cells of up to 64 features whose bins are side by side.
///
/// A cell is the sum of its rows' gradients, in the upper 32 bits, and of their hessians, in the lower ones: whole
/// numbers that one addition adds both of, in any order.
/// - bins: a byte a feature, `stride` bytes a row.
/// - places: which of a row's bytes to take; the first `features` when null.
/// - first_cells: by feature, the place of its bin 0 in `cells`.
/// - rows: the rows to add; all of the first `count` when null.
/// - gradients: by row.
void la_add_rows(
    const uint8_t *bins, size_t stride, const uint8_t *places, const uint32_t *first_cells, size_t features,
    const uint32_t *rows, size_t count, const int64_t *gradients, int64_t *cells);

/// The same for one feature with bins of two bytes.
void la_add_wide_rows(
    const uint16_t *bins, const uint32_t *rows, size_t count, const int64_t *gradients, int64_t *cells);

/// Takes `part` from `whole`.
void la_subtract_cells(int64_t *whole, const int64_t *part, size_t count);

/// How the two sides of a split are scored.
typedef struct {
    /// What a gradient or hessian of 1 in a cell stands for.
    double gradient_unit, hessian_unit;
    double l1, l2;
    /// Least hessian of each side.
    double least_hessian;
    /// Leaf values are kept between these, and ascend (1) or descend (-1) with the feature, where bounded.
    double lower, upper;
    int direction;
    bool is_bounded;
} la_split_rule;

/// Adds to `scores`, for each bin from 1 to `last`, what the two sides score when bins up to it go left; a negative
/// number where a side has too little.
void la_add_split_scores(
    const int64_t *cells, size_t last, int64_t total, bool missing_goes_left, const la_split_rule *rule, double *scores);

/// The first of the highest scores from 1 to `last`.
size_t la_best_score(const double *scores, size_t last);

/// Moves the rows whose bin is marked to the front of `rows`, the others to `spare`, in order; returns how many are
/// left.
size_t la_part_rows(
    const uint8_t *bins, const uint8_t *marks, uint32_t *rows, size_t count, uint32_t *spare);
size_t la_part_wide_rows(
    const uint16_t *bins, const uint8_t *marks, uint32_t *rows, size_t count, uint32_t *spare);

/// Sorts numbers, and drops those that are not; returns how many are left. Needs room for twice as many.
size_t la_sort_numbers(float *numbers, size_t count, uint32_t *room);

/// By value: 1 + how many of 256 ascending cuts are below it, the last of which is infinity; 0 where it is not a
/// number.
void la_fill_bins(const float *values, size_t count, const float *cuts, uint8_t *bins);

#endif
