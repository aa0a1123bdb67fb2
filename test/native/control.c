/* The control API's settings, conversations and events; standin.h says what each does. */
#include <string.h>

#include "internal.h"

int64_t standin_load_conversations(const char *json_array) {
    if (json_array == NULL) {
        return -1;
    }
    core_lock();
    int64_t count = store_load(core.user, json_array, strlen(json_array));
    core_unlock();
    return count;
}

int64_t standin_load_conversations_for(const char *user_id, const char *json_array) {
    if (user_id == NULL || user_id[0] == '\0' || json_array == NULL) {
        return -1;
    }
    core_lock();
    int64_t count = -1;
    if (json_read_conversations(json_array, strlen(json_array), NULL, NULL)) {
        count = store_load(store_open(user_id), json_array, strlen(json_array));
    }
    core_unlock();
    return count;
}

void standin_set_conversations_file(const char *path) {
    core_lock();
    give(core.conversations_file, LASTING);
    core.conversations_file = path == NULL ? NULL : take_copy(path, strlen(path), LASTING);
    core_unlock();
}

void standin_set_accept_unknown(int on) {
    core_lock();
    core.accept_unknown = on != 0;
    core_unlock();
}

void standin_set_del_payload(int form) {
    core_lock();
    core.del_payload = form;
    core_unlock();
}

void standin_set_login_events(int on) {
    core_lock();
    core.login_events = on != 0;
    core_unlock();
}

void standin_set_logs(int on) {
    core_lock();
    core.logs_off = on == 0;
    core_unlock();
}

void standin_set_rate_limit(int requests_per_second) {
    core_lock();
    core.rate_limit = requests_per_second < 0                ? 0
                      : requests_per_second > RATE_LIMIT_MAX ? RATE_LIMIT_MAX
                                                             : requests_per_second;
    core.requests = 0;
    core_unlock();
}

void standin_advance_clock(int64_t milliseconds) {
    core_lock();
    core.clock_ms += milliseconds;
    core_unlock();
}

/* The signed-in user's; NULL where there is none. */
static conversation *find(const char *conv_id, int conv_type) {
    if (core.user == NULL || conv_id == NULL) {
        return NULL;
    }
    return store_conversation(core.user, conv_id, strlen(conv_id), conv_type);
}

int standin_refuse_delete(const char *conv_id, int conv_type, int code) {
    core_lock();
    conversation *c = find(conv_id, conv_type);
    if (c != NULL) {
        c->refusal = code;
    }
    core_unlock();
    return c != NULL;
}

int64_t standin_history_length(const char *conv_id, int conv_type) {
    core_lock();
    conversation *c = find(conv_id, conv_type);
    int64_t length = c != NULL ? c->history : -1;
    core_unlock();
    return length;
}

int standin_is_listed(const char *conv_id, int conv_type) {
    core_lock();
    conversation *c = find(conv_id, conv_type);
    bool listed = c != NULL && c->listed;
    core_unlock();
    return listed;
}

typedef struct {
    job head;
    char *id, *words;
    int type;
} message;

static void message_drop(job *item) {
    message *m = (message *)item;
    give(m->id, PASSING);
    give(m->words, PASSING);
    give(m, PASSING);
}

static void message_run(job *item) {
    message *m = (message *)item;
    delivery *d = NULL;
    core_lock();
    if (core.user != NULL) {
        conversation *before = find(m->id, m->type);
        int event = before != NULL && before->listed ? EVENT_UPDATE : EVENT_ADD;
        conversation *c = store_message(core.user, m->id, m->type, m->words);
        text json = text_of("[");
        text_add(&json, c->info, c->info_length);
        text_say(&json, "]");
        d = delivery_new(TO_CONV_EVENT, STANDIN_ON_CONV_EVENT, event, (text){0}, json);
    }
    core_unlock();
    message_drop(item);
    if (d != NULL) {
        delivery_route(d);
    }
}

int standin_new_message(const char *conv_id, int conv_type, const char *words) {
    if (conv_id == NULL || conv_id[0] == '\0' || words == NULL || (conv_type != CONV_C2C && conv_type != CONV_GROUP)) {
        return 0;
    }
    message *m = take(sizeof *m, PASSING);
    m->head.run = message_run;
    m->head.drop = message_drop;
    m->id = take_copy(conv_id, strlen(conv_id), PASSING);
    m->words = take_copy(words, strlen(words), PASSING);
    m->type = conv_type;
    core_lock();
    worker_enqueue(&m->head);
    core_unlock();
    return 1;
}

static void fire(delivery *d) {
    core_lock();
    bool at_once = delivery_has_target(d) && fault_takes(STANDIN_BEFORE_RETURN, d->function, NULL);
    if (!at_once) {
        delivery_enqueue(d);
    }
    core_unlock();
    if (at_once) {
        delivery_route(d);
    }
}

static void queue_event(int event, const char *json) {
    delivery_enqueue(delivery_new(TO_CONV_EVENT, STANDIN_ON_CONV_EVENT, event, (text){0}, text_of(json)));
}

static void queue_what_follows(int event, const char *json) {
    int64_t count = 0;
    if (fault_takes(STANDIN_UPDATE_AFTER_DEL, STANDIN_ON_CONV_EVENT, NULL)) {
        const char *whom = json != NULL && json[0] != '\0' ? json : ghost_info;
        if (event != EVENT_DEL) {
            queue_event(EVENT_DEL, whom);
        }
        queue_event(EVENT_UPDATE, whom);
    }
    if (fault_takes(STANDIN_EVENT_FLOOD, STANDIN_ON_CONV_EVENT, &count)) {
        flood_enqueue(count > 0 ? count : EVENT_FLOOD_DEFAULT);
    }
}

void standin_fire_conv_event(int event, const char *json) {
    fire(delivery_new(TO_CONV_EVENT, STANDIN_ON_CONV_EVENT, event, (text){0}, text_of(json)));
    core_lock();
    if (core.on_conv_event != NULL) {
        queue_what_follows(event, json);
    }
    core_unlock();
}

static void sign_out(addressee to, int function) {
    delivery *d = delivery_new(to, function, 0, (text){0}, (text){0});
    d->signs_out = true;
    fire(d);
}

void standin_kick_offline(void) {
    sign_out(TO_KICKED_OFFLINE, STANDIN_ON_KICKED_OFFLINE);
}

void standin_expire_user_sig(void) {
    sign_out(TO_USER_SIG_EXPIRED, STANDIN_ON_USER_SIG_EXPIRED);
}

void standin_network_status(int status) {
    fire(delivery_new(TO_NETWORK_STATUS, STANDIN_ON_NETWORK_STATUS, status, text_of("said by the stand-in"), (text){0}));
}

static int64_t read_count(const int64_t counts[STANDIN_FUNCTION_COUNT], int function) {
    int64_t sum = 0;
    core_lock();
    for (int f = 1; f < STANDIN_FUNCTION_COUNT; f++) {
        sum += function == STANDIN_ALL || function == f ? counts[f] : 0;
    }
    core_unlock();
    return sum;
}

int64_t standin_calls(int function) {
    return read_count(core.calls, function);
}

int64_t standin_callbacks(int function) {
    return read_count(core.callbacks, function);
}

int64_t standin_effects(int effect, int function) {
    bool known = effect > 0 && effect < STANDIN_EFFECT_COUNT && function >= 0 && function < STANDIN_FUNCTION_COUNT;
    return known ? read_count(core.effects[effect], function) : -1;
}

int standin_reset(void) {
    if (on_callback_thread()) {
        return 0;
    }
    core_lock();
    worker_reset();
    held_drop();
    stores_reset();
    faults_reset();
    logs_reset();
    give(core.conversations_file, LASTING);
    core.conversations_file = NULL;
    core.initialised = false;
    core.user = NULL;
    core.logins_queued = core.logouts_queued = 0;
    core.on_conv_event = NULL;
    core.on_kicked_offline = NULL;
    core.on_user_sig_expired = NULL;
    core.on_network_status = NULL;
    memset(core.calls, 0, sizeof core.calls);
    memset(core.callbacks, 0, sizeof core.callbacks);
    core.input_mismatches = core.inputs_reread = 0;
    memset(core.effects, 0, sizeof core.effects);
    core.rate_limit = 0;
    core.clock_ms = 0;
    core.requests = 0;
    core.accept_unknown = core.login_events = core.logs_off = false;
    core.del_payload = 0;
    core_unlock();
    return 1;
}
