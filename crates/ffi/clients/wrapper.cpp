// The C++ wrapper on a hub's folder: what it gives is what the functions under it give, handles close
// themselves, and failures are exceptions.
//
// Usage: wrapper FOLDER
#include <passerelle.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void expect(bool holds, const char *what) {
    if (!holds) {
        std::fprintf(stderr, "not so: %s\n", what);
        std::exit(1);
    }
}

template <typename F> void expect_refused(passerelle_status status, const char *told, F &&call) {
    try {
        call();
    } catch (const passerelle::error &refused) {
        expect(refused.status() == status, told);
        expect(std::string(refused.what()).find(told) != std::string::npos, refused.what());
        return;
    }
    expect(false, told);
}

} // namespace

int main(int count, char **words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: wrapper FOLDER\n");
        return 2;
    }
    const passerelle::hub hub(words[1]);
    const auto &framework = hub.framework();
    const passerelle::people people = hub.profiles().people();
    const passerelle::targets targets = framework.targets();

    const auto best =
        passerelle::rank(people, targets, PASSERELLE_RANKED_TARGETS_FOR_PEOPLE, 3, "coverage");
    std::vector<float> figures(people.size() * targets.size());
    passerelle::gap(people, targets, "coverage", figures);
    std::size_t results = 0;
    for (std::size_t row = 0; row < people.size(); row++) {
        for (std::size_t place = 0; place < best.k; place++) {
            const auto at = row * best.k + place;
            if (best.positions[at] >= 0) {
                const auto target = static_cast<std::size_t>(best.positions[at]);
                expect(figures[row * targets.size() + target] == best.scores[at],
                       "a score by coverage is the figure of the matrix");
                results++;
            }
        }
    }
    expect(results > people.size(), "most people have several results");

    std::vector<float> tiled;
    passerelle::gap_tiles(people, targets, "coverage", 1000,
                          [&](std::size_t, std::size_t, passerelle::span<const float> tile) {
                              tiled.insert(tiled.end(), tile.data(), tile.data() + tile.size());
                              return true;
                          });
    expect(tiled == figures, "tiles put together are the matrix");
    try {
        passerelle::gap_tiles(people, targets, "coverage", 1000,
                              [](std::size_t, std::size_t, passerelle::span<const float>) -> bool {
                                  throw std::runtime_error("mine");
                              });
        expect(false, "what a callback throws comes back");
    } catch (const std::runtime_error &mine) {
        expect(std::string(mine.what()) == "mine", "what a callback throws comes back");
    }

    std::uint64_t missing = 0;
    for (const auto &gap : passerelle::skill_gaps(people, 0, targets, 0)) {
        missing += std::uint64_t{gap.weight} * gap.shortfall;
    }
    passerelle::gap(people, targets, "gap", figures);
    expect(static_cast<float>(missing) == figures[0], "the gap is what is missing of each skill");

    const std::string person(people.id(PASSERELLE_PART_PEOPLE, 0));
    expect(people.position(PASSERELLE_PART_PEOPLE, person) == 0, "an id has its position");
    const std::string job(targets.id(PASSERELLE_PART_TARGETS, 0));
    const auto why = hub.profiles().explain(person, job, "coverage", "en");
    expect(why.find("\"terms\"") != std::string::npos, "an explanation has terms");
    const std::string label(framework.label(PASSERELLE_PART_TARGETS, 0, "fr"));
    expect(framework.find(label, 1, "fr").find(job) != std::string::npos, "a label is found");
    expect(hub.ask(R"({"ask": "vacancies"})").front() == '[', "a hub answers");

    const auto ask = [&](std::string_view question) { return [&hub, question] { hub.ask(question); }; };
    expect_refused(PASSERELLE_STATUS_ARGUMENT, "unknown variant `luck`", ask(R"({"ask": "luck"})"));
    expect_refused(PASSERELLE_STATUS_UNKNOWN, "did you mean `N1105`",
                   ask(R"({"ask": "exclusions", "occupation": "N11O5"})"));
    expect_refused(PASSERELLE_STATUS_LENGTH, "out", [&] {
        passerelle::gap(people, targets, "gap", passerelle::span<float>(figures.data(), 1));
    });
    expect_refused(PASSERELLE_STATUS_HANDLE_KIND, "`profiles` is a handle of a framework", [&] {
        passerelle_handle out = 0;
        passerelle::check(passerelle_profiles_people(framework.get(), &out));
    });
    expect_refused(PASSERELLE_STATUS_NULL, "`people` is null", [&] {
        passerelle::check(passerelle_profiles_people(hub.profiles().get(), nullptr));
    });
    expect_refused(PASSERELLE_STATUS_UNKNOWN_FORMAT, "no known framework", [&] {
        passerelle::framework(std::string_view(words[1]));
    });

    passerelle::people moved = hub.profiles().people();
    const auto raw = moved.get();
    {
        const passerelle::people taken = std::move(moved);
        expect(taken.get() == raw && moved.get() == 0, "a moved handle has one owner");
    }
    std::size_t size = 0;
    expect(passerelle_count(raw, PASSERELLE_PART_PEOPLE, &size) == PASSERELLE_STATUS_HANDLE,
           "it is closed with its owner");
    std::printf("%zu people, %zu jobs, %zu results: as they must be\n", people.size(),
                targets.size(), results);
    return 0;
}
