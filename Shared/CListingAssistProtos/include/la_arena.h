#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/// Memory for one message at a time: a bump allocator that never moves, never frees one piece, and never passes a cap.
///
/// The whole cap is reserved as address space; the kernel backs a page when it is first touched, so an arena costs what
/// was used of it. For one thread at a time.
typedef struct la_arena la_arena;

/// Reserves `capacity` bytes, rounded up to pages. `retained` is how much of it stays backed across resets.
/// NULL when there is no address space, or `capacity` is 0 or more than half of it.
la_arena *la_arena_create(size_t capacity, size_t retained);

void la_arena_destroy(la_arena *arena);

/// Takes back every allocation; gives what lies past `retained` back to the kernel.
void la_arena_reset(la_arena *arena);

/// 16-byte aligned memory, not cleared; NULL when it does not fit, and from then on until the next reset.
void *la_arena_alloc(la_arena *arena, size_t size);

/// Bytes handed out since the last reset, with padding.
size_t la_arena_used(const la_arena *arena);

/// Whether an allocation did not fit since the last reset.
bool la_arena_exhausted(const la_arena *arena);

/// The arena as protobuf-c's allocator; its free does nothing. Lives as long as the arena.
ProtobufCAllocator *la_arena_allocator(la_arena *arena);
