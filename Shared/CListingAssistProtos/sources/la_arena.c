#include "la_arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// A build with the address sanitizer finds uses of what the arena has not handed out.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)0)
#endif

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

enum { ALIGNMENT = 16 };

struct la_arena {
    ProtobufCAllocator allocator;
    uint8_t *base;
    size_t capacity;
    size_t retained;
    size_t used;
    bool exhausted;
};

static void *allocate(void *arena, size_t size) { return la_arena_alloc(arena, size); }

static void ignore(void *arena, void *pointer) {
    (void)arena;
    (void)pointer;
}

/// `size` rounded up to a multiple of `unit`, a power of two; both far below SIZE_MAX.
static size_t rounded_up(size_t size, size_t unit) { return (size + unit - 1) & ~(unit - 1); }

la_arena *la_arena_create(size_t capacity, size_t retained) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (capacity == 0 || capacity > SIZE_MAX / 2) return NULL;
    capacity = rounded_up(capacity, page);

    la_arena *arena = malloc(sizeof *arena);
    if (arena == NULL) return NULL;
    void *base = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        free(arena);
        return NULL;
    }
    ASAN_POISON_MEMORY_REGION(base, capacity);
    *arena = (la_arena){
        .allocator = {.alloc = allocate, .free = ignore, .allocator_data = arena},
        .base = base,
        .capacity = capacity,
        .retained = retained < capacity ? rounded_up(retained, page) : capacity,
    };
    return arena;
}

void la_arena_destroy(la_arena *arena) {
    if (arena == NULL) return;
    ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->capacity);
    munmap(arena->base, arena->capacity);
    free(arena);
}

void la_arena_reset(la_arena *arena) {
    if (arena->used > arena->retained) {
        // Advice only: were it refused, the pages would merely stay.
        madvise(arena->base + arena->retained, rounded_up(arena->used, ALIGNMENT) - arena->retained, MADV_DONTNEED);
    }
    ASAN_POISON_MEMORY_REGION(arena->base, arena->used);
    arena->used = 0;
    arena->exhausted = false;
}

void *la_arena_alloc(la_arena *arena, size_t size) {
    // Nothing fits after a refusal: a reader that went on past one would only waste time.
    if (arena->exhausted || size > arena->capacity - arena->used) {
        arena->exhausted = true;
        return NULL;
    }
    void *memory = arena->base + arena->used;
    // Capacity is a multiple of the alignment, so that rounding up cannot pass it.
    arena->used += rounded_up(size, ALIGNMENT);
    ASAN_UNPOISON_MEMORY_REGION(memory, size);
    return memory;
}

size_t la_arena_used(const la_arena *arena) { return arena->used; }

bool la_arena_exhausted(const la_arena *arena) { return arena->exhausted; }

ProtobufCAllocator *la_arena_allocator(la_arena *arena) { return &arena->allocator; }
