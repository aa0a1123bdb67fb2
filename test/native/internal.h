/* What the stand-in's files share. One lock, `core.lock`, guards everything in `core`; no callback runs under it. */
#ifndef CHATBRIDGE_STANDIN_INTERNAL_H
#define CHATBRIDGE_STANDIN_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#include "standin.h"
#include "vendor-abi.h"
#pragma GCC visibility pop

#include "json-reader.h"
#include "memory.h"
#include "store.h"

/* One job of the worker's. `drop` frees it without running it. */
typedef struct job {
    void (*run)(struct job *);
    void (*drop)(struct job *);
    struct job *next;
} job;

typedef struct {
    job *first, *last;
    int64_t count;
} job_list;

void list_append(job_list *list, job *item);
job *list_take(job_list *list);

/* worker.c. All but the two on_... want the lock held. */
void worker_enqueue(job *item);
void worker_drop_queue(void);
/* Until *counter has reached `target`; with NULL until the worker is idle. Milliseconds; negative: no limit. */
bool worker_wait(const int64_t *counter, int64_t target, int timeout_ms);
void worker_wake(void);
bool worker_is_paused(void);
void worker_reset(void);
bool on_callback_thread(void);
bool on_worker(void);
void callback_begins(void);
void callback_ends(void);

/* faults.c. All want the lock held. `fault_takes` is the one place where a fault fires and is counted. */
bool fault_takes(int fault, int function, int64_t *argument);
bool fault_is_set(int fault, int function);
void faults_reset(void);

/* One input string of a call: where the caller has it, and what it said at the call. */
typedef struct {
    char *callers;
    char *copy;
    size_t size; /* with its NUL */
} input;

enum { INPUT_MAX = 2 };

typedef enum { TO_CALL, TO_CONV_EVENT, TO_KICKED_OFFLINE, TO_USER_SIG_EXPIRED, TO_NETWORK_STATUS } addressee;

/* One callback to be made. Sits in the worker's queue, among the held, or on the stack's end of a call. */
typedef struct {
    job head; /* first, so that a delivery is a job */
    addressee to;
    int function;
    TIMCommCallback callback;
    const void *user_data;
    int32_t number; /* code, event or status */
    text desc, json;
    input inputs[INPUT_MAX];
    int times;
    bool foreign, unmapped, reread, reread_after, poison, signs_out;
    int held_for; /* the fault that holds it */
} delivery;

/* delivery.c. Takes over the texts. */
delivery *delivery_new(addressee to, int function, int32_t number, text desc, text json);
/* Without the lock: through the faults, then called, held or dropped, on this thread. Frees it. */
void delivery_route(delivery *d);
/* With the lock: as delivery_route, on the worker, in turn. */
void delivery_enqueue(delivery *d);
/* With the lock: what a function that has no callback returns in the place of its usual text, through the faults. */
const char *returned(const char *usual, int function);
/* Whether there is anyone to call. With the lock. */
bool delivery_has_target(const delivery *d);
/* With the lock: queues what is held for `fault` (0: for any), at most `count` (negative: all). */
int64_t held_release(int fault, int64_t count);
int64_t held_reread_forgotten(void);
/* With the lock: what is held under REREAD_INPUTS, and what was forgotten, is read for the last time. */
void held_reread_all(void);
void held_drop(void);
/* Without the lock, on the worker. */
void flood_run(int64_t count);
/* With the lock. */
void flood_enqueue(int64_t count);
void inputs_free(input inputs[INPUT_MAX]);
void inputs_compare(const input inputs[INPUT_MAX]);

enum { RATE_LIMIT_MAX = 1000, EVENT_FLOOD_DEFAULT = 100000 };

/* The conversation of events that have none of their own. */
extern const char ghost_info[];

struct core {
    pthread_mutex_t lock;
    bool initialised;
    store *user; /* signed in; NULL: nobody */
    int logins_queued, logouts_queued;
    int64_t uninits_asked, uninits_done;
    TIMConvEventCallback on_conv_event;
    const void *conv_event_data;
    TIMKickedOfflineCallback on_kicked_offline;
    const void *kicked_offline_data;
    TIMUserSigExpiredCallback on_user_sig_expired;
    const void *user_sig_expired_data;
    TIMNetworkStatusListenerCallback on_network_status;
    const void *network_status_data;

    int64_t calls[STANDIN_FUNCTION_COUNT], callbacks[STANDIN_FUNCTION_COUNT];
    int64_t input_mismatches, inputs_reread;
    int64_t effects[STANDIN_EFFECT_COUNT][STANDIN_FUNCTION_COUNT];
    int rate_limit;
    int64_t clock_ms, request_times[RATE_LIMIT_MAX];
    int64_t requests;
    bool accept_unknown, login_events, logs_off;
    int del_payload;
    char *conversations_file;
};

extern struct core core;

void core_lock(void);
void core_unlock(void);

/* logs.c. With the lock. */
void log_call(int function, const char *callers_text, int64_t number);
void log_deleted(const char *user, const char *id, size_t id_length, int type, bool history_cleared);
void logs_reset(void);

#endif
