// Greets whoever a message names, tells the journal, and keeps count.
#include <airssys.h>

static unsigned greeted;

static airssys_answer handle_message(const airssys_message *message) {
  airssys_text name = airssys_as_text(airssys_body(message->payload));
  if (name.length == 0) return airssys_refuse(AIRSSYS_INVALID_INPUT, airssys_str("nobody to greet"));
  greeted++;

  airssys_messaging_error error = airssys_send(airssys_str("demo/journal"), airssys_raw(name));
  if (!airssys_is_sent(error)) printf("not in the journal: %.*s\n", AIRSSYS_ARG(error.text));

  airssys_text greeting = airssys_str("Good day");
  airssys_config_get("greeting", &greeting);
  return airssys_reply(airssys_raw(
      airssys_format("%.*s, %.*s! You are guest %u.", AIRSSYS_ARG(greeting), AIRSSYS_ARG(name), greeted)));
}

const airssys_actor airssys_this = {
    .name = "greeter",
    .version = "1.0.0",
    .description = "Greets, and counts its guests",
    .codecs = {AIRSSYS_RAW},
    .handle_message = handle_message,
};
