// Which of the documents remembered hold a key: an inverted index that forgets from the front.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace wirewatch::feeds {

// Documents are numbered by arrival and never reused.
using Number = std::uint32_t;

struct Posting {
  Number document = 0;
  float weight = 0;
};

class Postings {
 public:
  // Of a key, at most this many documents are kept, the newest (between half of it and all).
  explicit Postings(std::size_t most) : most_(most) {}

  // Numbers come in rising order.
  void add(std::uint32_t key, Posting posting) {
    std::vector<Posting>& list = lists_[key];
    if (list.size() >= most_)
      list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(most_ / 2));
    list.push_back(posting);
  }

  // Forgets documents up to `last` under this key; called for each key of a dropped document, in
  // the order of arrival, so that no key outlives its last document.
  void drop(std::uint32_t key, Number last) {
    const auto found = lists_.find(key);
    if (found == lists_.end()) return;
    std::vector<Posting>& list = found->second;
    const auto kept = std::find_if(list.begin(), list.end(),
                                   [last](const Posting& p) { return p.document > last; });
    if (kept == list.end()) {
      lists_.erase(found);
    } else {
      list.erase(list.begin(), kept);
    }
  }

  std::span<const Posting> find(std::uint32_t key) const {
    const auto found = lists_.find(key);
    return found == lists_.end() ? std::span<const Posting>() : found->second;
  }

 private:
  std::size_t most_;
  boost::unordered_flat_map<std::uint32_t, std::vector<Posting>> lists_;
};

}  // namespace wirewatch::feeds
