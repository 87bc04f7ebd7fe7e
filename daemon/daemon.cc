#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "daemon/commands/print.h"
#include "daemon/daemon_impl.h"
#include "daemon/loop/descriptors.h"
#include "daemon/loop/notify.h"
#include "daemon/loop/step_clock.h"
#include "daemon/polling/feed_slot.h"
#include "daemon/version.h"
#include "daemon/watchdog.h"

namespace wirewatch::daemon {
namespace {

constexpr Span prune_every = std::chrono::hours(1);
constexpr Span insist_within = std::chrono::seconds(2);
constexpr Span last_commit_within = std::chrono::seconds(5);

}  // namespace

void Daemon::say(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

FeedGlance Daemon::glance() const {
  FeedGlance glance = glance_at(poller_->slots());
  for (FeedHealth& feed : glance.noted) tell_more(feed);
  for (const auto& [key, items] : desk_->held()) {
    glance.totals.held += items.count;
    FeedHealth feed;
    if (const auto slot = poller_->slot(key)) {
      feed = health_of(*slot);
    } else {  // it left the config; what is held of it waits all the same, by its key
      feed.key = feed.name = key;
    }
    tell_more(feed);
    glance.held.push_back(std::move(feed));
  }
  return glance;
}

// What others know of a feed.
void Daemon::tell_more(FeedHealth& feed) const {
  const auto held = desk_->held().find(feed.key);
  if (held != desk_->held().end()) {
    feed.held = held->second.count;
    feed.held_since = held->second.since;
  }
  feed.websub = websub_->describe(feed.key);
}

asio::awaitable<std::vector<FeedHealth>> Daemon::feeds() {
  return health_in_slices(io_.get_executor(), poller_->slots(),
                          [this](FeedHealth& feed) { tell_more(feed); });
}

asio::awaitable<Instant> Daemon::advance(Span by) {
  return step_clock(*manual_, activity_, by);
}

std::string Daemon::summary() const {
  const std::string feeds = std::to_string(snapshot_->feeds.size());
  const std::string rules = std::to_string(snapshot_->rules.rules().size());
  return fmt::format("watching {} with {}", counted(feeds, "feed"), counted(rules, "rule"));
}

// Waiting for the next round is nothing to finish: both kinds of cancellation end it.
asio::awaitable<void> Daemon::prune() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  for (;;) {
    co_await sleep_for(*clock_, prune_every);
    const Result<void> pruned = co_await store_->prune(snapshot_->settings.archive, clock_->now());
    if (!pruned) spdlog::warn("the archive could not be pruned: {}", pruned.error().text);
  }
}

void Daemon::on_signal(int signal) {
  if (signal == SIGHUP) {
    if (!ready_) reload_wanted_ = true;
    if (ready_) want_reload("SIGHUP");
    return;
  }
  if (stopping_) return;
  stopping_ = true;
  stop_bell_.ring();
}

asio::awaitable<void> Daemon::live() {
  // Before the rebuild, which may take a while: unhandled, SIGHUP would end the process.
  signals_ = std::make_unique<Signals>(io_.get_executor());
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    signals_->on(signal, [this, signal] { on_signal(signal); });
  }
  tasks_.spawn("pages", web_->run());  // /healthz and /readyz answer during the rebuild
  const Result<void> started = co_await start_parts();
  if (!started) {
    std::fprintf(stderr, "wirewatch run: %s\n", started.error().text.c_str());
    exit_code_ = 1;
    co_await stop();
    co_return;
  }
  watch_ = std::make_unique<FileWatch>(io_.get_executor(), *real_clock_,
                                       [this] { want_reload("files changed"); });
  watch_files();
  tasks_.spawn("deliverer", deliverer_->run());
  tasks_.spawn("poller", poller_->run());
  tasks_.spawn("websub", websub_->run());
  tasks_.spawn("articles", desk_->run());
  alerts_->spawn(tasks_);
  tasks_.spawn("watchdog", feed_watchdog(*real_clock_, *poller_, *deliverer_));
  tasks_.spawn("prune", prune());
  ready_ = true;
  notify_ready(summary());
  if (reload_wanted_) want_reload("SIGHUP");
  if (on_last_good_) {
    spdlog::error("{} is broken: running on the last good generation", options_.config_file);
  }
  if (!page_.empty()) say(fmt::format("Status page: {}\n", page_));
  spdlog::info("{}; state in {}", summary(), state_);
  while (!stopping_) {
    const bool rung = co_await stop_bell_.wait(std::chrono::hours(24));
    static_cast<void>(rung);
  }
  co_await stop();
}

// Asks everyone to finish what is in hand, insists after the deadline; the store closes last.
asio::awaitable<void> Daemon::stop() {
  ready_ = false;
  const Span within = snapshot_->settings.stop_within;
  notify_stopping("finishing what is in hand", within + 2 * insist_within + last_commit_within);
  spdlog::info("stopping");
  watch_.reset();
  const std::vector<std::string> left = co_await tasks_.stop(within, insist_within);
  for (const std::string& name : left) spdlog::error("{} did not stop in time", name);
  signals_.reset();
  left_behind_ = !left.empty();
  io_.stop();
}

// An exception here, no memory say, would leave a daemon that is never ready and never stops.
void Daemon::live_ended(const std::exception_ptr& error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& what) {
    spdlog::critical("the daemon ends: {}", what.what());
  } catch (...) {
    spdlog::critical("the daemon ends by an unknown error");
  }
  exit_code_ = 1;
  left_behind_ = true;
  io_.stop();
}

// Tasks are not all that runs: connections to the pages and work in the pool may go on.
void Daemon::finish_the_rest() {
  if (left_behind_) return;
  io_.restart();
  io_.run_for(insist_within);
  left_behind_ = !io_.stopped();
  if (left_behind_) spdlog::error("a connection or a piece of work did not end in time");
}

// What did not stop still holds on to everything: nothing is taken apart below it.
void Daemon::end_without_them() {
  store_.reset();  // finishes what is queued
  std::fflush(nullptr);
  std::_Exit(exit_code_);
}

DaemonStatus Daemon::status() const {
  DaemonStatus status;
  status.version = version;
  status.started = started_;
  status.now = clock_->now();
  status.generation = snapshot_->generation;
  status.config_file = std::filesystem::absolute(options_.config_file).lexically_normal().string();
  status.state_folder = state_;
  status.page = page_;
  status.on_last_good = on_last_good_;
  status.ready = ready_;
  status.held_by_disk = poller_->held_by_disk();
  status.rules = snapshot_->rules.rules().size();
  status.held_back = snapshot_->held_back;
  status.problems = problems_;
  status.stories_in_memory = engine_->stories_in_memory();
  status.frequent = engine_->policy().too_frequent(status.now);
  std::erase_if(status.frequent, [this](const FrequentRule& one) {
    const auto& all = snapshot_->rules.rules();
    return std::none_of(all.begin(), all.end(),
                        [&](const rules::RuleDef& rule) { return rule.name == one.rule; });
  });
  status.notices = desk_->notices();
  return status;
}

int run_daemon(const RunOptions& options) {
  raise_descriptor_limit();
  // A state folder that was there keeps its mode (it may be somebody's home); what is written into
  // it is for the owner alone.
  ::umask(S_IRWXG | S_IRWXO);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is an error to tell, as a full disk is
  asio::io_context io(1);
  Daemon daemon(io, options);
  const Result<void> prepared = daemon.prepare();
  if (!prepared) {
    std::fprintf(stderr, "wirewatch run: %s\n", prepared.error().text.c_str());
    return 1;
  }
  asio::co_spawn(io, daemon.live(),
                 [&daemon](const std::exception_ptr& error) { daemon.live_ended(error); });
  io.run();
  daemon.finish_the_rest();
  if (daemon.left_behind()) daemon.end_without_them();
  return daemon.exit_code();
}

}  // namespace wirewatch::daemon
