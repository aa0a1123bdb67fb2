/* What was asked of the stand-in and what it deleted, for exactly-once assertions. */
#include <string.h>

#include "internal.h"

typedef struct {
    int function;
    char *text;
    int64_t number;
} call_entry;

typedef struct {
    char *user, *id;
    int type;
    bool history_cleared;
} deleted_entry;

static call_entry *called;
static deleted_entry *deleted;
static int64_t called_count, called_logged, called_room;
static int64_t deleted_count, deleted_logged, deleted_room;

void log_call(int function, const char *callers_text, int64_t number) {
    core.calls[function]++;
    called_count++;
    if (core.logs_off) {
        return;
    }
    if (called_logged == called_room) {
        called_room = called_room * 2 + 64;
        called = take_more(called, (size_t)called_room * sizeof *called, LASTING);
    }
    char *copy = callers_text == NULL ? NULL : take_copy(callers_text, strlen(callers_text), LASTING);
    called[called_logged++] = (call_entry){function, copy, number};
}

void log_deleted(const char *user, const char *id, size_t id_length, int type, bool history_cleared) {
    deleted_count++;
    if (core.logs_off) {
        return;
    }
    if (deleted_logged == deleted_room) {
        deleted_room = deleted_room * 2 + 64;
        deleted = take_more(deleted, (size_t)deleted_room * sizeof *deleted, LASTING);
    }
    deleted[deleted_logged++] = (deleted_entry){
        take_copy(user, strlen(user), LASTING), take_copy(id, id_length, LASTING), type, history_cleared};
}

void logs_reset(void) {
    for (int64_t i = 0; i < called_logged; i++) {
        give(called[i].text, LASTING);
    }
    for (int64_t i = 0; i < deleted_logged; i++) {
        give(deleted[i].user, LASTING);
        give(deleted[i].id, LASTING);
    }
    give(called, LASTING);
    give(deleted, LASTING);
    called = NULL;
    deleted = NULL;
    called_count = called_logged = called_room = 0;
    deleted_count = deleted_logged = deleted_room = 0;
}

static call_entry call_at(int64_t index) {
    core_lock();
    call_entry entry = index >= 0 && index < called_logged ? called[index] : (call_entry){-1, NULL, -1};
    core_unlock();
    return entry;
}

static deleted_entry deleted_at(int64_t index) {
    core_lock();
    bool there = index >= 0 && index < deleted_logged;
    deleted_entry entry = there ? deleted[index] : (deleted_entry){NULL, NULL, -1, false};
    core_unlock();
    return entry;
}

int64_t standin_call_count(void) {
    core_lock();
    int64_t count = called_count;
    core_unlock();
    return count;
}

int standin_call_function(int64_t index) {
    return call_at(index).function;
}

const char *standin_call_text(int64_t index) {
    return call_at(index).text;
}

int64_t standin_call_number(int64_t index) {
    return call_at(index).number;
}

int64_t standin_deleted_count(void) {
    core_lock();
    int64_t count = deleted_count;
    core_unlock();
    return count;
}

const char *standin_deleted_id(int64_t index) {
    return deleted_at(index).id;
}

const char *standin_deleted_user(int64_t index) {
    return deleted_at(index).user;
}

int standin_deleted_type(int64_t index) {
    return deleted_at(index).type;
}

int standin_deleted_history(int64_t index) {
    deleted_entry entry = deleted_at(index);
    return entry.id == NULL ? -1 : entry.history_cleared;
}
