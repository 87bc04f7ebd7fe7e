// An alert as Slack's blocks, for the incoming webhook and for the bot.
#pragma once

#include "daemon/receivers/receiver.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {

// Members of an open object: text (the fallback), blocks, unfurl_links, unfurl_media.
// https://docs.slack.dev/reference/block-kit/blocks
void write_slack_message(JsonWriter& json, const AlertView& view, const DeliveryFacts& facts);

}  // namespace wirewatch::daemon
