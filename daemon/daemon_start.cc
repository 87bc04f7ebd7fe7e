// Start-up: config, state, parts, sockets, what the store remembers.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "daemon/commands/places.h"
#include "daemon/config/start_config.h"
#include "daemon/daemon_impl.h"
#include "daemon/loop/memory.h"
#include "daemon/web/routes.h"

namespace wirewatch::daemon {
namespace {

// In /run/wirewatch whoever is on the machine may ask; who may change things is decided by the
// peer's uid. The state folder may be one that others look into: its files are the owner's.
constexpr unsigned int shared_socket = 0666;
constexpr unsigned int own_socket = 0600;

void log_end(const std::string& name, const std::string& what) {
  spdlog::error("{} ended: {}", name, what);
}

std::unique_ptr<Clock> make_clock(asio::io_context& io, const RunOptions& options) {
  if (options.manual_clock) {
    return std::make_unique<ManualClock>(io.get_executor(), *options.manual_clock);
  }
  return make_system_clock(io.get_executor());
}

}  // namespace

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
  if (on_last_good_) {
    refused_files_ = std::move(start.files);
    refused_folders_ = std::move(start.folders);
  }
  return Result<void>();
}

Result<void> Daemon::open_state() {
  struct stat folder = {};
  if (::geteuid() == 0 && ::stat(state_.c_str(), &folder) == 0 && folder.st_uid != 0) {
    spdlog::warn(
        "the state folder \"{}\" is another user's (uid {}), who cannot read what root writes "
        "there: run wirewatch as that user",
        state_, folder.st_uid);
  }
  StoreOptions options;
  options.folder = state_;
  auto store = Store::open(options, activity_, io_.get_executor());
  if (!store) return store.error();
  store_ = std::move(*store);
  return Result<void>();
}

void Daemon::make_parts() {
  const Settings& settings = snapshot_->settings;
  at_start_ = settings;
  const asio::any_io_executor loop = io_.get_executor();
  pool_ = std::make_unique<Pool>(activity_, settings.pool_threads);
  http_ = std::make_unique<HttpClient>(io_, activity_, settings.http, settings.network);
  deliverer_ = std::make_unique<Deliverer>(loop, *clock_, *http_, *store_, say, random_);
  deliverer_->measure(times_);
  engine_ = std::make_unique<Engine>(loop, *clock_, *pool_, *store_, times_,
                                     [this](const std::string& name) { deliverer_->wake(name); });
  engine_->on_due([this](const std::vector<DeliveryRow>& due) { deliverer_->wake(due); });
  engine_->on_decided([this](const std::vector<DeliveryRow>& due) { deliverer_->prepare(due); });
  desk_ = std::make_unique<WaitingDesk>(loop, *clock_, *http_, *pool_, *engine_, *store_);
  poller_ =
      std::make_unique<Poller>(loop, *clock_, *http_, *pool_, *store_, *engine_, times_, random_);
  alerts_ = std::make_unique<AlertDesk>(
      loop, *clock_, *pool_, *http_, *store_, *engine_, *deliverer_, state_,
      AlertDesk::Sources{[this] { return poller_->health(FeedsAsked::troubled); },
                         [this] { return receivers(); },
                         [this] { return poller_->progress() + deliverer_->progress(); }});
  desk_->on_notice([this](const OperatorNotice& notice) { alerts_->tell(notice); });
  websub_ = std::make_unique<WebSub>(loop, *clock_, *http_, *store_, *poller_, random_);
  poller_->set_hubs(websub_.get());
  poller_->on_notice([this](const OperatorNotice& notice) { desk_->tell(notice); });
  web_ = std::make_unique<WebServer>(loop, [this, pages = make_routes(*this)](WebRequest request) {
    const bool callback = !request.control && WebSub::is_callback(request.path);
    return callback ? websub_->answer(std::move(request)) : pages(std::move(request));
  });
  web_->set_callbacks(
      {&WebSub::is_callback, [this](std::string_view path) { return websub_->body_limit(path); }});
  reach_hosts_as(settings);
}

Result<void> Daemon::open_sockets() {
  const std::string socket = control_socket(state_);
  const bool own = socket.starts_with(state_ + "/");
  const auto control = web_->listen_unix(socket, own ? own_socket : shared_socket);
  if (!control) return control.error();
  const std::string listen = options_.listen.value_or(snapshot_->settings.listen);
  if (listen == "off") return Result<void>();
  const auto bound = web_->listen_tcp(listen, snapshot_->settings.public_url);
  if (!bound) return bound.error();
  page_ = fmt::format("http://{}/", *bound);
  return Result<void>();
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
  alerts_->set_snapshot(snapshot_);
  Result<void> polled = co_await poller_->set_snapshot(snapshot_);
  if (!polled) co_return polled.error();
  const Result<void> restored = co_await websub_->restore();
  if (!restored) co_return restored.error();
  websub_->set_snapshot(snapshot_);
  if (!on_last_good_) {
    const auto kept = keep_last_good(*snapshot_, state_);
    if (!kept) spdlog::warn("{}", kept.error().text);
  }
  co_await alerts_->catch_up();  // before anything new comes in
  const Result<void> resumed = co_await desk_->start(snapshot_);
  give_back_memory();
  co_return resumed;
}

}  // namespace wirewatch::daemon
