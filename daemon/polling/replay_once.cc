#include "daemon/polling/replay_once.h"

#include <spdlog/spdlog.h>

namespace wirewatch::daemon {
namespace {

// The file as it is now; what is wrong with it is told once.
void take_file(FeedSlot& slot, ReplayFile file) {
  ReplayProgress& progress = *slot.replay;
  const std::shared_ptr<const Replay> before = progress.file.replay;
  progress.file = std::move(file);
  const Replay& now = *progress.file.replay;
  if (&now == before.get()) return;
  if (before) progress.released = go_on_at(*before, now, progress.released);
  slot.warnings = describe_bad_lines(progress.file.path, now);
  for (const std::string& text : slot.warnings) {
    spdlog::warn("feed \"{}\": {}", slot.config->name, text);
  }
}

}  // namespace

asio::awaitable<void> take_replay(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                  std::shared_ptr<FeedSlot> slot) {
  constexpr Span default_gap = std::chrono::seconds(3);
  constexpr Span when_done = std::chrono::hours(24 * 365);
  const Instant now = tools.clock.now();
  if (!slot->replay) slot->replay = std::make_unique<ReplayProgress>();
  auto work = [before = slot->replay->file, path = slot->config->replay,
               gap = slot->config->every.value_or(default_gap)] {
    return refresh_replay(before, path, gap);
  };
  Result<ReplayFile> file = co_await offload(tools.pool, std::move(work));
  FeedRow next = row_of(*slot);
  next.state.last_poll = now;
  if (!file) {
    const bool told = next.state.failure == file.error().text;
    next.state.failure = file.error().text;
    ++next.state.failures;
    next.state.next_due = now + std::chrono::minutes(1);
    if (!told) spdlog::warn("feed \"{}\": {}", slot->config->name, file.error().text);
    keep_row(*slot, std::move(next));
    co_return;
  }
  take_file(*slot, std::move(*file));
  const std::vector<ReplayEntry>& entries = slot->replay->file.replay->entries;
  next.state.failure.clear();
  next.state.failures = 0;
  next.state.last_success = now;
  const bool baseline = !slot->state.baseline_done;  // an empty one, so that all items count
  Arrival arrival;
  arrival.snapshot = snapshot;
  arrival.feed = *slot->config;
  const std::size_t index = slot->replay->released;
  const bool releases = !baseline && index < entries.size();
  if (releases) {
    ReplayEntry entry = entries[index];
    if (!entry.item.published) entry.item.published = now;
    arrival.sources.push_back(entry.source);
    arrival.parsed.items.push_back(std::move(entry.item));
  }
  const std::size_t following = releases ? index + 1 : index;
  next.state.baseline_done = true;
  next.state.next_due =
      following < entries.size() ? now + entries[following].after : now + when_done;
  arrival.feed_row = [&next, now](std::size_t new_items, bool) {
    if (new_items > 0) next.state.last_change = now;
    return next;
  };
  const Result<Taken> taken = co_await tools.engine.take(std::move(arrival));
  if (!taken) {
    spdlog::error("feed \"{}\": {}", slot->config->name, taken.error().text);
    slot->state.next_due = now + commit_retry;
    co_return;
  }
  keep_row(*slot, std::move(next));
  slot->replay->released = following;
  slot->items += taken->fresh + taken->edited;
}

}  // namespace wirewatch::daemon
