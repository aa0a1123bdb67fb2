/* Control API of the stand-in for Tencent's libImSDK. Tests and benches only; it never ships.
 *
 * The library exports the vendor's functions (see vendor-abi.h) and, beside them, these. Everything here is plain C
 * with int, int64_t and UTF-8 `const char*`, Cdecl, so that P/Invoke and Node's FFI need no structs.
 *
 * THREADS
 *  - One worker thread of the library's own carries out calls and makes callbacks, first in, first out. It starts at
 *    the first need and lives as long as the process; the library is never unloaded.
 *  - Every function here may be called from any thread, and from inside a callback unless it says otherwise.
 *    No lock is held while a callback runs.
 *  - What changes the world in order (firing events, kicking offline, new messages) is queued behind the calls made
 *    before it. Settings and faults take effect at once: a call's return and BEFORE_RETURN faults are decided at the
 *    call, all others when the worker comes to it.
 *  - Setting a slot takes effect at once but does not wait for a callback that is running. Uninit leaves the slots alone.
 *  - `standin_pause` stops the worker between two jobs, so that a test can arrange what is queued.
 *
 * STRINGS given to callbacks are allocated for that one callback, overwritten with 0xDD and freed when it returns.
 * INPUT strings are copied before the vendor's function returns, and not read later unless a fault below says so.
 *
 * STATE: one store of conversations for each user, which outlives logout and uninit (it is "the server") until
 * standin_reset. Who is signed in is decided in queue order: a delete queued before another user's login runs as the
 * user before. Whether the core is initialised, and the request limit, are decided at the call.
 */
#ifndef CHATBRIDGE_STANDIN_H
#define CHATBRIDGE_STANDIN_H

#include <stdint.h>

/* Which vendor function or callback slot. The last four are slots: they name events as targets of faults and counts. */
enum standin_function {
    STANDIN_ALL = 0, /* faults: every call that has a callback, Init and Uninit; counts: the sum of all */
    STANDIN_INIT = 1,
    STANDIN_UNINIT = 2,
    STANDIN_LOGIN = 3,
    STANDIN_LOGOUT = 4,
    STANDIN_CONV_DELETE = 5,
    STANDIN_CONV_DELETE_LIST = 6,
    STANDIN_CONV_GET_LIST = 7,
    STANDIN_GET_LOGIN_STATUS = 8,
    STANDIN_GET_LOGIN_USER_ID = 9,
    STANDIN_GET_SDK_VERSION = 10,
    STANDIN_SET_CALLBACK = 11, /* the four TIMSet...Callback functions together */
    STANDIN_ON_CONV_EVENT = 12,
    STANDIN_ON_KICKED_OFFLINE = 13,
    STANDIN_ON_USER_SIG_EXPIRED = 14,
    STANDIN_ON_NETWORK_STATUS = 15,
    STANDIN_FUNCTION_COUNT = 16
};

/* Faults. They combine: NOT_UTF8 with TWICE on a FOREIGN_THREAD is one call's three faults. "Call" is any function with
 * a callback (Login, Logout, the deletes, GetConvList); "slot" is one of the four event slots. A fault fires, and is
 * counted, only where there is a callback to do it to, except the return faults.
 * `argument` is 0 unless said. */
enum standin_fault {
    /* WHEN AND WHERE THE CALLBACK COMES (calls and slots) */
    STANDIN_BEFORE_RETURN = 1,   /* the call is carried out at once, ahead of what is queued, and called back on the
                                    caller's thread before it returns; a slot: before standin_fire_... returns */
    STANDIN_FOREIGN_THREAD = 2,  /* each callback on a fresh thread that ends after it; order is kept */
    STANDIN_LATE = 3,            /* carried out in turn, but its callback is held until standin_release_held;
                                    argument n > 0: the oldest goes by itself when more than n are held */
    STANDIN_TWICE = 4,           /* argument n: n extra callbacks (0 is 1 extra); -1: one extra, held until
                                    standin_release_held */
    STANDIN_NEVER = 5,           /* carried out, never called back */
    STANDIN_AFTER_LOGOUT = 6,    /* held until a TIMLogout has been carried out, with whatever success, and called back, or
                                    TIMUninit called */
    STANDIN_AFTER_UNINIT = 7,    /* held until a TIMUninit has been carried out, then queued behind it */

    /* WHAT THE FUNCTION RETURNS (calls; Init, Uninit and GetLoginStatus: RETURN_ONLY). Nothing is carried out. The
       argument is the return value; 0 stands for -5 */
    STANDIN_RETURN_ONLY = 8,             /* and no callback */
    STANDIN_RETURN_CALLBACK_BEFORE = 9,  /* and a callback 6017 on the caller's thread before the return */
    STANDIN_RETURN_CALLBACK_AFTER = 10,  /* and a callback 6017 from the worker; with LATE surely after the return */

    /* WHAT THE CALLBACK SAYS (calls and STANDIN_ON_CONV_EVENT), or the one text where there is one and no JSON: desc of
       ON_NETWORK_STATUS, and the return of GetSDKVersion, which lives until the worker's next job: pause it first */
    STANDIN_NOT_UTF8 = 11,        /* desc and json hold bytes that are not UTF-8; argument 1: desc only; 2: json only */
    STANDIN_MALFORMED_JSON = 12,  /* argument 0: cut off; 1: no JSON at all; 2: well formed, of the wrong shape;
                                     3: 100,000 brackets deep */
    STANDIN_EMPTY_JSON = 13,      /* json is "" */
    STANDIN_NULL_STRINGS = 14,    /* desc and json are NULL */
    STANDIN_HUGE_JSON = 15,       /* the same answer in at least 5 MB of well formed JSON; argument: bytes instead */
    STANDIN_RESULT_CODE = 16,     /* calls: nothing is carried out, the callback's code is the argument (0 stands for
                                     6012); a batch gives it for each id as well */
    STANDIN_RESULT_CODE_BUT_DONE = 17, /* calls: the same, but it is carried out, event included */

    /* WHAT FOLLOWS THE CALLBACK (calls; UPDATE_AFTER_DEL and EVENT_FLOOD: a conversation event that a test fires, too) */
    STANDIN_UNKNOWN_EVENT = 18,    /* a conversation event of number `argument` (0 stands for 99); a slot
                                      (ON_CONV_EVENT, ON_NETWORK_STATUS): the number of that event itself */
    STANDIN_UPDATE_AFTER_DEL = 19, /* right after the Del event an Update for the same conversations; after a call that
                                      deleted nothing: a Del and an Update for the C2C conversation "standin_ghost";
                                      after an event other than Del: both for its conversations, or the ghost */
    STANDIN_EVENT_FLOOD = 20,      /* `argument` (0 stands for 100,000) Update events at once, for the C2C conversations
                                      flood_0, flood_1, ...; other faults leave them alone */
    STANDIN_EVENT_BEFORE_CALLBACK = 21, /* a delete's Del event comes before its callback */

    /* MEMORY */
    STANDIN_REREAD_INPUTS = 22,  /* the caller's input strings are read again when the call is carried out and right
                                    before its callback (argument 1: after it has returned as well) and held against the
                                    copy: see standin_input_mismatches. Of a call that is refused they are read right
                                    before the return; of one that was never called back, and of one that is held, by
                                    TIMUninit, last of all: see standin_inputs_reread. Memory that is gone may crash the
                                    process */
    STANDIN_POISON_INPUTS = 23,  /* the caller's input strings are overwritten with 0xDD right before the callback (Init:
                                    before it returns): they must be writable */
    STANDIN_UNMAP_STRINGS = 24,  /* the callback's strings lie on pages of their own, unmapped when it returns: whoever
                                    reads them later crashes. The return of GetSDKVersion: by the worker's next job;
                                    argument 1: overwritten and freed by it instead */

    /* WHEN (calls and slots), continued */
    STANDIN_DURING_UNINIT = 25,  /* held until a TIMUninit is being carried out, and called back before that returns;
                                    where it does not wait (see standin_pause), right before it is carried out */
    STANDIN_FAULT_COUNT = 26
};

/* FAULTS */

/* Switches a fault on for a function. A setting for one function goes before one for STANDIN_ALL. Replaces argument,
 * pace and limit of an earlier setting; the fired count stays. Returns 1, or 0 for an unknown fault or function. */
int standin_set_fault(int fault, int function, int64_t argument);
/* Paces a fault that is set: it fires at every `every`-th chance (1: each), the first of them being chance number
 * `every`, and at most `times` times (negative: no limit). Returns 1, or 0 if the fault is not set there. */
int standin_pace_fault(int fault, int function, int64_t every, int64_t times);
/* Switches one setting off. What is held stays held. Returns 1, or 0 for an unknown fault or function. */
int standin_clear_fault(int fault, int function);
/* Switches all off. What is held stays held. Fired counts stay. */
void standin_clear_faults(void);
/* How many times the fault has fired on the function (STANDIN_ALL: on any) since the last reset. -1: unknown number. */
int64_t standin_fault_fired(int fault, int function);

/* What was really done, found where it was done and not where it was decided: a fault that fires and does nothing is not in it. */
enum standin_effect {
    STANDIN_STRINGS_OVERWRITTEN = 1, /* strings of a callback, or a returned text, read back as 0xDD just before they went */
    STANDIN_STRINGS_UNMAPPED = 2,    /* the same, whose pages the system has unmapped */
    STANDIN_INPUTS_OVERWRITTEN = 3,  /* the caller's input strings, read back as 0xDD */
    STANDIN_OFF_WORKER = 4,          /* callbacks on another thread than the worker */
    /* What callbacks were given, of calls and STANDIN_ON_CONV_EVENT */
    STANDIN_GAVE_NOT_UTF8 = 5,  /* strings that are not UTF-8 */
    STANDIN_GAVE_NULL = 6,      /* strings that are NULL */
    STANDIN_GAVE_EMPTY = 7,     /* a json that is "" */
    STANDIN_GAVE_MALFORMED = 8, /* a json that is neither "" nor an array of objects */
    STANDIN_GAVE_HUGE = 9,      /* a json of 5 MB or more */
    STANDIN_GAVE_UNKNOWN_EVENT = 10, /* numbers that no conversation event has, or, of ON_NETWORK_STATUS, no status */
    STANDIN_EFFECT_COUNT = 11
};

/* How many times since the last reset, on the function (STANDIN_ALL: on any). -1: unknown number. */
int64_t standin_effects(int effect, int function);

/* How many callbacks wait for standin_release_held, a logout or an uninit, before it or after it. */
int64_t standin_held_count(void);
/* Queues up to `count` (negative: all) held callbacks, oldest first, whatever they wait for. Returns how many. */
int64_t standin_release_held(int64_t count);
/* How often REREAD_INPUTS found an input string changed since the call. */
int64_t standin_input_mismatches(void);
/* How many input strings REREAD_INPUTS has read again, each time counted. */
int64_t standin_inputs_reread(void);
/* For calls under both NEVER and REREAD_INPUTS: reads their inputs now. Returns how many calls' inputs were read. */
int64_t standin_reread_forgotten(void);

/* TIME AND ORDER */

/* Waits until the queue is empty and the worker idle (held callbacks do not count). Returns 1, or 0 when timeout_ms
 * (negative: none) has passed, or at once when called from inside a callback. */
int standin_wait_idle(int timeout_ms);
/* Stops the worker before its next job, until standin_resume. TIMUninit does not wait for a paused worker. */
void standin_pause(void);
void standin_resume(void);
/* Jobs that wait in the queue. */
int64_t standin_queued_count(void);
/* Limits the two delete functions to so many requests in any 1000 ms of the stand-in's own clock, beyond that they
 * call back 9506 and do nothing; 0, the default, switches it off. At most 1000. */
void standin_set_rate_limit(int requests_per_second);
/* Moves that clock, which otherwise stands still. */
void standin_advance_clock(int64_t milliseconds);

/* CONVERSATIONS */

/* Replaces the conversations of the signed-in user, or, where nobody is, sets those that every user has at the first
 * login. `json_array` is a ConvInfo list as TIMConvGetConvList returns it: objects with a string `conv_id` (bare) and
 * a number `conv_type`; the rest of each object is kept as it is. Each has a history of one message. No event.
 * Returns how many, or -1 and changes nothing. Not queued: standin_wait_idle after a login first. */
int64_t standin_load_conversations(const char *json_array);
/* The same for a user by name, signed in or not. */
int64_t standin_load_conversations_for(const char *user_id, const char *json_array);
/* Names the ConvInfo list file that TIMLogin reads for a user who has no store yet and nothing was loaded for; NULL:
 * the environment variable CHATBRIDGE_STANDIN_CONVERSATIONS, which is the default (.NET's own SetEnvironmentVariable
 * does not reach it). A file that cannot be read: login calls back 6022; not a ConvInfo list: 6027. */
void standin_set_conversations_file(const char *path);
/* Not 0: a delete of an id that is not in the store succeeds, and its event names it. For benches. Default 0. */
void standin_set_accept_unknown(int on);
/* Deletes of this conversation of the signed-in user fail with `code` (0: no longer). Returns 1, or 0 if there is none. */
int standin_refuse_delete(const char *conv_id, int conv_type, int code);
/* Queued: a message arrives for the user who is then signed in. The history grows by one; the conversation comes (back)
 * with an Add event, or has an Update. Returns 1, or 0 for a NULL or empty id, NULL text or bad type. */
int standin_new_message(const char *conv_id, int conv_type, const char *text);
/* Messages in the conversation's history, listed or not, for the signed-in user. 0: none. -1: nobody is signed in, or
 * the conversation was never there or its history was cleared with it. */
int64_t standin_history_length(const char *conv_id, int conv_type);
/* Whether the signed-in user's list has it: 1, 0. */
int standin_is_listed(const char *conv_id, int conv_type);

/* EVENTS, all queued. They go to whoever holds the slot when they are delivered. */

/* Payload of Del: 0, the default: array of ConvInfo objects; 1: array of id strings, "c2c_x". */
void standin_set_del_payload(int form);
/* Not 0: after a login's callback come Start, Add with the whole list if there is any, and Finish. Default 0. */
void standin_set_login_events(int on);
/* TIMConvEventCallback with any number and any text (NULL too). */
void standin_fire_conv_event(int event, const char *json);
/* Signs the user out and calls TIMKickedOfflineCallback. */
void standin_kick_offline(void);
/* Signs the user out and calls TIMUserSigExpiredCallback. */
void standin_expire_user_sig(void);
/* Calls TIMNetworkStatusListenerCallback: 0 connected, 1 disconnected, 2 connecting, 3 connect failed; with code 9508 and
 * words. */
void standin_network_status(int status);

/* WHAT HAPPENED, since the last reset */

/* Calls of a vendor function. For a slot: 0. */
int64_t standin_calls(int function);
/* Callbacks made for a call, or to a slot. */
int64_t standin_callbacks(int function);
/* Conversations really deleted, by whichever call; the log names them in order, unless it is off. */
int64_t standin_deleted_count(void);
/* Entry `index` of the log. Bare id and user as UTF-8, valid until standin_reset; NULL or -1 where there is none. */
const char *standin_deleted_id(int64_t index);
const char *standin_deleted_user(int64_t index);
int standin_deleted_type(int64_t index);
int standin_deleted_history(int64_t index); /* 1: history cleared; 0: kept */
/* The calls of Init, Uninit, Login, Logout, the deletes and GetConvList as they came in, refused ones included. */
int64_t standin_call_count(void);
int standin_call_function(int64_t index);
/* conv_id, json array, user id (never a UserSig) or json config; NULL where NULL was given or there is none. */
const char *standin_call_text(int64_t index);
/* conv_type, clear_message or sdk_app_id. */
int64_t standin_call_number(int64_t index);
/* Both logs on (default) or off, for benches; counts go on. */
void standin_set_logs(int on);

/* The library's own live allocations for queued, held and running calls and events. 0 when idle with nothing held.
 * The stores, the logs and settings are not in it. */
int64_t standin_live_allocations(void);
/* The same, all that were ever made. */
int64_t standin_total_allocations(void);

/* Everything back as if just loaded: stores, slots, login, faults, counts, logs, settings; what is queued or held is
 * dropped and freed. Waits for a callback that is running. Returns 1, or 0 and does nothing when called from inside
 * a callback. Do not call while another thread is inside a vendor function. */
int standin_reset(void);

#endif
