// From bytes of a value back to bytes of its file.
#include <gtest/gtest.h>

#include "daemon/config/yaml.h"

namespace wirewatch::daemon {
namespace {

// For every character of the value that is no white space: the file holds the same one there.
void expect_aligned(const std::string& yaml) {
  const SourceFile file("x.yaml", yaml);
  Problems problems;
  const ValuePtr root = parse_yaml(file, problems);
  ASSERT_TRUE(root) << yaml;
  const Value& value = *root->pairs.at(0).value;
  for (std::size_t i = 0; i < value.text.size(); ++i) {
    const char c = value.text[i];
    if (c == ' ' || c == '\n') continue;
    const std::size_t at = offset_in_file(file, value, i);
    ASSERT_LT(at, file.text().size());
    const char there = file.text()[at] == '\\' ? file.text()[at + 1] : file.text()[at];
    EXPECT_EQ(there, c) << yaml << " at " << i;
  }
}

TEST(YamlOffset, EveryStyleOfTextIsAligned) {
  for (const char* yaml :
       {"k: plain text here\n", "k:   plain\n   over  two\n   lines\n", "k: |\n  a b\n  c\n",
        "k: |2\n    a b\n  c\n", "k: |-\n\n\n     a\n       b\n\n     c\n\n",
        "k: >\n  a\n  b\n\n  c\n", "k: >+\n  a\n   b\n", "k: 'it''s quoted'\n",
        "k: \"a \\\"b\\\" c\\\\ d\"\n", "k: \"over\n   two lines\"\n", "k: |  # why\n  a # b\n",
        "k: |\r\n  a\r\n  b\r\n", "k: عربي نص\n", "{k: a b, l: c}\n"}) {
    expect_aligned(yaml);
  }
}

TEST(YamlOffset, TheEndOfABlockIsTheEndOfItsText) {
  const SourceFile file("x.yaml", "k: |\n  a b\n\nl: c\n");
  Problems problems;
  const ValuePtr root = parse_yaml(file, problems);
  const Value& value = *root->pairs.at(0).value;
  const Position end = file.position(offset_in_file(file, value, value.text.size()));
  EXPECT_EQ(end.line, 2U);
  EXPECT_EQ(end.column, 6U);
}

}  // namespace
}  // namespace wirewatch::daemon
