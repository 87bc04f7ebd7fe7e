// Which of the documents remembered hold a key: an inverted index that forgets from the front.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>

namespace wirewatch::feeds {

// Documents are numbered by arrival and never reused.
using Number = std::uint32_t;

// All postings lie in one queue by arrival, each linked to the one before it under the same key. So
// adding and forgetting cost the same however common a key is, and nothing is left behind.
class Postings {
 public:
  // Of a key, the newest `most` documents are found.
  explicit Postings(std::size_t most) : most_(most) {}

  // Numbers come in rising order.
  void add(std::uint32_t key, Number document, float weight) {
    const auto [head, is_new] = heads_.try_emplace(key, none);
    postings_.push_back({key, document, is_new ? none : head->second, weight});
    head->second = first_ + static_cast<std::uint32_t>(postings_.size()) - 1;
  }

  // Forgets documents up to `last`.
  void drop_through(Number last) {
    while (!postings_.empty() && postings_.front().document <= last) {
      const auto head = heads_.find(postings_.front().key);
      if (head != heads_.end() && head->second == first_) heads_.erase(head);
      postings_.pop_front();
      ++first_;
    }
  }

  // Calls take(document, weight), the newest first.
  template <typename Take>
  void for_each(std::uint32_t key, Take take) const {
    const auto head = heads_.find(key);
    if (head == heads_.end()) return;
    std::uint32_t at = head->second;
    for (std::size_t i = 0; i < most_; ++i) {
      const std::uint32_t place = at - first_;  // wraps round with the numbers
      if (at == none || place >= postings_.size()) return;
      const Posting& posting = postings_[place];
      take(posting.document, posting.weight);
      at = posting.before;
    }
  }

 private:
  struct Posting {
    std::uint32_t key = 0;
    Number document = 0;
    std::uint32_t before = 0;  // number of the posting before it under this key
    float weight = 0;
  };
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  std::size_t most_;
  std::deque<Posting> postings_;
  std::uint32_t first_ = 0;                                        // number of postings_.front()
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> heads_;  // number of a key's newest
};

}  // namespace wirewatch::feeds
