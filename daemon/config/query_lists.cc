#include "daemon/config/query_lists.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/draft.h"
#include "rules/query/parser.h"

namespace wirewatch::daemon {
namespace {

constexpr const char* kLists[] = {"all", "any", "none"};

class Composer {
 public:
  explicit Composer(const Context& context) : context_(context) {}

  WrittenQuery run(MapReader& map) {
    const ValuePtr match = map.find("match");
    if (match && !has_list(map)) {
      only(map, match);
    } else {
      conditions(map);
    }
    if (!broken_.empty()) tell_broken();
    if (failed_) query_.text.clear();
    return std::move(query_);
  }

 private:
  static bool has_list(MapReader& map) {
    return map.has("at_least") || std::any_of(std::begin(kLists), std::end(kLists),
                                              [&](const char* key) { return map.has(key); });
  }

  void only(MapReader& map, const ValuePtr& match) {
    const auto text = map.text("match");
    if (!text) {
      failed_ = true;
      return;
    }
    query_.text = *text;
    query_.pieces.push_back({0, text->size(), match});
  }

  void fail(std::size_t offset, std::string text, std::string hint) {
    context_.problems.error(Place{&context_.file, offset}, std::move(text), std::move(hint));
    failed_ = true;
  }

  // Everything that the map asks for, joined by AND.
  void conditions(MapReader& map) {
    bool first = true;
    const auto begin = [&] {
      if (!first) query_.text += " AND ";
      first = false;
    };
    if (const ValuePtr match = map.find("match")) {
      begin();
      if (map.text("match")) {
        piece(match);
      } else {
        failed_ = true;
      }
    }
    for (const char* key : kLists) {
      const ValuePtr list = map.find(key);
      if (!list) continue;
      begin();
      const std::string name = key;
      query_.text += name == "none" ? "NOT (" : "(";
      items(*list, name, name == "all" ? " AND " : " OR ");
      query_.text += ')';
    }
    if (const ValuePtr counted = map.find("at_least")) at_least(*counted, begin);
    if (first)
      fail(map.key_offset(""), "this map asks for nothing",
           "give it match, all, any, none or at_least");
  }

  template <typename Begin>
  void at_least(const Value& counted, Begin begin) {
    if (counted.kind != Value::Kind::map || counted.pairs.empty()) {
      return fail(counted.offset, "\"at_least\" takes a number and a list",
                  "write at_least: {2: [first, second, third]}");
    }
    for (const KeyValue& pair : counted.pairs) {
      begin();
      const bool digits = !pair.key.empty() && pair.key.size() < 5 &&
                          pair.key.find_first_not_of("0123456789") == std::string::npos;
      const std::size_t number = digits ? std::stoul(pair.key) : 0;
      const bool list = pair.value->kind == Value::Kind::list;
      if (number == 0 || (list && number > pair.value->items.size())) {
        return fail(pair.key_offset,
                    fmt::format("at least {} of this list cannot hold", in_quotes(pair.key)),
                    "a whole number from 1 to the number of items");
      }
      query_.text += pair.key + " OF (";
      items(*pair.value, "at_least", ", ");
      query_.text += ')';
    }
  }

  void items(const Value& list, const std::string& key, const char* between) {
    if (list.kind == Value::Kind::text) return item(list);
    if (list.kind != Value::Kind::list || list.items.empty()) {
      return fail(list.offset, fmt::format("\"{}\" takes a list of queries", key),
                  "each on a line of its own that begins with '- '");
    }
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (i > 0) query_.text += between;
      item(*list.items[i]);
    }
  }

  void item(const Value& value) {
    if (value.kind == Value::Kind::map) {
      MapReader map(context_, value, "this part of a rule");
      query_.text += '(';
      conditions(map);
      query_.text += ')';
      return map.finish();
    }
    if (value.kind != Value::Kind::text || value.text.empty()) {
      return fail(value.offset, fmt::format("a query is a text or a map, not {}", kind_of(value)),
                  "write border, \"world cup\" or any: [border, crossing]");
    }
    piece(std::make_shared<const Value>(value));
  }

  // Read alone as well: its parentheses must not reach into what stands around it.
  void piece(const ValuePtr& value) {
    const bool bad = rules::has_error(rules::parse(value->text).diagnostics);
    if (bad) broken_.push_back(value);
    query_.text += '(';
    query_.pieces.push_back({query_.text.size(), value->text.size(), value});
    query_.text += value->text;
    query_.text += ')';
  }

  void tell_broken() {
    query_.text = broken_[0]->text;
    query_.pieces = {{0, query_.text.size(), broken_[0]}};
    for (std::size_t i = 1; i < broken_.size(); ++i) {
      for (rules::Diagnostic& one : rules::parse(broken_[i]->text).diagnostics) {
        query_.errors.emplace_back(broken_[i], std::move(one));
      }
    }
  }

  const Context& context_;
  WrittenQuery query_;
  std::vector<ValuePtr> broken_;
  bool failed_ = false;
};

}  // namespace

WrittenQuery read_written_query(const Context& context, MapReader& map) {
  return Composer(context).run(map);
}

bool has_query(MapReader& map) {
  bool any = map.has("match") || map.has("at_least");
  for (const char* key : kLists) any = map.has(key) || any;
  return any;
}

std::size_t query_offset_in_file(const SourceFile& file, const std::vector<QueryPiece>& pieces,
                                 std::size_t offset) {
  if (pieces.empty()) return 0;
  const QueryPiece* best = &pieces[0];
  for (const QueryPiece& piece : pieces) {
    if (piece.begin <= offset) best = &piece;
  }
  const std::size_t inside =
      offset < best->begin ? 0 : std::min(offset - best->begin, best->length);
  return offset_in_file(file, *best->value, inside);
}

}  // namespace wirewatch::daemon
