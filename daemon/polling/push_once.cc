#include "daemon/polling/push_once.h"

#include <spdlog/spdlog.h>

#include "feeds/parse/content_coding.h"
#include "feeds/parse/parse.h"

namespace wirewatch::daemon {
namespace {

Result<feeds::ParsedFeed> read_pushed(const PushedDocument& document, const FeedConfig& feed,
                                      std::size_t cap) {
  auto body = feeds::decode_content(document.body, document.content_encoding, cap);
  if (!body) return body.error();
  feeds::ParseContext context;
  context.url = feed.url;
  context.content_type = document.content_type;
  context.json_map = feed.json;
  return feeds::parse_feed(body->bytes, context);
}

}  // namespace

asio::awaitable<void> take_push(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot, std::shared_ptr<PushJob> job) {
  auto work = [document = std::move(job->document), feed = slot->config,
               cap = snapshot->settings.body_cap] { return read_pushed(document, *feed, cap); };
  Result<feeds::ParsedFeed> parsed = co_await offload(tools.pool, std::move(work));
  if (!parsed || parsed->items.empty()) {
    spdlog::info("feed \"{}\": its hub sent {}; the feed is asked instead", slot->config->name,
                 parsed ? "no items" : parsed.error().text);
    job->outcome = PushOutcome::empty;
    co_return;
  }
  Arrival arrival;
  arrival.snapshot = snapshot;
  arrival.feed = *slot->config;
  arrival.parsed = std::move(*parsed);
  const Result<Taken> taken = co_await tools.engine.take(std::move(arrival));
  if (!taken) {
    spdlog::error("feed \"{}\": {}", slot->config->name, taken.error().text);
    job->outcome = PushOutcome::busy;
    co_return;
  }
  job->outcome = PushOutcome::taken;
  slot->items += taken->fresh + taken->edited;
  if (taken->fresh == 0 && taken->edited == 0) co_return;
  slot->state.last_change = tools.clock.now();
  spdlog::info("feed \"{}\": {} new, {} edited, {} alert{}, brought by its hub", slot->config->name,
               taken->fresh, taken->edited, taken->alerts, taken->alerts == 1 ? "" : "s");
}

}  // namespace wirewatch::daemon
