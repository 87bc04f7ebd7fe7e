#include "daemon/pipeline/split.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "daemon/pipeline/telling.h"
#include "feeds/hash.h"
#include "rules/policy/gates.h"

namespace wirewatch::daemon {
namespace {

using Reports = std::vector<rules::Report>;

bool have_text(const Reports& reports, const std::string& copy_group) {
  return std::any_of(reports.begin(), reports.end(),
                     [&](const rules::Report& one) { return one.copy_group == copy_group; });
}

bool have_source(const Reports& reports, const std::string& source) {
  return std::any_of(reports.begin(), reports.end(),
                     [&](const rules::Report& one) { return one.source == source; });
}

bool have_item(const Reports& reports, const std::string& item) {
  return std::any_of(reports.begin(), reports.end(),
                     [&](const rules::Report& one) { return one.item == item; });
}

// Stored before text, outlet and time were kept with a report.
bool have_unknown(const Reports& reports) {
  return have_text(reports, std::string());
}

Reports::iterator first_told(Reports& reports) {
  return std::find_if(reports.begin(), reports.end(),
                      [](const rules::Report& one) { return one.told; });
}

class Splitting {
 public:
  Splitting(const DecideContext& context, const feeds::StorySplit& split,
            const feeds::Document& newcomer, AlertBook& book, Commit& commit)
      : context_(context), split_(split), newcomer_(newcomer), book_(book), commit_(commit) {
    for (const feeds::StorySplit::Left& one : split.documents) leaving_.insert(one.id);
  }

  void run() {
    for (BookedAlert& alert : book_.take(split_.from)) part(std::move(alert));
    for (const std::string& item : leaving_) {
      move_all(rules::scope_of_text(item));
      move_all(rules::scope_of_article(item));
    }
    copy_follow();
    copy_mutes();
    MoveRow moved{split_.from, split_.story, {}, context_.now};
    for (const feeds::StorySplit::Left& one : split_.documents) moved.documents.push_back(one.id);
    commit_.moves.push_back(std::move(moved));
  }

 private:
  void part(BookedAlert alert) {
    Reports stay;
    Reports leave;
    for (const rules::Report& report : alert.state.reports)
      (leaving_.count(report.item) > 0 ? leave : stay).push_back(report);
    if (leave.empty()) {
      book_.put(std::move(alert));
      return;
    }
    for (const rules::Report& report : leave) note_seen(report);
    if (goes(alert)) {
      // Not the id that the story's first alert has, which is this one's.
      const std::string id = rules::alert_id(alert.state.rule, split_.from + ":" + split_.story, 1);
      write(counterpart(alert, split_.from, id, stay));
      write(going_on(move_to_new(std::move(alert)), leave, stay));
    } else {
      const std::string id = rules::alert_id(alert.state.rule, split_.story, 1);
      write(counterpart(alert, split_.story, id, leave));
      write(going_on(std::move(alert), stay, leave));
    }
  }

  // Is the report that it was told for among those that leave?
  bool goes(const BookedAlert& alert) const {
    return alert.state.revision > 0 && leaving_.count(alert.state.reports.front().item) > 0;
  }

  // The alert with its own reports, without what others alone brought.
  BookedAlert going_on(BookedAlert alert, const Reports& own, const Reports& others) const {
    rules::AlertState& state = alert.state;
    state.reports = own;
    const auto is_lost_text = [&](const std::string& text) {
      return have_text(others, text) && !have_text(own, text);
    };
    std::erase_if(state.copy_groups, is_lost_text);
    std::erase_if(state.heard,
                  [&](const rules::Heard& one) { return is_lost_text(one.copy_group); });
    if (!have_unknown(own)) {
      std::erase_if(state.sources, [&](const std::string& source) {
        return have_source(others, source) && !have_source(own, source);
      });
    }
    std::erase_if(alert.view.sources,
                  [&](const AlertSource& one) { return have_item(others, one.item); });
    const bool told = state.revision > 0;
    if (!told && !alert.view.sources.empty()) {  // for lists, the first report that waits
      alert.view.headline = alert.view.sources.front().title;
      alert.view.url = alert.view.sources.front().url;
    }
    return alert;
  }

  // One for the other story, with its reports: told where `alert` was told for one of them before
  // their stories were merged, else told to nobody.
  BookedAlert counterpart(const BookedAlert& alert, const std::string& story, const std::string& id,
                          const Reports& own) const {
    BookedAlert other;
    other.state.id = other.view.alert = id;
    other.state.story = other.state.scope = other.view.story = story;
    other.state.rule = alert.state.rule;
    other.state.revision = 0;
    other.state.reports = own;
    other.created = other.updated = other.touched = context_.now;
    other.view.rule = alert.view.rule;
    other.view.kind = "new";
    other.view.severity = alert.view.severity;
    other.view.story_url = story_page(context_, story);
    const auto told = first_told(other.state.reports);
    if (alert.state.revision > 0 && told != other.state.reports.end()) {
      std::rotate(other.state.reports.begin(), told, told + 1);
      keep_told(alert, other);
      const Instant then = other.state.reports.front().first_seen;
      if (then != Instant{}) other.created = other.updated = then;  // it is no news
    } else {
      hear_reports(alert, other);
    }
    show(alert, other);
    return other;
  }

  static void keep_told(const BookedAlert& alert, BookedAlert& other) {
    const Reports& own = other.state.reports;
    other.state.revision = 1;
    other.state.severity = alert.state.severity;
    other.state.clauses = alert.state.clauses;
    other.view.reason = "told before it was a story of its own";
    for (const std::string& text : alert.state.copy_groups)
      if (have_text(own, text)) other.state.copy_groups.push_back(text);
    for (const rules::Heard& heard : alert.state.heard)
      if (have_text(own, heard.copy_group)) other.state.heard.push_back(heard);
    for (const std::string& source : alert.state.sources)
      if (have_source(own, source) || have_unknown(own)) other.state.sources.push_back(source);
  }

  static void hear_reports(const BookedAlert& alert, BookedAlert& other) {
    const Reports& own = other.state.reports;
    other.view.reason = "another event than what was told";
    if (have_unknown(own)) other.state.sources = alert.state.sources;
    for (const rules::Report& report : own) {
      if (report.copy_group.empty()) continue;
      if (report.counts) rules::hear(other.state, report.copy_group, report.first_seen);
      std::vector<std::string>& sources = other.state.sources;
      if (std::find(sources.begin(), sources.end(), report.source) == sources.end())
        sources.push_back(report.source);
    }
  }

  // Headline and link of its first report, where these are known.
  void show(const BookedAlert& alert, BookedAlert& other) const {
    const Reports& own = other.state.reports;
    const AlertSource* first = nullptr;
    for (const AlertSource& source : alert.view.sources) {
      if (!have_item(own, source.item)) continue;
      other.view.sources.push_back(source);
      if (source.item == own.front().item) first = &source;
    }
    const bool is_new = other.state.story == split_.story;
    other.view.headline = first != nullptr ? first->title
                          : is_new         ? headline_of(newcomer_)
                                           : alert.view.headline;
    other.view.url = first != nullptr ? first->url : is_new ? newcomer_.url : alert.view.url;
    other.view.language = is_new ? newcomer_.language : alert.view.language;
  }

  BookedAlert move_to_new(BookedAlert alert) const {
    if (alert.state.scope == split_.from) alert.state.scope = split_.story;
    alert.state.story = alert.view.story = split_.story;
    if (!alert.view.story_url.empty()) alert.view.story_url = story_page(context_, split_.story);
    alert.touched = context_.now;
    return alert;
  }

  void move_all(const std::string& scope) {
    for (BookedAlert& alert : book_.take(scope)) {
      for (const rules::Report& report : alert.state.reports) note_seen(report);
      write(move_to_new(std::move(alert)));
    }
  }

  void write(BookedAlert alert) {
    commit_.alerts.push_back(row_of(alert));
    book_.put(std::move(alert));
  }

  void note_seen(const rules::Report& report) {
    if (report.first_seen != Instant{})
      seen_ = std::min(seen_.value_or(report.first_seen), report.first_seen);
  }

  void copy_follow() {
    if (context_.policy.followed.count(split_.from) == 0) return;
    commit_.follows.push_back({split_.story, context_.now, std::string(), false});
    context_.policy.followed.insert(split_.story);
  }

  void copy_mutes() {
    std::vector<rules::Silence>& all = context_.policy.silences;
    const std::size_t count = all.size();
    std::size_t in_force = context_.policy.silences_at(context_.now);
    for (std::size_t i = 0; i < count && in_force < PolicyBook::max_silences; ++i) {
      // Where no rule held for what leaves, when it was published has to do.
      const Instant began = seen_.value_or(split_.documents.front().time);
      if (all[i].story != split_.from || all[i].created < began || all[i].until <= context_.now)
        continue;
      rules::Silence copy = all[i];
      copy.id = id_of({"silence", copy.id, split_.story});
      copy.story = split_.story;
      commit_.silences.push_back(copy);
      all.push_back(std::move(copy));
      ++in_force;
    }
  }

  const DecideContext& context_;
  const feeds::StorySplit& split_;
  const feeds::Document& newcomer_;
  AlertBook& book_;
  Commit& commit_;
  std::set<std::string> leaving_;
  std::optional<Instant> seen_;  // the first report that leaves and that a rule held for
};

}  // namespace

void split_alerts(const DecideContext& context, const feeds::StorySplit& split,
                  const feeds::Document& newcomer, AlertBook& book, Commit& commit) {
  Splitting(context, split, newcomer, book, commit).run();
}

}  // namespace wirewatch::daemon
