/* The users' conversations. Every function wants core.lock held. */
#ifndef CHATBRIDGE_STANDIN_STORE_H
#define CHATBRIDGE_STANDIN_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

/* One conversation. Off the list (`listed` false) it is only history that was kept. */
typedef struct conversation {
    int type;
    char *id;
    size_t id_length;
    char *info; /* the ConvInfo object, as it was loaded */
    size_t info_length;
    bool listed;
    int64_t history;
    int refusal;
    struct conversation *before, *after, *chain;
} conversation;

typedef struct store store;

/* NULL where the user has none. */
store *store_find(const char *user);
/* The user's, made from the seed where there is none yet. */
store *store_open(const char *user);
bool store_has_seed(void);
/* How many; -1: not a ConvInfo list, nothing changed. store NULL: the seed for users to come. */
int64_t store_load(store *s, const char *json, size_t length);
const char *store_user(const store *s);

conversation *store_conversation(store *s, const char *id, size_t length, int type);
/* Takes it off the list; with its history, it is gone for good and no longer valid. */
void store_delete(store *s, conversation *c, bool clear_history);
/* A message came. Returns the conversation, made, relisted or as it was. */
conversation *store_message(store *s, const char *id, int type, const char *words);
/* Appends the listed ones as a JSON array. Returns how many. */
int64_t store_list(store *s, text *json);
void stores_reset(void);

#endif
