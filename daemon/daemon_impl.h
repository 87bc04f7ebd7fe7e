// What the daemon owns. daemon_start.cc makes it, daemon_reload.cc puts a new config live,
// daemon.cc keeps it alive and stops it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/watch.h"
#include "daemon/control.h"
#include "daemon/daemon.h"
#include "daemon/delivery/alert_desk.h"
#include "daemon/loop/random.h"
#include "daemon/loop/signals.h"
#include "daemon/loop/task_group.h"
#include "daemon/pipeline/turnstile.h"
#include "daemon/pipeline/waiting_desk.h"
#include "daemon/polling/websub.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

// Everything that lives as long as the daemon runs. Members are destroyed in reverse order: what
// uses the store and the pool goes before them.
class Daemon final : public Control {
 public:
  Daemon(asio::io_context& io, const RunOptions& options);
  Result<void> prepare();
  asio::awaitable<void> live();
  void live_ended(const std::exception_ptr& error);
  void finish_the_rest();  // after the loop's run
  int exit_code() const { return exit_code_; }
  bool left_behind() const { return left_behind_; }
  [[noreturn]] void end_without_them();

  DaemonStatus status() const override;
  FeedGlance glance() const override;
  asio::awaitable<std::vector<FeedHealth>> feeds() override;
  Pool& pool() override { return *pool_; }
  std::vector<ReceiverHealth> receivers() const override { return deliverer_->health(); }
  std::shared_ptr<const Snapshot> snapshot() const override { return snapshot_; }
  const StageTimes& times() const override { return times_; }
  Store& store() override { return *store_; }
  asio::awaitable<ReloadOutcome> reload() override;
  bool poll_now(const std::string& feed) override { return poller_->poll_now(feed); }
  asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop) override {
    return desk_->release(std::move(feed), drop);
  }
  asio::awaitable<Result<std::size_t>> replay(std::vector<DeliveryRow> deliveries) override {
    return alerts_->replay(std::move(deliveries));
  }
  asio::awaitable<Result<void>> silence(rules::Silence silence) override {
    return alerts_->silence(std::move(silence));
  }
  asio::awaitable<Result<void>> follow(FollowRow row) override {
    return engine_->follow(std::move(row));
  }
  asio::awaitable<Result<void>> judge(VerdictRow verdict) override {
    return alerts_->judge(std::move(verdict));
  }
  bool manual_clock() const override { return manual_ != nullptr; }
  asio::awaitable<Instant> advance(Span by) override;

 private:
  static void say(const std::string& line);  // on standard output
  Result<void> load();
  void set_log_level() const;
  Result<void> open_state();
  Result<void> open_sockets();
  void make_parts();
  void reach_hosts_as(const Settings& settings);
  asio::awaitable<Result<void>> start_parts();
  void tell_more(FeedHealth& feed) const;
  asio::awaitable<LoadOutcome> load_next();
  asio::awaitable<ReloadOutcome> reload_for(const char* cause);
  class Ready;
  void want_reload(const char* cause);
  asio::awaitable<void> reload_and_tell(const char* cause);
  void note_reload(const char* cause, ReloadOutcome& outcome);
  asio::awaitable<void> prune();
  void put_live(std::shared_ptr<const Snapshot> next);
  asio::awaitable<void> settle_reload(std::shared_ptr<const Snapshot> previous);
  void note_problems(const std::vector<ConfigMessage>& messages);
  void on_signal(int signal);
  asio::awaitable<void> stop();
  std::string summary() const;
  void watch_files();
  ConfigMessage not_taken(const std::string& why) const;
  std::vector<ConfigMessage> left_to_next_start(const Settings& wanted) const;

  asio::io_context& io_;
  RunOptions options_;
  Activity activity_;
  std::unique_ptr<Clock> clock_;
  ManualClock* manual_ = nullptr;
  std::unique_ptr<Clock> real_clock_;  // for what must go on when the other one stands still
  std::function<double()> random_ = make_random();
  StageTimes times_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::string> problems_;
  // Of a load that was refused: mended there, its files are to be taken.
  std::vector<std::string> refused_files_;
  std::vector<std::string> refused_folders_;
  std::string state_;
  std::string page_;
  Settings at_start_;  // those that only a start takes up are compared with
  Instant started_{};
  bool on_last_good_ = false;
  bool ready_ = false;
  bool stopping_ = false;
  bool reload_wanted_ = false;  // SIGHUP came before all was up
  bool reload_waits_ = false;   // one has yet to begin to read the files
  bool left_behind_ = false;    // a task did not stop
  int exit_code_ = 0;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Deliverer> deliverer_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<WaitingDesk> desk_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<AlertDesk> alerts_;
  std::unique_ptr<WebSub> websub_;
  std::unique_ptr<WebServer> web_;
  std::unique_ptr<FileWatch> watch_;
  Turnstile reloads_;
  Bell stop_bell_;
  TaskGroup tasks_;
  std::unique_ptr<Signals> signals_;
};

}  // namespace wirewatch::daemon
