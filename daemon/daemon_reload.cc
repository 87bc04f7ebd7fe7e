// A new config goes live: all that can fail first, then one part after the other.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/daemon_impl.h"
#include "daemon/loop/log.h"
#include "daemon/loop/memory.h"
#include "daemon/loop/notify.h"

namespace wirewatch::daemon {
namespace {

void log_errors(const std::vector<ConfigMessage>& messages) {
  for (const ConfigMessage& message : messages) {
    if (message.error) spdlog::error("{}", to_line(message));
  }
}

}  // namespace

void Daemon::reach_hosts_as(const Settings& settings) {
  http_->set_proxy([proxy = settings.proxy] { return open_proxy(proxy); });
  http_->set_trust(settings.trust);
}

void Daemon::set_log_level() const {
  if (!options_.log_level) {
    spdlog::set_level(spdlog::level::from_str(snapshot_->settings.log_level));
  }
}

// A config is live but for these: said until the restart.
std::vector<ConfigMessage> Daemon::left_to_next_start(const Settings& wanted) const {
  const HttpLimits& http = at_start_.http;
  std::string keys;
  const auto compare = [&keys](const char* key, bool same) {
    if (!same) keys += fmt::format("{}\"{}\"", keys.empty() ? "" : ", ", key);
  };
  compare("state", options_.state || wanted.state_folder == at_start_.state_folder);
  compare("listen", options_.listen || wanted.listen == at_start_.listen);
  compare("pool", wanted.pool_threads == at_start_.pool_threads);
  compare("http.connections", wanted.http.connections == http.connections);
  compare("http.connections_per_host",
          wanted.http.connections_per_host == http.connections_per_host);
  if (keys.empty()) return {};
  ConfigMessage message;
  message.error = false;
  message.file = options_.config_file;
  message.text = fmt::format("what is new under {} counts from the next start", keys);
  message.hint = "restart wirewatch; the rest is live";
  return {message};
}

// After all that can fail; the poller and the engine have it already.
void Daemon::put_live(std::shared_ptr<const Snapshot> next) {
  snapshot_ = std::move(next);
  set_log_level();
  on_last_good_ = false;
  http_->set_rules(snapshot_->settings.network);
  reach_hosts_as(snapshot_->settings);
  web_->set_public_url(snapshot_->settings.public_url);
  websub_->set_snapshot(snapshot_);
  desk_->set_snapshot(snapshot_);
  alerts_->set_snapshot(snapshot_);
  deliverer_->set_receivers(snapshot_->receivers, snapshot_->settings.time_zone);
  if (!stopping_) tasks_.spawn("catch-up", alerts_->catch_up());
  refused_files_.clear();
  refused_folders_.clear();
  watch_files();
}

// In the pool: it waits for the disk. `previous` is no longer live, and taking a large config apart
// takes a while too.
asio::awaitable<void> Daemon::settle_reload(std::shared_ptr<const Snapshot> previous) {
  auto work = [live = snapshot_, folder = state_, previous = std::move(previous)]() mutable {
    previous.reset();
    Result<void> kept = keep_last_good(*live, folder);
    give_back_memory();
    return kept;
  };
  const Result<void> kept = co_await offload(*pool_, std::move(work));
  if (!kept) spdlog::warn("{}", kept.error().text);
}

ConfigMessage Daemon::not_taken(const std::string& why) const {
  ConfigMessage message;
  message.file = options_.config_file;
  message.text = "not taken: " + why;
  return message;
}

asio::awaitable<ReloadOutcome> Daemon::reload() {
  return reload_for("on request");
}

asio::awaitable<LoadOutcome> Daemon::load_next() {
  auto work = [file = options_.config_file, previous = snapshot_] {
    return load_config(file, previous.get());
  };
  LoadOutcome loaded;
  try {
    LoadOutcome read = co_await offload(*pool_, std::move(work));
    loaded = std::move(read);
  } catch (const std::exception& error) {  // no memory: also then systemd waits for READY=1
    loaded.messages.push_back(not_taken(fmt::format("reading it failed: {}", error.what())));
  }
  co_return loaded;
}

// What a reload came to, in the log and the status. Also after an edit that was refused, what is
// live still waits for the next start.
void Daemon::note_reload(const char* cause, ReloadOutcome& outcome) {
  const std::vector<ConfigMessage> left = left_to_next_start(snapshot_->settings);
  log_errors(outcome.messages);
  outcome.messages.insert(outcome.messages.end(), left.begin(), left.end());
  outcome.generation = snapshot_->generation;
  note_problems(outcome.messages);
  if (outcome.accepted) {
    for (const ConfigMessage& message : left) spdlog::warn("{}", to_line(message));
    spdlog::info("{}: generation {} is live", cause, outcome.generation);
  } else {
    spdlog::error("{}: refused, generation {} runs on", cause, outcome.generation);
  }
}

// Tells systemd that a reload has ended, however it did: it waits for that.
class Daemon::Ready {
 public:
  explicit Ready(const Daemon& daemon) : daemon_(daemon) {}
  ~Ready() {
    try {
      notify_ready(daemon_.summary());
    } catch (const std::exception&) {
      notify_ready("");  // no memory for the line
    }
  }
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;

 private:
  const Daemon& daemon_;
};

asio::awaitable<ReloadOutcome> Daemon::reload_for(const char* cause) {
  Turnstile::Ticket ticket(reloads_);
  co_await ticket.turn();
  reload_waits_ = false;
  ReloadOutcome outcome;
  if (!ready_) {
    outcome.generation = snapshot_->generation;
    outcome.messages.push_back(not_taken("the daemon is still starting, or stopping already"));
    co_return outcome;
  }
  const Activity::Token token(activity_);
  notify_reloading();
  const Ready ready(*this);
  LoadOutcome loaded = co_await load_next();
  outcome.messages = std::move(loaded.messages);
  std::shared_ptr<const Snapshot> previous = snapshot_;
  if (loaded.snapshot) {
    const Result<void> polled = co_await poller_->set_snapshot(loaded.snapshot);
    outcome.accepted = static_cast<bool>(polled);
    if (!polled) outcome.messages.push_back(not_taken(polled.error().text));
  }
  if (outcome.accepted) {
    put_live(std::move(loaded.snapshot));
  } else {
    refused_files_ = std::move(loaded.files);
    refused_folders_ = std::move(loaded.folders);
    watch_files();
  }
  note_reload(cause, outcome);
  if (outcome.accepted) co_await settle_reload(std::move(previous));
  co_return outcome;
}

// A reload that has not begun will read what is there by then: a thousand signals need no thousand.
void Daemon::want_reload(const char* cause) {
  if (stopping_ || reload_waits_) return;
  reload_waits_ = true;
  tasks_.spawn("reload", reload_and_tell(cause));
}

// Nobody waits for the answer: a refusal is told to the operator.
asio::awaitable<void> Daemon::reload_and_tell(const char* cause) {
  const ReloadOutcome outcome = co_await reload_for(cause);
  if (outcome.accepted) co_return;
  const std::string why = outcome.messages.empty() ? "" : ": " + to_line(outcome.messages[0]);
  alerts_->tell({"config refused", "", "an edit of the config was refused" + why, clock_->now()});
}

void Daemon::watch_files() {
  if (!watch_) return;  // a reload that was under way when the stop began
  std::vector<std::string> files = snapshot_->files;
  std::vector<std::string> folders = snapshot_->folders;
  files.insert(files.end(), refused_files_.begin(), refused_files_.end());
  folders.insert(folders.end(), refused_folders_.begin(), refused_folders_.end());
  const Result<void> watched = watch_->set_files(files, folders);
  if (!watched) {
    spdlog::warn("edits are not noticed, use `wirewatch reload`: {}", watched.error().text);
  }
}

}  // namespace wirewatch::daemon
