/* Self-test of the stand-in: that it behaves as the facts table says and that each fault does what standin.h says.
 * Built and run by selftest.sh, plain and under the thread and address sanitizers. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "standin.h"
#include "vendor-abi.h"

static int passed, failed;
static const char *section = "";

#define CHECK(condition) check((condition), #condition, __LINE__)

static void check(bool good, const char *what, int line) {
    if (good) {
        passed++;
    } else {
        failed++;
        printf("FAILED selftest.c:%d [%s]: %s\n", line, section, what);
    }
}

/* What callbacks brought, in order. */
enum { SEEN_MAX = 64, IDLE_MS = 60000 };

typedef struct {
    char what; /* c call, e conversation event, k kicked, s UserSig, n network */
    int number;
    char *desc, *json;
    size_t json_length;
    const void *user_data;
    pthread_t thread;
    bool inside_call;
} seen;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static seen all[SEEN_MAX];
static int count;
static int64_t events_counted;
static bool counting_only, uninit_inside, delete_inside;
static _Thread_local bool inside_call;

static char *copy_of(const char *s) {
    return s == NULL ? NULL : strdup(s);
}

static void see(char what, int number, const char *desc, const char *json, const void *user_data) {
    pthread_mutex_lock(&lock);
    if (what == 'e') {
        events_counted++;
    }
    if (!counting_only && count < SEEN_MAX) {
        all[count++] = (seen){what,      number,         copy_of(desc), copy_of(json), json == NULL ? 0 : strlen(json),
                              user_data, pthread_self(), inside_call};
    }
    pthread_mutex_unlock(&lock);
}

static void on_call(int32_t code, const char *desc, const char *json, const void *user_data) {
    see('c', code, desc, json, user_data);
    if (uninit_inside) {
        uninit_inside = false;
        TIMUninit();
    }
    if (delete_inside) {
        delete_inside = false;
        TIMConvDelete("bob", 1, on_call, "from inside");
    }
}

static void on_event(int event, const char *json, const void *user_data) {
    see('e', event, NULL, json, user_data);
}

static void on_kicked(const void *user_data) {
    see('k', 0, NULL, NULL, user_data);
}

static void on_expired(const void *user_data) {
    see('s', 0, NULL, NULL, user_data);
}

static void on_network(int status, int32_t code, const char *desc, const void *user_data) {
    (void)code;
    see('n', status, desc, NULL, user_data);
}

static void forget(void) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++) {
        free(all[i].desc);
        free(all[i].json);
    }
    count = 0;
    events_counted = 0;
    counting_only = false;
    pthread_mutex_unlock(&lock);
}

static int settled(void) {
    CHECK(standin_wait_idle(IDLE_MS) == 1);
    return count;
}

static bool is(int i, char what, int number, const char *json) {
    return i < count && all[i].what == what && all[i].number == number &&
           (json == NULL || (all[i].json != NULL && strcmp(all[i].json, json) == 0));
}

static bool holds(int i, const char *part) {
    return i < count && all[i].json != NULL && strstr(all[i].json, part) != NULL;
}

static const char three[] =
    "[{\"conv_id\":\"alice\",\"conv_type\":1,\"conv_show_name\":\"Alice \\ud83d\\ude00\"},"
    " {\"conv_type\":2, \"conv_id\":\"42\",\"nested\":{\"conv_id\":\"no\",\"a\":[1,-2.5e+3,null,true]}},"
    "{\"conv_id\":\"bob\",\"conv_type\":1}]";

static void fresh(const char *name) {
    section = name;
    CHECK(standin_reset() == 1);
    CHECK(standin_live_allocations() == 0);
    forget();
}

static void signed_in(const char *name) {
    fresh(name);
    CHECK(standin_load_conversations(three) == 3);
    CHECK(TIMInit(1400000000, "{}") == 0);
    CHECK(TIMLogin("user1", "sig", on_call, NULL) == 0);
    TIMSetConvEventCallback(on_event, "slot");
    settled();
    CHECK(is(0, 'c', 0, ""));
    forget();
}

static int delete_one(const char *id, int type) {
    inside_call = true;
    int result = TIMConvDelete(id, type, on_call, "ud");
    inside_call = false;
    return result;
}

static int delete_list(const char *json, bool clear) {
    inside_call = true;
    int result = TIMConvDeleteConversationList(json, clear, on_call, "ud");
    inside_call = false;
    return result;
}

static void table_of_facts(void) {
    fresh("facts: before init");
    CHECK(delete_one("u1", 1) == 0);
    settled();
    CHECK(count == 1 && is(0, 'c', 6013, "") && !all[0].inside_call && !pthread_equal(all[0].thread, pthread_self()));
    CHECK(count == 1 && strcmp(all[0].desc, "not initialized") == 0 && strcmp(all[0].user_data, "ud") == 0);

    forget();
    section = "facts: initialised";
    CHECK(TIMInit(1, NULL) == 0 && TIMGetLoginStatus() == 3);
    CHECK(delete_one("", 1) == -4 && delete_one(NULL, 1) == -4);
    CHECK(delete_one("u1", 0) == -4 && delete_one("u1", 3) == -4 && delete_one("u1", 9) == -4);
    CHECK(TIMConvDelete("u1", 1, NULL, NULL) == 0);
    CHECK(delete_list(NULL, true) == -4);
    CHECK(settled() == 0);
    CHECK(delete_one("u1", 1) == 0 && settled() == 1 && is(0, 'c', 6014, ""));
    forget();
    const char *const bad[] = {"[]", "{nope", "", "[1]", "[\"a\"", "[\"a\"]x", "[\"\\ud800\"]", "[\"\xFF\"]", "{}",
                               "[\"\xED\xA0\x80\"]", "[\"\xE0\x80\x80\"]", "[\"\xF4\x90\x80\x80\"]",
                               "[\"\\ud83d\\u0041\"]", "[\"\\ud83d\\ue000\"]", "[\"\\x41\"]", "[\"\\u00g0\"]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(delete_list(bad[i], true) == -3);
        CHECK(count == 1 && is(0, 'c', 6017, NULL) && all[0].inside_call);
        CHECK(settled() == 1);
        forget();
    }
    CHECK(delete_list("[\"c2c_u1\",\"group_g1\"]", true) == 0 && settled() == 1 && is(0, 'c', 6014, "[]"));
    forget();
    CHECK(delete_list("[\"nonsense\"]", true) == 0 && settled() == 1 && is(0, 'c', 6014, "[]"));
    forget();
    CHECK(TIMConvGetConvList(on_call, NULL) == 0 && settled() == 1 && is(0, 'c', 6014, "[]"));
    CHECK(strcmp(all[0].desc, "not init database") == 0);
    CHECK(TIMInit(1, "{") == -3 && TIMInit(0, "{}") == -4);
    CHECK(TIMLogin("", "s", on_call, NULL) == -4 && TIMLogin("u", NULL, on_call, NULL) == -4);
}

static void deleting(void) {
    signed_in("delete one");
    CHECK(TIMGetLoginStatus() == 1);
    char user[128];
    CHECK(TIMGetLoginUserID(user) == 0 && strcmp(user, "user1") == 0);
    CHECK(delete_one("alice", 1) == 0);
    settled();
    CHECK(count == 2 && is(0, 'c', 0, ""));
    CHECK(is(1, 'e', 1, "[{\"conv_id\":\"alice\",\"conv_type\":1,\"conv_show_name\":\"Alice \\ud83d\\ude00\"}]"));
    CHECK(count == 2 && strcmp(all[1].user_data, "slot") == 0);
    CHECK(standin_deleted_count() == 1 && strcmp(standin_deleted_id(0), "alice") == 0);
    CHECK(strcmp(standin_deleted_user(0), "user1") == 0 && standin_deleted_type(0) == 1);
    CHECK(standin_deleted_history(0) == 1 && standin_deleted_id(1) == NULL && standin_deleted_type(1) == -1);
    CHECK(standin_history_length("alice", 1) == -1 && standin_history_length("bob", 1) == 1);
    forget();
    CHECK(delete_one("alice", 1) == 0 && settled() == 1 && is(0, 'c', 6004, ""));
    CHECK(delete_one("42", 1) == 0 && settled() == 2 && is(1, 'c', 6004, "")); /* right id, wrong type */
    CHECK(delete_one("\xC0\xAF", 1) == 0 && settled() == 3 && is(2, 'c', 6017, ""));
    CHECK(standin_deleted_count() == 1);
    forget();
    CHECK(TIMConvGetConvList(on_call, NULL) == 0 && settled() == 1);
    CHECK(is(0, 'c', 0,
             "[{\"conv_type\":2, \"conv_id\":\"42\",\"nested\":{\"conv_id\":\"no\",\"a\":[1,-2.5e+3,null,true]}},"
             "{\"conv_id\":\"bob\",\"conv_type\":1}]"));
    CHECK(standin_calls(STANDIN_CONV_DELETE) == 4 && standin_callbacks(STANDIN_CONV_DELETE) == 4);
    CHECK(standin_call_count() == 7 && standin_call_function(2) == STANDIN_CONV_DELETE);
    CHECK(strcmp(standin_call_text(1), "user1") == 0 && strcmp(standin_call_text(4), "42") == 0);
    CHECK(standin_call_number(4) == 1 && standin_live_allocations() == 0);

    signed_in("delete a list");
    CHECK(delete_list(" [\"c2c_alice\", \"group_42\",\"c2c_nobody\",\"bob\",\"c2c_\",\"c2c_alice\"] ", false) == 0);
    settled();
    CHECK(count == 2 && is(0, 'c', 0, NULL) && is(1, 'e', 1, NULL) && holds(1, "\"alice\"") && holds(1, "\"42\""));
    const char *from = count > 0 ? all[0].json : "";
    static const int codes[] = {0, 0, 6004, 6017, 6017, 6004};
    for (int i = 0; i < 6 && from != NULL; i++) {
        from = strstr(from, "result_result_code\":");
        CHECK(from != NULL && atoi(from + 20) == codes[i]);
        from = from == NULL ? NULL : from + 1;
    }
    CHECK(holds(0, "{\"conversation_operation_result_conversation_id\":\"c2c_alice\",") && holds(0, "_result_info\":\"\"}"));
    CHECK(standin_deleted_count() == 2 && standin_deleted_history(1) == 0 && standin_deleted_type(1) == 2);
    CHECK(!standin_is_listed("alice", 1) && standin_history_length("alice", 1) == 1);
    forget();
    CHECK(delete_list("[\"c2c_alice\"]", true) == 0 && settled() == 1 && is(0, 'c', 6003, NULL) && holds(0, ":6004,"));
    forget();
    CHECK(standin_new_message("alice", 1, "hi") == 1 && settled() == 1 && is(0, 'e', 0, NULL) && holds(0, "alice"));
    CHECK(standin_history_length("alice", 1) == 2 && standin_is_listed("alice", 1));
    CHECK(standin_new_message("alice", 1, "hi") == 1 && settled() == 2 && is(1, 'e', 2, NULL));
    CHECK(standin_new_message("new \"one\"", 2, "\n") == 1 && settled() == 3 && is(2, 'e', 0, NULL));
    CHECK(holds(2, ":\"\\u000a\"}") && holds(2, "\"conv_id\":\"new \\\"one\\\"\"") && standin_history_length("new \"one\"", 2) == 1);
    CHECK(standin_new_message("", 1, "x") == 0 && standin_new_message("a", 3, "x") == 0);
    forget();
    standin_set_del_payload(1);
    CHECK(delete_list("[\"group_new \\u0022one\\\"\",\"c2c_bob\"]", true) == 0 && settled() == 2);
    CHECK(is(1, 'e', 1, "[\"group_new \\\"one\\\"\",\"c2c_bob\"]"));

    signed_in("100 ids");
    char ids[4096] = "[\"c2c_alice\"";
    for (int i = 1; i < 100; i++) {
        strcat(ids, ",\"c2c_x\"");
    }
    size_t end = strlen(ids);
    strcpy(ids + end, ",\"c2c_bob\"]");
    CHECK(delete_list(ids, true) == 0 && settled() == 1 && is(0, 'c', 6017, "[]") && standin_deleted_count() == 0);
    strcpy(ids + end, "]");
    CHECK(delete_list(ids, true) == 0 && settled() == 3 && is(1, 'c', 0, NULL) && standin_deleted_count() == 1);

    signed_in("refused, unknown accepted");
    CHECK(standin_refuse_delete("bob", 1, 20018) == 1 && standin_refuse_delete("bob", 2, 1) == 0);
    CHECK(delete_one("bob", 1) == 0 && settled() == 1 && is(0, 'c', 20018, ""));
    CHECK(standin_refuse_delete("bob", 1, 0) == 1);
    CHECK(delete_one("bob", 1) == 0 && settled() == 3 && is(1, 'c', 0, ""));
    standin_set_accept_unknown(1);
    CHECK(delete_one("who", 2) == 0 && settled() == 5 && is(4, 'e', 1, "[{\"conv_id\":\"who\",\"conv_type\":2}]"));
}

static void users(void) {
    signed_in("users");
    CHECK(standin_load_conversations_for("user2", "[{\"conv_id\":\"carol\",\"conv_type\":1}]") == 1);
    standin_pause();
    CHECK(delete_one("alice", 1) == 0);
    CHECK(TIMLogout(on_call, NULL) == 0 && TIMGetLoginStatus() == 4);
    CHECK(delete_one("bob", 1) == 0);
    CHECK(TIMLogin("user2", "sig", on_call, NULL) == 0 && TIMGetLoginStatus() == 2);
    CHECK(delete_one("carol", 1) == 0 && standin_queued_count() == 5 && count == 0);
    standin_resume();
    settled();
    CHECK(count == 7 && is(0, 'c', 0, "") && is(1, 'e', 1, NULL) && is(2, 'c', 0, "") && is(3, 'c', 6014, ""));
    CHECK(is(4, 'c', 0, "") && is(5, 'c', 0, "") && is(6, 'e', 1, NULL));
    CHECK(strcmp(standin_deleted_user(0), "user1") == 0 && strcmp(standin_deleted_user(1), "user2") == 0);
    CHECK(TIMLogin("user1", "sig", NULL, NULL) == 0 && settled() == 7);
    CHECK(standin_is_listed("bob", 1) && !standin_is_listed("alice", 1));
    forget();
    TIMSetKickedOfflineCallback(on_kicked, "k");
    TIMSetUserSigExpiredCallback(on_expired, "s");
    TIMSetNetworkStatusListenerCallback(on_network, "n");
    standin_kick_offline();
    CHECK(delete_one("bob", 1) == 0 && settled() == 2 && is(0, 'k', 0, NULL) && is(1, 'c', 6014, ""));
    CHECK(TIMLogin("user1", "sig", NULL, NULL) == 0);
    standin_expire_user_sig();
    standin_network_status(3);
    CHECK(settled() == 4 && is(2, 's', 0, NULL) && is(3, 'n', 3, NULL) && TIMGetLoginStatus() == 3);
    CHECK(TIMLogout(on_call, NULL) == 0 && settled() == 5 && is(4, 'c', 6014, ""));

    signed_in("uninit");
    CHECK(delete_one("alice", 1) == 0 && TIMUninit() == 0);
    CHECK(count == 2 && standin_deleted_count() == 1); /* uninit waited for what was before it */
    CHECK(delete_one("bob", 1) == 0 && settled() == 3 && is(2, 'c', 6013, ""));
    CHECK(TIMInit(1, "{}") == 0 && delete_one("bob", 1) == 0 && settled() == 4 && is(3, 'c', 6014, ""));

    signed_in("uninit and delete from inside");
    uninit_inside = true;
    CHECK(delete_one("alice", 1) == 0 && settled() == 2 && TIMGetLoginStatus() == 3);
    signed_in("uninit and delete from inside");
    delete_inside = true;
    CHECK(delete_one("alice", 1) == 0 && settled() == 4 && standin_deleted_count() == 2);

    signed_in("login events");
    standin_set_login_events(1);
    CHECK(TIMLogin("user1", "sig", on_call, NULL) == 0 && settled() == 4);
    CHECK(is(1, 'e', 3, "") && is(2, 'e', 0, NULL) && holds(2, "alice") && is(3, 'e', 4, ""));
}

static void loading(void) {
    fresh("loading");
    const char *const bad[] = {
        "",        "{}",   "[",  "[{}]", "[1]", "[{\"conv_id\":\"a\"}]", "[{\"conv_type\":1}]",
        "[{\"conv_id\":\"\",\"conv_type\":1}]",         "[{\"conv_id\":\"a\",\"conv_type\":\"1\"}]",
        "[{\"conv_id\":\"a\",\"conv_type\":-1}]",       "[{\"conv_id\":\"a\\u0000b\",\"conv_type\":1}]",
        "[{\"conv_id\":\"a\",\"conv_type\":1},]",       "[{\"conv_id\":\"a\",\"conv_type\":1}] x",
        "[{\"conv_id\":\"\\udc00\",\"conv_type\":1}]",  "[{\"conv_id\":\"a\",\"conv_type\":1,\"x\":01}]",
        "[{\"conv_id\":\"a\",\"conv_type\":1,\"x\":\"\t\"}]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(standin_load_conversations(bad[i]) == -1);
    }
    CHECK(standin_load_conversations(NULL) == -1 && standin_load_conversations("[]") == 0);
    CHECK(standin_load_conversations_for("", "[]") == -1);

    signed_in("ids of every kind");
    CHECK(standin_load_conversations("[{\"conv_id\":\"\\ud83d\\ude00 \\u4f1a\\u00e9\\n\\\"\\\\\\/\",\"conv_type\":1},"
                                     "{\"conv_id\":\"c2c_c2c_\",\"conv_type\":1},{\"conv_id\":\"group_\",\"conv_type\":2}]") == 3);
    CHECK(delete_one("\xF0\x9F\x98\x80 \xE4\xBC\x9A\xC3\xA9\n\"\\/", 1) == 0 && settled() == 2 && is(0, 'c', 0, ""));
    CHECK(delete_list("[\"c2c_c2c_c2c_\",\"group_group_\"]", true) == 0 && settled() == 4 && is(2, 'c', 0, NULL));
    CHECK(!holds(2, "6004") && standin_deleted_count() == 3);
    CHECK(standin_load_conversations(three) == 3 && standin_load_conversations("[{\"conv_id\":\"7\",\"conv_type\":1},"
                                                                               "{\"conv_id\":\"7\",\"conv_type\":2}]") == 2);
    CHECK(!standin_is_listed("alice", 1) && delete_one("7", 2) == 0);
    settled();
    CHECK(standin_is_listed("7", 1) && !standin_is_listed("7", 2));

    fresh("conversations file");
    char path[] = "/tmp/standin-selftest-XXXXXX";
    int handle = mkstemp(path);
    FILE *file = fdopen(handle, "w");
    fputs("nope", file);
    fclose(file);
    setenv("CHATBRIDGE_STANDIN_CONVERSATIONS", "/nowhere/at/all", 1);
    CHECK(TIMInit(1, "{}") == 0 && TIMLogin("u", "s", on_call, NULL) == 0 && settled() == 1 && is(0, 'c', 6022, ""));
    CHECK(TIMGetLoginStatus() == 3 && strstr(all[0].desc, "/nowhere/at/all") != NULL);
    standin_set_conversations_file(path);
    CHECK(TIMLogin("u", "s", on_call, NULL) == 0 && settled() == 2 && is(1, 'c', 6027, ""));
    file = fopen(path, "w");
    fputs(three, file);
    fclose(file);
    standin_set_conversations_file(NULL);
    setenv("CHATBRIDGE_STANDIN_CONVERSATIONS", path, 1);
    CHECK(TIMLogin("u", "s", on_call, NULL) == 0 && settled() == 3 && is(2, 'c', 0, ""));
    CHECK(standin_is_listed("42", 2) && delete_one("42", 2) == 0 && settled() == 4 && is(3, 'c', 0, ""));
    CHECK(TIMLogin("u", "s", on_call, NULL) == 0 && settled() == 5 && !standin_is_listed("42", 2)); /* read once */
    unsetenv("CHATBRIDGE_STANDIN_CONVERSATIONS");
    unlink(path);
}

static void rate_limit(void) {
    signed_in("rate limit");
    standin_set_rate_limit(5);
    for (int i = 0; i < 6; i++) {
        CHECK(delete_one("nobody", 1) == 0);
    }
    CHECK(delete_list("[\"c2c_alice\"]", true) == 0 && TIMConvGetConvList(on_call, NULL) == 0 && settled() == 8);
    CHECK(is(4, 'c', 6004, "") && is(5, 'c', 9506, "") && is(6, 'c', 9506, "[]") && is(7, 'c', 0, NULL));
    standin_advance_clock(999);
    CHECK(delete_one("alice", 1) == 0 && settled() == 9 && is(8, 'c', 9506, ""));
    standin_advance_clock(1);
    CHECK(delete_one("alice", 1) == 0 && settled() == 11 && is(9, 'c', 0, ""));
}

/* One call of each kind that has a callback; the inputs are writable and outlive the test. */
static char call_id[] = "alice", call_list[] = "[\"c2c_alice\",\"group_42\"]", call_user[] = "user1", call_sig[] = "sig";

static int make_call(int function) {
    strcpy(call_id, "alice");
    strcpy(call_list, "[\"c2c_alice\",\"group_42\"]");
    strcpy(call_user, "user1");
    strcpy(call_sig, "sig");
    inside_call = true;
    int result = function == STANDIN_LOGIN              ? TIMLogin(call_user, call_sig, on_call, "ud")
                 : function == STANDIN_LOGOUT           ? TIMLogout(on_call, "ud")
                 : function == STANDIN_CONV_DELETE      ? TIMConvDelete(call_id, 1, on_call, "ud")
                 : function == STANDIN_CONV_DELETE_LIST ? TIMConvDeleteConversationList(call_list, true, on_call, "ud")
                                                        : TIMConvGetConvList(on_call, "ud");
    inside_call = false;
    return result;
}

static int calls_back(void) {
    int n = 0;
    for (int i = 0; i < count; i++) {
        n += all[i].what == 'c';
    }
    return n;
}

static seen *answer(void) {
    static seen none;
    for (int i = 0; i < count; i++) {
        if (all[i].what == 'c') {
            return &all[i];
        }
    }
    return &none;
}

static int event_numbered(int number) {
    for (int i = 0; i < count; i++) {
        if (all[i].what == 'e' && all[i].number == number) {
            return i;
        }
    }
    return -1;
}

static bool deletes(int function) {
    return function == STANDIN_CONV_DELETE || function == STANDIN_CONV_DELETE_LIST;
}

static void one_cell(int fault, int function) {
    static char name[64];
    snprintf(name, sizeof name, "fault %d on call %d", fault, function);
    signed_in(name);
    pthread_t worker;
    CHECK(TIMConvGetConvList(on_call, NULL) == 0 && settled() == 1);
    worker = all[0].thread;
    forget();
    counting_only = fault == STANDIN_EVENT_FLOOD;
    CHECK(standin_set_fault(fault, function, fault == STANDIN_RESULT_CODE ? 7008 : 0) == 1);
    int64_t deletions = function == STANDIN_CONV_DELETE ? 1 : function == STANDIN_CONV_DELETE_LIST ? 2 : 0;
    bool input = function != STANDIN_LOGOUT && function != STANDIN_CONV_GET_LIST;
    int64_t fires = 1;
    int result = make_call(function);
    settled();
    int own = calls_back();
    switch (fault) {
    case STANDIN_BEFORE_RETURN:
        CHECK(result == 0 && own == 1 && answer()->inside_call && answer()->number == 0);
        CHECK(count == own + (deletions > 0) && (deletions == 0 || !all[count - 1].inside_call));
        break;
    case STANDIN_FOREIGN_THREAD:
        CHECK(own == 1 && !pthread_equal(answer()->thread, worker) && !answer()->inside_call);
        CHECK(standin_effects(STANDIN_OFF_WORKER, function) == 1);
        break;
    case STANDIN_LATE:
        CHECK(own == 0 && standin_held_count() == 1 && standin_live_allocations() > 0);
        CHECK(standin_release_held(-1) == 1 && standin_held_count() == 0);
        settled();
        CHECK(calls_back() == 1 && answer()->number == 0);
        break;
    case STANDIN_TWICE:
        CHECK(own == 2 && all[0].number == all[1].number && strcmp(all[0].json, all[1].json) == 0);
        break;
    case STANDIN_NEVER:
        CHECK(own == 0 && standin_held_count() == 0);
        break;
    case STANDIN_AFTER_LOGOUT:
        if (function != STANDIN_LOGOUT) {
            CHECK(own == 0 && standin_held_count() == 1 && TIMLogout(NULL, NULL) == 0);
            settled();
        }
        CHECK(calls_back() == 1 && standin_held_count() == 0 && TIMGetLoginStatus() == 3);
        break;
    case STANDIN_AFTER_UNINIT:
        CHECK(own == 0 && standin_held_count() == 1 && TIMUninit() == 0);
        settled();
        CHECK(calls_back() == 1 && standin_held_count() == 0);
        break;
    case STANDIN_DURING_UNINIT:
        CHECK(own == 0 && standin_held_count() == 1 && TIMUninit() == 0);
        CHECK(calls_back() == 1 && standin_held_count() == 0); /* without waiting: before it returned */
        break;
    case STANDIN_RETURN_ONLY:
        CHECK(result == -5 && count == 0);
        deletions = 0;
        break;
    case STANDIN_RETURN_CALLBACK_BEFORE:
        CHECK(result == -5 && count == 1 && own == 1 && answer()->inside_call && answer()->number == 6017);
        deletions = 0;
        break;
    case STANDIN_RETURN_CALLBACK_AFTER:
        CHECK(result == -5 && count == 1 && own == 1 && !answer()->inside_call && answer()->number == 6017);
        deletions = 0;
        break;
    case STANDIN_NOT_UTF8:
        CHECK(own == 1 && strchr(answer()->desc, '\xC0') != NULL && strchr(answer()->json, '\xFF') != NULL);
        CHECK(standin_effects(STANDIN_GAVE_NOT_UTF8, function) == 2);
        break;
    case STANDIN_MALFORMED_JSON:
        CHECK(own == 1 && strcmp(answer()->json, "[{\"conv_id\":\"cut o") == 0);
        CHECK(standin_effects(STANDIN_GAVE_MALFORMED, function) == 1);
        break;
    case STANDIN_EMPTY_JSON:
        CHECK(own == 1 && strcmp(answer()->json, "") == 0);
        CHECK(standin_effects(STANDIN_GAVE_EMPTY, function) >= 1); /* a login before it had none either */
        break;
    case STANDIN_NULL_STRINGS:
        CHECK(own == 1 && answer()->json == NULL && answer()->desc == NULL);
        CHECK(standin_effects(STANDIN_GAVE_NULL, function) == 2);
        break;
    case STANDIN_HUGE_JSON:
        CHECK(own == 1 && answer()->json_length > 5 * 1024 * 1024 && strstr(answer()->json, "standin_padding") != NULL);
        CHECK(standin_effects(STANDIN_GAVE_HUGE, function) == 1 && standin_effects(STANDIN_GAVE_MALFORMED, function) == 0);
        CHECK(function != STANDIN_CONV_DELETE_LIST || strstr(answer()->json, "c2c_alice") != NULL);
        /* well formed: the reader takes it, once it has what a ConvInfo needs */
        CHECK(function != STANDIN_CONV_GET_LIST || standin_load_conversations(answer()->json) == 3);
        break;
    case STANDIN_RESULT_CODE:
        CHECK(own == 1 && count == 1 && answer()->number == 7008);
        CHECK(function != STANDIN_CONV_DELETE_LIST || strstr(answer()->json, "code\":7008") != NULL);
        CHECK(function != STANDIN_LOGOUT || TIMGetLoginStatus() == 1);
        deletions = 0;
        break;
    case STANDIN_RESULT_CODE_BUT_DONE:
        CHECK(own == 1 && answer()->number == 6012 && (deletions == 0 || event_numbered(1) == 1));
        CHECK(function != STANDIN_LOGOUT || TIMGetLoginStatus() == 3);
        break;
    case STANDIN_UNKNOWN_EVENT:
        CHECK(own == 1 && event_numbered(99) == count - 1);
        CHECK(standin_effects(STANDIN_GAVE_UNKNOWN_EVENT, STANDIN_ON_CONV_EVENT) == 1);
        break;
    case STANDIN_UPDATE_AFTER_DEL:
        CHECK(own == 1 && event_numbered(1) == 1 && event_numbered(2) == 2 && count == 3);
        CHECK(count == 3 && strcmp(all[1].json, all[2].json) == 0);
        CHECK(holds(1, deletes(function) ? "alice" : "standin_ghost"));
        break;
    case STANDIN_EVENT_FLOOD:
        CHECK(events_counted == 100000 + (deletions > 0));
        break;
    case STANDIN_EVENT_BEFORE_CALLBACK:
        fires = deletions > 0;
        CHECK(own == 1 && (deletions == 0 || (event_numbered(1) == 0 && count == 2)));
        break;
    case STANDIN_REREAD_INPUTS:
        fires = input;
        CHECK(own == 1 && standin_input_mismatches() == 0);
        if (input) {
            standin_pause();
            CHECK(make_call(function) == 0);
            (function == STANDIN_CONV_DELETE        ? call_id
             : function == STANDIN_CONV_DELETE_LIST ? call_list
                                                    : call_sig)[0] = '#';
            standin_resume();
            settled();
            CHECK(standin_input_mismatches() == 2 && standin_fault_fired(fault, function) == 2);
            fires = 2;
        }
        break;
    case STANDIN_POISON_INPUTS:
        fires = input;
        CHECK(own == 1 && (function != STANDIN_CONV_DELETE || strcmp(call_id, "\xDD\xDD\xDD\xDD\xDD") == 0));
        CHECK(function != STANDIN_LOGIN || (call_user[0] == '\xDD' && call_sig[2] == '\xDD'));
        CHECK(!input || standin_effects(STANDIN_INPUTS_OVERWRITTEN, function) == (function == STANDIN_LOGIN ? 2 : 1));
        break;
    case STANDIN_UNMAP_STRINGS:
        CHECK(own == 1 && answer()->number == 0);
        CHECK(standin_effects(STANDIN_STRINGS_UNMAPPED, function) == 2);
        break;
    default:
        CHECK(!"a fault without a test");
    }
    CHECK(standin_fault_fired(fault, function) == fires && standin_fault_fired(fault, STANDIN_ALL) == fires);
    CHECK(standin_deleted_count() == deletions);
    settled();
    CHECK(standin_live_allocations() == 0);
}

static void matrix(void) {
    for (int fault = 1; fault < STANDIN_FAULT_COUNT; fault++) {
        for (int function = STANDIN_LOGIN; function <= STANDIN_CONV_GET_LIST; function++) {
            one_cell(fault, function);
        }
    }
}

static void fire_slot(int slot) {
    inside_call = true;
    if (slot == STANDIN_ON_CONV_EVENT) {
        standin_fire_conv_event(2, "[{\"conv_id\":\"alice\",\"conv_type\":1}]");
    } else if (slot == STANDIN_ON_KICKED_OFFLINE) {
        standin_kick_offline();
    } else if (slot == STANDIN_ON_USER_SIG_EXPIRED) {
        standin_expire_user_sig();
    } else {
        standin_network_status(1);
    }
    inside_call = false;
}

static void slots(void) {
    for (int slot = STANDIN_ON_CONV_EVENT; slot <= STANDIN_ON_NETWORK_STATUS; slot++) {
        for (int fault = STANDIN_BEFORE_RETURN; fault <= STANDIN_AFTER_UNINIT; fault++) {
            static char name[64];
            snprintf(name, sizeof name, "fault %d on slot %d", fault, slot);
            signed_in(name);
            TIMSetKickedOfflineCallback(on_kicked, "k");
            TIMSetUserSigExpiredCallback(on_expired, "s");
            TIMSetNetworkStatusListenerCallback(on_network, "n");
            CHECK(standin_set_fault(fault, STANDIN_ALL, 0) == 1); /* does not touch slots */
            fire_slot(slot);
            CHECK(settled() == 1 && !all[0].inside_call);
            forget();
            standin_clear_faults();
            CHECK(standin_set_fault(fault, slot, 0) == 1);
            fire_slot(slot);
            settled();
            bool kept = fault == STANDIN_LATE || fault == STANDIN_AFTER_LOGOUT || fault == STANDIN_AFTER_UNINIT;
            CHECK(count == (fault == STANDIN_TWICE ? 2 : kept || fault == STANDIN_NEVER ? 0 : 1));
            CHECK(fault != STANDIN_BEFORE_RETURN || all[0].inside_call);
            CHECK(standin_held_count() == kept && standin_fault_fired(fault, slot) == 1);
            if (fault == STANDIN_AFTER_LOGOUT) {
                CHECK(TIMLogin("user1", "sig", NULL, NULL) == 0 && TIMLogout(NULL, NULL) == 0);
                settled();
                CHECK(count == 1);
            } else if (kept) {
                CHECK(fault == STANDIN_AFTER_UNINIT ? TIMUninit() == 0 : standin_release_held(1) == 1);
                settled();
                CHECK(count == 1);
            }
            CHECK(standin_live_allocations() == 0);
        }
    }
    signed_in("an event during an uninit");
    CHECK(standin_set_fault(STANDIN_DURING_UNINIT, STANDIN_ON_CONV_EVENT, 0) == 1);
    fire_slot(STANDIN_ON_CONV_EVENT);
    CHECK(settled() == 0 && standin_held_count() == 1 && TIMUninit() == 0 && count == 1 && standin_held_count() == 0);
    for (int event = EVENT_ADD; event <= EVENT_UPDATE; event++) {
        signed_in("what follows an event");
        CHECK(standin_set_fault(STANDIN_UPDATE_AFTER_DEL, STANDIN_ON_CONV_EVENT, 0) == 1);
        CHECK(standin_set_fault(STANDIN_EVENT_FLOOD, STANDIN_ON_CONV_EVENT, 5) == 1);
        standin_fire_conv_event(event, "[{\"conv_id\":\"alice\",\"conv_type\":1}]");
        CHECK(settled() == (event == EVENT_DEL ? 7 : 8) && all[0].number == event && all[event == EVENT_DEL ? 0 : 1].number == EVENT_DEL);
        CHECK(holds(count - 6, "alice") && all[count - 6].number == EVENT_UPDATE && holds(count - 1, "flood_4"));
        CHECK(standin_fault_fired(STANDIN_UPDATE_AFTER_DEL, STANDIN_ON_CONV_EVENT) == 1);
        CHECK(standin_fault_fired(STANDIN_EVENT_FLOOD, STANDIN_ON_CONV_EVENT) == 1);
    }
    signed_in("what follows an event of nobody's");
    CHECK(standin_set_fault(STANDIN_UPDATE_AFTER_DEL, STANDIN_ON_CONV_EVENT, 0) == 1);
    standin_fire_conv_event(EVENT_START, "");
    CHECK(settled() == 3 && holds(1, "standin_ghost") && holds(2, "standin_ghost"));
    signed_in("event contents");
    static const int contents[] = {STANDIN_NOT_UTF8, STANDIN_MALFORMED_JSON, STANDIN_EMPTY_JSON, STANDIN_NULL_STRINGS,
                                   STANDIN_HUGE_JSON, STANDIN_UNKNOWN_EVENT, STANDIN_UNMAP_STRINGS};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        forget();
        standin_clear_faults();
        CHECK(standin_set_fault(contents[i], STANDIN_ON_CONV_EVENT, 0) == 1);
        fire_slot(STANDIN_ON_CONV_EVENT);
        CHECK(settled() == 1 && standin_fault_fired(contents[i], STANDIN_ON_CONV_EVENT) == 1);
        CHECK(contents[i] == STANDIN_UNKNOWN_EVENT ? is(0, 'e', 99, NULL) : is(0, 'e', 2, NULL));
        CHECK(contents[i] != STANDIN_HUGE_JSON || standin_load_conversations(all[0].json) == 1);
        CHECK(contents[i] != STANDIN_NULL_STRINGS || all[0].json == NULL);
    }
    standin_clear_faults();
    forget();
    standin_fire_conv_event(77, NULL);
    CHECK(settled() == 1 && is(0, 'e', 77, NULL) && all[0].json == NULL);
    CHECK(TIMUninit() == 0);
    TIMSetConvEventCallback(NULL, NULL);
    CHECK(standin_set_fault(STANDIN_TWICE, STANDIN_ON_CONV_EVENT, 0) == 1);
    int64_t before = standin_fault_fired(STANDIN_TWICE, STANDIN_ALL);
    standin_fire_conv_event(1, "[]");
    CHECK(settled() == 1 && standin_fault_fired(STANDIN_TWICE, STANDIN_ALL) == before);
}

static const char *kept_json;

static void on_call_keeping(int32_t code, const char *desc, const char *json, const void *user_data) {
    (void)code, (void)desc, (void)user_data;
    kept_json = json;
}

/* What a callback that kept its pointers would find. */
static void strings_after_the_callback(void) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    signed_in("strings overwritten");
    CHECK(TIMConvGetConvList(on_call_keeping, NULL) == 0);
    settled();
    CHECK(standin_effects(STANDIN_STRINGS_OVERWRITTEN, STANDIN_CONV_GET_LIST) == 2);
    CHECK(standin_effects(STANDIN_STRINGS_UNMAPPED, STANDIN_ALL) == 0 && standin_effects(STANDIN_OFF_WORKER, STANDIN_ALL) == 0);
    CHECK(standin_effects(0, STANDIN_ALL) == -1 && standin_effects(STANDIN_EFFECT_COUNT, STANDIN_ALL) == -1);
    const volatile unsigned char *freed = (const volatile unsigned char *)kept_json;
    CHECK(freed[64] == 0xDD && freed[100] == 0xDD); /* beyond what an allocator writes into a freed block */
#endif
    signed_in("strings unmapped");
    CHECK(standin_set_fault(STANDIN_UNMAP_STRINGS, STANDIN_ALL, 0) == 1);
    CHECK(TIMConvGetConvList(on_call_keeping, NULL) == 0);
    settled();
    CHECK(((uintptr_t)kept_json & 0xFFF) == 0);
    CHECK(msync((void *)(uintptr_t)kept_json, 1, MS_ASYNC) == -1 && errno == ENOMEM);
}

/* What has no callback, or no JSON. */
static void returns_and_words(void) {
    static const int contents[] = {STANDIN_NOT_UTF8,  STANDIN_MALFORMED_JSON, STANDIN_EMPTY_JSON,
                                   STANDIN_NULL_STRINGS, STANDIN_HUGE_JSON,  STANDIN_UNMAP_STRINGS};
    char usual[64];
    signed_in("texts that are returned, and words of the network");
    snprintf(usual, sizeof usual, "%s", TIMGetSDKVersion());
    TIMSetNetworkStatusListenerCallback(on_network, "n");
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        forget();
        CHECK(standin_set_fault(contents[i], STANDIN_ALL, 0) == 1 && strcmp(TIMGetSDKVersion(), usual) == 0);
        standin_clear_faults();
        CHECK(standin_set_fault(contents[i], STANDIN_GET_SDK_VERSION, 0) == 1);
        CHECK(standin_set_fault(contents[i], STANDIN_ON_NETWORK_STATUS, 0) == 1);
        standin_pause();
        const char *version = TIMGetSDKVersion();
        CHECK(standin_fault_fired(contents[i], STANDIN_GET_SDK_VERSION) == 1 && standin_live_allocations() > 0);
        CHECK((version == NULL) == (contents[i] == STANDIN_NULL_STRINGS));
        CHECK(version == NULL || (strcmp(version, usual) == 0) == (contents[i] == STANDIN_UNMAP_STRINGS));
        CHECK(contents[i] != STANDIN_HUGE_JSON || strlen(version) > 5 * 1024 * 1024);
        standin_resume();
        standin_network_status(1);
        CHECK(settled() == 1 && all[0].number == 1 && standin_fault_fired(contents[i], STANDIN_ON_NETWORK_STATUS) == 1);
        CHECK((all[0].desc == NULL) == (contents[i] == STANDIN_NULL_STRINGS));
        CHECK(contents[i] != STANDIN_EMPTY_JSON || all[0].desc[0] == '\0');
        CHECK(contents[i] != STANDIN_UNMAP_STRINGS || msync((void *)(uintptr_t)version, 1, MS_ASYNC) == -1);
        standin_clear_faults();
        CHECK(standin_live_allocations() == 0);
    }
    forget();
    CHECK(standin_set_fault(STANDIN_UNKNOWN_EVENT, STANDIN_ON_NETWORK_STATUS, 0) == 1);
    standin_network_status(1);
    CHECK(settled() == 1 && is(0, 'n', 99, NULL));
    CHECK(standin_set_fault(STANDIN_RETURN_ONLY, STANDIN_ALL, 0) == 1 && TIMGetLoginStatus() == 1);
    CHECK(standin_set_fault(STANDIN_RETURN_ONLY, STANDIN_GET_LOGIN_STATUS, 77) == 1 && TIMGetLoginStatus() == 77);
    standin_clear_faults();

    section = "an input that is overwritten inside the call";
    char config[] = "{}";
    CHECK(standin_set_fault(STANDIN_POISON_INPUTS, STANDIN_INIT, 0) == 1 && TIMInit(1400000000, config) == 0);
    CHECK((unsigned char)config[0] == 0xDD && (unsigned char)config[1] == 0xDD && config[2] == '\0');

    signed_in("held until a logout that nobody was signed in for");
    TIMSetKickedOfflineCallback(on_kicked, "k");
    CHECK(standin_set_fault(STANDIN_AFTER_LOGOUT, STANDIN_ON_KICKED_OFFLINE, 0) == 1);
    standin_kick_offline();
    CHECK(settled() == 0 && TIMLogout(on_call, NULL) == 0);
    CHECK(settled() == 2 && is(0, 'c', 6014, NULL) && is(1, 'k', 0, NULL));
}

static void combined(void) {
    signed_in("combined: twice, bad text, foreign, late");
    CHECK(standin_set_fault(STANDIN_TWICE, STANDIN_ALL, 2) == 1 && standin_set_fault(STANDIN_NOT_UTF8, STANDIN_ALL, 1) == 1);
    CHECK(standin_set_fault(STANDIN_FOREIGN_THREAD, STANDIN_ALL, 0) == 1);
    CHECK(standin_set_fault(STANDIN_LATE, STANDIN_CONV_DELETE, 0) == 1);
    CHECK(delete_one("alice", 1) == 0 && settled() == 1 && is(0, 'e', 1, NULL));
    CHECK(standin_release_held(5) == 1 && settled() == 4 && calls_back() == 3 && strcmp(answer()->json, "") == 0);

    signed_in("combined: non-zero return, its callback surely after");
    CHECK(standin_set_fault(STANDIN_RETURN_CALLBACK_AFTER, STANDIN_CONV_DELETE, -6) == 1);
    CHECK(standin_set_fault(STANDIN_LATE, STANDIN_CONV_DELETE, 0) == 1);
    CHECK(delete_one("alice", 1) == -6 && settled() == 0 && standin_release_held(-1) == 1 && settled() == 1);

    signed_in("combined: the second one much later");
    CHECK(standin_set_fault(STANDIN_TWICE, STANDIN_CONV_DELETE, -1) == 1);
    CHECK(delete_one("alice", 1) == 0 && settled() == 2 && standin_held_count() == 1 && TIMUninit() == 0);
    CHECK(standin_held_count() == 1 && standin_release_held(-1) == 1 && settled() == 3 && calls_back() == 2);

    signed_in("combined: never, inputs read again");
    CHECK(standin_set_fault(STANDIN_NEVER, STANDIN_ALL, 0) == 1);
    CHECK(standin_set_fault(STANDIN_REREAD_INPUTS, STANDIN_ALL, 0) == 1);
    CHECK(make_call(STANDIN_CONV_DELETE) == 0 && settled() == 1 && standin_live_allocations() > 0);
    CHECK(standin_input_mismatches() == 0 && standin_reread_forgotten() == 1 && standin_input_mismatches() == 0);
    CHECK(make_call(STANDIN_CONV_DELETE) == 0);
    settled();
    call_id[0] = 'A';
    CHECK(standin_reread_forgotten() == 1 && standin_input_mismatches() == 1 && standin_live_allocations() == 0);

    signed_in("combined: refused, inputs read again right before the return");
    for (int fault = STANDIN_RETURN_ONLY; fault <= STANDIN_RETURN_CALLBACK_AFTER; fault++) {
        standin_clear_faults();
        int64_t before = standin_inputs_reread();
        CHECK(standin_set_fault(fault, STANDIN_ALL, -5) == 1);
        CHECK(make_call(STANDIN_CONV_DELETE) == -5 && standin_inputs_reread() == before);
        CHECK(standin_set_fault(STANDIN_REREAD_INPUTS, STANDIN_ALL, 0) == 1);
        CHECK(make_call(STANDIN_CONV_DELETE) == -5 && standin_inputs_reread() == before + 1);
        CHECK(standin_input_mismatches() == 0);
    }
    settled();
    CHECK(standin_live_allocations() == 0);

    signed_in("combined: never and late, inputs read again by uninit, and never after it");
    CHECK(standin_set_fault(STANDIN_NEVER, STANDIN_CONV_DELETE, 0) == 1);
    CHECK(standin_set_fault(STANDIN_AFTER_UNINIT, STANDIN_CONV_DELETE_LIST, 0) == 1);
    CHECK(standin_set_fault(STANDIN_REREAD_INPUTS, STANDIN_ALL, 0) == 1);
    CHECK(make_call(STANDIN_CONV_DELETE) == 0 && make_call(STANDIN_CONV_DELETE_LIST) == 0 && settled() == 2);
    int64_t read = standin_inputs_reread();
    call_id[0] = 'A';
    standin_pause();
    CHECK(TIMUninit() == 0 && standin_inputs_reread() == read);
    standin_resume();
    settled();
    CHECK(standin_inputs_reread() == read + 2 && standin_input_mismatches() == 1);
    CHECK(standin_live_allocations() == 0 && standin_reread_forgotten() == 0);

    signed_in("pace and late with a limit");
    standin_set_accept_unknown(1);
    CHECK(standin_pace_fault(STANDIN_NEVER, STANDIN_CONV_DELETE, 2, 1) == 0);
    CHECK(standin_set_fault(STANDIN_NEVER, STANDIN_CONV_DELETE, 0) == 1);
    CHECK(standin_pace_fault(STANDIN_NEVER, STANDIN_CONV_DELETE, 10, 5) == 1);
    CHECK(standin_set_fault(STANDIN_LATE, STANDIN_CONV_DELETE, 20) == 1);
    counting_only = true;
    for (int i = 0; i < 1000; i++) {
        CHECK(delete_one("x", 1) == 0);
    }
    settled();
    CHECK(standin_fault_fired(STANDIN_NEVER, STANDIN_CONV_DELETE) == 5 && standin_held_count() == 20);
    CHECK(standin_callbacks(STANDIN_CONV_DELETE) == 975 && standin_release_held(7) == 7 && standin_held_count() == 13);
    CHECK(standin_release_held(-1) == 13);
    settled();
    CHECK(standin_callbacks(STANDIN_CONV_DELETE) == 995 && standin_deleted_count() == 1000);
    CHECK(standin_live_allocations() == 0);
    CHECK(standin_clear_fault(STANDIN_LATE, STANDIN_CONV_DELETE) == 1);
    CHECK(standin_pace_fault(STANDIN_NEVER, STANDIN_CONV_DELETE, 4, -1) == 1);
    for (int i = 0; i < 10; i++) {
        CHECK(delete_one("x", 1) == 0);
    }
    settled();
    CHECK(standin_callbacks(STANDIN_CONV_DELETE) == 995 + 8 && standin_held_count() == 0);

    fresh("control arguments");
    CHECK(standin_set_fault(0, 0, 0) == 0 && standin_set_fault(STANDIN_FAULT_COUNT, 0, 0) == 0);
    CHECK(standin_set_fault(1, -1, 0) == 0 && standin_set_fault(1, STANDIN_FUNCTION_COUNT, 0) == 0);
    CHECK(standin_fault_fired(-1, 0) == -1 && standin_calls(99) == 0 && standin_deleted_id(-1) == NULL);
    standin_pause();
    CHECK(standin_wait_idle(0) == 1 && delete_one("a", 1) == 0 && standin_wait_idle(1) == 0);
    CHECK(TIMUninit() == 0 && standin_queued_count() == 2); /* does not wait for a paused worker */
    CHECK(standin_reset() == 1 && standin_queued_count() == 0 && standin_live_allocations() == 0 && count == 0);

    signed_in("init and uninit return non-zero");
    CHECK(standin_set_fault(STANDIN_RETURN_ONLY, STANDIN_INIT, -1) == 1 && TIMInit(1, "{}") == -1);
    CHECK(standin_set_fault(STANDIN_RETURN_ONLY, STANDIN_UNINIT, 0) == 1 && TIMUninit() == -5 && TIMGetLoginStatus() == 1);
}

/* Many threads at once: for the thread sanitizer, and that nothing is lost or doubled. */
enum { THREADS = 4, ROUNDS = 500 };

static void *hammer(void *argument) {
    char id[32];
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(id, sizeof id, "t%d_%d", (int)(intptr_t)argument, i);
        TIMConvDelete(id, 1, on_call, NULL);
        if (i % 50 == 0) {
            TIMSetConvEventCallback(on_event, NULL);
            TIMGetLoginStatus();
            standin_release_held(1);
            standin_deleted_count();
        }
    }
    return NULL;
}

static void many_threads(void) {
    pthread_t threads[THREADS];
    signed_in("many threads");
    counting_only = true;
    standin_set_accept_unknown(1);
    standin_set_fault(STANDIN_LATE, STANDIN_CONV_DELETE, 10);
    standin_pace_fault(STANDIN_LATE, STANDIN_CONV_DELETE, 3, -1);
    standin_set_fault(STANDIN_FOREIGN_THREAD, STANDIN_ON_CONV_EVENT, 0);
    standin_pace_fault(STANDIN_FOREIGN_THREAD, STANDIN_ON_CONV_EVENT, 20, -1);
    standin_set_fault(STANDIN_BEFORE_RETURN, STANDIN_CONV_DELETE, 0);
    standin_pace_fault(STANDIN_BEFORE_RETURN, STANDIN_CONV_DELETE, 7, -1);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, hammer, (void *)(intptr_t)i) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    settled();
    standin_release_held(-1);
    settled();
    CHECK(standin_callbacks(STANDIN_CONV_DELETE) == THREADS * ROUNDS);
    CHECK(standin_deleted_count() == THREADS * ROUNDS && events_counted == THREADS * ROUNDS);
    CHECK(standin_live_allocations() == 0);
}

int main(void) {
    table_of_facts();
    deleting();
    users();
    loading();
    rate_limit();
    matrix();
    slots();
    strings_after_the_callback();
    returns_and_words();
    combined();
    many_threads();
    fresh("end");
    printf("%s: %d passed, %d failed, 0 skipped\n", TIMGetSDKVersion(), passed, failed);
    return failed > 0;
}
