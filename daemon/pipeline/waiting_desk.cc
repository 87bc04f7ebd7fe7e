#include "daemon/pipeline/waiting_desk.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_notices = 20;

}  // namespace

WaitingDesk::WaitingDesk(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool,
                         Engine& engine, Store& store)
    : engine_(engine), store_(store), articles_(std::move(loop), clock, http, pool, engine) {
  Engine::Hooks hooks;
  hooks.fetch_pages = [this](std::vector<WaitingRow> rows) { articles_.add(std::move(rows)); };
  hooks.notice = [this](const OperatorNotice& notice) { tell(notice); };
  engine_.set_hooks(std::move(hooks));
}

asio::awaitable<Result<void>> WaitingDesk::start(std::shared_ptr<const Snapshot> snapshot) {
  set_snapshot(std::move(snapshot));
  return articles_.resume(store_);
}

void WaitingDesk::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = std::move(snapshot);
  articles_.set_snapshot(snapshot_);
}

void WaitingDesk::tell(const OperatorNotice& notice) {
  spdlog::warn("{}", notice.text);
  notices_.push_back(notice);
  if (notices_.size() > most_notices) notices_.pop_front();
  if (hook_) hook_(notice);
}

asio::awaitable<Result<std::size_t>> WaitingDesk::release(std::string name, bool drop) {
  std::string key;
  if (snapshot_ != nullptr) {
    for (const FeedConfig& feed : snapshot_->feeds) {
      if (feed.name == name || feed.key == name) key = feed.key;
    }
  }
  if (key.empty() && engine_.waiting().held_by_feed().contains(name)) key = name;
  if (key.empty()) {
    co_return Error{ErrorKind::not_found, fmt::format("there is no feed \"{}\"", name)};
  }
  const Result<std::size_t> released = co_await engine_.release(key, drop);
  if (released) {
    spdlog::info("feed \"{}\": {} held items {} by the operator", name, *released,
                 drop ? "dropped" : "released");
  }
  co_return released;
}

const std::map<std::string, HeldItems>& WaitingDesk::held() const {
  return engine_.waiting().held_by_feed();
}

std::vector<OperatorNotice> WaitingDesk::notices() const {
  return {notices_.begin(), notices_.end()};
}

}  // namespace wirewatch::daemon
