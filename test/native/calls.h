/* A vendor call from its admission to its callback. */
#ifndef CHATBRIDGE_STANDIN_CALLS_H
#define CHATBRIDGE_STANDIN_CALLS_H

#include "internal.h"

typedef struct {
    job head; /* first, so that a call is a job */
    int function;
    TIMCommCallback callback;
    const void *user_data;
    input inputs[INPUT_MAX];
    int conv_type;
    bool clear_history;
    bool initialised, over_limit, refused; /* as it was at the call */
} call;

call *call_new(int function, TIMCommCallback cb, const void *user_data);
void call_takes_input(call *c, const char *callers);
/* Without the lock. Takes the call over; returns what the vendor's function returns. */
int call_admit(call *c);

#endif
