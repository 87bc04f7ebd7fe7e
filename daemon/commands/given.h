// Spans for people who hold the documents as they wrote them: cleaning moved everything in them.
#pragma once

#include <string>
#include <vector>

#include "feeds/text/origin.h"
#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

class Given {
 public:
  // `title` and `text` as they were given, `document` as it was made of them.
  Given(const std::string& title, const std::string& text, const feeds::Document& document)
      : title_(title, document.title), text_(text, document.text) {}

  void place(std::vector<rules::MatchSpan>& spans) const {
    for (rules::MatchSpan& span : spans) {
      const feeds::Origin& origin = span.field == feeds::Field::title ? title_ : text_;
      const auto range = origin.range(span.start, span.end);
      span.start = range.first;
      span.end = range.second;
    }
  }
  void place(rules::Explained& explained) const {
    place(explained.spans);
    for (rules::Explained& part : explained.parts) place(part);
  }

 private:
  feeds::Origin title_;
  feeds::Origin text_;
};

}  // namespace wirewatch::daemon
