// passerelle for C++17: handles that close themselves, texts and arrays that know their length, and
// exceptions for codes. A thin layer over passerelle.h, which says what each function does; the
// library is the same.
#ifndef PASSERELLE_HPP
#define PASSERELLE_HPP

#include <passerelle.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace passerelle {

// A call that failed: its code, and the message of passerelle_last_message.
class error : public std::runtime_error {
public:
    error(passerelle_status status, const std::string &message)
        : std::runtime_error(message), status_(status) {}

    passerelle_status status() const noexcept { return status_; }

private:
    passerelle_status status_;
};

// Throws unless a call succeeded.
inline void check(passerelle_status status) {
    if (status == PASSERELLE_STATUS_OK) {
        return;
    }
    const char *message = "";
    std::size_t length = 0;
    passerelle_last_message(&message, &length);
    throw error(status, std::string(message, length));
}

// An array that somebody else owns, as std::span is in C++20.
template <typename T> class span {
public:
    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}

    template <typename C,
              typename = std::enable_if_t<
                  std::is_convertible_v<decltype(std::declval<C &>().data()), T *>>>
    constexpr span(C &container) noexcept : data_(container.data()), size_(container.size()) {}

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

// A handle that is closed when it goes. It can be moved and not copied.
class handle {
public:
    handle() noexcept = default;
    explicit handle(passerelle_handle raw) noexcept : raw_(raw) {}
    handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, 0)) {}
    handle &operator=(handle &&other) noexcept {
        std::swap(raw_, other.raw_);
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { passerelle_close(raw_); }

    passerelle_handle get() const noexcept { return raw_; }

    std::size_t count(std::int32_t part) const {
        std::size_t count = 0;
        check(passerelle_count(raw_, part, &count));
        return count;
    }

    // Lent: it stands as long as the handle.
    std::string_view id(std::int32_t part, std::uint32_t position) const {
        const char *id = nullptr;
        std::size_t length = 0;
        check(passerelle_id(raw_, part, position, &id, &length));
        return {id, length};
    }

    std::uint32_t position(std::int32_t part, std::string_view id) const {
        std::uint32_t position = 0;
        check(passerelle_position(raw_, part, id.data(), id.size(), &position));
        return position;
    }

    std::string describe() const;

private:
    passerelle_handle raw_ = 0;
};

namespace detail {

// Calls what gives a handle.
template <typename F> handle made(F &&call) {
    passerelle_handle raw = 0;
    check(call(&raw));
    return handle(raw);
}

// Calls what gives a text, and copies it.
template <typename F> std::string text(F &&call) {
    const handle given = made(std::forward<F>(call));
    const char *bytes = nullptr;
    std::size_t length = 0;
    check(passerelle_text(given.get(), &bytes, &length));
    return std::string(bytes, length);
}

} // namespace detail

inline std::string handle::describe() const {
    return detail::text([&](passerelle_handle *out) { return passerelle_describe(raw_, out); });
}

// The k best of each row: `k` positions and scores for each, −1 and 0 after the last result.
struct ranking {
    std::size_t k;
    std::vector<std::int32_t> positions;
    std::vector<float> scores;
};

class people;
class targets;

class framework : public handle {
public:
    explicit framework(handle raw) : handle(std::move(raw)) {}
    explicit framework(std::string_view file)
        : handle(detail::made([&](passerelle_handle *out) {
              return passerelle_framework_open(file.data(), file.size(), out);
          })) {}
    explicit framework(span<const std::uint8_t> bytes)
        : handle(detail::made([&](passerelle_handle *out) {
              return passerelle_framework_open_bytes(bytes.data(), bytes.size(), out);
          })) {}

    std::string_view label(std::int32_t part, std::uint32_t position,
                           std::string_view language) const {
        const char *label = nullptr;
        std::size_t length = 0;
        check(passerelle_label(get(), part, position, language.data(), language.size(), &label,
                               &length));
        return {label, length};
    }

    std::string find(std::string_view query, std::size_t limit, std::string_view language) const {
        return detail::text([&](passerelle_handle *out) {
            return passerelle_find(get(), query.data(), query.size(), limit, language.data(),
                                   language.size(), out);
        });
    }

    passerelle::targets targets() const;
};

class profiles : public handle {
public:
    explicit profiles(handle raw) : handle(std::move(raw)) {}
    profiles(const framework &on, std::string_view file)
        : handle(detail::made([&](passerelle_handle *out) {
              return passerelle_profiles_open(on.get(), file.data(), file.size(), out);
          })) {}
    profiles(const framework &on, span<const std::uint8_t> bytes)
        : handle(detail::made([&](passerelle_handle *out) {
              return passerelle_profiles_open_bytes(on.get(), bytes.data(), bytes.size(), out);
          })) {}

    std::string explain(std::string_view person, std::string_view target,
                        std::string_view strategy, std::string_view language) const {
        return detail::text([&](passerelle_handle *out) {
            return passerelle_explain(get(), person.data(), person.size(), target.data(),
                                      target.size(), strategy.data(), strategy.size(),
                                      language.data(), language.size(), out);
        });
    }

    passerelle::people people() const;
};

class people : public handle {
public:
    explicit people(handle raw) : handle(std::move(raw)) {}
    explicit people(const passerelle_rows &rows)
        : handle(detail::made(
              [&](passerelle_handle *out) { return passerelle_people_new(&rows, out); })) {}

    std::size_t size() const { return count(PASSERELLE_PART_PEOPLE); }
};

class targets : public handle {
public:
    explicit targets(handle raw) : handle(std::move(raw)) {}
    explicit targets(const passerelle_rows &rows)
        : handle(detail::made(
              [&](passerelle_handle *out) { return passerelle_targets_new(&rows, out); })) {}

    std::size_t size() const { return count(PASSERELLE_PART_TARGETS); }
};

inline passerelle::targets framework::targets() const {
    return passerelle::targets(detail::made(
        [&](passerelle_handle *out) { return passerelle_framework_targets(get(), out); }));
}

inline passerelle::people profiles::people() const {
    return passerelle::people(detail::made(
        [&](passerelle_handle *out) { return passerelle_profiles_people(get(), out); }));
}

inline void gap(const people &held, const targets &required, std::string_view measure,
                span<float> figures, const passerelle_options *options = nullptr) {
    check(passerelle_gap(held.get(), required.get(), measure.data(), measure.size(),
                         figures.data(), figures.size(), options));
}

// `each` takes the position of the first person, how many there are, and their figures; it returns
// whether to go on. What it throws ends the call and is thrown again from here.
template <typename F>
void gap_tiles(const people &held, const targets &required, std::string_view measure,
               std::size_t tile_people, F &&each, const passerelle_options *options = nullptr) {
    struct state {
        std::remove_reference_t<F> &each;
        std::size_t width;
        std::exception_ptr thrown;
    } now{each, required.size(), nullptr};
    const auto status = passerelle_gap_tiles(
        held.get(), required.get(), measure.data(), measure.size(), tile_people,
        [](void *context, std::size_t first, std::size_t rows, const float *figures) -> bool {
            auto &now = *static_cast<state *>(context);
            try {
                return now.each(first, rows, span<const float>(figures, rows * now.width));
            } catch (...) {
                now.thrown = std::current_exception();
                return false;
            }
        },
        &now, options);
    if (now.thrown) {
        std::rethrow_exception(now.thrown);
    }
    check(status);
}

inline ranking rank(const people &held, const targets &required, std::int32_t ranked, std::size_t k,
                    std::string_view strategy, const passerelle_options *options = nullptr) {
    const auto rows =
        ranked == PASSERELLE_RANKED_PEOPLE_FOR_TARGETS ? required.size() : held.size();
    ranking best{k, std::vector<std::int32_t>(rows * k), std::vector<float>(rows * k)};
    check(passerelle_rank(held.get(), required.get(), ranked, k, strategy.data(), strategy.size(),
                          best.positions.data(), best.scores.data(), rows * k, options));
    return best;
}

inline std::vector<passerelle_skill_gap> skill_gaps(const people &held, std::uint32_t person,
                                                    const targets &required,
                                                    std::uint32_t target) {
    std::size_t count = 0;
    check(passerelle_skill_gaps(held.get(), person, required.get(), target, nullptr, 0, &count));
    std::vector<passerelle_skill_gap> gaps(count);
    check(passerelle_skill_gaps(held.get(), person, required.get(), target, gaps.data(),
                                gaps.size(), &count));
    return gaps;
}

// A hub's folder, with its framework and people.
class hub : public handle {
public:
    explicit hub(std::string_view folder) : hub(opened(folder)) {}

    std::string ask(std::string_view question, const passerelle_options *options = nullptr) const {
        return detail::text([&](passerelle_handle *out) {
            return passerelle_hub_ask(get(), question.data(), question.size(), options, out);
        });
    }

    const passerelle::framework &framework() const noexcept { return framework_; }
    const passerelle::profiles &profiles() const noexcept { return profiles_; }

private:
    struct parts {
        handle hub, framework, profiles;
    };

    static parts opened(std::string_view folder) {
        passerelle_handle hub = 0, framework = 0, profiles = 0;
        check(passerelle_hub_open(folder.data(), folder.size(), &hub, &framework, &profiles));
        return {handle(hub), handle(framework), handle(profiles)};
    }

    explicit hub(parts &&open)
        : handle(std::move(open.hub)), framework_(std::move(open.framework)),
          profiles_(std::move(open.profiles)) {}

    passerelle::framework framework_;
    passerelle::profiles profiles_;
};

} // namespace passerelle

#endif // PASSERELLE_HPP
