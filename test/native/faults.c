#include <string.h>

#include "internal.h"

typedef struct {
    bool set;
    int64_t argument, every, chances, left;
} setting;

static setting settings[STANDIN_FAULT_COUNT][STANDIN_FUNCTION_COUNT];
static int64_t fired[STANDIN_FAULT_COUNT][STANDIN_FUNCTION_COUNT];

static bool known(int fault, int function) {
    return fault > 0 && fault < STANDIN_FAULT_COUNT && function >= 0 && function < STANDIN_FUNCTION_COUNT;
}

static setting *setting_for(int fault, int function) {
    setting *own = &settings[fault][function];
    if (own->set) {
        return own;
    }
    setting *all = &settings[fault][STANDIN_ALL];
    bool question = function == STANDIN_GET_LOGIN_STATUS || function == STANDIN_GET_SDK_VERSION;
    return all->set && function < STANDIN_ON_CONV_EVENT && !question ? all : NULL;
}

bool fault_is_set(int fault, int function) {
    return setting_for(fault, function) != NULL;
}

bool fault_takes(int fault, int function, int64_t *argument) {
    setting *s = setting_for(fault, function);
    if (s == NULL || s->left == 0 || ++s->chances % s->every != 0) {
        return false;
    }
    if (s->left > 0) {
        s->left--;
    }
    fired[fault][function]++;
    if (argument != NULL) {
        *argument = s->argument;
    }
    return true;
}

void faults_reset(void) {
    memset(settings, 0, sizeof settings);
    memset(fired, 0, sizeof fired);
}

int standin_set_fault(int fault, int function, int64_t argument) {
    if (!known(fault, function)) {
        return 0;
    }
    core_lock();
    settings[fault][function] = (setting){true, argument, 1, 0, -1};
    core_unlock();
    return 1;
}

int standin_pace_fault(int fault, int function, int64_t every, int64_t times) {
    if (!known(fault, function) || every < 1) {
        return 0;
    }
    core_lock();
    setting *s = &settings[fault][function];
    bool set = s->set;
    if (set) {
        s->every = every;
        s->chances = 0;
        s->left = times < 0 ? -1 : times;
    }
    core_unlock();
    return set;
}

int standin_clear_fault(int fault, int function) {
    if (!known(fault, function)) {
        return 0;
    }
    core_lock();
    settings[fault][function].set = false;
    core_unlock();
    return 1;
}

void standin_clear_faults(void) {
    core_lock();
    memset(settings, 0, sizeof settings);
    core_unlock();
}

int64_t standin_fault_fired(int fault, int function) {
    if (!known(fault, function)) {
        return -1;
    }
    int64_t count = 0;
    core_lock();
    for (int f = 0; f < STANDIN_FUNCTION_COUNT; f++) {
        count += function == STANDIN_ALL || function == f ? fired[fault][f] : 0;
    }
    core_unlock();
    return count;
}
