#include "feeds/json_writer.h"

#include <limits>

namespace wirewatch {
namespace {

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  JsonWriter w;
  w.begin_object();
  w.member("id", 7);
  w.member("ok", true);
  w.member("tags", std::vector<std::string>{"a", "b"});
  w.key("none");
  w.null();
  w.key("in");
  w.begin_array();
  w.begin_object();
  w.end_object();
  w.begin_array();
  w.end_array();
  w.value(std::size_t{3});
  w.end_array();
  w.end_object();
  EXPECT_EQ(w.text(), R"({"id":7,"ok":true,"tags":["a","b"],"none":null,"in":[{},[],3]})");
}

TEST(JsonWriter, EscapesWhatJsonAndJavaScriptCannotHold) {
  std::string out;
  append_json_string(out, std::string_view("a\"\\\n\r\t\0\x1f\x7f \xE2\x80\xA8 \xD8\xAD", 16));
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f \\u2028 \xD8\xAD\"");
}

TEST(JsonWriter, AlwaysWritesValidUtf8) {
  const struct {
    std::string_view in;
    std::string_view out;
  } cases[] = {
      {"\xFF", "\"\xEF\xBF\xBD\""},
      {"\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\""},
      {"\xF4\x90\x80\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const auto& c : cases) {
    std::string out;
    append_json_string(out, c.in);
    EXPECT_EQ(out, c.out);
  }
}

TEST(JsonWriter, WritesNumbersThatReadBackAndNullForTheRest) {
  JsonWriter w;
  w.begin_array();
  w.value(0.1);
  w.value(std::numeric_limits<double>::quiet_NaN());
  w.value(std::numeric_limits<double>::infinity());
  w.value(std::numeric_limits<std::int64_t>::min());
  w.value(std::numeric_limits<std::uint64_t>::max());
  w.end_array();
  EXPECT_EQ(w.text(), "[0.1,null,null,-9223372036854775808,18446744073709551615]");
}

TEST(JsonWriter, StartsAnewAfterItsTextIsTaken) {
  JsonWriter w;
  w.begin_object();
  w.member_if("a", "");
  w.member_if("b", "x");
  w.end_object();
  EXPECT_EQ(w.take(), R"({"b":"x"})");
  w.value("y");
  EXPECT_EQ(w.take(), R"("y")");
}

}  // namespace
}  // namespace wirewatch
