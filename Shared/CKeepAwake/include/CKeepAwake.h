#ifndef LISTING_ASSIST_KEEP_AWAKE_H
#define LISTING_ASSIST_KEEP_AWAKE_H

#include <stdint.h>

/// Keeps the core that a thread works on from halting while the thread waits for its next work.
///
/// A core that halts, a virtual one most of all, wakes late and with cold caches. A helper thread spins on the same core at
/// the system's lowest priority (SCHED_IDLE), so that whatever else wants to run there runs at once. It stops spinning when
/// the thread has had no work for `nanoseconds`. Linux only: elsewhere `la_keep_awake_start` returns NULL.
typedef struct la_keep_awake la_keep_awake;

/// NULL, with `errno` set, when no thread can be had, or not at that priority.
la_keep_awake *la_keep_awake_start(uint64_t nanoseconds);

/// The calling thread has work; always the same thread. Some nanoseconds, but for the first after a long rest.
void la_keep_awake_note(la_keep_awake *keeper);

/// Whether the helper spins now.
int la_keep_awake_is_spinning(const la_keep_awake *keeper);

/// Ends the helper thread, soon; not to be followed by any other call.
void la_keep_awake_stop(la_keep_awake *keeper);

#endif
