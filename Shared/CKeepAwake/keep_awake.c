#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKeepAwake.h"

#include <errno.h>
#include <stddef.h>

#ifdef __linux__

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct la_keep_awake {
    // The low half is the core of the last work, the high half counts it.
    _Atomic uint64_t work;
    _Atomic uint32_t is_resting;
    _Atomic uint32_t is_stopping;
    // Of the owner and of the thread: who is the last frees it.
    _Atomic uint32_t holders;
    // 0 until the thread runs.
    _Atomic pid_t thread;
    uint64_t patience;
};

static void let_go(la_keep_awake *keeper) {
    if (atomic_fetch_sub(&keeper->holders, 1) == 1) free(keeper);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void pause_briefly(void) {
    for (int i = 0; i < 64; i++) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("isb");
#else
        __asm__ volatile("");
#endif
    }
}

// Returns whether the thread has the lowest priority: at that of the thread it serves it would starve it.
static int take_lowest_priority(pid_t thread) {
    struct sched_param none = {0};
    return sched_getscheduler(thread) == SCHED_IDLE || sched_setscheduler(thread, SCHED_IDLE, &none) == 0;
}

static void follow(uint32_t core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void rest(la_keep_awake *keeper, uint64_t seen) {
    atomic_store(&keeper->is_resting, 1);
    // Work that came before the flag was seen would not wake it.
    while (atomic_load(&keeper->work) == seen && !atomic_load(&keeper->is_stopping) &&
           atomic_load(&keeper->is_resting))
        syscall(SYS_futex, &keeper->is_resting, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
    atomic_store(&keeper->is_resting, 0);
}

static void *spin(void *argument) {
    la_keep_awake *keeper = argument;
    uint64_t seen = 0, since = now(), checked = since;
    uint32_t core = UINT32_MAX;
    atomic_store(&keeper->thread, (pid_t)syscall(SYS_gettid));
    while (!atomic_load_explicit(&keeper->is_stopping, memory_order_relaxed)) {
        uint64_t time = now();
        if (time - checked > 1000000) {
            // Someone may have raised the priority of all threads of the process.
            if (!take_lowest_priority(0)) break;
            checked = time;
        }
        uint64_t work = atomic_load_explicit(&keeper->work, memory_order_relaxed);
        if (work != seen) {
            seen = work;
            since = time;
            if (core != (uint32_t)work) follow(core = (uint32_t)work);
        } else if (time - since > keeper->patience) {
            rest(keeper, seen);
            since = now();
        }
        pause_briefly();
    }
    let_go(keeper);
    return NULL;
}

la_keep_awake *la_keep_awake_start(uint64_t nanoseconds) {
    la_keep_awake *keeper = calloc(1, sizeof *keeper);
    if (!keeper) return NULL;
    keeper->patience = nanoseconds;
    keeper->holders = 2;
    // Signals are for the program's own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, spin, keeper);
    if (!error) {
        pthread_setname_np(thread, "keep-awake");
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        free(keeper);
        errno = error;
        return NULL;
    }
    while (!atomic_load(&keeper->thread)) sched_yield();
    if (!take_lowest_priority(atomic_load(&keeper->thread))) {
        error = errno;
        la_keep_awake_stop(keeper);
        errno = error;
        return NULL;
    }
    return keeper;
}

void la_keep_awake_note(la_keep_awake *keeper) {
    uint64_t work = atomic_load_explicit(&keeper->work, memory_order_relaxed);
    int core = sched_getcpu();
    work = (work & 0xFFFFFFFF00000000u) + 0x100000000u + (uint32_t)(core < 0 ? 0 : core);
    atomic_store(&keeper->work, work);
    if (atomic_load(&keeper->is_resting) && atomic_exchange(&keeper->is_resting, 0))
        syscall(SYS_futex, &keeper->is_resting, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

int la_keep_awake_is_spinning(const la_keep_awake *keeper) {
    return !atomic_load(&((la_keep_awake *)keeper)->is_resting);
}

void la_keep_awake_stop(la_keep_awake *keeper) {
    atomic_store(&keeper->is_stopping, 1);
    atomic_store(&keeper->is_resting, 0);
    syscall(SYS_futex, &keeper->is_resting, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    let_go(keeper);
}

#else

la_keep_awake *la_keep_awake_start(uint64_t nanoseconds) {
    (void)nanoseconds;
    errno = ENOTSUP;
    return NULL;
}
void la_keep_awake_note(la_keep_awake *keeper) { (void)keeper; }
int la_keep_awake_is_spinning(const la_keep_awake *keeper) { (void)keeper; return 0; }
void la_keep_awake_stop(la_keep_awake *keeper) { (void)keeper; }

#endif
