// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/environment.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/math/types.h"
#include "renderih/math/vec.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>

namespace rih {
namespace {

constexpr int kMendRadius = 5; // pixels; the reach of the ringing that we have seen
/// What the local mending may cost: holes beyond, and those whose wider neighbourhood owes more
/// light than it has, are mended from the whole sphere.
constexpr int kMaxMendRadius = 40;
constexpr std::size_t kMaxLocalHoles = 100'000;

/// One pixel of one channel and the energy weight of its row.
struct Neighbour {
    int x = 0, y = 0;
    double value = 0, weight = 0;
};

/// Mends one channel of a lat-long map.
class ChannelMender {
  public:
    ChannelMender(ImageF& radiance, int channel) : radiance_(radiance), channel_(channel) {
        for (int y = 0; y < radiance.height(); ++y) {
            weights_.push_back(pixel_solid_angle(radiance.width(), radiance.height(), y));
        }
    }

    MendReport mend() {
        const Vec4 moments = moments_of_light();
        std::vector<Neighbour> holes;
        double positive = 0, negative = 0;
        for (int y = 0; y < radiance_.height(); ++y) {
            for (int x = 0; x < radiance_.width(); ++x) {
                const Neighbour pixel = at(x, y);
                (pixel.value < 0 ? negative : positive) += std::abs(pixel.value) * pixel.weight;
                if (pixel.value < 0) {
                    holes.push_back(pixel);
                }
            }
        }
        RIH_REQUIRE(
            negative <= 0.5 * positive,
            "the environment holds {:.3g} of negative and {:.3g} of positive light in channel "
            "{}; it is no radiance map",
            negative,
            positive,
            channel_);
        // The deepest first: they lie nearest to the peaks that owe them most.
        std::stable_sort(holes.begin(), holes.end(), [](const auto& a, const auto& b) {
            return a.value < b.value;
        });
        double owed = 0; // by the whole sphere
        for (std::size_t i = 0; i < holes.size(); ++i) {
            bool filled = false;
            for (int r = kMendRadius; i < kMaxLocalHoles && !filled && r <= kMaxMendRadius;
                 r *= 2) {
                filled = fill(holes[i], r);
            }
            if (!filled) {
                owed -= holes[i].value * holes[i].weight;
                radiance_.at(holes[i].x, holes[i].y, channel_) = 0;
            }
        }
        if (owed > 0) {
            dim_by(owed);
        }
        if (!holes.empty()) {
            restore_moments(moments);
        }
        return {static_cast<int>(holes.size()), positive > 0 ? negative / positive : 0.0};
    }

  private:
    Neighbour at(int x, int y) const {
        return {x, y, radiance_.at(x, y, channel_), weights_[static_cast<std::size_t>(y)]};
    }

    /// One and the direction of a pixel's centre: docs/conventions.md, Environment.
    Vec4 basis(int x, int y) const {
        const double phi = ((x + 0.5) / radiance_.width() - 0.5) * 2.0 * kPi;
        const double theta = kPi * (y + 0.5) / radiance_.height();
        const double sine = std::sin(theta);
        return {1.0, sine * std::cos(phi), std::cos(theta), sine * std::sin(phi)};
    }

    /// Sums radiance * solid angle * term(basis) over the sphere.
    template <typename Moment, typename Term>
    Moment integrate(const Term& term) const {
        Moment sum = Moment::Zero();
        for (int y = 0; y < radiance_.height(); ++y) {
            Moment row = Moment::Zero();
            for (int x = 0; x < radiance_.width(); ++x) {
                row += radiance_.at(x, y, channel_) * term(basis(x, y));
            }
            sum += row * weights_[static_cast<std::size_t>(y)];
        }
        return sum;
    }

    /// The integral of the radiance, and of radiance times direction (the vector irradiance).
    Vec4 moments_of_light() const {
        return integrate<Vec4>([](const Vec4& b) { return b; });
    }

    /// Moving energy by a few pixels turns the vector irradiance a little. A factor that is linear
    /// in direction, within a few percent of one, brings it and the mean radiance back exactly.
    void restore_moments(const Vec4& moments) {
        const Eigen::Matrix4d gram = integrate<Eigen::Matrix4d>(
            [](const Vec4& b) { return Eigen::Matrix4d(b * b.transpose()); });
        const Vec4 slope = gram.ldlt().solve(moments - moments_of_light());
        if (!(std::abs(slope[0]) + slope.tail<3>().norm() < 0.5)) {
            return; // light from one spot alone: there is nothing to turn against
        }
        for (int y = 0; y < radiance_.height(); ++y) {
            for (int x = 0; x < radiance_.width(); ++x) {
                radiance_.at(x, y, channel_) *= static_cast<float>(1.0 + slope.dot(basis(x, y)));
            }
        }
    }

    /// Takes `energy` from all the light there is, each pixel in proportion.
    void dim_by(double energy) {
        double light = 0;
        for (int y = 0; y < radiance_.height(); ++y) {
            for (int x = 0; x < radiance_.width(); ++x) {
                light += at(x, y).value * at(x, y).weight;
            }
        }
        const double factor = std::max(0.0, 1 - energy / light);
        for (int y = 0; y < radiance_.height(); ++y) {
            for (int x = 0; x < radiance_.width(); ++x) {
                float& value = radiance_.at(x, y, channel_);
                value = static_cast<float>(value * factor);
            }
        }
    }

    /// The positive pixels of the disc about `centre`, brightest first; u wraps.
    std::vector<Neighbour> bright_neighbours(const Neighbour& centre, int radius) const {
        std::vector<Neighbour> found;
        const int width = radiance_.width();
        const int left = std::min(radius, (width - 1) / 2), right = std::min(radius, width / 2);
        for (int dy = -radius; dy <= radius; ++dy) {
            const int y = centre.y + dy;
            if (y < 0 || y >= radiance_.height()) {
                continue;
            }
            for (int dx = -left; dx <= right; ++dx) {
                if (dx * dx + dy * dy > radius * radius) {
                    continue;
                }
                const Neighbour pixel = at((centre.x + dx + width) % width, y);
                if (pixel.value > 0) {
                    found.push_back(pixel);
                }
            }
        }
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return a.value > b.value;
        });
        return found;
    }

    /// Lowers the brightest neighbours to one level and lifts the hole with what that frees. False
    /// when the disc does not hold enough.
    bool fill(const Neighbour& hole, int radius) {
        const std::vector<Neighbour> neighbours = bright_neighbours(hole, radius);
        double energy = hole.value * hole.weight;
        for (const Neighbour& pixel : neighbours) {
            energy += pixel.value * pixel.weight;
        }
        if (neighbours.empty() || energy < 0) {
            return false;
        }
        // A typical dim neighbour, so that the hole does not stay as a black dot.
        double target = neighbours[neighbours.size() * 3 / 4].value;
        double level = level_that_frees(neighbours, (target - hole.value) * hole.weight);
        if (level < target) {
            target = level = common_level(neighbours, hole);
        }
        for (const Neighbour& pixel : neighbours) {
            if (pixel.value > level) {
                radiance_.at(pixel.x, pixel.y, channel_) = static_cast<float>(level);
            }
        }
        radiance_.at(hole.x, hole.y, channel_) = static_cast<float>(target);
        return true;
    }

    /// The level with sum of max(0, value - level) * weight = energy, or -1 without one.
    static double level_that_frees(const std::vector<Neighbour>& neighbours, double energy) {
        double above = 0, weight = 0;
        for (std::size_t i = 0; i < neighbours.size(); ++i) {
            above += neighbours[i].value * neighbours[i].weight;
            weight += neighbours[i].weight;
            const double level = (above - energy) / weight;
            if (i + 1 == neighbours.size() || level >= neighbours[i + 1].value) {
                return level;
            }
        }
        return -1;
    }

    /// The level that the hole and the neighbours above it share when they give it all they can.
    static double common_level(const std::vector<Neighbour>& neighbours, const Neighbour& hole) {
        double energy = hole.value * hole.weight, weight = hole.weight;
        for (std::size_t i = 0; i < neighbours.size(); ++i) {
            energy += neighbours[i].value * neighbours[i].weight;
            weight += neighbours[i].weight;
            const double level = energy / weight;
            if (level >= 0 && (i + 1 == neighbours.size() || level >= neighbours[i + 1].value)) {
                return level;
            }
        }
        return 0;
    }

    ImageF& radiance_;
    int channel_;
    std::vector<double> weights_; // [H] solid angle of a pixel
};

std::string lower_extension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return extension;
}

} // namespace

double pixel_solid_angle(int width, int height, int y) {
    const double top = kPi * y / height, bottom = kPi * (y + 1) / height;
    return (std::cos(top) - std::cos(bottom)) * 2.0 * kPi / width;
}

MendReport mend_negative_radiance(ImageF& radiance) {
    MendReport report;
    if (std::ranges::all_of(radiance.values(), [](float value) { return value >= 0; })) {
        return report; // as nearly all maps
    }
    for (int c = 0; c < radiance.channels(); ++c) {
        const MendReport channel = ChannelMender(radiance, c).mend();
        report.mended += channel.mended;
        report.negative_part = std::max(report.negative_part, channel.negative_part);
    }
    return report;
}

int restore_dead_channels(ImageF& radiance) {
    constexpr float kDead = 1e-3f;   // part of the brightest channel below which one is lost
    constexpr double kNeutral = 0.3; // least over largest channel of a white or yellow surrounding
    const ImageF before = radiance;
    const auto channels = [&](int x, int y) {
        return std::array<float, 3>{before.at(x, y, 0), before.at(x, y, 1), before.at(x, y, 2)};
    };
    const auto is_dead = [&](int x, int y) {
        const auto [least, most] = std::ranges::minmax(channels(x, y));
        return most > 1.0f && least < kDead * most;
    };
    // The mean colour of the sound pixels about (x, y), in a disc wide enough to leave a sun.
    const auto surroundings = [&](int x, int y) {
        constexpr int kRadius = 2 * kMendRadius;
        Vec3 sum = Vec3::Zero();
        for (int dy = -kRadius; dy <= kRadius; ++dy) {
            for (int dx = -kRadius; dx <= kRadius; ++dx) {
                const int px = (x + dx + radiance.width() * kRadius) % radiance.width();
                const int py = y + dy;
                if (dx * dx + dy * dy <= kRadius * kRadius && py >= 0 && py < before.height() &&
                    !is_dead(px, py)) {
                    const auto rgb = channels(px, py);
                    sum += Vec3(rgb[0], rgb[1], rgb[2]);
                }
            }
        }
        return sum;
    };
    int restored = 0;
    for (int y = 0; y < radiance.height(); ++y) {
        for (int x = 0; x < radiance.width(); ++x) {
            if (!is_dead(x, y)) {
                continue;
            }
            const auto rgb = channels(x, y);
            const Vec3 colour = surroundings(x, y);
            if (colour.minCoeff() <= kNeutral * colour.maxCoeff()) {
                continue;
            }
            const auto brightest = std::max_element(rgb.begin(), rgb.end()) - rgb.begin();
            for (int c = 0; c < 3; ++c) {
                if (rgb[static_cast<std::size_t>(c)] < kDead * rgb[brightest]) {
                    radiance.at(x, y, c) =
                        static_cast<float>(rgb[brightest] * colour[c] / colour[brightest]);
                }
            }
            ++restored;
        }
    }
    return restored;
}

double mean_luminance(const Environment& environment) {
    const ImageF& radiance = environment.radiance;
    double sum = 0;
    for (int y = 0; y < radiance.height(); ++y) {
        double row = 0;
        for (int x = 0; x < radiance.width(); ++x) {
            row += luminance({radiance.at(x, y, 0), radiance.at(x, y, 1), radiance.at(x, y, 2)});
        }
        sum += row * pixel_solid_angle(radiance.width(), radiance.height(), y);
    }
    return sum / (4.0 * kPi);
}

Environment load_environment(const std::filesystem::path& path) {
    const std::string extension = lower_extension(path);
    RIH_REQUIRE(extension == ".exr" || extension == ".hdr",
                "{}: an environment is a lat-long .exr or .hdr file",
                path.string());
    Environment environment;
    environment.name = printable(path.stem().string());
    environment.radiance = extension == ".exr" ? read_exr(path) : read_hdr(path);
    RIH_REQUIRE(environment.radiance.width() >= 4 && environment.radiance.height() >= 2,
                "{}: {} x {} pixels are too few for an environment",
                path.string(),
                environment.radiance.width(),
                environment.radiance.height());
    try {
        if (mend_negative_radiance(environment.radiance).mended > 0) {
            restore_dead_channels(environment.radiance);
        }
    } catch (const UserError& error) {
        throw_user_error("{}: {}", path.string(), error.what());
    }
    RIH_REQUIRE(mean_luminance(environment) > 0, "{}: the environment is black", path.string());
    return environment;
}

} // namespace rih
