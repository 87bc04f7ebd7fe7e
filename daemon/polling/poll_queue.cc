#include "daemon/polling/poll_queue.h"

#include <algorithm>
#include <vector>

#include "feeds/ascii.h"

namespace wirewatch::daemon {

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return feeds::lower(url.substr(0, url.find_first_of("/?#")));
}

void PollQueue::set_limits(std::size_t per_host, Span spacing) {
  per_host_ = std::max<std::size_t>(per_host, 1);
  spacing_ = spacing;
}

void PollQueue::put(PollTurn& turn, Instant starts) {
  turn.starts = starts;
  turn.place = PollTurn::Place::due;
  due_.emplace(key(turn), &turn);
}

void PollQueue::add(PollTurn& turn, Instant due) {
  turn.has_slot = false;
  put(turn, due);
}

void PollQueue::remove(PollTurn& turn) {
  if (turn.place == PollTurn::Place::due) {
    due_.erase(key(turn));
  } else if (turn.place == PollTurn::Place::at_the_door) {
    hosts_[turn.host].at_the_door.erase(key(turn));
    --at_doors_;
  } else {
    return;
  }
  turn.place = PollTurn::Place::out;
}

PollTurn* PollQueue::begin(Instant now) {
  while (!due_.empty() && due_.begin()->first.first <= now) {
    PollTurn& turn = *due_.begin()->second;
    due_.erase(due_.begin());
    Host& host = hosts_[turn.host];
    if (host.under_way >= per_host_) {
      turn.place = PollTurn::Place::at_the_door;
      host.at_the_door.emplace(key(turn), &turn);
      ++at_doors_;
      continue;
    }
    if (!turn.has_slot && host.free_at > now) {
      // A host's clock that ran ahead (the wall clock was set back) holds nobody for ever.
      const Instant slot = std::min(host.free_at, now + spacing_ * 1'000'000);
      host.free_at = slot + spacing_;
      turn.has_slot = true;
      put(turn, slot);
      continue;
    }
    if (!turn.has_slot) host.free_at = now + spacing_;
    ++host.under_way;
    turn.place = PollTurn::Place::under_way;
    return &turn;
  }
  return nullptr;
}

void PollQueue::end(PollTurn& turn, Instant now) {
  turn.place = PollTurn::Place::out;
  Host& host = hosts_[turn.host];
  if (host.under_way > 0) --host.under_way;
  if (!host.at_the_door.empty()) {
    PollTurn& next = *host.at_the_door.begin()->second;
    host.at_the_door.erase(host.at_the_door.begin());
    --at_doors_;
    add(next, next.starts);
  } else if (host.under_way == 0) {
    resting_.emplace_back(host.free_at, turn.host);
  }
  forget_idle(now);
}

void PollQueue::forget_idle(Instant now) {
  constexpr Span longest = std::chrono::hours(1);  // resting in the future: the clock was set back
  while (!resting_.empty() &&
         (resting_.front().first <= now || resting_.front().first > now + longest)) {
    const auto host = hosts_.find(resting_.front().second);
    if (host != hosts_.end() && host->second.under_way == 0 && host->second.at_the_door.empty() &&
        (host->second.free_at <= now || host->second.free_at > now + longest)) {
      hosts_.erase(host);
    }
    resting_.pop_front();
  }
}

void PollQueue::clock_went_back(Span by) {
  for (auto& [name, host] : hosts_) host.free_at -= by;
  for (auto& [until, name] : resting_) until -= by;
}

std::optional<Instant> PollQueue::earliest() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first.first;
}

std::size_t PollQueue::waiting() const {
  return due_.size() + at_doors_;
}

void PollQueue::spread(Instant now, std::size_t few, Span step, Span at_most) {
  std::vector<PollTurn*> overdue;
  for (const auto& [key, turn] : due_) {
    if (key.first > now) break;
    overdue.push_back(turn);
  }
  if (overdue.size() <= few) return;
  const auto count = static_cast<std::int64_t>(overdue.size());
  const Span apart = std::min<Span>(step, at_most / count);
  due_.erase(due_.begin(), due_.upper_bound({now, UINT32_MAX}));
  for (std::int64_t i = 0; i < count; ++i) {
    put(*overdue[static_cast<std::size_t>(i)], now + apart * i);
  }
}

}  // namespace wirewatch::daemon
