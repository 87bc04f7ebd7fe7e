// Files that are wrong as a whole or in their parts, and exactly what people are told.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

struct Case {
  const char* name;
  std::string config;
  std::string messages;  // exactly
  bool loads = false;    // warnings only
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class BadFile : public testing::TestWithParam<Case> {};

TEST_P(BadFile, IsRefusedWithItsPlaceAndWhatWouldBeRight) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(GetParam().config);
  EXPECT_EQ(files.shown(outcome), GetParam().messages);
  EXPECT_EQ(outcome.snapshot != nullptr, GetParam().loads);
}

// clang-format off
const Case kCases[] = {
    {"AnUnknownKey", R"(feed:
  - https://example.org/rss
)",
     R"(config.yaml:1:1: error: unknown key "feed" in the config
  feed:
  ^
  hint: did you mean "feeds"?
)"},
    {"TwoUnknownKeysAreBothReported", R"(fedes: []
recievers: {}
)",
     R"(config.yaml:1:1: error: unknown key "fedes" in the config
  fedes: []
  ^
  hint: did you mean "feeds"?
config.yaml:2:1: error: unknown key "recievers" in the config
  recievers: {}
  ^
  hint: did you mean "receivers"?
)"},
    {"AKeyWrittenTwice", R"(listen: off
log: info
listen: 127.0.0.1:1
)",
     R"(config.yaml:3:1: error: "listen" is written twice
  listen: 127.0.0.1:1
  ^
  hint: the first is in line 1; keep one
)"},
    {"AKeyWrittenTwiceInALargeMap", R"(feeds:
  - url: https://example.org/a
    headers:
      X-A: 1
      X-B: 1
      X-C: 1
      X-D: 1
      X-E: 1
      X-F: 1
      X-G: 1
      X-H: 1
      X-I: 1
      X-J: 1
      X-K: 1
      X-L: 1
      X-M: 1
      X-N: 1
      X-O: 1
      X-P: 1
      X-Q: 1
      X-R: 1
      X-C: 2
)",
     R"(config.yaml:22:7: error: "X-C" is written twice
        X-C: 2
        ^
  hint: the first is in line 6; keep one
)"},
    {"AMergeKey", R"(feeds:
  - &a {url: https://example.org/a}
  - <<: *a
    name: b
)",
     R"(config.yaml:3:5: error: `<<` does not merge maps here
    - <<: *a
      ^
  hint: write the keys out, or use an alias for a whole value
config.yaml:3:5: error: this feed has no source
    - <<: *a
      ^
  hint: write one of "url", "replay", "opml"
)"},
    {"ATabBeforeARule", "rules:\n\tborder: {match: flood}\n",
     "config.yaml:2:8: error: a ':' that cannot begin a value here\n"
     "  \tborder: {match: flood}\n"
     "  \t      ^\n"
     "  hint: indent with spaces: YAML takes no tabs there\n"},
    {"ATabForIndentation", "feeds:\n\t- https://example.org/rss\n",
     "config.yaml:2:2: error: an item `- …` cannot stand here\n"
     "  \t- https://example.org/rss\n"
     "  \t^\n"
     "  hint: indent with spaces: YAML takes no tabs there\n"},
    {"AnItemIndentedLess", R"(feeds:
  - https://example.org/a
 - https://example.org/b
)",
     R"(config.yaml:3:2: error: this does not fit here: neither a key nor the end of a map
   - https://example.org/b
   ^
  hint: check the indentation and the quotes
)"},
    {"AKeyIndentedLess", R"(feeds:
  - url: https://example.org/a
   name: x
)",
     R"(config.yaml:3:4: error: this does not fit here: neither an item `- …` nor the end of a list
     name: x
     ^
  hint: check the indentation and the quotes
)"},
    {"AnOpenBrace", R"(network: {allow: [10.0.0.0/8]
log: info
)",
     R"(config.yaml:2:1: error: a '{' is not closed by '}'
  log: info
  ^
  hint: check the indentation and the quotes
)"},
    {"AnOpenBracket", R"(network:
  allow: [10.0.0.0/8
)",
     R"(config.yaml:3:1: error: a '[' is not closed by ']'
  hint: check the indentation and the quotes
)"},
    {"AnOpenQuote", R"(log: info
public_url: "https://example.org
listen: off
)",
     R"(config.yaml:2:13: error: a quoted text has no closing quote
  public_url: "https://example.org
              ^
)"},
    {"ARuleThatBeginsWithAnEntity", R"(rules:
  border:
    match: @country:IQ AND border
)",
     R"(config.yaml:3:12: error: a text cannot begin with '@' in YAML
      match: @country:IQ AND border
             ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ARuleInBracesThatBeginsWithAnEntity", R"(rules:
  border: {match: @country:IQ AND border}
)",
     R"(config.yaml:2:19: error: a text cannot begin with '@' in YAML
    border: {match: @country:IQ AND border}
                    ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"AFeedThatBeginsWithAnAt", R"(feeds:
  - @example
)",
     R"(config.yaml:2:5: error: a text cannot begin with '@' in YAML
    - @example
      ^
  hint: put the text in quotes
)"},
    {"ARuleThatBeginsWithAPhrase", R"(rules:
  border:
    match: "border guard" AND Iraq
)",
     R"(config.yaml:3:27: error: YAML cannot read this rule as it stands
      match: "border guard" AND Iraq
                            ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ARuleWithAField", R"(rules:
  border:
    match: title: border
)",
     R"(config.yaml:3:17: error: YAML cannot read this rule as it stands
      match: title: border
                  ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ARuleThatBeginsWithAStar", R"(rules:
  border:
    match: *order AND Iraq
)",
     R"(config.yaml:3:12: error: YAML cannot read this rule as it stands
      match: *order AND Iraq
             ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ARuleThatBeginsWithAnExclamationMark", R"(rules:
  border:
    match: !border AND Iraq
)",
     R"(config.yaml:3:12: error: a word that begins with '!' is a YAML tag, which means nothing here
      match: !border AND Iraq
             ^
  hint: put the text in quotes, or a rule into a block: `match: |`
)"},
    {"ARuleInBraces", R"(rules:
  border:
    match: {a OR b} AND c
)",
     R"(config.yaml:3:21: error: YAML cannot read this rule as it stands
      match: {a OR b} AND c
                      ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ARuleInBrackets", R"(rules:
  border:
    match: [a OR b] AND c
)",
     R"(config.yaml:3:21: error: YAML cannot read this rule as it stands
      match: [a OR b] AND c
                      ^
  hint: write `match: |` and the rule on the next lines, indented
)"},
    {"ACommentInsideARule", R"(rules:
  border:
    match: iraq #syria
receivers: {c: {console: {}}}
)",
     R"(config.yaml:3:17: warning: what follows '#' is a comment, not part of the rule
      match: iraq #syria
                  ^
  hint: write `match: |` and the rule on the next lines, indented
)", true},
    {"AnEmptyListOfReceivers", R"(rules:
  border: {match: iraq, alert: []}
receivers: {c: {console: {}}}
)",
     R"(config.yaml:2:32: error: "alert" names no receiver
    border: {match: iraq, alert: []}
                                 ^
  hint: leave it out for all of them; `alert: none` for a rule that only serves others
)"},
    {"AnExampleThatACommaEnded", R"(rules:
  border:
    match: amman
    examples: {match: [Talks in Amman, officials in Amman said]}
receivers: {c: {console: {}}}
)",
     R"(config.yaml:4:40: warning: this is an example of its own: a comma ended "Talks in Amman"
      examples: {match: [Talks in Amman, officials in Amman said]}
                                         ^
  hint: put a text with commas in quotes, or each example on a line of its own behind '- '
)", true},
    {"AnEntityOfAKindThatIsASlip", R"(entities:
  karim: {kind: persn, names: [Karim Jaber]}
)",
     R"(config.yaml:2:3: warning: hardly any entity is of the kind 'persn'
    karim: {kind: persn, names: [Karim Jaber]}
    ^
  hint: did you mean person?
)", true},
    {"AnEntityWithoutNames", R"(entities:
  karim: {kind: person}
)",
     R"(config.yaml:2:3: error: entity 'karim' has no names, so no text is about it
    karim: {kind: person}
    ^
  hint: give it names: [one, another], or members: of a group
)"},
    {"TwoDocuments", R"(log: info
---
log: warn
)",
     R"(config.yaml:2:1: error: a second document begins here
  ---
  ^
  hint: a file holds one: remove the line `---`, or lists and keys on the left margin are mixed
)"},
    {"AListWhereTheConfigShouldBe", R"(- https://example.org/rss
)",
     R"(config.yaml:1:1: error: the config must be a map of `key: value` lines, not a list
  - https://example.org/rss
  ^
)"},
    {"ATextWhereTheConfigShouldBe", R"(hello
)",
     R"(config.yaml:1:1: error: the config must be a map of `key: value` lines, not a text
  hello
  ^
)"},
    {"ATagOfYaml", R"(log: !level info
)",
     R"(config.yaml:1:6: error: a word that begins with '!' is a YAML tag, which means nothing here
  log: !level info
       ^
  hint: put the text in quotes, or a rule into a block: `match: |`
)"},
    {"AKeyThatIsAList", R"(? [a, b]
: c
)",
     R"(config.yaml:1:3: error: a key must be a text, not a list or a map
  ? [a, b]
    ^
)"},
    {"AnAliasWithoutAnAnchor", R"(log: *level
)",
     R"(config.yaml:1:6: error: an alias (`*name`) for a name that nothing has
  log: *level
       ^
)"},
    {"AnAliasInsideItself", R"(feeds: &f
  - *f
)",
     R"(config.yaml:2:5: error: an alias (`*name`) stands inside what it repeats
    - *f
      ^
)"},
    {"AControlCharacter", "log: in\x04""fo\nlisten: off\n",
     R"(config.yaml:1:8: error: a control character (byte 0x04)
  log: in?fo
         ^
  hint: remove it; in a quoted text it can be written with a backslash
)"},
    {"BytesThatAreNotUtf8", "log: info\nfeeds:\n  - name: caf\xFF""\n",
     "config.yaml:3:14: error: byte 0xff is not UTF-8\n"
     "  hint: save the file as UTF-8\n"},
    {"AColumnCountsCharacters", R"(feeds: [{name: بي بي سي, ulr: x}]
)",
     R"(config.yaml:1:9: error: this feed has no source
  feeds: [{name: بي بي سي, ulr: x}]
          ^
  hint: write one of "url", "replay", "opml"
config.yaml:1:26: error: unknown key "ulr" in this feed
  feeds: [{name: بي بي سي, ulr: x}]
                           ^
  hint: did you mean "url"?
)"},
    {"FeedsAsAText", R"(feeds: https://example.org/rss
)",
     R"(config.yaml:1:8: error: "feeds" must be a list, not a text
  feeds: https://example.org/rss
         ^
  hint: each feed on a line of its own that begins with '- '
)"},
    {"AFeedWithoutASource", R"(feeds:
  - name: x
)",
     R"(config.yaml:2:5: error: this feed has no source
    - name: x
      ^
  hint: write one of "url", "replay", "opml"
)"},
    {"AFeedWithTwoSources", R"(feeds:
  - url: https://example.org/rss
    replay: x.jsonl
)",
     R"(config.yaml:3:13: error: a feed has one source, not both "url" and "replay"
      replay: x.jsonl
              ^
)"},
    {"AFeedThatIsNothing", R"(feeds:
  -
  - https://example.org/rss
)",
     R"(config.yaml:2:3: error: a feed has no value
    -
    ^
  hint: write one, or remove the line; the word null needs quotes
)"},
    {"AFeedOverFtp", R"(feeds:
  - ftp://example.org/rss
  - url: example.org/rss
)",
     R"(config.yaml:2:5: error: "ftp://example.org/rss" is no URL of a feed
    - ftp://example.org/rss
      ^
  hint: only http:// and https:// can be used
config.yaml:3:10: error: "example.org/rss" is no URL of a feed
    - url: example.org/rss
           ^
  hint: a URL begins with https:// or http://
)"},
    {"AFeedWithAPort", R"(feeds:
  - http://example.org:99999/rss
  - http:///rss
)",
     R"(config.yaml:2:5: error: "http://example.org:99999/rss" is no URL of a feed
    - http://example.org:99999/rss
      ^
  hint: the URL's port is a number from 1 to 65535
config.yaml:3:5: error: "http:///rss" is no URL of a feed
    - http:///rss
      ^
  hint: the URL names no host
)"},
    {"TheSameFeedTwice", R"(feeds:
  - https://example.org/rss
  - url: https://example.org/rss
    name: again
)",
     R"(config.yaml:3:5: error: feed "https://example.org/rss" is there twice
    - url: https://example.org/rss
      ^
  hint: the first is in line 2
)"},
    {"TwoFeedsOfTheSameName", R"(feeds:
  - {url: https://example.org/a, name: News}
  - {url: https://example.org/b, name: News}
)",
     R"(config.yaml:3:5: error: a feed named "News" is there twice
    - {url: https://example.org/b, name: News}
      ^
  hint: the first is in line 2
)"},
    {"TwoFeedsOfTheSameId", R"(feeds:
  - {url: https://example.org/a, id: n}
  - {url: https://example.org/b, id: n}
)",
     R"(config.yaml:3:5: error: feed "n" is there twice
    - {url: https://example.org/b, id: n}
      ^
  hint: the first is in line 2
)"},
    {"AnIdWithABlank", R"(feeds:
  - {url: https://example.org/a, id: my feed}
)",
     R"(config.yaml:2:38: error: "my feed" is no id
    - {url: https://example.org/a, id: my feed}
                                       ^
  hint: 1 to 64 letters, digits, '-' and '_'
)"},
    {"ALineBreakInAHeader", R"(feeds:
  - url: https://example.org/a
    headers: {X-Here: "a\r\nX-There: b"}
)",
     R"(config.yaml:3:23: error: header "X-Here" holds a line break, or bytes that no header may
      headers: {X-Here: "a\r\nX-There: b"}
                        ^
  hint: printable ASCII on one line
)"},
    {"AHeaderThatIsNone", R"(feeds:
  - url: https://example.org/a
    headers: {"X Here": a, X-Empty: }
)",
     R"(config.yaml:3:15: error: "X Here" is no name of a header
      headers: {"X Here": a, X-Empty: }
                ^
config.yaml:3:28: error: header "X-Empty" has no value
      headers: {"X Here": a, X-Empty: }
                             ^
  hint: write one, or remove the line; the word null needs quotes
)"},
    {"AHeaderThatEachRequestHasItself", R"(feeds:
  - url: https://example.org/a
    headers: {content-length: "5", X-Here: a, Host: b.example}
)",
     R"(config.yaml:3:15: warning: the header "content-length" is left out: each request has its own
      headers: {content-length: "5", X-Here: a, Host: b.example}
                ^
  hint: remove the line
)",
     true},
    {"AnOpmlFileThatIsMissing", R"(feeds:
  - opml: none.opml
)",
     R"(config.yaml:2:11: error: cannot read "none.opml": No such file or directory
    - opml: none.opml
            ^
)"},
    {"ARuleWithoutAMatch", R"(rules:
  border: {severity: high}
)",
     R"(config.yaml:2:3: error: rule "border" has no "match"
    border: {severity: high}
    ^
  hint: write `match: |` and what must hold on the next lines, indented
config.yaml:2:3: warning: rule "border" tells nobody: there are no receivers
    border: {severity: high}
    ^
  hint: its alerts are kept and shown on the page; add `receivers:`
)"},
    {"ARuleThatIsAText", R"(rules:
  border: iraq AND syria
)",
     R"(config.yaml:2:11: error: rule "border" must be a map of `key: value` lines, not a text
    border: iraq AND syria
            ^
  hint: write what must occur under `match:`, as {match: border}
)"},
    {"ARuleNameWithADot", R"(rules:
  border.iq: {match: x}
)",
     R"(config.yaml:2:3: error: "border.iq" is no name of a rule
    border.iq: {match: x}
    ^
  hint: 1 to 64 letters, digits, '-' and '_'
)"},
    {"ASeverityThatIsNone", R"(rules:
  border:
    match: x
    severity: hihg
    updates: sometimes
    max_age: 3
receivers: {c: {console: {}}}
)",
     R"(config.yaml:4:15: error: "hihg" is no value for "severity"
      severity: hihg
                ^
  hint: did you mean "high"?
config.yaml:5:14: error: "sometimes" is no value for "updates"
      updates: sometimes
               ^
  hint: known here: none, new-source, material
config.yaml:6:14: error: "3" is no time for "max_age"
      max_age: 3
               ^
  hint: the unit is missing: write 3s, 3m or 3h
)"},
    {"AReceiverThatIsMissing", R"(rules:
  border:
    match: x
    alert: [dekc, desk]
receivers:
  desk: {console: {}}
)",
     R"(config.yaml:4:13: error: rule "border" alerts "dekc", which is no receiver
      alert: [dekc, desk]
              ^
  hint: known here: desk
)"},
    {"NoReceiversAtAllAreSaidOnce", R"(rules:
  border:
    match: x
    alert: desk
  other: {match: y, alert: desk}
)",
     R"(config.yaml:4:12: error: rule "border" alerts "desk", which is no receiver
      alert: desk
             ^
  hint: there are no receivers
)"},
    {"ARuleThatTellsNobody", R"(rules:
  border: {match: x}
)",
     R"(config.yaml:2:3: warning: rule "border" tells nobody: there are no receivers
    border: {match: x}
    ^
  hint: its alerts are kept and shown on the page; add `receivers:`
)", true},
    {"AnEarlierNameThatARuleHas", R"(rules:
  a: {match: x}
  b: {match: x, was: a}
  c: {match: x, was: d}
  e: {match: x, was: d}
receivers: {c: {console: {}}}
)",
     R"(config.yaml:3:22: error: "a" cannot be an earlier name: a rule has it now
    b: {match: x, was: a}
                       ^
  hint: the first is in line 2
config.yaml:5:22: error: the earlier name "d" is there twice
    e: {match: x, was: d}
                       ^
  hint: the first is in line 4
)"},
    {"ExamplesOfTheWrongKind", R"(rules:
  a:
    match: x
    examples:
      match: [x, {titel: x}, {}, {text: a, file: b}]
      no_match: x
      mtach: []
receivers: {c: {console: {}}}
)",
     R"(config.yaml:5:19: error: unknown key "titel" in an example
        match: [x, {titel: x}, {}, {text: a, file: b}]
                    ^
  hint: did you mean "title"?
config.yaml:5:30: error: an example holds neither title nor text
        match: [x, {titel: x}, {}, {text: a, file: b}]
                               ^
config.yaml:5:50: error: an example takes either "text" or "file", not both
        match: [x, {titel: x}, {}, {text: a, file: b}]
                                                   ^
config.yaml:6:17: error: "no_match" must be a list of examples, not a text
        no_match: x
                  ^
  hint: each example on a line of its own that begins with '- '
config.yaml:7:7: error: unknown key "mtach" in "examples"
        mtach: []
        ^
  hint: did you mean "match"?
)"},
    {"AnExampleFileThatIsMissing", R"(rules:
  a:
    match: x
    examples: {match: [{file: none.txt}]}
receivers: {c: {console: {}}}
)",
     R"(config.yaml:4:31: error: cannot read "none.txt": No such file or directory
      examples: {match: [{file: none.txt}]}
                                ^
)"},
    {"AReceiverOfNoKind", R"(receivers:
  desk: {slak: {url_file: x}}
)",
     R"(config.yaml:2:10: error: unknown key "slak" in receiver "desk"
    desk: {slak: {url_file: x}}
           ^
  hint: did you mean "slack"?
)"},
    {"AReceiverOfTwoKinds", R"(receivers:
  desk: {console: {}, slack: {url_file: x}}
)",
     R"(config.yaml:2:19: error: receiver "desk" has two kinds
    desk: {console: {}, slack: {url_file: x}}
                    ^
  hint: one receiver, one kind
)"},
    {"AReceiverThatSaysNothing", R"(receivers:
  desk:
)",
     R"(config.yaml:2:3: error: receiver "desk" says nothing
    desk:
    ^
  hint: write its kind: `slack: {url_file: …}`, `discord: …`, `webhook: …` or `console: {}`
)"},
    {"AReceiverWithoutAKind", R"(receivers:
  desk: {budget: 20/1h}
)",
     R"(config.yaml:2:3: error: receiver "desk" has no kind
    desk: {budget: 20/1h}
    ^
  hint: write its kind: `slack: {url_file: …}`, `discord: …`, `webhook: …` or `console: {}`
)"},
    {"ARuleThatNamesAReceiverWithAMistakeIsNotAtFault", R"(receivers:
  desk: {slak: {url_file: x}}
rules:
  border: {match: border, alert: desk}
)",
     R"(config.yaml:2:10: error: unknown key "slak" in receiver "desk"
    desk: {slak: {url_file: x}}
           ^
  hint: did you mean "slack"?
)"},
    {"AReceiverWithoutAUrl", R"(receivers:
  desk: {slack: {}}
  other: {webhook: {secret_file: x}}
)",
     R"(config.yaml:2:10: error: receiver "desk" has no URL
    desk: {slack: {}}
           ^
  hint: write "url_file" or "url_env"
config.yaml:3:11: error: receiver "other" has no URL
    other: {webhook: {secret_file: x}}
            ^
  hint: write "url", "url_file" or "url_env"
)"},
    {"AnUnknownKeyOfAReceiver", R"(receivers:
  desk: {slack: {url_fiel: x}}
)",
     R"(config.yaml:2:10: error: receiver "desk" has no URL
    desk: {slack: {url_fiel: x}}
           ^
  hint: write "url_file" or "url_env"
config.yaml:2:18: error: unknown key "url_fiel" in "slack" of receiver "desk"
    desk: {slack: {url_fiel: x}}
                   ^
  hint: did you mean "url_file"?
)"},
    {"AConsoleWithAUrl", R"(receivers:
  desk: {console: {url: x}}
)",
     R"(config.yaml:2:20: error: unknown key "url" in "console" of receiver "desk"
    desk: {console: {url: x}}
                     ^
)"},
    {"AnIncludeThatIsMissing", R"(include: [rules.d, other.yaml]
)",
     R"(config.yaml:1:11: warning: there is no folder "rules.d" yet
  include: [rules.d, other.yaml]
            ^
  hint: it is read as soon as there is one
config.yaml:1:20: error: cannot read "other.yaml": No such file or directory
  include: [rules.d, other.yaml]
                     ^
)"},
    {"AnIncludeWithAStar", R"(include: [rules/*.yaml]
)",
     R"(config.yaml:1:11: error: cannot read "rules/*.yaml": No such file or directory
  include: [rules/*.yaml]
            ^
  hint: name the folder: it stands for all its *.yaml files
)"},
    {"AnEntityFileThatIsMissing", R"(entities: entities/none.yaml
)",
     R"(config.yaml:1:11: error: cannot read "entities/none.yaml": No such file or directory
  entities: entities/none.yaml
            ^
)"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Config, BadFile, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& tested) {
                           return std::string(tested.param.name);
                         });

}  // namespace
}  // namespace wirewatch::daemon
