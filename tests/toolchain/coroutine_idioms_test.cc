// g++ 12.2 miscompiles several common shapes of co_await: values are destroyed twice, statements
// are skipped. These are the shapes the daemon is written in. Each runs in a small loop, must reach
// its end, and must destroy exactly what it made. A compiler that fails here must not build it.
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace wirewatch {
namespace {

namespace asio = boost::asio;
template <class T>
using Task = asio::awaitable<T>;

int alive = 0;       // Counted that exist
bool wrong = false;  // one was destroyed or read that did not exist

// Knows whether it is alive, so that a second destruction is seen.
class Counted {
 public:
  explicit Counted(int value = 1) : value_(value) { ++alive; }
  Counted(const Counted& other) : value_(other.value()) { ++alive; }
  Counted(Counted&& other) noexcept : value_(other.value()) { ++alive; }
  Counted& operator=(const Counted&) = delete;
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (self_ != this) wrong = true;
    self_ = nullptr;
    --alive;
  }
  int value() const {
    if (self_ != this) wrong = true;
    return value_;
  }

 private:
  const Counted* self_ = this;
  int value_;
};

struct Request {
  std::string url{};
  Counted part{};
  std::optional<Counted> maybe{};
  int size = 0;
};

const char* const long_text = "a text that is too long for the buffer inside of a string";

Request make_request(std::string url) {
  Request request;
  request.url = std::move(url);
  request.maybe.emplace(2);
  request.size = 3;
  return request;
}

Task<bool> suspend() {
  const auto loop = co_await asio::this_coro::executor;
  co_await asio::post(loop, asio::use_awaitable);
  co_return true;
}

Task<int> take(Counted counted) {
  const bool back = co_await suspend();
  co_return back ? counted.value() : -1;
}
Task<int> take_text(std::string text) {
  const bool back = co_await suspend();
  co_return back ? static_cast<int>(text.size()) : -1;
}
Task<int> take_owner(std::unique_ptr<Counted> owner) {
  const bool back = co_await suspend();
  co_return back ? owner->value() : -1;
}
Task<int> take_shared(std::shared_ptr<Counted> owner) {
  const bool back = co_await suspend();
  co_return back ? owner->value() : -1;
}
Task<int> take_optional(std::optional<Counted> maybe) {
  const bool back = co_await suspend();
  co_return back&& maybe ? maybe->value() : 0;
}
Task<int> take_many(std::vector<Counted> many) {
  const bool back = co_await suspend();
  co_return back ? static_cast<int>(many.size()) : -1;
}
Task<int> take_request(Request request) {
  const bool back = co_await suspend();
  co_return back ? request.size + request.part.value() + request.maybe->value() : -1;
}
Task<Request> bring_request() {
  Request request = make_request(long_text);
  const bool back = co_await suspend();
  request.size = back ? 3 : 0;
  co_return request;
}

// ---- the idioms; each returns whether every value came out right ----

Task<bool> moved_local() {
  Counted local(7);
  const int value = co_await take(std::move(local));
  co_return value == 7;
}

Task<bool> lvalue_argument() {
  const Counted local(7);
  const int value = co_await take(local);
  co_return value == 7 && local.value() == 7;
}

Task<bool> result_of_a_call_as_argument() {
  const int value = co_await take_request(make_request(long_text));
  co_return value == 6;
}

Task<bool> moved_aggregate() {
  Request request = make_request(long_text);
  const int value = co_await take_request(std::move(request));
  co_return value == 6;
}

Task<bool> aggregate_brought_and_passed_on() {
  Request request = co_await bring_request();
  const int value = co_await take_request(std::move(request));
  co_return value == 6;
}

Task<bool> owner_moved_in() {
  auto owner = std::make_unique<Counted>(5);
  const int value = co_await take_owner(std::move(owner));
  auto shared = std::make_shared<Counted>(6);
  const int other = co_await take_shared(shared);
  co_return value == 5 && other == 6 && shared.use_count() == 1;
}

Task<bool> containers_moved_in() {
  std::vector<Counted> many(3);
  const int count = co_await take_many(std::move(many));
  std::optional<Counted> maybe(std::in_place, 4);
  const int value = co_await take_optional(std::move(maybe));
  const int none = co_await take_optional(std::nullopt);
  co_return count == 3 && value == 4 && none == 0;
}

Task<bool> texts_long_and_short() {
  std::string text(long_text);
  const auto size = static_cast<int>(text.size());
  const int literal = co_await take_text(long_text);
  const int moved = co_await take_text(std::move(text));
  co_return literal == size&& moved == size;
}

Task<bool> result_tested_in_a_statement_of_its_own() {
  int rounds = 0;
  for (;;) {
    const bool back = co_await suspend();
    if (back && ++rounds == 3) break;
  }
  co_return rounds == 3;
}

Task<bool> each_element_in_turn() {
  const std::vector<Counted> all(3);
  int sum = 0;
  for (const Counted& one : all) {
    const int value = co_await take(one);
    sum += value;
  }
  co_return sum == 3;
}

Task<bool> tuple_of_an_error_and_a_value() {
  const auto loop = co_await asio::this_coro::executor;
  asio::steady_timer timer(loop, asio::steady_timer::duration::zero());
  const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !error;
}

Task<int> fail_with(Counted counted) {
  const bool back = co_await suspend();
  if (back) throw std::runtime_error(long_text);
  co_return counted.value();
}

Task<bool> exception_through_two_frames() {
  std::string caught;
  try {
    Counted local(1);
    const int value = co_await fail_with(std::move(local));
    caught = std::to_string(value);
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  const bool back = co_await suspend();  // after the handler, never inside
  co_return back&& caught == long_text;
}

Task<bool> early_return_between_awaits() {
  const Counted kept(2);
  const int value = co_await take(kept);
  if (value == 2) co_return true;
  const int other = co_await take(kept);
  co_return other == 0;
}

Task<bool> named_initiation_moved_in() {
  auto text = std::make_shared<Counted>(9);
  auto initiate = [text](auto handler) {
    const auto executor = asio::get_associated_executor(handler);
    const int value = text->value();
    asio::post(executor, [handler = std::move(handler), value]() mutable {
      std::move(handler)(std::exception_ptr(), value);
    });
  };
  const int value =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, int)>(
          std::move(initiate), asio::use_awaitable);
  co_return value == 9;
}

// An ordinary function that returns somebody else's awaitable, as members of public classes do.
Task<int> forward(Request request) {
  return take_request(std::move(request));
}

Task<bool> forwarded_by_a_plain_function() {
  Request request = make_request(long_text);
  const int value = co_await forward(std::move(request));
  co_return value == 6;
}

Task<void> child(Counted counted, int& sum) {
  const bool back = co_await suspend();
  if (back) sum += counted.value();
}

Task<bool> named_child_spawned_with_a_named_callback() {
  const auto loop = co_await asio::this_coro::executor;
  int sum = 0;
  int ended = 0;
  auto owner = std::make_shared<Counted>(1);
  for (int i = 0; i < 3; ++i) {
    auto callback = [owner, &ended](const std::exception_ptr&) { ended += owner->value(); };
    Counted counted(2);
    asio::co_spawn(loop, child(std::move(counted), sum), std::move(callback));
  }
  while (ended < 3) {
    const bool back = co_await suspend();
    if (!back) break;
  }
  co_return sum == 6;
}

struct Idiom {
  const char* name;
  Task<bool> (*run)();
};

const Idiom idioms[] = {
    {"a moved local", moved_local},
    {"an lvalue", lvalue_argument},
    {"the result of a call", result_of_a_call_as_argument},
    {"a moved aggregate", moved_aggregate},
    {"an aggregate brought and passed on", aggregate_brought_and_passed_on},
    {"an owner moved in", owner_moved_in},
    {"containers moved in", containers_moved_in},
    {"texts, long and short", texts_long_and_short},
    {"a result tested in a statement of its own", result_tested_in_a_statement_of_its_own},
    {"each element in turn", each_element_in_turn},
    {"a tuple of an error and a value", tuple_of_an_error_and_a_value},
    {"an exception through two frames", exception_through_two_frames},
    {"an early return between awaits", early_return_between_awaits},
    {"a named initiation moved in", named_initiation_moved_in},
    {"forwarded by a plain function", forwarded_by_a_plain_function},
    {"a named child with a named callback", named_child_spawned_with_a_named_callback},
};

TEST(Toolchain, CompilesTheCoroutineIdiomsOfTheHouse) {
  for (const Idiom& idiom : idioms) {
    alive = 0;
    wrong = false;
    std::optional<bool> right;
    {
      asio::io_context loop(1);
      auto ended = [&right](const std::exception_ptr& error, bool value) {
        right = error == nullptr && value;
      };
      asio::co_spawn(loop, idiom.run(), std::move(ended));
      loop.run();
    }
    EXPECT_EQ(right, true) << idiom.name;
    EXPECT_EQ(alive, 0) << idiom.name;
    EXPECT_FALSE(wrong) << idiom.name;
  }
}

// Frames that are destroyed while they wait must destroy what they hold, too.
TEST(Toolchain, DestroysWhatASuspendedCoroutineHolds) {
  for (const Idiom& idiom : idioms) {
    for (int steps = 0; steps < 6; ++steps) {
      alive = 0;
      wrong = false;
      {
        asio::io_context loop(1);
        asio::co_spawn(loop, idiom.run(), asio::detached);
        for (int i = 0; i < steps; ++i) loop.poll_one();
      }
      EXPECT_EQ(alive, 0) << idiom.name << " after " << steps;
      EXPECT_FALSE(wrong) << idiom.name << " after " << steps;
    }
  }
}

}  // namespace
}  // namespace wirewatch
