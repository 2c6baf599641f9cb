// An airssys actor in C: the types, the host's functions and the exports of world `actor`, in one header.
//
//   #include <airssys.h>
//
//   static airssys_answer handle_message(const airssys_message *message) {
//     return airssys_reply(message->payload);
//   }
//
//   const airssys_actor airssys_this = {
//     .name = "echo", .version = "1.0.0", .description = "Says it again", .handle_message = handle_message,
//   };
//
// Include it in one source file of a component. What the host does and promises is in wit/, function by function; the
// names here are those names with `airssys_` before them.
//
// Memory: what a function here returns or hands over, and what `airssys_alloc` gives, lives until the handler has
// returned and its result was taken. Copy what is to be kept, with `malloc` and `memcpy`. A text has a length and no
// zero at its end.
//
// With AIRSSYS_STATEFUL defined before it is included, the component is of world `stateful-actor`, and has
// `.snapshot` and `.restore`.
//
// There is no WASI: what is printed becomes lines in the host's log, stdout at `info` and stderr at `warn`; the time
// is the host's; there are no files, no variables and no arguments.
#ifndef AIRSSYS_H
#define AIRSSYS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Values. They lie in memory as the canonical ABI has them, so nothing is copied. ----

typedef struct {
  const uint8_t *data;
  size_t length;
} airssys_bytes;

/// UTF-8.
typedef struct {
  const char *data;
  size_t length;
} airssys_text;

typedef struct {
  const airssys_text *items;
  size_t length;
} airssys_texts;

typedef struct {
  airssys_text name;
  airssys_text value;
} airssys_pair;

typedef struct {
  const airssys_pair *items;
  size_t length;
} airssys_pairs;

typedef struct {
  const uint32_t *items;
  size_t length;
} airssys_codes;

/// Written `namespace/name`.
typedef struct {
  airssys_text namespace;
  airssys_text name;
  airssys_text version;
} airssys_id;

typedef struct {
  const airssys_id *items;
  size_t length;
} airssys_ids;

/// Since the Unix epoch.
typedef struct {
  uint64_t seconds;
  uint32_t nanoseconds;
} airssys_timestamp;

/// A message as it reaches its receiver. `sender`, `topic` and `correlation_id` are there when the flag before them
/// says so.
typedef struct {
  bool has_sender;
  airssys_id sender;
  /// Begins with the prefix of its codec: see `airssys_codec` and `airssys_body`.
  airssys_bytes payload;
  bool has_topic;
  airssys_text topic;
  /// There when the sender waits for a reply.
  bool has_correlation_id;
  airssys_text correlation_id;
  airssys_timestamp timestamp;
  airssys_pairs headers;
} airssys_message;

_Static_assert(sizeof(airssys_message) == 88, "airssys.h is for wasm32");

typedef struct {
  airssys_id id;
  /// The table [config] of Component.toml.
  airssys_pairs values;
} airssys_config;

typedef struct {
  bool has_correlation_id;
  airssys_text correlation_id;
  /// False: the caller waits for ever.
  bool has_remaining_millis;
  uint64_t remaining_millis;
} airssys_context;

// ---- Making and reading values ----

/// Zeroed memory that lives until the handler has returned. Traps when there is none left.
static inline void *airssys_alloc(size_t size);

/// The text of a C string, which must live as long as the text is used.
static inline airssys_text airssys_str(const char *string) { return (airssys_text){string, strlen(string)}; }

/// A text for `%.*s`.
#define AIRSSYS_ARG(text) (int)(text).length, (text).data

/// A text as by `printf`.
__attribute__((format(printf, 1, 2))) static inline airssys_text airssys_format(const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) __builtin_trap();
  char *data = airssys_alloc((size_t)length + 1);
  vsnprintf(data, (size_t)length + 1, format, again);
  va_end(again);
  return (airssys_text){data, (size_t)length};
}

static inline bool airssys_equals(airssys_text text, const char *string) {
  return text.length == strlen(string) && memcmp(text.data, string, text.length) == 0;
}

/// A copy with a zero at its end.
static inline char *airssys_c_string(airssys_text text) {
  char *copy = airssys_alloc(text.length + 1);
  if (text.length > 0) memcpy(copy, text.data, text.length);
  return copy;
}

static inline airssys_text airssys_as_text(airssys_bytes bytes) {
  return (airssys_text){(const char *)bytes.data, bytes.length};
}

static inline airssys_bytes airssys_as_bytes(airssys_text text) {
  return (airssys_bytes){(const uint8_t *)text.data, text.length};
}

/// The value at a name. False, and `value` as it was, when there is none.
static inline bool airssys_find(airssys_pairs pairs, const char *name, airssys_text *value) {
  for (size_t index = 0; index < pairs.length; index++) {
    if (!airssys_equals(pairs.items[index].name, name)) continue;
    *value = pairs.items[index].value;
    return true;
  }
  return false;
}

/// Multicodec codes, which payloads begin with.
enum {
  AIRSSYS_NO_CODEC = 0,
  AIRSSYS_PROTOBUF = 0x50,
  AIRSSYS_CBOR = 0x51,
  AIRSSYS_RAW = 0x55,
  AIRSSYS_JSON = 0x0200,
  AIRSSYS_MESSAGEPACK = 0x0201,
};

/// What a payload begins with, or AIRSSYS_NO_CODEC.
static inline uint32_t airssys_codec(airssys_bytes payload) {
  if (payload.length == 0) return AIRSSYS_NO_CODEC;
  uint8_t first = payload.data[0];
  if (first == AIRSSYS_PROTOBUF || first == AIRSSYS_CBOR || first == AIRSSYS_RAW) return first;
  if (payload.length > 1 && payload.data[1] == 0x04 && (first == 0x80 || first == 0x81)) return 0x0180u + first;
  return AIRSSYS_NO_CODEC;
}

/// What is behind the prefix; nothing when there is none.
static inline airssys_bytes airssys_body(airssys_bytes payload) {
  uint32_t codec = airssys_codec(payload);
  size_t prefix = codec == AIRSSYS_NO_CODEC ? payload.length : codec < 0x80 ? 1 : 2;
  return (airssys_bytes){payload.data + prefix, payload.length - prefix};
}

/// A payload: the prefix of a codec, and a copy of the bytes behind it.
static inline airssys_bytes airssys_payload(uint32_t codec, airssys_bytes body) {
  size_t prefix = codec < 0x80 ? 1 : 2;
  uint8_t *data = airssys_alloc(prefix + body.length);
  data[0] = codec < 0x80 ? (uint8_t)codec : (uint8_t)((codec & 0x7f) | 0x80);
  if (prefix == 2) data[1] = (uint8_t)(codec >> 7);
  if (body.length > 0) memcpy(data + prefix, body.data, body.length);
  return (airssys_bytes){data, prefix + body.length};
}

/// A text as a payload of raw bytes.
static inline airssys_bytes airssys_raw(airssys_text text) { return airssys_payload(AIRSSYS_RAW, airssys_as_bytes(text)); }

// ---- Answers ----

/// Why a component says no.
typedef enum {
  AIRSSYS_INVALID_CONFIG,
  AIRSSYS_INVALID_INPUT,
  AIRSSYS_UNSUPPORTED,
  AIRSSYS_FAILED,
} airssys_error;

/// What a handler answers. Made by `airssys_ok`, `airssys_reply` and `airssys_refuse`.
typedef struct {
  bool is_refusal;
  airssys_error error;
  airssys_text reason;
  bool has_reply;
  airssys_bytes reply;
} airssys_answer;

static inline airssys_answer airssys_ok(void) { return (airssys_answer){0}; }

/// The reply to a request, a payload; dropped when nobody asked.
static inline airssys_answer airssys_reply(airssys_bytes payload) {
  return (airssys_answer){.has_reply = true, .reply = payload};
}

static inline airssys_answer airssys_refuse(airssys_error error, airssys_text reason) {
  return (airssys_answer){.is_refusal = true, .error = error, .reason = reason};
}

/// Why an operation has no output.
typedef enum {
  AIRSSYS_UNKNOWN_OPERATION,
  AIRSSYS_INVALID_OPERATION,
  AIRSSYS_OPERATION_FAILED,
} airssys_execution_error;

/// What an operation comes to.
typedef struct {
  bool is_refusal;
  airssys_execution_error error;
  airssys_text reason;
  airssys_bytes bytes;
} airssys_output;

static inline airssys_output airssys_output_of(airssys_bytes bytes) { return (airssys_output){.bytes = bytes}; }

static inline airssys_output airssys_refuse_operation(airssys_execution_error error, airssys_text reason) {
  return (airssys_output){.is_refusal = true, .error = error, .reason = reason};
}

typedef enum {
  AIRSSYS_HEALTHY,
  AIRSSYS_DEGRADED,
  AIRSSYS_UNHEALTHY,
} airssys_status;

typedef struct {
  airssys_status status;
  /// For the operator; empty when healthy.
  airssys_text detail;
} airssys_health;

/// Why the host did not take a message, or why there is no reply. AIRSSYS_NO_MESSAGING_ERROR is success.
typedef enum {
  AIRSSYS_NO_MESSAGING_ERROR = -1,
  AIRSSYS_COMPONENT_NOT_FOUND,
  AIRSSYS_NOT_PERMITTED,
  AIRSSYS_MAILBOX_FULL,
  AIRSSYS_QUOTA_EXCEEDED,
  AIRSSYS_PAYLOAD_TOO_LARGE,
  AIRSSYS_UNSUPPORTED_CODEC,
  AIRSSYS_TIMEOUT,
  AIRSSYS_SEND_FAILED,
} airssys_messaging_error_kind;

typedef struct {
  airssys_messaging_error_kind kind;
  airssys_text text;
} airssys_messaging_error;

static inline bool airssys_is_sent(airssys_messaging_error error) { return error.kind == AIRSSYS_NO_MESSAGING_ERROR; }

/// How a request ended: with a reply, or with an error.
typedef struct {
  airssys_bytes reply;
  airssys_messaging_error error;
} airssys_outcome;

// ---- The actor: what a component is. What is left out is answered as by a component that does not do that. ----

typedef struct {
  const char *name;
  const char *version;
  const char *description;
  /// What `execute` understands, separated by commas.
  const char *operations;
  /// Codecs that `handle_message` understands, such as AIRSSYS_RAW, up to the first zero; none means any.
  uint32_t codecs[8];
  airssys_answer (*init)(const airssys_config *config);
  airssys_answer (*handle_message)(const airssys_message *message);
  airssys_answer (*handle_callback)(airssys_text request, airssys_outcome outcome);
  airssys_output (*execute)(airssys_bytes operation, const airssys_context *context);
  airssys_health (*health)(void);
  airssys_answer (*shutdown)(void);
#ifdef AIRSSYS_STATEFUL
  airssys_bytes (*snapshot)(void);
  airssys_answer (*restore)(airssys_bytes state, airssys_text from_version);
#endif
} airssys_actor;

/// The component's own.
extern const airssys_actor airssys_this;

// ---- The host: logging ----

#define AIRSSYS_IMPORT(interface, function) __attribute__((import_module(interface "@1.0.0"), import_name(function)))

typedef enum { AIRSSYS_TRACE, AIRSSYS_DEBUG, AIRSSYS_INFO, AIRSSYS_WARN, AIRSSYS_ERROR } airssys_level;

AIRSSYS_IMPORT("airssys:core-host/logging", "log")
extern void airssys_import_log(int32_t level, const char *message, size_t length, const airssys_pair *fields, size_t count);

static inline void airssys_log_fields(airssys_level level, airssys_text message, airssys_pairs fields) {
  airssys_import_log((int32_t)level, message.data, message.length, fields.items, fields.length);
}

static inline void airssys_log(airssys_level level, airssys_text message) {
  airssys_log_fields(level, message, (airssys_pairs){0});
}

// ---- The host: clock ----

AIRSSYS_IMPORT("airssys:core-host/clock", "now") extern void airssys_import_now(airssys_timestamp *result);
AIRSSYS_IMPORT("airssys:core-host/clock", "monotonic") extern uint64_t airssys_import_monotonic(void);
AIRSSYS_IMPORT("airssys:core-host/clock", "sleep-millis") extern void airssys_import_sleep_millis(uint32_t duration);

static inline airssys_timestamp airssys_now(void) {
  airssys_timestamp result;
  airssys_import_now(&result);
  return result;
}

/// Nanoseconds from some start.
static inline uint64_t airssys_monotonic(void) { return airssys_import_monotonic(); }

/// Waits as part of the call, and no longer than it may take. An actor that imports this is one that may wait.
static inline void airssys_sleep_millis(uint32_t duration) { airssys_import_sleep_millis(duration); }

// ---- The host: messaging ----

/// Where the host writes a result whose error is a variant of texts, and whose value is no larger than a text.
typedef struct {
  uint8_t is_error;
  union {
    struct {
      uint8_t kind;
      airssys_text text;
    } error;
    airssys_text text;
    uint32_t number;
    uint8_t flag;
  };
} airssys_result;

#define AIRSSYS_MESSAGING "airssys:core-host/messaging"
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "send")
extern void airssys_import_send(const char *to, size_t to_length, const uint8_t *payload, size_t length, airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "request")
extern void airssys_import_request(const char *to, size_t to_length, const uint8_t *payload, size_t length, uint32_t timeout_millis,
                                   airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "defer-reply") extern void airssys_import_defer_reply(airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "reply")
extern void airssys_import_reply(const char *token, size_t token_length, int32_t is_error, uintptr_t first, uintptr_t second,
                                 uintptr_t third, airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "cancel-request") extern int32_t airssys_import_cancel_request(const char *id, size_t length);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "publish")
extern void airssys_import_publish(const char *topic, size_t topic_length, const uint8_t *payload, size_t length,
                                   airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "subscribe")
extern void airssys_import_subscribe(const char *pattern, size_t length, airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "unsubscribe") extern int32_t airssys_import_unsubscribe(const char *pattern, size_t length);
AIRSSYS_IMPORT(AIRSSYS_MESSAGING, "self-id") extern void airssys_import_self_id(airssys_id *result);

static inline airssys_messaging_error airssys_messaging_error_of(const airssys_result *result) {
  if (!result->is_error) return (airssys_messaging_error){.kind = AIRSSYS_NO_MESSAGING_ERROR};
  return (airssys_messaging_error){(airssys_messaging_error_kind)result->error.kind, result->error.text};
}

static inline airssys_messaging_error airssys_send(airssys_text to, airssys_bytes payload) {
  airssys_result result;
  airssys_import_send(to.data, to.length, payload.data, payload.length, &result);
  return airssys_messaging_error_of(&result);
}

/// `request` is what `handle_callback` will be called with.
static inline airssys_messaging_error airssys_request(airssys_text to, airssys_bytes payload, uint32_t timeout_millis,
                                                      airssys_text *request) {
  airssys_result result;
  airssys_import_request(to.data, to.length, payload.data, payload.length, timeout_millis, &result);
  if (!result.is_error) *request = result.text;
  return airssys_messaging_error_of(&result);
}

/// Copy the token: it is needed after the handler has returned.
static inline airssys_messaging_error airssys_defer_reply(airssys_text *token) {
  airssys_result result;
  airssys_import_defer_reply(&result);
  if (!result.is_error) *token = result.text;
  return airssys_messaging_error_of(&result);
}

static inline airssys_messaging_error airssys_reply_later(airssys_text token, airssys_bytes payload) {
  airssys_result result;
  airssys_import_reply(token.data, token.length, 0, (uintptr_t)payload.data, payload.length, 0, &result);
  return airssys_messaging_error_of(&result);
}

static inline airssys_messaging_error airssys_refuse_later(airssys_text token, airssys_error error, airssys_text reason) {
  airssys_result result;
  airssys_import_reply(token.data, token.length, 1, (uintptr_t)error, (uintptr_t)reason.data, reason.length, &result);
  return airssys_messaging_error_of(&result);
}

static inline bool airssys_cancel_request(airssys_text request) {
  return airssys_import_cancel_request(request.data, request.length) != 0;
}

/// `receivers` may be NULL.
static inline airssys_messaging_error airssys_publish(airssys_text topic, airssys_bytes payload, uint32_t *receivers) {
  airssys_result result;
  airssys_import_publish(topic.data, topic.length, payload.data, payload.length, &result);
  if (!result.is_error && receivers != NULL) *receivers = result.number;
  return airssys_messaging_error_of(&result);
}

static inline airssys_messaging_error airssys_subscribe(airssys_text pattern) {
  airssys_result result;
  airssys_import_subscribe(pattern.data, pattern.length, &result);
  return airssys_messaging_error_of(&result);
}

static inline bool airssys_unsubscribe(airssys_text pattern) {
  return airssys_import_unsubscribe(pattern.data, pattern.length) != 0;
}

static inline airssys_id airssys_self_id(void) {
  airssys_id result;
  airssys_import_self_id(&result);
  return result;
}

// ---- The host: configuration ----

typedef struct {
  uint8_t is_some;
  airssys_text value;
} airssys_optional_text;

AIRSSYS_IMPORT("airssys:core-host/configuration", "get")
extern void airssys_import_config_get(const char *key, size_t length, airssys_optional_text *result);

/// False, and `value` as it was, when there is no such key.
static inline bool airssys_config_get(const char *key, airssys_text *value) {
  airssys_optional_text result;
  airssys_import_config_get(key, strlen(key), &result);
  if (result.is_some) *value = result.value;
  return result.is_some;
}

// ---- The host: directory ----

typedef struct {
  airssys_id id;
  airssys_text description;
  airssys_texts operations;
  airssys_codes codecs;
  bool is_running;
} airssys_entry;

typedef struct {
  uint8_t is_some;
  airssys_entry value;
} airssys_optional_entry;

AIRSSYS_IMPORT("airssys:core-host/directory", "list-components") extern void airssys_import_list_components(airssys_ids *result);
AIRSSYS_IMPORT("airssys:core-host/directory", "get-component-metadata")
extern void airssys_import_get_metadata(const char *name, size_t length, airssys_optional_entry *result);

static inline airssys_ids airssys_list_components(void) {
  airssys_ids result;
  airssys_import_list_components(&result);
  return result;
}

/// False when there is no such component, or it has nothing to do with this one.
static inline bool airssys_get_component_metadata(airssys_text name, airssys_entry *entry) {
  airssys_optional_entry result;
  airssys_import_get_metadata(name.data, name.length, &result);
  if (result.is_some) *entry = result.value;
  return result.is_some;
}

// ---- The host: storage ----

typedef enum {
  AIRSSYS_NO_STORAGE_ERROR = -1,
  AIRSSYS_STORAGE_NOT_PERMITTED,
  AIRSSYS_INVALID_KEY,
  AIRSSYS_VALUE_TOO_LARGE,
  AIRSSYS_STORAGE_QUOTA_EXCEEDED,
  AIRSSYS_UNAVAILABLE,
} airssys_storage_error_kind;

typedef struct {
  airssys_storage_error_kind kind;
  airssys_text text;
} airssys_storage_error;

typedef struct {
  airssys_bytes value;
  uint64_t version;
} airssys_stored_value;

typedef struct {
  airssys_texts keys;
  /// For the next page, when there is one.
  bool has_cursor;
  airssys_text cursor;
} airssys_key_page;

typedef struct {
  uint64_t keys;
  uint64_t bytes;
  uint64_t quota_bytes;
} airssys_storage_usage;

/// One of several changes: a value is set, or with `is_delete` a key deleted.
typedef struct {
  bool is_delete;
  airssys_text key;
  airssys_bytes value;
} airssys_change;

_Static_assert(sizeof(airssys_change) == 20, "a change lies as the canonical ABI has it");

/// The error of a result lies where its value would: four bytes in, or eight if the value has a 64-bit number.
typedef struct {
  uint8_t kind;
  airssys_text text;
} airssys_wire_error;

typedef struct {
  uint8_t is_error;
  union {
    airssys_wire_error error;
    struct {
      _Alignas(8) uint8_t is_some;
      airssys_stored_value value;
    } found;
  };
} airssys_found_result;

typedef struct {
  uint8_t is_error;
  union {
    airssys_wire_error error;
    airssys_key_page page;
  };
} airssys_page_result;

typedef struct {
  uint8_t is_error;
  union {
    airssys_wire_error error;
    airssys_storage_usage usage;
  };
} airssys_usage_result;

_Static_assert(sizeof(airssys_found_result) == 32 && offsetof(airssys_found_result, error) == 8, "as the canonical ABI has it");
_Static_assert(sizeof(airssys_page_result) == 24 && offsetof(airssys_page_result, error) == 4, "as the canonical ABI has it");
_Static_assert(sizeof(airssys_usage_result) == 32 && offsetof(airssys_usage_result, error) == 8, "as the canonical ABI has it");

#define AIRSSYS_STORAGE "airssys:core-host/storage"
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "get")
extern void airssys_import_storage_get(const char *space, size_t space_length, const char *key, size_t key_length,
                                       airssys_found_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "set")
extern void airssys_import_storage_set(const char *space, size_t space_length, const char *key, size_t key_length,
                                       const uint8_t *value, size_t length, airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "delete")
extern void airssys_import_storage_delete(const char *space, size_t space_length, const char *key, size_t key_length,
                                          airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "exists")
extern void airssys_import_storage_exists(const char *space, size_t space_length, const char *key, size_t key_length,
                                          airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "compare-and-set")
extern void airssys_import_storage_compare_and_set(const char *space, size_t space_length, const char *key, size_t key_length,
                                                   const uint8_t *value, size_t length, int32_t has_version, uint64_t version,
                                                   airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "apply")
extern void airssys_import_storage_apply(const char *space, size_t space_length, const airssys_change *changes, size_t count,
                                         airssys_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "list-keys")
extern void airssys_import_storage_list_keys(const char *space, size_t space_length, const char *prefix, size_t prefix_length,
                                             int32_t has_cursor, const char *cursor, size_t cursor_length, uint32_t limit,
                                             airssys_page_result *result);
AIRSSYS_IMPORT(AIRSSYS_STORAGE, "usage")
extern void airssys_import_storage_usage(const char *space, size_t space_length, airssys_usage_result *result);

static inline airssys_storage_error airssys_storage_error_of(bool is_error, uint8_t kind, airssys_text text) {
  if (!is_error) return (airssys_storage_error){.kind = AIRSSYS_NO_STORAGE_ERROR};
  return (airssys_storage_error){(airssys_storage_error_kind)kind, text};
}

/// `is_found` says whether there is such a key.
static inline airssys_storage_error airssys_storage_get(airssys_text space, airssys_text key, bool *is_found,
                                                        airssys_stored_value *value) {
  airssys_found_result result;
  airssys_import_storage_get(space.data, space.length, key.data, key.length, &result);
  if (!result.is_error) {
    *is_found = result.found.is_some;
    if (*is_found) *value = result.found.value;
  }
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

static inline airssys_storage_error airssys_storage_set(airssys_text space, airssys_text key, airssys_bytes value) {
  airssys_result result;
  airssys_import_storage_set(space.data, space.length, key.data, key.length, value.data, value.length, &result);
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

static inline airssys_storage_error airssys_storage_delete(airssys_text space, airssys_text key, bool *was_there) {
  airssys_result result;
  airssys_import_storage_delete(space.data, space.length, key.data, key.length, &result);
  if (!result.is_error) *was_there = result.flag;
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

static inline airssys_storage_error airssys_storage_exists(airssys_text space, airssys_text key, bool *is_there) {
  airssys_result result;
  airssys_import_storage_exists(space.data, space.length, key.data, key.length, &result);
  if (!result.is_error) *is_there = result.flag;
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

/// `version` is NULL for a key that is not there.
static inline airssys_storage_error airssys_storage_compare_and_set(airssys_text space, airssys_text key, airssys_bytes value,
                                                                    const uint64_t *version, bool *is_set) {
  airssys_result result;
  airssys_import_storage_compare_and_set(space.data, space.length, key.data, key.length, value.data, value.length,
                                         version != NULL, version == NULL ? 0 : *version, &result);
  if (!result.is_error) *is_set = result.flag;
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

static inline airssys_storage_error airssys_storage_apply(airssys_text space, const airssys_change *changes, size_t count) {
  airssys_result result;
  airssys_import_storage_apply(space.data, space.length, changes, count, &result);
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

/// `cursor` is NULL for the first page.
static inline airssys_storage_error airssys_storage_list_keys(airssys_text space, airssys_text prefix, const airssys_text *cursor,
                                                              uint32_t limit, airssys_key_page *page) {
  airssys_page_result result;
  airssys_import_storage_list_keys(space.data, space.length, prefix.data, prefix.length, cursor != NULL,
                                   cursor == NULL ? NULL : cursor->data, cursor == NULL ? 0 : cursor->length, limit, &result);
  if (!result.is_error) *page = result.page;
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

static inline airssys_storage_error airssys_storage_usage_of(airssys_text space, airssys_storage_usage *usage) {
  airssys_usage_result result;
  airssys_import_storage_usage(space.data, space.length, &result);
  if (!result.is_error) *usage = result.usage;
  return airssys_storage_error_of(result.is_error, result.error.kind, result.error.text);
}

// ---- The host: metrics ----

AIRSSYS_IMPORT("airssys:core-host/metrics", "counter")
extern void airssys_import_counter(const char *name, size_t length, const airssys_pair *labels, size_t count, double add);
AIRSSYS_IMPORT("airssys:core-host/metrics", "gauge")
extern void airssys_import_gauge(const char *name, size_t length, const airssys_pair *labels, size_t count, double value);
AIRSSYS_IMPORT("airssys:core-host/metrics", "histogram")
extern void airssys_import_histogram(const char *name, size_t length, const airssys_pair *labels, size_t count, double value);

static inline void airssys_counter(const char *name, airssys_pairs labels, double add) {
  airssys_import_counter(name, strlen(name), labels.items, labels.length, add);
}

static inline void airssys_gauge(const char *name, airssys_pairs labels, double value) {
  airssys_import_gauge(name, strlen(name), labels.items, labels.length, value);
}

static inline void airssys_histogram(const char *name, airssys_pairs labels, double value) {
  airssys_import_histogram(name, strlen(name), labels.items, labels.length, value);
}

// ---- The host: introspection ----

typedef enum { AIRSSYS_FILE_READ, AIRSSYS_FILE_WRITE, AIRSSYS_FILE_DELETE, AIRSSYS_FILE_LIST } airssys_file_action;
typedef enum {
  AIRSSYS_MAY_SEND,
  AIRSSYS_MAY_PUBLISH,
  AIRSSYS_MAY_SUBSCRIBE,
  AIRSSYS_MAY_RECEIVE_FROM,
} airssys_messaging_action;

typedef struct {
  uint8_t action;
  airssys_texts paths;
} airssys_file_permission;

typedef struct {
  uint8_t action;
  airssys_texts patterns;
} airssys_messaging_permission;

/// What was granted.
typedef struct {
  struct {
    const airssys_file_permission *items;
    size_t length;
  } files;
  airssys_texts outbound;
  struct {
    const uint16_t *items;
    size_t length;
  } inbound;
  airssys_texts storage;
  struct {
    const airssys_messaging_permission *items;
    size_t length;
  } messaging;
  airssys_texts programs;
  airssys_texts environment;
} airssys_permissions;

/// One thing that a component may want to do. `action` is for files and messaging, `port` for listening, `subject`
/// for all others.
typedef struct {
  enum {
    AIRSSYS_PERMISSION_FILE,
    AIRSSYS_PERMISSION_CONNECT,
    AIRSSYS_PERMISSION_LISTEN,
    AIRSSYS_PERMISSION_STORAGE,
    AIRSSYS_PERMISSION_MESSAGING,
    AIRSSYS_PERMISSION_SPAWN,
    AIRSSYS_PERMISSION_ENVIRONMENT,
  } kind;
  int action;
  uint16_t port;
  airssys_text subject;
} airssys_permission;

AIRSSYS_IMPORT("airssys:core-capabilities/introspection", "granted")
extern void airssys_import_granted(airssys_permissions *result);
AIRSSYS_IMPORT("airssys:core-capabilities/introspection", "check")
extern void airssys_import_check(int32_t kind, uintptr_t first, uintptr_t second, uintptr_t third, airssys_optional_text *result);

static inline airssys_permissions airssys_granted(void) {
  airssys_permissions result;
  airssys_import_granted(&result);
  return result;
}

/// Whether it would be allowed now. `why_not` may be NULL.
static inline bool airssys_check(airssys_permission permission, airssys_text *why_not) {
  airssys_optional_text denied;
  uintptr_t data = (uintptr_t)permission.subject.data;
  size_t length = permission.subject.length;
  int32_t kind = (int32_t)permission.kind;
  if (permission.kind == AIRSSYS_PERMISSION_LISTEN) airssys_import_check(kind, permission.port, 0, 0, &denied);
  else if (permission.kind == AIRSSYS_PERMISSION_FILE || permission.kind == AIRSSYS_PERMISSION_MESSAGING)
    airssys_import_check(kind, (uintptr_t)permission.action, data, length, &denied);
  else airssys_import_check(kind, data, length, 0, &denied);
  if (denied.is_some && why_not != NULL) *why_not = denied.value;
  return !denied.is_some;
}

// ---- Memory that ends with the call: arguments, what the host returns, and what `airssys_alloc` gives ----

typedef struct airssys_block {
  struct airssys_block *next;
  _Alignas(16) uint8_t data[];
} airssys_block;

static airssys_block *airssys_blocks;

static inline void *airssys_alloc(size_t size) {
  airssys_block *block = size > SIZE_MAX - sizeof(airssys_block) ? NULL : calloc(1, sizeof(airssys_block) + size);
  if (block == NULL) __builtin_trap();
  block->next = airssys_blocks;
  airssys_blocks = block;
  return block->data;
}

static inline void airssys_release(void) {
  while (airssys_blocks != NULL) {
    airssys_block *next = airssys_blocks->next;
    free(airssys_blocks);
    airssys_blocks = next;
  }
}

__attribute__((export_name("cabi_realloc"))) void *airssys_cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  if (size == 0) return (void *)align;
  void *data = airssys_alloc(size);
  if (old_size > 0) memcpy(data, old, old_size < size ? old_size : size);
  return data;
}

// ---- The exports: what the host calls ----

#define AIRSSYS_LIFECYCLE "airssys:core-component/component-lifecycle@1.0.0#"
#define AIRSSYS_EXPORT(function) __attribute__((export_name(AIRSSYS_LIFECYCLE function)))
#define AIRSSYS_AFTER(function) __attribute__((export_name("cabi_post_" AIRSSYS_LIFECYCLE function)))

/// Where results are handed over; one call has one.
static union {
  struct {
    uint8_t is_error;
    union {
      airssys_wire_error error;
      struct {
        uint8_t is_some;
        airssys_bytes bytes;
      } reply;
      airssys_bytes bytes;
    };
  } answer;
  struct {
    airssys_text name, version, description;
    airssys_texts operations;
    airssys_codes codecs;
  } metadata;
  airssys_wire_error health;
  airssys_bytes bytes;
} airssys_returned;

static inline void *airssys_lower(airssys_answer given) {
  airssys_returned.answer.is_error = given.is_refusal;
  if (given.is_refusal) {
    airssys_returned.answer.error = (airssys_wire_error){(uint8_t)given.error, given.reason};
  } else {
    airssys_returned.answer.reply.is_some = given.has_reply;
    airssys_returned.answer.reply.bytes = given.reply;
  }
  return &airssys_returned;
}

AIRSSYS_EXPORT("init")
void *airssys_export_init(const char *space, size_t space_length, const char *name, size_t name_length, const char *version,
                          size_t version_length, const airssys_pair *values, size_t count) {
  airssys_config config = {{{space, space_length}, {name, name_length}, {version, version_length}}, {values, count}};
  return airssys_lower(airssys_this.init == NULL ? airssys_ok() : airssys_this.init(&config));
}

AIRSSYS_EXPORT("handle-message") void *airssys_export_handle_message(const airssys_message *message) {
  if (airssys_this.handle_message == NULL)
    return airssys_lower(airssys_refuse(AIRSSYS_UNSUPPORTED, airssys_str("this component takes no messages")));
  return airssys_lower(airssys_this.handle_message(message));
}

AIRSSYS_EXPORT("execute")
void *airssys_export_execute(const uint8_t *operation, size_t length, int32_t has_correlation, const char *correlation,
                             size_t correlation_length, int32_t has_remaining, uint64_t remaining) {
  airssys_context context = {has_correlation != 0, {correlation, correlation_length}, has_remaining != 0, remaining};
  airssys_output output = airssys_this.execute == NULL
                              ? airssys_refuse_operation(AIRSSYS_UNKNOWN_OPERATION, airssys_str("there are no operations"))
                              : airssys_this.execute((airssys_bytes){operation, length}, &context);
  airssys_returned.answer.is_error = output.is_refusal;
  if (output.is_refusal) airssys_returned.answer.error = (airssys_wire_error){(uint8_t)output.error, output.reason};
  else airssys_returned.answer.bytes = output.bytes;
  return &airssys_returned;
}

AIRSSYS_EXPORT("handle-callback")
void *airssys_export_handle_callback(const char *request, size_t request_length, int32_t is_error, uintptr_t first,
                                     uintptr_t second, uintptr_t third) {
  airssys_outcome outcome = {.error = {.kind = AIRSSYS_NO_MESSAGING_ERROR}};
  if (is_error) outcome.error = (airssys_messaging_error){(airssys_messaging_error_kind)first, {(const char *)second, third}};
  else outcome.reply = (airssys_bytes){(const uint8_t *)first, second};
  if (airssys_this.handle_callback == NULL) return airssys_lower(airssys_ok());
  return airssys_lower(airssys_this.handle_callback((airssys_text){request, request_length}, outcome));
}

/// The parts of a text between commas.
static inline airssys_texts airssys_split(const char *list) {
  if (list == NULL || *list == 0) return (airssys_texts){0};
  size_t count = 1;
  for (const char *at = list; *at != 0; at++) count += *at == ',';
  airssys_text *items = airssys_alloc(count * sizeof *items);
  for (size_t index = 0; index < count; index++) {
    items[index] = (airssys_text){list, strcspn(list, ",")};
    list += items[index].length + 1;
  }
  return (airssys_texts){items, count};
}

static inline airssys_text airssys_str_or_empty(const char *string) { return airssys_str(string == NULL ? "" : string); }

AIRSSYS_EXPORT("metadata") void *airssys_export_metadata(void) {
  size_t codecs = 0;
  while (codecs < sizeof airssys_this.codecs / sizeof *airssys_this.codecs && airssys_this.codecs[codecs] != 0) codecs++;
  airssys_returned.metadata.name = airssys_str_or_empty(airssys_this.name);
  airssys_returned.metadata.version = airssys_str_or_empty(airssys_this.version);
  airssys_returned.metadata.description = airssys_str_or_empty(airssys_this.description);
  airssys_returned.metadata.operations = airssys_split(airssys_this.operations);
  airssys_returned.metadata.codecs = (airssys_codes){airssys_this.codecs, codecs};
  return &airssys_returned;
}

AIRSSYS_EXPORT("health") void *airssys_export_health(void) {
  airssys_health health = airssys_this.health == NULL ? (airssys_health){.status = AIRSSYS_HEALTHY} : airssys_this.health();
  airssys_returned.health = (airssys_wire_error){(uint8_t)health.status, health.detail};
  return &airssys_returned;
}

AIRSSYS_EXPORT("shutdown") void *airssys_export_shutdown(void) {
  return airssys_lower(airssys_this.shutdown == NULL ? airssys_ok() : airssys_this.shutdown());
}

AIRSSYS_AFTER("init") void airssys_after_init(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("handle-message") void airssys_after_handle_message(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("execute") void airssys_after_execute(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("handle-callback") void airssys_after_handle_callback(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("metadata") void airssys_after_metadata(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("health") void airssys_after_health(void *result) { (void)result, airssys_release(); }
AIRSSYS_AFTER("shutdown") void airssys_after_shutdown(void *result) { (void)result, airssys_release(); }

#ifdef AIRSSYS_STATEFUL
#define AIRSSYS_STATE "airssys:core-component/component-state@1.0.0#"

__attribute__((export_name(AIRSSYS_STATE "snapshot"))) void *airssys_export_snapshot(void) {
  airssys_returned.bytes = airssys_this.snapshot == NULL ? (airssys_bytes){0} : airssys_this.snapshot();
  return &airssys_returned;
}

__attribute__((export_name(AIRSSYS_STATE "restore")))
void *airssys_export_restore(const uint8_t *state, size_t length, const char *version, size_t version_length) {
  if (airssys_this.restore == NULL) return airssys_lower(airssys_ok());
  return airssys_lower(airssys_this.restore((airssys_bytes){state, length}, (airssys_text){version, version_length}));
}

__attribute__((export_name("cabi_post_" AIRSSYS_STATE "snapshot"))) void airssys_after_snapshot(void *result) {
  (void)result, airssys_release();
}

__attribute__((export_name("cabi_post_" AIRSSYS_STATE "restore"))) void airssys_after_restore(void *result) {
  (void)result, airssys_release();
}
#endif

// ---- In the place of WASI, which an actor has not: what wasi-libc would import. What is not used is not linked. ----

#define AIRSSYS_WASI(function) __imported_wasi_snapshot_preview1_##function

enum { AIRSSYS_WASI_OK = 0, AIRSSYS_WASI_EBADF = 8, AIRSSYS_WASI_ENOSYS = 52, AIRSSYS_WASI_ESPIPE = 70 };

/// A line of standard output or standard error on its way to the log.
typedef struct {
  size_t length;
  uint8_t data[1024];
} airssys_line;

/// How many bytes the character of UTF-8 has that begins there; 0 when none does, or it is cut short.
static inline size_t airssys_character(const uint8_t *at, size_t length) {
  uint8_t first = at[0];
  if (first < 0x80) return 1;
  size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size == 0 || size > length) return 0;
  for (size_t index = 1; index < size; index++) {
    if ((at[index] & 0xc0) != 0x80) return 0;
  }
  bool is_too_low = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
  bool is_no_scalar = (first == 0xed && at[1] > 0x9f) || (first == 0xf4 && at[1] > 0x8f);
  return is_too_low || is_no_scalar ? 0 : size;
}

/// How much of a full line there is without a character that goes on in the next.
static inline size_t airssys_whole_length(const airssys_line *line) {
  for (size_t back = 1; back < 4; back++) {
    const uint8_t *at = line->data + line->length - back;
    if (*at >= 0xc0) return airssys_character(at, back) == 0 ? line->length - back : line->length;
    if (*at < 0x80) break;
  }
  return line->length;
}

/// Logs the beginning of a line, and keeps the rest. Anything can be printed, and the host takes only text: what is none becomes `?`.
static inline void airssys_log_line(int32_t descriptor, airssys_line *line, size_t length) {
  for (size_t index = 0; index < length;) {
    size_t size = airssys_character(line->data + index, length - index);
    if (size == 0) line->data[index] = '?';
    index += size == 0 ? 1 : size;
  }
  airssys_log(descriptor == 2 ? AIRSSYS_WARN : AIRSSYS_INFO, (airssys_text){(const char *)line->data, length});
  line->length -= length;
  memmove(line->data, line->data + length, line->length);
}

int32_t AIRSSYS_WASI(fd_write)(int32_t descriptor, int32_t parts, int32_t count, int32_t written) {
  static airssys_line lines[2];
  if (descriptor != 1 && descriptor != 2) return AIRSSYS_WASI_EBADF;
  airssys_line *line = &lines[descriptor - 1];
  const airssys_text *texts = (const airssys_text *)parts;
  uint32_t total = 0;
  for (int32_t part = 0; part < count; part++) {
    for (size_t index = 0; index < texts[part].length; index++) {
      uint8_t byte = (uint8_t)texts[part].data[index];
      if (byte == '\n') airssys_log_line(descriptor, line, line->length);
      else {
        if (line->length == sizeof line->data) airssys_log_line(descriptor, line, airssys_whole_length(line));
        line->data[line->length++] = byte;
      }
    }
    total += (uint32_t)texts[part].length;
  }
  *(uint32_t *)written = total;
  return AIRSSYS_WASI_OK;
}

/// Both are terminals to libc: it hands on each line as it ends.
int32_t AIRSSYS_WASI(fd_fdstat_get)(int32_t descriptor, int32_t result) {
  if (descriptor < 0 || descriptor > 2) return AIRSSYS_WASI_EBADF;
  memset((void *)result, 0, 24);
  *(uint8_t *)result = 2;
  return AIRSSYS_WASI_OK;
}

int32_t AIRSSYS_WASI(fd_read)(int32_t descriptor, int32_t parts, int32_t count, int32_t read) {
  (void)parts, (void)count;
  *(uint32_t *)read = 0;
  return descriptor == 0 ? AIRSSYS_WASI_OK : AIRSSYS_WASI_EBADF;
}

int32_t AIRSSYS_WASI(fd_seek)(int32_t descriptor, int64_t offset, int32_t whence, int32_t result) {
  (void)offset, (void)whence, (void)result;
  return descriptor < 0 || descriptor > 2 ? AIRSSYS_WASI_EBADF : AIRSSYS_WASI_ESPIPE;
}

int32_t AIRSSYS_WASI(fd_close)(int32_t descriptor) {
  return descriptor < 0 || descriptor > 2 ? AIRSSYS_WASI_EBADF : AIRSSYS_WASI_OK;
}

int32_t AIRSSYS_WASI(clock_time_get)(int32_t clock, int64_t precision, int32_t result) {
  (void)precision;
  if (clock == 0) {
    airssys_timestamp now = airssys_now();
    *(uint64_t *)result = now.seconds * 1000000000u + now.nanoseconds;
  } else *(uint64_t *)result = airssys_monotonic();
  return AIRSSYS_WASI_OK;
}

int32_t AIRSSYS_WASI(clock_res_get)(int32_t clock, int32_t result) {
  (void)clock;
  *(uint64_t *)result = 1000000;
  return AIRSSYS_WASI_OK;
}

int32_t AIRSSYS_WASI(environ_sizes_get)(int32_t count, int32_t size) {
  *(uint32_t *)count = 0;
  *(uint32_t *)size = 0;
  return AIRSSYS_WASI_OK;
}

int32_t AIRSSYS_WASI(environ_get)(int32_t variables, int32_t buffer) {
  (void)variables, (void)buffer;
  return AIRSSYS_WASI_OK;
}

/// There is no source of chance: better none than one that only looks like it.
int32_t AIRSSYS_WASI(random_get)(int32_t buffer, int32_t length) {
  (void)buffer, (void)length;
  return AIRSSYS_WASI_ENOSYS;
}

/// An actor does not exit, it traps: its supervisor starts a fresh one.
_Noreturn void AIRSSYS_WASI(proc_exit)(int32_t status) {
  (void)status;
  __builtin_trap();
}

#endif
