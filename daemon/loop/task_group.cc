#include "daemon/loop/task_group.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <utility>

namespace wirewatch::daemon {
namespace {

struct Task {
  explicit Task(std::string called) : name(std::move(called)) {}
  std::string name;
  std::size_t place = 0;  // among the group's tasks
  asio::cancellation_signal signal{};
};

// The text of `error`; empty when it only says that the task was cancelled.
std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) return {};
    return thrown.what();
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "an exception without a text";
  }
}

}  // namespace

struct TaskGroup::State {
  State(asio::any_io_executor executor, Clock& clock, ErrorHook hook)
      : loop(executor), on_error(std::move(hook)), ended(std::move(executor), clock) {}

  void finished(const std::shared_ptr<Task>& task, const std::exception_ptr& error) {
    tasks.back()->place = task->place;
    std::swap(tasks[task->place], tasks.back());
    tasks.pop_back();
    if (tasks.empty()) ended.ring();
    if (error == nullptr) return;
    std::string what = text_of(error);
    if (what.empty() && stopping) return;
    if (what.empty()) what = "cancelled, though the group is not stopping";
    if (on_error) on_error(task->name, what);
  }

  void emit(asio::cancellation_type how) {
    asked = how;
    const auto all = tasks;  // a task that ends meanwhile leaves the list
    for (const auto& task : all) task->signal.emit(how);
  }

  asio::any_io_executor loop;
  ErrorHook on_error;
  std::vector<std::shared_ptr<Task>> tasks{};
  Bell ended;
  bool stopping = false;
  asio::cancellation_type asked = asio::cancellation_type::none;
};

TaskGroup::TaskGroup(asio::any_io_executor loop, Clock& clock, ErrorHook on_error)
    : state_(std::make_shared<State>(std::move(loop), clock, std::move(on_error))) {}

TaskGroup::~TaskGroup() {
  state_->on_error = nullptr;
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
  const auto entry = std::make_shared<Task>(std::move(name));
  entry->place = state_->tasks.size();
  state_->tasks.push_back(entry);
  // The callback keeps its Task, and so the signal that the running coroutine is bound to.
  auto finished = [state = state_, entry](const std::exception_ptr& error) {
    state->finished(entry, error);
  };
  asio::co_spawn(state_->loop, std::move(task),
                 asio::bind_cancellation_slot(entry->signal.slot(), std::move(finished)));
  if (!state_->stopping) return;
  // Asio throws out of the loop when a coroutine is cancelled before its first step: ask later.
  auto ask = [state = state_, task = std::weak_ptr<Task>(entry)] {
    if (const auto running = task.lock()) running->signal.emit(state->asked);
  };
  asio::post(state_->loop, std::move(ask));
}

std::size_t TaskGroup::size() const {
  return state_->tasks.size();
}

std::vector<std::string> TaskGroup::names() const {
  std::vector<std::string> names;
  for (const auto& task : state_->tasks) names.push_back(task->name);
  return names;
}

bool TaskGroup::stopping() const {
  return state_->stopping;
}

asio::awaitable<bool> TaskGroup::wait(Span at_most) {
  const auto state = state_;
  while (!state->tasks.empty()) {
    // A ring from an earlier emptiness may still be kept, so the tasks decide.
    const bool rung = co_await state->ended.wait(at_most);
    if (!rung) break;
  }
  co_return state->tasks.empty();
}

asio::awaitable<std::vector<std::string>> TaskGroup::stop(Span grace, Span insistence) {
  state_->stopping = true;
  state_->emit(asio::cancellation_type::total);
  const bool polite = co_await wait(grace);
  if (!polite) {
    state_->emit(asio::cancellation_type::terminal);
    const bool ended = co_await wait(insistence);
    static_cast<void>(ended);
  }
  co_return names();
}

}  // namespace wirewatch::daemon
