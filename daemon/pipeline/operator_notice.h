// What the operator should hear of although nothing failed: one place where such events come out.
#pragma once

#include <functional>
#include <string>

#include "feeds/time.h"

namespace wirewatch::daemon {

struct OperatorNotice {
  std::string kind;  // "items held", "feed republished": stable, for filters
  std::string feed;  // key
  std::string text;  // one sentence
  Instant time{};
};

// Called on the loop, after what it tells of is durable.
using NoticeHook = std::function<void(const OperatorNotice&)>;

}  // namespace wirewatch::daemon
