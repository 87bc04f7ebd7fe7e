// curl's handles between their transfers, with what all requests of a client have in common set.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch::daemon {

CURL* new_handle();  // never null: throws std::bad_alloc

// Making a handle anew costs more than to clear it, and to set it up again as much as its request.
// So one that only asked as most do comes back with its settings, and everything that a transfer
// does not set each time must be as it was before.
class SpareHandles {
 public:
  struct Handle {
    CURL* easy;
    bool set_up;  // as it was given back, not cleared
  };

  SpareHandles() = default;
  ~SpareHandles();
  SpareHandles(const SpareHandles&) = delete;
  SpareHandles& operator=(const SpareHandles&) = delete;

  Handle take();
  void give(Handle handle);  // clears it unless it is `set_up`

 private:
  std::vector<Handle> handles_;
};

// The lines of a head as curl takes them, in one piece. It must not change while curl has them.
class HeaderLines {
 public:
  void reserve(std::size_t lines, std::size_t bytes);  // room, so that nothing moves
  void add(std::string_view name, std::string_view value);
  void leave_out(std::string_view name);  // what curl would add by itself
  curl_slist* list();                     // null when empty; until the next line is added

 private:
  void end_line(std::size_t begin);

  std::string text_;  // each line ends with a NUL
  std::vector<std::size_t> begins_;
  std::vector<curl_slist> list_;
};

}  // namespace wirewatch::daemon
