// The errors and warnings of a load: all of them, bounded, in file order.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/config/source.h"

namespace wirewatch::daemon {

inline constexpr std::size_t kMaxProblems = 200;  // beyond it, they are only counted

// A place in one file.
struct Place {
  const SourceFile* file = nullptr;
  std::size_t offset = 0;
};

class Problems {
 public:
  void error(const Place& place, std::string text, std::string hint = {}, std::string rule = {});
  void warning(const Place& place, std::string text, std::string hint = {}, std::string rule = {});
  // About a file as a whole, which may not exist.
  void file_error(const std::string& path, std::string text);

  std::size_t errors() const { return errors_; }
  // Sorted by `order` (paths as they were read), then by place.
  std::vector<ConfigMessage> take(const std::vector<std::string>& order);

 private:
  void add(bool error, const Place& place, std::string text, std::string hint, std::string rule);

  std::vector<ConfigMessage> messages_;
  std::size_t errors_ = 0;
  std::size_t left_out_ = 0;
};

// `word` for a message: in quotes, control characters and what is beyond 60 characters replaced.
std::string in_quotes(std::string_view word);
// "did you mean \"x\"?" or, when nothing is near, the known names, or empty when there are many.
std::string hint_for(const std::string& word, const std::vector<std::string>& known);

}  // namespace wirewatch::daemon
