/* Makes callbacks: through the faults, on the right thread, with strings that live no longer than the callback. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { HUGE_BYTES = 5 * 1024 * 1024, DEEP = 100000, NETWORK_CODE = 9508, LAST_NETWORK_STATUS = 3 };

static job_list held, forgotten;

const char ghost_info[] = "[{\"conv_id\":\"standin_ghost\",\"conv_type\":1,\"conv_show_name\":\"ghost\"}]";

static void delivery_free(delivery *d) {
    inputs_free(d->inputs);
    text_free(&d->desc);
    text_free(&d->json);
    give(d, PASSING);
}

static void drop(job *item) {
    delivery_free((delivery *)item);
}

static void run_routed(job *item) {
    delivery_route((delivery *)item);
}

delivery *delivery_new(addressee to, int function, int32_t number, text desc, text json) {
    delivery *d = take(sizeof *d, PASSING);
    d->head.run = run_routed;
    d->head.drop = drop;
    d->to = to;
    d->function = function;
    d->number = number;
    d->desc = desc;
    d->json = json;
    d->times = 1;
    return d;
}

void delivery_enqueue(delivery *d) {
    worker_enqueue(&d->head);
}

void inputs_free(input inputs[INPUT_MAX]) {
    for (int i = 0; i < INPUT_MAX; i++) {
        give(inputs[i].copy, PASSING);
        inputs[i] = (input){0};
    }
}

void inputs_compare(const input inputs[INPUT_MAX]) {
    for (int i = 0; i < INPUT_MAX; i++) {
        if (inputs[i].callers != NULL) {
            core.inputs_reread++;
            core.input_mismatches += memcmp(inputs[i].callers, inputs[i].copy, inputs[i].size) != 0;
        }
    }
}

static bool has_inputs(const delivery *d) {
    return d->inputs[0].callers != NULL;
}

bool delivery_has_target(const delivery *d) {
    switch (d->to) {
    case TO_CALL:
        return d->callback != NULL;
    case TO_CONV_EVENT:
        return core.on_conv_event != NULL;
    case TO_KICKED_OFFLINE:
        return core.on_kicked_offline != NULL;
    case TO_USER_SIG_EXPIRED:
        return core.on_user_sig_expired != NULL;
    case TO_NETWORK_STATUS:
        return core.on_network_status != NULL;
    }
    return false;
}

typedef struct {
    char *bytes;
    size_t size;
    bool pages;
} passed;

static passed pass(const text *t, bool pages) {
    passed p = {NULL, t->length + 1, pages};
    if (t->bytes != NULL) {
        p.bytes = pages ? take_pages(p.size) : take(p.size, PASSING);
        memcpy(p.bytes, t->bytes, t->length);
    }
    return p;
}

static void note_effect(int effect, int function, int64_t times) {
    core_lock();
    core.effects[effect][function] += times;
    core_unlock();
}

/* Whether its pages are unmapped. */
static bool let_go(passed *p) {
    if (p->pages && p->bytes != NULL) {
        return give_pages(p->bytes, p->size);
    }
    give(p->bytes, PASSING);
    return false;
}

static void pass_over(passed *p, int function) {
    if (p->bytes != NULL) {
        poison(p->bytes, p->size);
        note_effect(STANDIN_STRINGS_OVERWRITTEN, function, is_poisoned(p->bytes, p->size));
        note_effect(STANDIN_STRINGS_UNMAPPED, function, let_go(p));
    }
}

/* Read from what is handed over, whatever the faults said. */
static void note_what_is_given(const delivery *d, const passed *desc, const passed *json) {
    int f = d->function;
    bool has_number = d->to == TO_CONV_EVENT || d->to == TO_NETWORK_STATUS;
    int32_t last = d->to == TO_CONV_EVENT ? (int32_t)EVENT_FINISH : LAST_NETWORK_STATUS;
    note_effect(STANDIN_GAVE_UNKNOWN_EVENT, f, has_number && (d->number < 0 || d->number > last));
    if (d->to != TO_CALL && d->to != TO_CONV_EVENT) {
        return;
    }
    if (d->to == TO_CALL) {
        note_effect(STANDIN_GAVE_NULL, f, desc->bytes == NULL);
        note_effect(STANDIN_GAVE_NOT_UTF8, f, desc->bytes != NULL && !utf8_is_valid(desc->bytes, desc->size - 1));
    }
    note_effect(STANDIN_GAVE_NULL, f, json->bytes == NULL);
    if (json->bytes != NULL) {
        size_t length = json->size - 1;
        note_effect(STANDIN_GAVE_NOT_UTF8, f, !utf8_is_valid(json->bytes, length));
        note_effect(STANDIN_GAVE_EMPTY, f, length == 0);
        note_effect(STANDIN_GAVE_MALFORMED, f, length > 0 && !json_is_list_of_objects(json->bytes, length));
        note_effect(STANDIN_GAVE_HUGE, f, length >= HUGE_BYTES);
    }
}

/* A slot is read here, at the last moment: a held event goes to whoever has it now, or to nobody. */
static void invoke(const delivery *d) {
    core_lock();
    bool wanted = delivery_has_target(d);
    core.callbacks[d->function] += wanted;
    TIMConvEventCallback on_conv_event = core.on_conv_event;
    const void *conv_event_data = core.conv_event_data;
    TIMKickedOfflineCallback on_kicked_offline = core.on_kicked_offline;
    const void *kicked_offline_data = core.kicked_offline_data;
    TIMUserSigExpiredCallback on_user_sig_expired = core.on_user_sig_expired;
    const void *user_sig_expired_data = core.user_sig_expired_data;
    TIMNetworkStatusListenerCallback on_network_status = core.on_network_status;
    const void *network_status_data = core.network_status_data;
    core_unlock();
    if (!wanted) {
        return;
    }
    passed desc = pass(&d->desc, d->unmapped), json = pass(&d->json, d->unmapped);
    note_what_is_given(d, &desc, &json);
    note_effect(STANDIN_OFF_WORKER, d->function, !on_worker());
    callback_begins();
    switch (d->to) {
    case TO_CALL:
        d->callback(d->number, desc.bytes, json.bytes, d->user_data);
        break;
    case TO_CONV_EVENT:
        on_conv_event(d->number, json.bytes, conv_event_data);
        break;
    case TO_KICKED_OFFLINE:
        on_kicked_offline(kicked_offline_data);
        break;
    case TO_USER_SIG_EXPIRED:
        on_user_sig_expired(user_sig_expired_data);
        break;
    case TO_NETWORK_STATUS:
        on_network_status(d->number, NETWORK_CODE, desc.bytes, network_status_data);
        break;
    }
    callback_ends();
    pass_over(&desc, d->function);
    pass_over(&json, d->function);
}

static void *invoke_there(void *argument) {
    invoke(argument);
    return NULL;
}

static void invoke_on_fresh_thread(delivery *d) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, invoke_there, d) != 0) {
        fputs("libimsdk-standin: cannot start a thread\n", stderr);
        abort();
    }
    pthread_join(thread, NULL);
}

static void compare_now(const delivery *d) {
    core_lock();
    inputs_compare(d->inputs);
    core_unlock();
}

static void make(delivery *d) {
    if (d->reread) {
        compare_now(d);
    }
    for (int i = 0; d->poison && i < INPUT_MAX; i++) {
        if (d->inputs[i].callers != NULL) {
            poison(d->inputs[i].callers, d->inputs[i].size - 1);
            poison(d->inputs[i].copy, d->inputs[i].size - 1);
            note_effect(STANDIN_INPUTS_OVERWRITTEN, d->function,
                        is_poisoned(d->inputs[i].callers, d->inputs[i].size - 1));
        }
    }
    for (int i = 0; i < d->times; i++) {
        if (d->foreign) {
            invoke_on_fresh_thread(d);
        } else {
            invoke(d);
        }
    }
    if (d->reread_after) {
        compare_now(d);
    }
    delivery_free(d);
}

static void run_made(job *item) {
    make((delivery *)item);
}

static void hold(delivery *d, int fault) {
    d->held_for = fault;
    d->head.run = run_made;
    list_append(&held, &d->head);
}

int64_t held_release(int fault, int64_t count) {
    int64_t released = 0;
    job *before = NULL;
    for (job *item = held.first; item != NULL && (count < 0 || released < count);) {
        job *after = item->next;
        if (fault == 0 || ((delivery *)item)->held_for == fault) {
            *(before != NULL ? &before->next : &held.first) = after;
            held.last = after != NULL ? held.last : before;
            held.count--;
            worker_enqueue(item);
            released++;
        } else {
            before = item;
        }
        item = after;
    }
    return released;
}

int64_t held_reread_forgotten(void) {
    int64_t count = 0;
    for (job *item; (item = list_take(&forgotten)) != NULL; count++) {
        inputs_compare(((delivery *)item)->inputs);
        drop(item);
    }
    return count;
}

void held_reread_all(void) {
    for (job *item = held.first; item != NULL; item = item->next) {
        delivery *d = (delivery *)item;
        if (d->reread) {
            inputs_compare(d->inputs);
            d->reread = d->reread_after = false;
        }
    }
    held_reread_forgotten();
}

void held_drop(void) {
    for (job *item; (item = list_take(&held)) != NULL || (item = list_take(&forgotten)) != NULL;) {
        drop(item);
    }
}

static void replace(text *t, const char *by) {
    text_free(t);
    *t = text_of(by);
}

static void make_huge(text *json, int64_t bytes) {
    size_t size = bytes > 0 ? (size_t)bytes : HUGE_BYTES;
    text all = {0};
    const char *object = json->bytes != NULL ? memchr(json->bytes, '{', json->length) : NULL;
    const char *array = json->bytes != NULL ? memchr(json->bytes, '[', json->length) : NULL;
    if (object != NULL) {
        size_t before = (size_t)(object + 1 - json->bytes);
        text_add(&all, json->bytes, before);
        text_say(&all, "\"standin_padding\":\"");
        text_fill(&all, 'x', size);
        text_say(&all, object[1] == '}' ? "\"" : "\",");
        text_add(&all, object + 1, json->length - before);
    } else if (array != NULL) {
        size_t before = (size_t)(array + 1 - json->bytes);
        text_add(&all, json->bytes, before);
        text_fill(&all, ' ', size);
        text_add(&all, array + 1, json->length - before);
    } else {
        text_say(&all, "[{\"standin_padding\":\"");
        text_fill(&all, 'x', size);
        text_say(&all, "\"}]");
    }
    text_free(json);
    *json = all;
}

static void make_malformed(text *json, int64_t how) {
    static const char *const spoilt[] = {"[{\"conv_id\":\"cut o", "{nope", "{\"conv_id\":[[],{}],\"conv_type\":\"1\"}"};
    if (how == 3) {
        text_free(json);
        text_fill(json, '[', DEEP);
        text_fill(json, ']', DEEP);
    } else {
        replace(json, spoilt[how == 1 || how == 2 ? how : 0]);
    }
}

static void spoil_text(text *t, int function) {
    int64_t argument = 0;
    if (fault_takes(STANDIN_HUGE_JSON, function, &argument)) {
        make_huge(t, argument);
    }
    if (fault_takes(STANDIN_MALFORMED_JSON, function, &argument)) {
        make_malformed(t, argument);
    }
    if (fault_takes(STANDIN_EMPTY_JSON, function, NULL)) {
        replace(t, "");
    }
}

static const char bad_words[] = "not UTF-8: \xC0\xAF \xED\xA0\x80 \xFF\xFE \xE4\xBC";

static void spoil(delivery *d) {
    int64_t argument = 0;
    bool has_json = d->to == TO_CALL || d->to == TO_CONV_EVENT;
    bool has_desc = d->to == TO_CALL || d->to == TO_NETWORK_STATUS;
    if (has_json || has_desc) {
        spoil_text(has_json ? &d->json : &d->desc, d->function);
    }
    if ((has_json || has_desc) && fault_takes(STANDIN_NOT_UTF8, d->function, &argument)) {
        if (has_desc && argument != 2) {
            replace(&d->desc, bad_words);
        }
        if (has_json && argument != 1) {
            replace(&d->json, "[{\"conv_id\":\"\xC0\xAF\xFF\xED\xA0\x80\",\"conv_type\":1,\"conv_show_name\":\"\xE4\xBC\"}]");
        }
    }
    if ((has_json || has_desc) && fault_takes(STANDIN_NULL_STRINGS, d->function, NULL)) {
        text_free(&d->desc);
        text_free(&d->json);
    }
    bool has_number = d->to == TO_CONV_EVENT || d->to == TO_NETWORK_STATUS;
    if (has_number && fault_takes(STANDIN_UNKNOWN_EVENT, d->function, &argument)) {
        d->number = argument != 0 ? (int32_t)argument : 99;
    }
}

/* A text that a function has returned, until the worker's next job. */
typedef struct {
    job head;
    passed text;
    int function;
} returned_text;

static void returned_run(job *item) {
    returned_text *r = (returned_text *)item;
    pass_over(&r->text, r->function);
    give(r, PASSING);
}

static void returned_drop(job *item) {
    let_go(&((returned_text *)item)->text);
    give(item, PASSING);
}

const char *returned(const char *usual, int function) {
    int64_t argument = 0;
    text t = text_of(usual);
    spoil_text(&t, function);
    if (fault_takes(STANDIN_NOT_UTF8, function, NULL)) {
        replace(&t, bad_words);
    }
    if (fault_takes(STANDIN_NULL_STRINGS, function, NULL)) {
        text_free(&t);
    }
    bool unmapped = fault_takes(STANDIN_UNMAP_STRINGS, function, &argument);
    const char *bytes = usual;
    if (unmapped || t.bytes == NULL || strcmp(t.bytes, usual) != 0) {
        returned_text *r = take(sizeof *r, PASSING);
        r->head.run = returned_run;
        r->head.drop = returned_drop;
        r->text = pass(&t, unmapped && argument == 0);
        r->function = function;
        bytes = r->text.bytes;
        worker_enqueue(&r->head);
    }
    text_free(&t);
    return bytes;
}

static void decide_manner(delivery *d) {
    int64_t argument = 0;
    d->foreign = fault_takes(STANDIN_FOREIGN_THREAD, d->function, NULL);
    d->unmapped = (d->desc.bytes != NULL || d->json.bytes != NULL) &&
                  fault_takes(STANDIN_UNMAP_STRINGS, d->function, NULL);
    d->poison = has_inputs(d) && fault_takes(STANDIN_POISON_INPUTS, d->function, NULL);
    if (has_inputs(d) && fault_takes(STANDIN_REREAD_INPUTS, d->function, &argument)) {
        d->reread = true;
        d->reread_after = argument == 1;
    }
    if (fault_takes(STANDIN_TWICE, d->function, &argument)) {
        if (argument >= 0) {
            d->times = argument > 0 ? (int)argument + 1 : 2;
        } else {
            delivery *second = delivery_new(d->to, d->function, d->number, text_copy(&d->desc), text_copy(&d->json));
            second->callback = d->callback;
            second->user_data = d->user_data;
            second->foreign = d->foreign;
            second->unmapped = d->unmapped;
            hold(second, STANDIN_TWICE);
        }
    }
}

/* Whether it is held now. */
static bool hold_back(delivery *d) {
    int64_t most = 0;
    if (fault_takes(STANDIN_AFTER_LOGOUT, d->function, NULL)) {
        hold(d, STANDIN_AFTER_LOGOUT);
    } else if (fault_takes(STANDIN_AFTER_UNINIT, d->function, NULL)) {
        hold(d, STANDIN_AFTER_UNINIT);
    } else if (fault_takes(STANDIN_DURING_UNINIT, d->function, NULL)) {
        hold(d, STANDIN_DURING_UNINIT);
    } else if (fault_takes(STANDIN_LATE, d->function, &most)) {
        hold(d, STANDIN_LATE);
        if (most > 0 && held.count > most) {
            held_release(STANDIN_LATE, 1);
        }
    } else {
        return false;
    }
    return true;
}

void delivery_route(delivery *d) {
    core_lock();
    if (d->signs_out) {
        core.user = NULL;
    }
    bool gone = true;
    if (!delivery_has_target(d)) {
        delivery_free(d);
    } else if (fault_takes(STANDIN_NEVER, d->function, NULL)) {
        if (has_inputs(d) && fault_takes(STANDIN_REREAD_INPUTS, d->function, NULL)) {
            list_append(&forgotten, &d->head);
        } else {
            delivery_free(d);
        }
    } else {
        spoil(d);
        decide_manner(d);
        gone = hold_back(d);
    }
    core_unlock();
    if (!gone) {
        make(d);
    }
}

void flood_run(int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        text json = text_of("[{\"conv_id\":\"flood_");
        text_number(&json, i);
        text_say(&json, "\",\"conv_type\":1,\"conv_show_name\":\"flood\"}]");
        make(delivery_new(TO_CONV_EVENT, STANDIN_ON_CONV_EVENT, EVENT_UPDATE, (text){0}, json));
    }
}

typedef struct {
    job head;
    int64_t count;
} flood;

static void flood_drop(job *item) {
    give(item, PASSING);
}

static void flood_job(job *item) {
    flood_run(((flood *)item)->count);
    flood_drop(item);
}

void flood_enqueue(int64_t count) {
    flood *f = take(sizeof *f, PASSING);
    f->head.run = flood_job;
    f->head.drop = flood_drop;
    f->count = count;
    worker_enqueue(&f->head);
}

int64_t standin_held_count(void) {
    core_lock();
    int64_t count = held.count;
    core_unlock();
    return count;
}

int64_t standin_release_held(int64_t count) {
    core_lock();
    int64_t released = held_release(0, count);
    core_unlock();
    return released;
}

int64_t standin_reread_forgotten(void) {
    core_lock();
    int64_t count = held_reread_forgotten();
    core_unlock();
    return count;
}

int64_t standin_inputs_reread(void) {
    core_lock();
    int64_t count = core.inputs_reread;
    core_unlock();
    return count;
}

int64_t standin_input_mismatches(void) {
    core_lock();
    int64_t count = core.input_mismatches;
    core_unlock();
    return count;
}
