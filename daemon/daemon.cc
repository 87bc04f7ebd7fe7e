#include "daemon/daemon.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "daemon/commands/places.h"
#include "daemon/config/watch.h"
#include "daemon/control.h"
#include "daemon/loop/descriptors.h"
#include "daemon/loop/log.h"
#include "daemon/loop/notify.h"
#include "daemon/loop/random.h"
#include "daemon/loop/signals.h"
#include "daemon/loop/step_clock.h"
#include "daemon/loop/task_group.h"
#include "daemon/pipeline/turnstile.h"
#include "daemon/start_config.h"
#include "daemon/version.h"
#include "daemon/waiting_desk.h"
#include "daemon/watchdog.h"
#include "daemon/web/routes.h"
#include "daemon/web/server.h"
#include "daemon/websub.h"

namespace wirewatch::daemon {
namespace {

constexpr unsigned int socket_mode = 0666;  // who may change things is decided by the peer's uid
constexpr Span prune_every = std::chrono::hours(1);
constexpr Span insist_within = std::chrono::seconds(2);
constexpr Span last_commit_within = std::chrono::seconds(5);

void say(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

// Everything that lives as long as the daemon runs. Members are destroyed in reverse order: what
// uses the store and the pool goes before them.
class Daemon final : public Control {
 public:
  Daemon(asio::io_context& io, const RunOptions& options);
  Result<void> prepare();
  asio::awaitable<void> live();
  int exit_code() const { return exit_code_; }
  bool left_behind() const { return left_behind_; }
  [[noreturn]] void end_without_them();

  DaemonStatus status() const override;
  std::vector<FeedHealth> feeds() const override;
  std::vector<ReceiverHealth> receivers() const override { return deliverer_->health(); }
  std::shared_ptr<const Snapshot> snapshot() const override { return snapshot_; }
  const StageTimes& times() const override { return times_; }
  Store& store() override { return *store_; }
  asio::awaitable<ReloadOutcome> reload() override;
  bool poll_now(const std::string& feed) override { return poller_->poll_now(feed); }
  asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop) override {
    return desk_->release(std::move(feed), drop);
  }
  asio::awaitable<Result<std::size_t>> replay(std::vector<DeliveryRow> deliveries) override;
  bool manual_clock() const override { return manual_ != nullptr; }
  asio::awaitable<Instant> advance(Span by) override;

 private:
  Result<void> load();
  void set_log_level() const;
  Result<void> open_state();
  Result<void> open_sockets();
  void make_parts();
  void reach_hosts_as(const Settings& settings);
  asio::awaitable<Result<void>> start_parts();
  asio::awaitable<void> reload_and_log(const char* cause);
  asio::awaitable<void> prune();
  void put_live(std::shared_ptr<const Snapshot> next);
  void note_problems(const std::vector<ConfigMessage>& messages);
  void on_signal(int signal);
  asio::awaitable<void> stop();
  std::string summary() const;
  void watch_files();
  ReloadOutcome not_ready() const;

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
  std::string state_;
  std::string page_;
  Instant started_{};
  bool on_last_good_ = false;
  bool ready_ = false;
  bool stopping_ = false;
  bool reload_wanted_ = false;  // SIGHUP came before all was up
  bool left_behind_ = false;    // a task did not stop
  int exit_code_ = 0;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Deliverer> deliverer_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<WaitingDesk> desk_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<WebSub> websub_;
  std::unique_ptr<WebServer> web_;
  std::unique_ptr<FileWatch> watch_;
  Turnstile reloads_;
  Bell stop_bell_;
  TaskGroup tasks_;
  std::unique_ptr<Signals> signals_;
};

void log_end(const std::string& name, const std::string& what) {
  spdlog::error("{} ended: {}", name, what);
}

std::unique_ptr<Clock> make_clock(asio::io_context& io, const RunOptions& options) {
  if (options.manual_clock) {
    return std::make_unique<ManualClock>(io.get_executor(), *options.manual_clock);
  }
  return make_system_clock(io.get_executor());
}

Daemon::Daemon(asio::io_context& io, const RunOptions& options)
    : io_(io),
      options_(options),
      activity_(io.get_executor()),
      clock_(make_clock(io, options)),
      manual_(options.manual_clock ? static_cast<ManualClock*>(clock_.get()) : nullptr),
      real_clock_(make_system_clock(io.get_executor())),
      reloads_(io.get_executor()),
      stop_bell_(io.get_executor(), *real_clock_),
      tasks_(io.get_executor(), *real_clock_, log_end) {
  started_ = clock_->now();
}

void Daemon::note_problems(const std::vector<ConfigMessage>& messages) {
  problems_.clear();
  for (const ConfigMessage& message : messages) problems_.push_back(to_text(message));
}

Result<void> Daemon::load() {
  StartConfig start = config_at_start(options_);
  state_ = start.state_folder;
  note_problems(start.messages);
  for (const std::string& problem : problems_) std::fprintf(stderr, "%s\n", problem.c_str());
  if (!start.snapshot) {
    return Error{ErrorKind::invalid,
                 fmt::format("{} cannot be used, and \"{}\" keeps no earlier generation to run on; "
                             "mend what is named above",
                             options_.config_file, state_)};
  }
  snapshot_ = std::move(start.snapshot);
  on_last_good_ = start.on_last_good;
  return Result<void>();
}

Result<void> Daemon::open_state() {
  std::error_code error;
  std::filesystem::create_directories(state_, error);
  if (error) {
    return Error{ErrorKind::refused,
                 fmt::format("cannot make the state folder \"{}\": {}", state_, error.message())};
  }
  ::chmod(state_.c_str(), S_IRWXU);
  StoreOptions options;
  options.folder = state_;
  auto store = Store::open(options, activity_, io_.get_executor());
  if (!store) return store.error();
  store_ = std::move(*store);
  return Result<void>();
}

void Daemon::make_parts() {
  const Settings& settings = snapshot_->settings;
  const asio::any_io_executor loop = io_.get_executor();
  pool_ = std::make_unique<Pool>(activity_, settings.pool_threads);
  http_ = std::make_unique<HttpClient>(io_, activity_, settings.http, settings.network);
  deliverer_ = std::make_unique<Deliverer>(loop, *clock_, *http_, *store_, say, random_);
  engine_ = std::make_unique<Engine>(loop, *clock_, *pool_, *store_, times_,
                                     [this](const std::string& name) { deliverer_->wake(name); });
  desk_ = std::make_unique<WaitingDesk>(loop, *clock_, *http_, *pool_, *engine_, *store_);
  poller_ =
      std::make_unique<Poller>(loop, *clock_, *http_, *pool_, *store_, *engine_, times_, random_);
  websub_ = std::make_unique<WebSub>(loop, *clock_, *http_, *store_, *poller_, random_);
  poller_->set_hubs(websub_.get());
  web_ = std::make_unique<WebServer>(loop, [this, pages = make_routes(*this)](WebRequest request) {
    const bool callback = !request.control && WebSub::is_callback(request.path);
    return callback ? websub_->answer(std::move(request)) : pages(std::move(request));
  });
  web_->set_callbacks(
      {&WebSub::is_callback, [this](std::string_view path) { return websub_->body_limit(path); }});
  reach_hosts_as(settings);
}

void Daemon::reach_hosts_as(const Settings& settings) {
  http_->set_proxy([proxy = settings.proxy] { return open_proxy(proxy); });
  http_->set_trust(settings.trust);
}

std::vector<FeedHealth> Daemon::feeds() const {
  std::vector<FeedHealth> all = desk_->with_held(poller_->health());
  for (FeedHealth& feed : all) feed.websub = websub_->describe(feed.key);
  return all;
}

Result<void> Daemon::open_sockets() {
  const auto control = web_->listen_unix(control_socket(state_), socket_mode);
  if (!control) return control.error();
  const std::string listen = options_.listen.value_or(snapshot_->settings.listen);
  if (listen == "off") return Result<void>();
  const auto bound = web_->listen_tcp(listen, snapshot_->settings.public_url);
  if (!bound) return bound.error();
  page_ = fmt::format("http://{}/", *bound);
  return Result<void>();
}

void Daemon::set_log_level() const {
  if (!options_.log_level) {
    spdlog::set_level(spdlog::level::from_str(snapshot_->settings.log_level));
  }
}

Result<void> Daemon::prepare() {
  if (auto loaded = load(); !loaded) return loaded.error();
  set_log_level();
  if (auto opened = open_state(); !opened) return opened.error();
  make_parts();
  return open_sockets();
}

asio::awaitable<Result<void>> Daemon::start_parts() {
  const Result<void> rebuilt = co_await engine_->rebuild(snapshot_->settings.stories);
  if (!rebuilt) co_return rebuilt.error();
  deliverer_->set_receivers(snapshot_->receivers, snapshot_->settings.time_zone);
  Result<void> polled = co_await poller_->set_snapshot(snapshot_);
  if (!polled) co_return polled.error();
  const Result<void> restored = co_await websub_->restore();
  if (!restored) co_return restored.error();
  websub_->set_snapshot(snapshot_);
  if (!on_last_good_) {
    const auto kept = keep_last_good(*snapshot_, state_);
    if (!kept) spdlog::warn("{}", kept.error().text);
  }
  const Result<void> resumed = co_await desk_->start(snapshot_);
  co_return resumed;
}

// After all that can fail; the poller and the engine have it already.
void Daemon::put_live(std::shared_ptr<const Snapshot> next) {
  snapshot_ = std::move(next);
  set_log_level();
  on_last_good_ = false;
  http_->set_rules(snapshot_->settings.network);
  reach_hosts_as(snapshot_->settings);
  websub_->set_snapshot(snapshot_);
  desk_->set_snapshot(snapshot_);
  deliverer_->set_receivers(snapshot_->receivers, snapshot_->settings.time_zone);
  watch_files();
  const auto kept = keep_last_good(*snapshot_, state_);
  if (!kept) spdlog::warn("{}", kept.error().text);
}

ReloadOutcome Daemon::not_ready() const {
  ReloadOutcome outcome;
  outcome.generation = snapshot_->generation;
  ConfigMessage message;
  message.file = options_.config_file;
  message.text = "not taken: the daemon is still starting, or stopping already";
  outcome.messages.push_back(std::move(message));
  return outcome;
}

asio::awaitable<ReloadOutcome> Daemon::reload() {
  Turnstile::Ticket ticket(reloads_);
  co_await ticket.turn();
  if (!ready_) co_return not_ready();
  const Activity::Token token(activity_);
  notify_reloading();
  auto work = [file = options_.config_file, previous = snapshot_] {
    return load_config(file, previous.get());
  };
  LoadOutcome loaded = co_await offload(*pool_, std::move(work));
  ReloadOutcome outcome;
  outcome.messages = std::move(loaded.messages);
  if (loaded.snapshot) {
    auto next = std::make_shared<Snapshot>(*loaded.snapshot);
    next->generation = snapshot_->generation + 1;
    const Result<void> polled = co_await poller_->set_snapshot(next);
    outcome.accepted = static_cast<bool>(polled);
    if (polled) {
      put_live(std::move(next));
    } else {
      ConfigMessage message;
      message.file = options_.config_file;
      message.text = "not taken: " + polled.error().text;
      outcome.messages.push_back(std::move(message));
    }
  }
  note_problems(outcome.messages);
  outcome.generation = snapshot_->generation;
  notify_ready(summary());
  co_return outcome;
}

asio::awaitable<void> Daemon::reload_and_log(const char* cause) {
  const ReloadOutcome outcome = co_await reload();
  for (const ConfigMessage& message : outcome.messages) {
    if (message.error) spdlog::error("{}", to_line(message));
  }
  if (outcome.accepted) {
    spdlog::info("{}: generation {} is live", cause, outcome.generation);
  } else {
    spdlog::error("{}: refused, generation {} runs on", cause, outcome.generation);
  }
}

asio::awaitable<Result<std::size_t>> Daemon::replay(std::vector<DeliveryRow> deliveries) {
  Commit commit;
  std::vector<std::string> wake;
  for (const DeliveryRow& delivery : deliveries) {
    DeliveryMark mark;
    mark.id = delivery.id;
    mark.state = DeliveryState::pending;
    mark.next_attempt = clock_->now();
    mark.answer = "replayed by hand";
    commit.marks.push_back(std::move(mark));
    wake.push_back(delivery.receiver);
  }
  const std::size_t count = commit.marks.size();
  const Result<void> committed = co_await store_->commit(std::move(commit));
  if (!committed) co_return committed.error();
  for (const std::string& receiver : wake) deliverer_->wake(receiver);
  co_return count;
}

asio::awaitable<Instant> Daemon::advance(Span by) {
  return step_clock(*manual_, activity_, by);
}

void Daemon::watch_files() {
  if (!watch_) return;  // a reload that was under way when the stop began
  const Result<void> watched = watch_->set_files(snapshot_->files, snapshot_->folders);
  if (!watched) {
    spdlog::warn("edits are not noticed, use `wirewatch reload`: {}", watched.error().text);
  }
}

std::string Daemon::summary() const {
  return fmt::format("watching {} feeds with {} rules", snapshot_->feeds.size(),
                     snapshot_->rules.rules().size());
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
    if (ready_ && !stopping_) tasks_.spawn("reload", reload_and_log("SIGHUP"));
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
  watch_ = std::make_unique<FileWatch>(io_.get_executor(), *real_clock_, [this] {
    if (!stopping_) tasks_.spawn("reload", reload_and_log("files changed"));
  });
  watch_files();
  tasks_.spawn("deliverer", deliverer_->run());
  tasks_.spawn("poller", poller_->run());
  tasks_.spawn("websub", websub_->run());
  tasks_.spawn("articles", desk_->run());
  tasks_.spawn("watchdog", feed_watchdog(*real_clock_, *poller_, *deliverer_));
  tasks_.spawn("prune", prune());
  ready_ = true;
  notify_ready(summary());
  if (reload_wanted_) tasks_.spawn("reload", reload_and_log("SIGHUP"));
  if (on_last_good_) {
    spdlog::error("{} is broken: running on the last good generation", options_.config_file);
  }
  if (!page_.empty()) say(fmt::format("Status page: {}\n", page_));
  spdlog::info("watching {} feeds with {} rules; state in {}", snapshot_->feeds.size(),
               snapshot_->rules.rules().size(), state_);
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
  notify_stopping("finishing what is in hand", within + insist_within + last_commit_within);
  spdlog::info("stopping");
  watch_.reset();
  const std::vector<std::string> left = co_await tasks_.stop(within, insist_within);
  for (const std::string& name : left) spdlog::error("{} did not stop in time", name);
  signals_.reset();
  left_behind_ = !left.empty();
  if (left_behind_) io_.stop();
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
  status.notices = desk_->notices();
  return status;
}

}  // namespace

int run_daemon(const RunOptions& options) {
  raise_descriptor_limit();
  asio::io_context io(1);
  Daemon daemon(io, options);
  const Result<void> prepared = daemon.prepare();
  if (!prepared) {
    std::fprintf(stderr, "wirewatch run: %s\n", prepared.error().text.c_str());
    return 1;
  }
  asio::co_spawn(io, daemon.live(), asio::detached);
  io.run();
  if (daemon.left_behind()) daemon.end_without_them();
  return daemon.exit_code();
}

}  // namespace wirewatch::daemon
