#include "store.h"

#include <string.h>

#include "internal.h"

struct store {
    char *user;
    conversation **buckets;
    size_t bucket_count, count;
    conversation *first, *last;
    store *next;
};

static store *stores;
static char *seed;
static size_t seed_length;

static size_t hash(const char *id, size_t length) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) {
        h = (h ^ (unsigned char)id[i]) * 1099511628211u;
    }
    return (size_t)(h ^ h >> 32);
}

static conversation **slot(store *s, const char *id, size_t length, int type) {
    conversation **at = &s->buckets[hash(id, length) % s->bucket_count];
    while (*at != NULL && ((*at)->type != type || (*at)->id_length != length || memcmp((*at)->id, id, length) != 0)) {
        at = &(*at)->chain;
    }
    return at;
}

static void grow(store *s) {
    conversation **old = s->buckets;
    s->bucket_count = s->bucket_count * 2 + 64;
    s->buckets = take(s->bucket_count * sizeof *s->buckets, LASTING);
    for (conversation *c = s->first; c != NULL; c = c->after) {
        c->chain = NULL;
    }
    for (conversation *c = s->first; c != NULL; c = c->after) {
        *slot(s, c->id, c->id_length, c->type) = c;
    }
    give(old, LASTING);
}

static void link_last(store *s, conversation *c) {
    c->before = s->last;
    c->after = NULL;
    *(s->last != NULL ? &s->last->after : &s->first) = c;
    s->last = c;
}

static void unlink_one(store *s, conversation *c) {
    *(c->before != NULL ? &c->before->after : &s->first) = c->after;
    *(c->after != NULL ? &c->after->before : &s->last) = c->before;
}

static void set_info(conversation *c, const char *info, size_t length) {
    give(c->info, LASTING);
    c->info = take_copy(info, length, LASTING);
    c->info_length = length;
}

static conversation *add(store *s, const char *id, size_t length, int type) {
    if (s->count >= s->bucket_count) {
        grow(s);
    }
    conversation **at = slot(s, id, length, type);
    if (*at == NULL) {
        conversation *c = take(sizeof *c, LASTING);
        c->type = type;
        c->id = take_copy(id, length, LASTING);
        c->id_length = length;
        *at = c;
        link_last(s, c);
        s->count++;
    }
    return *at;
}

static void discard(store *s, conversation *c) {
    *slot(s, c->id, c->id_length, c->type) = c->chain;
    unlink_one(s, c);
    s->count--;
    give(c->id, LASTING);
    give(c->info, LASTING);
    give(c, LASTING);
}

static void load_one(const conv_info *info, void *context) {
    store *s = context;
    conversation *c = add(s, info->id.bytes, info->id.length, info->type);
    set_info(c, info->source, info->source_length);
    c->listed = true;
    c->history = 1;
}

static void count_one(const conv_info *info, void *context) {
    (void)info;
    ++*(int64_t *)context;
}

int64_t store_load(store *s, const char *json, size_t length) {
    int64_t count = 0;
    if (!json_read_conversations(json, length, count_one, &count)) {
        return -1;
    }
    if (s == NULL) {
        give(seed, LASTING);
        seed = take_copy(json, length, LASTING);
        seed_length = length;
        return count;
    }
    while (s->first != NULL) {
        discard(s, s->first);
    }
    json_read_conversations(json, length, load_one, s);
    return count;
}

bool store_has_seed(void) {
    return seed != NULL;
}

store *store_find(const char *user) {
    store *s = stores;
    while (s != NULL && strcmp(s->user, user) != 0) {
        s = s->next;
    }
    return s;
}

store *store_open(const char *user) {
    store *s = store_find(user);
    if (s == NULL) {
        s = take(sizeof *s, LASTING);
        s->user = take_copy(user, strlen(user), LASTING);
        grow(s);
        if (seed != NULL) {
            store_load(s, seed, seed_length);
        }
        s->next = stores;
        stores = s;
    }
    return s;
}

const char *store_user(const store *s) {
    return s->user;
}

conversation *store_conversation(store *s, const char *id, size_t length, int type) {
    return *slot(s, id, length, type);
}

void store_delete(store *s, conversation *c, bool clear_history) {
    if (clear_history) {
        discard(s, c);
    } else {
        c->listed = false;
    }
}

conversation *store_message(store *s, const char *id, int type, const char *words) {
    size_t length = strlen(id);
    conversation *c = add(s, id, length, type);
    if (c->info == NULL) {
        text info = {0};
        text_say(&info, "{\"conv_id\":");
        text_json_string(&info, id, length);
        text_say(&info, ",\"conv_type\":");
        text_number(&info, type);
        text_say(&info, ",\"conv_show_name\":");
        text_json_string(&info, id, length);
        text_say(&info, ",\"conv_unread_num\":1,\"conv_is_has_lastmsg\":true,\"conv_last_msg\":{\"message_elem_array\":"
                        "[{\"elem_type\":0,\"text_elem_content\":");
        text_json_string(&info, words, strlen(words));
        text_say(&info, "}]}}");
        set_info(c, info.bytes, info.length);
        text_free(&info);
    }
    c->listed = true;
    c->history++;
    return c;
}

int64_t store_list(store *s, text *json) {
    int64_t count = 0;
    text_say(json, "[");
    for (conversation *c = s->first; c != NULL; c = c->after) {
        if (c->listed) {
            text_say(json, count++ > 0 ? "," : "");
            text_add(json, c->info, c->info_length);
        }
    }
    text_say(json, "]");
    return count;
}

void stores_reset(void) {
    while (stores != NULL) {
        store *s = stores;
        stores = s->next;
        while (s->first != NULL) {
            discard(s, s->first);
        }
        give(s->buckets, LASTING);
        give(s->user, LASTING);
        give(s, LASTING);
    }
    give(seed, LASTING);
    seed = NULL;
}
