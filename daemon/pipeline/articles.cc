#include "daemon/pipeline/articles.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <limits>
#include <list>
#include <map>

#include "daemon/config/units.h"
#include "daemon/loop/task_group.h"
#include "feeds/article/choose.h"
#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

constexpr Span longest_wait = std::chrono::hours(1);  // it is woken by what is added
constexpr Span commit_retry = std::chrono::seconds(30);

// An item on its way: its page is to be fetched, or its text is settled and it is to be decided.
struct Job {
  Settled item;
  std::string host;
  Instant deadline{};
  bool settled = false;
  Instant not_before{};  // after a decision that could not be stored
};

}  // namespace

struct Articles::Impl : std::enable_shared_from_this<Articles::Impl> {
  Impl(asio::any_io_executor loop_in, Clock& clock_in, Fetcher& http_in, Pool& pool_in,
       Engine& engine_in)
      : loop(std::move(loop_in)),
        clock(clock_in),
        http(http_in),
        pool(pool_in),
        engine(engine_in),
        real_clock(make_system_clock(loop)),
        bell(loop, clock) {}

  void add(std::vector<WaitingRow> rows);
  asio::awaitable<void> run();
  void start_what_may(TaskGroup& tasks);
  void settle(Job& job, const std::string& reason) const;
  Span until_next() const;
  HttpRequest request_for(const Job& job) const;
  asio::awaitable<void> work_on(Job job);
  asio::awaitable<void> fetch(Job& job);
  void done_with(const std::string& host);

  asio::any_io_executor loop;
  Clock& clock;
  Fetcher& http;
  Pool& pool;
  Engine& engine;
  std::unique_ptr<Clock> real_clock;  // a stop has a deadline whatever the daemon's clock does
  Bell bell;
  std::shared_ptr<const Snapshot> snapshot;
  std::map<std::string, std::string> agents;  // feed key → user agent, where it has its own
  std::list<Job> jobs;                        // those that nobody works on, in order
  std::map<std::string, std::size_t> hosts;   // pages under way
  std::size_t under_way = 0;
};

void Articles::Impl::add(std::vector<WaitingRow> rows) {
  const Instant deadline = clock.now() + snapshot->settings.article.timeout;
  for (WaitingRow& row : rows) {
    Job job;
    job.host = feeds::host_of(row.input.url);
    job.item.row = std::move(row);
    job.deadline = deadline;
    jobs.push_back(std::move(job));
  }
  bell.ring();
}

void Articles::Impl::settle(Job& job, const std::string& reason) const {
  job.settled = true;
  job.item.notes.push_back(feeds::article_not_used(reason));
}

// Those whose time is over are decided with what there is; the others are fetched as far as their
// host and the whole allow.
void Articles::Impl::start_what_may(TaskGroup& tasks) {
  const ArticleSettings& bounds = snapshot->settings.article;
  const Instant now = clock.now();
  for (auto job = jobs.begin(); job != jobs.end();) {
    if (!job->settled && now >= job->deadline) {
      settle(*job, fmt::format("it did not come within {}", span_text(bounds.timeout)));
    }
    std::size_t& from_host = hosts[job->host];
    const bool may = job->settled ? now >= job->not_before
                                  : under_way < bounds.at_once && from_host < bounds.per_host;
    if (!may) {
      if (from_host == 0) hosts.erase(job->host);
      ++job;
      continue;
    }
    ++from_host;
    ++under_way;
    tasks.spawn("article of " + job->item.row.input.source, work_on(std::move(*job)));
    job = jobs.erase(job);
  }
}

Span Articles::Impl::until_next() const {
  const Instant now = clock.now();
  Span wait = longest_wait;
  for (const Job& job : jobs) {
    wait = std::min(wait, (job.settled ? job.not_before : job.deadline) - now);
  }
  return std::max(wait, Span(0));
}

HttpRequest Articles::Impl::request_for(const Job& job) const {
  HttpRequest request;
  request.url = job.item.row.input.url;
  const auto own = agents.find(job.item.row.input.feed);
  const std::string& agent = own == agents.end() ? snapshot->settings.user_agent : own->second;
  if (!agent.empty()) request.headers.emplace_back("User-Agent", agent);
  request.headers.emplace_back("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1");
  request.body_cap = snapshot->settings.article.body_cap;
  request.deadline = std::max<Span>(job.deadline - clock.now(), std::chrono::milliseconds(1));
  return request;
}

asio::awaitable<void> Articles::Impl::fetch(Job& job) {
  feeds::Reply reply = co_await http.fetch(request_for(job));
  auto choose = [reply = std::move(reply), input = job.item.row.input,
                 cap = snapshot->settings.article.body_cap,
                 now = clock.now()] { return feeds::choose_article(input, reply, cap, now); };
  feeds::ArticleChoice choice = co_await offload(pool, std::move(choose));
  job.settled = true;
  job.item.notes.push_back(std::move(choice.note));
  if (!choice.used) co_return;
  feeds::DocumentInput& input = job.item.row.input;
  input.text = std::move(choice.text);
  if (input.language.empty()) input.language = std::move(choice.language);
}

void Articles::Impl::done_with(const std::string& host) {
  --under_way;
  const auto count = hosts.find(host);
  if (--count->second == 0) hosts.erase(count);
  bell.ring();
}

// Its item is decided when this ends, or is tried again, or still waits in the store.
asio::awaitable<void> Articles::Impl::work_on(Job job) {
  struct Place {
    std::shared_ptr<Impl> impl;
    std::string host;
    ~Place() { impl->done_with(host); }
  };
  const Place place{shared_from_this(), job.host};
  const Activity::Token token(pool.activity());
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  std::string failure;
  try {
    if (!job.settled) co_await fetch(job);
    std::vector<Settled> one{job.item};
    const Result<Taken> decided = co_await engine.decide_settled(std::move(one));
    if (decided) co_return;
    failure = decided.error().text;
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    failure = error.what();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  spdlog::error("an article of \"{}\": {}", job.item.row.input.source, failure);
  if (!job.settled) settle(job, failure);
  job.not_before = clock.now() + commit_retry;
  jobs.push_back(std::move(job));
}

asio::awaitable<void> Articles::Impl::run() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation(),
                                                     asio::enable_total_cancellation());
  TaskGroup tasks(loop, *real_clock, [](const std::string& name, const std::string& what) {
    spdlog::error("{} ended early: {}", name, what);
  });
  try {
    for (;;) {
      start_what_may(tasks);
      const bool rung = co_await bell.wait(until_next());
      static_cast<void>(rung);
    }
  } catch (const boost::system::system_error&) {
    // Asked to stop.
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const Span grace = snapshot->settings.stop_within / 2;
  const std::vector<std::string> left = co_await tasks.stop(grace, std::chrono::seconds(1));
  for (const std::string& name : left) spdlog::warn("{} did not end in time", name);
}

Articles::Articles(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool,
                   Engine& engine)
    : impl_(std::make_shared<Impl>(std::move(loop), clock, http, pool, engine)) {}
Articles::~Articles() = default;

void Articles::set_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  impl_->agents.clear();
  for (const FeedConfig& feed : snapshot->feeds) {
    const std::string& agent = feed.request().user_agent;
    if (!agent.empty()) impl_->agents.emplace(feed.key, agent);
  }
  impl_->snapshot = std::move(snapshot);
}

void Articles::add(std::vector<WaitingRow> rows) {
  impl_->add(std::move(rows));
}

asio::awaitable<Result<void>> Articles::resume(Store& store) {
  std::function<std::vector<WaitingRow>(Reader&)> query = [](Reader& reader) {
    // All: documents that come at once may together have brought more than most_articles.
    return reader.waiting(WaitingFor::article, std::string(),
                          std::numeric_limits<std::int64_t>::max());
  };
  try {
    std::vector<WaitingRow> rows = co_await store.read(std::move(query));
    impl_->add(std::move(rows));
  } catch (const std::exception& error) {
    co_return Error{ErrorKind::temporary, error.what()};
  }
  co_return Result<void>();
}

asio::awaitable<void> Articles::run() {
  return impl_->run();
}

}  // namespace wirewatch::daemon
