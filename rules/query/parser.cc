#include "rules/query/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/query/cursor.h"
#include "rules/query/fields.h"
#include "rules/query/measure.h"

namespace wirewatch::rules {
namespace {

using Maybe = std::optional<Node>;

class Parser : private Cursor {
 public:
  explicit Parser(std::string_view query) : Cursor(query) {}

  Parsed run() {
    if (here().kind == LexKind::end && reported() == 0) {
      report(here(), "the query is empty",
             "write the words that must occur: border AND @country:IQ");
    }
    Maybe tree = expression_if_any();
    // Only ')', a comma, {n} and OF without a number stop an expression at this level.
    while (here().kind != LexKind::end) tree = joined(std::move(tree), after_misplaced());
    return {std::move(tree), take_diagnostics()};
  }

 private:
  static bool starts_operand(LexKind kind) {
    return kind == LexKind::word || kind == LexKind::phrase || kind == LexKind::entity ||
           kind == LexKind::field || kind == LexKind::open || kind == LexKind::op_not ||
           kind == LexKind::op_same || kind == LexKind::rule || kind == LexKind::pattern ||
           kind == LexKind::measure;
  }

  // Reports and passes over a mark that has no place here, with the operator behind it.
  Maybe after_misplaced() {
    report_unexpected();
    next();
    if (here().kind == LexKind::op_and || here().kind == LexKind::op_or) next();
    return expression_if_any();
  }

  Maybe expression_if_any() {
    const LexKind kind = here().kind;
    const bool any =
        starts_operand(kind) || kind == LexKind::op_and || kind == LexKind::op_or || is_near(kind);
    return any ? expression() : Maybe();
  }

  // For going on after an error: the tree is not used, only searched for further errors.
  static Maybe joined(Maybe a, Maybe b) {
    std::vector<Node> parts;
    if (a) parts.push_back(std::move(*a));
    if (b) parts.push_back(std::move(*b));
    return combined(NodeKind::all, std::move(parts));
  }

  static void add_part(Node& list, Node part) {
    if (part.kind != list.kind) return list.parts.push_back(std::move(part));
    for (Node& inner : part.parts) list.parts.push_back(std::move(inner));
  }

  // expression := negation ((AND | OR) negation)*, all of one kind.
  Maybe expression() {
    while (here().kind == LexKind::op_and || here().kind == LexKind::op_or) {
      report(here(), fmt::format("{} has nothing on its left", written(here())),
             "it stands between two terms: a AND b");
      next();
    }
    Node list;
    if (Maybe first = negation()) list.parts.push_back(std::move(*first));
    LexKind kind = LexKind::end;
    while (true) {
      const Lexeme op = here();
      if (op.kind == LexKind::op_and || op.kind == LexKind::op_or) {
        if (kind == LexKind::end) kind = op.kind;
        if (op.kind != kind) {
          report(op, "AND beside OR without parentheses could be read in two ways",
                 "put parentheses around one of them: (a AND b) OR c, or a AND (b OR c)");
        }
        next();
      } else if (starts_operand(op.kind)) {
        const LexKind meant = report_missing_operator();
        if (kind == LexKind::end) kind = meant;
      } else {
        break;
      }
      if (Maybe part = right_side(op)) list.parts.push_back(std::move(*part));
    }
    return combined(kind == LexKind::op_or ? NodeKind::any : NodeKind::all, std::move(list.parts));
  }

  // `a AND (b AND c)` is one list of three.
  static Maybe combined(NodeKind kind, std::vector<Node> parts) {
    if (parts.empty()) return std::nullopt;
    if (parts.size() == 1) return std::move(parts.front());
    Node list;
    list.kind = kind;
    list.offset = parts.front().offset;
    list.length = parts.back().offset + parts.back().length - list.offset;
    for (Node& part : parts) add_part(list, std::move(part));
    return list;
  }

  Maybe right_side(const Lexeme& op) {
    if (here().kind == LexKind::op_and || here().kind == LexKind::op_or) {
      report(op, fmt::format("{} is followed by {}", written(op), written(here())),
             "one of the two is too many");
      while (here().kind == LexKind::op_and || here().kind == LexKind::op_or) next();
    }
    const LexKind kind = here().kind;
    if (!starts_operand(kind) && kind != LexKind::op_near && kind != LexKind::op_before) {
      report(op, fmt::format("{} has nothing on its right", written(op)),
             "it stands between two terms: a AND b");
      return std::nullopt;
    }
    return negation();
  }

  // negation := NOT negation | nearness
  Maybe negation() {
    const Lexeme op = here();
    if (op.kind != LexKind::op_not) return nearness();
    if (!enter()) return std::nullopt;
    next();
    Maybe part = starts_operand(here().kind) ? negation() : Maybe();
    leave();
    if (!part) {
      report(op, "NOT has nothing behind it", "write NOT football, or NOT (a OR b)");
      return std::nullopt;
    }
    return wrap(NodeKind::none, op.offset, std::move(*part));
  }

  static Node wrap(NodeKind kind, std::uint32_t offset, Node part) {
    Node node;
    node.kind = kind;
    node.offset = offset;
    node.length = part.offset + part.length - offset;
    node.parts.push_back(std::move(part));
    return node;
  }

  // nearness := unary ((NEAR/n | BEFORE/n) unary)?
  Maybe nearness() {
    Maybe left = is_near(here().kind) ? Maybe() : unary();
    while (is_near(here().kind)) {
      const Lexeme op = here();
      next();
      Maybe right = starts_operand(here().kind) ? unary() : Maybe();
      if (!left || !right) {
        report(op, fmt::format("{} needs a term on each side", written(op)),
               fmt::format("write border {} attack", written(op)));
        if (!left) left = std::move(right);
        continue;
      }
      require_place(*left, op);
      require_place(*right, op);
      Node node = wrap(op.kind == LexKind::op_near ? NodeKind::near : NodeKind::before,
                       left->offset, std::move(*left));
      node.number = op.number;
      node.length = right->offset + right->length - node.offset;
      node.parts.push_back(std::move(*right));
      left = std::move(node);
    }
    return left;
  }
  static bool is_near(LexKind kind) {
    return kind == LexKind::op_near || kind == LexKind::op_before;
  }

  // What has places in the text: a word, a phrase, an entity, or several joined by OR.
  static bool has_place(const Node& node) {
    if (is_leaf(node.kind)) return true;
    return node.kind == NodeKind::any &&
           std::all_of(node.parts.begin(), node.parts.end(), has_place);
  }

  void require_place(const Node& node, const Lexeme& op) {
    if (has_place(node)) return;
    const bool chained = node.kind == NodeKind::near || node.kind == NodeKind::before;
    report(node.offset, node.length,
           fmt::format("'{}' has no single place that {} could measure from",
                       written(node.offset, node.length), written(op)),
           chained ? "join two of them: (a NEAR/5 b) AND (b NEAR/5 c)"
                   : "use words, phrases and @entities here, or several in (a OR b)");
  }

  // unary := field (NOT negation | unary) | counted
  Maybe unary() {
    const Lexeme first = here();
    if (first.kind != LexKind::field) return counted();
    if (!enter()) return std::nullopt;
    next();
    const std::optional<Scope> scope = field_scope(first);
    Maybe part;
    if (here().kind == LexKind::op_not) {
      part = negation();
    } else if (starts_operand(here().kind)) {
      part = unary();
    } else {
      report(first, fmt::format("'{}' has nothing behind it", written(first)),
             fmt::format("write {0}word or {0}(a OR b)", written(first)));
    }
    leave();
    if (!part || !scope) return part;
    Node node = wrap(NodeKind::field, first.offset, std::move(*part));
    node.scope = *scope;
    return node;
  }

  std::optional<Scope> field_scope(const Lexeme& lexeme) {
    FieldRead read = read_field(lexeme.text);
    if (!read.scope) report(lexeme, std::move(read.error), std::move(read.hint));
    return read.scope;
  }

  // counted := primary {n}?
  Maybe counted() {
    Maybe part = primary();
    const Lexeme count = here();
    if (!part || count.kind != LexKind::times) return part;
    next();
    if (!has_place(*part)) {
      report(count, fmt::format("'{}' cannot be counted", written(part->offset, part->length)),
             "words, phrases, @entities and (a OR b) of them can");
    }
    Node node = wrap(NodeKind::times, part->offset, std::move(*part));
    node.number = count.number;
    node.length = count.offset + count.length - node.offset;
    return node;
  }
  Maybe primary() {
    const Lexeme lexeme = here();
    switch (lexeme.kind) {
      case LexKind::open:
        return group();
      case LexKind::op_same:
        return same();
      case LexKind::word:
        if (ahead().kind == LexKind::op_of) return some();
        [[fallthrough]];
      case LexKind::phrase:
      case LexKind::entity:
      case LexKind::rule:
      case LexKind::pattern:
      case LexKind::measure:
        next();
        return leaf(lexeme);
      default:
        report_unexpected();
        next();
        return std::nullopt;
    }
  }

  Node leaf(const Lexeme& lexeme) {
    Node node;
    node.offset = lexeme.offset;
    node.length = lexeme.length;
    node.words = lexeme.words;
    node.ignore_case = lexeme.ignore_case;
    if (lexeme.kind != LexKind::word && lexeme.kind != LexKind::measure)
      node.reference = lexeme.text;
    switch (lexeme.kind) {
      case LexKind::phrase:
        node.kind = NodeKind::phrase;
        break;
      case LexKind::entity:
        node.kind = NodeKind::entity;
        break;
      case LexKind::rule:
        node.kind = NodeKind::rule;
        break;
      case LexKind::pattern:
        node.kind = NodeKind::pattern;
        break;
      case LexKind::measure:
        measure(lexeme, node);
        break;
      default:
        break;
    }
    return node;
  }

  void measure(const Lexeme& lexeme, Node& node) {
    MeasureRead read = read_measure(lexeme.text, lexeme.amount);
    node.kind = NodeKind::measure;
    node.comparison = lexeme.comparison;
    node.measure = read.measure;
    node.number = read.number;
    if (!read.error.empty()) report(lexeme, std::move(read.error), std::move(read.hint));
  }

  Maybe group() {
    const Lexeme opened = here();
    if (!enter()) return std::nullopt;
    next();
    Maybe inner;
    const bool outer = std::exchange(in_list_, false);
    if (here().kind == LexKind::close) {
      report(opened, "empty parentheses", "put at least one term between them");
    } else {
      inner = expression_or_rest();
    }
    in_list_ = outer;
    close(opened);
    leave();
    return inner;
  }

  // Inside parentheses a misplaced mark is reported and passed over, up to ')'.
  Maybe expression_or_rest() {
    Maybe inner = expression_if_any();
    while (here().kind != LexKind::close && here().kind != LexKind::end &&
           !(here().kind == LexKind::comma && in_list_)) {
      inner = joined(std::move(inner), after_misplaced());
    }
    return inner;
  }

  // SAME(sentence: …)
  Maybe same() {
    const Lexeme op = here();
    next();
    if (here().kind != LexKind::open || ahead().kind != LexKind::field) {
      report(op, "SAME does not say where",
             "write SAME(sentence: a AND b), SAME(paragraph: …) or SAME(title: …)");
      return here().kind == LexKind::open ? group() : Maybe();
    }
    const Lexeme opened = here();
    if (!enter()) return std::nullopt;
    next();
    const Lexeme unit = here();
    next();
    Node node;
    node.kind = NodeKind::same;
    node.offset = op.offset;
    if (unit.text == "sentence" || unit.text == "paragraph" || unit.text == "title") {
      node.scope = unit.text == "sentence"    ? Scope::sentence
                   : unit.text == "paragraph" ? Scope::paragraph
                                              : Scope::title;
    } else {
      const std::string near = nearest_name(unit.text, {"sentence", "paragraph", "title"});
      report(unit, fmt::format("SAME knows no '{}'", unit.text),
             near.empty() ? "it takes sentence:, paragraph: or title:"
                          : fmt::format("did you mean {}:", near));
    }
    const std::size_t before = reported();
    const bool outer = std::exchange(in_list_, false);
    Maybe inner = expression_or_rest();
    in_list_ = outer;
    if (!inner && reported() == before) {
      report(opened, "SAME without terms", "write SAME(sentence: a AND b)");
    }
    node.length = here().offset + here().length - op.offset;
    close(opened);
    leave();
    if (!inner) return std::nullopt;
    node.parts.push_back(std::move(*inner));
    return node;
  }

  // n OF (a, b, c)
  Maybe some() {
    const Lexeme count = here();
    next();
    const Lexeme op = here();
    next();
    Node node;
    node.kind = NodeKind::some;
    node.offset = count.offset;
    const Lexeme opened = here();
    if (opened.kind != LexKind::open) {
      report(op, "OF without a list behind it", "write 2 OF (a, b, c)");
      return std::nullopt;
    }
    if (!enter()) return std::nullopt;
    next();
    const bool outer = std::exchange(in_list_, true);
    do {
      const Lexeme start = here();
      Maybe part = expression_or_rest();
      if (part) {
        node.parts.push_back(std::move(*part));
      } else {
        report(start, "an empty place in this list", "lists are written 2 OF (a, b, c)");
      }
    } while (take(LexKind::comma));
    in_list_ = outer;
    node.length = here().offset + here().length - count.offset;
    close(opened);
    leave();
    set_number(node, count);
    return node;
  }

  void set_number(Node& node, const Lexeme& count) {
    std::uint32_t value = 0;
    bool digits = !count.text.empty() && count.text.size() < 6;
    for (const char c : count.text) {
      digits = digits && c >= '0' && c <= '9';
      if (digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (!digits || value < 1 || value > node.parts.size()) {
      report(count, fmt::format("'{}' of {} terms cannot hold", count.text, node.parts.size()),
             fmt::format("the number before OF is from 1 to {}", node.parts.size()));
    }
    node.number = value;
  }

  bool in_list_ = false;
};

}  // namespace

Parsed parse(std::string_view query) {
  if (query.size() > max_query_bytes) {
    Parsed refused;
    refused.diagnostics.push_back(
        {Severity::error, "", static_cast<std::uint32_t>(max_query_bytes), 0,
         fmt::format("the query is longer than {} KiB", max_query_bytes / 1024),
         "long lists of names are better kept as an entity group"});
    return refused;
  }
  return Parser(query).run();
}

}  // namespace wirewatch::rules
