// How much of a message each service takes, with the source of every number; one table for all.
//
// Services say "characters" and mean code points, UTF-16 units or bytes; UTF-16 units are counted
// here, which are never fewer than code points, after escaping, which is never shorter than before.
#pragma once

#include <cstddef>

namespace wirewatch::daemon::limits {

// Ours: what one alert may hold whatever the service would take.
inline constexpr std::size_t headline = 300;
inline constexpr std::size_t passage = 700;
inline constexpr std::size_t name = 80;     // an outlet, an entity
inline constexpr std::size_t reason = 200;  // a decision's reason, an update's line
inline constexpr std::size_t link = 2000;   // a longer link is shown as text; also Discord's bound
inline constexpr std::size_t entities = 8;
inline constexpr std::size_t sources_in_full = 3;  // more: the first two and "+N"
inline constexpr std::size_t digest_entries = 10;  // in full; the rest is a count and a link
inline constexpr std::size_t entry = 150;          // a headline in a digest
inline constexpr std::size_t webhook_entities = 100;
inline constexpr std::size_t webhook_sources = 100;

// https://docs.slack.dev/reference/block-kit/blocks/section-block: text 1 to 3000 characters
inline constexpr std::size_t slack_section = 3000;
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object: 1 to 3000 characters;
// a context block takes ten such elements
inline constexpr std::size_t slack_context = 3000;
// https://docs.slack.dev/reference/block-kit/blocks: 50 blocks in a message
inline constexpr std::size_t slack_blocks = 50;
// https://docs.slack.dev/reference/methods/chat.postMessage: 4000 characters of text recommended
inline constexpr std::size_t slack_fallback = 4000;

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
inline constexpr std::size_t discord_title = 256;
inline constexpr std::size_t discord_description = 4096;
inline constexpr std::size_t discord_footer = 2048;
inline constexpr std::size_t discord_total = 6000;  // title, description and footer together

// Teams' page "Create and send messages" of webhooks and connectors: 28 KB a message; counted here
// in bytes of the whole request
inline constexpr std::size_t teams_bytes = 28000;

// https://developers.mattermost.com/integrate/webhooks/incoming/: a post holds 16,383 characters
inline constexpr std::size_t mattermost_text = 16000;

// https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after the markup is read
inline constexpr std::size_t telegram_text = 4096;

// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages: 32,000 bytes
// a message with its cards
inline constexpr std::size_t google_chat_text = 4000;

// https://spec.matrix.org/v1.8/client-server-api/#size-limits: an event has at most 65,536 bytes;
// the text stands in it up to four times
inline constexpr std::size_t matrix_text = 6000;

// https://docs.ntfy.sh/publish/#limitations: a message of more than 4,096 bytes becomes a file
inline constexpr std::size_t ntfy_bytes = 4096;
inline constexpr std::size_t ntfy_title = 250;

// Answers of receivers: short in every service's documentation; what is beyond is not read.
inline constexpr std::size_t answer_bytes = 256 * 1024;
inline constexpr std::size_t answer_text = 200;

}  // namespace wirewatch::daemon::limits
