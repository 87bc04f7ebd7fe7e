// Who is polled next: by due time, with room and rest for each host. Loop thread only; no clock.
//
// Every step costs O(log n) of all feeds, whatever waits. A host takes so many polls at once, and
// there is a rest between the beginnings of two: who finds it busy is given the host's next free
// moment, and who finds it full waits at its door. So a host that hangs holds up its own feeds
// only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "feeds/time.h"

namespace wirewatch::daemon {

// A feed's part of it; a FeedSlot has one. It must not move while it is in the queue.
struct PollTurn {
  enum class Place : std::uint8_t { out, due, at_the_door, under_way };
  std::string host;         // and port
  std::uint32_t order = 0;  // between equals; different for each
  Place place = Place::out;
  bool has_slot = false;  // `starts` was given by the host
  Instant starts{};       // while due or at the door
};

// "example.org:8080" of an http or https URL, in lower case.
std::string host_of(std::string_view url);

class PollQueue {
 public:
  void set_limits(std::size_t per_host, Span spacing);

  void add(PollTurn& turn, Instant due);  // one that is out
  void remove(PollTurn& turn);            // one that is due or at the door; others stay
  // The one to begin now, then under way; nullptr: none may.
  PollTurn* begin(Instant now);
  // Its poll ended; it is out. Whoever waits at the host's door is due.
  void end(PollTurn& turn, Instant now);

  std::optional<Instant> earliest()
      const;                    // of those due; who waits at a door is rung for by end()
  std::size_t waiting() const;  // due or at a door
  // The wall clock went back by so much: nobody rests until it comes there again.
  void clock_went_back(Span by);
  // More than `few` overdue ones are set apart by `step`, less when all would take more than
  // `at_most`; the longest overdue comes first.
  void spread(Instant now, std::size_t few, Span step, Span at_most);

 private:
  using Key = std::pair<Instant, std::uint32_t>;
  struct Host {
    std::size_t under_way = 0;
    Instant free_at{};  // for the next beginning
    std::map<Key, PollTurn*> at_the_door;
  };
  Key key(const PollTurn& turn) const { return {turn.starts, turn.order}; }
  void put(PollTurn& turn, Instant starts);
  void forget_idle(Instant now);

  std::size_t per_host_ = 4;
  Span spacing_{};
  std::map<Key, PollTurn*> due_;
  std::unordered_map<std::string, Host> hosts_;  // that are busy or at rest
  std::deque<std::pair<Instant, std::string>> resting_;
  std::size_t at_doors_ = 0;
};

}  // namespace wirewatch::daemon
