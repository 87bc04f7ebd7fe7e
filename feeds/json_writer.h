// Writes JSON (RFC 8259) by appending to one string: no tree, no second copy.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wirewatch {

// Appends `text` to `out` as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD, control
// characters are escaped, and so are U+2028 and U+2029, which JavaScript reads as line ends.
void append_json_string(std::string& out, std::string_view text);

// Commas are the writer's business; nesting is the caller's: every begin has its end, and inside
// an object each value follows a key. Example: {"id":7,"tags":["a"]} is
//   w.begin_object(); w.member("id", 7); w.key("tags");
//   w.begin_array(); w.value("a"); w.end_array(); w.end_object();
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(int number) { return value_signed(number); }
  JsonWriter& value(unsigned number) { return value_unsigned(number); }
  JsonWriter& value(long number) { return value_signed(number); }
  JsonWriter& value(unsigned long number) { return value_unsigned(number); }
  JsonWriter& value(long long number) { return value_signed(number); }
  JsonWriter& value(unsigned long long number) { return value_unsigned(number); }
  // The shortest text that reads back as the same double; null for what JSON has no number for.
  JsonWriter& value(double number);
  JsonWriter& null();
  // `json` is a whole JSON value already.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  // Leaves the key out when the text is empty.
  JsonWriter& member_if(std::string_view name, std::string_view text);
  JsonWriter& member(std::string_view name, const std::vector<std::string>& texts);

  const std::string& text() const { return out_; }
  // Room for so many bytes in all, so that a long text need not move as it grows.
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  // Hands the text over and starts anew; for JSON lines the caller adds the line break.
  std::string take();

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& value_signed(long long number);
  JsonWriter& value_unsigned(unsigned long long number);
  void before_value();

  std::string out_;
  bool comma_ = false;  // a value stands before this place, at the same level
};

}  // namespace wirewatch
