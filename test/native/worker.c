/* The library's one thread and its queue. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "internal.h"

struct core core = {.lock = PTHREAD_MUTEX_INITIALIZER};

static job_list queue;
static bool running, paused;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int callback_depth;
static _Thread_local bool is_worker;

void core_lock(void) {
    pthread_mutex_lock(&core.lock);
}

void core_unlock(void) {
    pthread_mutex_unlock(&core.lock);
}

void list_append(job_list *list, job *item) {
    item->next = NULL;
    *(list->last != NULL ? &list->last->next : &list->first) = item;
    list->last = item;
    list->count++;
}

job *list_take(job_list *list) {
    job *item = list->first;
    if (item != NULL) {
        list->first = item->next;
        list->count--;
        if (list->first == NULL) {
            list->last = NULL;
        }
        item->next = NULL;
    }
    return item;
}

bool on_worker(void) {
    return is_worker;
}

bool on_callback_thread(void) {
    return callback_depth > 0;
}

void callback_begins(void) {
    callback_depth++;
}

void callback_ends(void) {
    callback_depth--;
}

static void *work(void *unused) {
    (void)unused;
    is_worker = true;
    core_lock();
    for (;;) {
        while (queue.first == NULL || paused) {
            pthread_cond_wait(&changed, &core.lock);
        }
        job *item = list_take(&queue);
        running = true;
        core_unlock();
        item->run(item);
        core_lock();
        running = false;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

static void start(void) {
    pthread_condattr_t attributes;
    pthread_t thread;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&thread, NULL, work, NULL) != 0) {
        fputs("libimsdk-standin: cannot start a thread\n", stderr);
        abort();
    }
    pthread_detach(thread);
}

void worker_enqueue(job *item) {
    pthread_once(&once, start);
    list_append(&queue, item);
    pthread_cond_broadcast(&changed);
}

void worker_wake(void) {
    pthread_once(&once, start);
    pthread_cond_broadcast(&changed);
}

void worker_drop_queue(void) {
    for (job *item; (item = list_take(&queue)) != NULL;) {
        item->drop(item);
    }
    worker_wake();
}

static bool idle(void) {
    return queue.first == NULL && !running;
}

static bool reached(const int64_t *counter, int64_t target) {
    return counter != NULL ? *counter >= target : idle();
}

bool worker_wait(const int64_t *counter, int64_t target, int timeout_ms) {
    struct timespec until;
    pthread_once(&once, start);
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (timeout_ms > 0) {
        until.tv_sec += timeout_ms / 1000;
        until.tv_nsec += timeout_ms % 1000 * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
    }
    while (!reached(counter, target)) {
        if (timeout_ms < 0) {
            pthread_cond_wait(&changed, &core.lock);
        } else if (pthread_cond_timedwait(&changed, &core.lock, &until) == ETIMEDOUT) {
            return reached(counter, target);
        }
    }
    return true;
}

int standin_wait_idle(int timeout_ms) {
    if (on_callback_thread()) {
        return 0;
    }
    core_lock();
    bool waited = worker_wait(NULL, 0, timeout_ms);
    core_unlock();
    return waited;
}

static void set_paused(bool on) {
    core_lock();
    paused = on;
    worker_wake();
    core_unlock();
}

void standin_pause(void) {
    set_paused(true);
}

void standin_resume(void) {
    set_paused(false);
}

int64_t standin_queued_count(void) {
    core_lock();
    int64_t count = queue.count;
    core_unlock();
    return count;
}

bool worker_is_paused(void) {
    return paused;
}

/* Waits for the running job first: what it still does must land before the rest is reset. */
void worker_reset(void) {
    paused = true;
    worker_drop_queue();
    while (running) {
        pthread_cond_wait(&changed, &core.lock);
    }
    worker_drop_queue();
    paused = false;
}
