#include "daemon/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>
#include <unordered_map>

#include "daemon/config/yaml_syntax.h"

namespace wirewatch::daemon {
namespace {

struct Refused {
  std::size_t offset;
  std::string text;
  std::string hint;
};

// One map or list that is still open.
struct Open {
  std::shared_ptr<Value> value;
  YAML::anchor_t anchor = 0;
  bool has_key = false;
  bool drop_value = false;  // its key was reported
  std::string key;
  std::size_t key_offset = 0;
  std::unordered_map<std::string, std::size_t>
      keys;  // of a large map, with the offset of the first
};

// Up to here the pairs themselves are looked through: most maps are small, and there are many.
constexpr std::size_t few_keys = 16;

// The offset of `key` if the map has it already, and from now on it does.
std::optional<std::size_t> earlier_place(Open& map, const std::string& key, std::size_t offset) {
  const std::vector<KeyValue>& pairs = map.value->pairs;
  if (pairs.size() < few_keys) {
    for (const KeyValue& pair : pairs) {
      if (pair.key == key) return pair.key_offset;
    }
    return std::nullopt;
  }
  if (map.keys.empty()) {
    for (const KeyValue& pair : pairs) map.keys.emplace(pair.key, pair.key_offset);
  }
  const auto first = map.keys.emplace(key, offset);
  return first.second ? std::nullopt : std::optional(first.first->second);
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceFile& file, Problems& problems) : file_(file), problems_(problems) {}

  ValuePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw Refused{offset(mark), "a second document begins here",
                    "a file holds one: remove the line `---`, or lists and keys on the left margin "
                    "are mixed"};
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (is_key()) throw Refused{offset(mark), "a key is missing before ':'", ""};
    const auto value = make(mark, Value::Kind::null);
    value->offset = place_of_null(value->offset);
    place(value, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  static std::size_t offset(const YAML::Mark& mark) {
    return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
  }
  std::size_t place_of_null(std::size_t at) const;
  bool is_key() const {
    return !open_.empty() && open_.back().value->kind == Value::Kind::map && !open_.back().has_key;
  }
  void count(std::size_t at);  // one more value
  std::shared_ptr<Value> make(const YAML::Mark& mark, Value::Kind kind);
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Value::Kind kind);
  void close();
  void take_key(const YAML::Mark& mark, const std::string& text);
  void place(ValuePtr value, YAML::anchor_t anchor);
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const;

  const SourceFile& file_;
  Problems& problems_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, ValuePtr> anchors_;
  ValuePtr root_;
  std::size_t documents_ = 0;
  std::size_t aliases_ = 0;
  std::size_t aliased_nodes_ = 0;
  std::size_t nodes_ = 0;
};

void TreeBuilder::count(std::size_t at) {
  if (++nodes_ > kMaxYamlNodes) {
    throw Refused{at, fmt::format("the file holds more than {} values", kMaxYamlNodes),
                  "split it and use `include`"};
  }
}

std::shared_ptr<Value> TreeBuilder::make(const YAML::Mark& mark, Value::Kind kind) {
  count(offset(mark));
  auto value = std::make_shared<Value>();
  value->kind = kind;
  value->offset = offset(mark);
  return value;
}

// A null that is not written has the place of what follows: its key or dash says more.
std::size_t TreeBuilder::place_of_null(std::size_t at) const {
  const std::string& text = file_.text();
  if (at < text.size() && std::string_view("~nN").find(text[at]) != std::string_view::npos) {
    return at;
  }
  if (open_.empty()) return at;
  if (open_.back().value->kind == Value::Kind::map) return open_.back().key_offset;
  const std::size_t before = at == 0 ? 0 : text.find_last_not_of(" \t\r\n", at - 1);
  return before != std::string::npos && text[before] == '-' ? before : at;
}

void TreeBuilder::refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
  if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str") return;
  throw Refused{offset(mark), "a word that begins with '!' is a YAML tag, which means nothing here",
                "put the text in quotes, or a rule into a block: `match: |`"};
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       Value::Kind kind) {
  refuse_tag(mark, tag);
  if (is_key()) throw Refused{offset(mark), "a key must be a text, not a list or a map", ""};
  if (open_.size() >= kMaxYamlDepth) {
    throw Refused{offset(mark), fmt::format("lists and maps nest deeper than {}", kMaxYamlDepth),
                  ""};
  }
  Open entry;
  entry.value = make(mark, kind);
  entry.anchor = anchor;
  open_.push_back(std::move(entry));
}

void TreeBuilder::close() {
  ValuePtr done = std::move(open_.back().value);
  const YAML::anchor_t anchor = open_.back().anchor;
  open_.pop_back();
  place(std::move(done), anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (++aliases_ > kMaxYamlAliases) {
    throw Refused{offset(mark), fmt::format("more than {} aliases (`*name`)", kMaxYamlAliases), ""};
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    throw Refused{offset(mark), "an alias (`*name`) stands inside what it repeats", ""};
  }
  const ValuePtr value = found->second;
  aliased_nodes_ += value->nodes;
  if (aliased_nodes_ > kMaxYamlAliasedNodes) {
    throw Refused{offset(mark),
                  fmt::format("aliases (`*name`) repeat more than {} values", kMaxYamlAliasedNodes),
                  ""};
  }
  if (is_key()) {
    if (value->kind != Value::Kind::text) {
      throw Refused{offset(mark), "a key must be a text, not a list or a map", ""};
    }
    take_key(mark, value->text);
    return;
  }
  place(value, 0);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& text) {
  refuse_tag(mark, tag);
  const std::size_t at = offset(mark);
  if (tag == "!" && !is_closed(file_.text(), at)) {
    throw Refused{at, "a quoted text has no closing quote", ""};
  }
  if (is_key() && anchor == 0) {
    count(at);
    take_key(mark, text);
    return;
  }
  auto value = make(mark, Value::Kind::text);
  value->text = text;
  if (is_key()) {
    anchors_[anchor] = value;
    take_key(mark, text);
    return;
  }
  place(std::move(value), anchor);
}

void TreeBuilder::take_key(const YAML::Mark& mark, const std::string& text) {
  Open& top = open_.back();
  top.has_key = true;
  top.key = text;
  top.key_offset = offset(mark);
  const Place place{&file_, top.key_offset};
  if (text == "<<") {
    problems_.error(place, "`<<` does not merge maps here",
                    "write the keys out, or use an alias for a whole value");
    top.drop_value = true;
    return;
  }
  const std::optional<std::size_t> first = earlier_place(top, text, top.key_offset);
  if (first) {
    problems_.error(place, fmt::format("{} is written twice", in_quotes(text)),
                    fmt::format("the first is in line {}; keep one", file_.position(*first).line));
    top.drop_value = true;
  }
}

void TreeBuilder::place(ValuePtr value, YAML::anchor_t anchor) {
  if (anchor != 0) anchors_[anchor] = value;
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  Open& top = open_.back();
  top.value->nodes += value->nodes;
  if (top.value->kind == Value::Kind::list) {
    top.value->items.push_back(std::move(value));
    return;
  }
  if (!top.drop_value) {
    top.value->pairs.push_back(KeyValue{std::move(top.key), top.key_offset, std::move(value)});
  }
  top.has_key = false;
  top.drop_value = false;
}

}  // namespace

ValuePtr parse_yaml(const SourceFile& file, Problems& problems) {
  if (const auto bad = find_bad_byte(file.text())) {
    problems.error(Place{&file, bad->offset}, bad->text, bad->hint);
    return nullptr;
  }
  std::istringstream stream(file.text());
  TreeBuilder builder(file, problems);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.root();
  } catch (const Refused& refused) {
    problems.error(Place{&file, refused.offset}, refused.text, refused.hint);
  } catch (const YAML::Exception& error) {
    const auto at = static_cast<std::size_t>(std::max(0, error.mark.pos));
    const SyntaxProblem problem = explain_syntax_error(file, at, error.msg);
    problems.error(Place{&file, problem.offset}, problem.text, problem.hint);
  }
  return nullptr;
}

}  // namespace wirewatch::daemon
