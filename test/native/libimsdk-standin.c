/* The vendor's functions: what each refuses at once, as the real core does, and the hand-over to calls.c. */
#include <string.h>

#include "calls.h"

enum { UNINIT_PATIENCE_MS = 30000 };

static void note(int function, const char *text, int64_t number) {
    core_lock();
    log_call(function, text, number);
    core_unlock();
}

static bool is_empty(const char *string) {
    return string == NULL || string[0] == '\0';
}

int TIMInit(uint64_t sdk_app_id, const char *json_sdk_config) {
    int64_t value = 0;
    int result = TIM_SUCC;
    core_lock();
    log_call(STANDIN_INIT, json_sdk_config, (int64_t)sdk_app_id);
    bool poisons = json_sdk_config != NULL && fault_takes(STANDIN_POISON_INPUTS, STANDIN_INIT, NULL);
    if (fault_takes(STANDIN_RETURN_ONLY, STANDIN_INIT, &value)) {
        result = value != 0 ? (int)value : TIM_ERR_CONV;
    } else if (sdk_app_id == 0) {
        result = TIM_ERR_PARAM;
    } else if (!is_empty(json_sdk_config) && !json_is_object(json_sdk_config, strlen(json_sdk_config))) {
        result = TIM_ERR_JSON;
    } else {
        core.initialised = true;
    }
    if (poisons) {
        size_t length = strlen(json_sdk_config);
        poison((char *)json_sdk_config, length);
        core.effects[STANDIN_INPUTS_OVERWRITTEN][STANDIN_INIT] += is_poisoned(json_sdk_config, length);
    }
    core_unlock();
    return result;
}

static void uninit_drop(job *item) {
    core.uninits_done++;
    give(item, PASSING);
}

static void uninit_run(job *item) {
    core_lock();
    core.user = NULL;
    held_reread_all();
    held_release(STANDIN_AFTER_LOGOUT, -1);
    held_release(STANDIN_AFTER_UNINIT, -1);
    uninit_drop(item);
    core_unlock();
}

/* Waits for the calls before it, as a core that joins its threads does, where that cannot wait for itself. */
int TIMUninit(void) {
    int64_t value = 0;
    int result = TIM_SUCC;
    core_lock();
    log_call(STANDIN_UNINIT, NULL, 0);
    if (fault_takes(STANDIN_RETURN_ONLY, STANDIN_UNINIT, &value)) {
        result = value != 0 ? (int)value : TIM_ERR_CONV;
    } else {
        job *item = take(sizeof *item, PASSING);
        item->run = uninit_run;
        item->drop = uninit_drop;
        core.initialised = false;
        held_release(STANDIN_DURING_UNINIT, -1);
        int64_t ticket = ++core.uninits_asked;
        worker_enqueue(item);
        if (!on_callback_thread() && !worker_is_paused() &&
            !worker_wait(&core.uninits_done, ticket, UNINIT_PATIENCE_MS)) {
            result = TIM_ERR_SDKUNINIT;
        }
    }
    core_unlock();
    return result;
}

const char *TIMGetSDKVersion(void) {
#ifdef STANDIN_WITHOUT_BATCH_DELETE
    const char *usual = "6.1.0-standin";
#else
    const char *usual = "8.0.0-standin";
#endif
    core_lock();
    log_call(STANDIN_GET_SDK_VERSION, NULL, 0);
    const char *version = returned(usual, STANDIN_GET_SDK_VERSION);
    core_unlock();
    return version;
}

int TIMLogin(const char *user_id, const char *user_sig, TIMCommCallback cb, const void *user_data) {
    note(STANDIN_LOGIN, user_id, 0);
    if (is_empty(user_id) || user_sig == NULL) {
        return TIM_ERR_PARAM;
    }
    call *c = call_new(STANDIN_LOGIN, cb, user_data);
    call_takes_input(c, user_id);
    call_takes_input(c, user_sig);
    return call_admit(c);
}

int TIMLogout(TIMCommCallback cb, const void *user_data) {
    note(STANDIN_LOGOUT, NULL, 0);
    return call_admit(call_new(STANDIN_LOGOUT, cb, user_data));
}

int TIMGetLoginStatus(void) {
    core_lock();
    int64_t value = 0;
    core.calls[STANDIN_GET_LOGIN_STATUS]++;
    int status = fault_takes(STANDIN_RETURN_ONLY, STANDIN_GET_LOGIN_STATUS, &value)
                     ? (value != 0 ? (int)value : TIM_ERR_CONV)
                 : core.logins_queued > 0    ? LOGIN_STATUS_GOING_IN
                 : core.logouts_queued > 0 ? LOGIN_STATUS_GOING_OUT
                 : core.user != NULL       ? LOGIN_STATUS_IN
                                           : LOGIN_STATUS_OUT;
    core_unlock();
    return status;
}

int TIMGetLoginUserID(char *user_id_buffer) {
    if (user_id_buffer == NULL) {
        return TIM_ERR_PARAM;
    }
    core_lock();
    core.calls[STANDIN_GET_LOGIN_USER_ID]++;
    const char *user = core.user != NULL ? store_user(core.user) : "";
    size_t length = strlen(user) < LOGIN_USER_ID_BUFFER - 1 ? strlen(user) : LOGIN_USER_ID_BUFFER - 1;
    memcpy(user_id_buffer, user, length);
    user_id_buffer[length] = '\0';
    core_unlock();
    return TIM_SUCC;
}

int TIMConvGetConvList(TIMCommCallback cb, const void *user_data) {
    note(STANDIN_CONV_GET_LIST, NULL, 0);
    return call_admit(call_new(STANDIN_CONV_GET_LIST, cb, user_data));
}

int TIMConvDelete(const char *conv_id, int conv_type, TIMCommCallback cb, const void *user_data) {
    note(STANDIN_CONV_DELETE, conv_id, conv_type);
    if (is_empty(conv_id) || (conv_type != CONV_C2C && conv_type != CONV_GROUP)) {
        return TIM_ERR_PARAM;
    }
    call *c = call_new(STANDIN_CONV_DELETE, cb, user_data);
    call_takes_input(c, conv_id);
    c->conv_type = conv_type;
    c->clear_history = true;
    return call_admit(c);
}

#ifndef STANDIN_WITHOUT_BATCH_DELETE
int TIMConvDeleteConversationList(const char *json_id_array, bool clear_message, TIMCommCallback cb,
                                  const void *user_data) {
    note(STANDIN_CONV_DELETE_LIST, json_id_array, clear_message);
    if (json_id_array == NULL) {
        return TIM_ERR_PARAM;
    }
    text_list ids;
    bool good = json_read_ids(json_id_array, strlen(json_id_array), &ids) && ids.count > 0;
    text_list_free(&ids);
    if (!good) {
        delivery *answer = delivery_new(TO_CALL, STANDIN_CONV_DELETE_LIST, ERR_INVALID_PARAMETERS,
                                        text_of("conversation_id_array is invalid"), text_of(""));
        answer->callback = cb;
        answer->user_data = user_data;
        delivery_route(answer);
        return TIM_ERR_JSON;
    }
    call *c = call_new(STANDIN_CONV_DELETE_LIST, cb, user_data);
    call_takes_input(c, json_id_array);
    c->clear_history = clear_message;
    return call_admit(c);
}
#endif

void TIMSetConvEventCallback(TIMConvEventCallback cb, const void *user_data) {
    core_lock();
    core.calls[STANDIN_SET_CALLBACK]++;
    core.on_conv_event = cb;
    core.conv_event_data = user_data;
    core_unlock();
}

#ifndef STANDIN_WITHOUT_SESSION_SLOTS
void TIMSetKickedOfflineCallback(TIMKickedOfflineCallback cb, const void *user_data) {
    core_lock();
    core.calls[STANDIN_SET_CALLBACK]++;
    core.on_kicked_offline = cb;
    core.kicked_offline_data = user_data;
    core_unlock();
}

void TIMSetUserSigExpiredCallback(TIMUserSigExpiredCallback cb, const void *user_data) {
    core_lock();
    core.calls[STANDIN_SET_CALLBACK]++;
    core.on_user_sig_expired = cb;
    core.user_sig_expired_data = user_data;
    core_unlock();
}

void TIMSetNetworkStatusListenerCallback(TIMNetworkStatusListenerCallback cb, const void *user_data) {
    core_lock();
    core.calls[STANDIN_SET_CALLBACK]++;
    core.on_network_status = cb;
    core.network_status_data = user_data;
    core_unlock();
}
#endif
