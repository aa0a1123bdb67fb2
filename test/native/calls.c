/* Carries out vendor calls on the store, by the codes and rules that test/e2e/vendor-core-rows.ts measures on the real one. */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int32_t code;
    text desc, json;
    text event; /* the Del event's array; NULL bytes: nothing was deleted */
    bool signed_in;
} outcome;

static void call_free(call *c) {
    inputs_free(c->inputs);
    give(c, PASSING);
}

static void call_drop(job *item) {
    call_free((call *)item);
}

static void run_call(call *c, bool on_callers_thread);

static void call_run(job *item) {
    run_call((call *)item, false);
}

call *call_new(int function, TIMCommCallback cb, const void *user_data) {
    call *c = take(sizeof *c, PASSING);
    c->head.run = call_run;
    c->head.drop = call_drop;
    c->function = function;
    c->callback = cb;
    c->user_data = user_data;
    return c;
}

void call_takes_input(call *c, const char *callers) {
    int i = c->inputs[0].copy == NULL ? 0 : 1;
    c->inputs[i].size = strlen(callers) + 1;
    c->inputs[i].copy = take_copy(callers, c->inputs[i].size - 1, PASSING);
    c->inputs[i].callers = (char *)callers;
}

static bool over_limit(int function) {
    bool counts = function == STANDIN_CONV_DELETE || function == STANDIN_CONV_DELETE_LIST;
    if (!counts || core.rate_limit == 0) {
        return false;
    }
    if (core.requests >= core.rate_limit) {
        int64_t earliest = core.request_times[(core.requests - core.rate_limit) % RATE_LIMIT_MAX];
        if (core.clock_ms - earliest < 1000) {
            return true;
        }
    }
    core.request_times[core.requests++ % RATE_LIMIT_MAX] = core.clock_ms;
    return false;
}

static void count_queued(const call *c, int change) {
    core.logins_queued += c->function == STANDIN_LOGIN ? change : 0;
    core.logouts_queued += c->function == STANDIN_LOGOUT ? change : 0;
}

/* Under REREAD_INPUTS the inputs of a refused call, which is not carried out, are kept apart from it until its return. */
static void take_refused_inputs(call *c, input refused[INPUT_MAX]) {
    if (c->inputs[0].copy != NULL && fault_takes(STANDIN_REREAD_INPUTS, c->function, NULL)) {
        memcpy(refused, c->inputs, sizeof c->inputs);
        memset(c->inputs, 0, sizeof c->inputs);
    }
}

static void reread_refused_inputs(input refused[INPUT_MAX]) {
    core_lock();
    inputs_compare(refused);
    core_unlock();
    inputs_free(refused);
}

int call_admit(call *c) {
    int64_t value = 0;
    bool at_once = false;
    input refused[INPUT_MAX] = {0};
    core_lock();
    c->initialised = core.initialised;
    c->over_limit = over_limit(c->function);
    if (fault_takes(STANDIN_RETURN_ONLY, c->function, &value)) {
        take_refused_inputs(c, refused);
        core_unlock();
        call_free(c);
        reread_refused_inputs(refused);
        return value != 0 ? (int)value : TIM_ERR_CONV;
    }
    if (fault_takes(STANDIN_RETURN_CALLBACK_BEFORE, c->function, &value)) {
        c->refused = at_once = true;
    } else if (fault_takes(STANDIN_RETURN_CALLBACK_AFTER, c->function, &value)) {
        c->refused = true;
    } else if (c->callback != NULL && fault_takes(STANDIN_BEFORE_RETURN, c->function, NULL)) {
        at_once = true;
    }
    if (c->refused) {
        take_refused_inputs(c, refused);
    }
    int result = !c->refused ? TIM_SUCC : value != 0 ? (int)value : TIM_ERR_CONV;
    count_queued(c, 1);
    if (!at_once) {
        worker_enqueue(&c->head);
    }
    core_unlock();
    if (at_once) {
        run_call(c, true);
    }
    reread_refused_inputs(refused);
    return result;
}

static void say(outcome *o, int32_t code, const char *desc) {
    o->code = code;
    text_free(&o->desc);
    o->desc = text_of(desc);
}

static const char *refusal_words(int32_t code) {
    switch (code) {
    case ERR_INVALID_CONVERSATION:
        return "invalid conversation";
    case ERR_INVALID_PARAMETERS:
        return "invalid parameters";
    case ERR_TIMEOUT:
        return "request timeout";
    default:
        return "refused by the stand-in";
    }
}

static void add_to_event(outcome *o, const char *id, size_t length, int type, const conversation *c) {
    text_say(&o->event, o->event.bytes == NULL ? "[" : ",");
    if (core.del_payload == 1) {
        text prefixed = text_of(type == CONV_C2C ? "c2c_" : "group_");
        text_add(&prefixed, id, length);
        text_json_string(&o->event, prefixed.bytes, prefixed.length);
        text_free(&prefixed);
    } else if (c != NULL) {
        text_add(&o->event, c->info, c->info_length);
    } else {
        text_say(&o->event, "{\"conv_id\":");
        text_json_string(&o->event, id, length);
        text_say(&o->event, ",\"conv_type\":");
        text_number(&o->event, type);
        text_say(&o->event, "}");
    }
}

/* The one place where a conversation is deleted. Returns the code. */
static int32_t delete_one(outcome *o, const char *id, size_t length, int type, bool clear_history) {
    conversation *c = store_conversation(core.user, id, length, type);
    bool known = c != NULL && c->listed;
    if (!known && !core.accept_unknown) {
        return ERR_INVALID_CONVERSATION;
    }
    if (known && c->refusal != 0) {
        return c->refusal;
    }
    add_to_event(o, id, length, type, known ? c : NULL);
    log_deleted(store_user(core.user), id, length, type, clear_history);
    if (known) {
        store_delete(core.user, c, clear_history);
    }
    return TIM_SUCC;
}

static void conv_delete(const call *c, outcome *o) {
    const char *id = c->inputs[0].copy;
    size_t length = c->inputs[0].size - 1;
    if (!utf8_is_valid(id, length)) {
        say(o, ERR_INVALID_PARAMETERS, c->conv_type == CONV_C2C ? "invalid user_id" : "invalid group_id");
        return;
    }
    int32_t code = delete_one(o, id, length, c->conv_type, c->clear_history);
    say(o, code, code == TIM_SUCC ? "" : refusal_words(code));
}

static void add_result(text *json, const text *id, int32_t code) {
    text_say(json, json->bytes[json->length - 1] == '[' ? "{" : ",{");
    text_say(json, "\"conversation_operation_result_conversation_id\":");
    text_json_string(json, id->bytes, id->length);
    text_say(json, ",\"conversation_operation_result_result_code\":");
    text_number(json, code);
    text_say(json, ",\"conversation_operation_result_result_info\":\"");
    text_say(json, code == TIM_SUCC ? "" : refusal_words(code));
    text_say(json, "\"}");
}

static int32_t delete_prefixed(outcome *o, const text *id, bool clear_history) {
    static const char *const prefixes[] = {[CONV_C2C] = "c2c_", [CONV_GROUP] = "group_"};
    for (int type = CONV_C2C; type <= CONV_GROUP; type++) {
        size_t prefix = strlen(prefixes[type]);
        if (id->length > prefix && memcmp(id->bytes, prefixes[type], prefix) == 0 &&
            memchr(id->bytes, 0, id->length) == NULL) {
            return delete_one(o, id->bytes + prefix, id->length - prefix, type, clear_history);
        }
    }
    return ERR_INVALID_PARAMETERS;
}

static void conv_delete_list(const call *c, outcome *o) {
    text_list ids;
    size_t succeeded = 0;
    json_read_ids(c->inputs[0].copy, c->inputs[0].size - 1, &ids);
    if (ids.count > BATCH_LIMIT) {
        say(o, ERR_INVALID_PARAMETERS, "conversation_id_array holds more than 100 ids");
    } else {
        text_free(&o->json);
        o->json = text_of("[");
        for (size_t i = 0; i < ids.count; i++) {
            int32_t code = delete_prefixed(o, &ids.items[i], c->clear_history);
            add_result(&o->json, &ids.items[i], code);
            succeeded += code == TIM_SUCC;
        }
        text_say(&o->json, "]");
        say(o, succeeded > 0 ? TIM_SUCC : ERR_NO_SUCCESS, succeeded > 0 ? "" : "no success result");
    }
    text_list_free(&ids);
}

static bool read_file(const char *path, text *into) {
    FILE *file = fopen(path, "rb");
    char block[65536];
    size_t got;
    if (file == NULL) {
        return false;
    }
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        text_add(into, block, got);
    }
    bool good = !ferror(file);
    fclose(file);
    return good;
}

static void say_about_file(outcome *o, int32_t code, const char *what, const char *path) {
    say(o, code, what);
    text_say(&o->desc, path);
}

static void login(const call *c, outcome *o) {
    const char *user = c->inputs[0].copy;
    const char *path = core.conversations_file != NULL ? core.conversations_file
                                                       : getenv("CHATBRIDGE_STANDIN_CONVERSATIONS");
    text from_file = {0};
    if (store_find(user) == NULL && !store_has_seed() && path != NULL && path[0] != '\0') {
        if (!read_file(path, &from_file)) {
            say_about_file(o, ERR_IO, "stand-in: cannot read conversations from ", path);
        } else if (!json_read_conversations(from_file.bytes, from_file.length, NULL, NULL)) {
            say_about_file(o, ERR_JSON_PARSE, "stand-in: not a ConvInfo list: ", path);
        }
    }
    if (o->code == TIM_SUCC) {
        core.user = store_open(user);
        o->signed_in = true;
        if (from_file.bytes != NULL) {
            store_load(core.user, from_file.bytes, from_file.length);
        }
    }
    text_free(&from_file);
}

static void carry_out(const call *c, outcome *o) {
    bool lists = c->function == STANDIN_CONV_DELETE_LIST || c->function == STANDIN_CONV_GET_LIST;
    o->desc = text_of("");
    o->json = text_of(lists ? "[]" : "");
    if (c->refused) {
        say(o, ERR_INVALID_PARAMETERS, "refused by the stand-in");
    } else if (!c->initialised) {
        say(o, ERR_NOT_INITIALIZED, "not initialized");
    } else if (c->function == STANDIN_LOGIN) {
        login(c, o);
    } else if (core.user == NULL) {
        say(o, ERR_NOT_LOGGED_IN, c->function == STANDIN_CONV_GET_LIST ? "not init database" : "not login");
    } else if (c->over_limit) {
        say(o, ERR_FREQUENCY, "frequency limit");
    } else if (c->function == STANDIN_LOGOUT) {
        core.user = NULL;
    } else if (c->function == STANDIN_CONV_DELETE) {
        conv_delete(c, o);
    } else if (c->function == STANDIN_CONV_DELETE_LIST) {
        conv_delete_list(c, o);
    } else {
        text_free(&o->json);
        if (store_list(core.user, &o->json) == 0) {
            say(o, TIM_SUCC, "no conversation");
        }
    }
}

static void overrule(const call *c, outcome *o, int64_t argument) {
    int32_t code = argument != 0 ? (int32_t)argument : ERR_TIMEOUT;
    say(o, code, refusal_words(code));
    text_free(&o->json);
    o->json = text_of(c->function == STANDIN_CONV_GET_LIST ? "[]" : "");
    if (c->function == STANDIN_CONV_DELETE_LIST) {
        text_list ids;
        json_read_ids(c->inputs[0].copy, c->inputs[0].size - 1, &ids);
        text_say(&o->json, "[");
        for (size_t i = 0; i < ids.count; i++) {
            add_result(&o->json, &ids.items[i], code);
        }
        text_say(&o->json, "]");
        text_list_free(&ids);
    }
}

static void perform(const call *c, outcome *o) {
    int64_t argument = 0;
    bool may = c->callback != NULL && !c->refused;
    if (may && fault_takes(STANDIN_RESULT_CODE, c->function, &argument)) {
        overrule(c, o, argument);
        return;
    }
    carry_out(c, o);
    if (may && fault_takes(STANDIN_RESULT_CODE_BUT_DONE, c->function, &argument)) {
        overrule(c, o, argument);
    }
}

/* From a call that is carried out on its caller's thread, events still come from the worker. */
static void send_event(int event, text json, bool on_callers_thread) {
    delivery *d = delivery_new(TO_CONV_EVENT, STANDIN_ON_CONV_EVENT, event, (text){0}, json);
    if (!on_callers_thread) {
        delivery_route(d);
        return;
    }
    core_lock();
    delivery_enqueue(d);
    core_unlock();
}

static bool follows(int fault, int function, int64_t *argument) {
    core_lock();
    bool yes = core.on_conv_event != NULL && fault_takes(fault, function, argument);
    core_unlock();
    return yes;
}

static void send_login_events(bool on_callers_thread) {
    text list = {0};
    core_lock();
    bool wanted = core.login_events;
    int64_t count = wanted && core.user != NULL ? store_list(core.user, &list) : 0;
    core_unlock();
    if (wanted) {
        send_event(EVENT_START, text_of(""), on_callers_thread);
        if (count > 0) {
            send_event(EVENT_ADD, text_copy(&list), on_callers_thread);
        }
        send_event(EVENT_FINISH, text_of(""), on_callers_thread);
    }
    text_free(&list);
}

static void send_what_follows(int function, const text *deleted, bool on_callers_thread) {
    int64_t argument = 0;
    if (follows(STANDIN_UPDATE_AFTER_DEL, function, NULL)) {
        if (deleted->bytes == NULL) {
            send_event(EVENT_DEL, text_of(ghost_info), on_callers_thread);
        }
        send_event(EVENT_UPDATE, deleted->bytes == NULL ? text_of(ghost_info) : text_copy(deleted), on_callers_thread);
    }
    if (follows(STANDIN_UNKNOWN_EVENT, function, &argument)) {
        send_event(argument != 0 ? (int)argument : 99, text_of(ghost_info), on_callers_thread);
    }
    if (follows(STANDIN_EVENT_FLOOD, function, &argument)) {
        int64_t count = argument > 0 ? argument : EVENT_FLOOD_DEFAULT;
        if (on_callers_thread) {
            core_lock();
            flood_enqueue(count);
            core_unlock();
        } else {
            flood_run(count);
        }
    }
}

static void run_call(call *c, bool on_callers_thread) {
    outcome o = {0};
    core_lock();
    count_queued(c, -1);
    if (!c->refused && fault_is_set(STANDIN_REREAD_INPUTS, c->function)) {
        inputs_compare(c->inputs);
    }
    perform(c, &o);
    if (o.event.bytes != NULL) {
        text_say(&o.event, "]");
    }
    bool event_first = o.event.bytes != NULL && core.on_conv_event != NULL &&
                       fault_takes(STANDIN_EVENT_BEFORE_CALLBACK, c->function, NULL);
    core_unlock();

    delivery *answer = delivery_new(TO_CALL, c->function, o.code, o.desc, o.json);
    answer->callback = c->callback;
    answer->user_data = c->user_data;
    if (!c->refused) { /* a caller may free at once what a call refused: it is not read again */
        memcpy(answer->inputs, c->inputs, sizeof c->inputs);
        memset(c->inputs, 0, sizeof c->inputs);
    }
    int function = c->function;
    bool signs_out = function == STANDIN_LOGOUT && !c->refused;
    call_free(c);

    if (event_first) {
        send_event(EVENT_DEL, text_copy(&o.event), false);
    }
    delivery_route(answer);
    if (o.event.bytes != NULL && !event_first) {
        send_event(EVENT_DEL, text_copy(&o.event), on_callers_thread);
    }
    if (o.signed_in) {
        send_login_events(on_callers_thread);
    }
    send_what_follows(function, &o.event, on_callers_thread);
    text_free(&o.event);
    if (signs_out) {
        core_lock();
        held_release(STANDIN_AFTER_LOGOUT, -1);
        core_unlock();
    }
}
