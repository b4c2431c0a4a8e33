/* What ThreadSanitizer cannot see of Rust's standard library, which is not built for it: it is told
 * here. Linked into programs with `--wrap=syscall`.
 *
 * The library's locks and condition variables wait and wake through futexes. Each wait and each wake
 * stands for what happened before it in the threads that met there. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
const char *__tsan_default_suppressions(void);

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
    if (number != SYS_futex) {
        return __real_syscall(number, a, b, c, d, e, f);
    }
    __tsan_release((void *)a);
    long done = __real_syscall(number, a, b, c, d, e, f);
    int problem = errno;
    if (done < 0 && problem == EAGAIN) {
        /* The other thread has changed the futex and is about to wake us: its wake comes first. */
        usleep(20000);
    }
    __tsan_acquire((void *)a);
    errno = problem;
    return done;
}

/* Where a lock was got without waiting, or a first initialisation met nobody, there was no futex
 * call. These are the places that rest on such a lock alone. None of them runs other code: the latch
 * and the sleep of rayon's threads, the collector that crossbeam sets up at first use, and the table
 * of handles, which is safe code under one lock. */
const char *__tsan_default_suppressions(void) {
    return "race:rayon_core::latch::LockLatch\n"
           "race:rayon_core::sleep::Sleep\n"
           "race:crossbeam_epoch::internal::Local>::\n"
           "race:passerelle_ffi::table::Table>::\n";
}
