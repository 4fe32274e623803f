// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/albedo_inversion.h"

#include "renderih/math/types.h"
#include "renderih/render/core/fresnel.h"

#include <cmath>

namespace rih {

namespace {

struct Quadrature {
    VecX node, weight;
};

// Gauss-Legendre on [low, high] by Newton's method on the Legendre polynomial.
Quadrature gauss_legendre(int count, double low, double high) {
    Quadrature rule{VecX(count), VecX(count)};
    for (int i = 0; i < count; ++i) {
        double x = std::cos(kPi * (i + 0.75) / (count + 0.5));
        double slope = 1;
        for (int step = 0; step < 100; ++step) {
            double p0 = 1, p1 = x;
            for (int k = 2; k <= count; ++k) {
                const double p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
                p0 = p1;
                p1 = p2;
            }
            slope = count * (x * p1 - p0) / (x * x - 1);
            const double change = p1 / slope;
            x -= change;
            if (std::abs(change) < 1e-15) {
                break;
            }
        }
        rule.node(i) = low + (high - low) * 0.5 * (1 + x);
        rule.weight(i) = (high - low) / ((1 - x * x) * slope * slope);
    }
    return rule;
}

// The half space below the boundary, for any scattering albedo.
class HalfSpace {
  public:
    explicit HalfSpace(double ior) {
        // Beyond the critical angle everything is reflected: its cosine splits the quadrature.
        const double critical = std::sqrt(std::max(0.0, 1 - 1 / (ior * ior)));
        const Quadrature below = gauss_legendre(critical > 0 ? kPerPanel : 0, 0, critical);
        const Quadrature above = gauss_legendre(kPerPanel, critical, 1);
        const Eigen::Index count = below.node.size() + above.node.size();
        cosine_.resize(count);
        cosine_ << below.node, above.node;
        weight_.resize(count);
        weight_ << below.weight, above.weight;
        inner_reflectance_.resize(count);
        kernel_.resize(count, count);
        for (Eigen::Index i = 0; i < count; ++i) {
            inner_reflectance_(i) = static_cast<double>(
                fresnel_dielectric(static_cast<float>(cosine_(i)), static_cast<float>(1 / ior)));
            for (Eigen::Index j = 0; j < count; ++j) {
                kernel_(i, j) = weight_(j) * cosine_(j) / (cosine_(i) + cosine_(j));
            }
        }
        h_ = VecX::Ones(count);
    }

    // Call with falling scattering_root = sqrt(1 - albedo): each H starts the next one's iteration.
    double diffuse_albedo(double scattering_root) {
        const double albedo = 1 - scattering_root * scattering_root;
        solve_h(albedo, scattering_root);
        // Radiance upwards I(mu) = int R(mu, mu') D(mu') dmu' for radiance D downwards, with
        // R = albedo / 2 mu' / (mu + mu') H(mu) H(mu') (Chandrasekhar 1960, section 38); below the
        // boundary D = S + F I with what enters S ~ 1 - F.
        const MatX reflection = 0.5 * albedo * h_.asDiagonal() * kernel_ * h_.asDiagonal();
        const VecX transmittance = VecX::Ones(h_.size()) - inner_reflectance_;
        const VecX flux = weight_.cwiseProduct(cosine_).cwiseProduct(transmittance);
        const MatX system =
            MatX::Identity(h_.size(), h_.size()) - reflection * inner_reflectance_.asDiagonal();
        const VecX upwards = system.partialPivLu().solve(reflection * transmittance);
        return flux.dot(upwards) / flux.sum();
    }

  private:
    // Newton's method on H_i (root + albedo / 2 sum_j K_ij H_j) = 1.
    void solve_h(double albedo, double root) {
        for (int step = 0; step < 50; ++step) {
            const VecX denominator = (0.5 * albedo * (kernel_ * h_)).array() + root;
            const VecX residual = h_.cwiseProduct(denominator) - VecX::Ones(h_.size());
            MatX jacobian = 0.5 * albedo * h_.asDiagonal() * kernel_;
            jacobian.diagonal() += denominator;
            const VecX change = jacobian.partialPivLu().solve(residual);
            h_ -= change;
            if (change.cwiseAbs().maxCoeff() < 1e-10) {
                return;
            }
        }
    }

    static constexpr int kPerPanel = 16;
    VecX cosine_, weight_, inner_reflectance_, h_;
    MatX kernel_;
};

} // namespace

double dipole_diffuse_albedo(double reduced_scattering_albedo, double ior) {
    const double inner_reflectance = -1.440 / (ior * ior) + 0.710 / ior + 0.668 + 0.0636 * ior;
    const double mismatch = (1 + inner_reflectance) / (1 - inner_reflectance);
    const double root = std::sqrt(3 * (1 - reduced_scattering_albedo));
    return 0.5 * reduced_scattering_albedo * (1 + std::exp(-4.0 / 3.0 * mismatch * root)) *
           std::exp(-root);
}

double dipole_mfp_per_dmfp(double diffuse_albedo, double ior) {
    double low = 0, high = 1; // of alpha'; the albedo rises with it
    for (int step = 0; step < 60; ++step) {
        const double middle = 0.5 * (low + high);
        (dipole_diffuse_albedo(middle, ior) < diffuse_albedo ? low : high) = middle;
    }
    return std::sqrt(3 * (1 - 0.5 * (low + high)));
}

double half_space_diffuse_albedo(double scattering_albedo, double ior) {
    HalfSpace half_space(ior);
    const double root = std::sqrt(1 - scattering_albedo);
    double albedo = 0;
    constexpr int kSteps = 32; // from 1 down to the root asked for
    for (int i = 1; i <= kSteps; ++i) {
        albedo = half_space.diffuse_albedo(1 + (root - 1) * i / kSteps);
    }
    return albedo;
}

AlbedoInversion make_albedo_inversion(double ior) {
    constexpr int kRoots = 512;
    HalfSpace half_space(ior);
    VecX albedo(kRoots + 1); // at root 1 - i / kRoots: rising from 0 to 1
    albedo(0) = 0;
    for (int i = 1; i < kRoots; ++i) {
        albedo(i) = half_space.diffuse_albedo(1 - static_cast<double>(i) / kRoots);
    }
    albedo(kRoots) = 1; // nothing is absorbed

    AlbedoInversion inversion;
    int i = 0;
    for (int node = 0; node < AlbedoInversion::kNodes; ++node) {
        const double wanted = static_cast<double>(node) / (AlbedoInversion::kNodes - 1);
        while (i + 1 < kRoots && albedo(i + 1) < wanted) {
            ++i;
        }
        const double fraction = (wanted - albedo(i)) / (albedo(i + 1) - albedo(i));
        inversion.walk_root[node] = static_cast<float>(1 - (i + fraction) / kRoots);
        inversion.mfp_per_dmfp[node] = static_cast<float>(dipole_mfp_per_dmfp(wanted, ior));
    }
    return inversion;
}

} // namespace rih
