/* The part of the vendor's C ABI that the stand-in exports: signatures and numbers only. Source: im_electron_sdk
 * 8.0.5906, lib/linux/include, held against the real library by `npm test real-core`. C enums cross as int. */
#ifndef CHATBRIDGE_VENDOR_ABI_H
#define CHATBRIDGE_VENDOR_ABI_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*TIMCommCallback)(int32_t code, const char *desc, const char *json_params, const void *user_data);
typedef void (*TIMConvEventCallback)(int conv_event, const char *json_conv_array, const void *user_data);
typedef void (*TIMKickedOfflineCallback)(const void *user_data);
typedef void (*TIMUserSigExpiredCallback)(const void *user_data);
typedef void (*TIMNetworkStatusListenerCallback)(int status, int32_t code, const char *desc, const void *user_data);

int TIMInit(uint64_t sdk_app_id, const char *json_sdk_config);
int TIMUninit(void);
const char *TIMGetSDKVersion(void);
int TIMLogin(const char *user_id, const char *user_sig, TIMCommCallback cb, const void *user_data);
int TIMLogout(TIMCommCallback cb, const void *user_data);
int TIMGetLoginStatus(void);
int TIMGetLoginUserID(char *user_id_buffer);
int TIMConvGetConvList(TIMCommCallback cb, const void *user_data);
int TIMConvDelete(const char *conv_id, int conv_type, TIMCommCallback cb, const void *user_data);
#ifndef STANDIN_WITHOUT_BATCH_DELETE
int TIMConvDeleteConversationList(const char *json_id_array, bool clear_message, TIMCommCallback cb,
                                  const void *user_data);
#endif
void TIMSetConvEventCallback(TIMConvEventCallback cb, const void *user_data);
void TIMSetKickedOfflineCallback(TIMKickedOfflineCallback cb, const void *user_data);
void TIMSetUserSigExpiredCallback(TIMUserSigExpiredCallback cb, const void *user_data);
void TIMSetNetworkStatusListenerCallback(TIMNetworkStatusListenerCallback cb, const void *user_data);

enum { TIM_SUCC = 0, TIM_ERR_SDKUNINIT = -1, TIM_ERR_JSON = -3, TIM_ERR_PARAM = -4, TIM_ERR_CONV = -5 };
enum { CONV_C2C = 1, CONV_GROUP = 2 };
enum { EVENT_ADD = 0, EVENT_DEL = 1, EVENT_UPDATE = 2, EVENT_START = 3, EVENT_FINISH = 4 };
enum { LOGIN_STATUS_IN = 1, LOGIN_STATUS_GOING_IN = 2, LOGIN_STATUS_OUT = 3, LOGIN_STATUS_GOING_OUT = 4 };
enum {
    ERR_NO_SUCCESS = 6003,
    ERR_INVALID_CONVERSATION = 6004,
    ERR_TIMEOUT = 6012,
    ERR_NOT_INITIALIZED = 6013,
    ERR_NOT_LOGGED_IN = 6014,
    ERR_INVALID_PARAMETERS = 6017,
    ERR_IO = 6022,
    ERR_JSON_PARSE = 6027,
    ERR_FREQUENCY = 9506
};
enum { LOGIN_USER_ID_BUFFER = 128, BATCH_LIMIT = 100 };

#endif
