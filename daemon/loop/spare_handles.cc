#include "daemon/loop/spare_handles.h"

#include <new>

namespace wirewatch::daemon {

CURL* new_handle() {
  CURL* const handle = curl_easy_init();
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

SpareHandles::~SpareHandles() {
  for (const Handle& handle : handles_) curl_easy_cleanup(handle.easy);
}

SpareHandles::Handle SpareHandles::take() {
  if (handles_.empty()) return {new_handle(), false};
  const Handle handle = handles_.back();
  handles_.pop_back();
  return handle;
}

void SpareHandles::give(Handle handle) {
  constexpr std::size_t most = 64;
  if (handles_.size() >= most) return curl_easy_cleanup(handle.easy);
  if (!handle.set_up) curl_easy_reset(handle.easy);
  handles_.push_back(handle);
}

void HeaderLines::reserve(std::size_t lines, std::size_t bytes) {
  text_.reserve(bytes);
  begins_.reserve(lines);
  list_.reserve(lines);
}

// To curl "Name:" means: do not send it; "Name;" sends it without a value.
void HeaderLines::add(std::string_view name, std::string_view value) {
  const std::size_t begin = text_.size();
  text_.append(name).append(value.empty() ? ";" : ": ").append(value);
  end_line(begin);
}

void HeaderLines::leave_out(std::string_view name) {
  const std::size_t begin = text_.size();
  text_.append(name).append(":");
  end_line(begin);
}

void HeaderLines::end_line(std::size_t begin) {
  text_.push_back('\0');
  begins_.push_back(begin);
}

curl_slist* HeaderLines::list() {
  list_.clear();
  for (const std::size_t begin : begins_) list_.push_back({text_.data() + begin, nullptr});
  for (std::size_t i = 1; i < list_.size(); ++i) list_[i - 1].next = &list_[i];
  return list_.empty() ? nullptr : list_.data();
}

}  // namespace wirewatch::daemon
